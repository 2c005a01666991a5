"""What came in: the marks by which a redelivery is known, and the few things that must be tried again.

Only digests of ids are kept, for a week. Bodies are sealed under the day's installation key.
"""

from datetime import datetime
from hashlib import sha256

import structlog
from sqlalchemy import bindparam, delete, select, update

from storage.errors import Unreadable
from storage.records import InboxItem, new_id
from storage.store import RowOf, Store
from storage.tables import early, inbox, seen

log = structlog.get_logger("baseroom.inbox")

_AT = (
    (early.c.platform == bindparam("platform"))
    & (early.c.workspace == bindparam("workspace"))
    & (early.c.conversation == bindparam("conversation"))
    & (early.c.message == bindparam("message"))
)
_EARLY = select(early).where(_AT)
_FORGET_EARLY = delete(early).where(_AT)


class InboxStore(Store):
    async def is_new(self, mark: str, now: datetime) -> bool:
        """Note the mark of an incoming thing; False when it was noted before (the thing is a redelivery)."""
        return await self._insert_if_absent(seen, {"digest": sha256(mark.encode()).digest()[:16], "at": now})

    async def forget_marks_before(self, moment: datetime) -> None:
        await self._connection.execute(delete(seen).where(seen.c.at < moment))

    async def keep(self, body: str, *, now: datetime, next_at: datetime) -> str:
        """Keep an incoming thing for another try; returns its id."""
        item_id = new_id()
        sealed = self._keys.of_day(now.date(), now).close(body, table="inbox", column="body", row=item_id)
        row = {"id": item_id, "body_sealed": sealed, "received_at": now, "attempts": 1, "next_at": next_at}
        await self._insert(inbox, row)
        return item_id

    async def due(self, now: datetime, limit: int = 50) -> list[InboxItem]:
        """What is to be tried again. The body of one whose day's key is gone is empty: it can never be read again."""
        query = select(inbox).where(inbox.c.next_at <= now).order_by(inbox.c.next_at).limit(limit)
        return [
            InboxItem(row.id, self._body(row), row.received_at, row.attempts, row.next_at)
            for row in await self._all(query)
        ]

    def _body(self, row: RowOf) -> str:
        try:
            seal = self._keys.of_day(row.received_at.date(), row.received_at)
            return seal.open(row.body_sealed, table="inbox", column="body", row=row.id)
        except Unreadable:
            return ""

    async def next_at(self) -> datetime | None:
        row = await self._one(select(inbox.c.next_at).order_by(inbox.c.next_at).limit(1))
        return row.next_at if row else None

    async def try_again(self, item: InboxItem, next_at: datetime) -> None:
        """Later, unless another process has settled that already."""
        rule = (inbox.c.id == item.id) & (inbox.c.attempts == item.attempts)
        await self._connection.execute(update(inbox).where(rule).values(attempts=item.attempts + 1, next_at=next_at))

    async def done(self, item_id: str) -> bool:
        """Take it out; False when another process was faster."""
        result = await self._connection.execute(delete(inbox).where(inbox.c.id == item_id))
        return bool(result.rowcount == 1)

    async def remember_early(
        self, platform: str, workspace: str, conversation: str, message: str, body: str, at: datetime
    ) -> None:
        """An edit or a deletion that came before its message: kept until the message comes. The newest wins."""
        row_id = f"{platform}|{workspace}|{conversation}|{message}"
        sealed = self._keys.of_day(at.date(), at).close(body, table="early", column="body", row=row_id)
        place = {"platform": platform, "workspace": workspace, "conversation": conversation, "message": message}
        values = {"body_sealed": sealed, "at": at}
        insertion = self._insertion(early).values(**place, **values)
        await self._connection.execute(insertion.on_conflict_do_update(index_elements=list(place), set_=values))

    async def take_early(self, platform: str, workspace: str, conversation: str, message: str) -> str | None:
        """What was remembered of that message, once. None, and a line in the log, where it is damaged: the message
        itself must not wait for that. Raises `Unreadable` where it is this process that has not the right keys."""
        place = {"platform": platform, "workspace": workspace, "conversation": conversation, "message": message}
        row = await self._one(_EARLY, **place)
        if row is None:
            return None
        await self._connection.execute(_FORGET_EARLY, place)
        row_id = f"{platform}|{workspace}|{conversation}|{message}"
        seal = self._keys.of_day(row.at.date(), row.at)
        try:
            return seal.open(row.body_sealed, table="early", column="body", row=row_id)
        except Unreadable:
            log.warning("an edit or a deletion cannot be read", came_at=row.at.isoformat())
            return None

    async def forget_early_before(self, moment: datetime) -> None:
        await self._connection.execute(delete(early).where(early.c.at < moment))
