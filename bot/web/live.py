"""What has just happened in the rehearsal room, told to every open window: two people see each other at once."""

import asyncio
import secrets
from collections import deque
from collections.abc import Iterator, Sequence
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


KEPT = 200  # news: more than a page can miss while its browser opens it


@dataclass(slots=True)
class Bulletin:
    """Carries news to whoever listens. A window that has gone away hears nothing and costs nothing.

    All news are counted, from a number that no other room began with: a page is drawn with the count of what it shows
    already (`heard`), and its window is told what came after that, however long it takes to open.
    """

    heard: int = field(default_factory=lambda: secrets.randbelow(2**40))
    _kept: deque[News] = field(default_factory=lambda: deque(maxlen=KEPT))
    _listeners: set[asyncio.Queue[News]] = field(default_factory=set)

    def publish(self, news: News) -> None:
        self.heard += 1
        if isinstance(news, StartedAgain):
            self._kept.clear()  # what it told of is forgotten
        self._kept.append(news)
        for listener in self._listeners:
            listener.put_nowait(news)

    @contextmanager
    def listening(self, since: int) -> Iterator[asyncio.Queue[News]]:
        """What comes from now on, after what has come `since`."""
        queue: asyncio.Queue[News] = asyncio.Queue()
        for news in self._missed(since):
            queue.put_nowait(news)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def _missed(self, since: int) -> Sequence[News]:
        """That all is to be looked at again, where it cannot be said any more what was missed."""
        missed = self.heard - since
        if not 0 <= missed <= len(self._kept):
            return [StartedAgain()]
        return list(self._kept)[len(self._kept) - missed :]
