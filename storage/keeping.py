"""For how long a challenge is kept: the holds under which nothing of it is destroyed, and the later days agreed to.

Reasons are sealed under the challenge's key, and go when it goes; that there were holds is counted on the certificate.
"""

from datetime import date, datetime

from sqlalchemy import select, update

from storage.errors import KeyDestroyed, NotStored, Unreadable
from storage.records import ChallengeId, Extension, ExtensionId, Hold, HoldId, MemberId
from storage.store import RowOf, Store
from storage.tables import accounts, extensions, holds, members

HELD = select(holds.c.challenge_id).where(holds.c.lifted_at.is_(None))
"""The challenges under a hold, for statements that must leave them alone."""

HELD_SEATS = (
    select(accounts.c.id)
    .join(members, members.c.person_id == accounts.c.person_id)
    .where(members.c.challenge_id.in_(HELD))
)
"""The accounts of everybody who is or was on such a challenge. What they typed that was not logged is of no challenge,
so all of it is left alone."""


class KeepingStore(Store):
    async def hold_on(self, challenge_id: ChallengeId) -> Hold | None:
        """The hold that stands, if any."""
        query = select(holds).where(holds.c.challenge_id == challenge_id, holds.c.lifted_at.is_(None))
        row = await self._one(query.order_by(holds.c.placed_at))
        return self._hold(row) if row else None

    async def get_hold(self, hold_id: HoldId) -> Hold:
        """Raises `NotStored`."""
        row = await self._one(select(holds).where(holds.c.id == hold_id))
        if row is None:
            raise NotStored
        return self._hold(row)

    async def get_extension(self, extension_id: ExtensionId) -> Extension:
        """Raises `NotStored`."""
        row = await self._one(select(extensions).where(extensions.c.id == extension_id))
        if row is None:
            raise NotStored
        return self._extension(row)

    async def holds_of(self, challenge_id: ChallengeId) -> list[Hold]:
        """Every hold there ever was, in order, with why it was lifted."""
        query = select(holds).where(holds.c.challenge_id == challenge_id).order_by(holds.c.placed_at)
        return [self._hold(row) for row in await self._all(query)]

    async def extensions_of(self, challenge_id: ChallengeId) -> list[Extension]:
        """Every later day that was agreed to, in order."""
        query = select(extensions).where(extensions.c.challenge_id == challenge_id).order_by(extensions.c.made_at)
        return [self._extension(row) for row in await self._all(query)]

    async def reword_hold(self, hold: Hold) -> None:
        """Write the reasons of a hold anew: a person has asked that their name be taken out of them."""
        seal = self._seal(hold.challenge_id)
        values = {"reason_sealed": seal.close(hold.reason, table="holds", column="reason", row=hold.id)}
        if hold.lifted_at is not None:
            values["lifted_why_sealed"] = seal.close(hold.lifted_why, table="holds", column="lifted_why", row=hold.id)
        await self._connection.execute(update(holds).where(holds.c.id == hold.id).values(**values))

    async def reword_extension(self, extension: Extension) -> None:
        """The same of the reason of a later day."""
        sealed = self._sealed_reason(extension)
        rule = extensions.c.id == extension.id
        await self._connection.execute(update(extensions).where(rule).values(reason_sealed=sealed))

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
        row = {
            "id": extension.id,
            "challenge_id": extension.challenge_id,
            "until": extension.until,
            "reason_sealed": self._sealed_reason(extension),
            "made_by": extension.made_by,
            "made_at": extension.made_at,
        }
        await self._insert(extensions, row)

    async def extended_to(self, challenge_id: ChallengeId) -> date | None:
        """The day last agreed to, if the challenge was ever to be kept for longer."""
        query = select(extensions.c.until).where(extensions.c.challenge_id == challenge_id)
        row = await self._one(query.order_by(extensions.c.made_at.desc(), extensions.c.until.desc()).limit(1))
        return row.until if row else None

    def _sealed_reason(self, extension: Extension) -> bytes:
        seal = self._seal(extension.challenge_id)
        return seal.close(extension.reason, table="extensions", column="reason", row=extension.id)

    def _hold(self, row: RowOf) -> Hold:
        return Hold(
            HoldId(row.id), ChallengeId(row.challenge_id), self._opened(row, "holds", "reason"),
            MemberId(row.placed_by), row.placed_at, self._opened(row, "holds", "lifted_why"),
            MemberId(row.lifted_by) if row.lifted_by else None, row.lifted_at,
        )  # fmt: skip

    def _extension(self, row: RowOf) -> Extension:
        return Extension(
            ExtensionId(row.id), ChallengeId(row.challenge_id), row.until, self._opened(row, "extensions", "reason"),
            MemberId(row.made_by), row.made_at,
        )  # fmt: skip

    def _opened(self, row: RowOf, table: str, column: str) -> str:
        """A reason in words; none where none was given, or where it cannot be read any more."""
        sealed = getattr(row, f"{column}_sealed")
        if sealed is None:
            return ""
        try:
            return self._seal(ChallengeId(row.challenge_id)).open(sealed, table=table, column=column, row=row.id)
        except (KeyDestroyed, Unreadable):
            return ""
