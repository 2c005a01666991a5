"""The one backup of the keys: a file beside `keys.db`, written anew whenever a key is made or destroyed.

There is never an older one: a backup that still held a destroyed key would undo the destruction. PostgreSQL keeps its
own backups, or (as it should, for keys) none; those are for whoever runs it.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL

from storage.flushing import flush


def backup_beside(url: URL) -> Path | None:
    """`keys.db.backup` beside `keys.db`; None for a database that is not one file."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(f"{url.database}.backup")


def rewrite(keys: Path, backup: Path) -> None:
    """A new copy in the place of the old one, which is overwritten first: a disk may keep what was only unlinked."""
    fresh = Path(f"{backup}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with closing(sqlite3.connect(keys)) as source, closing(sqlite3.connect(fresh)) as target:
        source.backup(target)
    flush(fresh)
    if backup.exists():
        _blank(backup)
    fresh.replace(backup)
    flush(backup.parent)


def held_in(backup: Path, unwrapped: Callable[[str, bytes], bytes]) -> dict[str, bytes]:
    """Every key in the backup, unwrapped: a restore, tried."""
    with closing(sqlite3.connect(f"file:{backup}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT name, wrapped FROM wrapped_keys").fetchall()
    return {name: unwrapped(name, wrapped) for name, wrapped in rows}


def _blank(file: Path) -> None:
    with file.open("r+b") as handle:
        handle.write(bytes(file.stat().st_size))
        handle.flush()
        os.fsync(handle.fileno())
