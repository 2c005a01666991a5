"""`life_on`: two visits lived once on a platform. `town_of`: a copy of one of their moments, to press on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.completeness.town import Life, Town, live, town_at


@pytest.fixture(scope="session")
def life_on(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Life]:
    @cache
    def lived(home: str) -> Life:
        return asyncio.run(live(tmp_path_factory.mktemp("life"), home))

    return lived


@pytest.fixture
def home() -> str:
    """The platform where everybody is; a test may be given another."""
    return "slack"


@pytest.fixture
def life(life_on: Callable[[str], Life], home: str) -> Life:
    return life_on(home)


@pytest.fixture
async def town_of(life: Life, tmp_path: Path) -> AsyncIterator[Callable[[str], Awaitable[Town]]]:
    async with AsyncExitStack() as stack:

        async def enter(stage: str) -> Town:
            folder = tmp_path / stage
            folder.mkdir()
            return await stack.enter_async_context(town_at(life, stage, folder))

        yield enter
