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
    await day.priya.says("The plan is shared #vision")
    await day.priya.presses("Put it on the wall")
    assert [one.text for one in await day.wall()] == ["The plan is shared #vision"]


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
