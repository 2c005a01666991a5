"""Carries posts to Teams, and reads from its answer whether the post arrived, did not, or may have.

Nothing here sends twice. Teams has no key by which a post could be looked for, so a post without an answer is never
read as not sent: it is left to the challenge manager to say (handlers.doubts). A post that is over the pace of its
conversation does not leave at all.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from bot.ports import BLOCKED, SHUT_OUT, Gone, NotSent, Refused, Target, Unknowable, Unsure, Waits
from bot.teams.connector import Answered, NoAnswer, NotReached
from bot.teams.directory import IN_A_THREAD, PERSON, Directory, without_thread
from bot.teams.pace import Pace
from bot.teams.payloads import Json, words
from bot.teams.render import TeamsMessage, render_card
from bot.teams.views import OPEN, refreshing, waiting_for_one
from handlers.chat import Card, File
from storage.records import Account, Reference

log = structlog.get_logger("baseroom.teams")

T = TypeVar("T")

SOON = timedelta(seconds=5)
A_MINUTE = timedelta(minutes=1)
ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"
FILE_CONSENT = "application/vnd.microsoft.teams.card.file.consent"
WHY_BLOCKED = frozenset(
    {"MessageWritesBlocked", "ConversationBlockedByUser", "ForbiddenOperationException", "BotNotInConversationRoster"}
)
"""Teams' words for a person who has blocked Baseroom, or who has not installed it (any more), and for a team or a group
chat from which it was removed."""


class Sending(Protocol):
    """What the porter asks of Teams (bot.teams.connector)."""

    async def send(self, service_url: str, conversation: str, activity: Json, *, reply_to: str = "") -> str: ...

    async def update(self, service_url: str, conversation: str, message: str, activity: Json) -> None: ...

    async def delete(self, service_url: str, conversation: str, message: str) -> None: ...

    async def create_conversation(self, service_url: str, parameters: Json) -> Json: ...


@dataclass(slots=True)
class TeamsPorter:
    connector: Sending
    directory: Directory
    pace: Pace
    _chats: dict[str, str] = field(default_factory=dict)

    def pages(self, content: Card | File) -> Sequence[object]:
        return (content,) if isinstance(content, File) else render_card(content)

    async def open_dm(self, account: Account) -> str:
        return await self._personal_chat(account.user_id)

    async def post(self, target: Target, page: object, *, key: str) -> str:
        """A card on its own: Teams would split a text from it and give no id back. A file is offered first."""
        if target.only_to:
            await self._post_to_one(target, page, key)
            return ""
        place = await self._place(target.conversation)
        if isinstance(page, File):
            if place.kind != "personal":
                raise Refused("Teams takes files from Baseroom in personal chats only")
            await self._send(place, consent_for(page, key))
            raise Waits
        return await self._post_in(place, activity_of(page), thread=target.thread)

    async def _post_in(self, place: Reference, activity: Json, *, thread: str) -> str:
        if place.kind == "channel" and not thread:
            return await self._begin_thread(place, activity)
        return await self._send(place, activity, thread=thread)

    async def _post_to_one(self, target: Target, page: object, key: str) -> None:
        """In the person's own chat. Where that cannot be reached, a line that tells nothing waits in the channel, which
        they alone can open. Raises `Waits`."""
        try:
            await self.post(Target(await self._personal_chat(target.only_to)), page, key=key)
        except Refused as refused:
            if str(refused) != BLOCKED or isinstance(page, File):
                raise
            (line,) = render_card(waiting_for_one(key))
            opening = refreshing(line.card, [target.only_to], action=OPEN, value=key)
            place = await self._place(target.conversation)
            await self._post_in(place, activity_of(replace(line, card=opening)), thread=target.thread)
            raise Waits from refused

    async def update(self, target: Target, message: str, page: object) -> None:
        place = await self._place(target.conversation)
        activity = activity_of(page) | {"id": message}
        await self._where_it_stands(
            place,
            target.thread,
            message,
            lambda where: self.connector.update(place.service_url, where, message, activity),
        )

    async def delete(self, target: Target, message: str) -> None:
        """Take a post of ours back. Raises `Gone` when it is no longer there."""
        place = await self._place(target.conversation)
        await self._where_it_stands(
            place, target.thread, message, lambda where: self.connector.delete(place.service_url, where, message)
        )

    async def _where_it_stands(
        self, place: Reference, thread: str, message: str, call: Callable[[str], Awaitable[None]]
    ) -> None:
        """In the thread that is known; else as a message that began a thread of its own, or somewhere in the channel.
        Raises `Gone` when it is in none of these."""
        try:
            await _again(place, call(_in_thread(place, thread or message)))
        except Gone:
            if thread or place.kind != "channel":
                raise
            await _again(place, call(place.subject))

    async def find(self, target: Target, key: str, since: datetime) -> str | None:
        raise Unknowable("Teams keeps no key by which a post could be found")

    async def show_home(self, account: Account, card: Card) -> None:
        """Teams has no home page: whoever wants theirs types "home"."""

    async def typing(self, conversation: str, *, thread: str = "") -> None:
        """Show that an answer is coming. It is a courtesy: where it cannot be, nothing is lost."""
        try:
            await self._send(await self._place(conversation), {"type": "typing"}, thread=thread)
        except (NotSent, Refused, Gone, Unsure) as exc:
            log.debug("typing not shown", why=str(exc))

    # ---- the two ways in which a post leaves

    async def _send(self, place: Reference, activity: Json, *, thread: str = "") -> str:
        self._keep_pace(place.subject)
        return await _once(place, self.connector.send(place.service_url, _in_thread(place, thread), activity))

    async def _begin_thread(self, place: Reference, activity: Json) -> str:
        """In a channel a post of its own is a new conversation, by whose message the thread is known afterwards."""
        self._keep_pace(place.subject)
        parameters = {
            "isGroup": True,
            "bot": {"id": place.bot},
            "tenantId": place.workspace,
            "channelData": {"channel": {"id": place.subject}, "tenant": {"id": place.workspace}},
            "activity": activity,
        }
        try:
            made = await _once(place, self.connector.create_conversation(place.service_url, parameters))
        except Gone as exc:  # the channel itself
            raise Refused(SHUT_OUT) from exc
        return words(made, "activityId") or words(made, "id").partition(IN_A_THREAD)[2]

    async def _personal_chat(self, user_id: str) -> str:
        """The chat of one person with Baseroom. Asking for one that there is already gives the same."""
        if user_id in self._chats:
            return self._chats[user_id]
        person = await self._place(user_id)
        self._keep_pace(user_id)
        parameters = {
            "isGroup": False,
            "bot": {"id": person.bot},
            "members": [{"id": user_id}],
            "tenantId": person.workspace,
            "channelData": {"tenant": {"id": person.workspace}},
        }
        made = await _again(person, self.connector.create_conversation(person.service_url, parameters))
        chat = words(made, "id")
        await self.directory.note(replace(person, subject=chat, kind="personal"))
        self._chats[user_id] = chat
        return chat

    async def _place(self, subject: str) -> Reference:
        place = await self.directory.nearest(without_thread(subject))
        if place is None:
            raise Refused("Teams has not said yet where to send it: nobody there has spoken to Baseroom")
        return place

    def _keep_pace(self, conversation: str) -> None:
        waiting = self.pace.take(conversation)
        if waiting:
            raise NotSent("over the pace of the conversation", waiting)


# ---------------------------------------------------------------- what is sent


def activity_of(page: object) -> Json:
    """A card as a message. `summary` is what the notification shows."""
    if not isinstance(page, TeamsMessage):
        raise TypeError("not a message drawn for Teams")
    return {
        "type": "message",
        "summary": page.summary,
        "attachments": [{"contentType": ADAPTIVE_CARD, "content": page.card}],
    }


def consent_for(file: File, key: str) -> Json:
    """The question whether the person will have the file. `key` is how the answer finds what was offered; the words of
    the file are not in it."""
    offer = {"description": file.notification, "sizeInBytes": len(file.content)}
    context = {"offer": key}
    return {
        "type": "message",
        "summary": file.notification,
        "attachments": [
            {
                "contentType": FILE_CONSENT,
                "name": file.name,
                "content": offer | {"acceptContext": context, "declineContext": context},
            }
        ],
    }


def _in_thread(place: Reference, thread: str) -> str:
    return f"{place.subject}{IN_A_THREAD}{thread}" if thread and place.kind == "channel" else place.subject


# ---------------------------------------------------------------- what Teams answers


async def _once(place: Reference, call: Awaitable[T]) -> T:
    """A call that must not be repeated unless Teams said that it did nothing. Raises the errors of `bot.ports`."""
    try:
        return await call
    except NotReached as exc:
        raise NotSent(str(exc), SOON) from exc
    except NoAnswer as exc:
        raise Unsure(str(exc)) from exc
    except Answered as exc:
        raise _named(place, exc) from exc


async def _again(place: Reference, call: Awaitable[T]) -> T:
    """A call that may be repeated without harm: what is not known counts as not done."""
    try:
        return await _once(place, call)
    except Unsure as exc:
        raise NotSent(str(exc), SOON) from exc


def _named(place: Reference, exc: Answered) -> Exception:
    """What an error says of the post. Only 412 and 429 say that it was not taken and may be sent again; a 401 is about
    our token, which is fetched anew."""
    match exc.status:
        case 412 | 429:
            return NotSent(f"{exc.status} {exc.code}", exc.retry_after or SOON)
        case 401:
            return NotSent("Teams does not take our token", exc.retry_after or A_MINUTE)
        case 403 if exc.code in WHY_BLOCKED:
            return Refused(BLOCKED if place.kind in ("personal", PERSON) else SHUT_OUT)
        case 404:
            return Gone(exc.code)
        case 413:
            return Refused("it is larger than Teams takes (100 KB)")
        case status if status >= 500:
            return Unsure(f"{exc.status} {exc.code}")
        case _:
            return Refused(exc.code)
