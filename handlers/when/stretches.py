"""Several days together: "24-27 Nov", "Mon-Thurs next week", "28 December to 2 January", "w/c 9 March", "24 & 27 Nov".
A visit's first and last day come from here: both ends are always kept, and an end before its start is questioned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from handlers.when.asked import Asked
from handlers.when.days import add, day
from handlers.when.holidays import end_of_month
from handlers.when.patterns import whole
from handlers.when.readings import Choice
from handlers.when.vocabulary import MONTH_NAMES, in_words, weekday_name
from handlers.when.written import EARLIEST_YEAR, LATEST_YEAR, Written, settled, written

Span = tuple[date, date]

_LEADS = frozenset(("from", "between", "on", "for", "at", "by", ","))


def day_range(words: list[str], asked: Asked) -> Choice[Span] | None:
    """The first and last day a phrase stands for, both included, or None."""
    if checked := _checked_beside(words, asked):
        return checked
    joints = {"and"} if words[:1] == ["between"] else {"-", "to"}
    words = _unled(words)
    if entire := _entire(words, asked):
        return entire
    if lasting := _lasting(words, asked):
        return lasting
    week, rest = _week_said(words, asked)
    for at, word in enumerate(rest):
        if word in joints and 0 < at < len(rest) - 1:
            first, last = _unled(rest[:at]), _unled(rest[at + 1 :])
            found = _between(first, last, asked) if week is None else _within_week(first, last, week)
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


def _unled(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) and words[start] in _LEADS:
        start += 1
    return [word for word in words[start:] if word != ","]


# --- from one day to another ----------------------------------------------------------------------------------------


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


# --- whole weeks, weekends, months and years ------------------------------------------------------------------------

_WEEKS = {
    "this Uweek": 0,
    "next Uweek": 1,
    "last Uweek": -1,
    "Uweek after next": 2,
    "Uweek before last": -2,
    "in Uweek after next": 2,
}


def _week_said(words: list[str], asked: Asked) -> tuple[date | None, list[str]]:
    """Takes "next week" off either end of "Mon-Thurs next week", and gives its Monday."""
    for length in (2, 3):
        for said, rest in ((words[:length], words[length:]), (words[-length:], words[:-length])):
            weeks = _WEEKS.get(" ".join(said))
            if weeks is not None and rest:
                return asked.monday + timedelta(7 * weeks), _led(rest)
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
            return week.values[0][0], _led(rest)
    return None, words


def weekday_of_week(words: list[str], asked: Asked) -> Choice[date] | None:
    """ "Tuesday w/c 30 Nov": the one day of a week said beside it."""
    week, rest = _week_said(words, asked)
    weekday = whole(r"W(\d)", " ".join(word for word in rest if word not in (",", "in")))
    return Choice.sure(week + timedelta(int(weekday[1]))) if week and weekday else None


def _within_week(first: list[str], last: list[str], monday: date) -> Choice[Span] | None:
    start, end = (whole(r"W(\d)", " ".join(side)) for side in (first, last))
    if not start or not end:
        return None
    opening = monday + timedelta(int(start[1]))
    return Choice.sure((opening, opening + timedelta((int(end[1]) - int(start[1])) % 7)))


def _week(monday: date) -> Span:
    return monday, monday + timedelta(6)


def _entire(words: list[str], asked: Asked) -> Choice[Span] | None:
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
    years = [written_in(words, asked, one.year + shift) for shift in (-1, 1)]
    mondays = [other for other in years if other and other.weekday() == 0]
    return Choice.unclear(why, *map(_week, (one - timedelta(one.weekday()), *mondays)), (one, one + timedelta(6)))


def written_in(words: list[str], asked: Asked, year: int) -> date | None:
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
    return Choice.either((_all_of(one, month) for one in years), "Which year's do you mean?")


def _all_of(year: int, month: int) -> Span:
    return date(year, month, 1), end_of_month(year, month)


def _year(phrase: str, asked: Asked) -> Choice[Span] | None:
    match = whole(r"(this|next|last) Uyear", phrase)
    if match is None:
        return None
    year = asked.today.year + {"this": 0, "next": 1, "last": -1}[match[1]]
    return Choice.sure((date(year, 1, 1), date(year, 12, 31)))


# --- separate days --------------------------------------------------------------------------------------------------

MOST_DAYS = 31


def day_list(words: list[str], asked: Asked) -> Choice[tuple[date, ...]] | None:
    """The separate days of "24, 26 and 27 Nov" or "Mon, Wed and Fri". With "or", each is an option, none is chosen."""
    words = _led(words)
    week, words = _week_said(words, asked)
    either = "or" in words
    items = [item for item in _items(words) if item]
    if not 2 <= len(items) <= MOST_DAYS:
        return None
    found = _each_day(items, asked, week)
    if found is None:
        return None
    if either and found.reason is None:
        return Choice.unclear("Which of them is it?", *((one,) for one in found.values[0]))
    return found


def _led(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) and words[start] in _LEADS:
        start += 1
    return words[start:]


def _items(words: list[str]) -> Iterator[list[str]]:
    """The items between commas, "and", "or" and slashes; "24/25 Nov" is two days of November."""
    item: list[str] = []
    for at, word in enumerate(words):
        pair = whole(r"(\d{1,2})/(\d{1,2})", word)
        if word in {",", "and", "or", "/"}:
            yield item
            item = []
        elif pair and at + 1 < len(words) and words[at + 1].startswith("M"):
            yield [*item, pair[1]]
            item = [pair[2]]
        else:
            item.append(word)
    yield item


def _each_day(items: list[list[str]], asked: Asked, week: date | None) -> Choice[tuple[date, ...]] | None:
    """Reads each item, lending a bare "24" the month of the item after it and counting weekdays onwards."""
    found: Choice[tuple[date, ...]] = Choice.sure(())
    for at, item in enumerate(items):
        days = _one_or_more(item, items[at + 1 :], found.values[0] if found.values else (), asked, week)
        if days is None:
            return None
        found = found.join(days, lambda before, more: tuple(sorted({*before, *more})))
    if all(len(item) == 1 and item[0].isdigit() for item in items):
        return None
    return found


def _one_or_more(
    item: list[str], later: list[list[str]], before: tuple[date, ...], asked: Asked, week: date | None
) -> Choice[tuple[date, ...]] | None:
    weekday = whole(r"W(\d)", " ".join(_unled(item)))
    if weekday and week:
        return Choice.sure((week + timedelta(int(weekday[1])),))
    if weekday and before:
        ahead = (int(weekday[1]) - before[-1].weekday()) % 7 or 7
        return Choice.sure((before[-1] + timedelta(ahead),))
    lent = None if _with_weekday(item, later) else _lent(item, later, before)
    if lent:
        return settled(lent, asked).map(lambda one: (one,))
    if one := day(_with_weekday(item, later) or item, asked):
        return one.map(lambda only: (only,))
    spans = day_range(_with_month(item, later), asked) if {"-", "to"} & set(item) else None
    return spans and spans.map(_days_of)


def _with_weekday(item: list[str], later: list[list[str]]) -> list[str]:
    """ "1st and 3rd Tuesday of the month": the first of them is a Tuesday too."""
    if len(item) != 1 or not whole(r"[1-5]th|last", item[0]):
        return []
    return next(([*item, *other[1:]] for other in later if whole(r"(?:[1-5]th|last) W\d .*", " ".join(other))), [])


def _lent(item: list[str], later: list[list[str]], before: tuple[date, ...]) -> Written | None:
    """A day with the month and year it leaves out, from the items after it, or from the day before it."""
    one = written(" ".join(_unled(item)), bare=True)
    if one is None or (one.month is not None and one.year is not None):
        return None
    given = [lender for other in later if (lender := written(" ".join(_unled(other)), bare=True))]
    year = one.year or next((lender.year for lender in given if lender.year), None)
    if one.month is not None:
        return replace(one, year=year)
    month = next((lender.month for lender in given if lender.month), None)
    if month is None and before:
        return replace(one, month=before[-1].month, year=before[-1].year)
    return replace(one, month=month, year=year) if month else one


def _with_month(item: list[str], later: list[list[str]]) -> list[str]:
    """ "24-25 & 27 Nov": the first range lacks a month that comes after it."""
    if any(word.startswith("M") for word in item):
        return item
    months = [words[at:] for words in later for at, word in enumerate(words) if word.startswith("M")]
    return item + months[0] if months else item


def _days_of(span: Span) -> tuple[date, ...]:
    length = min((span[1] - span[0]).days, MOST_DAYS)
    return tuple(span[0] + timedelta(shift) for shift in range(length + 1))
