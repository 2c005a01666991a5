"""What a manager types of a visit's days and times, read, judged and said back before it counts.

One line ("Anyshire ICS, local system, 24 to 27 Nov 2026") or the fields of a form: what is understood stands in the
form to be corrected, what is not is named beside its field. Pure: the time comes in as an argument.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from handlers.frameworks import Framework, framework_named
from handlers.text import clean
from handlers.when import Day, DayRange, Unread, read_day_range, read_times, say

T = TypeVar("T")

LONGEST_LINE = 300  # characters: a host, a framework, dates and a zone
MOST_PARTS = 8  # between commas; whatever follows is left together
LONGEST_HOST = 120  # characters
LONGEST_VISIT = 31  # days
FAR_AHEAD = timedelta(days=366)
MOST_SESSIONS = 3  # "two or three times a day" (local-system guidance, 'How we update each other')
LEAST_SESSIONS = 2
_DATED = re.compile(r"\d|week|w/c|tomorrow|today|month|day\b", re.IGNORECASE)
_NONE = frozenset({"", "none", "no", "no sessions", "-"})


class Unclear(Exception):
    """Something typed into a form cannot be taken; the argument says why and what to do."""


@dataclass(slots=True)
class FormReading:
    """Reads a form field by field; `wrong` gathers a sentence for each that is unclear."""

    wrong: dict[str, str] = field(default_factory=dict)

    def read(self, name: str, reader: Callable[[], T]) -> T | None:
        try:
            return reader()
        except Unclear as unclear:
            self.wrong[name] = str(unclear)
            return None


@dataclass(frozen=True, slots=True)
class SetUpLine:
    """What one line said of a new challenge: what was not said is empty. `days` are as typed."""

    host: str = ""
    framework: str = ""
    days: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class DayTimes:
    """The wall times of a visit's days: sessions of every day but the last, of the last, and the catch-up."""

    sessions: tuple[time, ...]
    on_last_day: tuple[time, ...]
    catch_up: time

    @property
    def all(self) -> tuple[time, ...]:
        return tuple(sorted({*self.sessions, *self.on_last_day, self.catch_up}))


# ---------------------------------------------------------------- one line


def looks_like_a_set_up(args: str) -> bool:
    """Whether a typed "challenge new …" is meant for us and is no finding: it lists things, with a date among them."""
    return not args.strip() or ("," in args and any(letter.isdigit() for letter in args))


def looks_like_dates(args: str) -> bool:
    """Whether a typed "challenge dates …" or "challenge times …" is meant for us: short, and with a figure in it."""
    words = args.split()
    return not words or (len(words) <= 8 and any(letter.isdigit() for letter in args))


def read_set_up(line: str, frameworks: Mapping[str, Framework], *, now: datetime, zone: ZoneInfo) -> SetUpLine:
    """The parts of one line, split at commas and, at its end, at the words where a date begins."""
    parts = [part.strip() for part in re.split(r"[,;\n]", line[:LONGEST_LINE], maxsplit=MOST_PARTS) if part.strip()]
    found = SetUpLine()
    hosts: list[str] = []
    position = 0
    while position < len(parts):
        length = _dated_parts(parts[position:], now, zone) if not found.days else 0
        if length:
            found = replace(found, days=", ".join(parts[position : position + length]))
        else:
            found, host = _one_part(found, parts[position], frameworks)
            hosts += host
        position += length or 1
    found = replace(found, host=", ".join(hosts)[:LONGEST_HOST])
    return found if found.days else _days_at_the_end(found, now, zone)


def _one_part(found: SetUpLine, part: str, frameworks: Mapping[str, Framework]) -> tuple[SetUpLine, tuple[str, ...]]:
    if not found.framework and (framework := framework_named(frameworks, part)):
        return replace(found, framework=framework.key), ()
    if not found.zone and ("/" in part or part.casefold() == "uk") and (zone := zone_named(part)):
        return replace(found, zone=zone), ()  # never by a city alone: "Jersey" may be the host
    return found, (part,)


