"""How long the event loop let everybody wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT = 0.005  # seconds


class Heart:
    """Beats in the event loop; `longest` is by how much its worst beat came late, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time() + BEAT
        self._next = self._loop.call_at(self._due, self._beat)

    def _beat(self) -> None:
        now = self._loop.time()
        self.longest = max(self.longest, now - self._due)
        self._due = now + BEAT
        self._next = self._loop.call_at(self._due, self._beat)

    def stop(self) -> None:
        self.longest = max(self.longest, self._loop.time() - self._due)
        self._next.cancel()


@asynccontextmanager
async def stalls() -> AsyncIterator[Heart]:
    heart = Heart()
    try:
        yield heart
    finally:
        heart.stop()
