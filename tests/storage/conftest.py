"""A unit of work over an empty database, SQLite and PostgreSQL in turn, with one challenge and its key."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from storage.keys import KeyStore, make_master_key
from storage.records import Challenge, ChallengeId, PersonId
from storage.unit_of_work import Database, UnitOfWork

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
CHALLENGE = ChallengeId("c1")


@pytest.fixture
async def uow(migrated_url: str, tmp_path: Path) -> AsyncIterator[UnitOfWork]:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    database = Database(migrated_url, keys)
    async with database.begin() as unit:
        await unit.challenges.add(
            Challenge(
                CHALLENGE, "Anyshire ICS", "local_system", date(2026, 11, 24), date(2026, 11, 27), "Europe/London",
                (), (), time(17), PersonId("p"), NOW,
            )
        )  # fmt: skip
        yield unit
    await database.close()
