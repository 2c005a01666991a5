"""Days given by their numbers: "24 Nov", "Tues 24th", "10/3/27". What is left out is supplied from the day of asking;
what contradicts itself or cannot be (Monday 24 November 2026, 31 November) is refused with what may have been meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.when.asked import Asked
from handlers.when.holidays import end_of_month
from handlers.when.patterns import whole
from handlers.when.readings import Choice
from handlers.when.vocabulary import MONTH_NAMES, WEEKDAY_NAMES, in_words, weekday_name

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
# A two-digit year further than this from now may be of either century.
_CENTURY_DOUBT = 30
# A weekday may settle that a day without a year was in the weeks just gone, rather than next year.
_JUST_GONE = timedelta(31)


@dataclass(frozen=True, slots=True)
class Written:
    """A day as written. Parts left out are None; a year under 100 was written with two digits, and where it follows
    the month's name ("24 Nov 10") it may be meant as an hour."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    year_or_hour: bool = False


_FULL_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_YEAR = r"(?P<year>(?:19|20|21)\d\d|\d\d)"
_FORMS = (
    rf"(?:W(?P<weekday>\d) )?(?P<day>\d{{1,2}})(?:th)? M(?P<month>\d+)(?: {_YEAR})?",
    rf"(?P<day>\d{{1,2}})(?:th)? M(?P<month>\d+)(?: {_YEAR})? W(?P<weekday>\d)",
    rf"(?:W(?P<weekday>\d) )?M(?P<month>\d+) (?P<day>\d{{1,2}})(?:th)?(?: {_YEAR})?",
    rf"M(?P<month>\d+) (?P<day>\d{{1,2}})(?:th)?(?: {_YEAR})? W(?P<weekday>\d)",
    r"W(?P<weekday>\d) M(?P<month>\d+) (?P<day>\d{1,2})(?:th)? (?P<year>(?:19|20|21)\d\d)",
    r"(?P<year>(?:19|20|21)\d\d) M(?P<month>\d+) (?P<day>\d{1,2})(?:th)?",
    rf"(?:W(?P<weekday>\d) )?(?P<day>\d{{1,2}})(?:th)? (?P<sep>[-/.]) M(?P<month>\d+)(?: (?P=sep) {_YEAR})?",
    r"(?:W(?P<weekday>\d) )?(?P<year>(?:19|20|21)\d\d)(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
    rf"(?:W(?P<weekday>\d) )?(?P<day>\d{{1,2}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep){_YEAR}",
    rf"(?P<day>\d{{1,2}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep){_YEAR} W(?P<weekday>\d)",
    r"(?:W(?P<weekday>\d) )?(?P<day>\d{1,2})/(?P<month>\d{1,2})",
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2}) W(?P<weekday>\d)",
    rf"(?:W(?P<weekday>\d) )?(?P<day>\d{{1,2}}) (?P<month>\d{{1,2}}) {_YEAR}",
    r"(?:W(?P<weekday>\d) )?(?P<day>2[4-9]|3[01])\.(?P<month>0[1-9]|1[0-2])",  # an hour would end at 23
    r"W(?P<weekday>\d) (?P<day>\d{1,2})(?:th)?",
    r"(?P<day>\d{1,2})th W(?P<weekday>\d)",
    r"(?P<day>\d{1,2})th",
)
_BARE = r"(?P<day>\d{1,2})(?:th)?(?: (?P<year>(?:19|20|21)\d\d))?"
_LARGEST_NTH = 5
_MOST_SPACES = 5  # "W1 24th - M11 - 2026" is the longest form


def written(phrase: str, *, bare: bool = False) -> Written | None:
    """The parts of a day given in numbers, or None. `bare` also allows a plain "24", for the side of a range."""
    if phrase.count(" ") > _MOST_SPACES:
        return None
    for form in (*_FORMS, _BARE) if bare else _FORMS:
        if match := whole(form, phrase):
            parts = {name: int(part) for name, part in match.groupdict().items() if part and name != "sep"}
            doubt = parts.get("year", 24) < 24 and " " in phrase[-3:] and "M" in phrase
            one = Written(parts["day"], parts.get("month"), parts.get("year"), parts.get("weekday"), doubt)
            return one if _is_plausible(one, phrase) else None
    return None


def _is_plausible(one: Written, phrase: str) -> bool:
    if re.fullmatch(r"\d+th W\d", phrase) and one.day <= _LARGEST_NTH:
        return False  # "first Monday" needs its month
    if (
        "/" in phrase
        and one.year is None
        and (one.day > 31 or (one.month or 0) > 31 or min(one.day, one.month or 1) > 12)
    ):
        return False  # "50/50"
    return one.year is None or one.year < 100 or EARLIEST_YEAR <= one.year <= LATEST_YEAR


