"""The rehearsal room's own messages and its clock: what Slack keeps for Slack, the room keeps here.

Words are sealed under a key of the room's own, so that a practice visit is no more readable on disk than a real one.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from storage.errors import KeyDestroyed, NotStored
from storage.keys import Seal
from storage.records import RehearsalMessage, Shape
from storage.store import RowOf, Store
from storage.tables import rehearsal_clock, rehearsal_messages

KEY = "rehearsal"


class RehearsalStore(Store):
    async def add(self, message: RehearsalMessage) -> None:
        row = {
            "id": message.id,
            "conversation": message.conversation,
            "thread": message.thread,
            "author": message.author,
            "only_to": message.only_to,
            "shape": message.shape.value,
            "body_sealed": self._close(message.id, message.body, message.at),
            "key": message.key,
            "pinned_by": message.pinned_by,
            "at": message.at,
            "edited_at": message.edited_at,
        }
        await self._insert(rehearsal_messages, row)

    async def get(self, message_id: str) -> RehearsalMessage:
        """Raises `NotStored`: it was never there, or it was taken back."""
        return self._message(await self._row(rehearsal_messages.c.id == message_id))

    async def with_key(self, key: str) -> RehearsalMessage:
        """The post that delivery put there with that key. Raises `NotStored`."""
        return self._message(await self._row(rehearsal_messages.c.key == key))

    async def in_conversation(self, conversation: str, viewer: str) -> list[RehearsalMessage]:
        """What `viewer` sees there, in the order it was said."""
        query = select(rehearsal_messages).where(
            rehearsal_messages.c.conversation == conversation,
            rehearsal_messages.c.only_to.in_(("", viewer)),
            rehearsal_messages.c.deleted_at.is_(None),
        )
        return [self._message(row) for row in await self._all(query.order_by(rehearsal_messages.c.seq))]

    async def change(self, message: RehearsalMessage, at: datetime) -> None:
        """Write the body and the pushpins as they now are."""
        values = {
            "shape": message.shape.value,
            "body_sealed": self._close(message.id, message.body, at),
            "pinned_by": message.pinned_by,
            "edited_at": message.edited_at,
        }
        rule = rehearsal_messages.c.id == message.id
        await self._connection.execute(update(rehearsal_messages).where(rule).values(**values))

    async def delete(self, message_id: str, at: datetime) -> None:
        """Take a message back: its words go, its place stays."""
        rule = rehearsal_messages.c.id == message_id
        values = {"deleted_at": at, "body_sealed": b""}
        await self._connection.execute(update(rehearsal_messages).where(rule).values(**values))

    async def clock(self) -> datetime | None:
        """What the room's clock showed when it was last noted; None in a room that was never opened."""
        row = await self._one(select(rehearsal_clock.c.shows))
        return row.shows if row else None

    async def note_clock(self, shows: datetime) -> None:
        insertion = self._insertion(rehearsal_clock).values(id=1, shows=shows)
        await self._connection.execute(insertion.on_conflict_do_update(index_elements=["id"], set_={"shows": shows}))

    async def _row(self, rule: ColumnElement[bool]) -> RowOf:
        query = select(rehearsal_messages).where(rule, rehearsal_messages.c.deleted_at.is_(None))
        row = await self._one(query)
        if row is None:
            raise NotStored
        return row

    def _close(self, message_id: str, body: str, at: datetime) -> bytes:
        return self._seal_of_the_room(at).close(body, table="rehearsal_messages", column="body", row=message_id)

    def _seal_of_the_room(self, at: datetime) -> Seal:
        """The room's key, made at its first use."""
        try:
            return self._keys.of(KEY)
        except KeyDestroyed:
            return self._keys.make(KEY, at)

    def _message(self, row: RowOf) -> RehearsalMessage:
        body = self._keys.of(KEY).open(row.body_sealed, table="rehearsal_messages", column="body", row=row.id)
        return RehearsalMessage(
            id=row.id,
            conversation=row.conversation,
            author=row.author,
            shape=Shape(row.shape),
            body=body,
            at=row.at,
            thread=row.thread,
            only_to=row.only_to,
            key=row.key,
            pinned_by=row.pinned_by,
            edited_at=row.edited_at,
        )
