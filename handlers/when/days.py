"""One day as British people say it: "Tuesday week", "a fortnight on Friday", "last Friday of January", "the day after
Boxing Day". Where speakers differ ("next Friday" said on a Wednesday) both days are offered and none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from handlers.when.asked import Asked
from handlers.when.holidays import (
    NAMED_DAYS,
    SUNDAY,
    easter,
    end_of_month,
    is_working_day,
    next_bank_holiday,
    nth_weekday,
)
from handlers.when.readings import Choice
from handlers.when.vocabulary import MONTH_NAMES, WEEKDAY_NAMES, words_of
from handlers.when.written import EARLIEST_YEAR, LATEST_YEAR, Written, settled, written

Match = re.Match[str]
Rule = Callable[[Match, Asked], Choice[date] | None]

LONGEST_DAY = 10  # words in the grammar's spelling; the longest that anybody says has six

_LEADS = words_of("on by for from at to ,")
_COUNT = r"(?P<count>\d{1,4}|an?|half)"
_UNIT = r"U(?P<unit>day|week|fortnight|month|year|workday)"
_WEEKDAY = r"W(?P<weekday>\d)"
_MONTH_YEAR = r"(?:in )?M(?P<month>\d+)(?: (?P<year>\d{4}))?"
_WHICH = r"(?P<which>this|next|last)"


def day(words: list[str], asked: Asked) -> Choice[date] | None:
    """The one day a phrase in the grammar's spelling stands for, or None when it is no day."""
    if len(words) > 2 and words[-2] == "," and words[-1].isdigit() and len(words[-1]) < 4:
        return None  # "24 Nov, 25" is two days sooner than a year
    said = _unled([word for word in words if word != ","])
    if len(said) > LONGEST_DAY:
        return None
    phrase = " ".join(said)
    if phrase not in asked.days_read:
        asked.days_read[phrase] = _read(phrase, asked)
    return asked.days_read[phrase]


def _read(phrase: str, asked: Asked) -> Choice[date] | None:
    one = written(phrase)
    return settled(one, asked) if one else _by_rule(phrase, asked)


def _unled(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) and words[start] in _LEADS:
        start += 1
    return words[start:]


def _by_rule(phrase: str, asked: Asked) -> Choice[date] | None:
    for matching, rule in _rules():
        match = matching(phrase)
        found = rule(match, asked) if match else None
        if found is not None:
            return found
    return None


@cache
def _rules() -> tuple[tuple[Callable[[str], Match | None], Rule], ...]:
    """The rules, compiled at their first use: every stretch of a long phrase is held against all of them."""
    return tuple((re.compile(form).fullmatch, rule) for form, rule in _RULES)


# --- plain relative days and weekdays -------------------------------------------------------------------------------


def _days_from_today(shift: int) -> Rule:
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


def _plain(match: Match, asked: Asked) -> Choice[date]:
    return coming(int(match["weekday"]), asked)


def _coming_strictly(match: Match, asked: Asked) -> Choice[date]:
    return Choice.sure(_first_after(asked.today, int(match["weekday"])))


def _just_gone(match: Match, asked: Asked) -> Choice[date]:
    return Choice.sure(_last_before(asked.today, int(match["weekday"])))


def _first_after(day: date, weekday: int) -> date:
    return day + timedelta((weekday - day.weekday() - 1) % 7 + 1)


def _last_before(day: date, weekday: int) -> date:
    return day - timedelta((day.weekday() - weekday - 1) % 7 + 1)


def _this(match: Match, asked: Asked) -> Choice[date]:
    weekday = int(match["weekday"])
    of_week = asked.monday + timedelta(weekday)
    towards = _last_before if asked.prefer == "past" else _first_after
    other = of_week if of_week == asked.today else towards(asked.today, weekday)
    why = f"“This {WEEKDAY_NAMES[weekday]}” may be the one of this week or the nearest one to come."
    return Choice.either((of_week, other), why)


def _next(match: Match, asked: Asked) -> Choice[date]:
    weekday = int(match["weekday"])
    nearest = _first_after(asked.today, weekday)
    of_next_week = asked.monday + timedelta(7 + weekday)
    if asked.today.weekday() == SUNDAY:  # to some, Sunday already belongs to the week ahead
        of_next_week = nearest + timedelta(7)
    why = f"“Next {WEEKDAY_NAMES[weekday]}” may be the first to come or the one of next week."
    return Choice.either((nearest, of_next_week), why)


