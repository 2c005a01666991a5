"""Whole weeks, weekends, months and years: "next week", "w/c 9 March", "the weekend of 28 Nov", "November 2026".
A week starts on a Monday; what is counted in more than one way is offered, never chosen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from handlers.when.asked import Asked
from handlers.when.counting import add
from handlers.when.days import day
from handlers.when.holidays import end_of_month
from handlers.when.patterns import whole
from handlers.when.readings import Choice
from handlers.when.vocabulary import MONTH_NAMES, in_words, unled, weekday_name
from handlers.when.written import EARLIEST_YEAR, LATEST_YEAR, settled, written

Span = tuple[date, date]

_WEEKS = {
    "this Uweek": 0,
    "next Uweek": 1,
    "last Uweek": -1,
    "Uweek after next": 2,
    "Uweek before last": -2,
    "in Uweek after next": 2,
}


def week_said(words: list[str], asked: Asked) -> tuple[date | None, list[str]]:
    """Takes "next week" off either end of "Mon-Thurs next week", and gives its Monday."""
    for length in (2, 3):
        for said, rest in ((words[:length], words[length:]), (words[-length:], words[:-length])):
            weeks = _WEEKS.get(" ".join(said))
            if weeks is not None and rest:
                return asked.monday + timedelta(7 * weeks), unled(rest)
    return _week_commencing_said(words, asked) if "wc" in words else (None, words)


def _week_commencing_said(words: list[str], asked: Asked) -> tuple[date | None, list[str]]:
    """Takes "w/c 23 Nov" off either end of "w/c 23 Nov, Tues to Fri"."""
    at = words.index("wc")
    cuts = (
        [(words[at + 1 :], words[:at])] if at else [(words[1:end], words[end:]) for end in range(len(words) - 1, 1, -1)]
    )
    for said, rest in cuts:
        week = _week_commencing(said, asked)
        if week and week.reason is None and rest:
            return week.values[0][0], unled(rest)
    return None, words


def weekday_of_week(words: list[str], asked: Asked) -> Choice[date] | None:
    """ "Tuesday w/c 30 Nov": the one day of a week said beside it."""
    week, rest = week_said(words, asked)
    weekday = whole(r"W(\d)", " ".join(word for word in rest if word not in (",", "in")))
    return Choice.sure(week + timedelta(int(weekday[1]))) if week and weekday else None


def within_week(first: list[str], last: list[str], monday: date) -> Choice[Span] | None:
    start, end = (whole(r"W(\d)", " ".join(side)) for side in (first, last))
    if not start or not end:
        return None
    opening = monday + timedelta(int(start[1]))
    return Choice.sure((opening, opening + timedelta((int(end[1]) - int(start[1])) % 7)))


def _week(monday: date) -> Span:
    return monday, monday + timedelta(6)


def whole_period(words: list[str], asked: Asked) -> Choice[Span] | None:
    """A week (Monday to Sunday), a weekend, a month or a year said as a whole."""
    phrase = " ".join(words).removeprefix("in ").removeprefix("all ")
    if (weeks := _WEEKS.get(phrase)) is not None:
        return Choice.sure(_week(asked.monday + timedelta(7 * weeks)))
    opening, _, rest = phrase.partition(" ")
    rule = _WEEK_OF.get(opening)
    if rule is not None and rest:
        return rule(rest.removeprefix("wc ").split(), asked)
    return _week_of_month(phrase, asked) or _weekend(phrase, asked) or _month(phrase, asked) or _year(phrase, asked)


def _week_commencing(words: list[str], asked: Asked) -> Choice[Span] | None:
    """The week that starts on a day. A week starts on a Monday, so any other day is questioned."""
    start = day(words, asked)
    if start is None or start.reason is not None:
        return start and start.map(_week)
    one = start.values[0]
    if one.weekday() == 0:
        return start.map(_week)
    why = f"{in_words(one)} is a {weekday_name(one)}, not a Monday."
    years = [_written_in(words, asked, one.year + shift) for shift in (-1, 1)]
    mondays = [other for other in years if other and other.weekday() == 0]
    return Choice.unclear(why, *map(_week, (one - timedelta(one.weekday()), *mondays)), (one, one + timedelta(6)))


def _written_in(words: list[str], asked: Asked, year: int) -> date | None:
    """The same day and month in another year, when the words gave no year."""
    one = written(" ".join(words))
    if one is None or one.month is None or one.year is not None:
        return None
    found = settled(replace(one, year=year), asked)
    return found.values[0] if found.reason is None else None


def _week_ending(words: list[str], asked: Asked) -> Choice[Span] | None:
    """The week up to a Friday or a Sunday; another day is not the end of a week in everyone's diary."""
    end = day(words, asked)
    if end is None or end.reason is not None or end.values[0].weekday() in (4, 6):
        return end and end.map(lambda one: (one - timedelta(one.weekday()), one))
    one = end.values[0]
    monday = one - timedelta(one.weekday())
    why = f"{in_words(one)} is a {weekday_name(one)}."
    return Choice.unclear(f"{why} Which week do you mean?", (monday, monday + timedelta(4)), (one - timedelta(6), one))


