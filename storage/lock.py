"""One process to one SQLite file: a lock on a sidecar file beside it.

Never on the database itself: opening and closing that file elsewhere in the process drops SQLite's own locks
(RELIABILITY, 'When'; measured). The lock goes with the process, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from storage.errors import DatabaseInUse
from storage.urls import file_of


@contextmanager
def only_process(database: str) -> Iterator[None]:
    """Hold the database for this process. Raises `DatabaseInUse` when another does; PostgreSQL needs no such lock."""
    file = file_of(database)
    if file is None:
        yield
        return
    sidecar = Path(f"{file}.lock")
    sidecar.parent.mkdir(parents=True, exist_ok=True)
    with sidecar.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise _in_use(handle) from exc
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


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
