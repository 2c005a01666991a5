"""The clock that can be moved: everything that falls due on the way happens, in order."""

import pytest

from bot.web.hands import Move
from tests.rehearsal.visit import Visit


async def test_the_next_session_is_posted_at_its_minute(visit: Visit) -> None:
    before = len(await visit.ruth.messages("team"))
    answer = await visit.ruth.posts("clock", move="next_session")
    assert (await answer.json())["now"] == "2026-11-25T10:45:00+00:00"
    assert len(await visit.ruth.messages("team")) > before
    assert "10:45" in (await visit.ruth.last("team")).words


async def test_the_end_of_the_day_is_reached_by_way_of_everything_before_it(visit: Visit) -> None:
    await visit.ruth.posts("clock", move="end_of_day")
    seen = await visit.ruth.sees("team")
    assert [seen.index(f" {wall} ") for wall in ("10:45", "13:00", "16:15")]
    assert "Wed 25 Nov 2026, 19:00" in await visit.ruth.page("team")


@pytest.mark.parametrize("move", list(Move))
async def test_every_move_goes_forward(visit: Visit, move: Move) -> None:
    before = visit.room.clock.now()
    await visit.ruth.posts("clock", move=move.value)
    assert visit.ruth.trouble == ""
    assert visit.room.clock.now() > before


async def test_the_clock_can_be_set_and_never_back(visit: Visit) -> None:
    await visit.ruth.posts("clock", to="2026-11-27T14:30")
    assert "Fri 27 Nov 2026, 14:30" in await visit.ruth.page("team")
    await visit.ruth.posts("clock", to="2026-11-26T09:00")
    assert visit.ruth.trouble == "The clock only goes forward. To go back, start the visit again."


@pytest.mark.parametrize("asked", [{"move": "sideways"}, {"to": "noon"}, {}])
async def test_what_the_clock_cannot_do_is_said(visit: Visit, asked: dict[str, str]) -> None:
    await visit.ruth.posts("clock", **asked)
    assert visit.ruth.trouble == "That could not be read."


async def test_there_is_no_next_session_after_the_visit(visit: Visit) -> None:
    await visit.ruth.posts("clock", to="2026-11-29T09:00")
    await visit.ruth.posts("clock", move="next_session")
    assert visit.ruth.trouble == "There is nothing of that kind ahead."
