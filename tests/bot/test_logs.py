"""What stands in the logs: lines that machines read, and never what anybody typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.shared import REPOSITORY

CANARY = "canary-in-a-cage"

FAILING = f'''
import asyncio, logging, sys
import structlog
from bot.logs import set_up_logging

set_up_logging("DEBUG", as_json="json" in sys.argv)
log = structlog.get_logger("baseroom.test")

def fail(words):
    raise ValueError(words)

async def forgotten():
    fail("{CANARY}")

try:
    fail("{CANARY}")
except ValueError as exc:
    log.exception("failed", reference="AB12CD")
    log.error("failed again", exc_info=exc)
    log.debug("with the stack", stack_info=True)
    logging.getLogger("some.library").exception("request body: %s", "{CANARY}")
    logging.getLogger("some.library").warning("{CANARY}")

async def main():
    task = asyncio.create_task(forgotten())
    await asyncio.wait([task])

asyncio.run(main())
'''


def lines_of(script: str, *arguments: str) -> list[str]:
    """What the script writes to standard error; to standard output it writes nothing."""
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert result.stdout == ""
    return result.stderr.splitlines()


@pytest.mark.parametrize("shape", ["json", "plain"])
def test_no_error_brings_anybodys_words_into_the_log(shape: str) -> None:
    lines = lines_of(FAILING, shape)
    assert len(lines) == 6
    assert CANARY not in "\n".join(lines)
    assert "Traceback" not in "\n".join(lines)


def test_our_lines_are_json_with_the_place_of_the_fault() -> None:
    lines = [json.loads(line) for line in lines_of(FAILING, "json") if line.startswith("{")]
    failed = next(line for line in lines if line["event"] == "failed")
    assert failed["level"] == "error"
    assert failed["reference"] == "AB12CD"
    assert failed["where"].startswith("<string>:")
    assert failed["timestamp"].endswith("Z")


VISIT = f'''
import asyncio, sys
from pathlib import Path
from bot.logs import set_up_logging
from tests.slack.world import a_slack_day

set_up_logging("DEBUG", as_json=True)

async def fails(*_args, **_kwargs):
    raise RuntimeError("{CANARY} in an exception")

async def main():
    async with a_slack_day(Path(sys.argv[1]), "socket") as day:
        await day.open_challenge()
        await day.priya.dm("{CANARY} in a message #vision, 1:1 with {CANARY}")
        await day.settled()
        await day.priya.dm("finding 1 {CANARY}")
        await day.priya.types_command("/baseroom", "theme add {CANARY}")
        await day.settled()
        day.app.house.registry.said = fails
        await day.priya.dm("{CANARY} in what fails")
        await day.settled()
        await day.pass_time(seconds=10)

asyncio.run(main())
'''


def test_a_visit_with_a_fault_in_it_leaves_no_words_in_the_log(tmp_path: Path) -> None:
    lines = lines_of(VISIT, str(tmp_path))
    assert any('"failed"' in line and "RuntimeError" in line for line in lines)
    assert any('"still failing"' in line for line in lines)
    assert [line for line in lines if CANARY in line or "Priya" in line or "xoxb" in line] == []
