"""A tired person is left in peace: eight messages a day that they did not ask for, and none from 19:00 to 08:00."""

from collections import Counter
from datetime import date, datetime, time

from handlers.courtesy import QUIET_FROM, QUIET_UNTIL, RATION
from handlers.desk import Desk
from storage.records import AccountId, Address, Intent, OutboxState
from tests.fieldwork.day import LONDON, TEAM, Day

LAST = date(2026, 11, 27)


async def unprompted(day: Day) -> list[tuple[AccountId, datetime]]:
    """To whom and when (on the wall clock) Baseroom wrote without being asked."""
    async with day.app.database.reading() as uow:
        rows = await uow.outbox.in_state(OutboxState.SENT)
    return [
        (row.intent.to.account, row.sent_at.astimezone(LONDON))
        for row in rows
        if row.intent.unprompted and row.intent.to.account and row.sent_at
    ]


async def tell(day: Day, handle: str, times: int) -> None:
    """Something that somebody should hear of, `times` over."""
    assert day.challenge
    async with day.app.database.begin() as uow:
        desk = Desk(uow, day.now, day.app.house)
        for number in range(times):
            intent = Intent(kind="notice", to=Address("", ""), params={"text": f"Number {number}"})
            await desk.tell(day.challenge, day.members[handle].person_id, intent)
        await uow.commit()
    await day.settle()


async def test_on_a_whole_visit_nobody_gets_more_than_eight_a_day_or_any_at_night(day: Day) -> None:
    for number, handle in enumerate(TEAM):
        person = day.people[handle]
        await person.says(f"Heard in the first meeting, number {number} #vision")
        await person.says("Somebody ought to look at transport")
    await day.mina.types("session move 13:00 to 13:30")
    await day.on(LAST, "19:30")
    await day.pass_time(hours=14)
    sent = await unprompted(day)
    counts = Counter((account, moment.date()) for account, moment in sent)
    assert max(counts.values(), default=0) <= RATION
    assert [moment for _, moment in sent if not QUIET_UNTIL <= moment.time() < QUIET_FROM] == []
    assert "session · Friday, day 4 of 4" in day.team_channel.sees


async def test_the_ninth_waits_for_the_morning(day: Day) -> None:
    await tell(day, "priya", 11)
    assert len(day.priya.posts) == RATION
    await day.clock_strikes("18:59")
    assert len(day.priya.posts) == RATION
    await day.on(date(2026, 11, 25), "08:00")
    assert len(day.priya.posts) == 11
    seat = next(account for account, _ in await unprompted(day))
    assert [moment.time() for account, moment in await unprompted(day) if account == seat][RATION:] == [time(8)] * 3


async def test_one_persons_ration_is_not_anothers(day: Day) -> None:
    await tell(day, "priya", 9)
    await tell(day, "tom", 3)
    assert (len(day.priya.posts), len(day.tom.posts)) == (RATION, 3)


async def test_what_comes_up_in_the_evening_is_told_in_the_morning(day: Day) -> None:
    for wall in ("19:00", "23:00"):
        await day.clock_strikes(wall)
        await tell(day, "priya", 1)
        assert day.priya.posts == []
    await day.on(date(2026, 11, 25), "07:59")
    await tell(day, "priya", 1)
    assert day.priya.posts == []
    await day.clock_strikes("08:00")
    assert len(day.priya.posts) == 3


async def test_until_seven_in_the_evening_it_is_told_at_once(day: Day) -> None:
    await day.clock_strikes("18:59")
    await tell(day, "priya", 1)
    assert len(day.priya.posts) == 1
