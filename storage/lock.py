"""One process to one SQLite file: a lock on a sidecar file beside it.

Never on the database itself: opening and closing that file elsewhere in the process drops SQLite's own locks
(RELIABILITY, 'When'; measured). The lock goes with the process, however it ends.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.errors import DatabaseInUse


@contextmanager
def only_process(database: str) -> Iterator[None]:
    """Hold the database for this process. Raises `DatabaseInUse` when another does; PostgreSQL needs no such lock."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    sidecar = Path(f"{url.database}.lock")
    sidecar.parent.mkdir(parents=True, exist_ok=True)
    with sidecar.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise DatabaseInUse from exc
        yield