def _dated_parts(parts: Sequence[str], now: datetime, zone: ZoneInfo) -> int:
    """How many parts from the first make up dates: "Tues 24", "Wed 25 Nov" are two."""
    dated = list(takewhile(_DATED.search, parts[:4]))
    lengths = range(len(dated), 0, -1)
    return next((length for length in lengths if _is_dates(", ".join(dated[:length]), now, zone)), 0)


def _days_at_the_end(found: SetUpLine, now: datetime, zone: ZoneInfo) -> SetUpLine:
    """ "Anyshire ICS 24 to 27 Nov": the longest end of the host's words that is dates."""
    words = found.host.split()
    for start in range(max(1, len(words) - 8), len(words)):
        if _is_dates(" ".join(words[start:]), now, zone):
            return replace(found, host=" ".join(words[:start]), days=" ".join(words[start:]))
    return found


def _is_dates(phrase: str, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the words are dates, clear or not; only what has a figure or a common day word is looked at."""
    if not _DATED.search(phrase):
        return False
    reading = read_day_range(phrase, now=now, zone=zone)
    return isinstance(reading, DayRange) or bool(reading.options)


def read_host(typed: str) -> str:
    """Whose challenge it is, on one line. Raises `Unclear`."""
    host = " ".join(clean(typed).split())[:LONGEST_HOST]
    if not host:
        raise Unclear("Say whose challenge it is, such as Anyshire ICS.")
    return host


# ---------------------------------------------------------------- days


def read_days(typed: str, *, now: datetime, zone: ZoneInfo) -> DayRange:
    """The days on site. Raises `Unclear` with what else it may mean, or why it cannot be."""
    reading = read_day_range(typed, now=now, zone=zone)
    if isinstance(reading, Unread):
        raise Unclear(say(reading))
    days = DayRange(reading.start, reading.end)
    if days.end < now.astimezone(zone).date():
        raise Unclear(f"I read that as {days_said(days)}, which is over. Give the year if you meant a later one.")
    if (days.end - days.start).days >= LONGEST_VISIT:
        raise Unclear(f"I read that as {days_said(days)}. Give the first and the last day on site.")
    return days


def days_said(days: DayRange) -> str:
    """ "Tuesday 24 to Friday 27 November 2026, four days"."""
    return (
        f"{say(Day(days.start))}, one day" if days.start == days.end else f"{say(days)}, {_counted(_length(days))} days"
    )


def days_in_full(days: DayRange) -> str:
    """Written so that it can be read back without a doubt."""
    return f"{days.start.day} {days.start:%B %Y} to {days.end.day} {days.end:%B %Y}"


def doubts_about(days: DayRange, framework: Framework, today: date) -> tuple[str, ...]:
    """What a manager may want to look at again, though it can be meant."""
    doubts = []
    weekend = [day for day in _each(days) if day.weekday() >= 5]
    if weekend:
        doubts.append(f"{' and '.join(map(_day_said, weekend[:2]))}: a weekend.")
    if not framework.onsite_days_min <= _length(days) <= framework.onsite_days_max:
        usual = sorted({framework.onsite_days_min, framework.onsite_days_max})
        span = " to ".join(_counted(count) for count in usual)
        doubts.append(f"This programme is usually {span} days on site.")
    if days.start < today:
        doubts.append("The first day has already gone by.")
    if days.start - today > FAR_AHEAD:
        doubts.append("That is more than a year ahead.")
    return tuple(doubts)


def _day_said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _length(days: DayRange) -> int:
    return (days.end - days.start).days + 1


def _each(days: DayRange) -> list[date]:
    return [days.start + timedelta(days=count) for count in range(_length(days))]


def _counted(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if count < len(words) else str(count)


# ---------------------------------------------------------------- times


def read_session_times(typed: str, *, least: int) -> tuple[time, ...]:
    """Sessions in the order of the day. Raises `Unclear`."""
    reading = () if typed.strip().casefold() in _NONE else read_times(typed)
    if isinstance(reading, Unread):
        raise Unclear(say(reading))
    if not least <= len(reading) <= MOST_SESSIONS:
        span = f"{_counted(least)} to {_counted(MOST_SESSIONS)}"
        raise Unclear(f"That is {_counted(len(reading))}. Give {span} sessions.")
    if any(later <= earlier for earlier, later in pairwise(reading)):
        raise Unclear(f"I read that as {times_said(reading)}. Give each time once, in the order of the day.")
    return reading


def read_last_day_times(typed: str, framework: Framework) -> tuple[time, ...]:
    """Sessions of the last day, none of which follows the final feedback. Raises `Unclear`."""
    reading, feedback = read_session_times(typed, least=0), framework.final_feedback_time
    if late := [moment for moment in reading if moment >= feedback]:
        raise Unclear(f"{late[0]:%H:%M} is not before the final feedback at {feedback:%H:%M}. Leave it out.")
    return reading


def read_catch_up(typed: str) -> time:
    """The time of the catch-up with the client. Raises `Unclear`."""
    reading = read_times(typed)
    if isinstance(reading, Unread):
        raise Unclear(say(reading))
    if len(reading) != 1:
        raise Unclear(f"I read that as {times_said(reading)}. Give one time, as 17:00.")
    return reading[0]


def check_clock_has(times: Iterable[time], days: DayRange, zone: ZoneInfo) -> None:
    """Refuse a time that a day on site skips when the clocks go forward. Raises `Unclear`."""
    for day in _each(days):
        for moment in times:
            if _is_skipped(datetime.combine(day, moment), zone):
                raise Unclear(
                    f"{moment:%H:%M} does not exist on {_day_said(day)}: the clocks go forward. "
                    "Give an earlier or a later time."
                )


def times_that_come_twice(times: Iterable[time], days: DayRange, zone: ZoneInfo) -> tuple[str, ...]:
    """A doubt for each time that a day on site has twice, when the clocks go back: the first is kept."""
    return tuple(
        f"{moment:%H:%M} comes twice on {_day_said(day)}, when the clocks go back. I will keep the first."
        for day in _each(days)
        for moment in times
        if _is_doubled(datetime.combine(day, moment), zone)
    )


def times_said(times: Sequence[time]) -> str:
    return ", ".join(f"{moment:%H:%M}" for moment in times) or "none"


def day_in_words(times: DayTimes) -> str:
    return (
        f"Sessions at {times_said(times.sessions)}; on the last day {times_said(times.on_last_day)}. "
        f"Catch-up with the client at {times.catch_up:%H:%M}."
    )


def _is_skipped(local: datetime, zone: ZoneInfo) -> bool:
    there_and_back = local.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone)
    return there_and_back.replace(tzinfo=None) != local


def _is_doubled(local: datetime, zone: ZoneInfo) -> bool:
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first != second and not _is_skipped(local, zone)


# ---------------------------------------------------------------- zones


def zone_named(typed: str) -> str | None:
    """The time zone meant by "Europe/London", "london" or "UK"; None when it is none."""
    wanted = "_".join(typed.casefold().split())
    return _zones().get({"uk": "europe/london"}.get(wanted, wanted))


def read_zone(typed: str) -> str:
    """Raises `Unclear`."""
    found = zone_named(typed)
    if found is None:
        raise Unclear("I do not know that time zone. Write one such as Europe/London.")
    return found


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    """Every zone by its full name and, where it has a region, by its city, in lower case."""
    named = sorted(available_timezones())
    regions = ("Europe/", "Atlantic/", "Africa/", "America/", "Asia/", "Australia/", "Pacific/", "Indian/")
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in reversed(named) if zone.startswith(regions)}
    return cities | {zone.casefold(): zone for zone in named}
