"""SQLite near at hand: statements run where they are asked for, and only what waits for the disk goes to a thread.

Every query that a turn makes is served by an index and over in microseconds. Handing each to a thread and back, or
through all of SQLAlchemy, cost many times what SQLite itself takes, with a score of statements to a finding
(measured). So a statement that a store has built once is compiled once and goes straight to SQLite; any other is run
by SQLAlchemy, over the same connection.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, overload

from sqlalchemy import Connection, CursorResult, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.sql import Executable

from storage.prepared import prepared
from storage.private import keep_private
from storage.turns import Turn, Turns

Values = Mapping[str, Any]

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=5000")
"""A write-ahead log flushed at each commit: a commit that was acknowledged survives a power cut."""


def set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Found:
    """What a prepared statement gave back, asked in the words of SQLAlchemy's own result."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def all(self) -> Sequence[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None


class NearConnection:
    """The file, as the stores of one unit of work see it. `turn`: at writing; without one it only reads."""

    def __init__(self, core: Connection, turn: Turn | None = None) -> None:
        self.file = _file_of(core)
        self._core = core
        self._turn = turn

    @property
    def dialect(self) -> Dialect:
        return self._core.dialect

    @overload
    async def execute(self, statement: Executable) -> CursorResult[Any]: ...

    @overload
    async def execute(self, statement: Executable, parameters: Values | Sequence[Values]) -> Found: ...

    async def execute(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Found | CursorResult[Any]:
        """Run the statement, once or for each of several. One whose values are given apart was built once, and is
        compiled once."""
        if self._turn and not self._turn.is_taken:
            await self._turn.take()  # it goes on after a commit
        if parameters is None:
            return self._core.execute(statement)
        several = [parameters] if isinstance(parameters, Mapping) else parameters
        plan = prepared(statement, tuple(several[0]))
        if plan is None:
            result = self._core.execute(statement, parameters)
            return Found(result.all() if result.returns_rows else (), result.rowcount)
        try:
            cursors = [self.file.execute(plan.sql, plan.bind(values)) for values in several]
        except sqlite3.IntegrityError as exc:
            raise IntegrityError(plan.sql, None, exc) from exc
        return Found([row for cursor in cursors for row in plan.rows(cursor)], sum(one.rowcount for one in cursors))

    async def commit(self) -> None:
        if self._turn:
            await self._turn.keep()


@dataclass(frozen=True, slots=True)
class _Writer:
    core: Connection
    turns: Turns


class NearFile:
    """The connections to one file: one that writes, and as many as read at the same time."""

    def __init__(self, path: str) -> None:
        self._engine = create_engine("sqlite://", creator=partial(_open, path), poolclass=NullPool)
        event.listen(self._engine, "connect", set_pragmas)
        self._writer: _Writer | None = None
        self._readers: list[Connection] = []

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


def _file_of(core: Connection) -> sqlite3.Connection:
    file = core.connection.dbapi_connection
    assert isinstance(file, sqlite3.Connection)
    return file
