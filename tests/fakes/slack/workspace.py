"""A Slack workspace as it stands: who is in it, where they talk, and every message, with Slack's own shapes.

Records here change as people and the app act, so a test that holds a message sees what a person would see now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .clock import Clock
from .composer import escape, to_rich_text

Json = dict[str, Any]

TEAM = "T0FAKE00001"
APP = "A0FAKE00001"
BOT = "B0FAKE00001"
DOMAIN = "peer-programme"


@dataclass(eq=False, slots=True)
class User:
    id: str
    name: str
    real_name: str
    display_name: str
    email: str
    tz: str = "Europe/London"
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False

    def to_json(self, now: datetime, *, with_email: bool) -> Json:
        """A user object; the e-mail only for apps with users:read.email."""
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        profile: Json = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "team": TEAM,
        }
        if with_email and not self.is_bot:
            profile["email"] = self.email
        if self.is_bot:
            profile |= {"bot_id": BOT, "api_app_id": APP}
        base: Json = {
            "id": self.id,
            "team_id": TEAM,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": int(now.timestamp()),
        }
        if self.deleted:
            return base
        guest = {"is_restricted": self.is_restricted, "is_ultra_restricted": False}
        zone = {"tz": self.tz, "tz_label": self.tz, "tz_offset": int(offset.total_seconds()) if offset else 0}
        return base | guest | zone | {"is_admin": False, "is_owner": False}


@dataclass(eq=False, slots=True)
class Channel:
    """`kind`: public, private, im or mpim. `members` holds user ids."""

    id: str
    name: str
    kind: str
    members: list[str]
    created: int
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_archived: bool = False

    @property
    def event_type(self) -> str:
        return {"public": "channel", "private": "group"}.get(self.kind, self.kind)

    @property
    def scope_family(self) -> str:
        return {"public": "channels", "private": "groups"}.get(self.kind, self.kind)

    def to_json(self, bot_id: str) -> Json:
        if self.kind == "im":
            other = next(member for member in self.members if member != bot_id)
            im: Json = {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "user": other,
                "is_archived": False,
            }
            return im | {"is_org_shared": False, "is_open": True, "context_team_id": TEAM}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": False,
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "public",
            "created": self.created,
            "is_archived": self.is_archived,
            "is_general": False,
            "is_member": bot_id in self.members,
            "is_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_ext_shared": self.is_ext_shared,
            "is_pending_ext_shared": self.is_pending_ext_shared,
            "context_team_id": TEAM,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass(eq=False, slots=True)
class SharedFile:
    id: str
    name: str
    content: bytes
    mimetype: str
    user: str
    created: int
    title: str = ""
    deleted: bool = False

    def to_json(self) -> Json:
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2],
            "user": self.user,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "url_private": f"https://files.slack.com/files-pri/{TEAM}-{self.id}/{self.name}",
        }


@dataclass(eq=False, slots=True)
class Message:
    """One message. `seen_only_by` is set for an ephemeral one; `choices` holds what each person picked in it."""

    channel: Channel
    ts: str
    user: str
    text: str
    blocks: list[Json] | None = None
    by_app: bool = False
    thread_ts: str | None = None
    parent_user: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    metadata: Json | None = None
    files: list[SharedFile] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    attachments: list[Json] = field(default_factory=list)
    edited: Json | None = None
    seen_only_by: str | None = None
    deleted: bool = False
    choices: dict[str, dict[tuple[str, str], Json]] = field(default_factory=dict)

    def to_json(self, *, with_metadata: bool = False) -> Json:
        made: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": TEAM}
        optional: Json = {
            "subtype": self.subtype,
            "client_msg_id": self.client_msg_id,
            "blocks": self.blocks,
            "thread_ts": self.thread_ts,
            "parent_user_id": self.parent_user,
            "edited": self.edited,
            "attachments": self.attachments,
            "files": [file.to_json() for file in self.files],
            "metadata": self.metadata if with_metadata else None,
            "reactions": [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ],
        }
        if self.by_app:
            profile = {"id": BOT, "app_id": APP, "user_id": self.user, "team_id": TEAM, "deleted": False}
            made |= {"bot_id": BOT, "app_id": APP, "bot_profile": profile}
        return made | {key: value for key, value in optional.items() if value}


class Workspace:
    """Everything Slack keeps. Ids are made in order, so a run reads the same each time."""

    def __init__(self, clock: Clock, bot_name: str) -> None:
        self._clock = clock
        self._numbers = 0
        self._last_ts = 0
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self._by_ts: dict[tuple[str, str], Message] = {}
        self.files: dict[str, SharedFile] = {}
        self.bot = self.add_user(bot_name, is_bot=True)

    def next_id(self, letter: str) -> str:
        self._numbers += 1
        return f"{letter}0{self._numbers:09d}"

    def next_ts(self) -> str:
        """Seconds and microseconds by the clock; never twice the same, and never backwards."""
        micros = int(self._clock.now().timestamp() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def now_seconds(self) -> int:
        return int(self._clock.now().timestamp())

    def add_user(self, real_name: str, *, is_bot: bool = False, **more: Any) -> User:
        """`more`: any other field of `User`. The e-mail is made from the name unless given."""
        name = real_name.lower().replace(" ", ".")
        standard: Json = {
            "name": name,
            "real_name": real_name,
            "display_name": real_name.partition(" ")[0],
            "email": f"{name}@peers.example",
            "is_bot": is_bot,
        }
        user = User(id=self.next_id("U"), **(standard | more))
        self.users[user.id] = user
        return user

    def user_named(self, real_name: str) -> User | None:
        return next((user for user in self.users.values() if user.real_name == real_name), None)

    def add_channel(self, name: str, kind: str, members: list[str], **flags: bool) -> Channel:
        letter = "D" if kind == "im" else "C"
        channel = Channel(self.next_id(letter), name, kind, list(members), self.now_seconds(), **flags)
        self.channels[channel.id] = channel
        return channel

    def im_with(self, user_id: str) -> Channel | None:
        """The direct messages between one person and the app, once opened."""
        pair = {user_id, self.bot.id}
        return next((c for c in self.channels.values() if c.kind == "im" and set(c.members) == pair), None)

    def open_im(self, user_id: str) -> Channel:
        return self.im_with(user_id) or self.add_channel("directmessage", "im", [user_id, self.bot.id])

    def open_group(self, user_ids: list[str]) -> Channel:
        members = {*user_ids, self.bot.id}
        for channel in self.channels.values():
            if channel.kind == "mpim" and set(channel.members) == members:
                return channel
        return self.add_channel(f"mpdm-{len(self.channels)}", "mpim", sorted(members))

    def in_channel(self, channel: Channel) -> Iterator[Message]:
        """What stands in a channel for everyone, oldest first."""
        return (m for m in self.messages if m.channel is channel and not m.deleted and m.seen_only_by is None)

    def find(self, channel: Channel, ts: str) -> Message | None:
        message = self._by_ts.get((channel.id, ts))
        return None if message is None or message.deleted or message.seen_only_by is not None else message

    def replies_to(self, parent: Message) -> list[Message]:
        return [m for m in self.in_channel(parent.channel) if m.thread_ts == parent.ts and m is not parent]

    def add_message(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        """`more`: any other field of `Message`."""
        message = Message(channel, self.next_ts(), user, text, **more)
        parent = self.find(channel, message.thread_ts) if message.thread_ts else None
        if parent is not None and parent is not message:
            parent.thread_ts, message.parent_user = parent.ts, parent.user
        self.messages.append(message)
        self._by_ts[(channel.id, message.ts)] = message
        return message

    def typed_blocks(self, text: str) -> list[Json]:
        """The rich_text block that Slack's composer makes of typed text (already in Slack's escaped form)."""
        return [{"type": "rich_text", "block_id": self.next_id("b"), "elements": to_rich_text(text)}]

    def as_typed(self, text: str) -> str:
        """Typed text in Slack's form: & < > escaped, people, channels, links and addresses marked up."""
        people = {f"@{name}": f"<@{u.id}>" for u in self.users.values() for name in (u.real_name, u.display_name)}
        rooms = {f"#{c.name}": f"<#{c.id}|{c.name}>" for c in self.channels.values() if c.kind in {"public", "private"}}
        return escape(text, people | rooms)
