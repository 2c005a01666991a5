"""Nothing is acknowledged before it is on the disk. On SQLite the system calls of the served process show it (strace);
without strace, and on PostgreSQL, somebody else reads the database at the moment of each acknowledgement.
"""

import asyncio
import os
import re
import shutil
import signal
import statistics
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import aiohttp

from storage.records import ChallengeId
from tests.bench.load import SECRET, Server, signed_event, started
from tests.chaos.places import Place, Places, prepared, said
from tests.chaos.rows import Row

TRACED = 20
PER_SECOND = {"sqlite": 100, "postgresql": 50}  # on PostgreSQL one process answers 100 only on a quiet machine
PACE = "1"  # seconds between two posts in a conversation, as when it is served
AT_MOST = 100.0  # milliseconds, p99
PAUSE = 0.2  # seconds in which what belongs to the event before has been written
CALLS = "trace=recvfrom,sendto,fdatasync,fsync"
CAME = re.compile(r'recvfrom\(.*"POST /slack/events')
WENT = re.compile(r'sendto\(.*"HTTP/1.1 200')
SYNCED = re.compile(r"(fdatasync|fsync)\(\d+<.*baseroom\.db-wal>")


def acknowledged(places: Places, size: int) -> Row:
    """`size` events at their rate; besides, the trace of a few, or as many that somebody else looks up."""
    with places.new() as place, places.new() as other:
        if shutil.which("strace") and not place.is_shared:
            early, how = asyncio.run(_traced(other.folder, min(TRACED, size // 10)))
        else:
            looked_up = size if place.is_shared else TRACED
            early = asyncio.run(_look_each_time(other, prepared(other), looked_up))
            how = f"{looked_up:,} more looked up by somebody else as they were acknowledged"
        with places.waiting_for_disk():
            times = asyncio.run(_timed(place, size, PER_SECOND[places.database]))
    p99 = statistics.quantiles(times, n=100)[98]
    return Row(
        f"{size:,} events, {PER_SECOND[places.database]} a second; {how}",
        {"acknowledged before commit": early},
        f"p50 {statistics.median(times):.0f} ms, p99 {p99:.0f} ms",
        "" if p99 <= AT_MOST else f"the goal is {AT_MOST:.0f} ms",
    )


async def _timed(place: Place, size: int, per_second: int) -> list[float]:
    """Milliseconds from each event to its acknowledgement, sent at their moments whether or not others are answered."""
    async with (
        started("tests.bench.slack_api") as slack,
        started("tests.bench.full", _api(slack), str(place.folder), SECRET, PACE, *_databases(place)) as server,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as web,
    ):
        for turn in range(3):
            await asyncio.gather(*(_send(web, server, number, turn) for number in range(16)))
        began = time.perf_counter()
        sending = []
        for number in range(size):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            sending.append(asyncio.create_task(_send(web, server, number % 16, 1000 + number)))
        return list(await asyncio.gather(*sending))


def _databases(place: Place) -> tuple[str, ...]:
    return (place.url, place.keys_url) if place.is_shared else ()


def _api(slack: Server) -> str:
    return f"http://127.0.0.1:{slack.port}/api/"


async def _send(web: aiohttp.ClientSession, server: Server, number: int, turn: int) -> float:
    body, headers = signed_event(number, turn)
    began = time.perf_counter()
    async with web.post(f"http://127.0.0.1:{server.port}/slack/events", data=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    return 1000 * (time.perf_counter() - began)


async def _traced(folder: Path, events: int) -> tuple[int, str]:
    """How many acknowledgements left before the write-ahead log was synced, of those that were traced."""
    trace = folder / "trace"
    async with started("tests.bench.slack_api") as slack:
        process = await asyncio.create_subprocess_exec(
            "strace", "-f", "-y", "-s", "40", "-e", CALLS, "-o", str(trace), sys.executable, "-m", "tests.bench.full",
            _api(slack), str(folder), SECRET,
            stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert process.stdout
        server = Server(process, int(await process.stdout.readline()))
        async with aiohttp.ClientSession() as web:
            for turn in range(events):
                await _send(web, server, turn % 16, turn)
                await asyncio.sleep(PAUSE)
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    seen, early = _early(trace.read_text(errors="replace").splitlines())
    return early + (events - seen), f"{seen} traced: write-ahead log synced between request and acknowledgement"


def _early(lines: Iterable[str]) -> tuple[int, int]:
    """The acknowledgements in a trace, and how many of them had no sync that was done since their request."""
    seen = early = 0
    is_synced, syncing = False, set[str]()
    for line in lines:
        thread = line.split(maxsplit=1)[0]
        if CAME.search(line):
            is_synced, syncing = False, set()
        elif SYNCED.search(line):
            is_synced |= line.endswith("= 0")
            syncing.add(thread)
        elif "sync resumed" in line and thread in syncing:
            is_synced |= line.endswith("= 0")
        elif WENT.search(line):
            seen += 1
            early += not is_synced
    return seen, early


# ---------------------------------------------------------------- somebody else looks


async def _look_each_time(place: Place, challenge_id: str, size: int) -> int:
    """How many of them were acknowledged when nobody else could see them yet."""
    app, other = place.open(), place.open()
    early = 0
    for number in range(size):
        await app.dispatch.handle(said(number, f"Words number {number} #vision"))
        async with other.database.reading() as uow:
            newest = await uow.findings.on_the_wall(ChallengeId(challenge_id))
        early += all(f"number {number} " not in finding.text for finding in newest)
    await app.database.close()
    await other.database.close()
    return early
