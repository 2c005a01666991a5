"""`slack_day`: a first morning on site in Slack, played over Socket Mode and over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack.world import SlackDay, a_slack_day


@pytest.fixture(params=["socket", "http"])
async def slack_day(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SlackDay]:
    async with a_slack_day(tmp_path, request.param) as day:
        await day.open_challenge()
        yield day
