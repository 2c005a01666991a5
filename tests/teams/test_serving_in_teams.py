"""`baseroom serve` on Teams alone, from its start to its end; and what it says when Microsoft does not answer."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from bot.serve import serve
from bot.settings import NotConnected, read_settings
from bot.teams.wiring import Typing
from tests.bot.conftest import Installation
from tests.bot.conftest import installation as installation  # the fixture
from tests.bot.conftest import installed as installed  # the fixture
from tests.teams.entrance import an_activity
from tests.teams.microsoft import PASSWORD, Microsoft, microsoft_running
from tests.teams.test_credentials import WHOLE
from tests.teams.world import TeamsDay


@pytest.fixture
def microsoft(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Microsoft]:
    with microsoft_running() as microsoft:
        monkeypatch.setattr("bot.teams.wiring.PUBLIC", microsoft.cloud())
        installed.set(**WHOLE | {"MicrosoftAppPassword": PASSWORD, "BASEROOM_PORT": "0"})
        yield microsoft


@pytest.fixture
async def address(microsoft: Microsoft) -> AsyncIterator[str]:
    """Where Baseroom is being served; it is told to stop afterwards, and does."""
    running: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(read_settings(), ready=running.set_result))
    async with asyncio.timeout(60):
        where = await running
    yield where
    os.kill(os.getpid(), signal.SIGTERM)
    await serving


def nobody_is_told(address: str) -> None:
    raise AssertionError(f"it should not run at {address}")


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def post(url: str, **request: Any) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, **request) as answer:
        return answer.status


async def test_teams_alone_is_served(address: str, microsoft: Microsoft) -> None:
    assert await get(f"{address}/readyz") == (200, "ready")
    activity = an_activity(serviceUrl=microsoft.service)
    signed = {"Authorization": f"Bearer {microsoft.signer.sign(microsoft.service)}"}
    assert await post(f"{address}/api/messages", json=activity, headers=signed) == 202
    assert await post(f"{address}/api/messages", json=activity) == 401
    assert await post(f"{address}/slack/events", json={}) == 404


async def test_the_token_and_the_keys_are_there_before_anybody_comes(address: str, microsoft: Microsoft) -> None:
    assert len(microsoft.tokens) == 1
    assert microsoft.asked.count("/keys") == 1


@pytest.fixture
def short_lived(microsoft: Microsoft) -> None:
    """Tokens that must be fetched anew at each use."""
    microsoft.lifetime = 0


@pytest.mark.usefixtures("short_lived")
async def test_a_token_that_can_no_longer_be_had_makes_it_not_ready(microsoft: Microsoft, address: str) -> None:
    microsoft.down = True
    assert await get(f"{address}/readyz") == (503, "not connected to Teams")
    assert (await get(f"{address}/healthz"))[0] == 200


async def test_a_secret_that_entra_does_not_know_is_named(microsoft: Microsoft, installed: Installation) -> None:
    installed.set(MicrosoftAppPassword="of-last-year")
    with pytest.raises(NotConnected, match=r"invalid_client.*baseroom doctor"):
        await serve(read_settings(), ready=nobody_is_told)


async def test_microsoft_out_of_reach_is_named(microsoft: Microsoft) -> None:
    microsoft.down = True
    with pytest.raises(NotConnected, match=r"Entra|signing keys"):
        await serve(read_settings(), ready=nobody_is_told)


def test_the_library_of_a_platform_is_loaded_only_for_those_who_use_it() -> None:
    loaded = (
        "import sys, bot.serve, bot.cli, bot.doctor; print([n for n in ('botbuilder', 'msal') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


# ---- somebody waits for an answer


async def test_whoever_waits_sees_that_an_answer_is_coming(
    teams_day: TeamsDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.teams.wiring.TYPING_AFTER", 0.0)
    await teams_day.after(teams_day.priya.dm("Staff know the vision #vision, focus group"))
    assert teams_day.teams.typing == [teams_day.priya.chat]


async def test_a_prompt_answer_needs_no_such_sign(teams_day: TeamsDay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.teams.wiring.TYPING_AFTER", 60.0)
    await teams_day.after(teams_day.priya.dm("Staff know the vision #vision, focus group"))
    assert teams_day.teams.typing == []
    assert teams_day.wired.typing._waiting == {}, "the answer should have ended the waiting"


async def test_nobody_waits_in_a_channel_or_after_a_button() -> None:
    typing = Typing()
    typing.expect(an_activity(conversation={"id": "19:wall", "conversationType": "channel"}))
    typing.expect(an_activity(type="messageUpdate"))
    typing.expect(an_activity(type="invoke"))
    assert typing._waiting == {}
