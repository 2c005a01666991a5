"""While a hold stands nothing is destroyed: not by moving it away, not by taking something back, not by an edit."""

from storage.records import Challenge, Hold, HoldId, new_id
from tests.fieldwork.day import Day


async def put_on_hold(day: Day, challenge: Challenge | None) -> Hold:
    assert challenge
    hold = Hold(HoldId(new_id()), challenge.id, "A request for information", day.members["mina"].id, day.now)
    async with day.app.database.begin() as uow:
        await uow.keeping.place(hold)
        await uow.commit()
    return hold


async def test_a_finding_is_not_moved_off_a_wall_that_is_on_hold(day: Day) -> None:
    other = day.challenge
    await day.pass_time(minutes=1)
    held = await day.open_challenge(host="Borsetshire ICS")
    await day.priya.says("The plan is shared #vision")
    await day.priya.presses("Move")
    await put_on_hold(day, held)
    await day.priya.sends()
    assert day.priya.errors
    assert "on hold, so nothing is moved off its wall" in str(day.priya.errors)
    assert [one.text for one in await day.wall()] == ["The plan is shared #vision"]
    await day.priya.presses("Move")
    assert "on hold, so nothing is moved off its wall" in day.priya.sees
    day.challenge = other
    assert await day.wall() == []


async def test_practice_is_still_put_on_the_wall_under_a_hold(day: Day) -> None:
    await put_on_hold(day, day.challenge)
    await day.priya.presses_action("findings.practice")
    await day.priya.says("Mrs Abernathy runs the rota")
    await day.priya.presses("Put it on the wall")
    assert [one.text for one in await day.wall()] == ["Mrs Abernathy runs the rota"]
    assert "1 item mentions" in await found_of(day, "Abernathy"), "what stands is not found again as replaced"


async def test_the_register_of_notes_is_kept_when_somebody_takes_the_sign_off_back(signed_off: Day) -> None:
    await signed_off.tom.presses("All of it is destroyed")
    await put_on_hold(signed_off, signed_off.challenge)
    await signed_off.mina.types("challenge not signed off")
    assert "on hold, so its register of notes is kept as it is" in signed_off.mina.last.words
    assert signed_off.challenge
    async with signed_off.app.database.reading() as uow:
        rows = await uow.destruction.of_member(signed_off.challenge.id, signed_off.members["tom"].id)
    assert rows
    assert all(row.confirmed_at for row in rows)


async def asides_of(day: Day, handle: str) -> list[str]:
    async with day.app.database.reading() as uow:
        accounts = await uow.accounts.of_person(day.members[handle].person_id)
        return [aside.text for aside in await uow.asides.of_accounts([account.id for account in accounts])]


async def test_words_that_were_not_logged_are_kept_while_a_hold_stands(day: Day) -> None:
    await day.priya.types("theme rename Zoe Abernathy")
    hold = await put_on_hold(day, day.challenge)
    await day.pass_time(hours=9 * 24)
    assert await asides_of(day, "priya") == ["theme rename Zoe Abernathy"], "its key is kept as well"
    async with day.app.database.begin() as uow:
        await uow.keeping.lift(hold, why="It was answered", by=day.members["mina"].id, at=day.now)
        await uow.commit()
    await day.pass_time(hours=2)
    assert await asides_of(day, "priya") == []


async def test_words_that_were_not_logged_outlive_their_edit_and_deletion_under_a_hold(
    before: Day,
) -> None:
    await before.open_challenge()
    await put_on_hold(before, before.challenge)
    message = await before.priya.says("Mrs Abernathy runs the rota")
    await before.priya.edits(message, "Somebody runs the rota")
    await before.priya.presses("Not a finding")
    await before.priya.deletes(message)
    assert sorted(await asides_of(before, "priya")) == ["Mrs Abernathy runs the rota", "Somebody runs the rota"]
    assert await before.wall() == []


async def found_of(day: Day, name: str) -> str:
    """What the manager is told when somebody of that name asks what is held about them."""
    await day.mina.types("challenge request")
    await day.mina.sends(name=name, right="access")
    return day.mina.last.words


async def test_what_a_finding_said_before_an_edit_is_kept_until_the_hold_is_lifted(day: Day) -> None:
    message = await day.priya.says("Mrs Abernathy runs the rota (1:1, Zebedee)")
    hold = await put_on_hold(day, day.challenge)
    await day.priya.edits(message, "Somebody runs the rota (1:1, a clerk)")
    assert "Abernathy" not in (await day.finding(1)).text
    assert "#1, as it was before an edit" in await found_of(day, "Abernathy")
    assert "#1, as it was before an edit" in await found_of(day, "Zebedee")
    await day.pass_time(hours=72)
    assert "#1, as it was before an edit" in await found_of(day, "Abernathy")
    async with day.app.database.begin() as uow:
        await uow.keeping.lift(hold, why="It was answered", by=day.members["mina"].id, at=day.now)
        await uow.commit()
    await day.pass_time(hours=2)
    assert "nothing mentions the name" in await found_of(day, "Abernathy")


async def test_without_a_hold_an_edit_replaces_at_once_and_a_theme_is_no_edit(day: Day) -> None:
    message = await day.priya.says("Mrs Abernathy runs the rota")
    await day.priya.edits(message, "Mr Quill runs the rota")
    assert "nothing mentions the name" in await found_of(day, "Abernathy")
    await put_on_hold(day, day.challenge)
    await day.priya.presses(day.priya.last.buttons[0].label)
    assert await day.themes_of(1)
    assert "1 item mentions" in await found_of(day, "rota")


async def test_what_a_check_in_answered_before_an_edit_is_kept_under_a_hold(before: Day) -> None:
    await before.open_challenge()
    await before.mina.types("checkin send")
    await before.mina.sends()
    await before.mina.sends()
    prompt = before.priya.last.id
    message = await before.priya.says("Ask Zoë Abernathy", thread=prompt)
    await put_on_hold(before, before.challenge)
    await before.priya.edits(message, "Ask somebody", thread=prompt)
    assert "A check-in’s answer, as it was before an edit" in await found_of(before, "Abernathy")
    assert "by PN" not in before.mina.last.words
