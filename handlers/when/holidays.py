"""The days people name instead of dating: Christmas Day, Good Friday, the August bank holiday. The bank holidays are
those of England and Wales by rule (Banking and Financial Dealings Act 1971), so no list of years runs out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth (1 to 5, or -1 for the last) such weekday of a month, or None when the month has no fifth."""
    if nth == -1:
        last = end_of_month(year, month)
        return last - timedelta((last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    found = first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return found if found.month == month else None


def end_of_month(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(1)


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian computation, as published in Nature in 1876)."""
    century, of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap_centuries - correction + 15) % 30
    leap_years, year_rest = divmod(of_century, 4)
    sunday = (32 + 2 * century_rest + 2 * leap_years - moon - year_rest) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days)


def _monday(month: int, nth: int) -> Callable[[int], date]:
    def of_year(year: int) -> date:
        found = nth_weekday(year, month, MONDAY, nth)
        assert found is not None  # every month has a first and a last Monday
        return found

    return of_year


def _remembrance_sunday(year: int) -> date:
    return date(year, 11, 8) + timedelta((SUNDAY - date(year, 11, 8).weekday()) % 7)


# Keys are in the grammar's spelling (tokens.py): "may" is M5, "Friday" W4, "holiday" covers "hol" and "holidays".
NAMED_DAYS: dict[str, Callable[[int], date]] = {
    "christmas Uday": _fixed(12, 25),
    "christmas": _fixed(12, 25),
    "christmas eve": _fixed(12, 24),
    "boxing Uday": _fixed(12, 26),
    "st stephens Uday": _fixed(12, 26),
    "new years eve": _fixed(12, 31),
    "new Uyear eve": _fixed(12, 31),
    "hogmanay": _fixed(12, 31),
    "new years Uday": _fixed(1, 1),
    "new Uyear Uday": _fixed(1, 1),
    "burns night": _fixed(1, 25),
    "valentines Uday": _fixed(2, 14),
    "st davids Uday": _fixed(3, 1),
    "st patricks Uday": _fixed(3, 17),
    "april fools Uday": _fixed(4, 1),
    "M4 fools Uday": _fixed(4, 1),
    "st georges Uday": _fixed(4, 23),
    "halloween": _fixed(10, 31),
    "bonfire night": _fixed(11, 5),
    "guy fawkes night": _fixed(11, 5),
    "armistice Uday": _fixed(11, 11),
    "st andrews Uday": _fixed(11, 30),
    "remembrance W6": _remembrance_sunday,
    "shrove W1": _from_easter(-47),
    "pancake Uday": _from_easter(-47),
    "ash W2": _from_easter(-46),
    "mothering W6": _from_easter(-21),
    "mothers Uday": _from_easter(-21),
    "palm W6": _from_easter(-7),
    "maundy W3": _from_easter(-3),
    "good W4": _from_easter(-2),
    "easter W5": _from_easter(-1),
    "easter W6": easter,
    "easter W0": _from_easter(1),
    "easter Uday": easter,
    "ascension Uday": _from_easter(39),
    "whit W6": _from_easter(49),
    "whit W0": _from_easter(50),
    "M5 Uday": _monday(5, 1),
    "M5 Uday bank holiday": _monday(5, 1),
    "early M5 bank holiday": _monday(5, 1),
    "spring bank holiday": _monday(5, -1),
    "whitsun bank holiday": _monday(5, -1),
    "late M5 bank holiday": _monday(5, -1),
    "summer bank holiday": _monday(8, -1),
    "M8 bank holiday": _monday(8, -1),
    "late summer bank holiday": _monday(8, -1),
}


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> tuple[date, ...]:
    """The bank and public holidays of England and Wales in a year, with the days in lieu, in order."""
    kept = {easter(year) - timedelta(2), easter(year) + timedelta(1)}
    kept |= {_monday(5, 1)(year), _monday(5, -1)(year), _monday(8, -1)(year)}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.weekday() in (SATURDAY, SUNDAY) or day in kept:
            day += timedelta(1)
        kept.add(day)
    return tuple(sorted(kept))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no bank holiday of England and Wales."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def next_bank_holiday(after: date, weekday: int | None = None) -> date:
    """The first bank holiday after a day (on that weekday, when one is given)."""
    for year in range(after.year, after.year + 3):
        for day in bank_holidays(year):
            if day > after and weekday in (None, day.weekday()):
                return day
    raise AssertionError("every year has bank holidays, and Mondays among them")
