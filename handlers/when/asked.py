"""Who asked, in the only sense that matters to a date: the wall clock where they stand, and whether they look ahead
(setting up a visit) or back (asking for a summary).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from handlers.when.readings import Choice

Prefer = Literal["future", "past"]


@dataclass(frozen=True, slots=True)
class Asked:
    """`now` is naive: the wall clock of the person's place.

    `days_read` are the stretches of this one phrase that were read already: a long phrase is parted in many ways, and
    the same stretch stands in many of them.
    """

    now: datetime
    prefer: Prefer = "future"
    days_read: dict[str, Choice[date] | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def monday(self) -> date:
        """The Monday of this week; weeks run from Monday to Sunday."""
        return self.today - timedelta(self.today.weekday())

    def from_day(self, day: date) -> Asked:
        """The same question put on another day, looking ahead: for the end of a range or the next of a list."""
        return Asked(datetime.combine(day, time()))
