"""What comes round again: "weekdays at 10:30, 13:00 and 16:15", "every other Monday", "monthly on the first Monday".
Session times and reminders are set this way; the rule is RFC 5545's, the times are kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time

from handlers.when.asked import Asked
from handlers.when.clock import time_of_day, time_range
from handlers.when.days import day
from handlers.when.patterns import whole
from handlers.when.readings import Choice, Recurrence
from handlers.when.stretches import day_range
from handlers.when.vocabulary import BYDAY
from handlers.when.written import written

Bounds = tuple[date | None, date | None]

_FREQUENCY = {
    "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY", "hour": "HOURLY", "minute": "MINUTELY",
}  # fmt: skip
_WORKING_WEEK = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
_WEEKENDS = "FREQ=WEEKLY;BYDAY=SA,SU"
_FIXED = {
    "daily": "FREQ=DAILY",
    "nightly": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "yearly": "FREQ=YEARLY",
    "hourly": "FREQ=HOURLY",
    "weekdays": _WORKING_WEEK,
    "every weekdays": _WORKING_WEEK,
    "every Uworkday": _WORKING_WEEK,
    "weekends": _WEEKENDS,
    "every weekend": _WEEKENDS,
    "every half Uhour": "FREQ=MINUTELY;INTERVAL=30",
    "every half an Uhour": "FREQ=MINUTELY;INTERVAL=30",
    "every quarter an Uhour": "FREQ=MINUTELY;INTERVAL=15",
    "every quarter Uhour": "FREQ=MINUTELY;INTERVAL=15",
    "every quarter": "FREQ=MONTHLY;INTERVAL=3",
    "twice a Uday": "FREQ=DAILY",
    "twice daily": "FREQ=DAILY",
    "last Uworkday every Umonth": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
}
_OPENINGS = frozenset(("every", *(phrase.split()[0] for phrase in _FIXED), "once", "1th", "2th", "3th", "4th", "last"))
_PARTS = frozenset(("morning", "afternoon", "evening", "night"))
_MOST_TIMES = 24
_NO_TIMES: Choice[tuple[time, ...]] = Choice.sure(())
_DAYS = r"(?P<days>[WP]\d(?: ?(?:,|and|, and|/) [WP]\d)*)"
_SPAN = r"(?P<first>[WP]\d) (?:-|to) (?P<last>[WP]\d)"
_NTHS = r"(?P<nths>(?:[1-5]th|last)(?: (?:,|and) (?:[1-5]th|last))*)"
_MONTHLY = r"(?:monthly|every Umonth)"


def recurrence(words: list[str], asked: Asked) -> Choice[Recurrence] | None:
    """The rule, times and first day of a phrase that comes round again, or None."""
    if not _may_recur(words):
        return None
    words = [word for at, word in enumerate(words) if word != "a" or not _is_weekday(words[at + 1 : at + 2])]
    if words[-2:] == ["every", "Uweek"] and (found := _by_splits(["every", *words[:-2]], asked)):
        return found  # "Mon to Fri at 9 every week"
    return _by_splits(words, asked)


def _is_weekday(word: list[str]) -> bool:
    return bool(word) and word[0][0] in "WP"


def _by_splits(words: list[str], asked: Asked) -> Choice[Recurrence] | None:
    for rule_words, rest in _rule_and_rest(words):
        rule = _rule(_plain(rule_words))
        found = _with_times_and_bounds(rule, rule_words, rest, asked) if rule else None
        if found:
            return found
    return None


def _may_recur(words: list[str]) -> bool:
    return any(word in _OPENINGS or re.fullmatch(r"P\d", word) for word in words)


def _rule_and_rest(words: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Every way to take the rule off the front or the back, the longest rule first."""
    for length in range(len(words), 0, -1):
        yield words[:length], words[length:]
        if length < len(words):
            yield words[-length:], words[:-length]


def _plain(words: list[str]) -> str:
    return " ".join(words).removeprefix("on ").removesuffix(" ,")


# --- the rule -------------------------------------------------------------------------------------------------------


def _rule(phrase: str) -> Choice[str] | None:
    words = phrase.split()
    if len(words) > 1 and words[-1] in _PARTS:
        phrase = " ".join(words[:-1]) if words[0] != "every" or len(words) > 2 else "every Uday"
    if fixed := _FIXED.get(phrase):
        return Choice.sure(fixed)
    for form, make in _RULES:
        if match := whole(form, phrase):
            return make(match)
    return None


def _weekdays_of(days: str) -> list[int]:
    return sorted({int(number) for number in re.findall(r"[WP](\d)", days)})


def _byday(weekdays: list[int]) -> str:
    return ",".join(BYDAY[weekday] for weekday in weekdays)


