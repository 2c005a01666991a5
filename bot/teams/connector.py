"""The calls that Baseroom makes to Teams: posts, edits, rosters, files. One client of the SDK for each service URL.

Nothing here is repeated: the SDK's client repeats an edit three times and a post never, so its transport is replaced by
one that asks once, with bounded waiting, and tells apart what was refused, what may have arrived, and what never left.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import aiohttp
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import ConnectorFactory
from botframework.connector.bot_framework_sdk_client_async import BotFrameworkConnectorConfiguration
from msrest.pipeline import AsyncHTTPPolicy, AsyncHTTPSender, AsyncPipeline, Request, Response
from msrest.universal_http import AsyncClientResponse, ClientRequest
from yarl import URL

from bot.teams.cloud import Cloud
from bot.teams.payloads import Json, Payload, part, to_json, words
from bot.teams.tokens import NoToken, Tokens

PATIENCE = aiohttp.ClientTimeout(total=20, sock_connect=5)
FOR_A_FILE = aiohttp.ClientTimeout(total=60, sock_connect=5)
PAGE = 500  # members; the most that Teams gives at once
WRITES_BLOCKED = 209  # the code of MessageWritesBlocked where Teams sends numbers


class Answered(Exception):
    """Teams refused. `code` is its own word where it gave one ("MessageWritesBlocked"), else the status."""

    def __init__(self, status: int, code: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after


class NoAnswer(Exception):
    """There was no answer, half of one, or one that is not Teams': it may have arrived. The argument says which."""


class NotReached(Exception):
    """Provably not sent: no connection, or no token to send with. The argument says which."""


@dataclass(slots=True)
class Connector:
    """Teams' side of every conversation. Every method may raise `Answered`, `NoAnswer` and `NotReached`.

    `sending` is told the conversation before something is posted or changed there.
    """

    clients: "Clients"
    sending: Callable[[str], None] = lambda _conversation: None

    async def send(self, service_url: str, conversation: str, activity: Json, *, reply_to: str = "") -> str:
        """Post it, as a reply where there is something to reply to; returns the message's id."""
        self.sending(conversation)
        path = _path("conversations", conversation, "activities", *([reply_to] if reply_to else []))
        return words(await self._call("POST", service_url, path, activity), "id")

    async def update(self, service_url: str, conversation: str, message: str, activity: Json) -> None:
        self.sending(conversation)
        await self._call("PUT", service_url, _path("conversations", conversation, "activities", message), activity)

    async def delete(self, service_url: str, conversation: str, message: str) -> None:
        await self._call("DELETE", service_url, _path("conversations", conversation, "activities", message))

    async def create_conversation(self, service_url: str, parameters: Json) -> Json:
        """A personal chat, or a post that begins a thread in a channel: {"id": …, "activityId": …}."""
        return await self._call("POST", service_url, _path("conversations"), parameters)

    async def members(self, service_url: str, conversation: str) -> list[Json]:
        """Everybody in the conversation, all pages of it."""
        path = _path("conversations", conversation, "pagedmembers")
        found: list[Json] = []
        token = ""
        while True:
            query = f"?pageSize={PAGE}" + (f"&continuationToken={quote(token, safe='')}" if token else "")
            page = await self._call("GET", service_url, path + query)
            found += [dict(one) for one in page.get("members") or () if isinstance(one, Mapping)]
            token = words(page, "continuationToken")
            if not token:
                return found

    async def member(self, service_url: str, conversation: str, user: str) -> Json:
        return await self._call("GET", service_url, _path("conversations", conversation, "members", user))

    async def team(self, service_url: str, team: str) -> Json:
        return await self._call("GET", service_url, _path("teams", team))

    async def channels(self, service_url: str, team: str) -> list[Json]:
        found = await self._call("GET", service_url, _path("teams", team, "conversations"))
        return [dict(one) for one in found.get("conversations") or () if isinstance(one, Mapping)]

    async def upload(self, url: str, content: bytes) -> None:
        """Put a file where its reader agreed to have it (the upload URL of a file consent), in one piece."""
        if not self.clients.cloud.takes_files(url):
            raise Answered(403, "UploadUrlNotMicrosofts")
        last = len(content) - 1
        headers = {"Content-Type": "application/octet-stream", "Content-Range": f"bytes 0-{last}/{len(content)}"}
        with _named():
            session = self.clients.session()
            answer = session.put(url, data=content, headers=headers, timeout=FOR_A_FILE, allow_redirects=False)
            async with answer as answered:
                if answered.status >= 300:
                    raise Answered(answered.status, str(answered.status), _waiting(answered.headers))

    async def close(self) -> None:
        await self.clients.close()

    async def _call(self, method: str, service_url: str, path: str, body: Json | None = None) -> Json:
        if not self.clients.cloud.is_service(service_url):
            raise Answered(403, "ServiceUrlNotMicrosofts")
        client = await self.clients.create(service_url)
        content = None if body is None else to_json(body).encode()
        headers = {"Accept": "application/json", "Content-Type": "application/json; charset=utf-8"}
        request = ClientRequest(method, service_url.rstrip("/") + path, headers=headers, data=content)
        with _named():
            answer = (await client.config.pipeline.run(request)).http_response
        if answer.status_code == 401:
            self.clients.tokens.doubt()
        if answer.status_code >= 300:
            raise Answered(answer.status_code, error_code(answer.status_code, answer.json()), _waiting(answer.headers))
        found: Json | None = answer.read_object()
        if found is None and (method == "GET" or answer.body()):
            raise NoAnswer("a page that is not Teams'")
        return found or {}


