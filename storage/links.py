"""One-time codes by which a person says that two accounts are theirs, and the wrong guesses at them.

A code is never kept: only its digest is, sealed under the day's installation key, so that a copy of the database can be
tried against no list of codes. One person has one code at a time.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, func, select

from storage.errors import KeyDestroyed
from storage.records import LinkCode, PersonId, new_id
from storage.store import RowOf, Store
from storage.tables import link_codes, link_tries


class LinkStore(Store):
    async def make(self, person_id: PersonId, code: str, now: datetime) -> None:
        """Keep a new code; an earlier one of the same person is worth nothing from now on."""
        await self.forget([person_id])
        code_id = new_id()
        seal = self._keys.of_day(now.date(), now)
        sealed = seal.close(_digest(code), table="link_codes", column="digest", row=code_id)
        row = {"id": code_id, "person_id": person_id, "digest_sealed": sealed, "made_at": now}
        await self._insert(link_codes, row)

    async def find(self, code: str, since: datetime) -> LinkCode | None:
        """The code, if it was made at or after `since` and has not been used."""
        wanted = _digest(code)
        for row in await self._all(select(link_codes).where(link_codes.c.made_at >= since)):
            if hmac.compare_digest(self._digest_of(row), wanted):
                return LinkCode(row.id, PersonId(row.person_id), row.made_at)
        return None

    async def get(self, code_id: str, since: datetime) -> LinkCode | None:
        """The same by its id, which is told only to somebody who has typed the code."""
        row = await self._one(select(link_codes).where(link_codes.c.id == code_id, link_codes.c.made_at >= since))
        return LinkCode(row.id, PersonId(row.person_id), row.made_at) if row else None

    async def use(self, code_id: str) -> bool:
        """Use it up; False when somebody else has just done so."""
        result = await self._connection.execute(delete(link_codes).where(link_codes.c.id == code_id))
        return bool(result.rowcount == 1)

    async def forget(self, people: Sequence[PersonId]) -> None:
        """Forget the codes of these people."""
        await self._connection.execute(delete(link_codes).where(link_codes.c.person_id.in_(people)))

    async def note_wrong_try(self, person_id: PersonId, now: datetime) -> None:
        await self._insert(link_tries, {"id": new_id(), "person_id": person_id, "at": now})

    async def wrong_tries(self, person_id: PersonId, since: datetime) -> int:
        """How often the person has typed a code that was none, at or after `since`."""
        query = select(func.count().label("many")).where(link_tries.c.person_id == person_id, link_tries.c.at >= since)
        row = await self._one(query)
        return int(row.many) if row else 0

    async def forget_before(self, *, codes: datetime, tries: datetime) -> None:
        """Codes and wrong tries from before then mean nothing any more."""
        await self._connection.execute(delete(link_codes).where(link_codes.c.made_at < codes))
        await self._connection.execute(delete(link_tries).where(link_tries.c.at < tries))

    def _digest_of(self, row: RowOf) -> str:
        try:
            seal = self._keys.of_day(row.made_at.date(), row.made_at)
        except KeyDestroyed:
            return ""
        return seal.open(row.digest_sealed, table="link_codes", column="digest", row=row.id)


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
