"""What people say in the rehearsal room, and what they see of it."""

from http import HTTPStatus
from pathlib import Path

from bot.web.opening import ROOM
from tests.rehearsal.visit import Visit


async def test_the_first_page_is_alive(visit: Visit) -> None:
    page = await (await visit.client.get("/")).text()
    assert "Priya Nair" in page
    assert "Wed 25 Nov 2026, 10:24" in page
    assert "day 2 of 4" in page
    assert "saved" in await visit.priya.sees("dm")


async def test_a_finding_is_saved_and_its_receipt_appears(visit: Visit) -> None:
    await visit.priya.says("Partners share one plan #vision")
    assert "saved · Vision" in (await visit.priya.last()).words


async def test_nobody_sees_the_direct_messages_of_another(visit: Visit) -> None:
    await visit.priya.says("The canary sang in the committee room")
    assert "canary" not in await visit.tom.sees("dm")
    answer = await visit.tom.posts("say", conversation="dm-priya", words="It is me, Priya")
    assert answer.status == HTTPStatus.NOT_FOUND
    canary = await visit.priya.message("canary")
    assert (await visit.tom.posts("pin", message=canary.id)).status == HTTPStatus.NOT_FOUND


async def test_talk_in_the_team_channel_is_not_logged_and_what_names_baseroom_is(visit: Visit) -> None:
    before = len(await _findings(visit))
    await visit.tom.says("The car park is full", to="team")
    assert len(await _findings(visit)) == before
    await visit.tom.says("@Baseroom Partners share one plan #vision", to="team")
    assert (await _findings(visit))[-1].startswith("Partners share one plan")
    assert "The car park is full" in await visit.grace.sees("team")


async def test_an_edit_is_followed_and_shown(visit: Visit) -> None:
    await visit.priya.says("Partners share one plan #vision")
    said = await visit.priya.message("one plan")
    await visit.priya.posts("edit", message=said.id, words="Partners share one plan and one budget #vision")
    assert "edited" in (await visit.priya.message("one budget")).words
    assert "one budget" in (await _findings(visit))[-1]


async def test_deleting_a_message_withdraws_its_finding(visit: Visit) -> None:
    before = len(await _findings(visit))
    await visit.priya.says("Partners share one plan #vision")
    said = await visit.priya.message("one plan")
    await visit.priya.posts("delete", message=said.id)
    assert len(await _findings(visit)) == before
    assert "Partners share one plan" not in await visit.priya.page("dm")


async def test_only_the_author_can_change_or_delete_a_message(visit: Visit) -> None:
    await visit.tom.says("The car park is full", to="team")
    said = await visit.tom.message("car park", "team")
    assert (await visit.grace.posts("edit", message=said.id, words="It is empty")).status == HTTPStatus.FORBIDDEN
    assert "Only the person who wrote" in visit.grace.trouble
    assert (await visit.grace.posts("delete", message=said.id)).status == HTTPStatus.FORBIDDEN
    assert "The car park is full" in await visit.grace.sees("team")


async def test_a_reply_stands_under_what_it_answers(visit: Visit) -> None:
    await visit.tom.says("Who has the key?", to="team")
    asked = await visit.tom.message("Who has the key?", "team")
    await visit.grace.says("I have", to="team", thread=asked.id)
    answered = await visit.tom.message("I have", "team")
    await visit.tom.says("Bring it, please", to="team", thread=answered.id)
    page = await visit.jo.page("team")
    replies = page[page.index(f'id="m-{asked.id}"') :].split('class="replies"')[1:]
    assert "I have" in replies[0]
    async with visit.room.app.database.reading() as uow:
        reply = (await uow.rehearsal.in_conversation("team", "jo"))[-1]
    assert (reply.body, reply.thread) == ("Bring it, please", asked.id)


async def test_a_slash_command_is_answered_in_words(visit: Visit) -> None:
    await visit.priya.says("/baseroom help")
    assert "Baseroom" in (await visit.priya.last()).words


async def test_an_answer_in_the_channel_is_for_the_one_who_asked(visit: Visit) -> None:
    await visit.priya.says("/baseroom help", to="team")
    assert "only you can see this" in (await visit.priya.last("team")).words
    assert "only you can see this" not in await visit.tom.sees("team")


async def test_words_are_only_ever_words(visit: Visit) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \ud800 \0 & "quoted"'
    await visit.priya.says(hostile)
    page = await visit.priya.page("dm")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "<script>alert" not in await visit.priya.page("wall")


async def test_nothing_and_too_much_are_refused_in_a_sentence(visit: Visit) -> None:
    await visit.priya.says("   ")
    assert visit.priya.trouble == "Write something first."
    await visit.priya.says("a" * 40_001)
    assert visit.priya.trouble == "That is too long for one message: 40,000 characters at most."


async def test_what_was_taken_back_cannot_be_touched_again(visit: Visit) -> None:
    await visit.tom.says("The car park is full", to="team")
    said = await visit.tom.message("car park", "team")
    await visit.tom.posts("delete", message=said.id)
    await visit.tom.posts("edit", message=said.id, words="It is empty")
    assert visit.tom.trouble == "That is not there any more. Reload the page to see what is."


async def test_words_stand_nowhere_in_clear(visit: Visit, tmp_path: Path) -> None:
    await visit.priya.says("The canary sang in the committee room")
    written = {path.name: path.read_bytes() for path in (tmp_path / ROOM).iterdir()}
    assert "baseroom.db" in written
    assert [name for name, content in written.items() if b"canary" in content] == []


async def _findings(visit: Visit) -> list[str]:
    wall = await visit.room.wall()
    assert wall
    return [finding.text for finding in wall.findings]
