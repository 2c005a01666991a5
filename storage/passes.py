"""Links into the web and the browsers they let in: whose each is, for which challenge, and since when.

Neither a link nor what a browser remembers is kept: only its digest is, so that a copy of the database opens nothing.
"""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select

from storage.records import ChallengeId, Opens, PersonId, WebPass, WebVisit
from storage.store import Store
from storage.tables import web_passes, web_visits


class PassStore(Store):
    async def make(self, letters: str, web_pass: WebPass, now: datetime) -> None:
        """`letters` are the link's own: at least 128 bits that nobody can guess."""
        row = {"digest": _digest(letters), "made_at": now, "opens": web_pass.opens.value}
        ids = {"challenge_id": web_pass.challenge_id, "person_id": web_pass.person_id}
        await self._insert(web_passes, row | ids)

    async def is_made(self, letters: str) -> bool:
        """Whether there is such a link, however old, that has not been used."""
        return await self._one(select(web_passes.c.digest).where(web_passes.c.digest == _digest(letters))) is not None

    async def use(self, letters: str, since: datetime) -> WebPass | None:
        """Use the link up: what it stands for, unless it was used before or made before `since`."""
        is_it = web_passes.c.digest == _digest(letters)
        row = await self._one(select(web_passes).where(is_it))
        used = await self._connection.execute(delete(web_passes).where(is_it))
        if row is None or used.rowcount != 1 or row.made_at < since:
            return None
        return WebPass(ChallengeId(row.challenge_id), PersonId(row.person_id), Opens(row.opens))

    async def begin_visit(self, letters: str, visit: WebVisit) -> None:
        """`letters` are what the browser remembers itself by."""
        ids = {"challenge_id": visit.challenge_id, "person_id": visit.person_id}
        await self._insert(web_visits, {"digest": _digest(letters), "began_at": visit.began_at} | ids)

    async def visit(self, letters: str, since: datetime) -> WebVisit | None:
        """The visit of the browser that remembers these letters, if it began at or after `since`."""
        is_it = web_visits.c.digest == _digest(letters)
        row = await self._one(select(web_visits).where(is_it, web_visits.c.began_at >= since))
        return WebVisit(ChallengeId(row.challenge_id), PersonId(row.person_id), row.began_at) if row else None

    async def end_visit(self, letters: str) -> None:
        await self._connection.execute(delete(web_visits).where(web_visits.c.digest == _digest(letters)))

    async def revoke(self, challenge_id: ChallengeId, person_id: PersonId | None = None) -> int:
        """End every visit to the challenge, or one person's, and make their unused links worth nothing; returns how
        many browsers that closes."""
        closed = 0
        for table in (web_passes, web_visits):
            concerned = [table.c.challenge_id == challenge_id]
            concerned += [table.c.person_id == person_id] if person_id else []
            closed = (await self._connection.execute(delete(table).where(*concerned))).rowcount
        return int(closed)

    async def forget_before(self, passes: datetime, visits: datetime) -> None:
        """Links made, and visits begun, before these moments are over."""
        await self._connection.execute(delete(web_passes).where(web_passes.c.made_at < passes))
        await self._connection.execute(delete(web_visits).where(web_visits.c.began_at < visits))


def _digest(letters: str) -> bytes:
    return sha256(letters.encode()).digest()
