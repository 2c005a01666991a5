"""`baseroom doctor` against the strict fake Slack: all fine, and each thing that is not, by name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from bot.doctor import examine
from bot.found import Found
from manifests.slack import SCOPES
from tests.bot.conftest import Installation
from tests.fakes.slack import FakeSlack
from tests.slack.world import manifest_for


async def told(installation: Installation, **settings: str) -> dict[str, Found]:
    """What the doctor says with these settings, by what it looked at."""
    installation.set(**{"BASEROOM_MANAGERS": "mina@peers.example", **settings})
    said: list[Found] = []
    healthy = await examine(say=said.append)
    assert healthy == all(found.fine for found in said)
    return {found.what: found for found in said}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = await FakeSlack.start(manifest=manifest_for("socket"))
    yield slack
    await slack.stop()


def tokens(slack: FakeSlack) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}


async def test_all_is_well(installed: Installation, slack: FakeSlack) -> None:
    assert installed.runs("backup").exit_code == 0
    found = await told(installed, **tokens(slack))
    assert [one.words for one in found.values() if not one.fine] == []
    assert set(found) == {"Settings", "Database", "Slack token", "Slack scopes", "Clock", "Socket Mode", "Backup"}
    assert [call.method for call in slack.calls] == ["auth.test", "apps.connections.open"]


async def test_with_nobody_named_as_manager_it_says_whom_to_name(installed: Installation, slack: FakeSlack) -> None:
    found = await told(installed, **tokens(slack), BASEROOM_MANAGERS=" ; , ")
    assert not found["Managers"].fine
    assert "BASEROOM_MANAGERS" in found["Managers"].words
    assert "nobody can set up a challenge" in found["Managers"].words


async def test_over_http_it_says_where_slack_has_to_send(installed: Installation, slack: FakeSlack) -> None:
    here = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": "secret", "SLACK_API_URL": slack.api_url}
    found = await told(installed, **here)
    assert found["Slack over HTTP"].fine
    assert "/slack/events" in found["Slack over HTTP"].words


@pytest.mark.parametrize("scope", sorted(SCOPES))
async def test_a_missing_scope_is_named_with_what_it_is_for(installed: Installation, scope: str) -> None:
    manifest = manifest_for("socket")
    manifest["oauth_config"]["scopes"]["bot"].remove(scope)
    manifest["settings"]["event_subscriptions"]["bot_events"] = []
    slack = await FakeSlack.start(manifest=manifest)
    try:
        found = await told(installed, **tokens(slack))
    finally:
        await slack.stop()
    assert not found["Slack scopes"].fine
    assert f"missing: {scope} ({SCOPES[scope]})" in found["Slack scopes"].words
    assert "reinstall" in found["Slack scopes"].words


async def test_a_token_that_slack_does_not_know(installed: Installation, slack: FakeSlack) -> None:
    found = await told(installed, **{**tokens(slack), "SLACK_BOT_TOKEN": "xoxb-of-another-app"})
    assert not found["Slack token"].fine
    assert "invalid_auth" in found["Slack token"].words
    assert "SLACK_BOT_TOKEN" in found["Slack token"].words
    assert "xoxb-of-another-app" not in found["Slack token"].words


async def test_an_app_token_that_slack_does_not_know(installed: Installation, slack: FakeSlack) -> None:
    found = await told(installed, **{**tokens(slack), "SLACK_APP_TOKEN": "xapp-of-another-app"})
    assert not found["Socket Mode"].fine
    assert "connections:write" in found["Socket Mode"].words


async def test_slack_out_of_reach(installed: Installation) -> None:
    nowhere = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:1/api/"}
    found = await told(installed, **nowhere)
    assert not found["Slack"].fine
    assert "cannot be reached" in found["Slack"].words
    assert found["Database"].fine


async def test_without_tokens_the_database_is_looked_at_all_the_same(installed: Installation) -> None:
    found = await told(installed)
    assert found["Database"].fine
    assert "SLACK_BOT_TOKEN is not set" in found["Slack"].words


async def test_a_bot_token_alone_is_not_enough(installed: Installation) -> None:
    found = await told(installed, SLACK_BOT_TOKEN="xoxb-1")
    assert "SLACK_APP_TOKEN" in found["Slack"].words
    assert "SLACK_SIGNING_SECRET" in found["Slack"].words


async def test_a_database_that_was_never_made(installation: Installation) -> None:
    found = await told(installation)
    assert not found["Database"].fine
    assert "baseroom migrate" in found["Database"].words


async def test_a_clock_that_is_off_is_measured(installed: Installation) -> None:
    async with slack_by_another_clock(timedelta(minutes=7)) as address:
        found = await told(installed, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="secret", SLACK_API_URL=address)
    assert not found["Clock"].fine
    assert "time synchronisation" in found["Clock"].words
    seconds = int(found["Clock"].words.split()[3])
    assert 415 <= seconds <= 425


@asynccontextmanager
async def slack_by_another_clock(ahead: timedelta) -> AsyncIterator[str]:
    """A Slack that grants everything and whose clock is ahead of this machine's."""

    async def auth_test(_request: web.Request) -> web.Response:
        headers = {"Date": format_datetime(datetime.now(UTC) + ahead, usegmt=True), "x-oauth-scopes": ",".join(SCOPES)}
        return web.json_response({"ok": True, "team": "Programme"}, headers=headers)

    site = web.Application()
    site.router.add_post("/api/auth.test", auth_test)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()