def _interval(count: int) -> str:
    return f";INTERVAL={count}" if count > 1 else ""


def _every_unit(match: re.Match[str]) -> Choice[str]:
    said = match.groupdict()
    count = 2 if said["count"] in ("other", "2th") else int((said["count"] or "1").removesuffix("th"))
    unit, days = said["unit"], said.get("days")
    count, unit = (count * 2, "week") if unit == "fortnight" else (count, unit)
    if not count or (days and unit != "week"):
        return Choice.impossible(
            "Nothing comes round every 0 days." if not count else "Weekdays come round by the week."
        )
    on = f";BYDAY={_byday(_weekdays_of(days))}" if days else ""
    return Choice.sure(f"FREQ={_FREQUENCY[unit]}{_interval(count)}{on}")


def _weekly(match: re.Match[str]) -> Choice[str]:
    count = {"other": 2, "fortnightly": 2}.get(match.groupdict().get("pace") or "", 1)
    return Choice.sure(f"FREQ=WEEKLY{_interval(count)};BYDAY={_byday(_weekdays_of(match['days']))}")


def _from_weekday_to_weekday(match: re.Match[str]) -> Choice[str]:
    first, last = int(match["first"][1]), int(match["last"][1])
    run = [(first + shift) % 7 for shift in range((last - first) % 7 + 1)]
    return Choice.sure(f"FREQ=WEEKLY;BYDAY={_byday(sorted(run))}")


def _nth_in_month(match: re.Match[str]) -> Choice[str]:
    nths = [-1 if nth == "last" else int(nth[0]) for nth in re.findall(r"[1-5]th|last", match["nths"])]
    return Choice.sure("FREQ=MONTHLY;BYDAY=" + ",".join(f"{nth}{BYDAY[int(match['weekday'])]}" for nth in nths))


def _nth_weekday_either(match: re.Match[str]) -> Choice[str]:
    nth, name = int(match["nth"][0]), BYDAY[int(match["weekday"])]
    why = "That may be counted by the week, or within each month."
    return Choice.unclear(why, f"FREQ=WEEKLY{_interval(nth)};BYDAY={name}", f"FREQ=MONTHLY;BYDAY={nth}{name}")


def _day_of_month(match: re.Match[str]) -> Choice[str]:
    number = -1 if match["number"] == "last Uday" else int(match["number"].split()[0].removesuffix("th"))
    if number > 31 or number == 0:
        return Choice.impossible(f"No month has a day {number}.")
    return Choice.sure(f"FREQ=MONTHLY;BYMONTHDAY={number}")


def _day_of_year(match: re.Match[str]) -> Choice[str] | None:
    one = written(match["day"])
    if one is None or one.month is None or one.year is not None or not 1 <= one.day <= 31:
        return None
    return Choice.sure(f"FREQ=YEARLY;BYMONTH={one.month};BYMONTHDAY={one.day}")


def _all_but(match: re.Match[str]) -> Choice[str]:
    usual = range(5) if "weekdays" in match["usual"] else range(7)
    kept = [weekday for weekday in usual if weekday not in _weekdays_of(match["days"])]
    return Choice.sure(f"FREQ=WEEKLY;BYDAY={_byday(kept)}")


_UNIT = r"U(?P<unit>day|week|fortnight|month|year|hour|minute)"
_RULES: tuple[tuple[str, Callable[[re.Match[str]], Choice[str] | None]], ...] = (
    (rf"every (?:(?P<count>other|\d{{1,3}}|2th) )?{_UNIT}(?: (?:on )?{_DAYS})?", _every_unit),
    (
        rf"(?P<count>once) an? {_UNIT}",
        lambda match: (
            Choice.sure(f"FREQ={_FREQUENCY[match['unit']]}")
            if match["unit"] != "fortnight"
            else Choice.sure("FREQ=WEEKLY;INTERVAL=2")
        ),
    ),
    (r"(?:every )?(?:(?P<pace>other) )?(?P<days>P\d(?: ?(?:,|and|, and|/) [WP]\d)*)", _weekly),
    (rf"every (?:(?P<pace>other) )?{_DAYS}", _weekly),
    (rf"other {_DAYS}".replace("other", "(?P<pace>other)"), _weekly),
    (rf"(?P<pace>weekly|fortnightly) (?:on )?{_DAYS}", _weekly),
    (rf"{_DAYS} (?P<pace>weekly|fortnightly)", _weekly),
    (rf"{_DAYS} every Uweek", _weekly),
    (rf"{_DAYS} every (?P<pace>other) Uweek", _weekly),
    (
        rf"(?:every |daily |every Uday |weekly )?(?:on |from )?{_SPAN}(?: every Uweek| weekly| daily)",
        _from_weekday_to_weekday,
    ),
    (rf"(?:every|daily|every Uday|weekly) ,? ?(?:on |from )?{_SPAN}", _from_weekday_to_weekday),
    (r"(?P<first>P\d) (?:-|to) (?P<last>P\d)", _from_weekday_to_weekday),
    (rf"{_MONTHLY} (?:on )?{_NTHS} [WP](?P<weekday>\d)", _nth_in_month),
    (rf"{_NTHS} [WP](?P<weekday>\d) (?:in )?(?:every Umonth|monthly)", _nth_in_month),
    (rf"every {_NTHS} W(?P<weekday>\d) (?:in )?Umonth", _nth_in_month),
    (r"every (?P<nth>[2-5]th) W(?P<weekday>\d)", _nth_weekday_either),
    (rf"{_MONTHLY} (?:on )?(?P<number>\d{{1,2}}th|last Uday)", _day_of_month),
    (r"(?P<number>\d{1,2}th|last Uday) (?:in )?(?:every Umonth|monthly)", _day_of_month),
    (r"(?:yearly|every Uyear) (?:on )?(?P<day>.+)", _day_of_year),
    (r"(?P<day>.+) (?:yearly|every Uyear)", _day_of_year),
    (r"every (?P<day>\d.* M.*|M.* \d.*)", _day_of_year),
    (rf"(?P<usual>every weekdays|weekdays|every Uday|daily) (?:except|but|not|bar) (?:on |for )?{_DAYS}", _all_but),
)


