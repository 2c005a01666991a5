"""The Teams app package, from the registry: what it offers is what the handlers answer.

An IT officer can look at what Baseroom will ask of Teams before it lives there. The bot hears what is said to it in a
personal chat, a group chat and a channel; guests, whose personal chats with bots are known to fail, have the message
action and the mention.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from handlers.registry import Registry
from manifests.slack import LONG, SHORT

Json = dict[str, Any]

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.22/MicrosoftTeams.schema.json"
ICONS = ("color.png", "outline.png")

PERMISSIONS: Mapping[str, str] = {
    "ChannelMessage.Read.Group": "to follow the edit or deletion of a finding logged in the team channel, and to hear "
    "an answer under a post of its own that does not name it",
}

IN_PERSON = (
    "finding", "findings", "themes", "sessions", "summary", "checkin", "challenge", "challenge team", "home", "help",
)  # fmt: skip
IN_CHANNELS = ("findings", "themes", "sessions", "summary", "challenge", "challenge here", "help")


def teams_manifest(registry: Registry, *, app_id: str, public_url: str) -> Json:
    """The manifest (schema 1.22). `app_id` is the bot's id in Entra; `public_url` begins with https://."""
    address = public_url.rstrip("/")
    return {
        "$schema": SCHEMA,
        "manifestVersion": "1.22",
        "version": "0.1.0",
        "id": app_id,
        "developer": {
            "name": "Baseroom",
            "websiteUrl": address,
            "privacyUrl": f"{address}/privacy",
            "termsOfUseUrl": f"{address}/terms",
        },
        "name": {"short": "Baseroom", "full": "Baseroom: a peer challenge team's base room"},
        "description": {"short": SHORT, "full": LONG},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1D3A4C",
        "bots": [_bot(registry, app_id)],
        "composeExtensions": [{"botId": app_id, "commands": _message_actions(registry)}],
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS]}
        },
        "webApplicationInfo": {"id": app_id, "resource": f"api://{app_id}"},
        "validDomains": [urlsplit(address).netloc],
    }


def teams_package(manifest: Json) -> bytes:
    """The zip that Teams takes: the manifest and the two icons at its root, the same bytes each time."""
    drawn = files("manifests") / "icons"
    parts = {"manifest.json": json.dumps(manifest, indent=2, ensure_ascii=False).encode()}
    parts |= {name: (drawn / name).read_bytes() for name in ICONS}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _bot(registry: Registry, app_id: str) -> Json:
    return {
        "botId": app_id,
        "scopes": ["personal", "team", "groupChat"],
        "supportsFiles": True,
        "isNotificationOnly": False,
        "commandLists": [
            {"scopes": ["personal"], "commands": _commands(registry, IN_PERSON)},
            {"scopes": ["team", "groupChat"], "commands": _commands(registry, IN_CHANNELS)},
        ],
    }


def _commands(registry: Registry, names: tuple[str, ...]) -> list[Json]:
    return [{"title": name, "description": registry.commands[name].summary} for name in names]


def _message_actions(registry: Registry) -> list[Json]:
    return [
        {
            "id": entry.name,
            "type": "action",
            "context": ["message"],
            "fetchTask": True,
            "title": entry.title,
            "description": entry.description,
        }
        for entry in registry.shortcuts.values()
    ]
