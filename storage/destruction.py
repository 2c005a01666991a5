"""The register of note destruction: who was asked to destroy what, when they were reminded, and when they confirmed.

It holds no words that anybody typed: an item is a key of the framework's list.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from storage.records import ChallengeId, MemberId, NoteDestruction, PersonId
from storage.store import RowOf, Store, row_of
from storage.tables import members, note_destructions


class DestructionStore(Store):
    async def ask(self, row: NoteDestruction) -> bool:
        """Enter one item of one person; says whether it is new in the register."""
        return await self._insert_if_absent(note_destructions, row_of(row))

    async def of_challenge(self, challenge_id: ChallengeId) -> list[NoteDestruction]:
        query = select(note_destructions).where(note_destructions.c.challenge_id == challenge_id)
        return [_row(row) for row in await self._all(query)]

    async def of_member(self, challenge_id: ChallengeId, member_id: MemberId) -> list[NoteDestruction]:
        query = select(note_destructions).where(*_held_by(challenge_id, member_id))
        return [_row(row) for row in await self._all(query)]

    async def asked_of(self, person_id: PersonId) -> list[MemberId]:
        """The places on challenges, left or not, for which the person has been asked."""
        query = (
            select(members.c.id)
            .join(note_destructions, note_destructions.c.member_id == members.c.id)
            .where(members.c.person_id == person_id)
            .distinct()
        )
        return [MemberId(row.id) for row in await self._all(query)]

    async def confirm(
        self,
        challenge_id: ChallengeId,
        member_id: MemberId,
        items: Collection[str],
        at: datetime | None,
        *,
        none_held: bool = False,
    ) -> None:
        """Enter what the person says of some items: destroyed, or none held; with None, not destroyed yet."""
        await self._connection.execute(
            update(note_destructions)
            .where(*_held_by(challenge_id, member_id), note_destructions.c.item.in_(items))
            .values(confirmed_at=at, none_held=none_held)
        )

    async def set_reminded(self, challenge_id: ChallengeId, member_id: MemberId, at: datetime) -> None:
        await self._connection.execute(
            update(note_destructions).where(*_held_by(challenge_id, member_id)).values(reminded_at=at)
        )

    async def withdraw(self, challenge_id: ChallengeId) -> None:
        """The report was not signed off after all: nobody has been asked for anything."""
        await self._connection.execute(
            delete(note_destructions).where(note_destructions.c.challenge_id == challenge_id)
        )


def _held_by(challenge_id: ChallengeId, member_id: MemberId) -> tuple[ColumnElement[bool], ...]:
    return (note_destructions.c.challenge_id == challenge_id, note_destructions.c.member_id == member_id)


def _row(row: RowOf) -> NoteDestruction:
    return NoteDestruction(
        ChallengeId(row.challenge_id), MemberId(row.member_id), row.item, row.asked_at, row.confirmed_at,
        row.none_held, row.reminded_at,
    )  # fmt: skip