def settled(one: Written, asked: Asked) -> Choice[date]:
    """The day meant, or why it cannot be told: it does not exist, its weekday disagrees, its century is unclear."""
    if one.month is not None and not 1 <= one.month <= 12:
        return _month_beyond_twelve(one, asked)
    if one.day == 0:
        return Choice.impossible("There is no day 0 in a month.")
    if one.month is None and one.year is not None:
        return Choice.unclear("Which month is it?")
    if one.year is not None:
        found = _century(one.year, asked).then(lambda year: _in_year(one, year))
        return _unless_an_hour(one, found, asked)
    if one.month is not None:
        return _yearless(one, one.month, asked)
    return _monthless(one, asked)


def _month_beyond_twelve(one: Written, asked: Asked) -> Choice[date]:
    why = f"There is no month {one.month}. Days come first here: day/month/year."
    if one.month is None or not 1 <= one.day <= 12:
        return Choice.impossible(why)
    swapped = settled(Written(one.month, one.day, one.year, one.weekday), asked)
    return Choice.impossible(why, *(swapped.values if swapped.reason is None else ()))


def _century(year: int, asked: Asked) -> Choice[int]:
    if year >= 100:
        return Choice.sure(year)
    ours = asked.today.year // 100 * 100 + year
    if abs(ours - asked.today.year) <= _CENTURY_DOUBT:
        return Choice.sure(ours)
    return Choice.unclear(f"The year {year:02d} may be {ours - 100} or {ours}.", ours - 100, ours)


def _unless_an_hour(one: Written, found: Choice[date], asked: Asked) -> Choice[date]:
    """ "24 Nov 26" is this year's, but "24 Nov 10" is sooner ten o'clock than 2010."""
    if not one.year_or_hour or found.reason is not None or found.values[0].year >= asked.today.year:
        return found
    yearless = settled(Written(one.day, one.month, weekday=one.weekday), asked)
    return Choice.unclear(f"{one.year} may be an hour or a year.", *yearless.values, *found.values)


def _in_year(one: Written, year: int) -> Choice[date]:
    assert one.month is not None
    try:
        day = date(year, one.month, one.day)
    except ValueError:
        last = end_of_month(year, one.month)
        month = MONTH_NAMES[one.month - 1]
        why = f"{month} {year} has {last.day} days, so {one.day} {month} does not exist."
        return Choice.impossible(why, last, last + timedelta(1)) if one.day <= 31 else Choice.impossible(why)
    return _agreeing(one, day)


def _agreeing(one: Written, day: date, *others: date) -> Choice[date]:
    if one.weekday is None or day.weekday() == one.weekday:
        return Choice.sure(day)
    nearest = day + timedelta((one.weekday - day.weekday() + 3) % 7 - 3)
    said, found = WEEKDAY_NAMES[one.weekday], weekday_name(day)
    why = f"{in_words(day)} is a {found}, not a {said}."
    matching = [other for other in others if other.weekday() == one.weekday]
    return Choice.unclear(why, *dict.fromkeys((day, nearest, *matching)))


def _yearless(one: Written, month: int, asked: Asked) -> Choice[date]:
    today = asked.today
    around = [_in_year(Written(one.day, month), today.year + shift) for shift in (-1, 0, 1)]
    days = [choice.values[0] for choice in around if choice.reason is None]
    if (month, one.day) == (2, 29):
        return _leap_day(today, asked)
    if not days:
        return around[1]
    day, others = _preferred(days, asked)
    just_gone = [other for other in others if other.weekday() == one.weekday and abs(other - today) <= _JUST_GONE]
    if just_gone and day.weekday() != one.weekday:
        return Choice.sure(just_gone[0])
    return _agreeing(one, day, *others)


def _preferred(days: list[date], asked: Asked) -> tuple[date, list[date]]:
    """The coming day (or the latest gone), and the rest."""
    today = asked.today
    ahead = [day for day in days if day >= today]
    behind = [day for day in days if day <= today]
    day = behind[-1] if asked.prefer == "past" else ahead[0]
    return day, [other for other in days if other != day]


def _leap_day(today: date, asked: Asked) -> Choice[date]:
    step = 1 if asked.prefer == "future" else -1
    year = today.year + (step if (today.month, today.day) > (2, 29) and step == 1 else 0)
    choice = _in_year(Written(29, 2), year)
    if choice.reason is None:
        return choice
    leap = next(y for y in range(year, year + 9 * step, step) if end_of_month(y, 2).day == 29)
    return Choice.impossible(choice.why, *choice.values, date(leap, 2, 29))


def _monthless(one: Written, asked: Asked) -> Choice[date]:
    if one.day > 31:
        return Choice.impossible(f"No month has {one.day} days.")
    days = list(_same_day_of_months(one.day, asked.today))
    day, others = _preferred(days, asked)
    return _agreeing(one, day, *(other for other in others if (other > day) == (asked.prefer == "future")))


def _same_day_of_months(day: int, today: date) -> Iterator[date]:
    for shift in range(-3, 4):
        years, month = divmod(today.month - 1 + shift, 12)
        if day <= end_of_month(today.year + years, month + 1).day:
            yield date(today.year + years, month + 1, day)
