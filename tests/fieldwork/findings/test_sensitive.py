"""A safeguarding concern goes to the challenge manager at once, and to nobody else until the manager says why."""

import io
from datetime import date, timedelta

import openpyxl

from bot.ports import NotSent
from bot.wall import read_wall
from handlers.chat import ChoiceField, File, Form, FormErrors
from tests.fieldwork.day import Day, Somebody

CONCERN = "Sensitive: a carer at the Willow unit is frightened of a colleague (1:1)"
OTHERS = ("ruth", "tom", "aled", "grace", "jo", "zed")


def told_of_it(day: Day) -> list[str]:
    """Everybody who has read the concern on anything of Baseroom's."""
    readers = [
        post.target.only_to or post.target.conversation for post in day.platform.shown if "frightened" in post.words
    ]
    homes = [who for who, card in day.platform.homes.items() if "frightened" in str(card)]
    return sorted({*readers, *homes})


async def flagged(day: Day) -> None:
    await day.priya.says(CONCERN)
    assert (await day.finding_held(1)).sensitive


async def test_it_is_saved_and_the_manager_is_told_at_once_without_a_word_of_it(day: Day) -> None:
    await day.on(date(2026, 11, 24), "22:40")
    await flagged(day)
    card = day.mina.last
    assert card.content.notification == "#1 is marked sensitive"
    assert "Willow" not in card.words
    assert "follow the host’s safeguarding procedure" in card.words
    assert told_of_it(day) == []
    assert not any("#1" in day.people[who].sees for who in OTHERS)


async def test_the_peer_reads_what_happens_and_that_baseroom_protects_nobody(day: Day) -> None:
    await flagged(day)
    said = day.priya.sees
    assert "#1 saved · sensitive · 1:1" in said
    assert "with the challenge manager, and with nobody else" in said
    assert "not an emergency service" in said
    assert "999" in said
    assert "[Governance" not in said, "it hangs on no flip chart, so none is offered"


async def test_the_manager_opens_it_and_nobody_else_can(day: Day) -> None:
    await flagged(day)
    await day.mina.presses("Open")
    assert "frightened of a colleague" in day.mina.last.words
    finding = await day.finding_held(1)
    for who in OTHERS:
        for action in ("findings.open", "findings.more", "findings.withdraw", "findings.flag", "findings.clear"):
            await day.people[who].presses_action(action, finding.id)
        await day.people[who].types("finding 1")
        await day.people[who].types("findings sensitive")
        await day.people[who].types("findings Willow")
    assert told_of_it(day) == ["D-mina"]
    assert "#1 is not on the wall." in day.tom.sees
    assert "is no longer there" in day.tom.sees


async def test_it_is_in_no_count_and_in_no_session_and_in_no_digest(day: Day) -> None:
    await day.tom.says("The board meets monthly #governance")
    await flagged_after(day)
    for who in ("mina", "ruth", "tom"):
        await day.people[who].types("themes")
        await day.people[who].types("sort findings")
        await day.people[who].opens_home()
        await day.people[who].types("challenge")
        await day.people[who].types("summary today")
    await day.pass_time(hours=30)
    assert "session" in day.team_channel.sees
    assert told_of_it(day) == []
    assert "Governance: 1" in day.ruth.sees.replace("  ", " ") or "1 finding" in day.ruth.sees
    assert "Unsorted" not in day.team_channel.sees


async def flagged_after(day: Day) -> None:
    await day.priya.says(CONCERN)
    assert [one.number for one in await day.wall()] == [1]


async def test_its_author_sees_their_own(day: Day) -> None:
    await flagged(day)
    await day.priya.types("findings")
    assert "frightened" in day.priya.last.words
    await day.priya.types("findings today")
    assert "frightened" not in day.priya.last.words, "that is the team's list"
    await day.priya.types("finding 1")
    assert "#1 · sensitive" in day.priya.last.words
    assert "Put on the wall" not in day.priya.last.words
    await day.priya.opens_home()
    assert "Sensitive, not on the wall: #1" in day.priya.home


async def test_the_manager_lists_what_is_sensitive_and_nothing_else(day: Day) -> None:
    await flagged(day)
    await day.tom.says("The board meets monthly")
    await day.mina.types("findings sensitive")
    assert "frightened" in day.mina.last.words
    assert "board" not in day.mina.last.words
    await day.mina.types("findings")
    assert "frightened" not in day.mina.last.words


