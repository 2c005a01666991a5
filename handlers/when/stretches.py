"""Several days together: "24-27 Nov", "Mon-Thurs next week", "28 December to 2 January", "24 Nov for 4 days".
A visit's first and last day come from here: both ends are always kept, and an end before its start is questioned.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from handlers.when.asked import Asked
from handlers.when.days import day
from handlers.when.patterns import whole
from handlers.when.periods import Span, week_said, whole_period, within_week
from handlers.when.readings import Choice
from handlers.when.vocabulary import pruned
from handlers.when.written import Written, settled, written


def day_range(words: list[str], asked: Asked) -> Choice[Span] | None:
    """The first and last day a phrase stands for, both included, or None."""
    if checked := _checked_beside(words, asked):
        return checked
    joints = {"and"} if words[:1] == ["between"] else {"-", "to"}
    words = pruned(words)
    if period := whole_period(words, asked):
        return period
    if lasting := _lasting(words, asked):
        return lasting
    week, rest = week_said(words, asked)
    for at, word in enumerate(rest):
        if word in joints and 0 < at < len(rest) - 1:
            first, last = pruned(rest[:at]), pruned(rest[at + 1 :])
            found = _between(first, last, asked) if week is None else within_week(first, last, week)
            if found:
                return found
    return None


def _checked_beside(words: list[str], asked: Asked) -> Choice[Span] | None:
    """ "24-27 Nov (Tue-Fri)" and "24-27 Nov (4 days)": what is said beside a range must agree with it."""
    beside = whole(r"(.+) , (?:W(\d) (?:-|to) W(\d)|(\d{1,2}) Uday)(?: ,)?", " ".join(words))
    spans = day_range(beside[1].split(), asked) if beside and {"-", "to"} & set(beside[1].split()) else None
    if beside is None or spans is None or spans.reason is not None:
        return spans
    first, last = spans.values[0]
    if beside[4]:
        agrees = (last - first).days + 1 == int(beside[4])
    else:
        agrees = (first.weekday(), last.weekday()) == (int(beside[2]), int(beside[3]))
    why = "The days do not agree with what is said beside them."
    return spans if agrees else Choice.unclear(why, (first, last))


def _between(first: list[str], last: list[str], asked: Asked) -> Choice[Span] | None:
    start, end = written(" ".join(first), bare=True), written(" ".join(last), bare=True)
    if (
        start
        and end
        and len(last) == 1
        and last[0].isdigit()
        and start.year
        and start.year < 100
        and "M" in " ".join(first)
    ):
        return None  # "24 Nov 26-28"
    if start and end:
        return None if _too_bare(first, last) else _from_written(start, end, asked)
    if start and not start.month and "W" not in " ".join(first):
        return None  # "24 to Friday" leaves the month to be guessed
    opening = settled(start, asked) if start else day(first, asked)
    return opening and _closing(opening, last, end, asked)


def _too_bare(first: list[str], last: list[str]) -> bool:
    """ "24-27" is two numbers; something must say that they are days."""
    return len(first) == len(last) == 1 and first[0].isdigit() and last[0].isdigit()


def _closing(opening: Choice[date], last: list[str], end: Written | None, asked: Asked) -> Choice[Span] | None:
    spans = []
    for start in opening.values:
        closing = settled(end, asked.from_day(start)) if end else _day_on_or_after(last, start, asked)
        if closing is None:
            return None
        spans.append(closing.map(lambda finish, start=start: (start, finish)))  # type: ignore[misc]  # a lambda with a default has no type
    merged = [span for one in spans for span in one.values]
    worst = next((one for one in spans if one.reason), opening)
    return _in_order(Choice(tuple(dict.fromkeys(merged)), worst.reason, worst.why))


def _day_on_or_after(words: list[str], start: date, asked: Asked) -> Choice[date] | None:
    """The end of a range: a bare weekday counts from its start, anything else from today."""
    if len(words) == 1 and (match := whole(r"W(\d)", words[0])):
        weekday = int(match[1])
        return Choice.sure(start + timedelta((weekday - start.weekday()) % 7 or 7))
    return day(words, asked)


def _from_written(start: Written, end: Written, asked: Asked) -> Choice[Span]:
    """Each end lends the other the month and the year it leaves out; the range is then the one that ends next."""
    start, end = _lend_months(start, end)
    if start.month is None or end.month is None:
        return _in_months_to_come(start, end, asked)
    if not (1 <= start.month <= 12 and 1 <= end.month <= 12):
        return settled(start, asked).join(settled(end, asked), lambda a, b: (a, b))
    crosses = (start.month, start.day) > (end.month, end.day)
    if crosses and start.month == end.month and not (start.year and end.year):
        swapped = _from_written(replace(end, weekday=None), replace(start, weekday=None), asked)
        return _backwards(*swapped.values)
    if start.year is None and end.year is not None:
        start = replace(start, year=end.year - crosses)
    elif start.year is not None and end.year is None:
        end = replace(end, year=start.year + crosses)
    elif start.year is None:
        start, end = _coming_years(start, end, asked, crosses=crosses)
    spans = settled(start, asked).join(settled(end, asked), lambda first, last: (first, last))
    return _in_order(spans)


def _backwards(*options: Span) -> Choice[Span]:
    return Choice.unclear("The last day comes before the first.", *options)


def _lend_months(start: Written, end: Written) -> tuple[Written, Written]:
    if start.month is None:
        start = replace(start, month=end.month, year=start.year or end.year)
    if end.month is None:
        end = replace(end, month=start.month, year=end.year or start.year)
    return start, end


def _coming_years(start: Written, end: Written, asked: Asked, *, crosses: bool) -> tuple[Written, Written]:
    """The years that bring a range without one next (or last, looking back); a range under way is this year's."""
    today = (asked.today.year, asked.today.month, asked.today.day)
    around = [asked.today.year + shift for shift in (-1, 0, 1)]
    if asked.prefer == "past":
        year = [one for one in around if (one, start.month, start.day) <= today][-1]
    else:
        year = next(one for one in around if (one + crosses, end.month, end.day) >= today)
    return replace(start, year=year), replace(end, year=year + crosses)


def _in_months_to_come(start: Written, end: Written, asked: Asked) -> Choice[Span]:
    """ "24th-27th": the coming days of those numbers, this month's while they last."""
    if end.day >= start.day:
        closing = settled(end, asked)
        return closing.then(
            lambda last: settled(replace(start, month=last.month, year=last.year), asked).map(
                lambda first: (first, last)
            )
        )
    opening = settled(start, asked)
    return opening.then(lambda first: settled(end, asked.from_day(first)).map(lambda last: (first, last)))


def _in_order(spans: Choice[Span]) -> Choice[Span]:
    """Questions a range whose end comes before its start."""
    if spans.reason is not None or spans.values[0][0] <= spans.values[0][1]:
        return spans
    first, last = spans.values[0]
    return _backwards((last, first))


def _lasting(words: list[str], asked: Asked) -> Choice[Span] | None:
    """ "24 Nov for 4 days": the first day is one of the four."""
    match = whole(r"(.+) for (\d{1,3}) Uday", " ".join(words))
    opening = day(match[1].split(), asked) if match else None
    if match is None or opening is None or match[2] == "0":
        return None
    return opening.map(lambda first: (first, first + timedelta(int(match[2]) - 1)))
