"""Every command, button, form, shortcut and reaction, done by each kind of person: nobody sees what is not theirs.

The table and its pressing are those of tests/completeness.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from tests.chaos.places import Places
from tests.chaos.rows import Row
from tests.completeness.rows import Way
from tests.completeness.test_every_offer import EVERY, test_each_person_does_what_they_may_and_no_more
from tests.completeness.town import PEOPLE, Life, Town, live, town_at
from tests.fieldwork.day import WORKSPACES


def seen(places: Places, size: int) -> Row:
    """`size` offers, spread over the table, or all of them, on each platform."""
    chosen = EVERY[:: max(len(EVERY) // size, 1)]
    wrong = [line for home in WORKSPACES for line in _wrong_on(places, home, chosen)]
    return Row(
        f"{len(chosen)} offers × {len(PEOPLE)} people × 2 challenges × {len(WORKSPACES)} platforms",
        {"canaries seen or acts by others": len(wrong)},
        "; ".join(wrong[:3]),
    )


def _wrong_on(places: Places, home: str, offers: Sequence[tuple[Way, str]]) -> list[str]:
    with places.new() as place:
        life = asyncio.run(live(place.folder, home))
        return [
            f"{home} {line}" for way, name in offers for line in asyncio.run(_faults(place.folder, life, way, name))
        ]


async def _faults(folder: Path, life: Life, way: Way, name: str) -> list[str]:
    """Each line of what is not as the table says."""
    async with AsyncExitStack() as stack:

        async def enter(stage: str) -> Town:
            place = folder / f"{way} {name} {stage}".replace("/", "-")
            place.mkdir()
            return await stack.enter_async_context(town_at(life, stage, place))

        town_of: Callable[[str], Awaitable[Town]] = enter
        try:
            await test_each_person_does_what_they_may_and_no_more(way, name, town_of)
        except AssertionError as error:
            return [f"{way} {name}: {line}" for line in str(error).splitlines() if line.strip()]
    return []
