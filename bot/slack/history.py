"""What stands in a conversation, read back from Slack: how a reply under yesterday's message is found although nobody
told us of it, at a cost that does not grow with the conversation.

Slack's history leaves out what stands in threads, and a message keeps its time when it is replied to; but it carries
the time of its latest reply, so only threads in which something was said lately are read. Slack throttles the reading
of apps that are sold to many workspaces; one of the workspace's own may read fifty pages a minute (PLATFORM_FACTS S4).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.slack.answers import error_code, is_busy, waiting_time

Message = Mapping[str, Any]

PAGE = 200
NEWEST = 1_000  # so many messages are looked through for new replies, however old they are
TRIES = 5
NO_SUCH_MESSAGE = "thread_not_found"


@dataclass(frozen=True, slots=True)
class History:
    client: AsyncWebClient
    clock: Clock

    async def standing(self, channel: str, since: datetime) -> Sequence[Message]:
        """What stands there, oldest first: all since then, the newest thousand of what is older, and the threads in
        which something was said since then. Raises what Slack raises."""
        top = await self._newest(channel, since)
        found = {str(message["ts"]): message for message in top}
        for parent in [message for message in top if _was_alive(message, since)]:
            found |= {str(reply["ts"]): reply for reply in await self._thread(channel, str(parent["ts"]))}
        return [found[ts] for ts in sorted(found, key=float)]

    async def is_gone(self, channel: str, ts: str) -> bool:
        """Whether the message is there no more. What was not read may stand all the same: so Slack is asked about
        the one message, and only its word that there is none counts."""
        try:
            page = await self._patiently(self.client.conversations_replies, channel=channel, ts=ts, limit=1)
        except SlackApiError as exc:
            if error_code(exc) != NO_SUCH_MESSAGE:
                raise
            return True
        return any(is_tombstone(message) for message in page["messages"] if message["ts"] == ts)

    async def _newest(self, channel: str, since: datetime) -> list[Message]:
        """What stands outside threads, newest first, as Slack gives it."""
        found: list[Message] = []
        cursor = ""
        while True:
            page, cursor = await self._page(self.client.conversations_history, cursor, channel=channel)
            found += page
            is_enough = len(found) >= NEWEST and moment_of(found[-1]) < since
            if is_enough or not cursor:
                return found

    async def _thread(self, channel: str, ts: str) -> list[Message]:
        found: list[Message] = []
        cursor = ""
        while True:
            page, cursor = await self._page(self.client.conversations_replies, cursor, channel=channel, ts=ts)
            found += page
            if not cursor:
                return found

    async def _page(self, call: Any, cursor: str, **asked: object) -> tuple[Sequence[Message], str]:
        """One page, and the cursor of the next: empty when there is none."""
        page = await self._patiently(call, limit=PAGE, **asked, **({"cursor": cursor} if cursor else {}))
        return page.get("messages") or (), str((page.get("response_metadata") or {}).get("next_cursor") or "")

    async def _patiently(self, call: Any, **asked: object) -> Message:
        """Ask again when Slack says that it was asked too often, after the time it names."""
        for _ in range(TRIES):
            try:
                answer: Message = await call(**asked)
            except SlackApiError as exc:
                if not is_busy(exc):
                    raise
                until = self.clock.now() + timedelta(seconds=waiting_time(exc))
                await rest_until(self.clock, until, asyncio.Event())
            else:
                return answer
        raise TimeoutError


async def rest_until(clock: Clock, until: datetime, woken: asyncio.Event) -> None:
    """All of it, unless woken: the clock's own waits end early, so that it may be set anew."""
    while clock.now() < until and not woken.is_set():
        await clock.wait(until, woken)


def is_tombstone(message: Message) -> bool:
    """What Slack leaves where a message was deleted that others had replied to."""
    return message.get("subtype") == "tombstone"


def moment_of(message: Message) -> datetime:
    """When it was said, or edited: Slack's time stamps are seconds."""
    return datetime.fromtimestamp(float(message["ts"]), UTC)


def _was_alive(parent: Message, since: datetime) -> bool:
    """Whether something was said in its thread since then; where Slack does not say, it may have been."""
    if not parent.get("reply_count"):
        return False
    latest = str(parent.get("latest_reply") or "")
    return not latest or float(latest) >= since.timestamp()
