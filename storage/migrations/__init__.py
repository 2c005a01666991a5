"""Brings a database to the version that this program needs, and says when it is not there.

Alembic, configured in code: there is no ini file to lose. Each step is a module in `versions/`.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.errors import DatabaseNotReady
from storage.reach import reaching
from storage.urls import file_of, without_password


async def migrate(engine: AsyncEngine) -> None:
    """Make the tables, or bring them up to date. Raises `DatabaseUnreachable`, or `DatabaseNotReady`."""
    with reaching(engine.url):
        async with engine.begin() as connection:
            await _check_encoding(connection)
            _check_not_newer(await connection.run_sync(_version))
            await connection.run_sync(_upgrade)


def check_made(database: str) -> None:
    """Raises `DatabaseNotReady` when there is no such file: opening it would make one."""
    file = file_of(database)
    if file and not file.exists():
        raise DatabaseNotReady(f"There is no database at {file}. Run: baseroom migrate")


async def check_current(engine: AsyncEngine) -> None:
    """Raises `DatabaseNotReady` when the database is older or newer than the program, or `DatabaseUnreachable`."""
    with reaching(engine.url):
        async with engine.connect() as connection:
            await _check_encoding(connection)
            stands_at = await connection.run_sync(_version)
    needed = needed_version()
    if stands_at == needed:
        return
    _check_not_newer(stands_at)
    raise DatabaseNotReady("The database is not up to date. Run: baseroom migrate")


async def _check_encoding(connection: AsyncConnection) -> None:
    """People type in every script. In another encoding PostgreSQL refuses some of it, or counts bytes for letters."""
    if connection.dialect.name != "postgresql":
        return
    encoding = await connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise DatabaseNotReady(
            f"The database {without_password(connection.engine.url)} is in {encoding}, and Baseroom needs UTF-8. Make "
            f"it anew: createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 {connection.engine.url.database}"
        )


def _check_not_newer(stands_at: str | None) -> None:
    if stands_at is not None and stands_at not in known_versions():
        raise DatabaseNotReady("The database was made by a newer Baseroom than this one. Install that version again.")


def needed_version() -> str:
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or ""


def known_versions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
