"""Open windows: what one person does, the others see at once."""

import json

from aiohttp import ClientWebSocketResponse

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


async def test_a_moved_clock_is_told(visit: Visit) -> None:
    window = await _opens(visit, "tom")
    await visit.ruth.posts("clock", move="ten_minutes")
    await _hears(window, "clock")


async def test_a_window_that_goes_away_costs_nothing(visit: Visit) -> None:
    window = await _opens(visit, "tom")
    await window.close()
    await visit.priya.says("The car park is full", to="team")
    assert "car park" in await visit.tom.sees("team")
