"""Separate days: "24, 26 and 27 Nov", "Mon, Wed and Fri next week", "24-25 & 27 Nov".
Each lends the others the month and the year that they leave out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.when.asked import Asked
from handlers.when.days import day
from handlers.when.patterns import whole
from handlers.when.periods import Span, week_said
from handlers.when.readings import Choice
from handlers.when.stretches import day_range
from handlers.when.vocabulary import pruned, unled
from handlers.when.written import Written, settled, written

MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Item:
    """One of several: its words and, when it is a day in numbers, what they give. Read once, for all that it lends."""

    words: list[str]
    given: Written | None


def day_list(words: list[str], asked: Asked) -> Choice[tuple[date, ...]] | None:
    """The separate days of "24, 26 and 27 Nov" or "Mon, Wed and Fri". With "or", each is an option, none is chosen."""
    words = unled(words)
    week, words = week_said(words, asked)
    either = "or" in words
    items = [Item(item, written(" ".join(pruned(item)), bare=True)) for item in _items(words) if item]
    if not 2 <= len(items) <= MOST_DAYS:
        return None
    found = _each_day(items, asked, week)
    if found is None:
        return None
    if either and found.reason is None:
        return Choice.unclear("Which of them is it?", *((one,) for one in found.values[0]))
    return found


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


def _each_day(items: list[Item], asked: Asked, week: date | None) -> Choice[tuple[date, ...]] | None:
    """Reads each item, lending a bare "24" the month of the item after it and counting weekdays onwards."""
    found: Choice[tuple[date, ...]] = Choice.sure(())
    for at, item in enumerate(items):
        days = _one_or_more(item, items[at + 1 :], found.values[0] if found.values else (), asked, week)
        if days is None:
            return None
        found = found.join(days, lambda before, more: tuple(sorted({*before, *more})))
    if all(len(item.words) == 1 and item.words[0].isdigit() for item in items):
        return None
    return found


def _one_or_more(
    item: Item, later: list[Item], before: tuple[date, ...], asked: Asked, week: date | None
) -> Choice[tuple[date, ...]] | None:
    weekday = whole(r"W(\d)", " ".join(pruned(item.words)))
    if weekday and week:
        return Choice.sure((week + timedelta(int(weekday[1])),))
    if weekday and before:
        ahead = (int(weekday[1]) - before[-1].weekday()) % 7 or 7
        return Choice.sure((before[-1] + timedelta(ahead),))
    with_weekday = _with_weekday(item.words, later)
    lent = None if with_weekday else _lent(item.given, later, before)
    if lent:
        return settled(lent, asked).map(lambda one: (one,))
    if one := day(with_weekday or item.words, asked):
        return one.map(lambda only: (only,))
    spans = day_range(_with_month(item.words, later), asked) if {"-", "to"} & set(item.words) else None
    return spans and spans.map(_days_of)


def _with_weekday(words: list[str], later: list[Item]) -> list[str]:
    """ "1st and 3rd Tuesday of the month": the first of them is a Tuesday too."""
    if len(words) != 1 or not whole(r"[1-5]th|last", words[0]):
        return []
    numbered = (other.words for other in later if whole(r"(?:[1-5]th|last) W\d .*", " ".join(other.words)))
    return next(([*words, *other[1:]] for other in numbered), [])


def _lent(one: Written | None, later: list[Item], before: tuple[date, ...]) -> Written | None:
    """A day with the month and year it leaves out, from the items after it, or from the day before it."""
    if one is None or (one.month is not None and one.year is not None):
        return None
    given = [lender for other in later if (lender := other.given)]
    year = one.year or next((lender.year for lender in given if lender.year), None)
    if one.month is not None:
        return replace(one, year=year)
    month = next((lender.month for lender in given if lender.month), None)
    if month is None and before:
        return replace(one, month=before[-1].month, year=before[-1].year)
    return replace(one, month=month, year=year) if month else one


def _with_month(words: list[str], later: list[Item]) -> list[str]:
    """ "24-25 & 27 Nov": the first range lacks a month that comes after it."""
    if any(word.startswith("M") for word in words):
        return words
    months = [other.words[at:] for other in later for at, word in enumerate(other.words) if word.startswith("M")]
    return words + months[0] if months else words


def _days_of(span: Span) -> tuple[date, ...]:
    length = min((span[1] - span[0]).days, MOST_DAYS)
    return tuple(span[0] + timedelta(shift) for shift in range(length + 1))
