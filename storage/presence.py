"""Until when Baseroom heard a platform, and what is known of the conversations there: what it needs to catch up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update

from storage.store import Store
from storage.tables import accounts, challenges, findings, members, presence, source_messages, team_channels


@dataclass(frozen=True, slots=True)
class Conversation:
    """One that may hold findings: a member's direct messages, or (`is_channel`) a bound team channel."""

    id: str
    is_channel: bool


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
        private = [Conversation(row.dm, is_channel=False) for row in await self._all(talking)]
        return [*private, *(Conversation(row.conversation, is_channel=True) for row in await self._all(bound))]

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


def _is(platform: str, workspace: str) -> tuple[ColumnElement[bool], ...]:
    return presence.c.platform == platform, presence.c.workspace == workspace
