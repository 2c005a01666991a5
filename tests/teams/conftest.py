"""`teams_day`: a first morning on site in Teams."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.teams.world import TeamsDay, a_teams_day


@pytest.fixture
async def teams_day(tmp_path: Path) -> AsyncIterator[TeamsDay]:
    async with a_teams_day(tmp_path) as day:
        await day.open_challenge()
        yield day
