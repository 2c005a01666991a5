"""The three doors that operators look at, and what they say when something is missing."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.serve import web_application
from bot.slack.wiring import build_slack
from tests.slack.world import SlackDay, a_slack_day


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[SlackDay]:
    async with a_slack_day(tmp_path, "http") as day:
        await day.open_challenge()
        yield day


async def get(day: SlackDay, path: str, **headers: str) -> tuple[int, str]:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{day.slack.app_address}{path}", headers=headers) as got,
    ):
        return got.status, await got.text()


async def test_it_says_that_it_lives_and_is_ready(day: SlackDay) -> None:
    assert await get(day, "/healthz") == (200, "ok")
    assert await get(day, "/readyz") == (200, "ready")


async def test_a_database_that_is_gone_makes_it_not_ready_but_alive(day: SlackDay, tmp_path: Path) -> None:
    await day.app.database.close()
    await asyncio.to_thread(shutil.rmtree, tmp_path)
    status, words = await get(day, "/readyz")
    assert status == 503
    assert "the database cannot be read" in words
    assert (await get(day, "/healthz"))[0] == 200


async def test_delivery_that_has_died_makes_it_not_ready(day: SlackDay) -> None:
    for task in day.app._tasks:
        task.cancel()
    await day.app.delivery.drain()
    status, words = await get(day, "/readyz")
    assert status == 503
    assert "start Baseroom again" in words


async def test_a_socket_that_is_closed_makes_it_not_ready(day: SlackDay) -> None:
    slack = build_slack(day.app)
    slack._socket = _Closed()  # type: ignore[assignment]  # a connection that has just gone
    async with TestClient(TestServer(web_application(day.app, [slack]))) as client:
        answer = await client.get("/readyz")
        assert (answer.status, await answer.text()) == (503, "not connected to Slack")


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[SlackDay]:
    """Over Socket Mode: nothing comes in over HTTP, so there is no proxy."""
    async with a_slack_day(tmp_path, "socket") as day:
        await day.open_challenge()
        yield day


async def test_numbers_say_what_waits_and_hold_no_words(inside: SlackDay) -> None:
    await inside.priya.dm("Canary words about partners #vision")
    await inside.settled()
    status, numbers = await get(inside, "/metrics")
    assert status == 200
    assert 'baseroom_outbox{state="pending"} 0.0' in numbers
    assert "baseroom_outbox_oldest_seconds 0.0" in numbers
    assert "Canary" not in numbers
    assert "Priya" not in numbers


@pytest.mark.parametrize(
    "header",
    [
        {"X_Forwarded_For": "127.0.0.1"},
        {"X_Real_IP": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"Host": "baseroom.example.org"},
    ],
)
async def test_nobody_reads_the_numbers_through_a_proxy(inside: SlackDay, header: dict[str, str]) -> None:
    assert (await get(inside, "/metrics", **header))[0] == 404


async def test_where_there_may_be_a_proxy_the_numbers_need_the_token(day: SlackDay) -> None:
    """What nginx passes on by a plain `proxy_pass` looks as if this machine had asked."""
    assert (await get(day, "/metrics"))[0] == 404
    assert (await get(day, "/metrics", Authorization="Bearer "))[0] == 404


@pytest.mark.parametrize(
    "shown", ["", "Bearer ", "Bearer numbers-for-prometheu", "numbers-for-prometheus", "Bearer \xe9"]
)
async def test_with_a_token_the_numbers_are_for_whoever_shows_it(day: SlackDay, shown: str) -> None:
    day.app.settings.metrics_token = SecretStr("numbers-for-prometheus")
    assert (await get(day, "/metrics", Authorization=shown))[0] == 404
    right = {"Authorization": "Bearer numbers-for-prometheus"}
    assert (await get(day, "/metrics", **right))[0] == 200
    assert (await get(day, "/metrics", Host="baseroom.example.org", **right))[0] == 200


async def test_with_a_token_this_machine_too_must_show_it(inside: SlackDay) -> None:
    inside.app.settings.metrics_token = SecretStr("numbers-for-prometheus")
    assert (await get(inside, "/metrics"))[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/slack/events", 405),
        ("POST", "/slack/events", 401),
    ],
)
async def test_every_door_answers_strictly_and_names_no_versions(
    day: SlackDay, method: str, path: str, status: int
) -> None:
    async with aiohttp.ClientSession() as session, session.request(method, f"{day.slack.app_address}{path}") as got:
        assert got.status == status
        assert "default-src 'self'" in got.headers["Content-Security-Policy"]
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Server"] == "Baseroom"


async def test_what_is_no_http_is_not_told_what_runs_here(day: SlackDay) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(day.slack.app_address.rpartition(":")[2]))
    writer.write(b"nonsense\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.0 400")
    assert b"Server: Baseroom\r\n" in answer
    assert b"aiohttp" not in answer


async def test_a_forged_event_is_turned_away(day: SlackDay) -> None:
    address = f"{day.slack.app_address}/slack/events"
    async with aiohttp.ClientSession() as session, session.post(address, json={"type": "event_callback"}) as got:
        assert got.status == 401


async def test_over_socket_mode_there_is_no_door_for_events(tmp_path: Path) -> None:
    async with a_slack_day(tmp_path, "socket") as day:
        address = f"{day.slack.app_address}/slack/events"
        async with aiohttp.ClientSession() as session, session.post(address, json={}) as got:
            assert got.status == 404


class _Closed:
    """Socket Mode after the connection has gone."""

    @property
    def client(self) -> "_Closed":
        return self

    async def is_connected(self) -> bool:
        return False
