"""A reading said back: in words for the person to check ("Tuesday 24 to Friday 27 November 2026"), in ISO for a
machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, assert_never

from handlers.when.readings import (
    Day,
    DayRange,
    Days,
    Duration,
    Moment,
    MomentRange,
    Reading,
    Recurrence,
    TimeRange,
    TimesOfDay,
    Understood,
    Unread,
)
from handlers.when.vocabulary import BYDAY, MONTH_NAMES, WEEKDAY_NAMES, in_words, weekday_name

# A machine's view of a reading: keys as in `baseroom when --help`, values ISO 8601 strings or lists of them.
Json = dict[str, Any]


# --- in words -------------------------------------------------------------------------------------------------------


def say(reading: Reading) -> str:
    """The reading in words, as a person checks it."""
    if isinstance(reading, Unread):
        return reading.message + _offered(reading.options)
    return _said(reading)


def _said(reading: Understood) -> str:
    match reading:
        case Day(one, part):
            return f"{_day(one)}, {part}" if part else _day(one)
        case Days(several, struck):
            return _listed(map(_day, several)) + _at(struck)
        case DayRange():
            return _range(reading)
        case Moment(at):
            return _moment(at)
        case MomentRange(start, end):
            return f"{_moment(start)} to {_moment(end)}"
        case TimesOfDay(struck):
            return _listed(map(_time, struck))
        case TimeRange(start, end, on):
            return (f"{_day(on)}, " if on else "") + f"{_time(start)} to {_time(end)}"
        case Duration():
            return _length(reading)
        case Recurrence():
            return _recurrence(reading)
        case _:
            assert_never(reading)


def _day(one: date) -> str:
    return f"{weekday_name(one)} {in_words(one)}"


def _time(one: time) -> str:
    return f"{one:%H:%M}"


def _moment(at: datetime) -> str:
    offset = f" (UTC{at:%z})" if at.tzinfo else ""
    return f"{_day(at.date())} at {_time(at.time())}{offset}"


def _listed(items: Iterable[str], last: str = "and") -> str:
    *before, final = items
    return f"{', '.join(before)} {last} {final}" if before else final


def _at(struck: tuple[time, ...]) -> str:
    return f" at {_listed(map(_time, struck))}" if struck else ""


def _range(one: DayRange) -> str:
    start, weekday = one.start, weekday_name(one.start)
    first = _day(start)
    if start.year == one.end.year:
        first = f"{weekday} {start.day} {MONTH_NAMES[start.month - 1]}"
        if start.month == one.end.month:
            first = f"{weekday} {start.day}"
    days = f"{first} to {_day(one.end)}"
    if one.start_time is None:
        return days
    if one.end_time is None:
        return f"{days}, each day at {_time(one.start_time)}"
    return f"{days}, {_time(one.start_time)} to {_time(one.end_time)} each day"


def _length(one: Duration) -> str:
    years, months = divmod(one.months, 12)
    minutes = int(one.length.total_seconds() // 60)
    counts = (
        (years, "year"),
        (months, "month"),
        (minutes // 1440, "day"),
        (minutes // 60 % 24, "hour"),
        (minutes % 60, "minute"),
    )
    said = [f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in counts if count]
    return _listed(said) if said else "no time"


def _offered(options: tuple[Understood, ...]) -> str:
    return f" Did you mean {_listed(map(_said, options), 'or')}?" if options else ""


_PERIODS = {
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
    "HOURLY": "hour",
    "MINUTELY": "minute",
}
_NTH = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}


def _recurrence(one: Recurrence) -> str:
    parts = dict(part.split("=") for part in one.rrule.split(";"))
    count, period = int(parts.get("INTERVAL", "1")), _PERIODS[parts["FREQ"]]
    said = f"every {period}" if count == 1 else f"every {count} {period}s"
    if parts.get("BYSETPOS") == "-1":
        said += " on the last working day"
    elif days := parts.get("BYDAY"):
        said += f" on {_listed(_day_name(each) for each in days.split(','))}"
    if number := parts.get("BYMONTHDAY"):
        month = f" {MONTH_NAMES[int(parts['BYMONTH']) - 1]}" if "BYMONTH" in parts else ""
        said += f" on {'the last day' if number == '-1' else f'day {number}' if not month else number}{month}"
    said += (
        _at(one.times)
        + (f" to {_time(one.end_time)}" if one.end_time else "")
        + (f", from {_day(one.start)}" if one.start else "")
    )
    if until := parts.get("UNTIL"):
        said += f", until {_day(date.fromisoformat(until))}"
    return said


def _day_name(each: str) -> str:
    name = WEEKDAY_NAMES[BYDAY.index(each[-2:])]
    return f"the {_NTH[each[:-2]]} {name}" if len(each) > 2 else name


# --- in ISO ---------------------------------------------------------------------------------------------------------


def to_json(reading: Reading) -> Json:
    """One object: `date`, `dates`, `datetime`, `time`, `start`/`end`, `start_time`/`end_time`, `duration` or `rrule`
    with `times`; for a refusal `{"date": null, "reason", "message", "options"}`, each option in ISO."""
    if isinstance(reading, Unread):
        offered = {"options": [_iso(option) for option in reading.options]} if reading.options else {}
        return {"date": None, "reason": reading.reason.value, **offered, "message": reading.message}
    return _in_iso(reading)


def _in_iso(reading: Understood) -> Json:
    match reading:
        case Day(one, part):
            return {"date": one.isoformat()} | ({"part": part} if part else {})
        case Days(several, struck):
            return {"dates": [one.isoformat() for one in several]} | ({"times": _times(struck)} if struck else {})
        case DayRange(start, end, start_time, end_time):
            return {"start": start.isoformat(), "end": end.isoformat()} | _hours(start_time, end_time)
        case Moment(at):
            return {"datetime": at.isoformat("T", "minutes")}
        case MomentRange(start, end):
            return {"start": start.isoformat("T", "minutes"), "end": end.isoformat("T", "minutes")}
        case TimesOfDay(struck):
            return {"time": _time(struck[0])} if len(struck) == 1 else {"times": _times(struck)}
        case TimeRange(start, end, on):
            return ({"date": on.isoformat()} if on else {}) | _hours(start, end)
        case Duration():
            return {"duration": iso_duration(reading)}
        case Recurrence(rrule, struck, first, end_time):
            hours = _hours(struck[0], end_time) if end_time else {}
            return {"rrule": rrule, "times": _times(struck)} | hours | ({"start": first.isoformat()} if first else {})
        case _:
            assert_never(reading)


def _times(struck: tuple[time, ...]) -> list[str]:
    return [_time(one) for one in struck]


def _hours(start: time | None, end: time | None) -> Json:
    if start is None:
        return {}
    return {"start_time": _time(start), "end_time": _time(end)} if end else {"time": _time(start)}


def _iso(option: Understood) -> str:
    """One option as a string: a range is an ISO 8601 interval, several values are joined by commas."""
    found = _in_iso(option)
    if "start" in found and "end" in found:
        hours = f",{found['start_time']}/{found['end_time']}" if "end_time" in found else ""
        return f"{found['start']}/{found['end']}{hours}"
    if "start_time" in found:
        return (f"{found['date']}T" if "date" in found else "") + f"{found['start_time']}/{found['end_time']}"
    return ",".join(",".join(value) if isinstance(value, list) else value for value in found.values() if value)


def iso_duration(one: Duration) -> str:
    """ISO 8601, as PT1H30M, P14D or P3M."""
    years, months = divmod(one.months, 12)
    minutes = int(one.length / timedelta(minutes=1))
    dates = ((years, "Y"), (months, "M"), (minutes // 1440, "D"))
    clock = ((minutes // 60 % 24, "H"), (minutes % 60, "M"))
    day_part, time_part = ("".join(f"{count}{unit}" for count, unit in parts if count) for parts in (dates, clock))
    return f"P{day_part}" + (f"T{time_part}" if time_part else "")
