"""Receipts: which findings one short answer tells of."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.errors import NotStored
from storage.records import ChallengeId, MemberId, Receipt, ReceiptId
from storage.store import RowOf, Store, row_of
from storage.tables import receipts

_LATEST = (
    select(receipts)
    .where(receipts.c.member_id == bindparam("member_id"), receipts.c.last_at >= bindparam("since"))
    .order_by(receipts.c.last_at.desc())
    .limit(1)
)
_SET_LAST_AT = update(receipts).where(receipts.c.id == bindparam("receipt_id")).values(last_at=bindparam("at"))
_BY_ID = select(receipts).where(receipts.c.id == bindparam("receipt_id"))


class ReceiptStore(Store):
    async def add(self, receipt: Receipt) -> None:
        await self._insert(receipts, row_of(receipt))

    async def get(self, receipt_id: ReceiptId) -> Receipt:
        """Raises `NotStored`."""
        row = await self._one(_BY_ID, receipt_id=receipt_id)
        if row is None:
            raise NotStored
        return _receipt(row)

    async def latest_of(self, member_id: MemberId, since: datetime) -> Receipt | None:
        """The member's newest receipt that was last added to at or after `since`."""
        row = await self._one(_LATEST, member_id=member_id, since=since)
        return _receipt(row) if row else None

    async def move(
        self, receipt_id: ReceiptId, challenge_id: ChallengeId, member_id: MemberId, *, practice: bool = False
    ) -> None:
        """Say that what it tells of now hangs on that challenge's wall (or is practice there)."""
        values = {"challenge_id": challenge_id, "member_id": member_id, "practice": practice}
        await self._connection.execute(update(receipts).where(receipts.c.id == receipt_id).values(**values))

    async def set_last_at(self, receipt_id: ReceiptId, at: datetime) -> None:
        await self._connection.execute(_SET_LAST_AT, {"receipt_id": receipt_id, "at": at})


def _receipt(row: RowOf) -> Receipt:
    return Receipt(
        id=ReceiptId(row.id),
        challenge_id=ChallengeId(row.challenge_id),
        member_id=MemberId(row.member_id),
        platform=row.platform,
        workspace=row.workspace,
        conversation=row.conversation,
        thread=row.thread,
        opened_at=row.opened_at,
        last_at=row.last_at,
        practice=row.practice,
    )
