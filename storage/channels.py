"""The team channels bound to challenges, who was in them when they were last looked at, and whether posting there is
stopped. Only platform ids are kept of the people, no names."""

from sqlalchemy import ColumnElement, bindparam, delete, select

from storage.records import ChallengeId, TeamChannel
from storage.store import RowOf, Store
from storage.tables import team_channels

_HERE = select(team_channels).where(
    team_channels.c.platform == bindparam("platform"),
    team_channels.c.workspace == bindparam("workspace"),
    team_channels.c.conversation == bindparam("conversation"),
)
_OF_CHALLENGE = select(team_channels).where(team_channels.c.challenge_id == bindparam("challenge_id"))


class ChannelStore(Store):
    async def find(self, platform: str, workspace: str, conversation: str) -> TeamChannel | None:
        place = {"platform": platform, "workspace": workspace, "conversation": conversation}
        found = await self._remembered(_HERE, _channel, **place)
        return found[0] if found else None

    async def of_challenge(self, challenge_id: ChallengeId) -> list[TeamChannel]:
        return await self._remembered(_OF_CHALLENGE, _channel, challenge_id=challenge_id)

    async def bind(self, channel: TeamChannel) -> None:
        """Bind the conversation to the challenge, in place of whatever it was bound to before."""
        values = {
            "challenge_id": channel.challenge_id,
            "bound_at": channel.bound_at,
            "stopped_at": channel.stopped_at,
            "stopped_why": channel.stopped_why,
            "members": list(channel.members),
        }
        place = {
            "platform": channel.platform,
            "workspace": channel.workspace,
            "conversation": channel.conversation,
        }
        insertion = self._insertion(team_channels).values(**place, **values)
        await self._change(insertion.on_conflict_do_update(index_elements=list(place), set_=values))

    async def release(self, channel: TeamChannel) -> None:
        """The conversation is no longer anybody's team channel."""
        where = _at(channel.platform, channel.workspace, channel.conversation)
        await self._change(delete(team_channels).where(*where))


def _at(platform: str, workspace: str, conversation: str) -> tuple[ColumnElement[bool], ...]:
    return (
        team_channels.c.platform == platform,
        team_channels.c.workspace == workspace,
        team_channels.c.conversation == conversation,
    )


def _channel(row: RowOf) -> TeamChannel:
    return TeamChannel(
        ChallengeId(row.challenge_id), row.platform, row.workspace, row.conversation, row.bound_at,
        row.stopped_at, row.stopped_why, tuple(row.members),
    )  # fmt: skip
