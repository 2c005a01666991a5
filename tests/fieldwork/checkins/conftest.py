"""`before`: Monday 16 November 2026, 10:00, eight days before the visit, the team set up and nothing sent yet."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fieldwork.day import LONDON, Day, a_day


@pytest.fixture
async def before(tmp_path: Path) -> AsyncIterator[Day]:
    async with a_day(tmp_path, start=datetime(2026, 11, 16, 10, 0, tzinfo=LONDON)) as day:
        await day.open_challenge()
        yield day


@pytest.fixture
async def sent(before: Day) -> Day:
    """The framework's questions are out, to be answered by Friday 20 November at 17:00."""
    await send(before)
    return before


async def send(day: Day, **changed: Any) -> None:
    """The manager sends a check-in: the form, what was understood of it, and yes."""
    await day.mina.types("checkin send")
    await day.mina.sends(**changed)
    await day.mina.sends()
