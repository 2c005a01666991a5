"""`screen`: a visit's first morning with a web address, and browsers that know nothing yet."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.serve import web_application
from handlers.chat import Card
from tests.fieldwork.day import LONDON, Day, Somebody, a_day

PUBLIC = "https://baseroom.example.org"


@dataclass(frozen=True)
class Answer:
    status: int
    page: str
    headers: dict[str, str]
    content: bytes


class Browser:
    """A browser behind the public address: it keeps one cookie, and says where a press came from."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self._client = client
        self.cookie = ""
        self.attributes = ""

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path, {})

    async def post(self, path: str, origin: str = PUBLIC) -> Answer:
        return await self._ask("POST", path, {"Origin": origin})

    async def opens(self, link: str) -> Answer:
        """Follow a link as a person does: look at it, press the button, go where it leads."""
        path = link.removeprefix(PUBLIC)
        assert (await self.get(path)).status == 200
        answer = await self.post(path)
        return await self.get(answer.headers["Location"]) if answer.status == 303 else answer

    async def _ask(self, method: str, path: str, headers: dict[str, str]) -> Answer:
        sent = headers | ({"Cookie": self.cookie} if self.cookie else {})
        async with self._client.request(method, path, headers=sent, allow_redirects=False) as answer:
            if given := answer.headers.get("Set-Cookie"):
                self.cookie, _, self.attributes = given.partition(";")
            content = await answer.read()
            words = content.decode() if answer.content_type.startswith("text/") else ""
            return Answer(answer.status, words, dict(answer.headers), content)


@dataclass
class Screen:
    day: Day
    server: TestServer

    def browser(self) -> Browser:
        return Browser(self._client)

    async def begin(self) -> None:
        self._client = TestClient(self.server)

    async def end(self) -> None:
        await self._client.close()

    async def link_for(self, somebody: Somebody, words: str = "screen") -> str:
        await somebody.says(words)
        card = somebody.last.content
        assert isinstance(card, Card)
        return next(button.url for button in somebody.last.buttons if button.url)


@pytest.fixture
async def screen(tmp_path: Path) -> AsyncIterator[Screen]:
    start = datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)
    async with a_day(tmp_path, start=start, public_url=PUBLIC) as day:
        await day.open_challenge()
        async with TestServer(web_application(day.app, ())) as server:
            screen = Screen(day, server)
            await screen.begin()
            yield screen
            await screen.end()
