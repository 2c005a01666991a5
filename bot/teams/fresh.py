"""Something that must be fetched and goes stale (a token, a key set), fetched in a thread before it is needed.

The SDK fetches both in the event loop at the moment it needs them: everybody waits, for as long as the answer takes.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger("baseroom.teams")

Value = TypeVar("Value")
RENEW_AFTER = 0.8  # of its life
TRY_AGAIN = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Fetched(Generic[Value]):
    """What was fetched, and how long it is good for."""

    value: Value
    good_for: timedelta


class Fresh(Generic[Value]):
    """Keeps one value fresh. While it is good nobody waits, and however many ask, it is fetched once.

    `fetch` may block: it runs in a thread. What it raises is raised to those who cannot do without.
    """

    def __init__(self, what: str, fetch: Callable[[], Fetched[Value]]) -> None:
        self.what = what
        self.fetch = fetch
        self.fetched_at = float("-inf")
        self._value: Value | None = None
        self._renew_at = float("-inf")
        self._good_until = float("-inf")
        self._fetching: asyncio.Task[Value] | None = None

    async def current(self) -> Value:
        """The value. Fetched first when there is none that is still good; renewed behind the scenes when it is old."""
        now = time.monotonic()
        if self._value is None or now >= self._good_until:
            return await self.renewed()
        if now >= self._renew_at:
            _ = self._begin()
        return self._value

    async def renewed(self) -> Value:
        """The value, fetched anew; joins a fetch that is under way. Raises what `fetch` raises."""
        return await asyncio.shield(self._begin())

    def forget(self) -> None:
        """It is no longer good, whatever was said of it. What was fetched just now is not asked for again so soon."""
        if time.monotonic() - self.fetched_at > TRY_AGAIN:
            self._good_until = float("-inf")

    async def stop(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _begin(self) -> asyncio.Task[Value]:
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._renew())
            self._fetching.add_done_callback(self._note)
        return self._fetching

    async def _renew(self) -> Value:
        self._renew_at = time.monotonic() + TRY_AGAIN
        fetched = await asyncio.to_thread(self.fetch)
        now = self.fetched_at = time.monotonic()
        lasts = fetched.good_for.total_seconds()
        self._value, self._renew_at, self._good_until = fetched.value, now + lasts * RENEW_AFTER, now + lasts
        return fetched.value

    def _note(self, fetching: asyncio.Task[Value]) -> None:
        """One line for a fetch that failed; whoever waits for it is told by the error itself."""
        if not fetching.cancelled() and (error := fetching.exception()):
            log.warning("not fetched", what=self.what, error=type(error).__name__)
