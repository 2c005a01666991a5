"""What a form's field needs from a phrase: one day, a first and last day, one time, some times. The field gets the
value or an `Unread` whose message goes back beside what was typed, so that a person mends one word, not the whole form.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.when.asked import Prefer
from handlers.when.reader import read_when
from handlers.when.readings import Day, DayRange, Days, Moment, Reading, Reason, TimesOfDay, Unread
from handlers.when.wording import say

# Times have no day, so any day will do to read them on.
_ANY_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - a wall clock


def read_day(text: str, *, now: datetime, zone: ZoneInfo | None = None, prefer: Prefer = "future") -> date | Unread:
    """The day a field holds, or why not. A time said with the day is left to the caller's other field."""
    reading = read_when(text, now=now, zone=zone, prefer=prefer)
    match reading:
        case Day(one):
            return one
        case Moment(at):
            return at.date()
        case _:
            return _refused(reading, "one day, as Tues 24 Nov")


def read_day_range(
    text: str, *, now: datetime, zone: ZoneInfo | None = None, prefer: Prefer = "future"
) -> DayRange | Unread:
    """The first and last day a field holds (the same day when there is one), or why not."""
    reading = read_when(text, now=now, zone=zone, prefer=prefer)
    match reading:
        case DayRange():
            return reading
        case Day(one):
            return DayRange(one, one)
        case Days(several):
            whole = DayRange(several[0], several[-1])
            if several[-1] - several[0] == timedelta(len(several) - 1):
                return whole
            return Unread(Reason.AMBIGUOUS, "There are days between those.", (whole,))
        case _:
            return _refused(reading, "a first and a last day, as 24 to 27 Nov 2026")


def read_time(text: str) -> time | Unread:
    """The one time a field holds; here a plain "9" is nine o'clock."""
    found = read_times(text)
    if isinstance(found, Unread) or len(found) == 1:
        return found if isinstance(found, Unread) else found[0]
    return _refused(TimesOfDay(found), "one time, as 9.30")


def read_times(text: str) -> tuple[time, ...] | Unread:
    """The times a field holds, in the order of the day: "10.30, 1 and 4.15"."""
    reading = read_when(f"at {text}", now=_ANY_DAY)
    return reading.times if isinstance(reading, TimesOfDay) else _refused(reading, "a time, as 9.30")


def _refused(reading: Reading, wanted: str) -> Unread:
    if isinstance(reading, Unread):
        return reading
    return Unread(Reason.NOT_A_DATE, f"I read that as {say(reading)}. Give {wanted}.")
