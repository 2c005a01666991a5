"""The Web API's front door: who calls, with which token and scope, how often, and with what arguments.

Each method declares its scopes and its tier in `methods_*.py`; nothing gets past here that the manifest does not allow.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import Fault
from .posting import over_budget
from .refusals import Refused, TooManyCalls
from .workspace import Channel

if TYPE_CHECKING:
    from .server import FakeSlack

Json = dict[str, Any]


@dataclass(eq=False, slots=True)
class Call:
    """One call the app made: recorded for tests. `error` is None when Slack did what was asked."""

    method: str
    arguments: Json
    at: datetime
    status: int = 200
    error: str | None = None
    answer: Json = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok")) and self.status == 200


@dataclass(eq=False, slots=True)
class Asked:
    """A call inside a method: its arguments, read the way Slack reads them."""

    slack: "FakeSlack"
    arguments: Json

    def text(self, name: str) -> str:
        value = self.optional(name)
        if value is None:
            problem = f"[ERROR] missing required field: {name}"
            raise Refused.because("invalid_arguments", [problem])
        return value

    def optional(self, name: str) -> str | None:
        value = self.arguments.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str) -> bool:
        return str(self.arguments.get(name, "")).lower() in {"1", "true"}

    def number(self, name: str, default: int, most: int) -> int:
        value = self.optional(name)
        if value is None:
            return default
        if not value.isdigit() or not 1 <= int(value) <= most:
            raise Refused("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(value)

    def need_scope(self, scope: str) -> None:
        """Refuse with `missing_scope` unless the manifest grants it."""
        if not self.slack.manifest.grants(scope):
            provided = ",".join(sorted(self.slack.manifest.bot_scopes))
            raise Refused("missing_scope", needed=scope, provided=provided)

    def channel(self, action: str, name: str = "channel") -> Channel:
        """The conversation named, if the app may see it. `action`: the scope's last part, such as `history`."""
        channel = self.visible_channel(name)
        self.need_scope(f"{channel.scope_family}:{action}")
        return channel

    def visible_channel(self, name: str = "channel") -> Channel:
        channel = self.slack.workspace.channels.get(self.text(name))
        if channel is None or (channel.kind != "public" and self.slack.bot.id not in channel.members):
            raise Refused("channel_not_found")
        return channel


Handler = Callable[[Asked], Awaitable[Json]]
POSTING = 0
TIER_2, TIER_3, TIER_4 = 2, 3, 4


@dataclass(frozen=True, slots=True)
class Method:
    scopes: tuple[str, ...]
    tier: int
    token: str
    handler: Handler


METHODS: dict[str, Method] = {}


def method(name: str, *, scopes: tuple[str, ...] = (), tier: int, token: str = "xoxb") -> Callable[[Handler], Handler]:
    """Register a Web API method; every one of `scopes` must be granted, `token` is the prefix it takes."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(scopes, tier, token, handler)
        return handler

    return register


class WebApi:
    def __init__(self, slack: "FakeSlack") -> None:
        self._slack = slack
        self._faults: dict[str, list[Fault]] = {}
        self._released = asyncio.Event()
        self._let_go = asyncio.Event()
        self.calls: list[Call] = []
        self.under_way = 0

    def add_fault(self, name: str, fault: Fault, times: int) -> None:
        self._faults.setdefault(name, []).extend([fault] * times)

    def release(self) -> None:
        """Let go of the calls that were never to be answered."""
        self._released.set()

    def let_go(self) -> None:
        """Answer the calls whose answer was held."""
        self._let_go.set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        arguments, token = await _read(request)
        call = Call(name, arguments, self._slack.clock.now())
        self.calls.append(call)
        self.under_way += 1
        try:
            return await self._respond(request, call, token)
        finally:
            self.under_way -= 1
            self._slack.bell.ring()

    async def _respond(self, request: web.Request, call: Call, token: str) -> web.StreamResponse:
        waiting = self._faults.get(call.method)
        fault = waiting.pop(0) if waiting else None
        if fault is not None and not fault.after_effect:
            return await self._go_wrong(request, call, fault)
        await self._answer(call, token)
        if fault is not None and fault.kind == "held":
            await self._let_go.wait()
        elif fault is not None:
            return await self._go_wrong(request, call, fault)
        headers = {"x-oauth-scopes": ",".join(sorted(self._slack.manifest.bot_scopes))}
        if call.status == 429:
            headers["Retry-After"] = str(call.answer["retry_after"])
        body = {key: value for key, value in call.answer.items() if key != "retry_after"}
        return web.json_response(body, status=call.status, headers=headers)

    async def _answer(self, call: Call, token: str) -> None:
        try:
            answer = await self._perform(call, token)
            call.answer = {"ok": True, **answer}
            call.warnings = over_budget(call.arguments)
        except Refused as refusal:
            call.error, call.answer = refusal.error, {"ok": False, "error": refusal.error, **refusal.more}
        except TooManyCalls as too_many:
            call.status, call.error = 429, "ratelimited"
            call.answer = {"ok": False, "error": "ratelimited", "retry_after": too_many.retry_after}

    async def _perform(self, call: Call, token: str) -> Json:
        found = METHODS.get(call.method)
        if found is None:
            raise Refused("unknown_method", req_method=call.method)
        self._check_token(token, found.token)
        wait = self._slack.throttle.wait_for_method(call.method, found.tier, self._slack.clock.now())
        if wait is not None:
            raise TooManyCalls(wait)
        asked = Asked(self._slack, call.arguments)
        for scope in found.scopes:
            asked.need_scope(scope)
        return await found.handler(asked)

    def _check_token(self, token: str, kind: str) -> None:
        if not token:
            raise Refused("not_authed")
        if token not in {self._slack.bot_token, self._slack.app_token}:
            raise Refused("invalid_auth")
        if not token.startswith(kind):
            raise Refused("not_allowed_token_type")

    async def _go_wrong(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        call.error = fault.error or fault.kind
        call.status = fault.status
        match fault.kind:
            case "error":
                return web.json_response({"ok": False, "error": fault.error})
            case "status":
                headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
                error = "ratelimited" if fault.status == 429 else "internal_error"
                return web.json_response({"ok": False, "error": error}, status=fault.status, headers=headers)
            case "silence":
                await self._keep_silent()
            case "reset":
                pass
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _keep_silent(self) -> None:
        """Nobody waits for such a call: for `settled` it is over."""
        self.under_way -= 1
        self._slack.bell.ring()
        try:
            await self._released.wait()
        finally:
            self.under_way += 1


async def _read(request: web.Request) -> tuple[Json, str]:
    """The arguments, JSON within them decoded, and the token."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= json.loads(await request.text() or "{}")
    elif request.can_read_body:
        arguments |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token if scheme == "Bearer" else str(arguments.get("token", ""))
    arguments.pop("token", None)
    return {name: _decoded(name, value) for name, value in arguments.items()}, token


JSON_ARGUMENTS = {"blocks", "view", "metadata", "files", "attachments"}


def _decoded(name: str, value: Any) -> Any:
    if name in JSON_ARGUMENTS and isinstance(value, str):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value