async def test_it_is_marked_by_a_form_too(day: Day) -> None:
    await day.priya.says("A carer at the Willow unit is frightened")
    assert not day.mina.posts
    await day.priya.presses("More")
    await day.priya.sends(seen_by="manager")
    assert "#1 is marked sensitive" in day.mina.sees
    assert await day.wall() == []
    await day.priya.types("finding")
    await day.priya.sends(text="Another at Willow", seen_by="manager")
    assert "#2 is marked sensitive" in day.mina.sees
    await day.priya.types("finding sensitive: a third at Willow")
    assert "#3 is marked sensitive" in day.mina.sees


async def test_safeguarding_as_a_theme_stays_on_the_wall_and_marking_it_is_one_tap(day: Day) -> None:
    await day.priya.says("Safeguarding: partners praised the new board")
    assert [one.number for one in await day.wall()] == [1]
    assert not day.mina.posts
    await day.priya.presses("Mark #1 sensitive")
    assert await day.wall() == []
    assert "#1 is marked sensitive" in day.mina.sees


async def test_every_part_of_a_sensitive_message_is_sensitive_and_a_bullet_can_be_by_itself(day: Day) -> None:
    await day.priya.says("sensitive:\n- one at Willow\n- two at Willow")
    await day.pass_time(minutes=1)
    await day.priya.says("- the rota is fair\n- sensitive: three at Willow")
    assert [one.number for one in await day.wall()] == [3]
    assert [number for number in (1, 2, 4) if f"#{number} is marked sensitive" in day.mina.sees] == [1, 2, 4]


async def test_an_edit_marks_it_and_no_edit_unmarks_it(day: Day) -> None:
    message = await day.priya.says("A carer at Willow is frightened")
    await day.priya.edits(message, "sensitive: a carer at Willow is frightened")
    assert await day.wall() == []
    assert "#1 is marked sensitive" in day.mina.sees
    await day.priya.edits(message, "A carer at Willow is frightened")
    assert await day.wall() == []


async def test_what_an_edit_adds_beside_it_is_sensitive_too(day: Day) -> None:
    message = await day.priya.says("Sensitive: a carer at Willow is frightened of a colleague")
    await day.priya.edits(message, "- a carer at Willow is frightened of a colleague\n- she is on the night shift")
    assert await day.wall() == []
    assert "#2 is marked sensitive" in day.mina.sees


async def test_what_is_added_after_one_tap_marked_it_is_sensitive_too(day: Day) -> None:
    message = await day.priya.says("A carer at Willow is frightened of a colleague")
    await day.priya.presses_action("findings.flag", (await day.finding_held(1)).id)
    await day.priya.edits(message, "- A carer at Willow is frightened of a colleague\n- she is on the night shift")
    assert await day.wall() == []


async def test_what_takes_the_place_of_another_bullet_is_sensitive_beside_one_that_is(day: Day) -> None:
    message = await day.priya.says("- the rota is fair\n- sensitive: a carer at Willow is frightened")
    await day.priya.edits(message, "- her colleague shouts at night\n- nobody listens to them over there")
    assert await day.wall() == []
    await day.priya.edits(message, "- the rota is fair, says the matron\n- nobody listens to them over there")
    assert await day.wall() == []


async def test_a_bullet_beside_it_that_is_only_reworded_stays_on_the_wall(day: Day) -> None:
    message = await day.priya.says("- the rota is fair\n- sensitive: a carer at Willow is frightened")
    await day.priya.edits(message, "- the rota is fair, mostly\n- sensitive: a carer at Willow is frightened")
    assert [one.text for one in await day.wall()] == ["the rota is fair, mostly"]


async def test_nobody_can_tell_one_that_is_sensitive_from_one_that_was_taken_back(day: Day) -> None:
    await flagged(day)
    await day.priya.says("The rota is fair")
    await day.priya.presses_action("findings.withdraw", (await day.finding_held(2)).id)
    for number in (1, 2):
        for command in (f"finding {number}", f"finding edit {number}"):
            await day.tom.types(command)
            assert day.tom.last.words.splitlines()[0] == f"#{number} is not on the wall."
    await day.tom.types("finding 3")
    assert "There is no finding with that number" in day.tom.last.words
    await day.priya.types("finding 2")
    assert "#2 is withdrawn." in day.priya.last.words


async def test_one_that_becomes_sensitive_while_it_is_asked_for_is_shown_to_nobody_else(day: Day) -> None:
    await day.priya.says("A carer at Willow is frightened of a colleague")
    day.platform.raises = [NotSent("rate limited", timedelta(seconds=30))]
    await day.tom.types("finding 1")
    await day.priya.presses_action("findings.flag", (await day.finding_held(1)).id)
    await day.pass_time(minutes=1)
    assert day.tom.last.words == "#1 is not on the wall."
    assert "frightened" not in day.tom.sees


