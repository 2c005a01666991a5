"""Turns at writing to a SQLite file: one unit of work at a time, in order, and one commit for those that follow one
another closely.

Sixteen peers who type at once wait for the disk once or twice instead of sixteen times. Each unit of work stands behind
a savepoint, so that one that fails takes nobody with it, and none is told that it is kept before the commit that keeps
it.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

LOCK_PATIENCE = 5.0  # seconds to wait for another process to let go of the write lock
BETWEEN_TRIES = 0.02
MOST_TOGETHER = 16  # units of work in one commit


class Turn:
    """One unit of work's turn: taken, and then kept or else undone when it is left. It may be taken again."""

    def __init__(self, turns: "Turns") -> None:
        self._turns = turns
        self.is_taken = False

    async def take(self) -> None:
        await self._turns.take()
        self.is_taken = True
        try:
            await self._turns.begin()
        except BaseException:
            self.leave()
            raise

    async def keep(self) -> None:
        """Returns when what was written is on the disk."""
        if self.is_taken:
            kept = self._turns.release()
            self.is_taken = False
            await kept

    def leave(self) -> None:
        if self.is_taken:
            self.is_taken = False
            self._turns.undo()


class Turns:
    """`file` is the connection that writes. It is used by whoever has the turn, and by nobody else."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._disk = ThreadPoolExecutor(1, "baseroom-disk")
        self._is_taken = False
        self._queue: deque[asyncio.Future[None]] = deque()
        self._together: list[asyncio.Future[None]] = []  # who waits for the commit that is still to come
        self._closing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Nobody writes meanwhile, and no transaction is open."""
        await self.take()
        try:
            await self._commit()
            yield
        finally:
            self._pass_on()

    def close(self) -> None:
        self._disk.shutdown()

    # ---- who is next

    async def take(self) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        place = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # it had just become our turn
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """The next one goes on under the same commit; when nobody waits, or enough do, it is time to commit."""
        if len(self._together) < MOST_TOGETHER and self._let_next_go():
            return
        if self._together:
            self._closing = asyncio.get_running_loop().create_task(self._close())
        else:
            self._file.rollback()
            self._is_taken = False

    def _let_next_go(self) -> bool:
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return True
        return False

    # ---- the transaction

    async def begin(self) -> None:
        """Take the file's write lock at the start, so that no unit of work fails half way for want of it.

        Only another process can hold it, and not for long.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + LOCK_PATIENCE
        while not self._file.in_transaction:
            try:
                self._file.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as exc:
                if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or loop.time() > until:
                    raise
                await asyncio.sleep(BETWEEN_TRIES)
        self._file.execute("SAVEPOINT turn")

    def release(self) -> asyncio.Future[None]:
        """Let the next unit of work have its turn; what is given back is done when this one's is on the disk."""
        self._file.execute("RELEASE turn")
        kept = asyncio.get_running_loop().create_future()
        self._together.append(kept)
        self._pass_on()
        return kept

    def undo(self) -> None:
        if self._file.in_transaction:
            self._file.execute("ROLLBACK TO turn")
            self._file.execute("RELEASE turn")
        else:  # SQLite itself gave the transaction up (a full disk), and with it what others wrote
            self._tell(sqlite3.OperationalError("the transaction was given up"))
        self._pass_on()

    async def _close(self) -> None:
        await self._commit()
        if not self._let_next_go():
            self._is_taken = False

    async def _commit(self) -> None:
        """Commit in a thread: the disk may take its time."""
        if not self._file.in_transaction:
            return
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, self._file.commit)
        except sqlite3.Error as exc:
            self._file.rollback()
            self._tell(exc)
        else:
            self._tell(None)

    def _tell(self, failure: sqlite3.Error | None) -> None:
        together, self._together = self._together, []
        for kept in together:
            if kept.done():  # whoever waited was called off
                continue
            if failure is None:
                kept.set_result(None)
            else:
                kept.set_exception(failure)
