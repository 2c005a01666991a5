"""What a phrase turned out to mean, in types a form can act on: a day, some days, a moment, a time, a stretch, a
duration, a recurrence, or an honest refusal. A manager sees the reading back in words (`wording.say`) before it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import product
from typing import Generic, TypeVar, final

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")

MOST_OPTIONS = 6


class Reason(StrEnum):
    """Why a phrase was not read."""

    AMBIGUOUS = "ambiguous"
    NOT_A_DATE = "not a date"
    DOES_NOT_EXIST = "does not exist"


@dataclass(frozen=True, slots=True)
class Day:
    """One day; `part` is "morning", "afternoon", "evening" … when the person narrowed it without giving a time."""

    day: date
    part: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """Separate days in the order they come, each at `times` when times were said."""

    days: tuple[date, ...]
    times: tuple[time, ...] = ()


@dataclass(frozen=True, slots=True)
class DayRange:
    """First and last day, both included; with the hours of each day, or the time on each day, when those were said."""

    start: date
    end: date
    start_time: time | None = None
    end_time: time | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and a time on the wall clock. It carries an offset only as an option where the clocks go back."""

    at: datetime


@dataclass(frozen=True, slots=True)
class MomentRange:
    """From one moment to another, on different days."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class TimesOfDay:
    """One or more wall-clock times with no day."""

    times: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From one time to another, on `day` when a day was said. An end before the start is on the day after."""

    start_time: time
    end_time: time
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time. Months have no fixed length, so they are kept apart from `length`; a year is twelve."""

    length: timedelta = timedelta()
    months: int = 0


@dataclass(frozen=True, slots=True)
class Recurrence:
    """An RFC 5545 recurrence rule and the times of day it strikes; the first day and the hour it ends when said."""

    rrule: str
    times: tuple[time, ...] = ()
    start: date | None = None
    end_time: time | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """Not read, with the reason, a sentence for the person, and what they may have meant (readings to tap)."""

    reason: Reason
    message: str
    options: tuple[Understood, ...] = ()


Understood = Day | Days | DayRange | Moment | MomentRange | TimesOfDay | TimeRange | Duration | Recurrence
Reading = Understood | Unread


@final
@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """What a part of a phrase may mean. With no `reason` it is certain and holds one value; with one, the values
    are only options, and `why` tells the person what is wrong. Whatever is built on it stays as uncertain."""

    values: tuple[T, ...]
    reason: Reason | None = None
    why: str = ""

    @classmethod
    def sure(cls, value: T) -> Choice[T]:
        return cls((value,))

    @classmethod
    def either(cls, values: Iterable[T], why: str) -> Choice[T]:
        """Certain when the values are all the same, otherwise ambiguous."""
        distinct = tuple(dict.fromkeys(values))
        return cls(distinct) if len(distinct) == 1 else cls(distinct, Reason.AMBIGUOUS, why)

    @classmethod
    def unclear(cls, why: str, *options: T) -> Choice[T]:
        return cls(options, Reason.AMBIGUOUS, why)

    @classmethod
    def impossible(cls, why: str, *options: T) -> Choice[T]:
        return cls(options, Reason.DOES_NOT_EXIST, why)

    def map(self, change: Callable[[T], U]) -> Choice[U]:
        """The same doubt about other values; a doubt that makes no difference ("the Tuesday after Easter") is none."""
        changed = tuple(dict.fromkeys(change(value) for value in self.values))
        if self.reason is Reason.AMBIGUOUS and len(changed) == 1 < len(self.values):
            return Choice(changed)
        return Choice(changed, self.reason, self.why)

    def then(self, change: Callable[[T], Choice[U]]) -> Choice[U]:
        """Follow every value into what it may mean in turn."""
        followed = [change(value) for value in self.values]
        worst = next((one for one in followed if one.reason is not None), None)
        reason, why = (self.reason, self.why) if self.reason or worst is None else (worst.reason, worst.why)
        return Choice(tuple(dict.fromkeys(v for one in followed for v in one.values)), reason, why)

    def join(self, other: Choice[U], combine: Callable[[T, U], V]) -> Choice[V]:
        """Every pairing of the two; as uncertain as the less certain of them."""
        worse = other if self.reason is None or other.reason is Reason.DOES_NOT_EXIST else self
        pairs = tuple(dict.fromkeys(combine(a, b) for a, b in product(self.values, other.values)))
        return Choice(pairs, worse.reason, worse.why)

    def reading(self, wrap: Callable[[T], Understood]) -> Reading:
        if self.reason is None:
            return wrap(self.values[0])
        return Unread(self.reason, self.why, tuple(wrap(value) for value in self.values[:MOST_OPTIONS]))
