"""Slack's rate limits: about one post a second in a channel, and so many calls a minute of each method.

Source: PLATFORM_FACTS S4. They run by the injected clock; `RateLimits.generous()` is for load tests.
"""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RateLimits:
    """`burst` posts may follow each other at once in one channel, then `posts_a_second`; tiers are calls a minute."""

    posts_a_second: float = 1.0
    burst: int = 5
    posts_a_minute: int = 300
    tiers: tuple[int, ...] = (1, 20, 50, 100)
    special: int = 600

    @classmethod
    def generous(cls) -> "RateLimits":
        many = 10**9
        return cls(posts_a_second=float(many), burst=many, posts_a_minute=many, tiers=(many,) * 4, special=many)


class Throttle:
    """Counts calls; `wait_for_…` answers None to go on, or the seconds of `Retry-After`."""

    def __init__(self, limits: RateLimits) -> None:
        self.limits = limits
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)
        self._tokens: dict[str, tuple[float, datetime]] = {}

    def wait_for_method(self, method: str, tier: int, now: datetime) -> int | None:
        """`tier`: 1 to 4, or 0 for Slack's "special" tier."""
        most = self.limits.tiers[tier - 1] if tier else self.limits.special
        return self._wait(self._calls[method], most, now)

    def wait_for_post(self, channel: str, now: datetime) -> int | None:
        tokens, since = self._tokens.get(channel, (float(self.limits.burst), now))
        earned = (now - since).total_seconds() * self.limits.posts_a_second
        tokens = min(float(self.limits.burst), tokens + max(0.0, earned))
        if tokens < 1.0:
            return max(1, ceil((1.0 - tokens) / self.limits.posts_a_second))
        wait = self._wait(self._calls["every post of the workspace"], self.limits.posts_a_minute, now)
        if wait is None:
            self._tokens[channel] = (tokens - 1.0, now)
        return wait

    def _wait(self, calls: deque[datetime], most: int, now: datetime) -> int | None:
        while calls and now - calls[0] >= MINUTE:
            calls.popleft()
        if len(calls) >= most:
            return max(1, ceil((calls[0] + MINUTE - now).total_seconds()))
        calls.append(now)
        return None
