"""Database addresses as people write them, made into the ones that the engines need."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


def known_database(value: str) -> str:
    """The address with our driver in it. Raises `ValueError` with a sentence that says what to write."""
    try:
        url = make_url(value)
    except ArgumentError as exc:
        raise ValueError("write it like sqlite:///var/baseroom.db or postgresql://user@host/baseroom") from exc
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise ValueError("only sqlite and postgresql are supported")
    return url.set(drivername=driver).render_as_string(hide_password=False)


def known_keys_database(value: str) -> str:
    """The same for the keys, which are read without waiting. Raises `ValueError`."""
    url = make_url(known_database(value))
    return url.set(drivername=url.drivername.removesuffix("+aiosqlite")).render_as_string(hide_password=False)


def keys_beside(database: str) -> str | None:
    """`keys.db` beside a SQLite database; None for PostgreSQL, whose keys must be kept somewhere else by choice."""
    file = file_of(database)
    return f"sqlite:///{file.with_name('keys.db')}" if file else None


def is_same_place(one: str, other: str) -> bool:
    """Whether two addresses lead to one database, whoever asks and by whatever driver."""
    return _place_of(one) == _place_of(other)


def _place_of(database: str) -> tuple[object, ...]:
    if file := file_of(database):
        return (file.absolute(),)
    url = make_url(database)
    return (url.get_backend_name(), url.host, url.query.get("host"), url.port or 5432, url.database)


def how_to_connect(database: str | URL) -> dict[str, str]:
    """What the driver is told besides the address: to PostgreSQL we always speak UTF-8, whatever it keeps."""
    return {"client_encoding": "utf8"} if make_url(database).get_backend_name() == "postgresql" else {}


def file_of(database: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL, or for one in memory."""
    url = make_url(database)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def without_password(database: str | URL) -> str:
    """The address as whoever runs Baseroom may be shown it, wherever in it a password was written."""
    return make_url(database).difference_update_query(["password"]).render_as_string(hide_password=True)


def for_postgresqls_programs(database: str) -> tuple[str, str]:
    """A PostgreSQL address as its own programs want it, and its password apart, which `ps` must not show, wherever in
    the address it was written."""
    url = make_url(database)
    asked = url.difference_update_query(["password"]).query
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, asked)
    given = url.query.get("password", url.password or "")
    return bare.render_as_string(hide_password=False), given if isinstance(given, str) else given[-1]
