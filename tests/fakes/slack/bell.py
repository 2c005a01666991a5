"""Waiting for something to happen without sleeping: whoever waits is woken at each change of the workspace."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rung at each change; `until` looks again each time it rings."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, holds: Callable[[], bool], within: float, hope: str = "what the test waits for") -> None:
        """Return once `holds()`; AssertionError after `within` real seconds."""
        try:
            async with asyncio.timeout(within):
                while not holds():
                    await self._rung.wait()
        except TimeoutError as late:
            raise AssertionError(f"{hope} did not happen within {within} s") from late
