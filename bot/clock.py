"""The one clock. Everything that asks the time asks it here, so that a rehearsal can move it and a test can hold it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time, and waits for a moment or for an event, whichever comes first."""

    def now(self) -> datetime: ...

    async def wait(self, until: datetime | None, event: asyncio.Event) -> None: ...


class SystemClock:
    """The machine's clock. It is read anew every few seconds, so that a changed clock is noticed, and a session that
    has just been moved to the next minute is not a minute late."""

    LONGEST_WAIT = timedelta(seconds=5)

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait(self, until: datetime | None, event: asyncio.Event) -> None:
        left = min(until - self.now(), self.LONGEST_WAIT) if until else self.LONGEST_WAIT
        try:
            async with asyncio.timeout(max(left.total_seconds(), 0)):
                await event.wait()
        except TimeoutError:
            return


class HandClock:
    """A clock that somebody moves: it stands still, or (in the rehearsal room) runs on from where it was set."""

    def __init__(self, start: datetime, *, runs_like: Clock | None = None) -> None:
        self._runs_like = runs_like
        self._set(start)

    def now(self) -> datetime:
        if self._runs_like is None:
            return self._at
        return self._at + (self._runs_like.now() - self._since)

    def move_to(self, moment: datetime) -> None:
        """Set the hands. Whoever moves them also says that something may be due (see `Scheduler.run_due`)."""
        self._set(moment.astimezone(UTC))

    async def wait(self, until: datetime | None, event: asyncio.Event) -> None:
        if self._runs_like is None:
            await event.wait()
            return
        real = self._runs_like.now() + (until - self.now()) if until else None
        await self._runs_like.wait(real, event)

    def _set(self, moment: datetime) -> None:
        self._at = moment
        self._since = self._runs_like.now() if self._runs_like else moment