@dataclass(slots=True)
class Clients(ConnectorFactory):
    """The SDK's clients, one for each service URL and for good: building one costs more than a turn."""

    cloud: Cloud
    tokens: Tokens
    _clients: dict[str, Any] = field(default_factory=dict)
    _session: aiohttp.ClientSession | None = None

    async def create(self, service_url: str, audience: str = "") -> Any:
        """The client for a service URL. Called by the SDK in each turn, with an audience that is always the same."""
        if service_url not in self._clients:
            self._clients[service_url] = self._built(service_url)
        return self._clients[service_url]

    def session(self) -> aiohttp.ClientSession:
        """The one pool of connections."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=PATIENCE, trust_env=True)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _built(self, service_url: str) -> Any:
        def pipeline(config: Any) -> Any:
            return AsyncPipeline([config.user_agent_policy, _Bearer(self.tokens)], sender_for(self, config))

        config = BotFrameworkConnectorConfiguration(self.tokens.credentials, service_url, pipeline_type=pipeline)
        return ConnectorClient(self.tokens.credentials, custom_configuration=config)


class _Bearer(AsyncHTTPPolicy):
    """Puts the token on a request. The SDK's own policy would fetch it in the loop."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.tokens = tokens

    async def send(self, request: Any, **options: Any) -> Any:
        token = await self.tokens.current()
        if token:
            request.http_request.headers["Authorization"] = f"Bearer {token}"
        return await self.next.send(request, **options)


class _Once(AsyncHTTPSender):
    """Sends a request once, over the pool. The SDK's own transport takes a thread and repeats some requests."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients

    async def __aexit__(self, *exc: object) -> None:
        """The pool is closed with the clients."""

    async def send(self, request: Request, **_options: Any) -> Response:
        asked = request.http_request
        call = self.clients.session().request(
            asked.method,
            URL(asked.url, encoded=True),
            data=asked.data,
            headers=dict(asked.headers),
            allow_redirects=False,
        )
        async with call as answer:
            return Response(request, _Answer(asked, answer, await answer.read()))


def sender_for(clients: Clients, _config: Any) -> AsyncHTTPSender:
    """What a client of the SDK sends with, in place of what it would make of its configuration."""
    return _Once(clients)


class _Answer(AsyncClientResponse):
    """An answer, read to its end."""

    def __init__(self, request: Any, answer: aiohttp.ClientResponse, content: bytes) -> None:
        super().__init__(request, answer)
        self.status_code = answer.status
        self.headers = answer.headers
        self.reason = answer.reason
        self._content = content

    def body(self) -> bytes:
        return self._content

    def json(self) -> Json:
        return self.read_object() or {}

    def read_object(self) -> Json | None:
        """The JSON object in it; None where there is none (a proxy's page, an empty answer)."""
        try:
            found = json.loads(self._content)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


def error_code(status: int, body: Payload) -> str:
    """Teams' word for an error, from either shape of its answers: {"error": {"code": …}} or {"errorCode": 209}."""
    number = body.get("errorCode")
    if number == WRITES_BLOCKED:
        return "MessageWritesBlocked"
    return words(part(body, "error"), "code") or (str(number) if number else str(status))


@contextmanager
def _named() -> Iterator[None]:
    """What went wrong on the way, as one of ours."""
    try:
        yield
    except NoToken as exc:
        raise NotReached(str(exc)) from exc
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as exc:
        raise NotReached(type(exc).__name__) from exc
    except (aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise NoAnswer(type(exc).__name__) from exc


def _waiting(headers: Mapping[str, str]) -> timedelta | None:
    """How long Teams asks us to wait (Retry-After: seconds, or a date); None when it does not say."""
    asked = headers.get("Retry-After", "")
    if not asked:
        return None
    try:
        return timedelta(seconds=max(float(asked), 0.0))
    except (ValueError, OverflowError):
        pass
    try:
        return max(parsedate_to_datetime(asked) - datetime.now(UTC), timedelta(0))
    except (ValueError, TypeError):
        return None


def _path(*parts: str) -> str:
    return "/v3/" + "/".join(quote(one, safe="") for one in parts)
