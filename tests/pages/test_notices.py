"""What an IT officer and a data protection officer look for on the web."""

import re
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.pages.principles import PRINCIPLES, Principle
from bot.serve import web_application
from tests.fieldwork.day import a_day
from tests.pages.conftest import Screen

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/privacy", "Encrypted, with a key for each challenge"),
        ("/terms", "not an emergency service"),
        ("/data-protection", "Storage limitation"),
    ],
)
async def test_the_notices_can_be_read_by_anybody(screen: Screen, path: str, says: str) -> None:
    answer = await screen.browser().get(path)
    assert answer.status == 200
    assert says in answer.page


@pytest.mark.parametrize("principle", PRINCIPLES, ids=lambda principle: principle.article)
def test_every_principle_names_tests_that_are_there(principle: Principle) -> None:
    assert principle.tests
    for named in principle.tests:
        path, _, test = named.partition("::")
        assert re.search(rf"def {test}\(", (TESTS / path).read_text(encoding="utf-8")), named


def test_every_principle_of_article_5_is_there() -> None:
    articles = " ".join(principle.article for principle in PRINCIPLES)
    for article in ("5(1)(a)", "5(1)(b)", "5(1)(c)", "5(1)(d)", "5(1)(e)", "5(1)(f)", "5(2)"):
        assert article in articles


async def test_a_server_has_pages_only_where_people_can_reach_it(screen: Screen, tmp_path: Path) -> None:
    async with TestClient(TestServer(web_application(screen.day.app, []))) as served:
        assert (await served.get("/privacy")).status == 200
    (tmp_path / "indoors").mkdir()
    async with (
        a_day(tmp_path / "indoors", start=screen.day.now) as indoors,
        TestClient(TestServer(web_application(indoors.app, []))) as served,
    ):
        assert (await served.get("/privacy")).status == 404
