"""The same visit in Slack, in Teams, in the rehearsal room and on a team that sits on both: one wall, one set of
numbers.

Every world is played once: those that are served stand behind the platforms' own doors, the others on platforms made
of memory. To let another in, add it to `WORLDS`: whatever plays the visit is held to what is stored where nothing
stands between people and the vocabulary.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from handlers.wording import private_talk
from tests.fieldwork.day import WORKSPACES
from tests.mixed.driving import World
from tests.mixed.memory import memory_world
from tests.mixed.room_door import room_world
from tests.mixed.served import served_world
from tests.mixed.stored import Stored, read_stored
from tests.mixed.visit import START, play

Opener = Callable[[Path], AbstractAsyncContextManager[World]]
Played = Callable[[str], Awaitable[tuple[Stored, Mapping[str, str]]]]

BOTH = ("slack", "teams")
FIRST = "vocabulary"
WORLDS: Mapping[str, Opener] = {
    FIRST: lambda folder: memory_world(folder, start=START, mina=("slack",)),
    "slack": lambda folder: served_world(folder, start=START, mina=("slack",)),
    "teams": lambda folder: served_world(folder, start=START, mina=("teams",)),
    "rehearsal": lambda folder: room_world(folder, start=START),
    "mixed": lambda folder: served_world(
        folder, start=START, mina=BOTH, priya=BOTH, aled=("teams",), grace=("teams",), jo=("teams",)
    ),
    "mixed, the other way about": lambda folder: memory_world(
        folder, start=START, mina=("teams", "slack"), ruth=("slack",), priya=BOTH, tom=("slack",), grace=BOTH
    ),
}
OTHERS = [name for name in WORLDS if name != FIRST]
IN_PRIVATE = re.compile("|".join({f"your {private_talk(platform)}" for platform in WORKSPACES}))
_PLAYED: dict[str, tuple[Stored, Mapping[str, str]]] = {}


@pytest.fixture
async def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """What a world stores, and what stands in its channels."""

    async def play_once(name: str) -> tuple[Stored, Mapping[str, str]]:
        if name not in _PLAYED:
            async with WORLDS[name](tmp_path_factory.mktemp("world")) as world:
                await play(world)
                _PLAYED[name] = await read_stored(world), await world.channels()
        return _PLAYED[name]

    return play_once


@pytest.mark.parametrize("name", OTHERS)
async def test_what_is_stored_is_the_same(name: str, played: Played) -> None:
    expected, _ = await played(FIRST)
    stored, _ = await played(name)
    assert stored.differences(expected) == []


@pytest.mark.parametrize("name", OTHERS)
async def test_every_team_channel_shows_the_same(name: str, played: Played) -> None:
    _, expected = await played(FIRST)
    _, channels = await played(name)
    assert {platform: in_words(shown) for platform, shown in channels.items()} == dict.fromkeys(
        channels, in_words(expected["slack"])
    )


def in_words(shown: str) -> list[str]:
    """The words alone, in order: each platform has its own bullets, brackets and tables, and its own name for where
    one talks to Baseroom alone."""
    return re.findall(r"\w+(?:[’'/:-]\w+)*", IN_PRIVATE.sub("your private talk", shown))


async def test_the_visit_leaves_something_of_everything(played: Played) -> None:
    """A comparison of nothing with nothing would be green."""
    stored, channels = await played(FIRST)
    assert {name for name, rows in stored.rows.items() if not rows} == set()
    assert len(stored.rows["findings"]) >= 9
    assert {"checkins.prompt", "destruction.request"} <= {row[1] for row in stored.rows["told"]}
    assert "session · Tuesday, day 1 of 4" in channels["slack"]
