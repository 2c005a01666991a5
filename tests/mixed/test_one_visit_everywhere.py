"""The same visit in Slack, in Teams, in the rehearsal room and on a team that sits on both: one wall, one set of
numbers.

To let another driver in, add it to `WORLDS`: whatever plays the visit is held to what Slack's part stores.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.mixed.driving import World
from tests.mixed.memory import memory_world
from tests.mixed.stored import Stored, read_stored
from tests.mixed.visit import START, play

Opener = Callable[[Path], AbstractAsyncContextManager[World]]

BOTH = ("slack", "teams")
WORLDS: Mapping[str, Opener] = {
    "slack": lambda folder: memory_world(folder, start=START, mina=("slack",)),
    "teams": lambda folder: memory_world(folder, start=START, mina=("teams",)),
    "rehearsal": lambda folder: memory_world(folder, start=START, mina=("rehearsal",)),
    "mixed": lambda folder: memory_world(
        folder, start=START, mina=BOTH, priya=BOTH, aled=("teams",), grace=("teams",), jo=("teams",)
    ),
    "mixed, the other way about": lambda folder: memory_world(
        folder, start=START, mina=BOTH, ruth=("teams",), priya=("teams", "slack"), tom=("teams",), grace=BOTH
    ),
}
_FIRST: dict[str, tuple[Stored, Mapping[str, str]]] = {}


async def played(name: str, folder: Path) -> tuple[Stored, Mapping[str, str]]:
    """What a world stores, and what stands in its channels. The first world is played once and kept."""
    if name in _FIRST:
        return _FIRST[name]
    async with WORLDS[name](folder) as world:
        await play(world)
        told = await read_stored(world), world.channels()
    if name == "slack":
        _FIRST[name] = told
    return told


@pytest.mark.parametrize("name", [name for name in WORLDS if name != "slack"])
async def test_what_is_stored_is_the_same(name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    expected, _ = await played("slack", tmp_path_factory.mktemp("slack"))
    stored, _ = await played(name, tmp_path)
    assert stored.differences(expected) == []


@pytest.mark.parametrize("name", [name for name in WORLDS if name != "slack"])
async def test_every_team_channel_shows_the_same(
    name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, expected = await played("slack", tmp_path_factory.mktemp("slack"))
    _, channels = await played(name, tmp_path)
    assert set(channels.values()) == set(expected.values())


async def test_the_visit_leaves_something_of_everything(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A comparison of nothing with nothing would be green."""
    stored, channels = await played("slack", tmp_path_factory.mktemp("slack"))
    assert {name for name, rows in stored.rows.items() if not rows} == set()
    assert len(stored.rows["findings"]) >= 9
    assert {"checkins.prompt", "destruction.request"} <= {row[1] for row in stored.rows["told"]}
    assert "session · Tuesday, day 1 of 4" in channels["slack"]
