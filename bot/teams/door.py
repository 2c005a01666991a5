"""The one HTTP door for Teams: POST /api/messages.

Whoever is not Teams, of our own tenant, is turned away with one log line and no words. What cannot be read is 400.
Nothing but our own failure to store anything at all is 500, so that Teams sends it again.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web

from bot.logs import where
from bot.teams.adapter import Adapter, Authentication, Take, as_model
from bot.teams.cloud import Cloud
from bot.teams.credentials import TeamsCredentials
from bot.teams.keys import KeysNotFetched
from bot.teams.payloads import InvokeAnswer, Json, Payload, part, tenant_of, to_json, words

log = structlog.get_logger("baseroom.teams")

MESSAGES_PATH = "/api/messages"
CHANNEL = "msteams"
HALF_CHARACTERS = re.compile(rb"\\u[dD][89a-fA-F]")  # may also be both halves of one, which is fine


class TurnedAway(Exception):
    """Not from Teams, or not for us; the argument says why, for the log and not for them."""


class Unreadable(Exception):
    """Not an activity; the argument says what is missing."""


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in what is from Teams and hands it to `take`, within a turn of the SDK."""

    credentials: TeamsCredentials
    cloud: Cloud
    authentication: Authentication
    adapter: Adapter
    take: Take

    async def http(self, request: web.Request) -> web.Response:
        try:
            activity = read_activity(await request.read())
            check_service(activity, self.cloud)
            check_tenant(activity, self.credentials)
            authenticated = await self.authenticated(activity, self._signature(request))
            check_shape(activity)
            return to_response(await self.adapter.turn(authenticated, activity, self.take))
        except Unreadable as exc:
            log.info("not an activity", why=str(exc))
            return web.Response(status=400)
        except TurnedAway as exc:
            log.warning("turned away", why=str(exc), peer=request.remote)
            return web.Response(status=401)
        except KeysNotFetched as exc:
            log.warning("a request cannot be checked", why=f"Microsoft's signing keys: {exc}")
            return web.Response(status=503)
        except web.HTTPException:  # the body is too large: aiohttp's own answer
            raise
        except Exception as exc:  # noqa: BLE001  # whatever it was: Teams sends it again
            log.warning("not taken in", error=type(exc).__name__, where=where(exc.__traceback__))
            return web.Response(status=500)

    def _signature(self, request: web.Request) -> str | None:
        """The token of a request. None only in practice: it means to the SDK that nothing is checked."""
        return None if self.credentials.anonymous else request.headers.get("Authorization", "")

    async def authenticated(self, activity: Payload, header: str | None) -> Any:
        """What the SDK knows of the sender. Raises `TurnedAway` and `KeysNotFetched`."""
        try:
            return await self.authentication.authenticate_request(as_model(activity), header)
        except KeysNotFetched:
            raise
        except Exception as exc:
            raise TurnedAway(type(exc).__name__) from exc


def check_service(activity: Payload, cloud: Cloud) -> None:
    """Raises `TurnedAway` when an answer would not go to Teams: it carries our token and people's words."""
    if not words(activity, "serviceUrl"):
        raise TurnedAway("no service URL")
    if not cloud.is_service(words(activity, "serviceUrl")):
        raise TurnedAway("the service URL is not Microsoft's")


def check_tenant(activity: Payload, credentials: TeamsCredentials) -> None:
    """Raises `TurnedAway` for somebody of another organisation's Teams."""
    if not credentials.anonymous and tenant_of(activity) != credentials.tenant:
        raise TurnedAway("another tenant")


def read_activity(body: bytes) -> Json:
    """The JSON object in it, without halves of characters, which nothing could store. Raises `Unreadable`."""
    try:
        found = json.loads(body)
        if HALF_CHARACTERS.search(body):
            whole = json.dumps(found, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            found = json.loads(whole)
    except (ValueError, RecursionError) as exc:
        raise Unreadable("no JSON") from exc
    if not isinstance(found, dict):
        raise Unreadable("no object")
    return found


def check_shape(activity: Payload) -> None:
    """Raises `Unreadable` when the least that an activity has is missing."""
    if not words(activity, "type"):
        raise Unreadable("no type")
    if words(activity, "channelId") != CHANNEL:
        raise Unreadable("not from the Teams channel")
    if not words(part(activity, "conversation"), "id"):
        raise Unreadable("no conversation")


def to_response(answer: InvokeAnswer | None) -> web.Response:
    """202 for what has been taken in; an invoke's answer with its body as it stands."""
    if answer is None:
        return web.Response(status=202)
    if answer.body is None:
        return web.Response(status=answer.status)
    return web.json_response(answer.body, status=answer.status, dumps=to_json)
