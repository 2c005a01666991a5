"""A post of which nobody can tell whether it arrived: the manager is asked, and nothing is sent twice unasked."""

import pytest

from bot.ports import BLOCKED, Refused, Unsure
from handlers.desk import Desk
from storage.records import Address, Intent
from tests.fieldwork.day import Day
from tests.fieldwork.platform import Shown


@pytest.fixture
def keyless(day: Day) -> Day:
    """A day on a platform that keeps no keys, as Teams is."""
    day.platform.keeps_keys = False
    return day


async def a_doubtful_session(day: Day) -> None:
    await day.priya.says("Partners share one plan #vision")
    await day.pass_time(minutes=5)
    day.platform.raises = [Unsure("timeout")]
    await day.clock_strikes("10:45")
    await day.pass_time(minutes=1)


def sessions_in(day: Day) -> list[Shown]:
    return [post for post in day.team_channel.posts if "10:45 session" in post.words]


async def tell_priya(day: Day) -> None:
    """Something for her personally, of which the platform says what `raises` holds."""
    assert day.challenge
    async with day.app.database.begin() as uow:
        desk = Desk(uow, day.now, day.app.house)
        news = Intent("notice", Address("", ""), params={"text": "Your interview has moved."})
        await desk.send_to(day.challenge, day.members["priya"], news)
        await uow.commit()
    await day.settle()


async def test_the_manager_is_asked_whether_it_appeared(keyless: Day) -> None:
    await a_doubtful_session(keyless)
    assert "Did this appear?" in keyless.mina.sees
    assert "At 10:45 I sent" in keyless.mina.sees
    assert "to the team channel in Slack" in keyless.mina.sees
    assert len([post for post in keyless.mina.posts if "Did this appear?" in post.words]) == 1
    assert sessions_in(keyless) == []


async def test_what_appeared_is_not_posted_again(keyless: Day) -> None:
    await a_doubtful_session(keyless)
    await keyless.mina.presses("It appeared")
    await keyless.pass_time(minutes=1)
    assert "Noted: it appeared." in keyless.mina.last.words
    assert [button.label for button in keyless.mina.last.buttons] == []
    assert sessions_in(keyless) == []


async def test_what_did_not_appear_is_posted_once_more(keyless: Day) -> None:
    await a_doubtful_session(keyless)
    await keyless.mina.presses("Post it again")
    assert len(sessions_in(keyless)) == 1
    assert "posted again" in keyless.mina.last.words


async def test_the_second_answer_is_refused(keyless: Day) -> None:
    await a_doubtful_session(keyless)
    button = keyless.mina.last.button("It appeared")
    await keyless.mina.presses("Post it again")
    await keyless.mina.presses_action("arrivals.appeared", button.value)
    assert "already said what became of that post" in keyless.mina.sees
    assert len(sessions_in(keyless)) == 1


async def test_nobody_but_the_manager_answers(keyless: Day) -> None:
    await a_doubtful_session(keyless)
    value = keyless.mina.last.button("Post it again").value
    await keyless.tom.presses_action("arrivals.post_again", value)
    assert sessions_in(keyless) == []


async def test_a_receipt_in_doubt_is_asked_about_by_name_and_without_its_words(keyless: Day) -> None:
    keyless.platform.raises = [Unsure("timeout")]
    await keyless.priya.says("Partners share one plan #vision")
    await keyless.pass_time(minutes=1)
    assert "to Priya Nair in Slack" in keyless.mina.sees
    assert "Partners share" not in keyless.mina.sees


async def test_a_question_whose_own_arrival_is_unknown_stands_on_the_home_page(keyless: Day) -> None:
    await keyless.priya.says("Partners share one plan #vision")
    await keyless.pass_time(minutes=5)
    keyless.platform.raises = [Unsure("timeout")]
    await keyless.clock_strikes("10:45")
    keyless.platform.raises = [Unsure("timeout")]
    await keyless.pass_time(minutes=1)
    await keyless.pass_time(minutes=1)
    assert keyless.platform.raises == []
    await keyless.mina.types("home")
    assert "heard nothing back" in keyless.mina.sees
    await keyless.mina.presses("Post it again")
    assert len(sessions_in(keyless)) == 1


async def test_the_pages_after_a_post_in_doubt_are_not_lost(keyless: Day) -> None:
    pages = keyless.platform.pages
    keyless.platform.pages = lambda content: (*pages(content), *pages(content))  # type: ignore[method-assign]  # each post now has two pages
    keyless.platform.raises = [Unsure("timeout")]
    await keyless.priya.says("Partners share one plan #vision")
    await keyless.pass_time(minutes=1)
    before = len(keyless.priya.posts)
    await keyless.mina.presses("It appeared")
    assert len(keyless.priya.posts) == before + 1


async def test_somebody_who_has_blocked_baseroom_is_noticed_and_their_manager_told_once(day: Day) -> None:
    day.platform.raises = [Refused(BLOCKED)]
    await tell_priya(day)
    day.platform.raises = [Refused(BLOCKED)]
    await tell_priya(day)
    (told,) = [post for post in day.mina.posts if "removed or blocked me" in post.words]
    assert "Priya Nair" in told.words


async def test_who_can_be_written_to_again_is_noticed_anew_when_they_block_again(day: Day) -> None:
    for _ in range(2):
        day.platform.raises = [Refused(BLOCKED)]
        await tell_priya(day)
        await tell_priya(day)
    assert len([post for post in day.mina.posts if "removed or blocked me" in post.words]) == 2
