"""Open windows: what one person does, the others see at once."""

import json
import re
from collections.abc import Awaitable

from aiohttp import ClientWebSocketResponse

from bot.web.live import KEPT, WallChanged
from tests.rehearsal.visit import Visit


async def _opens(visit: Visit, who: str) -> ClientWebSocketResponse:
    return await visit.client.ws_connect(f"/as/{who}/live", headers=visit.own)


async def _hears(window: ClientWebSocketResponse, kind: str) -> dict[str, str]:
    """The next news of that kind."""
    while True:
        news: dict[str, str] = json.loads(await window.receive_str(timeout=5))
        if news["kind"] == kind:
            return news


async def test_a_message_in_the_channel_reaches_every_window(visit: Visit) -> None:
    window = await _opens(visit, "tom")
    await visit.priya.says("The car park is full", to="team")
    news = await _hears(window, "message")
    assert news["conversation"] == "team"
    assert "The car park is full" in news["html"]


async def test_a_receipt_reaches_its_own_window_and_no_words_reach_another(visit: Visit) -> None:
    own, other = await _opens(visit, "priya"), await _opens(visit, "tom")
    await visit.priya.says("The canary sang #vision")
    assert "canary" in (await _hears(own, "message"))["html"]
    assert "saved" in (await _hears(own, "message"))["html"]
    assert await _hears(other, "elsewhere") == {"kind": "elsewhere", "person": "priya"}


async def test_only_the_author_is_offered_to_edit(visit: Visit) -> None:
    own, other = await _opens(visit, "priya"), await _opens(visit, "tom")
    await visit.priya.says("The car park is full", to="team")
    assert 'data-do="edit"' in (await _hears(own, "message"))["html"]
    assert 'data-do="edit"' not in (await _hears(other, "message"))["html"]


async def test_what_is_taken_back_goes_from_every_window(visit: Visit) -> None:
    window = await _opens(visit, "tom")
    await visit.priya.says("The car park is full", to="team")
    said = (await _hears(window, "message"))["id"]
    await visit.priya.posts("delete", message=said)
    assert (await _hears(window, "gone"))["id"] == said


async def _opens_page(visit: Visit, who: str, view: str, *, meanwhile: Awaitable[object]) -> ClientWebSocketResponse:
    """As a browser does: the page first, and then its window, by the address that the page names."""
    page = await visit.windows[who].page(view)
    await meanwhile
    heard = re.search(r'data-heard="(\w+)"', page)
    assert heard
    return await visit.client.ws_connect(f"/as/{who}/live?heard={heard[1]}", headers=visit.own)


async def test_what_is_said_between_the_page_and_its_window_is_told(visit: Visit) -> None:
    await visit.priya.says("Said before the page", to="team")
    said = visit.priya.says("The car park is full", to="team")
    window = await _opens_page(visit, "tom", "team", meanwhile=said)
    assert "The car park is full" in (await _hears(window, "message"))["html"]


async def test_what_is_taken_back_between_the_page_and_its_window_goes(visit: Visit) -> None:
    await visit.priya.says("The car park is full", to="team")
    said = (await visit.priya.last("team")).id
    taken_back = visit.priya.posts("delete", message=said)
    window = await _opens_page(visit, "tom", "team", meanwhile=taken_back)
    assert (await _hears(window, "gone"))["id"] == said


async def test_a_page_that_has_missed_more_than_is_kept_loads_again(visit: Visit) -> None:
    window = await _opens_page(visit, "tom", "team", meanwhile=_much_is_said(visit))
    assert json.loads(await window.receive_str(timeout=5)) == {"kind": "again"}


async def test_a_page_of_another_room_loads_again(visit: Visit) -> None:
    window = await visit.client.ws_connect("/as/tom/live?heard=12", headers=visit.own)
    assert json.loads(await window.receive_str(timeout=5)) == {"kind": "again"}


async def _much_is_said(visit: Visit) -> None:
    for _ in range(KEPT + 1):
        visit.room.bulletin.publish(WallChanged())


async def test_a_moved_clock_is_told(visit: Visit) -> None:
    window = await _opens(visit, "tom")
    await visit.ruth.posts("clock", move="ten_minutes")
    await _hears(window, "clock")


async def test_a_window_that_goes_away_costs_nothing(visit: Visit) -> None:
    window = await _opens(visit, "tom")
    await window.close()
    await visit.priya.says("The car park is full", to="team")
    assert "car park" in await visit.tom.sees("team")
