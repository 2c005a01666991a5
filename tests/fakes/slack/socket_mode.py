"""Deliveries over Socket Mode: one web socket of several gets each envelope and must acknowledge it by its id.

The app asks `apps.connections.open` for an address, which is good for one connection; `refresh` sends the
`disconnect` frame that Slack sends every few hours.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from . import limits
from .bell import Bell
from .clock import Clock
from .delivery import Attempt, Delivery
from .workspace import APP

Json = dict[str, Any]
ENVELOPE_TYPES = {"event": "events_api", "command": "slash_commands", "interaction": "interactive"}


@dataclass(eq=False, slots=True)
class _Line:
    """One connected web socket, and the envelopes on it that wait for an acknowledgement."""

    socket: web.WebSocketResponse
    waiting: "dict[str, asyncio.Future[Json | None]]" = field(default_factory=dict)
    retiring: bool = False


class SocketRoute:
    """`refused` counts connections turned away: a used ticket, or more than ten at once."""

    def __init__(self, *, clock: Clock, bell: Bell, acknowledge_within: float) -> None:
        self._clock, self._bell, self._within = clock, bell, acknowledge_within
        self._tickets: set[str] = set()
        self._lines: list[_Line] = []
        self._numbers = 0
        self.refused = 0

    @property
    def connections(self) -> int:
        return sum(not line.retiring for line in self._lines)

    def issue_ticket(self) -> str:
        self._numbers += 1
        ticket = f"ticket-{self._numbers}"
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """The web socket's own route: hello, then acknowledgements until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.connections >= limits.SOCKETS_PER_APP:
            self.refused += 1
            return web.Response(status=408)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = _Line(socket)
        self._lines.append(line)
        await socket.send_json(self._hello())
        self._bell.ring()
        await self._listen(line)
        return socket

    def _hello(self) -> Json:
        debug = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": self.connections,
            "debug_info": debug,
            "connection_info": {"app_id": APP},
        }

    async def _listen(self, line: _Line) -> None:
        try:
            async for frame in line.socket:
                if frame.type == WSMsgType.TEXT:
                    self._take_acknowledgement(line, frame.data)
        finally:
            self._lines.remove(line)
            for waiting in line.waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionResetError("the app's web socket closed"))
            self._bell.ring()

    def _take_acknowledgement(self, line: _Line, text: str) -> None:
        answer: Json = json.loads(text)
        waiting = line.waiting.pop(str(answer.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))

    async def deliver(self, delivery: Delivery, *, retry: int, reason: str | None) -> Attempt:
        started, at = time.monotonic(), self._clock.now()
        line = self._next_line()
        if line is None:
            return Attempt(at, None, None, "connection_failed", 0.0)
        envelope = self._envelope(delivery, retry, reason)
        waiting: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        line.waiting[envelope["envelope_id"]] = waiting
        try:
            await line.socket.send_json(envelope)
            async with asyncio.timeout(self._within):
                answer = await waiting
        except TimeoutError:
            return Attempt(at, None, None, "http_timeout", time.monotonic() - started)
        except ConnectionError:
            return Attempt(at, None, None, "connection_failed", time.monotonic() - started)
        finally:
            line.waiting.pop(envelope["envelope_id"], None)
        return Attempt(at, 200, answer, None, time.monotonic() - started)

    def _next_line(self) -> _Line | None:
        """The connections take turns; one that is being replaced is used only when there is no other."""
        if not self._lines:
            return None
        self._lines.append(self._lines.pop(0))
        return next((line for line in self._lines if not line.retiring), self._lines[-1])

    def _envelope(self, delivery: Delivery, retry: int, reason: str | None) -> Json:
        self._numbers += 1
        envelope: Json = {
            "type": ENVELOPE_TYPES[delivery.kind],
            "envelope_id": f"envelope-{self._numbers}",
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "event",
        }
        if delivery.kind == "event":
            envelope |= {"retry_attempt": retry, "retry_reason": reason or ""}
        return envelope

    async def refresh(self) -> None:
        """Tell every connection to make itself new, as Slack does from time to time."""
        for line in list(self._lines):
            line.retiring = True
            frame = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "applink-1"}}
            await line.socket.send_json(frame)
        self._bell.ring()

    async def stop(self) -> None:
        for line in list(self._lines):
            await line.socket.close()
