"""What holds on PostgreSQL alone: how many write at once, and what a server that goes away leaves behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.exc import DBAPIError

from storage.keys import KeyStore, make_master_key
from storage.unit_of_work import MOST_AT_ONCE, Database, UnitOfWork

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
async def database(migrated_postgres_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    database = Database(migrated_postgres_url, keys)
    yield database
    await database.close()


async def test_so_many_write_at_once_and_the_next_waits_for_one_of_them(database: Database) -> None:
    async def write() -> None:
        async with database.begin() as uow:
            await uow.inbox.is_new("a mark", NOW)

    async with AsyncExitStack() as stack:
        for _ in range(MOST_AT_ONCE):
            await stack.enter_async_context(database.begin())
        one_more = asyncio.create_task(write())
        async with database.reading() as uow:  # who only reads waits for nobody
            assert await uow.challenges.all() == []
        assert not (await asyncio.wait([one_more], timeout=0.3))[0]
    await one_more


async def test_what_was_not_committed_is_gone_whichever_way_it_was_written(database: Database) -> None:
    async with database.begin() as uow:
        assert await uow.inbox.is_new("a mark", NOW)
        await uow.connection.execute(text("UPDATE seen SET at = now()"))
    async with database.begin() as uow:
        assert await uow.inbox.is_new("a mark", NOW)
        await uow.commit()
    async with database.begin() as uow:
        assert not await uow.inbox.is_new("a mark", NOW)


async def test_both_ways_of_writing_are_of_one_transaction(database: Database) -> None:
    async with database.begin() as uow:
        await uow.connection.execute(text("CREATE TABLE beside (words text)"))
        assert await uow.inbox.is_new("a mark", NOW)
        await uow.connection.execute(text("INSERT INTO beside VALUES ('still there')"))
        await uow.commit()
    async with database.reading() as uow:
        assert list((await uow.connection.execute(text("SELECT words FROM beside"))).scalars()) == ["still there"]
        assert not await uow.inbox.is_new("a mark", NOW)


async def test_a_connection_that_the_server_has_closed_fails_once_and_is_not_used_again(database: Database) -> None:
    async with database.begin() as uow:
        await _end(uow)
        with pytest.raises(DBAPIError):
            await uow.inbox.is_new("a mark", NOW)
    async with database.begin() as uow:
        assert await uow.inbox.is_new("a mark", NOW)
        await uow.commit()


async def _end(uow: UnitOfWork) -> None:
    """As when the server is started anew."""
    query = text("SELECT pg_backend_pid()")
    process = (await uow.connection.execute(query)).scalar_one()
    with pytest.raises(DBAPIError):
        await uow.connection.execute(
            text("SELECT pg_terminate_backend(:process)").bindparams(bindparam("process", process))
        )
