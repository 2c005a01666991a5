"""Teams' limits for one bot in one conversation (PLATFORM_FACTS T2), by the injected clock."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

LIMITS = (
    (7, timedelta(seconds=1)),
    (8, timedelta(seconds=2)),
    (60, timedelta(seconds=30)),
    (1800, timedelta(hours=1)),
)


class Throttle:
    """`wait_for` answers None to go on, or the seconds of `Retry-After`. `over` counts what was refused."""

    def __init__(self, limits: Sequence[tuple[int, timedelta]] = LIMITS) -> None:
        self.limits = limits
        self.over = 0
        self._sent: dict[str, list[datetime]] = defaultdict(list)

    def wait_for(self, conversation: str, now: datetime) -> int | None:
        sent = self._sent[conversation]
        for most, stretch in self.limits:
            within = [moment for moment in sent if now - moment < stretch]
            if len(within) >= most:
                self.over += 1
                return max(1, ceil((within[-most] + stretch - now).total_seconds()))
        sent.append(now)
        return None
