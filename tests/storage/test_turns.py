"""Units of work that come close together on SQLite share a commit, and nothing else."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.keys import KeyStore, make_master_key
from storage.sqlite import NearConnection
from storage.unit_of_work import Database, UnitOfWork

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path, migrated_sqlite_url: str) -> AsyncIterator[Database]:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    database = Database(migrated_sqlite_url, keys)
    yield database
    await database.close()


async def log(database: Database, mark: str, *, fails: bool = False) -> None:
    async with database.begin() as uow:
        assert await uow.inbox.is_new(mark, NOW)
        if fails:
            raise ZeroDivisionError
        await uow.commit()


async def is_kept(database: Database, mark: str) -> bool:
    async with database.begin() as uow:
        return not await uow.inbox.is_new(mark, NOW)


def file_of(uow: UnitOfWork) -> sqlite3.Connection:
    assert isinstance(uow.connection, NearConnection)
    return uow.connection.file


async def test_many_at_once_are_kept_with_few_commits(database: Database) -> None:
    commits: list[str] = []
    async with database.begin() as uow:
        file_of(uow).set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    await asyncio.gather(*(log(database, f"mark {number}") for number in range(16)))
    assert 1 <= len(commits) <= 2
    assert all([await is_kept(database, f"mark {number}") for number in range(16)])


async def test_one_that_fails_takes_nobody_with_it(database: Database) -> None:
    works = [log(database, f"mark {number}", fails=number in (0, 7, 15)) for number in range(16)]
    ends = await asyncio.gather(*works, return_exceptions=True)
    assert [isinstance(end, ZeroDivisionError) for end in ends] == [number in (0, 7, 15) for number in range(16)]
    assert [await is_kept(database, f"mark {number}") for number in (0, 1, 7, 14, 15)] == [
        False, True, False, True, False,
    ]  # fmt: skip


async def test_nobody_is_told_that_it_is_kept_before_it_is(database: Database, tmp_path: Path) -> None:
    async def log_and_look(mark: str) -> int:
        await log(database, mark)
        with sqlite3.connect(tmp_path / "baseroom.db") as another:
            return int(another.execute("SELECT count(*) FROM seen").fetchone()[0])

    seen = await asyncio.gather(*(log_and_look(f"mark {number}") for number in range(16)))
    assert all(count > number for number, count in enumerate(seen))


async def test_when_a_commit_fails_everybody_who_shared_it_is_told(database: Database) -> None:
    async with database.begin() as uow:
        file = file_of(uow)
    file.executescript(
        """PRAGMA foreign_keys = ON;
        CREATE TABLE never (id INTEGER PRIMARY KEY);
        CREATE TABLE broken (id INTEGER REFERENCES never (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER breaks AFTER INSERT ON seen BEGIN INSERT INTO broken VALUES (1); END"""
    )
    ends = await asyncio.gather(*(log(database, f"mark {number}") for number in range(4)), return_exceptions=True)
    assert [type(end) for end in ends] == [sqlite3.IntegrityError] * 4
    file.execute("DROP TRIGGER breaks")
    assert not any([await is_kept(database, f"mark {number}") for number in range(4)])


async def test_one_that_is_called_off_while_it_waits_leaves_the_turn_to_the_next(database: Database) -> None:
    async with database.begin() as uow:
        works = [asyncio.create_task(log(database, f"mark {number}")) for number in range(3)]
        await asyncio.sleep(0)
        works[0].cancel()
        await uow.commit()
    ends = await asyncio.gather(*works, return_exceptions=True)
    assert [end is None for end in ends] == [False, True, True]
    assert not await is_kept(database, "mark 0")
    assert await is_kept(database, "mark 2")


async def test_a_unit_of_work_may_go_on_after_its_commit(database: Database) -> None:
    async with database.begin() as uow:
        await uow.inbox.is_new("before", NOW)
        await uow.commit()
        await uow.inbox.is_new("after", NOW)
    assert await is_kept(database, "before")
    assert not await is_kept(database, "after")


async def test_whoever_asks_to_be_alone_waits_for_those_before_and_holds_up_those_after(database: Database) -> None:
    first = asyncio.create_task(log(database, "before"))
    await asyncio.sleep(0)
    async with database.alone():
        assert first.done()
        later = asyncio.create_task(log(database, "after"))
        await asyncio.sleep(0)
        assert not later.done()
    await later
    assert await is_kept(database, "after")
