"""What is fetched before it is needed: once for however many ask, and without a word to those who can do without."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest

from bot.teams.fresh import Fetched, Fresh

LONG = timedelta(hours=1)


class Well:
    """Gives 1, 2, 3 …, or fails; `gate` holds it up."""

    def __init__(self) -> None:
        self.given = 0
        self.dry = False
        self.good_for = LONG
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> Fetched[int]:
        assert threading.current_thread() is not threading.main_thread()
        self.gate.wait(10)
        if self.dry:
            raise OSError("dry")
        self.given += 1
        return Fetched(self.given, self.good_for)


async def joined(fresh: Fresh[int]) -> None:
    """What is being fetched has come, or has failed."""
    assert fresh._fetching is not None
    await asyncio.wait([fresh._fetching])


async def test_it_is_fetched_once_however_many_ask() -> None:
    well = Well()
    fresh = Fresh("water", well)
    assert await asyncio.gather(*(fresh.current() for _ in range(20))) == [1] * 20
    assert await fresh.current() == 1
    assert well.given == 1


async def test_an_old_one_is_given_while_the_next_is_on_its_way() -> None:
    well = Well()
    fresh = Fresh("water", well)
    await fresh.current()
    fresh._renew_at = 0.0
    well.gate.clear()
    assert [await fresh.current() for _ in range(3)] == [1, 1, 1]
    well.gate.set()
    await joined(fresh)
    assert await fresh.current() == 2
    assert well.given == 2


async def test_a_renewal_that_fails_is_tried_again_later_and_nobody_is_told_while_the_old_one_is_good() -> None:
    well = Well()
    fresh = Fresh("water", well)
    await fresh.current()
    fresh._renew_at, well.dry = 0.0, True
    assert await fresh.current() == 1
    await joined(fresh)
    assert await fresh.current() == 1
    assert fresh._renew_at > time.monotonic() + 20, "not at each use"


async def test_one_that_is_no_longer_good_is_not_given() -> None:
    well = Well()
    fresh = Fresh("water", well)
    await fresh.current()
    fresh._good_until, well.dry = 0.0, True
    with pytest.raises(OSError, match="dry"):
        await fresh.current()
    well.dry = False
    assert await fresh.current() == 2


async def test_whoever_stops_waiting_does_not_stop_it_for_the_others() -> None:
    well = Well()
    well.gate.clear()
    fresh = Fresh("water", well)
    impatient, patient = asyncio.create_task(fresh.current()), asyncio.create_task(fresh.current())
    await asyncio.wait([impatient], timeout=0)
    impatient.cancel()
    well.gate.set()
    assert await patient == 1
    assert impatient.cancelled()
