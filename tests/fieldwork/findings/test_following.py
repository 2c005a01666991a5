"""A peer edits or deletes what they typed, and the wall follows."""

from handlers.chat import Deleted, Person
from storage.records import Kind
from tests.fieldwork.day import Day


async def test_editing_the_message_edits_the_finding(day: Day) -> None:
    message = await day.priya.says("Partners share one plan #vision")
    await day.priya.edits(message, "Partners share one plan and one budget #governance")
    assert (await day.finding(1)).text == "Partners share one plan and one budget #governance"
    assert await day.themes_of(1) == ["Governance"]
    assert "#1 saved · Governance" in day.priya.last.words
    assert len(day.priya.posts) == 1


async def test_an_edit_leaves_alone_what_somebody_set_by_hand(day: Day) -> None:
    message = await day.priya.says("Chief executives own the plan together")
    button = day.priya.last.buttons[0]
    await day.priya.presses(button.label)
    await day.priya.edits(message, "strength: Chief executives own the plan together #governance")
    assert await day.themes_of(1) == [button.label]
    assert (await day.finding(1)).kind is Kind.STRENGTH


async def test_an_edited_list_is_matched_part_by_part(day: Day) -> None:
    message = await day.priya.says("- the vision is clear\n- money is short in mental health\n- the hub is loved")
    await day.priya.edits(
        message, "- the hub is really loved\n- nobody mentions prevention\n- the vision is clear at the top"
    )
    assert {one.number: one.text for one in await day.wall()} == {
        1: "the vision is clear at the top",
        2: "nobody mentions prevention",
        3: "the hub is really loved",
    }


async def test_a_bullet_that_is_added_is_a_new_finding_and_one_removed_is_withdrawn(day: Day) -> None:
    message = await day.priya.says("- the vision is clear\n- money is short in mental health")
    await day.priya.edits(
        message, "- the vision is clear\n- money is short in mental health\n- carers are proud of the hub"
    )
    assert [one.number for one in await day.wall()] == [1, 2, 3]
    await day.priya.edits(message, "- money is short in mental health\n- carers are proud of the hub")
    assert [one.number for one in await day.wall()] == [2, 3]
    assert "#1 withdrawn" in day.priya.last.words


async def test_an_edit_that_leaves_no_words_withdraws(day: Day) -> None:
    message = await day.priya.says("Said in confidence")
    await day.priya.edits(message, "🤐")
    assert await day.wall() == []


async def test_an_edit_after_undo_does_not_bring_the_finding_back_but_is_what_put_back_restores(day: Day) -> None:
    message = await day.priya.says("The finance director is leaving")
    await day.priya.presses("Undo")
    await day.priya.edits(message, "A senior officer is leaving")
    assert await day.wall() == []
    await day.priya.presses("Put back")
    assert [one.text for one in await day.wall()] == ["A senior officer is leaving"]


async def test_deleting_the_message_withdraws_the_finding(day: Day) -> None:
    message = await day.priya.says("Partners share one plan #vision")
    await day.priya.deletes(message)
    assert await day.wall() == []
    assert "#1 withdrawn" in day.priya.last.words


async def test_a_deletion_that_names_nobody_is_the_platforms_own_word_and_counts(day: Day) -> None:
    message = await day.priya.says("Partners share one plan")
    place = day.priya._dm()
    nobody = Person("slack", "T1", "")
    await day.take(Deleted(id="d-unknown", at=day.now, person=nobody, place=place, message=message))
    assert await day.wall() == []
    assert "#1 withdrawn" in day.priya.last.words


async def test_an_edit_that_comes_before_its_message_is_honoured(day: Day) -> None:
    await day.priya.edits("m1", "What was meant #governance")
    assert day.priya.posts == []
    await day.priya.says_as("m1", "What was typed #vision")
    assert [one.text for one in await day.wall()] == ["What was meant #governance"]


async def test_a_deletion_that_comes_before_its_message_is_honoured(day: Day) -> None:
    await day.priya.deletes("m1")
    await day.priya.says_as("m1", "Taken back at once")
    assert await day.wall() == []
    assert day.priya.posts == []


async def test_a_greeting_that_is_edited_into_words_is_logged(day: Day) -> None:
    message = await day.priya.says("Good morning")
    assert await day.wall() == []
    await day.priya.edits(message, "Good morning staff huddles spread news fast")
    assert [one.text for one in await day.wall()] == ["Good morning staff huddles spread news fast"]
    await day.priya.edits(message, "Morning staff huddles spread news fast")
    assert [one.text for one in await day.wall()] == ["Morning staff huddles spread news fast"]


async def test_a_command_that_is_edited_into_another_stays_one_and_its_new_words_can_be_logged(day: Day) -> None:
    message = await day.priya.says("findigs")
    card = day.priya.last
    await day.priya.edits(message, "findings")
    assert await day.wall() == []
    await day.priya.presses("Log what I typed as a finding", card)
    assert [one.text for one in await day.wall()] == ["findings"]


async def test_a_deleted_command_can_no_longer_be_logged(day: Day) -> None:
    message = await day.priya.says("help")
    card = day.priya.last
    await day.priya.deletes(message)
    await day.priya.presses("Log what I typed as a finding", card)
    assert await day.wall() == []


async def test_an_edit_in_a_channel_of_something_not_said_to_baseroom_is_not_kept(day: Day) -> None:
    await day.priya.edits("m1", "Lunch at one?", channel="C-team")
    assert await day.wall() == []
    assert day.priya.posts == []


async def test_an_edit_by_somebody_who_was_removed_leaves_the_wall_alone(day: Day) -> None:
    message = await day.priya.says("Partners share one plan #vision")
    async with day.app.database.begin() as uow:
        await uow.members.set_removed(day.members["priya"].id, day.now)
        await uow.commit()
    shown = day.priya.sees
    await day.priya.edits(message, "- Something else altogether\n- And another thing")
    assert [one.text for one in await day.wall()] == ["Partners share one plan #vision"]
    assert day.priya.sees == shown


async def test_an_edit_after_sign_off_leaves_the_evidence_as_it_was(day: Day) -> None:
    message = await day.priya.says("Partners share one plan #vision")
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.challenges.sign_off(day.challenge.id, day.now)
        await uow.commit()
    await day.priya.edits(message, "🤐")
    assert [one.text for one in await day.wall()] == ["Partners share one plan #vision"]
