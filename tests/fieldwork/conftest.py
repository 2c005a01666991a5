"""`day`: a visit's first morning, the team on site. `before`: ten days earlier, nothing set up yet."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.fieldwork.day import LONDON, Day, a_day


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """Tuesday 24 November 2026, 09:00, on site, the challenge set up by store and not by command."""
    async with a_day(tmp_path, start=datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)) as day:
        await day.open_challenge()
        yield day


@pytest.fixture
async def before(tmp_path: Path) -> AsyncIterator[Day]:
    """Saturday 14 November 2026, 10:00: nobody is on any challenge."""
    async with a_day(tmp_path, start=datetime(2026, 11, 14, 10, 0, tzinfo=LONDON)) as day:
        yield day
