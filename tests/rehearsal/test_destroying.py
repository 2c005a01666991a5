"""A team may practise the end as well: the sample visit is destroyed, and its certificate read."""

from datetime import timedelta

from bot.web.room import Room
from tests.rehearsal.visit import Visit, Window

HOST = "Anyshire Health and Care Partnership"


async def asks_for_it(mina: Window) -> None:
    await mina.says("/baseroom challenge destroy")
    assert "This cannot be undone" in mina.form
    await mina.sends(host=HOST, reason="We have practised enough")


async def test_two_people_destroy_the_sample_visit(visit: Visit, room: Room) -> None:
    await asks_for_it(visit.mina)
    await visit.ruth.presses("Read and confirm")
    await visit.ruth.sends(host=HOST)
    await room.move_to(room.clock.now() + timedelta(minutes=10))
    seen = await visit.mina.sees("dm")
    assert "Certificate of destruction · Anyshire Health and Care Partnership" in seen
    assert "certificate of destruction 2026-11-25.docx" in seen
    assert "saved" not in await visit.priya.sees("dm")
    assert await room.challenge() is None
    await visit.priya.says("Partners share one plan #vision")
    assert "not on a peer challenge" in (await visit.priya.last()).words
