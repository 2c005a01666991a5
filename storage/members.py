"""Who is on a challenge. Names are sealed; initials are not, since they stand on every post-it.

Nothing is overwritten when somebody is removed, so that their initials stay theirs.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from storage.errors import KeyDestroyed, NotStored
from storage.records import ChallengeId, Member, MemberId, PersonId, Role
from storage.store import RowOf, Store
from storage.tables import members


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
        rows = await self._remembered(("member", member_id), lambda: select(members).where(members.c.id == member_id))
        if not rows:
            raise NotStored
        return self._member(rows[0])

    async def find(self, challenge_id: ChallengeId, person_id: PersonId) -> Member | None:
        """The person's place on the challenge, removed or not."""
        for row in await self._team(challenge_id):
            if row.person_id == person_id:
                return self._member(row)
        return None

    async def of_challenge(self, challenge_id: ChallengeId, *, with_removed: bool = False) -> list[Member]:
        """The team in the order they were added."""
        team = await self._team(challenge_id)
        return [self._member(row) for row in team if with_removed or row.removed_at is None]

    async def of_person(self, person_id: PersonId) -> list[Member]:
        """The person's places on challenges where they have not been removed."""
        rows = await self._remembered(
            ("seats of", person_id), lambda: select(members).where(members.c.person_id == person_id)
        )
        return [self._member(row) for row in rows if row.removed_at is None]

    async def set_agreed(self, member_id: MemberId, at: datetime) -> None:
        await self._set(member_id, agreed_at=at)

    async def set_removed(self, member_id: MemberId, at: datetime | None) -> None:
        await self._set(member_id, removed_at=at)

    async def set_role(self, member_id: MemberId, role: Role, kind: str) -> None:
        await self._set(member_id, role=role.value, kind=kind)

    async def _set(self, member_id: MemberId, **values: object) -> None:
        await self._change(update(members).where(members.c.id == member_id).values(**values))

    async def _team(self, challenge_id: ChallengeId) -> list[RowOf]:
        def query() -> Select[Any]:
            return (
                select(members).where(members.c.challenge_id == challenge_id).order_by(members.c.added_at, members.c.id)
            )

        return await self._remembered(("team", challenge_id), query)

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
