"""Whether a database can be opened at all, said in one sentence for whoever runs Baseroom."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from storage.errors import DatabaseUnreachable
from storage.urls import without_password


@contextmanager
def reaching(url: URL) -> Iterator[None]:
    """Raises `DatabaseUnreachable`, naming the address without its password, when the database will not open.

    For opening and checking only: what is asked there holds nobody's words, so the driver's own reason may be shown.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as exc:
        reason = (str(getattr(exc, "orig", None) or exc).splitlines() or [type(exc).__name__])[0]
        raise DatabaseUnreachable(f"The database {without_password(url)} cannot be opened: {reason}.") from exc
