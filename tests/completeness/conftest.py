"""`life`: two visits lived once for the whole session. `town_of`: a copy of one of its moments, to press on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.completeness.town import Life, Town, live, town_at


@pytest.fixture(scope="session")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return asyncio.run(live(tmp_path_factory.mktemp("life")))


@pytest.fixture
async def town_of(life: Life, tmp_path: Path) -> AsyncIterator[Callable[[str], Awaitable[Town]]]:
    async with AsyncExitStack() as stack:

        async def enter(stage: str) -> Town:
            folder = tmp_path / stage
            folder.mkdir()
            return await stack.enter_async_context(town_at(life, stage, folder))

        yield enter
