"""What the app's manifest lets it do: which scopes it was granted, which events, commands and shortcuts it has.

The workspace was installed from this manifest and nothing else, so a scope taken out of it takes the ability away
and turns the test that needs it red.
"""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class NotOffered(Exception):
    """The person cannot do this in Slack: the manifest does not offer it."""


class AppManifest:
    """Reads a Slack manifest (schema 2.0.0); what is absent is off."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._features: Json = manifest.get("features") or {}
        self._settings: Json = manifest.get("settings") or {}
        scopes: Json = (manifest.get("oauth_config") or {}).get("scopes") or {}
        self.bot_scopes: frozenset[str] = frozenset(scopes.get("bot") or ())
        self.used_scopes: set[str] = set()
        """The scopes that something in this workspace has needed so far, each one."""
        self.name: str = (manifest.get("display_information") or {}).get("name", "App")

    def grants(self, scope: str) -> bool:
        """Whether the app holds the scope; asking is using it."""
        if scope in self.bot_scopes:
            self.used_scopes.add(scope)
            return True
        return False

    @property
    def bot_name(self) -> str:
        return str((self._features.get("bot_user") or {}).get("display_name", self.name))

    @property
    def has_bot(self) -> bool:
        return "bot_user" in self._features

    @property
    def socket_mode(self) -> bool:
        return bool(self._settings.get("socket_mode_enabled", False))

    @property
    def events(self) -> frozenset[str]:
        return frozenset((self._settings.get("event_subscriptions") or {}).get("bot_events") or ())

    @property
    def interactive(self) -> bool:
        return bool((self._settings.get("interactivity") or {}).get("is_enabled", False))

    @property
    def has_home(self) -> bool:
        return bool(self._app_home.get("home_tab_enabled", False))

    @property
    def shows_messages(self) -> bool:
        """Whether people have direct messages with the app at all."""
        return bool(self._app_home.get("messages_tab_enabled", False))

    @property
    def takes_direct_messages(self) -> bool:
        return self.shows_messages and not self._app_home.get("messages_tab_read_only_enabled", True)

    @property
    def _app_home(self) -> Json:
        return self._features.get("app_home") or {}

    def command(self, name: str) -> Json:
        """The manifest's entry for a slash command; `NotOffered` when nobody would find it."""
        self._check_commands_scope()
        for command in self._features.get("slash_commands") or ():
            if command["command"] == name:
                return dict(command)
        raise NotOffered(f"{name} is not a valid command: the manifest has no such slash command.")

    def check_shortcut(self, callback_id: str, kind: str) -> None:
        """`kind`: message or global."""
        self._check_commands_scope()
        self.check_interactive()
        for shortcut in self._features.get("shortcuts") or ():
            if shortcut["callback_id"] == callback_id and shortcut["type"] == kind:
                return
        raise NotOffered(f"The manifest has no {kind} shortcut {callback_id!r}.")

    def _check_commands_scope(self) -> None:
        if not self.grants("commands"):
            raise NotOffered("The manifest lacks the scope `commands`: no slash command or shortcut is shown.")

    def check_interactive(self) -> None:
        if not self.interactive:
            raise NotOffered("This app is not configured to handle interactive responses.")

    def url_for(self, kind: str, command: str = "") -> str:
        """Where HTTP deliveries go. `kind`: event, command or interaction; empty when the manifest names none."""
        if kind == "event":
            return str((self._settings.get("event_subscriptions") or {}).get("request_url", ""))
        if kind == "interaction":
            return str((self._settings.get("interactivity") or {}).get("request_url", ""))
        return str(self.command(command).get("url", ""))
