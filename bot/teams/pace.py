"""How fast Teams takes posts: so many to one conversation in a second, in two, in half a minute, in an hour.

Baseroom keeps to it by its own count, so that Teams never has to refuse: a bot that runs into the limits again and
again is throttled for longer (learn.microsoft.com, bots/how-to/rate-limit).
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock

LIMITS = (
    (7, timedelta(seconds=1)),
    (8, timedelta(seconds=2)),
    (60, timedelta(seconds=30)),
    (1800, timedelta(hours=1)),
)
"""At most so many sendings, new conversations counted, to one conversation in any stretch of that length."""


@dataclass(slots=True)
class Pace:
    """Counts what was sent to each conversation, by the clock."""

    clock: Clock
    limits: Sequence[tuple[int, timedelta]] = LIMITS
    _sent: dict[str, deque[datetime]] = field(default_factory=dict)
    _tidied_at: datetime | None = None

    def take(self, conversation: str) -> timedelta:
        """Zero: go, and it is counted. Otherwise how long to wait before asking again; nothing is counted."""
        now = self.clock.now()
        self._forget_the_silent(now)
        sent = self._sent.setdefault(conversation, deque())
        waiting = max(self._wait(sent, most, stretch, now) for most, stretch in self.limits)
        if not waiting:
            sent.append(now)
        return waiting

    def _wait(self, sent: Sequence[datetime], most: int, stretch: timedelta, now: datetime) -> timedelta:
        """Until the stretch that ends then has room for one more."""
        within = len(sent) - bisect_left(sent, now - stretch)
        if within < most:
            return timedelta(0)
        return sent[len(sent) - most] + stretch - now + timedelta(microseconds=1)

    def _forget_the_silent(self, now: datetime) -> None:
        """What is older than the longest stretch does not count any more."""
        longest = max(stretch for _, stretch in self.limits)
        if self._tidied_at is not None and now - self._tidied_at < timedelta(minutes=1):
            return
        self._tidied_at = now
        for conversation, sent in list(self._sent.items()):
            while sent and sent[0] < now - longest:
                sent.popleft()
            if not sent:
                del self._sent[conversation]
