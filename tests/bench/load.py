"""The load: signed message events over HTTP, sixteen conversations, each sending its next message once its receipt has
come. What counts is the whole way: event, commit, acknowledgement, receipt delivered."""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from tests.fakes.teams.tenant import BOT, TENANT

SECRET = "bench-signing-secret"
CONVERSATIONS = 16
WORDS = "Frontline staff describe the vision in their own words and say partners share it #vision, focus group"


Event = Callable[[int, int], tuple[bytes, dict[str, str]]]
"""The body and the headers of what somebody says: their number, and the number of the turn."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of wall time per event, and the largest memory of the server in MB."""

    ms_per_event: float
    p99_ms: float
    rss_mb: float


@dataclass(slots=True)
class Server:
    process: asyncio.subprocess.Process
    port: int


async def measure(module: str, folder: Path, *, events: int) -> Measured:
    """Run one server under the load and measure it."""
    async with (
        started("tests.bench.slack_api") as slack,
        started(module, _api(slack), str(folder), SECRET) as server,
    ):
        return await _measured(server, slack, signed_event, f"{_address(server)}slack/events", events)


async def measure_teams(module: str, folder: Path, *, events: int, slack_too: bool = False) -> Measured:
    """The same with messages of Teams. Where the server lives on Slack too, some come from there afterwards, and its
    memory is what it takes to serve both."""
    async with (
        started("tests.bench.slack_api") as slack,
        started("tests.bench.teams_api") as teams,
        started(module, _address(teams), _api(slack), str(folder), SECRET) as server,
        aiohttp.ClientSession() as web,
    ):
        async with web.get(f"{_address(teams)}signed") as answer:
            headers = {"Authorization": f"Bearer {await answer.text()}", "Content-Type": "application/json"}

        def event(number: int, turn: int) -> tuple[bytes, dict[str, str]]:
            return activity(_address(teams), number, turn), headers

        measured = await _measured(server, teams, event, f"{_address(server)}api/messages", events)
        if slack_too:
            both = await _measured(server, slack, signed_event, f"{_address(server)}slack/events", events // 2)
            measured = replace(measured, rss_mb=both.rss_mb)
        return measured


async def _measured(server: "Server", platform: "Server", event: Event, url: str, events: int) -> Measured:
    receipts = {f"D{number}": asyncio.Semaphore(0) for number in range(CONVERSATIONS)}
    listening = asyncio.create_task(_listen(platform, receipts))
    async with aiohttp.ClientSession() as session:
        await _play(session, url, event, receipts, each=4, first=0)  # warm: caches, prepared statements
        started_at = time.perf_counter()
        times = await _play(session, url, event, receipts, each=events // CONVERSATIONS, first=1000)
        wall = time.perf_counter() - started_at
    memory = _peak_memory(server.process.pid)
    listening.cancel()
    times.sort()
    count = len(times)
    return Measured(1000 * wall / count, 1000 * times[int(count * 0.99) - 1], memory)


async def time_forms(folder: Path, *, times: int) -> list[float]:
    """Milliseconds from a slash command that opens a form to Slack being asked to open it; the first one is the first
    after start."""
    async with (
        started("tests.bench.slack_api") as slack,
        started("tests.bench.full", _api(slack), str(folder), SECRET) as server,
        aiohttp.ClientSession() as web,
    ):
        return [await _time_form(web, slack, server, turn) for turn in range(times)]


async def _time_form(web: aiohttp.ClientSession, slack: "Server", server: "Server", turn: int) -> float:
    form = {
        "command": "/baseroom", "text": "finding", "user_id": "U3", "channel_id": "D3", "team_id": "T1",
        "trigger_id": f"trigger-{turn}", "response_url": "http://127.0.0.1:9/none", "api_app_id": "A1",
    }  # fmt: skip
    body = urlencode(form).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", **_signature(body)}
    assert slack.process.stdout
    began = time.perf_counter()
    async with web.post(f"http://127.0.0.1:{server.port}/slack/events", data=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    async with asyncio.timeout(30):
        while not (await slack.process.stdout.readline()).startswith(b"form"):
            pass
    return 1000 * (time.perf_counter() - began)


async def time_start(folder: Path) -> float:
    """Seconds from starting the server process to its being ready."""
    async with started("tests.bench.slack_api") as slack:
        began = time.perf_counter()
        async with started("tests.bench.full", _api(slack), str(folder), SECRET):
            return time.perf_counter() - began


def _api(slack: "Server") -> str:
    return f"{_address(slack)}api/"


def _address(server: "Server") -> str:
    return f"http://127.0.0.1:{server.port}/"


@asynccontextmanager
async def started(module: str, *arguments: str) -> AsyncIterator[Server]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE, limit=1 << 22
    )
    assert process.stdout
    try:
        async with asyncio.timeout(60):
            line = await process.stdout.readline()
        if not line:
            raise RuntimeError(f"{module} did not start")
        yield Server(process, int(line))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listen(slack: Server, receipts: dict[str, asyncio.Semaphore]) -> None:
    """Each post or update in a conversation lets its next message go."""
    assert slack.process.stdout
    async for line in slack.process.stdout:
        conversation = line.split(maxsplit=1)[0].decode()
        if conversation in receipts:
            receipts[conversation].release()


async def _play(
    session: aiohttp.ClientSession,
    url: str,
    event: Event,
    receipts: dict[str, asyncio.Semaphore],
    *,
    each: int,
    first: int,
) -> list[float]:
    talks = [
        _talk(session, url, event, number, receipts[f"D{number}"], range(first, first + each))
        for number in range(CONVERSATIONS)
    ]
    return [seconds for talk in await asyncio.gather(*talks) for seconds in talk]


async def _talk(
    session: aiohttp.ClientSession, url: str, event: Event, number: int, receipt: asyncio.Semaphore, turns: range
) -> list[float]:
    times = []
    for turn in turns:
        body, headers = event(number, turn)
        began = time.perf_counter()
        async with session.post(url, data=body, headers=headers) as answer:
            assert answer.status in (200, 202), await answer.text()
        async with asyncio.timeout(30):
            await receipt.acquire()
        times.append(time.perf_counter() - began)
    return times


def signed_event(number: int, turn: int) -> tuple[bytes, dict[str, str]]:
    ts = f"{time.time():.0f}.{number:02d}{turn:04d}"
    event = {
        "type": "message", "channel_type": "im", "channel": f"D{number}", "user": f"U{number}",
        "text": f"{turn} {WORDS}", "ts": ts, "event_ts": ts,
    }  # fmt: skip
    body = json.dumps(
        {
            "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": f"Ev{number}-{turn}",
            "event_time": int(time.time()), "event": event,
            "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
        }
    ).encode()  # fmt: skip
    return body, {"Content-Type": "application/json", **_signature(body)}


def activity(teams: str, number: int, turn: int) -> bytes:
    """A message in a personal chat of Teams."""
    return json.dumps(
        {
            "type": "message", "id": f"{time.time():.0f}{number:02d}{turn:04d}", "channelId": "msteams",
            "serviceUrl": f"{teams}teams/", "timestamp": datetime.now(UTC).isoformat(),
            "localTimezone": "Europe/London", "locale": "en-GB", "textFormat": "plain", "text": f"{turn} {WORDS}",
            "from": {"id": f"29:u{number}", "name": f"Peer {number}", "aadObjectId": f"aad-{number}"},
            "recipient": {"id": BOT, "name": "Baseroom"}, "channelData": {"tenant": {"id": TENANT}},
            "conversation": {"id": f"D{number}", "conversationType": "personal", "tenantId": TENANT},
            "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "iOS"}],
        }
    ).encode()  # fmt: skip


def _signature(body: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _peak_memory(pid: int) -> float:
    """The most memory that the process has had (VmHWM), in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
