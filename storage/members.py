"""Who is on a challenge. Names are sealed; initials are not, since they stand on every post-it.

Nothing is overwritten when somebody is removed, so that their initials stay theirs.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, String, Table, bindparam, delete, func, select, update

from storage.errors import KeyDestroyed, NotStored
from storage.records import ChallengeId, Member, MemberId, PersonId, Role
from storage.store import RowOf, Store
from storage.tables import members, metadata, posts

_BY_ID = select(members).where(members.c.id == bindparam("member_id"))
_OF_PERSON = select(members).where(members.c.person_id == bindparam("person_id"))
_TEAM = (
    select(members)
    .where(members.c.challenge_id == bindparam("challenge_id"))
    .order_by(members.c.added_at, members.c.id)
)


def _seats_named_in(table: Table) -> list[Column[Any]]:
    """By the house's custom a seat is named in a column `member_id`, `author_id` or `…_by`."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, String) and not column.primary_key
        and (column.name in ("member_id", "author_id") or column.name.endswith("_by"))
    ]  # fmt: skip


_NAMING_A_SEAT = tuple(column for table in metadata.sorted_tables for column in _seats_named_in(table))


class MemberStore(Store):
    async def add(self, member: Member) -> None:
        """Raises `AlreadyStored` when the person, or the initials, are on the challenge already."""
        self._recall.change()
        sealed = self._sealed_name(member.challenge_id, member.id, member.name)
        await self._insert(
            members,
            {
                "id": member.id,
                "challenge_id": member.challenge_id,
                "person_id": member.person_id,
                "name_sealed": sealed,
                "initials": member.initials,
                "role": member.role.value,
                "kind": member.kind,
                "added_at": member.added_at,
                "agreed_at": member.agreed_at,
                "removed_at": member.removed_at,
            },
        )

    async def get(self, member_id: MemberId) -> Member:
        """Raises `NotStored`."""
        rows = await self._remembered(_BY_ID, _still_sealed, member_id=member_id)
        if not rows:
            raise NotStored
        return self._member(rows[0])

    async def find(self, challenge_id: ChallengeId, person_id: PersonId) -> Member | None:
        """The person's place on the challenge, removed or not."""
        for row in await self._team(challenge_id):
            if row.person_id == person_id:
                return self._member(row)
        return None

    async def has_left(self, challenge_id: ChallengeId, person_id: PersonId) -> bool:
        """Whether the person has been taken off the team; their name is not opened for it."""
        team = await self._team(challenge_id)
        return any(row.person_id == person_id and row.removed_at is not None for row in team)

    async def of_challenge(self, challenge_id: ChallengeId, *, with_removed: bool = False) -> list[Member]:
        """The team in the order they were added."""
        team = await self._team(challenge_id)
        return [self._member(row) for row in team if with_removed or row.removed_at is None]

    async def initials_of(self, challenge_id: ChallengeId) -> dict[MemberId, str]:
        """The initials of everybody who is or was on the team; no name is opened for them."""
        return {MemberId(row.id): row.initials for row in await self._team(challenge_id)}

    async def of_person(self, person_id: PersonId, *, with_removed: bool = False) -> list[Member]:
        """The person's places on challenges, by default those from which they have not been removed."""
        rows = await self._remembered(_OF_PERSON, _still_sealed, person_id=person_id)
        return [self._member(row) for row in rows if with_removed or row.removed_at is None]

    async def set_agreed(self, member_id: MemberId, at: datetime) -> None:
        await self._set(member_id, agreed_at=at)

    async def set_removed(self, member_id: MemberId, at: datetime | None) -> None:
        await self._set(member_id, removed_at=at)

    async def set_role(self, member_id: MemberId, role: Role, kind: str) -> None:
        await self._set(member_id, role=role.value, kind=kind)

    async def set_person(self, member_id: MemberId, person_id: PersonId) -> None:
        """Say whose place it is. The person must have no other on that challenge."""
        await self._set(member_id, person_id=person_id)

    async def join(self, kept: MemberId, gone: MemberId) -> None:
        """Make two places on one challenge one: what names the one that goes names the one that is kept.

        Its answers to check-ins are moved by their own store, under their own seal. A challenge that is signed off is
        left alone by the rules: the register of destroyed notes is evidence and is never rewritten.
        """
        for column in _NAMING_A_SEAT:
            await self._connection.execute(update(column.table).where(column == gone).values({column: kept}))
        for column in (posts.c.record, posts.c.slot):
            renamed = func.replace(column, gone, kept)
            await self._connection.execute(
                update(posts).where(column.contains(gone, autoescape=True)).values({column: renamed})
            )
        await self._change(delete(members).where(members.c.id == gone))

    async def _set(self, member_id: MemberId, **values: object) -> None:
        await self._change(update(members).where(members.c.id == member_id).values(**values))

    async def _team(self, challenge_id: ChallengeId) -> list[RowOf]:
        return await self._remembered(_TEAM, _still_sealed, challenge_id=challenge_id)

    def _sealed_name(self, challenge_id: ChallengeId, member_id: MemberId, name: str) -> bytes:
        return self._seal(challenge_id).close(name, table="members", column="name", row=member_id)

    def _open_name(self, row: RowOf) -> str:
        """Empty once the challenge's key is destroyed: whoever was on it can still be on others."""
        try:
            seal = self._seal(ChallengeId(row.challenge_id))
        except KeyDestroyed:
            return ""
        return seal.open(row.name_sealed, table="members", column="name", row=row.id)

    def _member(self, row: RowOf) -> Member:
        return Member(
            id=MemberId(row.id),
            challenge_id=ChallengeId(row.challenge_id),
            person_id=PersonId(row.person_id),
            name=self._open_name(row),
            initials=row.initials,
            role=Role(row.role),
            kind=row.kind,
            added_at=row.added_at,
            agreed_at=row.agreed_at,
            removed_at=row.removed_at,
        )


def _still_sealed(row: RowOf) -> RowOf:
    """Names are opened anew each time: none stands in memory between turns."""
    return row
