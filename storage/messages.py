"""The chat messages that findings came from: what an edit, a deletion or a reaction is matched against."""

from sqlalchemy import bindparam, func, select, update

from storage.errors import NotStored
from storage.records import ChallengeId, MemberId, MessageId, ReceiptId, SourceMessage
from storage.store import RowOf, Store, row_of
from storage.tables import source_messages

_AT = select(source_messages).where(
    source_messages.c.platform == bindparam("platform"),
    source_messages.c.workspace == bindparam("workspace"),
    source_messages.c.conversation == bindparam("conversation"),
    source_messages.c.message == bindparam("message"),
)
_COUNT = select(func.count().label("many")).where(source_messages.c.receipt_id == bindparam("receipt_id"))
_OF_RECEIPT = (
    select(source_messages)
    .where(source_messages.c.receipt_id == bindparam("receipt_id"))
    .order_by(source_messages.c.said_at)
)


class MessageStore(Store):
    async def add(self, message: SourceMessage) -> None:
        """Raises `AlreadyStored` when findings were logged from that message before."""
        await self._insert(source_messages, row_of(message))

    async def get(self, message_id: MessageId) -> SourceMessage:
        """Raises `NotStored`."""
        row = await self._one(select(source_messages).where(source_messages.c.id == message_id))
        if row is None:
            raise NotStored
        return _message(row)

    async def find(self, platform: str, workspace: str, conversation: str, message: str) -> SourceMessage | None:
        row = await self._one(_AT, platform=platform, workspace=workspace, conversation=conversation, message=message)
        return _message(row) if row else None

    async def count_of_receipt(self, receipt_id: ReceiptId) -> int:
        row = await self._one(_COUNT, receipt_id=receipt_id)
        return int(row.many) if row else 0

    async def of_receipt(self, receipt_id: ReceiptId) -> list[SourceMessage]:
        return [_message(row) for row in await self._all(_OF_RECEIPT, receipt_id=receipt_id)]

    async def set_kept_as_one(self, message_id: MessageId, *, kept: bool) -> None:
        await self._connection.execute(
            update(source_messages).where(source_messages.c.id == message_id).values(kept_as_one=kept)
        )

    async def move(self, message_id: MessageId, challenge_id: ChallengeId, member_id: MemberId) -> None:
        """Say that the message belongs to another challenge (its findings are moved by their own store)."""
        await self._connection.execute(
            update(source_messages)
            .where(source_messages.c.id == message_id)
            .values(challenge_id=challenge_id, member_id=member_id)
        )


def _message(row: RowOf) -> SourceMessage:
    return SourceMessage(
        id=MessageId(row.id),
        challenge_id=ChallengeId(row.challenge_id),
        platform=row.platform,
        workspace=row.workspace,
        conversation=row.conversation,
        message=row.message,
        member_id=MemberId(row.member_id),
        receipt_id=ReceiptId(row.receipt_id),
        said_at=row.said_at,
        kept_as_one=row.kept_as_one,
    )
