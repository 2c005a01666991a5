"""The world outside, in a process that nobody kills: the platform where posts arrive, and the people who speak.

Each Baseroom is a forked process with a line to it. What a process has handed over has arrived, whatever becomes of the
process; what it has not acknowledged is delivered again.
"""

import asyncio
import os
import signal
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any, NoReturn

from bot.logs import set_up_logging
from bot.ports import Gone, Target, Unknowable
from handlers.chat import Card, File
from storage.records import Account
from tests.fieldwork.platform import read


@dataclass(slots=True)
class Arrived:
    """A post as it stands on the platform."""

    id: str
    conversation: str
    key: str
    words: str


@dataclass
class Outside:
    """`keeps_keys`: posts can be found again by their key, as in Slack; without, as in Teams."""

    keeps_keys: bool = True
    posts: list[Arrived] = field(default_factory=list)
    updates: int = 0
    finds: int = 0
    _ids: Any = field(default_factory=lambda: count(1))

    def answer(self, call: str, *values: Any) -> Any:
        """What the platform makes of one call."""
        return getattr(self, f"_{call}")(*values)

    def _post(self, conversation: str, key: str, words: str) -> str:
        self.posts.append(Arrived(f"M{next(self._ids)}", conversation, key, words))
        return self.posts[-1].id

    def _update(self, message: str, words: str) -> bool:
        self.updates += 1
        for post in self.posts:
            if post.id == message:
                post.words = words
                return True
        return False

    def _find(self, key: str) -> str | None:
        self.finds += 1
        return next((post.id for post in self.posts if post.key == key), None)

    def serve(self, lives: "list[Life]", *, until: Callable[[], bool] = lambda: False) -> None:
        """Answer these processes until they have all ended, however they end, or until something holds."""
        while lives and not until():
            by_line = {life.connection: life for life in lives}
            for line in wait(list(by_line), timeout=0.05):
                life = by_line[line]  # type: ignore[index]  # we asked about connections only
                try:
                    self._answer_one(life)
                except (EOFError, OSError):
                    life.bury()
                    lives.remove(life)
            self._tick()

    def _tick(self) -> None:
        """What the world does besides, a few times a second."""

    def _answer_one(self, life: "Life") -> None:
        call, values = life.connection.recv()
        life.connection.send(self.answer(call, *values))

    def sees(self, conversation: str) -> str:
        return "\n".join(post.words for post in self.posts if post.conversation == conversation)

    @property
    def doubled(self) -> int:
        """How many posts stand there that were there already."""
        return sum(many - 1 for many in Counter(post.key for post in self.posts).values())


@dataclass(slots=True)
class Line:
    """A process's line to the world outside, and its porter. A call stands in the way of all else in its process."""

    connection: Connection
    keeps_keys: bool = True
    at_post: Callable[[str], None] = lambda _moment: None

    def ask(self, call: str, *values: Any) -> Any:
        self.connection.send((call, values))
        return self.connection.recv()

    def pages(self, content: Card | File) -> Sequence[object]:
        return (content,)

    async def open_dm(self, account: Account) -> str:
        return f"D-{account.user_id}"

    async def post(self, target: Target, page: object, *, key: str) -> str:
        self.at_post("before")
        message: str = self.ask("post", target.conversation, key, words_of(page))
        self.at_post("after")
        return message

    async def update(self, target: Target, message: str, page: object) -> None:
        if not self.ask("update", message, words_of(page)):
            raise Gone

    async def delete(self, target: Target, message: str) -> None:
        raise Gone

    async def find(self, target: Target, key: str, since: datetime) -> str | None:
        if not self.keeps_keys:
            raise Unknowable("this platform keeps no keys")
        found: str | None = self.ask("find", key)
        return found

    async def show_home(self, account: Account, card: Card) -> None:
        return None


def words_of(page: object) -> str:
    if isinstance(page, Card):
        return "\n".join(line for element in page.elements for line in read(element))
    assert isinstance(page, File)
    return page.name


@dataclass(slots=True)
class Life:
    """A forked process: everything is imported once, and forking takes a millisecond or two."""

    pid: int
    connection: Connection
    ended_by: int = 0

    @classmethod
    def born(cls, work: Callable[[Line], Coroutine[Any, Any, None]], *, keeps_keys: bool = True) -> "Life":
        """A process that does that work and ends."""
        here, there = Pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the threads of this process hold nothing of ours
            pid = os.fork()
        if not pid:
            here.close()
            _live(work, Line(there, keeps_keys))
        there.close()
        return cls(pid, here)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def bury(self) -> None:
        self.connection.close()
        _, status = os.waitpid(self.pid, 0)
        self.ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise RuntimeError(f"process {self.pid} failed: see what it said above")


def _live(work: Callable[[Line], Coroutine[Any, Any, None]], line: Line) -> NoReturn:
    try:
        set_up_logging("CRITICAL", as_json=False)
        with suppress(BrokenPipeError, EOFError):
            asyncio.run(work(line))
    except BaseException:  # noqa: BLE001  # a forked process must not run on in its parent's place
        traceback.print_exc()
        os._exit(70)
    os._exit(0)
