"""A day moved by a count: three weeks on, two working days back, a month from the 31st."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.when.holidays import end_of_month, is_working_day
from handlers.when.written import EARLIEST_YEAR, LATEST_YEAR


def add(day: date, count: int, unit: str) -> date:
    """A day moved by a count of a unit. In a shorter month, the 31st becomes the last day."""
    if unit == "workday":
        return add_working_days(day, count)
    if unit in ("month", "year"):
        return add_months(day, count * (12 if unit == "year" else 1))
    return day + timedelta(count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def add_months(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, 12)
    if not EARLIEST_YEAR <= day.year + years <= LATEST_YEAR:
        raise OverflowError(day.year + years)
    last = end_of_month(day.year + years, month + 1)
    return last.replace(day=min(day.day, last.day))


def add_working_days(day: date, count: int) -> date:
    step = timedelta(1 if count > 0 else -1)
    for _ in range(min(abs(count), 1000)):
        day += step
        while not is_working_day(day):
            day += step
    return day
