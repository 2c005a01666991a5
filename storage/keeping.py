"""For how long a challenge is kept: the holds under which nothing of it is destroyed, and the later days agreed to.

Reasons are sealed under the challenge's key, and go when it goes; that there were holds is counted on the certificate.
"""

from datetime import date, datetime

from sqlalchemy import select, update

from storage.errors import KeyDestroyed
from storage.records import ChallengeId, Extension, Hold, HoldId, MemberId
from storage.store import RowOf, Store
from storage.tables import extensions, holds

HELD = select(holds.c.challenge_id).where(holds.c.lifted_at.is_(None))
"""The challenges under a hold, for statements that must leave them alone."""


class KeepingStore(Store):
    async def hold_on(self, challenge_id: ChallengeId) -> Hold | None:
        """The hold that stands, if any."""
        query = select(holds).where(holds.c.challenge_id == challenge_id, holds.c.lifted_at.is_(None))
        row = await self._one(query.order_by(holds.c.placed_at))
        return self._hold(row) if row else None

    async def place(self, hold: Hold) -> None:
        seal = self._seal(hold.challenge_id)
        row = {
            "id": hold.id,
            "challenge_id": hold.challenge_id,
            "reason_sealed": seal.close(hold.reason, table="holds", column="reason", row=hold.id),
            "placed_by": hold.placed_by,
            "placed_at": hold.placed_at,
        }
        await self._insert(holds, row)

    async def lift(self, hold: Hold, *, why: str, by: MemberId, at: datetime) -> None:
        sealed = self._seal(hold.challenge_id).close(why, table="holds", column="lifted_why", row=hold.id)
        values = {"lifted_why_sealed": sealed, "lifted_by": by, "lifted_at": at}
        await self._connection.execute(update(holds).where(holds.c.id == hold.id).values(**values))

    async def extend(self, extension: Extension) -> None:
        sealed = self._seal(extension.challenge_id).close(
            extension.reason, table="extensions", column="reason", row=extension.id
        )
        row = {
            "id": extension.id,
            "challenge_id": extension.challenge_id,
            "until": extension.until,
            "reason_sealed": sealed,
            "made_by": extension.made_by,
            "made_at": extension.made_at,
        }
        await self._insert(extensions, row)

    async def extended_to(self, challenge_id: ChallengeId) -> date | None:
        """The day last agreed to, if the challenge was ever to be kept for longer."""
        query = select(extensions.c.until).where(extensions.c.challenge_id == challenge_id)
        row = await self._one(query.order_by(extensions.c.made_at.desc(), extensions.c.until.desc()).limit(1))
        return row.until if row else None

    def _hold(self, row: RowOf) -> Hold:
        return Hold(
            HoldId(row.id), ChallengeId(row.challenge_id), self._reason(row), MemberId(row.placed_by), row.placed_at
        )

    def _reason(self, row: RowOf) -> str:
        try:
            seal = self._seal(ChallengeId(row.challenge_id))
        except KeyDestroyed:
            return ""
        return seal.open(row.reason_sealed, table="holds", column="reason", row=row.id)