# --- its times and its first and last day ---------------------------------------------------------------------------


def _with_times_and_bounds(
    rule: Choice[str], rule_words: list[str], rest: list[str], asked: Asked
) -> Choice[Recurrence] | None:
    part = [rule_words[-1]] if rule_words[-1] in _PARTS else []
    for at in range(len(rest), -1, -1):
        for said, bounding in ((rest[:at], rest[at:]), (rest[at:], rest[:at])):
            struck = times_list(said, part) if said else _NO_TIMES
            hours = time_range(said, cued=True) if said and struck is None else None
            bounds = _bounds(bounding, asked)
            if hours and bounds:
                return rule.join(hours, _with_hours).join(bounds, _bounded)
            if struck and bounds:
                made = rule.join(struck, Recurrence).join(bounds, _bounded)
                return made if said or not (part or rule_words[0] == "twice") else _without_a_time(made)
    return None


def _with_hours(rrule: str, hours: tuple[time, time]) -> Recurrence:
    return Recurrence(rrule, (hours[0],), end_time=hours[1])


def _without_a_time(made: Choice[Recurrence]) -> Choice[Recurrence]:
    return made.then(lambda one: Choice.unclear("At what time of the day?", one))


def times_list(words: list[str], part: list[str] | None = None) -> Choice[tuple[time, ...]] | None:
    """The times of "at 10:30, 13:00 and 16:15", in the order of the day, or None."""
    cleared = [word for word in words if word not in ("at", "@")]
    items = [item for item in _items(cleared) if item]
    if not items or "/" in (cleared[0], cleared[-1]) or len(items) > _MOST_TIMES:
        return None
    found: Choice[tuple[time, ...]] = Choice.sure(())
    for item in items:
        one = time_of_day([*item, *(part or [])], cued=True)
        if one is None:
            return None
        found = found.join(one, lambda before, more: tuple(sorted({*before, more})))
    return found


def _items(words: list[str]) -> Iterator[list[str]]:
    item: list[str] = []
    for word in words:
        if word in (",", "and", "/"):
            yield item
            item = []
        else:
            item.append(word)
    yield item


def _bounds(words: list[str], asked: Asked) -> Choice[Bounds] | None:
    """ "from 24 to 27 Nov", "until Friday", "from Monday", or no bounds at all."""
    words = [word for word in words if word != ","]
    if not words:
        return Choice.sure((None, None))
    if re.fullmatch(r"(?:from )?W\d (?:-|to) W\d", " ".join(words)):
        return None  # "Monday to Thursday" beside a rule are its weekdays, not its first and last day
    if spans := day_range(words, asked):
        return spans.map(lambda span: (span[0], span[1]))
    if words[0] not in ("from", "to"):
        return None
    edge = day(words[1:], asked)
    return edge and edge.map(_first_day if words[0] == "from" else _last_day)


def _first_day(one: date) -> Bounds:
    return one, None


def _last_day(one: date) -> Bounds:
    return None, one


def _bounded(one: Recurrence, bounds: Bounds) -> Recurrence:
    start, until = bounds
    rrule = f"{one.rrule};UNTIL={until:%Y%m%d}" if until else one.rrule
    return replace(one, rrule=rrule, start=start)
