"""Who people are and what a channel is, as Slack says; asked once and remembered for a while.

Names are held in memory only. When Slack cannot be asked, a person is still a person: nothing is refused for want of
a name.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.slack.answers import NOT_ANSWERED, NotNow, error_code, may_pass, needed_scope
from handlers.chat import ChannelFacts, Person, Platform

log = structlog.get_logger("baseroom.slack")

REMEMBER = timedelta(hours=1)
MOST_NAMED = 40  # of a channel's members; a team is eight, and of a hall it is enough to name some
OF_PUBLIC_CHANNELS = "channels:read"  # a scope that Baseroom does not ask for


@dataclass(slots=True)
class Directory:
    client: AsyncWebClient
    clock: Clock
    workspace: str = ""
    bot_user: str = ""
    _known: dict[str, tuple[datetime, Person]] = field(default_factory=dict)
    _rooms: dict[str, str] = field(default_factory=dict)

    async def introduce(self) -> None:
        """Learn which workspace this is and who Baseroom is in it."""
        me = await self.client.auth_test()
        self.workspace = str(me["team_id"])
        self.bot_user = str(me["user_id"])

    async def person(self, user_id: str) -> Person:
        """The person, with name, e-mail address and time zone where Slack gives them."""
        known = self._known.get(user_id)
        if known and self.clock.now() - known[0] < REMEMBER:
            return known[1]
        person = await self._ask(user_id)
        if person is None:
            return self._nameless(user_id)
        self._known[user_id] = (self.clock.now(), person)
        return person

    async def people(self, user_ids: Sequence[str]) -> list[Person]:
        """Several people, asked for at the same time: Slack waits three seconds for everything."""
        return await asyncio.gather(*map(self.person, user_ids))

    def _nameless(self, user_id: str) -> Person:
        return Person(Platform.SLACK, self.workspace, user_id)

    async def is_our_room(self, user_id: str, channel: str) -> bool:
        """Whether the channel is the person's direct messages with Baseroom, not with somebody else."""
        if user_id not in self._rooms:
            try:
                opened = await self.client.conversations_open(users=user_id)
            except NOT_ANSWERED as exc:
                log.info("direct messages not found", error=error_code(exc))
                return False
            self._rooms[user_id] = str(opened["channel"]["id"])
        return self._rooms[user_id] == channel

    async def facts(self, channel: str) -> ChannelFacts | None:
        """What Slack says of a channel; None when Baseroom is not in it, or nobody can post there any more.

        Of a public channel Baseroom may know nothing but that it is one: that Slack refuses tells it.

        Raises:
            NotNow: Slack cannot say at the moment.
        """
        try:
            info = (await self.client.conversations_info(channel=channel))["channel"]
            if info.get("is_im") or info.get("is_mpim") or info.get("is_archived"):
                return None
            members = [user async for user in self._members(channel) if user != self.bot_user]
        except NOT_ANSWERED as exc:
            if needed_scope(exc) == OF_PUBLIC_CHANNELS:
                return ChannelFacts(name="", private=False, shared_outside=False, members=())
            _pass_over(exc, "channel not read")
            return None
        return ChannelFacts(
            name=str(info.get("name", "")),
            private=bool(info.get("is_private")),
            shared_outside=any(
                info.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared")
            ),
            members=(*await self.people(members[:MOST_NAMED]), *map(self._nameless, members[MOST_NAMED:])),
        )

    async def facts_for_now(self, channel: str) -> ChannelFacts | None:
        """The same for those who do without: None too when Slack cannot say at the moment."""
        try:
            return await self.facts(channel)
        except NotNow:
            return None

    async def message(self, channel: str, ts: str) -> dict[str, Any] | None:
        """One message, in a thread or not, by its time stamp; None when it is not there or not ours to read.

        Raises:
            NotNow: Slack cannot say at the moment.
        """
        try:
            history = await self.client.conversations_history(channel=channel, latest=ts, inclusive=True, limit=1)
            found = _exactly(ts, history)
            if found is None:  # history leaves out the replies in a thread
                found = _exactly(ts, await self.client.conversations_replies(channel=channel, ts=ts, limit=1))
        except NOT_ANSWERED as exc:
            _pass_over(exc, "message not read")
            return None
        return found

    async def _ask(self, user_id: str) -> Person | None:
        try:
            user = (await self.client.users_info(user=user_id))["user"]
        except NOT_ANSWERED as exc:
            log.info("person not read", error=error_code(exc))
            return None
        profile = user.get("profile", {})
        name = profile.get("real_name") or user.get("real_name") or user.get("name", "")
        return Person(
            Platform.SLACK,
            self.workspace,
            user_id,
            str(name),
            str(profile.get("email") or ""),
            str(user.get("tz") or ""),
        )

    async def _members(self, channel: str) -> AsyncIterator[str]:
        cursor = ""
        while True:
            page = await self.client.conversations_members(channel=channel, limit=200, cursor=cursor)
            for user in page["members"]:
                yield str(user)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _pass_over(exc: Exception, what: str) -> None:
    """Note a refusal, which is an answer. Raises `NotNow` when it is none."""
    log.info(what, error=error_code(exc))
    if may_pass(exc):
        raise NotNow(error_code(exc)) from exc


def _exactly(ts: str, answer: Any) -> dict[str, Any] | None:
    messages: list[dict[str, Any]] = answer.get("messages") or []
    return next((message for message in messages if message.get("ts") == ts), None)
