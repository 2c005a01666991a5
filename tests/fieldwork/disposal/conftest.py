"""`after`: a week after the visit, with findings on the wall. `signed_off`: the report is final as well."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.fieldwork.day import LONDON, Day, a_day

SECRET, SOURCE, CHART = "quillfeather", "brasswick", "Marrowbone"


async def live_through(day: Day) -> None:
    """Words heard late, from somebody who was ill, and a flip chart with a name of its own."""
    await day.open_challenge()
    await day.priya.says(f"Nobody knows who owns the {SECRET} plan #vision (focus group, {SOURCE} staff)")
    await day.pass_time(minutes=1)
    await day.tom.says(f"The {SECRET} board meets monthly #governance strength: well led (1:1)")
    await day.ruth.types(f"theme add {CHART}")


@pytest.fixture
async def after(tmp_path: Path) -> AsyncIterator[Day]:
    async with a_day(tmp_path, start=datetime(2026, 12, 4, 9, 58, tzinfo=LONDON)) as day:
        await live_through(day)
        yield day


@pytest.fixture
async def signed_off(after: Day) -> Day:
    await after.mina.types("challenge signed off")
    await after.mina.sends()
    return after
