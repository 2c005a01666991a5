"""One process to one SQLite file, and nobody at the keys while their master key is changed.

The locks of files are on a sidecar file beside each, never on the database itself: opening and closing that file
elsewhere in the process drops SQLite's own locks (RELIABILITY, 'When'; measured). On PostgreSQL, where replicas share
the keys, theirs is a lock of the server. Either goes with the process, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy import NullPool, create_engine, func, select

from storage.errors import DatabaseInUse, KeysChanging, KeysInUse
from storage.reach import reaching
from storage.urls import file_of, how_to_connect

KEYS = 0x6B657973  # the number of the lock on PostgreSQL: "keys"


@contextmanager
def only_process(database: str) -> Iterator[None]:
    """Hold the database for this process. Raises `DatabaseInUse` when another does; PostgreSQL needs no such lock."""
    file = file_of(database)
    if file is None:
        yield
        return
    with _sidecar_of(file) as handle:
        if not _is_had(handle, fcntl.LOCK_EX):
            raise _in_use(handle)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


@contextmanager
def using_keys(keys: str) -> Iterator[None]:
    """Use the keys, beside others who do. Raises `KeysChanging` while their master key is changed."""
    with _holding(keys, alone=False) as is_had:
        if not is_had:
            raise KeysChanging
        yield


@contextmanager
def changing_keys(keys: str) -> Iterator[None]:
    """Have the keys for oneself: a process that went on would wrap new ones with the old master key, and nobody could
    read those after its end. Raises `KeysInUse`."""
    with _holding(keys, alone=True) as is_had:
        if not is_had:
            raise KeysInUse
        yield


@contextmanager
def _holding(keys: str, *, alone: bool) -> Iterator[bool]:
    """Gives whether they can be had, and holds them if so."""
    if file := file_of(keys):
        with _sidecar_of(file) as handle:
            yield _is_had(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        return
    take = func.pg_try_advisory_lock if alone else func.pg_try_advisory_lock_shared
    engine = create_engine(keys, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=how_to_connect(keys))
    with reaching(engine.url):
        connection = engine.connect()
    with closing(connection):
        yield bool(connection.scalar(select(take(KEYS))))


def _sidecar_of(file: Path) -> TextIO:
    sidecar = Path(f"{file}.lock")
    sidecar.parent.mkdir(parents=True, exist_ok=True)
    return sidecar.open("a+")


def _is_had(handle: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _in_use(handle: TextIO) -> DatabaseInUse:
    """Names the process that has it, where it has said who it is."""
    handle.seek(0)
    holder = handle.read(20).strip()
    if not holder.isdecimal():
        return DatabaseInUse()
    return DatabaseInUse(
        f"Another Baseroom (process {holder}) is already using this database file: a rehearsal room in another window, "
        f"perhaps, or the service. Stop it first, with Ctrl-C in its window or “kill {holder}”. Several processes need "
        "PostgreSQL."
    )
