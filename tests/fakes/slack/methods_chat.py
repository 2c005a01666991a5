"""chat.* and reactions.*: what the app says, changes, takes back and marks."""

import re
from typing import Any

from .posting import checked_blocks, checked_content, checked_metadata
from .refusals import Refused, TooManyCalls
from .web_api import POSTING, TIER_2, TIER_3, TIER_4, Asked, method
from .workspace import Channel, Message

Json = dict[str, Any]


@method("chat.postMessage", scopes=("chat:write",), tier=POSTING)
async def post_message(asked: Asked) -> Json:
    if asked.optional("username") or asked.optional("icon_emoji") or asked.optional("icon_url"):
        asked.need_scope("chat:write.customize")
    channel = _writable_channel(asked)
    content = checked_content(asked.slack.workspace, asked.arguments.get("text"), asked.arguments.get("blocks"))
    metadata = checked_metadata(asked.arguments.get("metadata"))
    thread = thread_to_join(asked, channel)
    spend_post(asked, channel)
    message = asked.slack.post(channel, *content, thread_ts=thread, metadata=metadata)
    return {"channel": channel.id, "ts": message.ts, "message": message.to_json(with_metadata=True)}


def _writable_channel(asked: Asked) -> Channel:
    """The conversation to post into; a person's id means their direct messages with the app."""
    workspace, named = asked.slack.workspace, asked.text("channel")
    if named in workspace.users:
        if workspace.users[named].deleted:
            raise Refused("user_disabled")
        return _check_writable(asked, workspace.open_im(named))
    return _check_writable(asked, asked.visible_channel())


def _check_writable(asked: Asked, channel: Channel) -> Channel:
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.kind == "im" and not asked.slack.manifest.shows_messages:
        raise Refused("messages_tab_disabled")
    outside = asked.slack.bot.id not in channel.members
    if outside and not asked.slack.manifest.grants("chat:write.public"):
        raise Refused("not_in_channel")
    return channel


def thread_to_join(asked: Asked, channel: Channel) -> str | None:
    ts = asked.optional("thread_ts")
    if ts is None:
        return None
    if not re.fullmatch(r"\d{10}\.\d{6}", ts):
        raise Refused("invalid_thread_ts")
    parent = asked.slack.workspace.find(channel, ts)
    if parent is None:
        raise Refused("thread_not_found")
    if parent.thread_ts not in (None, parent.ts):
        raise Refused("cannot_reply_to_message")
    return ts


def spend_post(asked: Asked, channel: Channel) -> None:
    wait = asked.slack.throttle.wait_for_post(channel.id, asked.slack.clock.now())
    if wait is not None:
        raise TooManyCalls(wait)


@method("chat.update", scopes=("chat:write",), tier=TIER_3)
async def update(asked: Asked) -> Json:
    """Blocks that are left out stay as they were; an empty list removes them."""
    message = _own_message(asked, "cant_update_message")
    text, blocks = asked.arguments.get("text"), asked.arguments.get("blocks")
    if text is None and blocks is None:
        raise Refused("no_text")
    kept_blocks = message.blocks if blocks is None else checked_blocks(asked.slack.workspace, blocks)
    new_text, _ = checked_content(asked.slack.workspace, message.text if text is None else text, kept_blocks)
    given = asked.arguments.get("metadata")
    metadata = message.metadata if given is None else checked_metadata(given)
    asked.slack.change(message, asked.slack.bot, new_text, kept_blocks or None, metadata=metadata)
    made = message.to_json(with_metadata=True)
    return {"channel": message.channel.id, "ts": message.ts, "text": message.text, "message": made}


def _own_message(asked: Asked, refusal: str) -> Message:
    channel = asked.visible_channel()
    message = asked.slack.workspace.find(channel, asked.text("ts"))
    if message is None:
        raise Refused("message_not_found")
    if not message.by_app:
        raise Refused(refusal)
    return message


@method("chat.delete", scopes=("chat:write",), tier=TIER_3)
async def delete(asked: Asked) -> Json:
    message = _own_message(asked, "cant_delete_message")
    asked.slack.take_back(message)
    return {"channel": message.channel.id, "ts": message.ts}


@method("chat.postEphemeral", scopes=("chat:write",), tier=TIER_4)
async def post_ephemeral(asked: Asked) -> Json:
    channel, user = _writable_channel(asked), asked.text("user")
    if user not in asked.slack.workspace.users:
        raise Refused("user_not_found")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    content = checked_content(asked.slack.workspace, asked.arguments.get("text"), asked.arguments.get("blocks"))
    thread = thread_to_join(asked, channel)
    spend_post(asked, channel)
    message = asked.slack.post(channel, *content, thread_ts=thread, seen_only_by=user)
    return {"message_ts": message.ts}


@method("chat.getPermalink", tier=0)
async def permalink(asked: Asked) -> Json:
    channel = asked.visible_channel()
    message = asked.slack.workspace.find(channel, asked.text("message_ts"))
    if message is None:
        raise Refused("message_not_found")
    path = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": f"https://peer-programme.slack.com/{path}"}


@method("reactions.add", scopes=("reactions:write",), tier=TIER_3)
async def add_reaction(asked: Asked) -> Json:
    message, name = _marked(asked)
    if asked.slack.bot.id in message.reactions.get(name, []):
        raise Refused("already_reacted")
    asked.slack.react(message, asked.slack.bot, name)
    return {}


@method("reactions.remove", scopes=("reactions:write",), tier=TIER_2)
async def remove_reaction(asked: Asked) -> Json:
    message, name = _marked(asked)
    if asked.slack.bot.id not in message.reactions.get(name, []):
        raise Refused("no_reaction")
    asked.slack.unreact(message, asked.slack.bot, name)
    return {}


def _marked(asked: Asked) -> tuple[Message, str]:
    channel, name = asked.visible_channel(), asked.text("name")
    if not re.fullmatch(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?", name):
        raise Refused("invalid_name")
    message = asked.slack.workspace.find(channel, asked.text("timestamp"))
    if message is None:
        raise Refused("message_not_found")
    if asked.slack.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return message, name
