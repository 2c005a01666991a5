"""`room`: the rehearsal room on its sample visit, its clock standing still. `visit`: the same over HTTP. `address`:
where a browser finds it.

The sample is made once and copied for each test.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.settings import read_settings
from bot.web.opening import ROOM, Premises
from bot.web.room import Room
from bot.web.wiring import rehearsal_application
from tests.rehearsal.visit import Visit


def premises(folder: Path) -> Premises:
    return Premises(read_settings(), folder, runs_like=None)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample visit in it."""
    folder = tmp_path_factory.mktemp("rehearsal")

    async def make() -> None:
        await (await premises(folder).open()).close()

    asyncio.run(make())
    return folder


@pytest.fixture
async def room(made: Path, tmp_path: Path) -> AsyncIterator[Room]:
    shutil.copytree(made / ROOM, tmp_path / ROOM)
    room = await premises(tmp_path).open()
    yield room
    await room.close()


@pytest.fixture
async def visit(room: Room) -> AsyncIterator[Visit]:
    async with TestClient(TestServer(rehearsal_application(room))) as client:
        yield Visit(room, client)


@pytest.fixture
async def address(room: Room) -> AsyncIterator[str]:
    async with TestServer(rehearsal_application(room)) as server:
        yield str(server.make_url("/")).rstrip("/")
