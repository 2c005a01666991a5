"""A database is made by its migrations, and they make what the stores expect."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from storage.errors import DatabaseNotReady
from storage.migrations import check_current, migrate
from storage.tables import metadata
from storage.unit_of_work import make_engine


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [change for change in compare_metadata(context, metadata) if "alembic_version" not in str(change)]


async def test_the_migrations_make_what_the_tables_say(database_url: str) -> None:
    engine = make_engine(database_url)
    await migrate(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    engine = make_engine(database_url)
    await migrate(engine)
    await migrate(engine)
    await check_current(engine)
    await engine.dispose()


async def test_an_empty_database_is_refused_with_what_to_run(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(DatabaseNotReady, match="baseroom migrate"):
        await check_current(engine)
    await engine.dispose()


async def test_a_database_of_a_newer_program_is_refused(database_url: str) -> None:
    engine = make_engine(database_url)
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNotReady, match="newer"):
        await check_current(engine)
    await engine.dispose()
