"""Carries posts to Slack, and reads from its answer whether the post arrived, did not, or may have.

Nothing here sends twice: the client is built without retry handlers, a 429 goes back to the outbox with Slack's own
waiting time, and a post without an answer is looked for by the key in its metadata before anything else is done.
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import SHUT_OUT, Gone, NotSent, Refused, Target, Unknowable, Unsure
from bot.settings import Settings
from bot.slack.answers import error_code, is_broken, is_busy, waiting_time
from bot.slack.render import SlackMessage, render_card, render_home
from handlers.chat import Card, File
from storage.records import Account

EVENT_TYPE = "baseroom_post"
NOT_THERE = frozenset({"message_not_found", "thread_not_found", "file_not_found", "file_deleted"})
FILE = "F"  # how a file's id begins; a message is known by a time
NOT_IN_CHANNEL = frozenset({"not_in_channel", "channel_not_found", "is_archived"})
SOON = timedelta(seconds=5)
IDLE = 4.0  # seconds for which a connection without a call is kept


def client_for(settings: Settings) -> AsyncWebClient:
    """A client that never repeats a call by itself: slack_sdk's default would post twice after a dropped answer."""
    token = settings.slack_bot_token.get_secret_value()
    return AsyncWebClient(token=token, base_url=settings.slack_api_url, retry_handlers=[], timeout=20)


def session_for(client: AsyncWebClient) -> aiohttp.ClientSession:
    """Connections that the client's calls share: without them each call greets Slack anew. One that has been idle is
    not trusted, since Slack may have closed it, and a post on it would be of unknown fate."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=client.timeout),
        connector=aiohttp.TCPConnector(keepalive_timeout=IDLE),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


@dataclass(frozen=True, slots=True)
class SlackPorter:
    client: AsyncWebClient

    def pages(self, content: Card | File) -> Sequence[object]:
        return (content,) if isinstance(content, File) else render_card(content)

    async def open_dm(self, account: Account) -> str:
        answer = await _again(self.client.conversations_open(users=account.user_id))
        return str(answer["channel"]["id"])

    async def post(self, target: Target, page: object, *, key: str) -> str:
        if isinstance(page, File):
            return await self._upload(target, page)
        message = _message(page)
        if target.only_to:
            return await self._whisper(target, message)
        answer = await _once(
            self.client.chat_postMessage(
                channel=target.conversation,
                text=message.text,
                blocks=list(message.blocks),
                thread_ts=target.thread or None,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer["ts"])

    async def update(self, target: Target, message: str, page: object) -> None:
        drawn = _message(page)
        await _again(
            self.client.chat_update(channel=target.conversation, ts=message, text=drawn.text, blocks=list(drawn.blocks))
        )

    async def delete(self, target: Target, message: str) -> None:
        """A post by its time in the conversation, a file by its own id."""
        if message.startswith(FILE):
            await _again(self.client.files_delete(file=message))
        else:
            await _again(self.client.chat_delete(channel=target.conversation, ts=message))

    async def find(self, target: Target, key: str, since: datetime) -> str | None:
        """Read the conversation back for our key. Ephemeral posts and files carry none, so they cannot be found."""
        if target.only_to:
            raise Unknowable("an ephemeral post leaves no trace")
        oldest = f"{since.timestamp():.6f}"
        cursor = ""
        while True:
            page = await self._read_back(target, oldest, cursor)
            for message in page.get("messages") or ():
                if _key_of(message) == key:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def show_home(self, account: Account, card: Card) -> None:
        await _again(self.client.views_publish(user_id=account.user_id, view=render_home(card)))

    async def _read_back(self, target: Target, oldest: str, cursor: str) -> Mapping[str, Any]:
        where: dict[str, Any] = {"channel": target.conversation, "oldest": oldest, "limit": 100, "cursor": cursor}
        if target.thread:
            call = self.client.conversations_replies(ts=target.thread, include_all_metadata=True, **where)
        else:
            call = self.client.conversations_history(include_all_metadata=True, **where)
        found: Mapping[str, Any] = await _once(call)
        return found

    async def _whisper(self, target: Target, message: SlackMessage) -> str:
        """To one person in the channel; where that cannot be (Baseroom is not in it), in their direct message."""
        try:
            await _once(
                self.client.chat_postEphemeral(
                    channel=target.conversation,
                    user=target.only_to,
                    text=message.text,
                    blocks=list(message.blocks),
                    thread_ts=target.thread or None,
                )
            )
        except Refused as refused:
            if str(refused) not in (SHUT_OUT, "user_not_in_channel"):
                raise
            opened = await _again(self.client.conversations_open(users=target.only_to))
            await self.post(Target(str(opened["channel"]["id"])), message, key="")
        return ""

    async def _upload(self, target: Target, file: File) -> str:
        """Slack's three steps: ask where, send the bytes, say to whom (files.getUploadURLExternal and its fellows).
        What comes back is the file's id.

        Only the last step shows anything to anyone, so a failure before it is provably not sent.
        """
        place = await _again(self.client.files_getUploadURLExternal(filename=file.name, length=len(file.content)))
        await _again(self._put(str(place["upload_url"]), file))
        share = _once(
            self.client.files_completeUploadExternal(
                files=[{"id": str(place["file_id"]), "title": file.name}],
                channel_id=target.conversation,
                initial_comment=file.notification,
                thread_ts=target.thread or None,
            )
        )
        try:
            await share
        except Unsure as exc:  # a file carries no key by which it could be looked for
            raise Refused(f"it cannot be known whether the file arrived ({exc})") from exc
        return str(place["file_id"])

    async def _put(self, url: str, file: File) -> Mapping[str, Any]:
        timeout = aiohttp.ClientTimeout(total=60)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.post(url, data=file.content, headers={"Content-Type": "application/octet-stream"}) as answer,
        ):
            answer.raise_for_status()
        return {}


async def _once(call: Awaitable[Any]) -> Any:
    """A call that must not be repeated unless Slack said that it did nothing. Raises the errors of `bot.ports`."""
    try:
        return await call
    except SlackApiError as exc:
        raise _named(exc) from exc
    except aiohttp.ClientConnectorError as exc:
        raise NotSent("Slack could not be reached", SOON) from exc
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise Unsure(type(exc).__name__) from exc


async def _again(call: Awaitable[Any]) -> Any:
    """A call that may be repeated without harm: what is not known counts as not done."""
    try:
        return await _once(call)
    except Unsure as exc:
        raise NotSent(str(exc), SOON) from exc


def _named(exc: SlackApiError) -> Exception:
    """What a Slack error says of the post: Slack's error word is the argument."""
    code = error_code(exc)
    if is_busy(exc):
        return NotSent("rate limited", timedelta(seconds=waiting_time(exc)))
    if is_broken(exc):
        return Unsure(code)
    if code in NOT_THERE:
        return Gone(code)
    return Refused(SHUT_OUT if code in NOT_IN_CHANNEL else code)


def _message(page: object) -> SlackMessage:
    if not isinstance(page, SlackMessage):
        raise TypeError("not a message drawn for Slack")
    return page


def _key_of(message: Mapping[str, Any]) -> str:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key", ""))
