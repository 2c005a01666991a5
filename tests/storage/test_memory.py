"""What is remembered between turns is never older than what was committed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.keys import KeyStore, make_master_key
from storage.unit_of_work import Database

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path, migrated_url: str) -> Database:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    return Database(migrated_url, keys)


async def test_a_change_is_seen_by_the_next_reader_and_not_before_it_is_committed(database: Database) -> None:
    async with database.begin() as uow:
        account = await uow.accounts.add("slack", "T1", "U1", NOW)
        await uow.commit()
    async with database.reading() as uow:
        assert await uow.accounts.get(account.id) == account
    async with database.begin() as writing:
        await writing.accounts.set_dm(account.id, "D1")
        changed = await writing.accounts.get(account.id)
        assert changed is not None
        assert changed.dm == "D1"
        async with database.reading() as uow:
            seen = await uow.accounts.get(account.id)
            assert seen is not None
            assert seen.dm == ""
        await writing.commit()
    async with database.reading() as uow:
        seen = await uow.accounts.get(account.id)
        assert seen is not None
        assert seen.dm == "D1"
    await database.close()


async def test_a_change_that_is_rolled_back_is_not_remembered(database: Database) -> None:
    async with database.begin() as uow:
        account = await uow.accounts.add("slack", "T1", "U1", NOW)
        await uow.commit()
    async with database.begin() as uow:
        await uow.accounts.set_dm(account.id, "D1")
        await uow.accounts.get(account.id)
    async with database.reading() as uow:
        seen = await uow.accounts.get(account.id)
        assert seen is not None
        assert seen.dm == ""
    await database.close()


async def test_a_reader_that_began_earlier_leaves_nothing_old_behind(database: Database) -> None:
    async with database.begin() as uow:
        account = await uow.accounts.add("slack", "T1", "U1", NOW)
        await uow.commit()
    async with database.reading() as early:
        await early.accounts.find("slack", "T1", "nobody")
        async with database.begin() as writing:
            await writing.accounts.set_dm(account.id, "D1")
            await writing.commit()
        await early.accounts.get(account.id)
    async with database.reading() as uow:
        seen = await uow.accounts.get(account.id)
        assert seen is not None
        assert seen.dm == "D1"
    await database.close()