def _week_of_month(phrase: str, asked: Asked) -> Choice[Span] | None:
    """ "The first week of December" may start before it; it is offered, never chosen."""
    match = whole(r"([1-4])th Uweek (?:in )?(M\d+(?: \d{4})?)", phrase)
    month = _month(match[2], asked) if match else None
    if match is None or month is None:
        return None
    inside = month.map(lambda span: span[0] + timedelta(7 * int(match[1]) - 7))
    why = "The weeks of a month are counted in more than one way."
    return inside.then(lambda one: Choice.unclear(why, _week(one - timedelta(one.weekday()))))


def _week_with(words: list[str], asked: Asked) -> Choice[Span] | None:
    side = {"before": -7, "after": 7}.get(words[0])
    of = day(words[1:] if side else words, asked) if words[0] != "on" else None
    if of is None or side is None:
        return of and of.map(lambda one: _week(one - timedelta(one.weekday())))
    why = "That may be counted by the calendar week or from the day itself."
    return of.then(lambda one: Choice.unclear(why, _week(one - timedelta(one.weekday()) + timedelta(side))))


_WEEK_OF = {"wc": _week_commencing, "weekending": _week_ending, "Uweek": _week_with}


def _weekend(phrase: str, asked: Asked) -> Choice[Span] | None:
    match = whole(r"(?:(this|this coming|coming|next|last) )?weekend(?: (.+))?", phrase)
    if match is None:
        return None
    saturday = asked.monday + timedelta(5)
    if match[2]:
        of = day(match[2].split(), asked)
        return of and of.then(_weekend_holding)
    if match[1] == "last":
        return Choice.sure(_both(saturday - timedelta(7)))
    if match[1] == "next":
        why = "“Next weekend” may be the first to come or the one after it."
        return Choice.unclear(why, _both(saturday), _both(saturday + timedelta(7)))
    return Choice.sure(_both(saturday - timedelta(7) if asked.prefer == "past" and not match[1] else saturday))


def _weekend_holding(one: date) -> Choice[Span]:
    saturday = one - timedelta(one.weekday()) + timedelta(5)
    if one.weekday() >= 5:
        return Choice.sure(_both(saturday))
    return Choice.unclear(f"{one.day} {MONTH_NAMES[one.month - 1]} is not at a weekend.", _both(saturday))


def _both(saturday: date) -> Span:
    return saturday, saturday + timedelta(1)


def _month(phrase: str, asked: Asked) -> Choice[Span] | None:
    if match := whole(r"(this|next|last) Umonth", phrase):
        first = add(asked.today.replace(day=1), {"this": 0, "next": 1, "last": -1}[match[1]], "month")
        return Choice.sure(_all_of(first.year, first.month))
    if match := whole(r"(this|next|last) M(\d+)", phrase):
        return _named_month(match[1], int(match[2]), asked)
    match = whole(r"M(\d+)(?: (\d{4}))?", phrase) or whole(r"(\d{1,2})/(\d{4})", phrase)
    if match is None or not 1 <= int(match[1]) <= 12:
        return None
    month, year = int(match[1]), int(match[2] or 0)
    if not year:
        behind = (month > asked.today.month) if asked.prefer == "past" else 0
        year = asked.today.year - behind + (month < asked.today.month and asked.prefer == "future")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    return Choice.sure(_all_of(year, month))


def _named_month(which: str, month: int, asked: Asked) -> Choice[Span]:
    """ "Next December", said in November, may be a month or a year and a month away."""
    year, ahead = asked.today.year, month - asked.today.month
    years = {
        "this": (year,) if ahead >= 0 else (year, year + 1),
        "next": (year + 1,) if ahead <= 0 else (year, year + 1),
        "last": (year - 1,) if ahead >= 0 else (year, year - 1),
    }[which]
    return Choice.either((_all_of(one, month) for one in years), "Which year’s do you mean?")


def _all_of(year: int, month: int) -> Span:
    return date(year, month, 1), end_of_month(year, month)


def _year(phrase: str, asked: Asked) -> Choice[Span] | None:
    match = whole(r"(this|next|last) Uyear", phrase)
    if match is None:
        return None
    year = asked.today.year + {"this": 0, "next": 1, "last": -1}[match[1]]
    return Choice.sure((date(year, 1, 1), date(year, 12, 31)))
