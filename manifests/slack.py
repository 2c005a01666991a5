"""Slack's app manifest, from the registry. Each scope stands here with its reason, and only for that reason.

Slack itself is told with this file what Baseroom may see: direct messages to it, and the private channels it is
invited into. It asks for no public channel, no other direct message, and no admin scope.
"""

from collections.abc import Mapping
from typing import Any

from handlers.registry import Command, Registry

Json = dict[str, Any]

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to hear a finding or a command that names Baseroom in the team channel",
    "chat:write": "to answer, to post sessions and digests, and to edit its own posts in place",
    "commands": "to offer /baseroom and the message shortcut “Log as finding”",
    "files:write": "to hand the workbook to the challenge manager in a direct message",
    "groups:history": "to follow the edit or deletion of a finding logged in the private team channel, to read the "
    "message that a pushpin is put on, and to look for a post of its own whose fate is unknown",
    "groups:read": "to check that the team channel is private, not shared outside, and holds only the team",
    "im:history": "to read what a peer types to it, and to follow an edit or a deletion",
    "im:write": "to open a direct message for a check-in, a reminder or the request to destroy notes",
    "reactions:read": "to log a peer's own message when they put a pushpin on it",
    "users:read": "to know a peer's name for their initials, and their time zone",
    "users:read.email": "to recognise the people named by e-mail address in BASEROOM_MANAGERS",
}

EVENTS: Mapping[str, str] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "channel_shared": "groups:read",
    "member_joined_channel": "groups:read",
    "member_left_channel": "groups:read",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
}

ALIASES = ("challenge", "finding", "findings", "theme", "summary", "checkin")

SHORT = "A peer challenge team's base room"
LONG = (
    "Baseroom is the base room of a peer challenge team. Peers type what they heard and it is saved as a finding under "
    "their initials and its theme; the team sees what is triangulated at each peer team session; the challenge manager "
    "approves what the client hears each evening; and when the report is signed off, everybody confirms that their "
    "notes are destroyed. Nothing that anybody said is attributed to them."
)


def slack_manifest(registry: Registry, *, public_url: str = "", aliases: bool = True) -> Json:
    """The manifest as Slack takes it (schema 2.0.0): Socket Mode, or HTTP when there is a public address.

    `aliases`: offer /challenge, /finding … too; leave them out where another app has those names.
    """
    request_url = f"{public_url.rstrip('/')}/slack/events" if public_url else ""
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Baseroom",
            "description": SHORT,
            "long_description": LONG,
            "background_color": "#1d3a4c",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Baseroom", "always_online": True},
            "shortcuts": _shortcuts(registry),
            "slash_commands": [_with_url(command, request_url) for command in _commands(registry, aliases=aliases)],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": _with_url({"bot_events": sorted(EVENTS)}, request_url, key="request_url"),
            "interactivity": _with_url({"is_enabled": True}, request_url, key="request_url"),
            "org_deploy_enabled": False,
            "socket_mode_enabled": not request_url,
            "token_rotation_enabled": False,
        },
    }


def _shortcuts(registry: Registry) -> list[Json]:
    on_messages = [
        {"type": "message", "name": entry.title, "callback_id": entry.name, "description": entry.description}
        for entry in registry.shortcuts.values()
    ]
    new = {
        "type": "global",
        "name": "New finding",
        "callback_id": "new_finding",
        "description": "Write down what you heard, with its theme and its source",
    }
    return [new, *on_messages]


def _commands(registry: Registry, *, aliases: bool) -> list[Json]:
    grouped = {
        "command": "/baseroom",
        "description": "Findings, sessions, the summary: everything Baseroom does",
        "usage_hint": "help | finding … | findings | themes | summary | challenge",
        "should_escape": True,
    }
    named = [_alias(registry, name) for name in ALIASES if _of_group(registry, name)] if aliases else []
    return [grouped, *named]


def _alias(registry: Registry, name: str) -> Json:
    entries = _of_group(registry, name)
    first = entries[0]
    rest = [entry.words.removeprefix(name).strip() for entry in entries]
    hint = first.usage or " | ".join(part for part in rest if part)
    return {
        "command": f"/{name}",
        "description": (first.summary or f"Baseroom: {name}")[:1].upper() + (first.summary or f"Baseroom: {name}")[1:],
        **({"usage_hint": hint} if hint else {}),
        "should_escape": True,
    }


def _of_group(registry: Registry, name: str) -> list[Command]:
    """The commands that begin with the word, the plain one first."""
    found = [entry for entry in registry.commands.values() if entry.words.split()[0] == name]
    return sorted(found, key=lambda entry: len(entry.words.split()))


def _with_url(entry: Json, url: str, *, key: str = "url") -> Json:
    return {**entry, key: url} if url else entry
