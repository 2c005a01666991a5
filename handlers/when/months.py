"""A day within a month: "the last Friday of January", "the 3rd of next month", "the end of March"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from handlers.when.asked import Asked
from handlers.when.counting import add_months, add_working_days
from handlers.when.holidays import end_of_month, nth_weekday
from handlers.when.patterns import Match, Rule
from handlers.when.readings import Choice
from handlers.when.vocabulary import MONTH_NAMES
from handlers.when.written import EARLIEST_YEAR, LATEST_YEAR


def _months(match: Match, asked: Asked) -> list[tuple[int, int]]:
    """The (year, month) said; or, where only the month or "the month" was said, those around today to choose from."""
    said, today = match.groupdict(), asked.today
    if said.get("month"):
        years = [int(said["year"])] if said.get("year") else [today.year - 1, today.year, today.year + 1]
        return [(year, int(said["month"])) for year in years if EARLIEST_YEAR <= year <= LATEST_YEAR]
    shifts = {"this": [0], "next": [1], "last": [-1]}.get(said.get("which") or "", [-1, 0, 1])
    moved = [add_months(today.replace(day=1), shift) for shift in shifts]
    return [(one.year, one.month) for one in moved]


def within_month(pick: Callable[[Match, int, int], date | None]) -> Rule:
    """A rule for a day picked within a month; left to choose, it takes the month that brings the day next."""

    def rule(match: Match, asked: Asked) -> Choice[date] | None:
        months = _months(match, asked)
        found = [one for year, month in months if (one := pick(match, year, month)) is not None]
        if not found:
            return _no_such_day(*months[len(months) // 2]) if months else None
        return Choice.sure(found[0]) if len(months) == 1 else preferred_day(found, asked)

    return rule


def preferred_day(days: list[date], asked: Asked) -> Choice[date] | None:
    if asked.prefer == "past":
        days = [one for one in reversed(days) if one <= asked.today]
    else:
        days = [one for one in days if one >= asked.today]
    return Choice.sure(days[0]) if days else None


def _no_such_day(year: int, month: int) -> Choice[date]:
    return Choice.impossible(f"{MONTH_NAMES[month - 1]} {year} has no such day.")


def nth_of_month(match: Match, year: int, month: int) -> date | None:
    nth = -1 if match["nth"] == "last" else int(match["nth"][0])
    return nth_weekday(year, month, int(match["weekday"]), nth)


def numbered_of_month(match: Match, year: int, month: int) -> date | None:
    number = int(match["nth"])
    return date(year, month, number) if 1 <= number <= end_of_month(year, month).day else None


def edge_of_month(match: Match, year: int, month: int) -> date:
    return end_of_month(year, month) if match["edge"] in ("end", "last Uday") else date(year, month, 1)


def working_edge_of_month(match: Match, year: int, month: int) -> date:
    if match["edge"] == "last":
        return add_working_days(end_of_month(year, month) + timedelta(1), -1)
    return add_working_days(date(year, month, 1) - timedelta(1), int(match["edge"][:-2]))


def middle_of_month(match: Match, asked: Asked) -> Choice[date] | None:
    middle = within_month(lambda _match, year, month: date(year, month, 15))(match, asked)
    return middle and Choice.unclear("The middle of a month is no one day.", *middle.values)


def part_only(_match: Match, _asked: Asked) -> Choice[date]:
    return Choice.unclear("That is no one day. Give the day.")
