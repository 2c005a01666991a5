"""While a hold stands nothing is destroyed: not by moving it elsewhere, not by taking something back, not by an edit."""

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
