"""A weekday beside today: "Tuesday", "this Friday", "next Friday", "last Friday but one", "Friday of next week". Where
speakers differ both days are offered.
"""

from __future__ import annotations

from datetime import date, timedelta

from handlers.when.asked import Asked
from handlers.when.holidays import SUNDAY
from handlers.when.patterns import Match, Rule
from handlers.when.readings import Choice
from handlers.when.vocabulary import WEEKDAY_NAMES


def days_from_today(shift: int) -> Rule:
    return lambda _match, asked: Choice.sure(asked.today + timedelta(shift))


def coming(weekday: int, asked: Asked) -> Choice[date]:
    """The coming such weekday (or the last one, looking back). Said on that very weekday, it may be today."""
    ahead = (weekday - asked.today.weekday()) % 7
    if asked.prefer == "past":
        ahead = -((asked.today.weekday() - weekday) % 7)
    if ahead:
        return Choice.sure(asked.today + timedelta(ahead))
    other = asked.today + timedelta(-7 if asked.prefer == "past" else 7)
    why = f"Today is {WEEKDAY_NAMES[weekday]}: is it today, or a week away?"
    return Choice.unclear(why, asked.today, other)


def plain(match: Match, asked: Asked) -> Choice[date]:
    return coming(int(match["weekday"]), asked)


def coming_strictly(match: Match, asked: Asked) -> Choice[date]:
    return Choice.sure(first_after(asked.today, int(match["weekday"])))


def just_gone(match: Match, asked: Asked) -> Choice[date]:
    return Choice.sure(last_before(asked.today, int(match["weekday"])))


def first_after(day: date, weekday: int) -> date:
    return day + timedelta((weekday - day.weekday() - 1) % 7 + 1)


def last_before(day: date, weekday: int) -> date:
    return day - timedelta((day.weekday() - weekday - 1) % 7 + 1)


def this_one(match: Match, asked: Asked) -> Choice[date]:
    weekday = int(match["weekday"])
    of_week = asked.monday + timedelta(weekday)
    towards = last_before if asked.prefer == "past" else first_after
    other = of_week if of_week == asked.today else towards(asked.today, weekday)
    why = f"“This {WEEKDAY_NAMES[weekday]}” may be the one of this week or the nearest one to come."
    return Choice.either((of_week, other), why)


def next_one(match: Match, asked: Asked) -> Choice[date]:
    weekday = int(match["weekday"])
    nearest = first_after(asked.today, weekday)
    of_next_week = asked.monday + timedelta(7 + weekday)
    if asked.today.weekday() == SUNDAY:  # to some, Sunday already belongs to the week ahead
        of_next_week = nearest + timedelta(7)
    why = f"“Next {WEEKDAY_NAMES[weekday]}” may be the first to come or the one of next week."
    return Choice.either((nearest, of_next_week), why)


def last_one(match: Match, asked: Asked) -> Choice[date]:
    weekday = int(match["weekday"])
    of_last_week = asked.monday + timedelta(weekday - 7)
    why = f"“Last {WEEKDAY_NAMES[weekday]}” may be the latest gone or the one of last week."
    return Choice.either((last_before(asked.today, weekday), of_last_week), why)


def last_but_one(match: Match, asked: Asked) -> Choice[date]:
    return last_one(match, asked).map(lambda day: day - timedelta(7))


def next_but_one(match: Match, asked: Asked) -> Choice[date]:
    return next_one(match, asked).map(lambda day: day + timedelta(7))


def of_week(match: Match, asked: Asked) -> Choice[date]:
    weeks = {"this": 0, "next": 7, "last": -7}[match["which"]]
    return Choice.sure(asked.monday + timedelta(weeks + int(match["weekday"])))


def of_week_shifted(weeks: int) -> Rule:
    return lambda match, asked: Choice.sure(asked.monday + timedelta(7 * weeks + int(match["weekday"])))
