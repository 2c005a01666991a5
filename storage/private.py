"""The files of SQLite are for whoever runs Baseroom, and for nobody else on the machine.

SQLite makes a file as open as the machine makes any, mostly for everybody to read, and gives the files beside it (the
write-ahead log, the journal) the rights of the first. So that one is made here, before SQLite asks for it.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

BESIDE = ("", "-wal", "-shm", "-journal")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(path: str) -> None:
    """Make the file if there is none; one that is there, and what lies beside it, is closed to others from now on. What
    cannot be made or closed is left to SQLite, which says why it cannot be opened."""
    with suppress(OSError):  # never opened where it is there: closing it again would drop SQLite's locks on it
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for suffix in BESIDE:
        with suppress(OSError):
            _close_to_others(Path(f"{path}{suffix}"))


def before_connecting(
    _dialect: Dialect, _record: ConnectionPoolEntry, arguments: list[Any], _named: dict[str, Any]
) -> None:
    """`keep_private`, as SQLAlchemy's engines for SQLite ask for it ("do_connect"). Only a file has a whole path."""
    if Path(arguments[0]).is_absolute():
        keep_private(arguments[0])


def _close_to_others(file: Path) -> None:
    mode = file.stat().st_mode
    if stat.S_ISREG(mode) and mode & OTHERS:
        file.chmod(stat.S_IMODE(mode) & ~OTHERS)
