"""Every change of the clocks from 2026 to 2036 and a machine's clock that jumps: no session is missed or held twice.

The days are those of tests/fieldwork/test_clock_changes.py, lived on either database.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from tests.chaos.places import Places
from tests.chaos.rows import Row
from tests.fieldwork import test_clock_changes as days
from tests.fieldwork.day import LONDON, Day, a_day

SATURDAY = datetime(2026, 11, 14, 10, 0, tzinfo=LONDON)
ALL = (
    days.test_every_session_is_at_its_minute_across_every_clock_change_from_2026_to_2036,
    days.test_a_session_in_the_hour_that_is_skipped_or_comes_twice_is_held_once,
    days.test_a_machines_clock_that_jumps_by_an_hour_loses_no_session_and_doubles_none,
)


def clocks(places: Places, size: int) -> Row:
    """The first `size` kinds of day: every change; sessions in the odd hours; jumps by an hour on and back."""
    wrong = [error for live in ALL[:size] if (error := asyncio.run(_lived(places, live)))]
    return Row("20 changes of the clocks, 14 jumps by an hour", {"missed or doubled": len(wrong)}, "; ".join(wrong))


async def _lived(places: Places, live: Callable[[Day], Awaitable[None]]) -> str:
    with places.new() as place:
        async with a_day(place.folder, start=SATURDAY, url=place.url) as day:
            try:
                await live(day)
            except AssertionError as error:
                return str(error).partition("\n")[0] or "a session was not as it should be"
    return ""
