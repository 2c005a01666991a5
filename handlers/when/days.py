"""One day as British people say it: "Tuesday week", "a fortnight on Friday", "last Friday of January", "the day after
Boxing Day". Where speakers differ ("next Friday" said on a Wednesday) both days are offered and none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from handlers.when import months, named_days, weekdays
from handlers.when.asked import Asked
from handlers.when.counting import add
from handlers.when.holidays import NAMED_DAYS
from handlers.when.patterns import Match, Rule
from handlers.when.readings import Choice
from handlers.when.vocabulary import words_of
from handlers.when.written import Written, settled, written

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


# --- counting -------------------------------------------------------------------------------------------------------


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
    from_coming = weekdays.coming(weekday, asked).map(lambda start: add(start, *counted))
    why = "That may be counted by the calendar week or from the coming weekday."
    return Choice.either((of_that_week, *from_coming.values), why)


def _weeks_before_weekday(match: Match, asked: Asked) -> Choice[date] | None:
    counted = _counted(match)
    return counted and weekdays.last_one(match, asked).map(lambda start: add(start, -counted[0], counted[1]))


def _weeks_ago_on_weekday(match: Match, asked: Asked) -> Choice[date] | None:
    counted, weekday = _counted(match), int(match["weekday"])
    if counted is None:
        return None
    then = add(asked.today, -counted[0], counted[1])
    of_that_week = then - timedelta(then.weekday()) + timedelta(weekday)
    from_last = add(weekdays.last_before(asked.today, weekday), -counted[0], counted[1])
    return Choice.either((from_last, of_that_week), "That may be counted by the calendar week or from that weekday.")


def _weekday_beside(match: Match, asked: Asked) -> Choice[date] | None:
    base = day(match["rest"].split(), asked)
    weekday, more = int(match["weekday"]), timedelta(7 * (int(match["nth"] or 1) - 1))
    if match["side"] == "before":
        return base and base.map(lambda start: weekdays.last_before(start, weekday) - more)
    return base and base.map(lambda start: weekdays.first_after(start, weekday) + more)


def _weekday_checked(match: Match, asked: Asked) -> Choice[date] | None:
    """A day with its weekday beside it ("tomorrow, Thursday"): kept when they agree, questioned when not."""
    base, weekday = day(match["rest"].split(), asked), int(match["weekday"])
    return base and base.then(lambda one: settled(Written(one.day, one.month, one.year, weekday), asked))


_SIMPLE = r"(?:(?:next|this|coming) )?W\d|today|tomorrow|yesterday"
_NAME = "|".join(map(re.escape, sorted(NAMED_DAYS, key=len, reverse=True)))
_IN_MONTH = rf"(?:{_MONTH_YEAR}|(?:in )?(?:{_WHICH} )?Umonth)"
_NTH = r"(?P<nth>[1-5]th|last)"

_RULES: tuple[tuple[str, Rule], ...] = (
    (r"(?:later )?today|this Uday", weekdays.days_from_today(0)),
    (r"tomorrow|next Uday", weekdays.days_from_today(1)),
    (r"yesterday", weekdays.days_from_today(-1)),
    (r"Uday after tomorrow|overmorrow", weekdays.days_from_today(2)),
    (r"Uday before yesterday", weekdays.days_from_today(-2)),
    (_WEEKDAY, weekdays.plain),
    (rf"(?:this )?coming {_WEEKDAY}", weekdays.coming_strictly),
    (rf"{_WEEKDAY} coming", weekdays.coming_strictly),
    (rf"this {_WEEKDAY}", weekdays.this_one),
    (rf"next {_WEEKDAY}", weekdays.next_one),
    (rf"{_WEEKDAY} next", weekdays.next_one),
    (rf"last {_WEEKDAY}", weekdays.last_one),
    (rf"{_WEEKDAY} last", weekdays.last_one),
    (rf"{_WEEKDAY} just (?:gone|past)", weekdays.just_gone),
    (rf"(?:this )?past {_WEEKDAY}", weekdays.just_gone),
    (rf"{_WEEKDAY} before last", weekdays.last_but_one),
    (rf"{_WEEKDAY} after next", weekdays.next_but_one),
    (rf"{_WEEKDAY} (?:in |on )?{_WHICH} Uweek", weekdays.of_week),
    (rf"{_WHICH} Uweek (?:on )?{_WEEKDAY}", weekdays.of_week),
    (rf"{_WEEKDAY} (?:in )?Uweek after next", weekdays.of_week_shifted(2)),
    (rf"Uweek after next (?:on )?{_WEEKDAY}", weekdays.of_week_shifted(2)),
    (rf"{_WEEKDAY} (?:in )?Uweek before last", weekdays.of_week_shifted(-2)),
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
    (rf"{_NTH} {_WEEKDAY} {_IN_MONTH}", months.within_month(months.nth_of_month)),
    (rf"{_MONTH_YEAR} {_NTH} {_WEEKDAY}", months.within_month(months.nth_of_month)),
    (rf"(?P<nth>\d{{1,2}})th (?:in )?(?:{_WHICH} )?Umonth", months.within_month(months.numbered_of_month)),
    (rf"(?P<nth>\d{{1,2}}) (?:in )?{_WHICH} Umonth", months.within_month(months.numbered_of_month)),
    (rf"(?P<edge>end|start|last Uday|1th Uday) {_IN_MONTH}", months.within_month(months.edge_of_month)),
    (r"Umonth (?P<edge>end)", months.within_month(months.edge_of_month)),
    (r"M(?P<month>\d+) (?P<edge>end)", months.within_month(months.edge_of_month)),
    (rf"(?P<edge>last|[1-5]th) Uworkday {_IN_MONTH}", months.within_month(months.working_edge_of_month)),
    (rf"middle -? ?{_IN_MONTH}", months.middle_of_month),
    (rf"(?:early|late) (?:- )?{_IN_MONTH}", months.part_only),
    (r"(?P<edge>end|start) (?:(?P<which>this|next|last) )?Uweek", named_days.edge_of_week),
    (r"(?P<edge>end|start) (?:(?P<which>this|next|last) )?Uyear", named_days.edge_of_year),
    (r"(?P<edge>end|start) (?P<year>20\d\d)", named_days.edge_of_year),
    (rf"(?:W(?P<weekday>\d) )?(?P<name>{_NAME})(?: (?P<year>20\d\d))?", named_days.named),
    (rf"(?P<weekday>)(?P<name>{_NAME}) W0(?: (?P<year>20\d\d))?", named_days.named),
    (r"new Uyear", named_days.new_year),
    (rf"(?:early|late|middle) {_WHICH} Uweek", months.part_only),
    (r"easter(?: (?P<year>20\d\d))?", named_days.easter_said),
    (r"M5 bank holiday(?: (?P<year>20\d\d))?", named_days.may_bank_holiday),
    (r"next bank holiday", named_days.coming_bank_holiday),
    (r"(?:next )?bank holiday W(?P<weekday>0)", named_days.coming_bank_holiday),
    (r"next Uworkday", named_days.next_working_day),
    (rf"(?P<rest>today|tomorrow|yesterday|Uday after tomorrow) {_WEEKDAY}", _weekday_checked),
    (rf"{_WEEKDAY} (?P<rest>today|tomorrow|yesterday)", _weekday_checked),
    (rf"{_WEEKDAY} (?P<rest>(?:in )?\d+ U(?:week|fortnight) (?:today|time))", _weekday_checked),
)
