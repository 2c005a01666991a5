"""Who claims a post has it, and its conversation, until that is over; what an earlier claim says counts no more."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import outbox
from storage.keys import KeyStore, make_master_key
from storage.records import Address, Intent, OutboxRow, OutboxState
from storage.unit_of_work import Database

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE = Address("slack", "T1", conversation="C-team")
ELSEWHERE = Address("slack", "T1", conversation="C-other")


@pytest.fixture
async def database(migrated_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    database = Database(migrated_url, keys)
    yield database
    await database.close()


async def promise(database: Database, *places: Address) -> None:
    async with database.begin() as uow:
        for place in places:
            await uow.outbox.add(Intent("notice", place, params={"text": "Words"}), NOW)
        await uow.commit()


async def claim(database: Database) -> list[OutboxRow]:
    async with database.begin() as uow:
        rows = await uow.outbox.claim(NOW, ())
        await uow.commit()
        return rows


async def settle(database: Database, row: OutboxRow, state: OutboxState = OutboxState.SENT) -> bool:
    async with database.begin() as uow:
        is_ours = await uow.outbox.settle(row)
        if is_ours:
            await uow.outbox.mark(row.id, state, now=NOW)
        await uow.commit()
        return is_ours


async def recover(database: Database) -> list[OutboxRow]:
    """What is in doubt after a process has looked for posts of the dead."""
    async with database.begin() as uow:
        await uow.outbox.recover(NOW)
        await uow.commit()
        return await uow.outbox.in_state(OutboxState.UNSURE)


async def test_what_waits_for_its_reader_is_taken_up_once(database: Database) -> None:
    await promise(database, HERE)
    (row,) = await claim(database)
    await settle(database, row, OutboxState.WAITING)
    async with database.reading() as uow:
        waiting = await uow.outbox.get(row.id)
    assert waiting
    first, second = await asyncio.gather(take_up(database, waiting), take_up(database, waiting))
    assert (first is None) is not (second is None)
    ours = first or second
    assert ours
    assert await settle(database, ours)
    assert await take_up(database, ours) is None


async def take_up(database: Database, row: OutboxRow) -> OutboxRow | None:
    async with database.begin() as uow:
        ours = await uow.outbox.take_up(row)
        await uow.commit()
        return ours


async def test_an_ending_is_written_once(database: Database) -> None:
    await promise(database, HERE)
    (row,) = await claim(database)
    assert await settle(database, row)
    assert not await settle(database, row)


async def test_what_was_put_back_and_claimed_again_is_no_business_of_the_first_claim(database: Database) -> None:
    await promise(database, HERE)
    (first,) = await claim(database)
    async with database.begin() as uow:
        assert await uow.outbox.settle(first)
        await uow.outbox.put_back(first.id, NOW, "rate limited")
        await uow.commit()
    (second,) = await claim(database)
    assert not await settle(database, first)
    assert await settle(database, second)


async def test_a_post_that_is_being_looked_for_is_looked_for_by_one(database: Database) -> None:
    await promise(database, HERE)
    (row,) = await claim(database)
    assert await settle(database, row, OutboxState.UNSURE)
    async with database.begin() as uow:
        assert await uow.outbox.take_unsure(NOW, ["slack"]) == [], "it is given time to appear"
        (taken,) = await uow.outbox.take_unsure(NOW + outbox.SETTLES_WITHIN, ["slack"])
        await uow.commit()
    assert not await settle(database, row)
    assert await settle(database, taken)


class TestOfSeveralProcesses:
    """PostgreSQL only: to one process on SQLite nobody else claims."""

    @pytest.fixture
    def migrated_url(self, migrated_postgres_url: str) -> str:
        return migrated_postgres_url

    async def test_a_conversation_is_left_to_whoever_posts_in_it(self, database: Database) -> None:
        await promise(database, HERE, HERE, ELSEWHERE)
        first = await claim(database)
        assert [row.intent.to for row in first] == [HERE, ELSEWHERE]
        assert await claim(database) == []
        assert await settle(database, first[0])
        assert [row.intent.to for row in await claim(database)] == [HERE]

    async def test_a_post_is_not_doubted_while_its_claim_lasts(self, database: Database) -> None:
        await promise(database, HERE)
        (row,) = await claim(database)
        assert await recover(database) == []
        assert await settle(database, row)

    async def test_after_its_claim_it_is_doubted_and_the_late_ending_is_not_written(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox, "LEASE", timedelta(0))
        await promise(database, HERE)
        (row,) = await claim(database)
        assert [doubted.id for doubted in await recover(database)] == [row.id]
        assert not await settle(database, row)
