"""SQLite near at hand: statements run where they are asked for, and only what waits for the disk goes to a thread.

Every query that a turn makes is served by an index and over in microseconds. Handing each to a thread and back, or
through all of SQLAlchemy, cost many times what SQLite itself takes, with a score of statements to a finding
(measured). So a statement that a store has built once is compiled once and goes straight to SQLite; any other is run
by SQLAlchemy, over the same connection.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection as CoreConnection
from sqlalchemy import CursorResult, create_engine, event
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.sql import Executable

from storage.prepared import Connection, Found, Prepared, Values
from storage.private import keep_private
from storage.turns import Turn, Turns

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=5000")
"""A write-ahead log flushed at each commit: a commit that was acknowledged survives a power cut."""


def set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class NearConnection(Connection):
    """The file. `turn`: at writing; without one it only reads."""

    compiled_for = sqlite_dialect(paramstyle="qmark")

    def __init__(self, core: CoreConnection, turn: Turn | None = None) -> None:
        self.file = _file_of(core)
        self._core = core
        self._turn = turn

    @property
    def dialect(self) -> Dialect:
        return self._core.dialect

    async def commit(self) -> None:
        if self._turn:
            await self._turn.keep()

    async def _run_by_sqlalchemy(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]:
        await self._have_the_turn()
        return self._core.execute(statement, parameters)

    async def _run(self, plan: Prepared, several: Sequence[Values]) -> Found:
        await self._have_the_turn()
        try:
            cursors = [self.file.execute(plan.sql, plan.bind(values)) for values in several]
        except sqlite3.IntegrityError as exc:
            raise IntegrityError(plan.sql, None, exc) from exc
        rows = [row for cursor in cursors for row in plan.rows(cursor.fetchall())]
        return Found(rows, sum(one.rowcount for one in cursors))

    async def _have_the_turn(self) -> None:
        """A unit of work that goes on after a commit takes it again."""
        if self._turn and not self._turn.is_taken:
            await self._turn.take()


@dataclass(frozen=True, slots=True)
class _Writer:
    core: CoreConnection
    turns: Turns


class NearFile:
    """The connections to one file: one that writes, and as many as read at the same time."""

    def __init__(self, path: str) -> None:
        self._engine = create_engine("sqlite://", creator=partial(_open, path), poolclass=NullPool)
        event.listen(self._engine, "connect", set_pragmas)
        self._writer: _Writer | None = None
        self._readers: list[CoreConnection] = []

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[NearConnection]:
        writer = self._opened_writer()
        turn = Turn(writer.turns)
        await turn.take()
        try:
            yield NearConnection(writer.core, turn)
        finally:
            turn.leave()

    @contextmanager
    def reading(self) -> Iterator[NearConnection]:
        """The file as it stands now, whatever is written meanwhile."""
        core = self._readers.pop() if self._readers else self._engine.connect()
        file = _file_of(core)
        file.execute("BEGIN")
        try:
            yield NearConnection(core)
        finally:
            file.rollback()
            self._readers.append(core)

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Nobody writes meanwhile."""
        return self._opened_writer().turns.alone()

    def close(self) -> None:
        """Let go of the file; it is opened again when somebody asks for it."""
        for core in self._readers:
            core.close()
        if self._writer:
            self._writer.core.close()
            self._writer.turns.close()
        self._readers, self._writer = [], None

    def _opened_writer(self) -> _Writer:
        if self._writer is None:
            core = self._engine.connect()
            file = _file_of(core)
            file.execute("PRAGMA busy_timeout=0")  # `Turns` waits for another process without standing in the way
            self._writer = _Writer(core, Turns(file))
        return self._writer


def _open(path: str) -> sqlite3.Connection:
    keep_private(path)
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def _file_of(core: CoreConnection) -> sqlite3.Connection:
    file = core.connection.dbapi_connection
    assert isinstance(file, sqlite3.Connection)
    return file
