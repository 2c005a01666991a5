"""The short-lived permits that Slack hands out with an interaction: trigger ids and response URLs.

A trigger opens one modal within three seconds; a response URL answers five times within thirty minutes.
"""

from dataclasses import dataclass
from datetime import datetime

from . import limits
from .clock import Clock
from .refusals import Refused
from .workspace import Channel, Message


@dataclass(eq=False, slots=True)
class _Trigger:
    person: str
    issued: datetime
    exchanged: bool = False


@dataclass(eq=False, slots=True)
class ResponseUrl:
    """Where an app answers an interaction; `message` is the one that was pressed, if any."""

    person: str
    channel: Channel
    message: Message | None
    issued: datetime
    uses: int = 0


class Permits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._triggers: dict[str, _Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def issue_trigger(self, person: str) -> str:
        trigger = f"{len(self._triggers) + 1}.{person}.trigger"
        self._triggers[trigger] = _Trigger(person, self._clock.now())
        return trigger

    def exchange_trigger(self, trigger_id: str) -> str:
        """The id of the person whose trigger it is; refused when unknown, used or three seconds old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.exchanged:
            raise Refused("exchanged_trigger_id")
        if self._clock.now() - trigger.issued > limits.TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        trigger.exchanged = True
        return trigger.person

    def issue_response_url(self, base: str, person: str, channel: Channel, message: Message | None) -> str:
        token = f"R{len(self._urls) + 1:06d}"
        self._urls[token] = ResponseUrl(person, channel, message, self._clock.now())
        return f"{base}/response/{token}"

    def permit_of(self, url: str) -> ResponseUrl:
        return self._urls[url.rpartition("/")[2]]

    def use_response_url(self, token: str) -> ResponseUrl:
        found = self._urls.get(token)
        if found is None:
            raise Refused("invalid_url")
        if self._clock.now() - found.issued > limits.RESPONSE_URL_LIFE:
            raise Refused("expired_url")
        if found.uses >= limits.RESPONSE_URL_USES:
            raise Refused("used_url")
        found.uses += 1
        return found
