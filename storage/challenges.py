"""The challenges of an installation, and the counter from which each takes its finding numbers."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from storage.errors import NotStored
from storage.records import Challenge, ChallengeId, PersonId
from storage.store import RowOf, Store, row_of
from storage.tables import challenges

_BY_ID = select(challenges).where(challenges.c.id == bindparam("challenge_id"))
_TAKE_NUMBERS = (
    update(challenges)
    .where(challenges.c.id == bindparam("challenge_id"))
    .values(last_number=challenges.c.last_number + bindparam("count"))
    .returning(challenges.c.last_number)
)


class ChallengeStore(Store):
    async def add(self, challenge: Challenge) -> None:
        """Make the challenge's key, then its row: an orphan key is harmless, a row without a key is not."""
        self._keys.make(challenge.id, challenge.created_at)
        self._recall.change()
        await self._insert(challenges, row_of(challenge))

    async def get(self, challenge_id: ChallengeId) -> Challenge:
        """Raises `NotStored`."""
        found = await self._remembered(_BY_ID, _challenge, challenge_id=challenge_id)
        if not found:
            raise NotStored
        return found[0]

    async def all(self) -> list[Challenge]:
        """Every challenge, the newest first."""
        return [_challenge(row) for row in await self._all(select(challenges).order_by(challenges.c.created_at.desc()))]

    async def change(self, challenge_id: ChallengeId, **values: Any) -> None:
        """Set the named fields of `Challenge`."""
        await self._change(update(challenges).where(challenges.c.id == challenge_id).values(**values))

    async def next_numbers(self, challenge_id: ChallengeId, count: int) -> range:
        """`count` finding numbers that nobody else will get."""
        row = await self._one(_TAKE_NUMBERS, challenge_id=challenge_id, count=count)
        if row is None:
            raise NotStored
        return range(row.last_number - count + 1, row.last_number + 1)

    async def number_reached(self, challenge_id: ChallengeId) -> int:
        """The last finding number given; 0 before the first."""
        row = await self._one(select(challenges.c.last_number).where(challenges.c.id == challenge_id))
        return int(row.last_number) if row else 0

    async def lock(self, challenge_id: ChallengeId) -> Challenge:
        """The challenge as it stands now, and nobody else changes it before this unit of work is over.

        SQLite has one writer at a time; PostgreSQL locks the row. Raises `NotStored`.
        """
        row = await self._one(select(challenges).where(challenges.c.id == challenge_id).with_for_update())
        if row is None:
            raise NotStored
        return _challenge(row)

    async def sign_off(self, challenge_id: ChallengeId, at: datetime) -> None:
        await self.change(challenge_id, signed_off_at=at)


def _challenge(row: RowOf) -> Challenge:
    return Challenge(
        id=ChallengeId(row.id),
        host=row.host,
        framework=row.framework,
        first_day=row.first_day,
        last_day=row.last_day,
        zone=row.zone,
        session_times=row.session_times,
        last_day_session_times=row.last_day_session_times,
        catch_up_time=row.catch_up_time,
        created_by=PersonId(row.created_by),
        created_at=row.created_at,
        signed_off_at=row.signed_off_at,
        ended_at=row.ended_at,
        destroyed_at=row.destroyed_at,
    )
