"""Words that were not taken as a finding, kept sealed for a day so that one tap can still log them.

Those of people on a challenge under a hold are kept until it is lifted, and what was settled or reworded meanwhile too:
nobody is offered it any more, and a person's request still finds it.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import case, delete, func, select, update

from storage.errors import KeyDestroyed, NotStored, Unreadable
from storage.keeping import HELD_SEATS
from storage.records import AccountId, Aside, AsideId, new_id
from storage.store import RowOf, Store
from storage.tables import asides

_IS_HELD = asides.c.account_id.in_(HELD_SEATS)


class AsideStore(Store):
    async def add(self, aside: Aside) -> None:
        await self._insert(
            asides,
            {
                "id": aside.id,
                "account_id": aside.account_id,
                "platform": aside.platform,
                "workspace": aside.workspace,
                "conversation": aside.conversation,
                "message": aside.message,
                "text_sealed": self._sealed(aside, aside.text),
                "said_at": aside.said_at,
                "settled_at": aside.settled_at,
            },
        )

    async def get(self, aside_id: AsideId) -> Aside:
        """Raises `NotStored`: it was never there, or its day is over."""
        row = await self._one(select(asides).where(asides.c.id == aside_id))
        if row is None or row.text_sealed is None or row.settled_at is not None:
            raise NotStored
        return self._aside(row)

    async def find(self, platform: str, workspace: str, conversation: str, message: str) -> Aside | None:
        query = select(asides).where(
            asides.c.platform == platform,
            asides.c.workspace == workspace,
            asides.c.conversation == conversation,
            asides.c.message == message,
            asides.c.text_sealed.is_not(None),
            asides.c.settled_at.is_(None),
        )
        row = await self._one(query)
        return self._aside(row) if row else None

    async def of_accounts(self, account_ids: Collection[AccountId]) -> list[Aside]:
        """The words that are still kept of these people, oldest first; those that cannot be read are left out."""
        query = select(asides).where(asides.c.account_id.in_(account_ids), asides.c.text_sealed.is_not(None))
        kept = []
        for row in await self._all(query.order_by(asides.c.said_at)):
            with suppress(NotStored, Unreadable):
                kept.append(self._aside(row))
        return kept

    async def reword(self, aside: Aside, words: str) -> None:
        """The message was edited: keep what it says now instead, and under a hold what it said as well."""
        if await self._one(select(asides.c.id).where(asides.c.id == aside.id, _IS_HELD)) is not None:
            await self.add(replace(aside, id=AsideId(new_id()), settled_at=aside.said_at))
        await self._connection.execute(
            update(asides).where(asides.c.id == aside.id).values(text_sealed=self._sealed(aside, words))
        )

    async def settle(self, aside_id: AsideId, at: datetime) -> None:
        """It was logged, or is not wanted: forget the words, unless a hold stands."""
        left = case((_IS_HELD, asides.c.text_sealed), else_=None)
        await self._connection.execute(
            update(asides).where(asides.c.id == aside_id).values(settled_at=at, text_sealed=left)
        )

    async def forget_before(self, moment: datetime) -> None:
        """Forget those said before then, unless a hold stands."""
        await self._connection.execute(delete(asides).where(asides.c.said_at < moment, ~_IS_HELD))

    async def first_day(self) -> date | None:
        """The earliest day of which words are still kept, and so is its key."""
        first = func.min(asides.c.said_at).label("first")
        row = await self._one(select(first).where(asides.c.text_sealed.is_not(None)))
        return row.first.date() if row and row.first else None

    def _sealed(self, aside: Aside, words: str) -> bytes:
        seal = self._keys.of_day(aside.said_at.date(), aside.said_at)
        return seal.close(words, table="asides", column="text", row=aside.id)

    def _aside(self, row: RowOf) -> Aside:
        try:
            seal = self._keys.of_day(row.said_at.date(), row.said_at)
        except KeyDestroyed as exc:
            raise NotStored from exc
        return Aside(
            id=AsideId(row.id),
            account_id=AccountId(row.account_id),
            platform=row.platform,
            workspace=row.workspace,
            conversation=row.conversation,
            message=row.message,
            text=seal.open(row.text_sealed, table="asides", column="text", row=row.id),
            said_at=row.said_at,
            settled_at=row.settled_at,
        )
