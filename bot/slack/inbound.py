"""Slack's payloads, as the vocabulary. Every function takes a payload and gives one incoming thing, or None for what
does not concern Baseroom: its own posts, link previews, other people's talk.

Talk in a channel that does not name Baseroom is dropped here, before anything could store it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.slack.directory import Directory
from bot.slack.forms import read_carried, read_form
from bot.slack.render import action_of
from bot.slack.wording import people_in, plain
from handlers.chat import (
    AnyIncoming,
    Commanded,
    Deleted,
    Edited,
    HomeOpened,
    Joined,
    Person,
    Place,
    PlaceKind,
    Platform,
    PointedAt,
    Pressed,
    Quoted,
    Reacted,
    Said,
    Submitted,
)
from handlers.registry import Registry

Payload = Mapping[str, Any]

GROUPED = "baseroom"
CHANNEL_NEWS = frozenset({"member_joined_channel", "member_left_channel", "channel_shared"})
NEW_FINDING = "new_finding"  # the global shortcut


@dataclass(frozen=True, slots=True)
class Inbound:
    directory: Directory
    registry: Registry

    # ---- events

    async def event(self, body: Payload) -> AnyIncoming | None:
        """Raises `NotNow` when Slack must be asked first and cannot say: it will deliver the event again."""
        event: Payload = body["event"]
        mark = f"slack|{body.get('event_id', '')}"
        match event.get("type"):
            case "message":
                return await self._message(event, mark)
            case "app_mention":
                return await self._mention(event, mark)
            case "app_home_opened" if event.get("tab") == "home":
                return await self._home(event, mark)
            case "reaction_added":
                return await self._reaction(event, mark)
            case news if news in CHANNEL_NEWS:
                return await self._channel_news(event, mark)
            case _:
                return None

    async def _message(self, event: Payload, mark: str) -> AnyIncoming | None:
        match event.get("subtype"):
            case None | "file_share" | "thread_broadcast" | "me_message":
                return await self._said(event, mark)
            case "message_changed":
                return await self._changed(event, mark)
            case "message_deleted":
                return await self._gone(event, mark)
            case _:
                return None

    async def _said(self, event: Payload, mark: str) -> Said | None:
        """A direct message; in a channel only a reply under one of our own posts (see `Said.addressed`)."""
        if event.get("bot_id") or not event.get("user"):
            return None
        in_channel = event.get("channel_type") != "im"
        names_us = f"<@{self.directory.bot_user}>" in str(event.get("text", ""))
        if in_channel and (names_us or event.get("parent_user_id") != self.directory.bot_user):
            return None  # what names us comes as app_mention too
        return await self._said_to_us(event, mark, addressed=not in_channel)

    async def _mention(self, event: Payload, mark: str) -> Said | None:
        if event.get("bot_id") or not event.get("user") or event.get("edited"):
            return None
        return await self._said_to_us(event, mark, addressed=True)

    async def _said_to_us(self, event: Payload, mark: str, *, addressed: bool) -> Said:
        channel, ts = str(event["channel"]), str(event["ts"])
        kind = PlaceKind.DM if channel.startswith("D") else PlaceKind.CHANNEL
        text, people = await self._words(str(event.get("text") or ""))
        return Said(
            id=mark,
            known_as=(f"slack|{self.directory.workspace}|{channel}|{ts}",),
            at=_moment(ts),
            person=await self.directory.person(str(event["user"])),
            place=self._place(channel, kind, _thread(event)),
            message=ts,
            text=text,
            people=people,
            attachments=len(event.get("files") or ()),
            facts=await self.directory.facts_for_now(channel) if kind is PlaceKind.CHANNEL and addressed else None,
            addressed=addressed,
        )

    async def _changed(self, event: Payload, mark: str) -> Edited | Deleted | None:
        """An edit by a person: Slack also sends this for link previews and for our own posts."""
        now, before = event.get("message") or {}, event.get("previous_message") or {}
        if now.get("subtype") == "tombstone":
            return await self._gone({**event, "deleted_ts": now.get("ts")}, mark)
        if now.get("bot_id") or not now.get("user") or now.get("text") == before.get("text"):
            return None
        channel = str(event["channel"])
        text, people = await self._words(str(now.get("text") or ""))
        return Edited(
            id=mark,
            at=_moment(str((now.get("edited") or {}).get("ts") or event.get("event_ts") or now["ts"])),
            person=await self.directory.person(str(now["user"])),
            place=self._place(channel, _dm_or_channel(channel), _thread(now)),
            message=str(now["ts"]),
            text=text,
            people=people,
        )

    async def _gone(self, event: Payload, mark: str) -> Deleted | None:
        before = event.get("previous_message") or {}
        if before.get("bot_id") or not event.get("deleted_ts"):
            return None
        channel, user = str(event["channel"]), str(before.get("user") or "")
        person = await self.directory.person(user) if user else self._nobody()
        return Deleted(
            id=mark,
            at=_moment(str(event.get("event_ts") or event["deleted_ts"])),
            person=person,
            place=self._place(channel, _dm_or_channel(channel), _thread(before)),
            message=str(event["deleted_ts"]),
        )

    async def _home(self, event: Payload, mark: str) -> HomeOpened:
        person = await self.directory.person(str(event["user"]))
        place = self._place(str(event.get("channel") or ""), PlaceKind.DM)
        return HomeOpened(id=mark, at=_moment(str(event["event_ts"])), person=person, place=place)

    async def _reaction(self, event: Payload, mark: str) -> Reacted | None:
        """Only registered emojis on messages are looked at."""
        item, emoji = event.get("item") or {}, str(event.get("reaction", "")).partition("::")[0]
        if item.get("type") != "message" or emoji not in self.registry.reactions:
            return None
        channel, ts = str(item["channel"]), str(item["ts"])
        message = await self.directory.message(channel, ts)
        if message is None or message.get("bot_id") or not message.get("user"):
            return None
        return Reacted(
            id=mark,
            at=_moment(str(event["event_ts"])),
            person=await self.directory.person(str(event["user"])),
            place=self._place(channel, _dm_or_channel(channel), _thread(message)),
            emoji=emoji,
            quoted=await self._quoted(message),
        )

    async def _channel_news(self, event: Payload, mark: str) -> Joined | None:
        news = event.get("channel")
        channel = str(news.get("id") if isinstance(news, Mapping) else news or event.get("channel_id") or "")
        facts = await self.directory.facts(channel) if channel else None
        if facts is None:
            return None
        user = str(event.get("user") or "")
        return Joined(
            id=mark,
            at=_moment(str(event.get("event_ts") or "0")),
            person=await self.directory.person(user) if user else self._nobody(),
            place=self._place(channel, PlaceKind.CHANNEL),
            facts=facts,
        )

    # ---- what people ask for

    async def command(self, body: Payload, now: datetime) -> Commanded:
        """A slash command: `/baseroom finding …`, or `/finding …` where the manifest offers the alias."""
        slash = str(body["command"]).lstrip("/")
        text, people = await self._words(str(body.get("text") or ""))
        words = text.strip() if slash.startswith(GROUPED) else f"{slash} {text}".strip()
        channel, user = str(body["channel_id"]), str(body["user_id"])
        kind = await self._kind_where_asked(channel, user)
        return Commanded(
            id=f"slack|{body['trigger_id']}",
            at=now,
            person=await self.directory.person(user),
            place=self._place(channel, kind),
            text=words,
            people=people,
            facts=await self.directory.facts_for_now(channel)
            if kind is PlaceKind.CHANNEL and self._wants_facts(words)
            else None,
        )

    async def _kind_where_asked(self, channel: str, user: str) -> PlaceKind:
        """Slash commands and shortcuts come from anywhere: from two other people's direct messages too."""
        if not channel.startswith("D"):
            return PlaceKind.CHANNEL
        return PlaceKind.DM if await self.directory.is_our_room(user, channel) else PlaceKind.ELSEWHERE

    async def action(self, body: Payload, now: datetime) -> Pressed:
        action = body["actions"][0]
        container = body.get("container") or {}
        channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
        thread = str(container.get("thread_ts") or "")
        return Pressed(
            id=f"slack|{body['trigger_id']}",
            at=now,
            person=await self.directory.person(str(body["user"]["id"])),
            place=self._place(channel, _dm_or_channel(channel), thread),
            action=action_of(str(action["action_id"])),
            value=str(action.get("value") or (action.get("selected_option") or {}).get("value") or ""),
            message=str(container.get("message_ts") or ""),
        )

    async def view(self, body: Payload, now: datetime) -> Submitted:
        view = body["view"]
        values = read_form(view)
        state = repr(sorted(values.items()))
        ids = [user for answer in _answers(view) for user in _users(answer)]
        return Submitted(
            id=f"slack|{view['id']}|{view.get('hash', '')}|{sha256(state.encode()).hexdigest()[:16]}",
            at=now,
            person=await self.directory.person(str(body["user"]["id"])),
            place=self._place("", PlaceKind.DM),
            form=str(view["callback_id"]),
            values=values,
            carried=read_carried(view),
            people=tuple(await self.directory.people(ids)),
        )

    async def shortcut(self, body: Payload, now: datetime) -> PointedAt | Commanded:
        """A message shortcut, or the global one, which is the same as typing `finding`."""
        person = await self.directory.person(str(body["user"]["id"]))
        mark = f"slack|{body['trigger_id']}"
        if body.get("type") != "message_action":
            place = self._place("", PlaceKind.ELSEWHERE)
            return Commanded(id=mark, at=now, person=person, place=place, text="finding")
        channel = str(body["channel"]["id"])
        kind = await self._kind_where_asked(channel, person.id)
        return PointedAt(
            id=mark,
            at=now,
            person=person,
            place=self._place(channel, kind, _thread(body["message"])),
            shortcut=str(body["callback_id"]),
            quoted=await self._quoted(body["message"]),
        )

    # ---- the same for all

    async def _words(self, text: str) -> tuple[str, tuple[Person, ...]]:
        """The plain words, and the people named in them, Baseroom not counted (its mention is cut out)."""
        others = [user for user in people_in(text) if user != self.directory.bot_user]
        people = await self.directory.people(others)
        names = {person.id: person.name for person in people}
        return plain(text, names, without=self.directory.bot_user), tuple(people)

    async def _quoted(self, message: Payload) -> Quoted:
        text, people = await self._words(str(message.get("text") or ""))
        author = await self.directory.person(str(message.get("user") or ""))
        return Quoted(str(message["ts"]), text, author, _moment(str(message["ts"])), people)

    def _place(self, channel: str, kind: PlaceKind, thread: str = "") -> Place:
        return Place(Platform.SLACK, self.directory.workspace, channel, kind, thread)

    def _nobody(self) -> Person:
        return Person(Platform.SLACK, self.directory.workspace, "")

    def _wants_facts(self, words: str) -> bool:
        return any(
            entry.wants_facts and words.casefold().startswith(entry.words) for entry in self.registry.commands.values()
        )


def _moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


def _thread(message: Payload) -> str:
    """The message under which this one stands; a message that began a thread stands under none."""
    thread = str(message.get("thread_ts") or "")
    return thread if thread != message.get("ts") else ""


def _dm_or_channel(channel: str) -> PlaceKind:
    """For events and our own buttons: what reaches us so from a direct message is from one with Baseroom."""
    return PlaceKind.CHANNEL if channel.startswith(("C", "G")) else PlaceKind.DM


def _answers(view: Payload) -> Sequence[Payload]:
    return [answer for block in (view.get("state") or {}).get("values", {}).values() for answer in block.values()]


def _users(answer: Payload) -> Sequence[str]:
    one = answer.get("selected_user")
    return [*(answer.get("selected_users") or ()), *([one] if one else ())]
