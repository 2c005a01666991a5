"""What is measured: each part gives rows of the table. Ratios within one run, medians of five, all on loopback."""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bot.logs import set_up_logging
from tests.bench.load import Measured, measure, measure_teams, time_forms, time_start
from tests.bench.scale import one_finding, session_and_summary
from tests.teams.microsoft import microsoft_running
from tests.teams.stalls import AT_MOST, a_thousand_turns

Value = TypeVar("Value")
TableRow = tuple[str, str, str]
Part = Callable[[], Coroutine[Any, Any, list[TableRow]]]

ROUNDS = 5
EVENTS = 480
LIBRARIES = (
    "aiohttp, slack_bolt.async_app, sqlalchemy.ext.asyncio, aiosqlite, alembic, cryptography.hazmat.primitives, "
    "dateparser, pydantic_settings, structlog, prometheus_client, rapidfuzz, jinja2, typer"
)


def in_own_process(part: Part) -> list[TableRow]:
    """What a fresh process does: what one part leaves in memory is not the next one's burden."""
    set_up_logging("ERROR", as_json=False)
    return asyncio.run(part())


async def _events() -> list[TableRow]:
    ratio, times, memory = await _paired(
        lambda folder: measure("tests.bench.bare", folder, events=EVENTS),
        lambda folder: measure("tests.bench.full", folder, events=EVENTS),
    )
    what = "event to finding and receipt, against a bare Bolt app"
    return [(what, f"{ratio} ({times})", "1.7 times"), ("memory of the server under that load", memory, "140 MB")]


async def _teams() -> list[TableRow]:
    ratio, times, memory = await _paired(
        lambda folder: measure_teams("tests.bench.bare_teams", folder, events=EVENTS),
        lambda folder: measure_teams("tests.bench.full_teams", folder, events=EVENTS, slack_too=True),
    )
    what = "a Teams message to finding and receipt, against the bare botbuilder echo with the retry-code fix"
    return [(what, f"{ratio} ({times})", "1.8 times"), ("memory with both platforms", memory, "170 MB")]


async def _paired(
    bare: Callable[[Path], Awaitable[Measured]], full: Callable[[Path], Awaitable[Measured]]
) -> tuple[str, str, str]:
    """How many times as long Baseroom takes, the two times of an event, and its memory: medians of pairs of runs."""
    pairs = [(await _in_folder(bare), await _in_folder(full)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours.ms_per_event / theirs.ms_per_event for theirs, ours in pairs)
    theirs_ms, ours_ms = (statistics.median(pair[side].ms_per_event for pair in pairs) for side in (0, 1))
    memory = statistics.median(ours.rss_mb for _, ours in pairs)
    return f"{ratio:.2f} times", f"{ours_ms:.1f} against {theirs_ms:.1f} ms", f"{memory:.0f} MB"


async def _stall() -> list[TableRow]:
    with microsoft_running() as microsoft:
        longest = await a_thousand_turns(microsoft)
    what = "longest stall in 1,000 Teams turns, keys and token renewed from a slow Microsoft"
    return [(what, f"{1000 * longest:.0f} ms", f"{1000 * AT_MOST:.0f} ms")]


async def _scale() -> list[TableRow]:
    found = {}
    for stored in (100, 10_000, 100_000):
        found[stored] = await _in_folder(lambda folder, count=stored: one_finding(folder, stored=count))
    least = found[100]
    ratio = max(one.ms for one in found.values()) / least.ms
    times = " / ".join(f"{one.ms:.1f}" for one in found.values())
    counts = " / ".join(str(one.statements) for one in found.values())
    scanned = ", ".join(sorted({table for one in found.values() for table in one.scanned})) or "none"
    return [
        ("CPU of one finding with 100 / 10,000 / 100,000 stored", f"{ratio:.2f} times ({times} ms)", "1.2 times"),
        ("statements of one finding, likewise", counts, "the same"),
        ("tables scanned from end to end", scanned, "none"),
    ]


async def _posts() -> list[TableRow]:
    session, summary = await _in_folder(session_and_summary)
    return [
        ("a session's post over 1,000 findings, CPU", f"{session:.0f} ms", "50 ms"),
        ("the day's summary over 1,000 findings, CPU", f"{summary:.0f} ms", "50 ms"),
    ]


async def _start() -> list[TableRow]:
    ratios, times = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await asyncio.to_thread(subprocess.run, [sys.executable, "-c", f"import {LIBRARIES}"], check=True)
        bare = time.perf_counter() - began
        full = await _in_folder(time_start)
        ratios.append(full / bare)
        times.append((bare, full))
    bare, full = (statistics.median(side) for side in zip(*times, strict=True))
    return [
        (
            "import and start to ready, against importing the libraries",
            f"{statistics.median(ratios):.2f} times ({full:.1f} against {bare:.1f} s)",
            "1.5 times",
        )
    ]


async def _forms() -> list[TableRow]:
    times = await _in_folder(lambda folder: time_forms(folder, times=10))
    return [("a form opens after its trigger, first / slowest", f"{times[0]:.0f} / {max(times):.0f} ms", "500 ms")]


async def _in_folder(work: Callable[[Path], Awaitable[Value]]) -> Value:
    with tempfile.TemporaryDirectory() as folder:
        return await work(Path(folder))


PARTS: tuple[Part, ...] = (_events, _teams, _stall, _scale, _posts, _start, _forms)
