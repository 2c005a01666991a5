"""The edge of a week or a year, and the days people name: "end of next week", "Boxing Day", "next bank holiday"."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.when.asked import Asked
from handlers.when.counting import add_working_days
from handlers.when.holidays import NAMED_DAYS, easter, next_bank_holiday
from handlers.when.months import preferred_day
from handlers.when.patterns import Match
from handlers.when.readings import Choice
from handlers.when.written import Written, settled


def edge_of_week(match: Match, asked: Asked) -> Choice[date]:
    monday = asked.monday + timedelta({"this": 0, "next": 7, "last": -7}[match["which"] or "this"])
    if match["edge"] == "start":
        return Choice.sure(monday)
    why = "The end of a week may be its Friday or its Sunday."
    return Choice.unclear(why, monday + timedelta(4), monday + timedelta(6))


def edge_of_year(match: Match, asked: Asked) -> Choice[date]:
    said = match.groupdict().get("year")
    year = int(said) if said else asked.today.year + {"this": 0, "next": 1, "last": -1}[match["which"] or "this"]
    return Choice.sure(date(year, 12, 31) if match["edge"] == "end" else date(year, 1, 1))


def named(match: Match, asked: Asked) -> Choice[date] | None:
    rule = NAMED_DAYS.get(match["name"])
    if rule is None:
        return None
    weekday = match["weekday"] or None
    if match["year"]:
        found = Choice.sure(rule(int(match["year"])))
    else:
        years = (asked.today.year + shift for shift in (-1, 0, 1, 2))
        preferred = preferred_day([rule(year) for year in years], asked)
        assert preferred is not None
        found = preferred
    if weekday is None:
        return found
    return found.then(lambda one: settled(Written(one.day, one.month, one.year, int(weekday)), asked))


def easter_said(match: Match, asked: Asked) -> Choice[date]:
    years = [int(match["year"])] if match["year"] else [asked.today.year, asked.today.year + 1]
    sunday = next((one for one in map(easter, years) if one >= asked.today), easter(years[0]))
    why = "Easter may be any day from Good Friday to Easter Monday."
    return Choice.unclear(why, *(sunday + timedelta(shift) for shift in (-2, -1, 0, 1)))


def new_year(_match: Match, asked: Asked) -> Choice[date]:
    eve = date(asked.today.year, 12, 31)
    return Choice.unclear("New Year may be its eve or its day.", eve, eve + timedelta(1))


def may_bank_holiday(match: Match, asked: Asked) -> Choice[date]:
    year = int(match["year"]) if match["year"] else asked.today.year + (asked.today.month > 5)
    both = (NAMED_DAYS["M5 Uday"](year), NAMED_DAYS["spring bank holiday"](year))
    return Choice.unclear("May has two bank holidays.", *both)


def coming_bank_holiday(match: Match, asked: Asked) -> Choice[date]:
    weekday = match.groupdict().get("weekday")
    return Choice.sure(next_bank_holiday(asked.today, int(weekday) if weekday else None))


def next_working_day(_match: Match, asked: Asked) -> Choice[date]:
    return Choice.sure(add_working_days(asked.today, 1))
