"""SQLite near at hand: short statements run where they are asked for, and only what may wait goes to a thread.

aiosqlite hands every step of every statement to a thread and back, some four hand-overs a statement; with a score of
statements to a finding that was three quarters of its time (measured: 27 ms a finding, 9 ms so). Taking the write lock
and committing can wait for somebody else or for the disk, so those still go to aiosqlite's thread; the rest is over
in microseconds, since every query that a turn makes is served by an index.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosqlite

MAY_WAIT = ("BEGIN IMMEDIATE", "COMMIT", "PRAGMA", "VACUUM")
LOCK_PATIENCE = 5.0  # seconds to wait for another process to let go of the write lock


class NearConnection(aiosqlite.Connection):
    """An aiosqlite connection that keeps its thread for what may wait."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if _may_wait(fn, args):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # untyped there
        if not self._running or self._connection is None:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)


def connector(database: str) -> Callable[[], NearConnection]:
    """For `create_async_engine(async_creator=…)`: opens the file, whose folder is made if need be."""
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(database, timeout=LOCK_PATIENCE, isolation_level=None, check_same_thread=False)

    def creator() -> NearConnection:
        connection = NearConnection(connect, iter_chunk_size=64)
        connection._thread.daemon = True  # noqa: SLF001  # as SQLAlchemy itself does: it must not outlive the process
        return connection

    return creator


def _may_wait(fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    if isinstance(getattr(fn, "__self__", None), sqlite3.Connection):
        return fn.__name__ not in ("cursor", "rollback")
    return bool(args) and isinstance(args[0], str) and args[0].lstrip().upper().startswith(MAY_WAIT)
