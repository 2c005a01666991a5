"""A day that was played against a local Slack server, to be played again without it.

A transcript is a line for each thing that crossed the wire: the `clock` as it was moved, what Slack `delivered`, what
Baseroom `asked` (who somebody is) and what it `did` (a post, a form), each with Slack's answer. Record ids are made
anew in every run, so each thing that Baseroom does is set beside its recorded twin, and what people then press or
send carries the new id in place of the old.
"""

import json
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.fakes.slack import sign

Json = dict[str, Any]
Key = tuple[str, ...]

ASKED_OF = ("user", "users", "channel", "ts", "latest")  # the arguments that say of whom or what Slack is asked
DONE_IN = ("channel", "channel_id", "user_id", "ts", "thread_ts")  # those that say where something is done


def read_transcript(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def ids_in(drawn: object) -> Iterator[tuple[str, str]]:
    """What a card or a form holds that nobody sees, by what it stands under: a button, a choice, what is carried."""
    if isinstance(drawn, list):
        for part in drawn:
            yield from ids_in(part)
    if not isinstance(drawn, dict):
        return
    if drawn.get("type") == "button" and "value" in drawn:
        yield f"button {drawn['action_id']}", drawn["value"]
    if "type" not in drawn and "value" in drawn and isinstance(drawn.get("text"), dict):
        yield f"option {drawn['text']['text']}", drawn["value"]
    for name, value in json.loads(drawn.get("private_metadata") or "{}").items():
        yield f"carried {name}", value
    for part in drawn.values():
        yield from ids_in(part)


@dataclass
class RecordedSlack:
    """Slack's Web API on loopback, which knows nothing but the answers of the transcript.

    `done` is what Baseroom did, as (method, where): equal to `recorded` when it did the same. `strange` are calls that
    the transcript has no answer to.
    """

    transcript: list[Json]
    done: list[Key] = field(default_factory=list)
    recorded: list[Key] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    _answers: dict[Key, deque[Json]] = field(default_factory=lambda: defaultdict(deque))
    _anew: dict[str, str] = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    address: str = ""

    async def start(self) -> None:
        for entry in self.transcript:
            if "asked" in entry:
                self._answers[_asked(entry["asked"], entry["payload"])].append(entry)
            elif "did" in entry:
                key = _done(entry["did"], entry["payload"])
                self._answers[key].append(entry)
                self.recorded.append(key)
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._take_call)
        app.router.add_post("/upload", self._take_file)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _take_call(self, request: web.Request) -> web.Response:
        method, arguments = request.match_info["method"], await _arguments(request)
        key = _asked(method, arguments)
        if key in self._answers:  # what is asked again later is answered as it was last
            entries = self._answers[key]
            return web.json_response((entries.popleft() if len(entries) > 1 else entries[0])["answer"])
        key = _done(method, arguments)
        self.done.append(key)
        if not self._answers[key]:
            self.strange.append(f"{key}: {arguments.get('text')}")
            return web.json_response({"ok": False, "error": "not_in_the_transcript"})
        entry = self._answers[key].popleft()
        self.learn(entry["ids"], arguments)
        upload = {"upload_url": f"{self.address}/upload"} if method == "files.getUploadURLExternal" else {}
        return web.json_response(entry["answer"] | upload)

    async def _take_file(self, request: web.Request) -> web.Response:
        self.files.append(await request.read())
        return web.Response(text="OK")

    # ---- ids made anew

    def learn(self, recorded: Json, drawn: object) -> None:
        """What stood under the same button, choice or name then is what stands there now."""
        for name, now in ids_in(drawn):
            if recorded.get(name, now) != now:
                self._anew[recorded[name]] = now

    def with_new_ids(self, part: Any) -> Any:
        """A delivery as Slack would send it in this run."""
        match part:
            case dict():
                return {name: self._in_field(name, value) for name, value in part.items()}
            case list():
                return [self.with_new_ids(one) for one in part]
            case str():
                return self._anew.get(part, part)
            case _:
                return part

    def _in_field(self, name: str, value: Any) -> Any:
        if name == "private_metadata" and value:
            return json.dumps(self.with_new_ids(json.loads(value)))
        return self.with_new_ids(value)


def _asked(method: str, arguments: Json) -> Key:
    return ("ask", method, *(f"{name}={arguments[name]}" for name in ASKED_OF if arguments.get(name)))


def _done(method: str, arguments: Json) -> Key:
    return (method, *(f"{name}={arguments[name]}" for name in DONE_IN if arguments.get(name)))


async def _arguments(request: web.Request) -> Json:
    """As slack_sdk sends them: JSON, or a query or a form whose structured fields are JSON."""
    if request.content_type == "application/json":
        return dict(await request.json())
    read = {name: str(value) for name, value in [*request.query.items(), *(await request.post()).items()]}
    return {name: _decoded(value) for name, value in read.items()}


def _decoded(value: str) -> Any:
    return json.loads(value) if value[:1] in ("[", "{") else value


def signed(delivered: str, payload: Json, secret: str, retry: int) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of a delivery over HTTP, signed as Slack signs."""
    match delivered:
        case "events_api":
            body, kind = json.dumps(payload), "application/json"
        case "slash_commands":
            body, kind = urlencode(payload), "application/x-www-form-urlencoded"
        case _:
            body, kind = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
    now = int(time.time())
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": str(now),
        "X-Slack-Signature": sign(secret, now, body),
    }
    again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
    return body.encode(), headers | again


def first_clock(transcript: Iterable[Json]) -> str:
    return next(entry["clock"] for entry in transcript if "clock" in entry)
