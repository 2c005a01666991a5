"""Buttons, forms and the menus of messages in the rehearsal room."""

from datetime import date
from http import HTTPStatus

from tests.rehearsal.visit import Visit


async def test_a_button_changes_the_theme_and_the_receipt_follows(visit: Visit) -> None:
    await visit.tom.says("The board reads the risk register")
    assert "unsorted" in (await visit.tom.last()).words
    await visit.tom.presses("Vision")
    assert "saved · Vision" in (await visit.tom.last()).words


async def test_a_form_comes_back_as_it_was_typed_and_is_then_taken(visit: Visit) -> None:
    await visit.mina.posts("again", **{"with": "nothing"})
    await visit.mina.says("/challenge new")
    assert "Set up a challenge" in visit.mina.form
    await visit.mina.sends(host="<b>Otherton</b> ICS", framework="local_system", days="whenever suits")
    assert 'aria-invalid="true"' in visit.mina.form
    assert "whenever suits" in visit.mina.form
    assert "&lt;b&gt;Otherton&lt;/b&gt; ICS" in visit.mina.form
    await visit.mina.sends(days="24 to 27 Nov 2026")
    assert "2026" in visit.mina.form, "its next page shows back what was understood"
    await visit.mina.sends()
    challenge = await visit.room.challenge()
    assert challenge
    assert (challenge.first_day, challenge.last_day) == (date(2026, 11, 24), date(2026, 11, 27))
    assert "days before the visit" in await visit.mina.page("dm")


async def test_a_team_is_set_up_from_nothing_and_its_channel_bound(visit: Visit) -> None:
    await visit.mina.posts("again", **{"with": "nothing"})
    await visit.mina.says("/challenge new Otherton ICS, local system, 24 to 27 Nov 2026")
    if visit.mina.form:
        await visit.mina.sends()
    assert await visit.room.challenge()
    await visit.mina.says("/challenge here", to="team")
    assert "only you can see this" in (await visit.mina.last("team")).words


async def test_the_same_form_is_taken_once(visit: Visit) -> None:
    await visit.tom.says("/finding")
    first = visit.tom.token
    before = await _count(visit)
    await visit.tom.sends(text="Heard once #vision")
    assert await _count(visit) == before + 1
    visit.tom.token = first
    answer = await visit.client.post(f"/as/tom/form/{first}", data={"field:text": "Heard once"}, headers=visit.own)
    assert answer.status == HTTPStatus.NOT_FOUND
    assert "open the form again" in (await answer.json())["error"]
    assert await _count(visit) == before + 1


async def test_a_message_of_the_channel_is_logged_for_its_author_by_a_shortcut(visit: Visit) -> None:
    await visit.grace.says("Practices share one recruitment drive", to="team")
    said = await visit.tom.message("recruitment drive", "team")
    before = await _count(visit)
    await visit.tom.posts("point", message=said.id, shortcut="findings.log")
    assert await _count(visit) == before + 1
    wall = await visit.room.wall()
    assert wall
    assert wall.initials[wall.findings[-1].author_id] == "GM"


async def test_a_pushpin_on_ones_own_message_logs_it(visit: Visit) -> None:
    await visit.grace.says("Practices share one recruitment drive", to="team")
    said = await visit.grace.message("recruitment drive", "team")
    before = await _count(visit)
    await visit.grace.posts("pin", message=said.id)
    assert await _count(visit) == before + 1
    assert 'aria-label="pinned"' in (await visit.tom.message("recruitment drive", "team")).html


async def test_baserooms_own_posts_cannot_be_logged(visit: Visit) -> None:
    post = await visit.tom.message("saved")
    await visit.tom.posts("point", message=post.id, shortcut="findings.log")
    assert "choose a message that somebody wrote" in visit.tom.trouble


async def test_a_button_that_nobody_offers_is_answered_in_a_sentence(visit: Visit) -> None:
    post = await visit.tom.message("saved")
    before = len(await visit.tom.messages("dm"))
    await visit.tom.posts("press", message=post.id, action="nothing.of_the_kind", value="")
    assert len(await visit.tom.messages("dm")) == before + 1


async def test_a_document_is_handed_over_to_the_one_who_asked(visit: Visit) -> None:
    await visit.mina.says("/challenge export")
    post = await visit.mina.last()
    answer = await visit.client.get(f"/as/mina/file/{post.id}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert (await answer.read())[:2] == b"PK"
    assert (await visit.client.get(f"/as/tom/file/{post.id}")).status == HTTPStatus.NOT_FOUND


async def _count(visit: Visit) -> int:
    wall = await visit.room.wall()
    assert wall
    return len(wall.findings)
