"""The events of the Events API, delivered only when the manifest subscribes to them and holds their scope.

What was not delivered is kept with its reason, so that a test can say why the app heard nothing.
"""

from dataclasses import dataclass
from typing import Any

from .delivery import Deliveries, Delivery
from .manifest import AppManifest
from .workspace import APP, TEAM, Channel, Message, User, Workspace

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An event the app never saw: the subscription's name, the reason, and the event."""

    subscription: str
    reason: str
    event: Json


class Events:
    def __init__(self, manifest: AppManifest, workspace: Workspace, deliveries: Deliveries) -> None:
        self._manifest, self._workspace, self._deliveries = manifest, workspace, deliveries
        self.undelivered: list[Undelivered] = []

    def send(self, subscription: str, scope: str | None, event: Json, *, shared: bool = False) -> Delivery | None:
        """`subscription` as the manifest lists it, such as `message.im`; `scope` that it needs, if any."""
        reason = self._reason_to_withhold(subscription, scope)
        if reason:
            self.undelivered.append(Undelivered(subscription, reason, event))
            return None
        return self._deliveries.send("event", self._callback(event, shared=shared))

    def _reason_to_withhold(self, subscription: str, scope: str | None) -> str:
        if not self._manifest.has_bot:
            return "the manifest has no bot user"
        if subscription not in self._manifest.events:
            return f"the manifest does not subscribe to {subscription}"
        if scope is not None and not self._manifest.grants(scope):
            return f"the manifest lacks the scope {scope}"
        return ""

    def _callback(self, event: Json, *, shared: bool) -> Json:
        bot = {"user_id": self._workspace.bot.id, "is_bot": True}
        return {
            "token": "verification-token",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": self._workspace.next_id("Ev"),
            "event_time": self._workspace.now_seconds(),
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "is_enterprise_install": False, **bot}],
            "is_ext_shared_channel": shared,
            "event_context": "4-fake-context",
        }

    def message_posted(self, message: Message) -> list[Delivery]:
        """The message event, and `app_mention` beside it when the app is named in a channel."""
        event = self._in_channel(message.channel, self._shown(message), message.ts)
        return _those_sent(self._message_event(message.channel, event), self._mention(message, event))

    def message_changed(self, message: Message, previous: Json) -> list[Delivery]:
        """`message_changed`, and a new `app_mention` when the text as edited names the app."""
        mention = self._in_channel(message.channel, self._shown(message), message.ts)
        ts = self._workspace.next_ts()
        event = {
            "type": "message",
            "subtype": "message_changed",
            "message": self._shown(message),
            "previous_message": previous,
            "hidden": True,
            "ts": ts,
        }
        edited = message.text != previous["text"]
        return _those_sent(
            self._message_event(message.channel, self._in_channel(message.channel, event, ts)),
            self._mention(message, mention) if edited else None,
        )

    def message_deleted(self, message: Message, previous: Json) -> list[Delivery]:
        ts = self._workspace.next_ts()
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "previous_message": previous,
            "deleted_ts": message.ts,
            "hidden": True,
            "ts": ts,
        }
        return _those_sent(self._message_event(message.channel, self._in_channel(message.channel, event, ts)))

    def _shown(self, message: Message) -> Json:
        return message.to_json(with_metadata=self._manifest.grants("metadata.message:read"))

    def _in_channel(self, channel: Channel, event: Json, ts: str) -> Json:
        return event | {"channel": channel.id, "channel_type": channel.event_type, "event_ts": ts}

    def _message_event(self, channel: Channel, event: Json) -> Delivery | None:
        family = channel.scope_family
        if self._workspace.bot.id not in channel.members:
            reason = "the app is not in the channel"
            self.undelivered.append(Undelivered(f"message.{family}", reason, event))
            return None
        return self.send(f"message.{family}", f"{family}:history", event, shared=channel.is_ext_shared)

    def _mention(self, message: Message, event: Json) -> Delivery | None:
        bot = self._workspace.bot.id
        named = f"<@{bot}>" in message.text and message.channel.kind != "im" and not message.by_app
        if not named or bot not in message.channel.members or message.subtype:
            return None
        mention = {**event, "type": "app_mention"}
        mention.pop("channel_type")
        return self.send("app_mention", "app_mentions:read", mention)

    def reaction(self, kind: str, message: Message, user: str, name: str) -> Delivery | None:
        """`kind`: reaction_added or reaction_removed."""
        if self._workspace.bot.id not in message.channel.members:
            return None
        item = {"type": "message", "channel": message.channel.id, "ts": message.ts}
        who = {"user": user, "item_user": message.user, "reaction": name}
        return self.send(kind, "reactions:read", {"type": kind, **who, "item": item, **self._stamp()})

    def membership(self, kind: str, channel: Channel, user: str, inviter: str | None) -> Delivery | None:
        """`kind`: member_joined_channel or member_left_channel."""
        if self._workspace.bot.id not in channel.members and user != self._workspace.bot.id:
            return None
        event = {"type": kind, "user": user, "channel": channel.id, "team": TEAM, **self._stamp()}
        event["channel_type"] = "G" if channel.kind == "private" else "C"
        if inviter:
            event["inviter"] = inviter
        return self.send(kind, f"{channel.scope_family}:read", event)

    def channel_shared(self, channel: Channel) -> Delivery | None:
        event = {
            "type": "channel_shared",
            "connected_team_id": "T0FAKE00002",
            "channel": channel.id,
            **self._stamp(),
        }
        return self.send("channel_shared", f"{channel.scope_family}:read", event, shared=True)

    def home_opened(self, user: User, tab: str, view: Json | None) -> Delivery | None:
        """`tab`: home or messages."""
        channel = self._workspace.open_im(user.id).id
        event = {"type": "app_home_opened", "user": user.id, "channel": channel, "tab": tab, **self._stamp()}
        return self.send("app_home_opened", None, event | ({"view": view} if view else {}))

    def _stamp(self) -> Json:
        return {"event_ts": self._workspace.next_ts()}


def _those_sent(*deliveries: Delivery | None) -> list[Delivery]:
    return [delivery for delivery in deliveries if delivery is not None]
