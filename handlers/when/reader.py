"""Reads a whole phrase. Everything typed must be accounted for: "24 Nov at 9.30" is a moment, "potholes on 24" is not a
date at all. Each kind of reading is tried in turn; the first that takes every word wins, and a doubt stays a doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from handlers.when import last_resort
from handlers.when.asked import Asked, Prefer
from handlers.when.clock import face, time_of_day, time_range
from handlers.when.days import day
from handlers.when.durations import duration
from handlers.when.periods import weekday_of_week
from handlers.when.readings import (
    Choice,
    Day,
    DayRange,
    Days,
    Duration,
    Moment,
    MomentRange,
    Reading,
    Reason,
    TimeRange,
    TimesOfDay,
    Understood,
    Unread,
)
from handlers.when.recurrences import recurrence, times_list
from handlers.when.several import day_list
from handlers.when.stretches import day_range
from handlers.when.tokens import tokens

LONGEST_PHRASE = 200
NOT_A_DATE = Unread(
    Reason.NOT_A_DATE, "That is not a date or time I can read. Try “24 to 27 Nov 2026” or “Tues at 9.30”."
)

_PARTS = {
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
    "lunchtime": "lunchtime",
    "am": "morning",
    "pm": "afternoon",
    "firstthing": "first thing",
    "endofday": "end of the day",
    "allday": "all day",
}
# Parts that tell which nine o'clock is meant.
_HALVES = frozenset(("morning", "afternoon", "evening", "night"))
_CONNECTORS = frozenset((",", "on", "-", "in"))

Wordy = list[str]

_NOT_OPENING_A_DAY = (["to"], ["-"], ["from"])


def read_when(text: str, *, now: datetime, zone: ZoneInfo | None = None, prefer: Prefer = "future") -> Reading:
    """What a phrase means when said at `now` (naive: the wall clock there; aware: turned to `zone`'s wall clock).

    With a `zone`, a moment skipped when the clocks go forward does not exist, and one that comes twice is ambiguous.
    `prefer` settles what is left out: "10 March" is the next one, or with "past" the last one. Never raises.
    """
    if len(text) > LONGEST_PHRASE:
        return NOT_A_DATE
    asked = Asked(_wall_clock(now, zone), prefer)
    words = _with_years(tokens(text) or [], asked)
    try:
        reading = (_read(words, asked) if words else None) or last_resort.read(text, asked, zone) or NOT_A_DATE
    except OverflowError:  # a count that leaves the calendar, as "in 9999 years"
        return Unread(Reason.DOES_NOT_EXIST, "That is beyond the calendar.")
    return _in_zone(reading, zone) if zone else reading


def _with_years(words: Wordy, asked: Asked) -> Wordy:
    """ "4 March next year" takes the number of the year, so that it reads like any other."""
    years = {"this": 0, "next": 1, "last": -1}
    if len(words) > 2 and words[-1] == "Uyear" and words[-2] in years and words[-3] not in ("in", "end", "start", "-"):
        return [*words[:-2], str(asked.today.year + years[words[-2]])]
    return words


def warm_up() -> None:
    """Pays what the first phrase would: compiled patterns, the mending of slips, dateparser and its tables."""
    read_when("every Wensday that is no date", now=datetime(2026, 11, 18))  # noqa: DTZ001 - a wall clock
    last_resort.load()


def _wall_clock(now: datetime, zone: ZoneInfo | None) -> datetime:
    local = now.astimezone(zone) if now.tzinfo and zone else now
    return local.replace(tzinfo=None, second=0, microsecond=0)


def _read(words: Wordy, asked: Asked) -> Reading | None:
    for kind in _KINDS:
        if reading := kind(words, asked):
            return reading
    return None


# --- one thing alone ------------------------------------------------------------------------------------------------


def _recurrence(words: Wordy, asked: Asked) -> Reading | None:
    found = recurrence(words, asked)
    return found and found.reading(lambda one: one)


def _day(words: Wordy, asked: Asked) -> Reading | None:
    days, part = _day_and_part(words, asked)
    days = days or weekday_of_week(words, asked)
    if days and words == ["24/7"]:
        days = days.then(lambda one: Choice.unclear("Is that a day, or all day and all week?", one))
    return days and days.reading(lambda one: Day(one, part))


def _time(words: Wordy, _asked: Asked) -> Reading | None:
    found = time_of_day(words)
    return found and found.reading(lambda one: TimesOfDay((one,)))


def _duration(words: Wordy, _asked: Asked) -> Reading | None:
    return duration(words)


def _hours(words: Wordy, _asked: Asked) -> Reading | None:
    found = time_range(words)
    return found and found.reading(lambda span: TimeRange(*span))


def _days_on_end(words: Wordy, asked: Asked) -> Reading | None:
    found = day_range(words, asked)
    if found and words in (["M3"], ["M5"]):
        found = found.then(lambda span: Choice.unclear("Do you mean the month?", span))
    return found and found.reading(lambda span: DayRange(*span))


def _separate_days(words: Wordy, asked: Asked) -> Reading | None:
    found = day_list(words, asked)
    return found and found.reading(lambda several: Days(several) if len(several) > 1 else Day(several[0]))


def _separate_times(words: Wordy, _asked: Asked) -> Reading | None:
    if not any(word in ("and", ",") for word in words) or all(word.isdigit() for word in words[::2]):
        return None
    found = times_list(words)
    return found and found.reading(TimesOfDay)


# --- a day with the part of it, and with its time -------------------------------------------------------------------


def _day_and_part(words: Wordy, asked: Asked) -> tuple[Choice[date] | None, str]:
    """The day, and "morning", "evening" … when it was narrowed so: "tomorrow morning", "tonight", "last night"."""
    if found := day(words, asked):
        return found, ""
    if words[-1:] == ["tonight"]:
        return (Choice.sure(asked.today), "evening") if len(words) == 1 else (None, "")
    words = words[1:] if words[:1] in (["by"], ["on"]) else words
    for part, rest in ((words[-1:], words[:-1]), (words[:1], words[1:])):
        if _ends_in_an_hour(rest):
            continue
        if part and part[0] in _PARTS and rest:
            return _day_of_part(part[0], rest, asked), _PARTS[part[0]]
    return None, ""


def _ends_in_an_hour(words: Wordy) -> bool:
    """ "1 Dec 10 am": the last number goes with the part of the day, not with the date."""
    while words and words[-1] in ("in", "at", ","):
        words = words[:-1]
    return bool(words) and words[-1].isdigit() and int(words[-1]) <= 12 and len(words) > 1


def _day_of_part(part: str, rest: Wordy, asked: Asked) -> Choice[date] | None:
    if rest == ["this"]:
        return Choice.sure(asked.today)
    if rest == ["last"] and part == "night":
        return Choice.sure(asked.today - timedelta(1))
    while rest and rest[-1] in ("in", "at", ","):
        rest = rest[:-1]
    return day(rest, asked) if rest else None


def _splits(words: Wordy) -> Iterator[tuple[Wordy, Wordy]]:
    """Each way to part the words in two, as (what may be days, what may be times), without the joint between."""
    for at in range(len(words) - 1, 0, -1):
        yield _trimmed_end(words[:at]), words[at:]
        yield words[at:], _trimmed_end(words[:at])


def _trimmed_end(words: Wordy) -> Wordy:
    end = len(words)
    while end and words[end - 1] in _CONNECTORS:
        end -= 1
    return words[:end]


def _timed(words: Wordy, part: str, *, cued: bool) -> Choice[time] | None:
    while words and words[0] in (",", "-", "t", "in", "and"):
        words = words[1:]
    return time_of_day([*words, part] if part in _HALVES else words, cued=cued)


def _moment(words: Wordy, asked: Asked) -> Reading | None:
    found = _moments(words, asked)
    return found and found.reading(Moment)


def _moments(words: Wordy, asked: Asked) -> Choice[datetime] | None:
    for day_words, time_words in _splits(words):
        days, part = _day_and_part(day_words, asked) if day_words else (None, "")
        # "tomorrow 9" is an hour; "Friday 9" is as likely the ninth
        cued = bool(part) or day_words[:1] in (["today"], ["tomorrow"], ["tonight"])
        if day_words[:1] in _NOT_OPENING_A_DAY and day_words == words[-len(day_words) :]:
            continue  # "from 9 to 11 February" is no moment of the 11th
        if days and "midnight" in time_words[-1:]:
            return _midnights(days, is_tonight="tonight" in day_words)
        struck = _timed(time_words, part, cued=cued) if days else None
        if days and struck:
            return days.join(struck, datetime.combine)
    return None


def _midnights(days: Choice[date], *, is_tonight: bool) -> Choice[datetime]:
    """Midnight belongs to two days; only "midnight tonight" says which."""
    ends = days.map(lambda one: datetime.combine(one + timedelta(1), time()))
    if is_tonight:
        return ends
    why = "Midnight may be the start or the end of that day."
    return days.then(
        lambda one: Choice.unclear(why, *(datetime.combine(one + timedelta(shift), time()) for shift in (0, 1)))
    )


def _hours_on_a_day(words: Wordy, asked: Asked) -> Reading | None:
    for day_words, time_words in _splits(words):
        days, part = _day_and_part(day_words, asked) if day_words else (None, "")
        if days is None or face(time_words) or _is_of_the_month(time_words, day_words, words):
            continue  # "at 10 to 3" is one time
        if doubt := _days_or_hours(day_words, time_words, asked):
            return doubt
        spans = time_range([*_untied(time_words), *([part] if part in _HALVES else [])], cued=True)
        if spans:
            joined = days.join(spans, lambda one, span: TimeRange(*span, one))
            return joined.reading(lambda one: one)
    return None


def _days_or_hours(day_words: Wordy, time_words: Wordy, asked: Asked) -> Reading | None:
    """ "Tues 8-10", said before a Tuesday the 8th, may be three days or two hours."""
    if len(day_words) != 1 or len(time_words) != 3 or not (time_words[0].isdigit() and time_words[2].isdigit()):
        return None
    days, hours = day_range([*day_words, *time_words], asked), time_range(time_words, cued=True)
    on = day(day_words, asked)
    if not (days and hours and on) or days.reason is not None:
        return None
    as_hours: list[Understood] = list(on.join(hours, lambda one, span: TimeRange(*span, one)).values)
    as_days: list[Understood] = [DayRange(*span) for span in days.values]
    return Unread(Reason.AMBIGUOUS, "Those may be days of the month or hours.", (*as_hours, *as_days))


def _is_of_the_month(time_words: Wordy, day_words: Wordy, words: Wordy) -> bool:
    """ "8-11 Feb 27" is four days of February, not three hours of one."""
    return words[: len(time_words)] == time_words and day_words[0].startswith("M") and time_words[-1].isdigit()


def _untied(words: Wordy) -> Wordy:
    while words and words[0] in (",", "-", "at", "on"):
        words = words[1:]
    return words


def _moment_to_moment(words: Wordy, asked: Asked) -> Reading | None:
    words = words[1:] if words[:1] == ["from"] else words
    for at, word in enumerate(words):
        first = _moments(words[:at], asked) if word in ("-", "to") and at else None
        if first is None or first.reason is not None:
            continue
        start = first.values[0]
        last = _moments(words[at + 1 :], asked.from_day(start.date()))
        if last:
            in_order = last.then(
                lambda end, start=start: (
                    Choice.sure((start, end))  # type: ignore[misc]  # mypy loses the pair of dates
                    if end > start
                    else Choice.unclear("The end comes before the start.", (end, start))
                )
            )
            return in_order.reading(lambda span: MomentRange(*span))
    return None


def _days_with_times(words: Wordy, asked: Asked) -> Reading | None:
    """ "24-27 Nov, 9 to 5" and "24 and 26 Nov at 10"."""
    for day_words, time_words in _splits(words):
        spans = day_range(day_words, asked)
        several = None if spans else day_list(day_words, asked)
        if spans is None and several is None:
            continue
        hours, struck = time_range(_untied(time_words), cued=True), times_list(_untied(time_words))
        if time_words[-1].isdigit() and len(time_words) == 1:
            struck = None  # nothing says that a bare number is an hour
        if spans and (hours or struck):
            return _range_with(spans, hours, struck)
        if several and struck:
            return several.join(struck, _days_at).reading(lambda one: one)
    return None


def _days_at(several: tuple[date, ...], struck: tuple[time, ...]) -> Understood:
    if len(several) == len(struck) == 1:
        return Moment(datetime.combine(several[0], struck[0]))
    return Days(several, struck)


def _range_with(
    spans: Choice[tuple[date, date]], hours: Choice[tuple[time, time]] | None, struck: Choice[tuple[time, ...]] | None
) -> Reading | None:
    if hours:
        return spans.join(hours, lambda span, both: DayRange(*span, *both)).reading(lambda one: one)
    if struck and len(struck.values[0]) == 1:
        return spans.join(struck, lambda span, only: DayRange(*span, only[0])).reading(lambda one: one)
    return None


# --- counted from now -----------------------------------------------------------------------------------------------


def _from_now(words: Wordy, asked: Asked) -> Reading | None:
    """ "now", "in an hour and a half", "20 minutes ago", "this time tomorrow"."""
    if words in (["now"], ["right", "now"]):
        return Moment(asked.now)
    if words[:2] in (["this", "time"], ["same", "time"]) and (days := _same_time_on(words[2:], asked)):
        return days.map(lambda one: datetime.combine(one, asked.now.time())).reading(Moment)
    sign, counted = _counted_from_now(words)
    length = duration(counted) if counted else None
    if not isinstance(length, Duration) or length.months or not length.length:
        return None
    return Moment(asked.now + sign * length.length)


def _same_time_on(words: Wordy, asked: Asked) -> Choice[date] | None:
    week = {"next Uweek": 7, "last Uweek": -7}.get(" ".join(words))
    return Choice.sure(asked.today + timedelta(week)) if week else day(words, asked)


def _counted_from_now(words: Wordy) -> tuple[int, Wordy]:
    if words[:1] == ["in"]:
        return 1, words[1:-1] if words[-1] == "time" else words[1:]
    if words[-1:] == ["ago"]:
        return -1, words[:-1]
    if words[-2:] == ["from", "now"]:
        return 1, words[:-2]
    return 0, []


_KINDS: tuple[Callable[[Wordy, Asked], Reading | None], ...] = (
    _recurrence,
    _day,
    _time,
    _duration,
    _hours,
    _hours_on_a_day,
    _moment,
    _days_on_end,
    _moment_to_moment,
    _separate_days,
    _separate_times,
    _days_with_times,
    _from_now,
)


# --- the clock changes ----------------------------------------------------------------------------------------------


def _in_zone(reading: Reading, zone: ZoneInfo) -> Reading:
    """A moment checked against the clock changes of its place."""
    if isinstance(reading, Moment) and reading.at.tzinfo is None:
        return _checked(reading.at, zone)
    if isinstance(reading, MomentRange):
        for at in (reading.start, reading.end):
            checked = _checked(at, zone)
            if isinstance(checked, Unread):
                return checked
    return reading


def _checked(at: datetime, zone: ZoneInfo) -> Reading:
    earlier, later = at.replace(tzinfo=zone, fold=0), at.replace(tzinfo=zone, fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return Moment(at)
    name = f"{at:%H:%M} on {at.day} {at:%B %Y}"
    if earlier.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at:
        after = earlier.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        why = f"{name} does not exist: the clocks go forward over it."
        return Unread(Reason.DOES_NOT_EXIST, why, (Moment(after),))
    why = f"{name} comes twice: the clocks go back over it."
    both = tuple(Moment(one.replace(tzinfo=_fixed(one), fold=0)) for one in (earlier, later))
    return Unread(Reason.AMBIGUOUS, why, both)


def _fixed(one: datetime) -> timezone:
    offset = one.utcoffset()
    assert offset is not None
    return timezone(offset)