def _last(match: Match, asked: Asked) -> Choice[date]:
    weekday = int(match["weekday"])
    of_last_week = asked.monday + timedelta(weekday - 7)
    why = f"“Last {WEEKDAY_NAMES[weekday]}” may be the latest gone or the one of last week."
    return Choice.either((_last_before(asked.today, weekday), of_last_week), why)


def _last_but_one(match: Match, asked: Asked) -> Choice[date]:
    return _last(match, asked).map(lambda day: day - timedelta(7))


def _next_but_one(match: Match, asked: Asked) -> Choice[date]:
    return _next(match, asked).map(lambda day: day + timedelta(7))


def _of_week(match: Match, asked: Asked) -> Choice[date]:
    weeks = {"this": 0, "next": 7, "last": -7}[match["which"]]
    return Choice.sure(asked.monday + timedelta(weeks + int(match["weekday"])))


def _of_week_shifted(weeks: int) -> Rule:
    return lambda match, asked: Choice.sure(asked.monday + timedelta(7 * weeks + int(match["weekday"])))


# --- counting -------------------------------------------------------------------------------------------------------


def add(day: date, count: int, unit: str) -> date:
    """A day moved by a count of a unit. In a shorter month, the 31st becomes the last day."""
    if unit == "workday":
        return _add_working_days(day, count)
    if unit in ("month", "year"):
        return _add_months(day, count * (12 if unit == "year" else 1))
    return day + timedelta(count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _add_months(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, 12)
    if not EARLIEST_YEAR <= day.year + years <= LATEST_YEAR:
        raise OverflowError(day.year + years)
    last = end_of_month(day.year + years, month + 1)
    return last.replace(day=min(day.day, last.day))


def _add_working_days(day: date, count: int) -> date:
    step = timedelta(1 if count > 0 else -1)
    for _ in range(min(abs(count), 1000)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def _counted(match: Match) -> tuple[int, str] | None:
    return None if match["count"] == "half" else (_number(match["count"]), match["unit"])


def _number(count: str) -> int:
    return 1 if count in ("a", "an") else int(count)


def _moved(sign: int) -> Rule:
    def rule(match: Match, asked: Asked) -> Choice[date] | None:
        counted = _counted(match)
        return counted and Choice.sure(add(asked.today, sign * counted[0], counted[1]))

    return rule


def _counted_from(match: Match, asked: Asked) -> Choice[date] | None:
    """ "A week on Tuesday", "Tuesday week", "two days before Christmas"; a count left out is one."""
    said = match.groupdict()
    base = day(said["rest"].split(), asked)
    if base is None or said.get("count") == "half":
        return None
    count = _number(said.get("count") or "1")
    return base.map(lambda start: add(start, -count if said.get("side") == "before" else count, said["unit"]))


def _weeks_after_weekday(match: Match, asked: Asked) -> Choice[date] | None:
    base, count = day(match["rest"].split(), asked), _number(match["count"])
    return base and base.map(lambda start: start + timedelta(7 * count))


def _weekday_in_weeks(match: Match, asked: Asked) -> Choice[date] | None:
    counted, weekday = _counted(match), int(match["weekday"])
    if counted is None:
        return None
    then = add(asked.today, *counted)
    of_that_week = then - timedelta(then.weekday()) + timedelta(weekday)
    from_coming = coming(weekday, asked).map(lambda start: add(start, *counted))
    why = "That may be counted by the calendar week or from the coming weekday."
    return Choice.either((of_that_week, *from_coming.values), why)


def _weeks_before_weekday(match: Match, asked: Asked) -> Choice[date] | None:
    counted = _counted(match)
    return counted and _last(match, asked).map(lambda start: add(start, -counted[0], counted[1]))


def _weeks_ago_on_weekday(match: Match, asked: Asked) -> Choice[date] | None:
    counted, weekday = _counted(match), int(match["weekday"])
    if counted is None:
        return None
    then = add(asked.today, -counted[0], counted[1])
    of_that_week = then - timedelta(then.weekday()) + timedelta(weekday)
    from_last = add(_last_before(asked.today, weekday), -counted[0], counted[1])
    return Choice.either((from_last, of_that_week), "That may be counted by the calendar week or from that weekday.")


def _weekday_beside(match: Match, asked: Asked) -> Choice[date] | None:
    base = day(match["rest"].split(), asked)
    weekday, more = int(match["weekday"]), timedelta(7 * (int(match["nth"] or 1) - 1))
    if match["side"] == "before":
        return base and base.map(lambda start: _last_before(start, weekday) - more)
    return base and base.map(lambda start: _first_after(start, weekday) + more)


# --- within a month -------------------------------------------------------------------------------------------------


def _months(match: Match, asked: Asked) -> list[tuple[int, int]]:
    """The (year, month) said; or, where only the month or "the month" was said, those around today to choose from."""
    said, today = match.groupdict(), asked.today
    if said.get("month"):
        years = [int(said["year"])] if said.get("year") else [today.year - 1, today.year, today.year + 1]
        return [(year, int(said["month"])) for year in years if EARLIEST_YEAR <= year <= LATEST_YEAR]
    shifts = {"this": [0], "next": [1], "last": [-1]}.get(said.get("which") or "", [-1, 0, 1])
    moved = [_add_months(today.replace(day=1), shift) for shift in shifts]
    return [(one.year, one.month) for one in moved]


def _within_month(pick: Callable[[Match, int, int], date | None]) -> Rule:
    """A rule for a day picked within a month; left to choose, it takes the month that brings the day next."""

    def rule(match: Match, asked: Asked) -> Choice[date] | None:
        months = _months(match, asked)
        found = [one for year, month in months if (one := pick(match, year, month)) is not None]
        if not found:
            return _no_such_day(*months[len(months) // 2]) if months else None
        return Choice.sure(found[0]) if len(months) == 1 else _preferred_day(found, asked)

    return rule


def _preferred_day(days: list[date], asked: Asked) -> Choice[date] | None:
    if asked.prefer == "past":
        days = [one for one in reversed(days) if one <= asked.today]
    else:
        days = [one for one in days if one >= asked.today]
    return Choice.sure(days[0]) if days else None


def _no_such_day(year: int, month: int) -> Choice[date]:
    return Choice.impossible(f"{MONTH_NAMES[month - 1]} {year} has no such day.")


def _nth_of_month(match: Match, year: int, month: int) -> date | None:
    nth = -1 if match["nth"] == "last" else int(match["nth"][0])
    return nth_weekday(year, month, int(match["weekday"]), nth)


def _numbered_of_month(match: Match, year: int, month: int) -> date | None:
    number = int(match["nth"])
    return date(year, month, number) if 1 <= number <= end_of_month(year, month).day else None


def _edge_of_month(match: Match, year: int, month: int) -> date:
    return end_of_month(year, month) if match["edge"] in ("end", "last Uday") else date(year, month, 1)


def _working_edge_of_month(match: Match, year: int, month: int) -> date:
    if match["edge"] == "last":
        return _add_working_days(end_of_month(year, month) + timedelta(1), -1)
    return _add_working_days(date(year, month, 1) - timedelta(1), int(match["edge"][:-2]))


def _middle_of_month(match: Match, asked: Asked) -> Choice[date] | None:
    middle = _within_month(lambda _match, year, month: date(year, month, 15))(match, asked)
    return middle and Choice.unclear("The middle of a month is no one day.", *middle.values)


def _part_only(_match: Match, _asked: Asked) -> Choice[date]:
    return Choice.unclear("That is no one day. Give the day.")


# --- other edges, and days with names -------------------------------------------------------------------------------


def _edge_of_week(match: Match, asked: Asked) -> Choice[date]:
    monday = asked.monday + timedelta({"this": 0, "next": 7, "last": -7}[match["which"] or "this"])
    if match["edge"] == "start":
        return Choice.sure(monday)
    why = "The end of a week may be its Friday or its Sunday."
    return Choice.unclear(why, monday + timedelta(4), monday + timedelta(6))


def _edge_of_year(match: Match, asked: Asked) -> Choice[date]:
    said = match.groupdict().get("year")
    year = int(said) if said else asked.today.year + {"this": 0, "next": 1, "last": -1}[match["which"] or "this"]
    return Choice.sure(date(year, 12, 31) if match["edge"] == "end" else date(year, 1, 1))


def _named(match: Match, asked: Asked) -> Choice[date] | None:
    rule = NAMED_DAYS.get(match["name"])
    if rule is None:
        return None
    weekday = match["weekday"] or None
    if match["year"]:
        found = Choice.sure(rule(int(match["year"])))
    else:
        years = (asked.today.year + shift for shift in (-1, 0, 1, 2))
        preferred = _preferred_day([rule(year) for year in years], asked)
        assert preferred is not None
        found = preferred
    if weekday is None:
        return found
    return found.then(lambda one: settled(Written(one.day, one.month, one.year, int(weekday)), asked))


def _easter(match: Match, asked: Asked) -> Choice[date]:
    years = [int(match["year"])] if match["year"] else [asked.today.year, asked.today.year + 1]
    sunday = next((one for one in map(easter, years) if one >= asked.today), easter(years[0]))
    why = "Easter may be any day from Good Friday to Easter Monday."
    return Choice.unclear(why, *(sunday + timedelta(shift) for shift in (-2, -1, 0, 1)))


def _new_year(_match: Match, asked: Asked) -> Choice[date]:
    eve = date(asked.today.year, 12, 31)
    return Choice.unclear("New Year may be its eve or its day.", eve, eve + timedelta(1))


def _may_bank_holiday(match: Match, asked: Asked) -> Choice[date]:
    year = int(match["year"]) if match["year"] else asked.today.year + (asked.today.month > 5)
    both = (NAMED_DAYS["M5 Uday"](year), NAMED_DAYS["spring bank holiday"](year))
    return Choice.unclear("May has two bank holidays.", *both)


def _next_bank_holiday(match: Match, asked: Asked) -> Choice[date]:
    weekday = match.groupdict().get("weekday")
    return Choice.sure(next_bank_holiday(asked.today, int(weekday) if weekday else None))


def _next_working_day(_match: Match, asked: Asked) -> Choice[date]:
    return Choice.sure(_add_working_days(asked.today, 1))


def _weekday_checked(match: Match, asked: Asked) -> Choice[date] | None:
    """A day with its weekday beside it ("tomorrow, Thursday"): kept when they agree, questioned when not."""
    base, weekday = day(match["rest"].split(), asked), int(match["weekday"])
    return base and base.then(lambda one: settled(Written(one.day, one.month, one.year, weekday), asked))


_SIMPLE = r"(?:(?:next|this|coming) )?W\d|today|tomorrow|yesterday"
_NAME = "|".join(map(re.escape, sorted(NAMED_DAYS, key=len, reverse=True)))
_IN_MONTH = rf"(?:{_MONTH_YEAR}|(?:in )?(?:{_WHICH} )?Umonth)"
_NTH = r"(?P<nth>[1-5]th|last)"

_RULES: tuple[tuple[str, Rule], ...] = (
    (r"(?:later )?today|this Uday", _days_from_today(0)),
    (r"tomorrow|next Uday", _days_from_today(1)),
    (r"yesterday", _days_from_today(-1)),
    (r"Uday after tomorrow|overmorrow", _days_from_today(2)),
    (r"Uday before yesterday", _days_from_today(-2)),
    (_WEEKDAY, _plain),
    (rf"(?:this )?coming {_WEEKDAY}", _coming_strictly),
    (rf"{_WEEKDAY} coming", _coming_strictly),
    (rf"this {_WEEKDAY}", _this),
    (rf"next {_WEEKDAY}", _next),
    (rf"{_WEEKDAY} next", _next),
    (rf"last {_WEEKDAY}", _last),
    (rf"{_WEEKDAY} last", _last),
    (rf"{_WEEKDAY} just (?:gone|past)", _just_gone),
    (rf"(?:this )?past {_WEEKDAY}", _just_gone),
    (rf"{_WEEKDAY} before last", _last_but_one),
    (rf"{_WEEKDAY} after next", _next_but_one),
    (rf"{_WEEKDAY} (?:in |on )?{_WHICH} Uweek", _of_week),
    (rf"{_WHICH} Uweek (?:on )?{_WEEKDAY}", _of_week),
    (rf"{_WEEKDAY} (?:in )?Uweek after next", _of_week_shifted(2)),
    (rf"Uweek after next (?:on )?{_WEEKDAY}", _of_week_shifted(2)),
    (rf"{_WEEKDAY} (?:in )?Uweek before last", _of_week_shifted(-2)),
    (rf"in {_COUNT} {_UNIT}(?: time)?", _moved(1)),
    (rf"{_COUNT} {_UNIT} (?:from (?:now|today)|hence|later|time|today|ahead)", _moved(1)),
    (rf"{_COUNT} {_UNIT} (?:ago|back)(?: today)?", _moved(-1)),
    (rf"{_COUNT} {_UNIT} last {_WEEKDAY}", _weeks_before_weekday),
    (rf"{_COUNT} {_UNIT} ago (?:on |last )?{_WEEKDAY}", _weeks_ago_on_weekday),
    (rf"{_COUNT} U(?P<unit>week|fortnight|month) (?:(?:on|from) )?(?P<rest>{_SIMPLE})", _counted_from),
    (rf"U(?P<unit>week|fortnight) (?:on|from) (?P<rest>{_SIMPLE})", _counted_from),
    (r"U(?P<unit>fortnight) (?P<rest>today|tomorrow)", _counted_from),
    (rf"(?P<rest>{_SIMPLE}) U(?P<unit>week|fortnight)", _counted_from),
    (rf"(?P<rest>{_SIMPLE}) {_COUNT} Uweek", _weeks_after_weekday),
    (rf"{_WEEKDAY} (?:in )?{_COUNT} {_UNIT}(?: time)?", _weekday_in_weeks),
    (rf"in {_COUNT} {_UNIT}(?: time)? (?:on )?{_WEEKDAY}", _weekday_in_weeks),
    (rf"{_COUNT} {_UNIT} (?P<side>before|after) (?P<rest>.+)", _counted_from),
    (r"U(?P<unit>day|workday) (?P<side>before|after) (?P<rest>.+)", _counted_from),
    (rf"(?:(?P<nth>[1-9])th )?{_WEEKDAY} (?P<side>before|after) (?P<rest>.+)", _weekday_beside),
    (rf"{_NTH} {_WEEKDAY} {_IN_MONTH}", _within_month(_nth_of_month)),
    (rf"{_MONTH_YEAR} {_NTH} {_WEEKDAY}", _within_month(_nth_of_month)),
    (rf"(?P<nth>\d{{1,2}})th (?:in )?(?:{_WHICH} )?Umonth", _within_month(_numbered_of_month)),
    (rf"(?P<nth>\d{{1,2}}) (?:in )?{_WHICH} Umonth", _within_month(_numbered_of_month)),
    (rf"(?P<edge>end|start|last Uday|1th Uday) {_IN_MONTH}", _within_month(_edge_of_month)),
    (r"Umonth (?P<edge>end)", _within_month(_edge_of_month)),
    (r"M(?P<month>\d+) (?P<edge>end)", _within_month(_edge_of_month)),
    (rf"(?P<edge>last|[1-5]th) Uworkday {_IN_MONTH}", _within_month(_working_edge_of_month)),
    (rf"middle -? ?{_IN_MONTH}", _middle_of_month),
    (rf"(?:early|late) (?:- )?{_IN_MONTH}", _part_only),
    (r"(?P<edge>end|start) (?:(?P<which>this|next|last) )?Uweek", _edge_of_week),
    (r"(?P<edge>end|start) (?:(?P<which>this|next|last) )?Uyear", _edge_of_year),
    (r"(?P<edge>end|start) (?P<year>20\d\d)", _edge_of_year),
    (rf"(?:W(?P<weekday>\d) )?(?P<name>{_NAME})(?: (?P<year>20\d\d))?", _named),
    (rf"(?P<weekday>)(?P<name>{_NAME}) W0(?: (?P<year>20\d\d))?", _named),
    (r"new Uyear", _new_year),
    (rf"(?:early|late|middle) {_WHICH} Uweek", _part_only),
    (r"easter(?: (?P<year>20\d\d))?", _easter),
    (r"M5 bank holiday(?: (?P<year>20\d\d))?", _may_bank_holiday),
    (r"next bank holiday", _next_bank_holiday),
    (r"(?:next )?bank holiday W(?P<weekday>0)", _next_bank_holiday),
    (r"next Uworkday", _next_working_day),
    (rf"(?P<rest>today|tomorrow|yesterday|Uday after tomorrow) {_WEEKDAY}", _weekday_checked),
    (rf"{_WEEKDAY} (?P<rest>today|tomorrow|yesterday)", _weekday_checked),
    (rf"{_WEEKDAY} (?P<rest>(?:in )?\d+ U(?:week|fortnight) (?:today|time))", _weekday_checked),
)
