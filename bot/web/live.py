"""What has just happened in the rehearsal room, told to every open window: two people see each other at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from storage.records import RehearsalMessage


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A message is new, or reads differently now."""

    message: RehearsalMessage


@dataclass(frozen=True, slots=True)
class MessageGone:
    id: str
    conversation: str


@dataclass(frozen=True, slots=True)
class HomeShown:
    resident_id: str
    html: str


@dataclass(frozen=True, slots=True)
class ClockMoved:
    pass


@dataclass(frozen=True, slots=True)
class WallChanged:
    pass


@dataclass(frozen=True, slots=True)
class StartedAgain:
    """Nothing on the page is there any more."""


News = MessageShown | MessageGone | HomeShown | ClockMoved | WallChanged | StartedAgain


@dataclass(slots=True)
class Bulletin:
    """Carries news to whoever listens. A window that has gone away hears nothing and costs nothing."""

    _listeners: set[asyncio.Queue[News]] = field(default_factory=set)

    def publish(self, news: News) -> None:
        for listener in self._listeners:
            listener.put_nowait(news)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[News]]:
        queue: asyncio.Queue[News] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)
