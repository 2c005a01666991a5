"""conversations.*, users.*, auth.* and apps.*: who is here, where they talk, and what was said."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .refusals import Refused
from .web_api import TIER_2, TIER_3, TIER_4, Asked, method
from .workspace import BOT, DOMAIN, TEAM, Channel, Message, User

Json = dict[str, Any]
Item = TypeVar("Item")


@method("auth.test", tier=0)
async def auth_test(asked: Asked) -> Json:
    bot = asked.slack.bot
    who = {"user": bot.name, "user_id": bot.id, "bot_id": BOT, "team": "Peer programme", "team_id": TEAM}
    return {"url": f"https://{DOMAIN}.slack.com/", "is_enterprise_install": False, **who}


@method("apps.connections.open", tier=TIER_2, token="xapp")
async def open_connection(asked: Asked) -> Json:
    """Documented as tier 1, "1+ a minute", yet an app that is told to refresh several sockets may do so at once."""
    if "connections:write" not in asked.slack.app_token_scopes:
        provided = ",".join(sorted(asked.slack.app_token_scopes))
        raise Refused("missing_scope", needed="connections:write", provided=provided)
    if not asked.slack.manifest.socket_mode:
        raise Refused("socket_mode_not_enabled")
    return {"url": asked.slack.socket_address()}


@method("team.info", scopes=("team:read",), tier=TIER_3)
async def team_info(asked: Asked) -> Json:
    return {"team": {"id": TEAM, "name": "Peer programme", "domain": DOMAIN, "email_domain": ""}}


@method("users.info", scopes=("users:read",), tier=TIER_4)
async def users_info(asked: Asked) -> Json:
    user = asked.slack.workspace.users.get(asked.text("user"))
    if user is None:
        raise Refused("user_not_found")
    return {"user": _shown(asked, user)}


def _shown(asked: Asked, user: User) -> Json:
    with_email = asked.slack.manifest.grants("users:read.email")
    return user.to_json(asked.slack.clock.now(), with_email=with_email)


@method("users.lookupByEmail", scopes=("users:read.email",), tier=TIER_3)
async def lookup_by_email(asked: Asked) -> Json:
    email = asked.text("email").lower()
    for user in asked.slack.workspace.users.values():
        if user.email.lower() == email and not user.deleted and not user.is_bot:
            return {"user": _shown(asked, user)}
    raise Refused("users_not_found")


@method("users.list", scopes=("users:read",), tier=TIER_2)
async def users_list(asked: Asked) -> Json:
    users, more = page(asked, list(asked.slack.workspace.users.values()), default=100, most=1000)
    return {"members": [_shown(asked, user) for user in users], **more}


@method("conversations.open", tier=TIER_3)
async def open_conversation(asked: Asked) -> Json:
    named = [user for user in asked.text("users").split(",") if user]
    asked.need_scope("im:write" if len(named) == 1 else "mpim:write")
    workspace = asked.slack.workspace
    for user in named:
        _check_reachable(workspace.users.get(user))
    if len(named) > 8:
        raise Refused("too_many_users")
    known = workspace.im_with(named[0]) is not None if len(named) == 1 else False
    channel = workspace.open_im(named[0]) if len(named) == 1 else workspace.open_group(named)
    shown = channel.to_json(asked.slack.bot.id) if asked.flag("return_im") else {"id": channel.id}
    return {"channel": shown, "no_op": known, "already_open": known}


def _check_reachable(user: User | None) -> None:
    if user is None:
        raise Refused("user_not_found")
    if user.deleted:
        raise Refused("user_disabled")
    if user.is_bot:
        raise Refused("cannot_dm_bot")


@method("conversations.info", tier=TIER_3)
async def info(asked: Asked) -> Json:
    channel = asked.channel("read")
    shown = channel.to_json(asked.slack.bot.id)
    if asked.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


@method("conversations.members", tier=TIER_4)
async def members(asked: Asked) -> Json:
    channel = asked.channel("read")
    found, more = page(asked, channel.members, default=100, most=1000)
    return {"members": list(found), **more}


@method("conversations.list", tier=TIER_2)
async def list_conversations(asked: Asked) -> Json:
    return _list(asked, lambda channel: channel.kind == "public" or asked.slack.bot.id in channel.members)


@method("users.conversations", tier=TIER_3)
async def own_conversations(asked: Asked) -> Json:
    return _list(asked, lambda channel: asked.slack.bot.id in channel.members)


def _list(asked: Asked, wanted: Callable[[Channel], bool]) -> Json:
    names = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
    families = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
    kinds = [names.get(kind.strip(), "") for kind in (asked.optional("types") or "public_channel").split(",")]
    for kind in kinds:
        if not kind:
            raise Refused("invalid_types")
        asked.need_scope(f"{families[kind]}:read")
    every = [c for c in asked.slack.workspace.channels.values() if c.kind in kinds and wanted(c)]
    channels, more = page(asked, every, default=100, most=1000)
    return {"channels": [channel.to_json(asked.slack.bot.id) for channel in channels], **more}


@method("conversations.history", tier=TIER_3)
async def history(asked: Asked) -> Json:
    """Newest first, without replies in threads; `oldest` and `latest` are left out unless `inclusive`."""
    channel = _readable(asked)
    standing = [m for m in asked.slack.workspace.in_channel(channel) if m.thread_ts in (None, m.ts)]
    found = [message for message in reversed(standing) if _within(asked, message)]
    return _messages(asked, found, most=999)


@method("conversations.replies", tier=TIER_3)
async def replies(asked: Asked) -> Json:
    """The parent first, then its replies, oldest first."""
    channel = _readable(asked)
    parent = asked.slack.workspace.find(channel, asked.text("ts"))
    if parent is None:
        raise Refused("thread_not_found")
    found = [message for message in asked.slack.workspace.replies_to(parent) if _within(asked, message)]
    return _messages(asked, [parent, *found], most=1000)


def _readable(asked: Asked) -> Channel:
    channel = asked.channel("history")
    if asked.slack.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _within(asked: Asked, message: Message) -> bool:
    at, inclusive = float(message.ts), asked.flag("inclusive")
    oldest, latest = asked.optional("oldest"), asked.optional("latest")
    try:
        after = oldest is None or at > float(oldest) or (inclusive and message.ts == oldest)
        before = latest is None or at < float(latest) or (inclusive and message.ts == latest)
    except ValueError as wrong:
        raise Refused("invalid_ts_latest" if latest else "invalid_ts_oldest") from wrong
    return after and before


def _messages(asked: Asked, found: list[Message], *, most: int) -> Json:
    messages, more = page(asked, found, default=100, most=most)
    with_metadata = asked.flag("include_all_metadata")
    shown = [_with_thread(asked, message, message.to_json(with_metadata=with_metadata)) for message in messages]
    return {"messages": shown, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


def _with_thread(asked: Asked, message: Message, shown: Json) -> Json:
    under = asked.slack.workspace.replies_to(message) if message.thread_ts == message.ts else []
    if not under:
        return shown
    users = sorted({reply.user for reply in under})
    thread = {"reply_count": len(under), "reply_users": users, "reply_users_count": len(users)}
    return shown | thread | {"latest_reply": under[-1].ts, "is_locked": False, "subscribed": False}


def page(asked: Asked, items: Sequence[Item], *, default: int, most: int) -> tuple[Sequence[Item], Json]:
    """One page and `response_metadata.next_cursor`, empty on the last one."""
    limit = asked.number("limit", default, most)
    start = _offset(asked.optional("cursor"))
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": cursor}}


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error) as wrong:
        raise Refused("invalid_cursor") from wrong
