"""Sessions keep to the clock on the wall: across every clock change, and whatever the machine's own clock does."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from storage.records import Session, SessionState
from tests.fieldwork.day import LONDON, Day
from tests.fieldwork.triangulation.test_sessions import lay_again, sessions_in

ODD_HOURS = (time(0, 30), time(1, 30), time(13, 0))  # nobody meets then, which is no reason to lose a session


def clock_changes(first_year: int, last_year: int) -> list[date]:
    """The Sundays on which Europe/London changes its clocks."""
    day, changes = date(first_year, 1, 1), []
    while day.year <= last_year:
        offsets = {datetime.combine(day, at, tzinfo=LONDON).utcoffset() for at in (time(0), time(12))}
        if len(offsets) > 1:
            changes.append(day)
        day += timedelta(days=1)
    return changes


async def all_sessions(day: Day) -> list[Session]:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return await uow.sessions.of_challenge(day.challenge.id)


def headings(day: Day) -> Counter[str]:
    return Counter(post.words.splitlines()[0] for post in sessions_in(day))


async def test_every_session_is_at_its_minute_across_every_clock_change_from_2026_to_2036(before: Day) -> None:
    changes = [day for day in clock_changes(2026, 2036) if day > date(2026, 11, 14)]
    assert len(changes) == 20
    for change in changes:
        await before.on(change - timedelta(days=2), "09:00")
        before.platform.shown.clear()
        await before.open_challenge(first=change - timedelta(days=1), last=change)
        await before.on(change, "12:00")
        sessions = await all_sessions(before)
        assert {session.state for session in sessions} == {SessionState.POSTED}
        assert [session.posted_at.astimezone(LONDON).time() for session in sessions if session.posted_at] == [
            session.planned for session in sessions
        ]
        assert set(headings(before).values()) == {1}
        assert sum(headings(before).values()) == len(sessions) == 5


async def test_a_session_in_the_hour_that_is_skipped_or_comes_twice_is_held_once(before: Day) -> None:
    for change in [day for day in clock_changes(2026, 2028) if day > date(2026, 11, 14)]:
        await before.on(change - timedelta(days=3), "09:00")
        before.platform.shown.clear()
        await before.open_challenge(first=change, last=change + timedelta(days=1))
        await lay_again(before, session_times=ODD_HOURS)
        await before.on(change, "17:00")
        assert [session.state for session in await all_sessions(before)][:3] == [SessionState.POSTED] * 3
        assert set(headings(before).values()) == {1}
        assert sum(headings(before).values()) == 3


async def test_a_machines_clock_that_jumps_by_an_hour_loses_no_session_and_doubles_none(before: Day) -> None:
    """Each day of a long visit the clock jumps once, an hour on or back, at another time of the day."""
    first = date(2026, 11, 17)
    jumps = [(hour, step) for hour in range(10, 17) for step in (1, -1)]
    await before.open_challenge(first=first, last=first + timedelta(days=len(jumps)))
    for number, (hour, step) in enumerate(jumps):
        await play_a_day_with_a_jump(before, first + timedelta(days=number), hour, timedelta(hours=step))
    sessions = [session for session in await all_sessions(before) if session.day < first + timedelta(days=len(jumps))]
    missed = [session for session in sessions if session.state is SessionState.MISSED]
    assert {session.state for session in sessions} <= {SessionState.POSTED, SessionState.MISSED}
    assert sum(headings(before).values()) == len(sessions) - len(missed)
    assert set(headings(before).values()) == {1}
    told = [post for post in before.mina.posts if "Post it now" in post.words or "not posted: Baseroom" in post.words]
    assert len([post for post in told if "session" in post.words]) == len(missed)
    assert 0 < len(missed) < len(jumps)


async def play_a_day_with_a_jump(day: Day, on: date, hour: int, jump: timedelta) -> None:
    """A tick every quarter of an hour, as the scheduler's loop would wake; at the hour the hands are set on or back."""
    await day.on(on, "09:00")
    end = datetime.combine(on, time(17, 15), tzinfo=LONDON).astimezone(UTC)
    jumped = False
    while day.now < end:
        day.clock.move_to(day.now + timedelta(minutes=15))
        if not jumped and day.now.astimezone(LONDON).time() >= time(hour):
            day.clock.move_to(day.now + jump)
            jumped = True
        await day.settle()