async def test_the_manager_puts_it_on_the_wall_as_new_with_a_reason(day: Day) -> None:
    await flagged(day)
    await day.tom.says("The board meets monthly")
    await day.mina.presses("Open")
    form = await day.mina.presses("Put on the wall")
    [why] = [part for part in form.parts if isinstance(part, ChoiceField)]  # type: ignore[union-attr]  # a form opened
    assert why.required
    await day.mina.sends(reason="identifies_nobody")
    assert [one.number for one in await day.wall()] == [2, 3]
    assert "It is on the wall now, as #3" in day.mina.sees
    assert "#1 is on the wall now, as #3: it has been reworded and identifies nobody." in day.priya.sees
    await day.tom.types("finding 3")
    assert "frightened" in day.tom.last.words
    message = (await day.finding(3)).message_id
    assert message, "edits of the message are still followed"
    day.mina.form = form if isinstance(form, Form) else None
    assert isinstance(await day.mina.sends(reason="by_mistake"), FormErrors), "it is put there once"


async def test_an_edit_after_that_does_not_mark_it_again(day: Day) -> None:
    message = await day.priya.says(CONCERN)
    await day.mina.presses("Open")
    await day.mina.presses("Put on the wall")
    await day.mina.sends(reason="by_mistake")
    await day.priya.edits(message, f"{CONCERN}, it was said")
    assert [one.number for one in await day.wall()] == [2]


async def test_what_is_withdrawn_is_withdrawn_for_the_manager_too(day: Day) -> None:
    await flagged(day)
    await day.priya.presses("Undo")
    assert "#1 was marked sensitive, and has been withdrawn since." in day.mina.sees
    await day.priya.presses("Put back")
    assert "[Open]" in day.mina.sees


async def test_said_in_the_channel_it_can_be_deleted_there_and_stays_with_the_manager(day: Day) -> None:
    message = await day.priya.says_in_channel(CONCERN)
    assert "Delete it: the challenge manager keeps what it said" in day.team_channel.sees
    assert "Willow" not in day.team_channel.sees
    await day.priya.deletes(message, channel="C-team")
    assert (await day.finding_held(1)).withdrawn_at is None


async def test_practice_tells_nobody(day: Day) -> None:
    await day.priya.types("practice")
    await day.priya.says(CONCERN)
    assert not day.mina.posts
    assert "This was practice, so nobody was." in day.priya.sees


async def test_before_the_visit_it_is_not_questioned(before: Day) -> None:
    await before.open_challenge()
    await before.priya.says(CONCERN)
    assert "#1 is marked sensitive" in before.mina.sees


async def test_the_workbook_leaves_it_out(day: Day) -> None:
    await flagged(day)
    await day.tom.says("The board meets monthly")
    await day.mina.types("challenge export")
    assert "Willow" not in in_workbook(day.mina)
    assert "board meets" in in_workbook(day.mina)


def in_workbook(who: Somebody) -> str:
    files = [post.content for post in who.posts if isinstance(post.content, File)]
    book = openpyxl.load_workbook(io.BytesIO(files[-1].content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.rows for cell in row)


async def test_the_manager_gets_it_in_the_workbook_when_they_ask_for_it(day: Day) -> None:
    await flagged(day)
    await day.mina.types("challenge export")
    assert "1 sensitive finding is not in the workbook." in day.mina.last.words
    await day.mina.presses("Export with them")
    assert "frightened of a colleague" in in_workbook(day.mina)
    await day.mina.presses_action("reports.export", day.challenge.id if day.challenge else "")
    assert "frightened of a colleague" not in in_workbook(day.mina)


async def test_the_workbook_has_the_audit_trail_with_initials(day: Day) -> None:
    await flagged(day)
    await day.mina.presses("Open")
    await day.mina.presses("Put on the wall")
    await day.mina.sends(reason="by_mistake")
    await day.mina.types("challenge export")
    await day.mina.types("challenge export")
    files = [post.content for post in day.mina.posts if isinstance(post.content, File)]
    sheet = openpyxl.load_workbook(io.BytesIO(files[-1].content))["Audit trail"]
    said = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert said[0][2:5] == ["challenge: opened", None, "Baseroom"]
    assert [(row[2], row[3], row[4]) for row in said][-4:] == [
        ("finding: flagged", "number 1", "PN"),
        ("finding: cleared, by mistake", "number 2", "MO"),
        ("workbook: exported", None, "MO"),
        ("workbook: exported", None, "MO"),
    ]


async def test_the_wall_on_the_web_has_not_heard_of_it(day: Day) -> None:
    await flagged(day)
    await day.tom.says("The board meets monthly")
    assert day.challenge
    async with day.app.database.reading() as uow:
        wall = await read_wall(uow, day.app.house, day.challenge)
    assert [one.number for one in wall.findings] == [2]
