"""After an outage Baseroom reads back what was said to it meanwhile, in direct messages and in bound channels, threads
too: each finding is logged once, in order, with its own time; what was edited is edited, and what is gone is withdrawn.

Slack tries three times within six minutes to tell us something, and then never again; over HTTP we cannot know that it
tried. So the last of what was said is read again at each start and every quarter of an hour.

What was handled before is known by its mark, so reading back too far does no harm. A conversation that Slack refuses to
show is tried again every minute by itself, from where it stood.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from slack_sdk.errors import SlackApiError

from bot.app import App
from bot.logs import where
from bot.slack.answers import error_code
from bot.slack.history import History, Message, is_tombstone, moment_of, rest_until
from bot.slack.inbound import Inbound
from handlers.chat import Platform
from storage.presence import Conversation

log = structlog.get_logger("baseroom.slack.catching_up")

EVERY = timedelta(minutes=1)
OVERLAP = timedelta(minutes=2)
LOOK_AGAIN = timedelta(minutes=15)
GIVEN_UP = timedelta(minutes=10)  # by then Slack has made its last try
SHORTEST_KEEPING = timedelta(days=1)  # a workspace's retention is set in days
ASKED_ABOUT = 20  # messages of one conversation about which Slack is asked one by one, the newest
FURTHEST = timedelta(days=6)  # marks of what was handled are kept for a week: further back it could be logged twice
NOT_OURS = frozenset({"channel_not_found", "not_in_channel", "is_archived"})  # there is nothing for us to read any more


class Connected(Protocol):
    async def is_connected(self) -> bool: ...


@dataclass(slots=True)
class CatchUp:
    """Notes every minute that Slack is heard, and reads back when it was not heard for longer than that, or what is
    new was last looked through a while ago.

    `connection` says whether Slack reaches us, as far as that can be known.
    """

    app: App
    history: History
    inbound: Inbound
    connection: Connected
    _looked: datetime | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """For ever; ends when cancelled. Whatever goes wrong, the next minute tries again from where it stood."""
        while True:
            try:
                await self.attend()
            except Exception as exc:  # noqa: BLE001  # whatever it was: nothing is noted, so the next minute reads it all
                log.warning("not caught up yet", error=type(exc).__name__, where=where(exc.__traceback__))
            await rest_until(self.app.clock, self.app.clock.now() + EVERY, self._wake)

    async def attend(self) -> None:
        """If Slack is heard: read back what was missed, then note that it is heard."""
        if not await self.connection.is_connected():
            return
        workspace, now = self.inbound.directory.workspace, self.app.clock.now()
        async with self.app.database.reading() as uow:
            last = await uow.presence.last(Platform.SLACK, workspace)
        if last is not None and now - last > 2 * EVERY:
            await self.read_back(max(last - OVERLAP, now - FURTHEST), as_far_as=now - FURTHEST)
            self._looked = now
        elif last is not None and (self._looked is None or now - self._looked >= LOOK_AGAIN):
            recently = now - LOOK_AGAIN - GIVEN_UP
            await self.read_back(recently, as_far_as=recently)
            self._looked = now
        else:
            await self.read_what_was_refused()
        async with self.app.database.begin() as uow:
            await uow.presence.note(Platform.SLACK, workspace, now)
            await uow.presence.forget_unread_elsewhere(Platform.SLACK, workspace)
            await uow.commit()

    async def read_back(self, since: datetime, *, as_far_as: datetime) -> None:
        """Everything that was said since then, under older messages too, and whatever was changed or deleted of what
        stands on a wall; in threads, where something was said since `as_far_as`. A conversation that Slack refuses to
        show holds up no other: it is noted as unread. Raises when Slack cannot be asked: nothing is skipped."""
        talks = await self._talks()
        log.info("reading back", conversations=len(talks))
        for talk in talks:
            await self._try(talk, since, as_far_as)

    async def read_what_was_refused(self) -> None:
        """Once more, from where each of those conversations stood."""
        for talk in await self._talks():
            if talk.unread_since is not None:
                await self._try(talk, talk.unread_since, talk.unread_since)

    async def _talks(self) -> Sequence[Conversation]:
        async with self.app.database.reading() as uow:
            return await uow.presence.conversations(Platform.SLACK, self.inbound.directory.workspace)

    async def _try(self, talk: Conversation, since: datetime, far: datetime) -> None:
        """Read it, or note that it is unread and from when on."""
        if talk.unread_since is not None:
            far = self.app.clock.now() - FURTHEST
            since = max(far, min(since, talk.unread_since))
        try:
            await self._read_back_one(talk, since, far)
        except SlackApiError as exc:
            if await self._is_news(talk, since, error_code(exc)):
                log.warning("a conversation cannot be read", error=error_code(exc))
        else:
            if talk.unread_since is not None:
                async with self.app.database.begin() as uow:
                    await uow.presence.note_read(Platform.SLACK, self.inbound.directory.workspace, talk.id)
                    await uow.commit()

    async def _is_news(self, talk: Conversation, since: datetime, error: str) -> bool:
        """Note that it was refused, unless that was noted before."""
        if talk.unread_since is None and error not in NOT_OURS:
            async with self.app.database.begin() as uow:
                await uow.presence.note_unread(Platform.SLACK, self.inbound.directory.workspace, talk.id, since)
                await uow.commit()
        return talk.unread_since is None

    async def _read_back_one(self, talk: Conversation, since: datetime, far: datetime) -> None:
        """1 read it; 2 hand on what is new; 3 what was edited; 4 what is gone."""
        standing = await self.history.standing(talk.id, far)
        for message in standing:
            if moment_of(message) >= since:
                await self._hand_on(self._said(talk, message))
            if message.get("edited") and moment_of(message["edited"]) >= since:
                await self._hand_on(_edited(talk, message))
        for ts in await self._gone(talk, standing):
            await self._hand_on(_deleted(talk, ts))

    async def _gone(self, talk: Conversation, standing: Sequence[Message]) -> Sequence[str]:
        """What hangs on a wall and stands there no more, oldest first.

        A workspace may keep its messages for some days only: what is older than a day counts as taken back where
        something that is older still stands.
        """
        here = {str(message["ts"]) for message in standing if not is_tombstone(message)}
        since = min([self.app.clock.now() - SHORTEST_KEEPING, *map(moment_of, standing[:1])])
        workspace = self.inbound.directory.workspace
        async with self.app.database.reading() as uow:
            known = await uow.presence.known_in(Platform.SLACK, workspace, talk.id, since)
        missing = sorted(set(known) - here, key=float)[-ASKED_ABOUT:]
        return [ts for ts in missing if await self.history.is_gone(talk.id, ts)]

    async def _hand_on(self, event: Message) -> None:
        body = {"event_id": f"read-back|{event['mark']}", "event": event}
        incoming = await self.inbound.event(body)
        if incoming is not None:
            await self.app.dispatch.handle(incoming)

    def _said(self, talk: Conversation, message: Message) -> Message:
        """As Slack would have told of it: in a channel what names us is a mention."""
        names_us = f"<@{self.inbound.directory.bot_user}>" in str(message.get("text", ""))
        kind = "app_mention" if talk.is_channel and names_us else "message"
        where_from = {"channel": talk.id, "channel_type": "channel" if talk.is_channel else "im"}
        return {**message, **where_from, "type": kind, "edited": None, "mark": f"{talk.id}|{message['ts']}"}


def _edited(talk: Conversation, message: Message) -> Message:
    mark = f"{talk.id}|{message['ts']}|{message['edited']['ts']}"
    changed = {"type": "message", "subtype": "message_changed", "channel": talk.id, "mark": mark}
    return changed | {"message": message, "previous_message": {}}


def _deleted(talk: Conversation, ts: str) -> Message:
    deleted = {"type": "message", "subtype": "message_deleted", "channel": talk.id, "deleted_ts": ts}
    return deleted | {"mark": f"{talk.id}|{ts}|gone"}
