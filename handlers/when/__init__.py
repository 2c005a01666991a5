"""Dates and times as British people type them, so that a manager may set a visit for "24-27 Nov" and a session for
"half 4", see what was understood, and put it right. What may be one of two days is never guessed: both are offered.

`tokens` and `vocabulary` bring a phrase to one spelling; `written`, `days` (by `weekdays`, `months` and `named_days`),
`periods`, `stretches`, `several`, `clock`, `durations` and `recurrences` each know one kind of phrase; `reader` tries
them in turn; `wording` says it back.
"""

from handlers.when.asked import Prefer
from handlers.when.fields import read_day, read_day_range, read_time, read_times
from handlers.when.reader import read_when, warm_up
from handlers.when.readings import (
    Day,
    DayRange,
    Days,
    Duration,
    Moment,
    MomentRange,
    Reading,
    Reason,
    Recurrence,
    TimeRange,
    TimesOfDay,
    Understood,
    Unread,
)
from handlers.when.wording import say, to_json

__all__ = [
    "Day",
    "DayRange",
    "Days",
    "Duration",
    "Moment",
    "MomentRange",
    "Prefer",
    "Reading",
    "Reason",
    "Recurrence",
    "TimeRange",
    "TimesOfDay",
    "Understood",
    "Unread",
    "read_day",
    "read_day_range",
    "read_time",
    "read_times",
    "read_when",
    "say",
    "to_json",
    "warm_up",
]
