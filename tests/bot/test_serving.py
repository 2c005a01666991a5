"""`baseroom serve`, from its start to its end, against the fake Slack."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.serve import AddressTaken, opened, serve
from bot.settings import NotConnected, read_settings
from bot.upkeep import migrate_database, rotate_master_key
from storage.errors import KeysInUse
from storage.keys import read_master_key
from storage.lock import only_process
from tests.bot.conftest import Installation
from tests.fakes.slack import FakeSlack, Fault
from tests.slack.world import manifest_for


@pytest.fixture
async def slack(installed: Installation) -> AsyncIterator[FakeSlack]:
    slack = await FakeSlack.start(manifest=manifest_for("socket"))
    installed.set(SLACK_BOT_TOKEN=slack.bot_token, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL=slack.api_url)
    installed.set(BASEROOM_PORT="0")
    yield slack
    await slack.stop()


def nobody_is_told(address: str) -> None:
    raise AssertionError(f"it should not run at {address}")


async def test_it_runs_until_it_is_told_to_stop_and_lets_go_of_the_database(slack: FakeSlack) -> None:
    running: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(read_settings(), ready=running.set_result))
    assert (await running).startswith("http://127.0.0.1:")
    await slack.connected()
    os.kill(os.getpid(), signal.SIGTERM)
    await serving
    with only_process(read_settings().database_url):
        pass


async def test_told_to_stop_while_a_post_is_under_way_it_lets_that_end_and_writes_it_down(slack: FakeSlack) -> None:
    running: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(read_settings(), ready=running.set_result))
    await running
    await slack.connected()
    zed = slack.user("Zed Stranger")
    slack.fault("chat.postMessage", Fault.held())
    await zed.dm("Hello")
    await slack.until(lambda: bool(slack.calls_of("chat.postMessage")), hope="the answer being posted")
    os.kill(os.getpid(), signal.SIGTERM)
    await slack.until(lambda: not slack.sockets.connections, hope="Baseroom taking nothing in any more")
    assert not serving.done()
    slack.let_go()
    await serving
    assert [post.by_app for post in zed.dm_messages()] == [False, True]
    async with opened(read_settings(), SystemClock()) as app, app.database.reading() as uow:
        health = await uow.health.now(app.clock.now())
        assert health.outbox == {}, "it stands as sent: nothing is looked for, nothing sent again"


async def test_a_replica_that_runs_keeps_the_master_key_as_it_is(
    slack: FakeSlack, installed: Installation, migrated_postgres_url: str, postgres_url: str
) -> None:
    """Beside a new master key it would wrap new keys with the old one, which nobody could read after its end."""
    installed.set(BASEROOM_DATABASE_URL=migrated_postgres_url, BASEROOM_KEYS_URL=postgres_url)
    settings, running = read_settings(), asyncio.get_running_loop().create_future()
    await migrate_database(settings, say=print)
    before = read_master_key(settings.master_key_file)
    serving = asyncio.create_task(serve(settings, ready=running.set_result))
    await running
    with pytest.raises(KeysInUse, match="Stop every replica first"):
        await rotate_master_key(settings, say=print)
    assert read_master_key(settings.master_key_file) == before
    await slack.connected()
    os.kill(os.getpid(), signal.SIGTERM)
    await serving
    await rotate_master_key(settings, say=print)
    assert read_master_key(settings.master_key_file) != before
    async with opened(settings, SystemClock()):
        pass


async def test_a_port_that_is_taken_is_named(slack: FakeSlack, installed: Installation) -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken = runner.addresses[0][1]
    installed.set(BASEROOM_PORT=str(taken))
    with pytest.raises(AddressTaken, match=rf"port {taken}.*BASEROOM_PORT"):
        await serve(read_settings(), ready=nobody_is_told)
    await runner.cleanup()


async def test_a_slack_that_does_not_know_the_token_is_quoted(slack: FakeSlack) -> None:
    slack.fault("auth.test", Fault.refuses("invalid_auth"))
    with pytest.raises(NotConnected, match=r"invalid_auth.*baseroom doctor"):
        await serve(read_settings(), ready=nobody_is_told)


async def test_a_slack_that_does_not_know_the_app_token_is_quoted(slack: FakeSlack) -> None:
    slack.fault("apps.connections.open", Fault.refuses("invalid_auth"))
    with pytest.raises(NotConnected, match="invalid_auth"):
        await serve(read_settings(), ready=nobody_is_told)
