"""How the rehearsal room opens: alive at first, then as it was left, and anew when somebody wants it."""

import asyncio
import os
from pathlib import Path

import pytest

from bot.settings import read_settings
from bot.web.guard import OpenToTheNetwork
from bot.web.opening import IN_THE_MAKING, ROOM, AddressTaken, run_rehearsal
from bot.web.room import Opened
from storage.errors import DatabaseInUse
from storage.lock import only_process
from storage.records import OutboxState
from tests.rehearsal.conftest import premises
from tests.rehearsal.visit import Visit


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_the_sample_visit_is_what_a_second_morning_looks_like(visit: Visit) -> None:
    wall = await visit.room.wall()
    assert wall
    assert 40 <= len(wall.findings) <= 50
    assert len({finding.author_id for finding in wall.findings}) == 7
    assert any(not finding.theme_ids for finding in wall.findings)
    value = next(theme for theme in wall.themes if theme.short == "Added value")
    assert len({finding.author_id for finding in wall.findings if value.id in finding.theme_ids}) == 1


async def test_nothing_of_the_sample_was_lost_on_its_way(visit: Visit) -> None:
    async with visit.room.app.database.reading() as uow:
        waiting = await uow.outbox.next_due_at(visit.room.clock.now())
        assert waiting is None or waiting > visit.room.clock.now()
        stuck = await uow.outbox.in_state(OutboxState.SENDING, OutboxState.UNSURE, OutboxState.PARKED)
    assert [row.intent.kind for row in stuck] == []


async def test_the_room_goes_on_where_it_was_left(visit: Visit, tmp_path: Path) -> None:
    await visit.priya.says("Partners share one plan #vision")
    await visit.ruth.posts("clock", move="ten_minutes")
    await visit.room.close()
    again = await premises(tmp_path).open()
    assert again.clock.now().isoformat() == "2026-11-25T10:34:00+00:00"
    wall = await again.wall()
    assert wall
    assert wall.findings[-1].text.startswith("Partners share one plan")
    visit.room.app, visit.room.clock = again.app, again.clock


async def test_starting_again_forgets_everything(visit: Visit) -> None:
    await visit.priya.says("The canary sang in the committee room")
    await visit.ruth.posts("clock", move="end_of_day")
    await visit.ruth.posts("again", **{"with": "sample"})
    assert "canary" not in await visit.priya.sees("dm")
    assert "Wed 25 Nov 2026, 10:24" in await visit.priya.page("dm")


async def test_starting_with_nothing_leaves_the_manager_to_set_up(visit: Visit) -> None:
    await visit.mina.posts("again", **{"with": "nothing"})
    page = await visit.mina.page("wall")
    assert "There is no challenge yet" in page
    assert "No challenge yet" in page
    assert await visit.mina.messages("dm") == []
    assert "/challenge new" in await visit.mina.page("dm")
    await visit.priya.says("hello")
    assert len(await visit.priya.messages("dm")) == 2


async def test_when_a_new_visit_cannot_be_made_the_old_one_is_open_again(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_space(*, sample: bool) -> Opened:
        raise OSError(28, "No space left on device")

    await visit.priya.says("The canary sang in the committee room")
    monkeypatch.setattr(visit.room, "open_anew", no_space)
    with pytest.raises(OSError, match="No space"):
        await visit.room.start_again(sample=True)
    await asyncio.wait_for(visit.room.until_open(), 1)
    assert "canary" in await visit.priya.sees("dm")


async def test_a_visit_that_was_not_finished_being_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / IN_THE_MAKING).mkdir()
    (tmp_path / IN_THE_MAKING / "baseroom.db").write_text("half a visit")
    room = await premises(tmp_path).open()
    assert await room.wall()
    assert names_in(tmp_path) == [ROOM]
    await room.close()


async def test_a_host_that_others_can_reach_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(OpenToTheNetwork):
        await run_rehearsal(read_settings(), host="0.0.0.0", port=0, folder=tmp_path)
    assert names_in(tmp_path) == []


async def test_a_port_in_use_is_named_before_anything_is_made(visit: Visit, tmp_path: Path) -> None:
    taken = visit.client.make_url("/").port
    await visit.room.close()
    with pytest.raises(AddressTaken, match=f"port {taken}"):
        await run_rehearsal(read_settings(), host="127.0.0.1", port=taken or 0, folder=tmp_path / "elsewhere")
    assert names_in(tmp_path) == [ROOM]
    await visit.room.open()


async def test_a_folder_in_which_another_process_rehearses_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    said = rf"process {os.getpid()}\).*rehearsal room in another window.*Stop it first"
    with only_process(f"sqlite:///{tmp_path / ROOM}"), pytest.raises(DatabaseInUse, match=said):
        await asyncio.wait_for(run_rehearsal(read_settings(), host="127.0.0.1", port=0, folder=tmp_path), 20)
    assert names_in(tmp_path) == [f"{ROOM}.lock"]
