"""Until when Baseroom heard a platform, and what is known of the conversations there: what it needs to catch up.

A conversation that the platform would not show stays unread from a moment on, by itself: nothing of it is skipped, and
no other is read again for its sake.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, exists, select, update

from storage.store import Store
from storage.tables import accounts, challenges, findings, members, presence, source_messages, team_channels, unread


@dataclass(frozen=True, slots=True)
class Conversation:
    """One that may hold findings: a member's direct messages, or (`is_channel`) a bound team channel. `unread_since`:
    what was said there since then could not be read so far."""

    id: str
    is_channel: bool
    unread_since: datetime | None = None


class PresenceStore(Store):
    async def last(self, platform: str, workspace: str) -> datetime | None:
        """When Baseroom was last known to hear the platform."""
        row = await self._one(select(presence.c.at).where(*_is(platform, workspace)))
        return row.at if row else None

    async def note(self, platform: str, workspace: str, now: datetime) -> None:
        row = {"platform": platform, "workspace": workspace, "at": now}
        if not await self._insert_if_absent(presence, row):
            await self._connection.execute(update(presence).where(*_is(platform, workspace)).values(at=now))

    async def conversations(self, platform: str, workspace: str) -> list[Conversation]:
        """The direct messages of everybody on a challenge that is not over, and its channels there."""
        talking = (
            select(accounts.c.dm)
            .distinct()
            .join(members, members.c.person_id == accounts.c.person_id)
            .join(challenges, challenges.c.id == members.c.challenge_id)
            .where(
                accounts.c.platform == platform,
                accounts.c.workspace == workspace,
                accounts.c.dm != "",
                members.c.removed_at.is_(None),
                challenges.c.ended_at.is_(None),
            )
        )
        bound = (
            select(team_channels.c.conversation)
            .join(challenges, challenges.c.id == team_channels.c.challenge_id)
            .where(
                team_channels.c.platform == platform,
                team_channels.c.workspace == workspace,
                challenges.c.ended_at.is_(None),
            )
        )
        waiting = select(unread.c.conversation, unread.c.since).where(*_is(platform, workspace, unread))
        since = {row.conversation: row.since for row in await self._all(waiting)}
        private = [row.dm for row in await self._all(talking)]
        channels = [row.conversation for row in await self._all(bound)]
        return [
            *(Conversation(id_, is_channel=False, unread_since=since.get(id_)) for id_ in private),
            *(Conversation(id_, is_channel=True, unread_since=since.get(id_)) for id_ in channels),
        ]

    async def note_unread(self, platform: str, workspace: str, conversation: str, since: datetime) -> None:
        """What was said there since then still has to be read. If that was noted before, the earlier moment holds."""
        row = {"platform": platform, "workspace": workspace, "conversation": conversation, "since": since}
        await self._insert_if_absent(unread, row)

    async def note_read(self, platform: str, workspace: str, conversation: str) -> None:
        await self._delete_unread(platform, workspace, unread.c.conversation == conversation)

    async def forget_unread_elsewhere(self, platform: str, workspace: str) -> None:
        """Forget what waits of conversations that are no concern of ours any more."""
        ours = [one.id for one in await self.conversations(platform, workspace)]
        await self._delete_unread(platform, workspace, unread.c.conversation.not_in(ours))

    async def _delete_unread(self, platform: str, workspace: str, which: ColumnElement[bool]) -> None:
        await self._connection.execute(delete(unread).where(*_is(platform, workspace, unread), which))

    async def known_in(self, platform: str, workspace: str, conversation: str, since: datetime) -> list[str]:
        """The messages of the conversation, said at or after `since`, whose findings hang on a wall."""
        standing = exists().where(findings.c.message_id == source_messages.c.id, findings.c.withdrawn_at.is_(None))
        query = select(source_messages.c.message).where(
            source_messages.c.platform == platform,
            source_messages.c.workspace == workspace,
            source_messages.c.conversation == conversation,
            source_messages.c.said_at >= since,
            standing,
        )
        return [row.message for row in await self._all(query)]


def _is(platform: str, workspace: str, table: Table = presence) -> tuple[ColumnElement[bool], ...]:
    return table.c.platform == platform, table.c.workspace == workspace
