"""The manager sends a check-in, sees who is missing, reminds them, reads the answers and closes it."""

from datetime import date
from typing import Any

import pytest

from bot.ports import Refused
from handlers.chat import File, Form
from storage.records import CheckIn, CheckInReply
from tests.fieldwork.checkins.conftest import send
from tests.fieldwork.day import STRANGER, Day, Somebody
from tests.fieldwork.linking.conftest import link

PEERS = ("ruth", "priya", "tom", "aled", "grace", "jo")
FIRST_IMPRESSIONS = "What are your first impressions from the pre-reading?"


async def check_in_of(day: Day) -> CheckIn:
    assert day.challenge
    async with day.app.database.reading() as uow:
        found = await uow.checkins.newest(day.challenge.id)
    assert found
    return found


async def reply_of(day: Day, handle: str) -> CheckInReply:
    async with day.app.database.reading() as uow:
        return await uow.checkins.reply_of(await check_in_of(day), day.members[handle].id)


async def answer(day: Day, who: Somebody, **changed: Any) -> None:
    await who.presses("Answer")
    values: dict[str, Any] = {"initial_perceptions": "Thin on finance", "call_time": "Thursday 4 pm"}
    await who.sends(**(values | changed))
    assert not day.people[who.handle].errors


async def test_the_framework_asks_and_its_usual_date_is_proposed(before: Day) -> None:
    form = await before.mina.types("checkin send")
    assert isinstance(form, Form)
    held = {field.name: getattr(field, "value", "") for field in form.fields}
    assert FIRST_IMPRESSIONS in held["questions"]
    assert held["by"] == "Friday 20 November 2026 at 17:00"


async def test_what_is_understood_is_shown_back_before_anything_is_sent(before: Day) -> None:
    await before.mina.types("checkin send")
    form = await before.mina.sends(by="Friday", questions=f"{FIRST_IMPRESSIONS}\n- Will you drive?")
    assert isinstance(form, Form)
    words = " ".join(getattr(part, "plain", "") for part in form.parts)
    assert "2 questions to 6 peers, to be answered by Friday 20 November at 17:00" in words
    assert not before.priya.posts
    await before.mina.sends()
    asked = await check_in_of(before)
    assert [(one.key, one.required) for one in asked.questions] == [("initial_perceptions", True), ("own_2", False)]
    assert "Will you drive?" in before.priya.last.words


async def test_a_change_on_the_second_page_is_shown_back_again(before: Day) -> None:
    await before.mina.types("checkin send")
    await before.mina.sends(by="Friday")
    assert isinstance(await before.mina.sends(by="Thursday"), Form)
    assert not before.priya.posts
    await before.mina.sends()
    assert "Thursday 19 November at 17:00" in before.priya.last.words


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("by", "31 Nov", "November 2026 has 30 days"),
        ("by", "24 Nov", "The visit begins on 24 November"),
        ("by", "9 November 2026", "That has passed"),
        ("by", "4 to 6 Dec", "Give one day"),
        ("questions", "  \n ", "Ask at least one question"),
        ("questions", "?" * 301, "Question 1 has 301 characters"),
        ("questions", "\n".join(f"Question {n}" for n in range(31)), "31 questions are more"),
    ],
)
async def test_what_cannot_be_read_is_said_beside_it(before: Day, field: str, typed: str, said: str) -> None:
    await before.mina.types("checkin send")
    changed: dict[str, Any] = {field: typed}
    await before.mina.sends(**changed)
    assert said in before.mina.errors[field]
    assert not before.priya.posts


async def test_each_peer_is_asked_by_direct_message_and_the_manager_is_not(sent: Day) -> None:
    for handle in PEERS:
        somebody = sent.people[handle]
        assert len(somebody.posts) == 1
        assert "Please answer by Friday 20 November at 17:00" in somebody.last.words
        assert FIRST_IMPRESSIONS in somebody.last.words
    assert "Please answer" not in sent.mina.sees
    assert "0 of 6 answered" in sent.mina.last.words
    assert not sent.team_channel.posts


async def test_the_same_form_sent_twice_sends_one_check_in(before: Day) -> None:
    await before.mina.types("checkin send")
    await before.mina.sends()
    ready = before.mina.form
    await before.mina.sends()
    before.mina.form = ready
    await before.mina.sends()
    assert "A check-in is out already" in before.mina.errors[""]
    assert len(before.priya.posts) == 1
    await before.mina.types("checkin send")
    assert "A check-in is out already" in before.mina.last.words


async def test_the_manager_sees_who_is_missing_and_the_card_follows(sent: Day) -> None:
    await answer(sent, sent.priya)
    assert "1 of 6 answered" in sent.mina.last.words
    missing = "Aled Pryce (AP), Grace Mbeki (GM), Jo Sandford (JS), Ruth Calder (RC), Tom Sutton (TS)"
    assert f"Missing: {missing}." in sent.mina.last.words
    assert "Priya" not in sent.mina.last.words
    assert "Sutton" not in sent.mina.last.content.notification


async def test_when_everybody_has_answered_the_manager_hears_of_it(sent: Day) -> None:
    before = len(sent.mina.posts)
    for handle in PEERS:
        await answer(sent, sent.people[handle])
    assert len(sent.mina.posts) == before + 1
    assert "6 of 6 answered" in sent.mina.last.words
    assert "Nobody is missing" in sent.mina.last.words


async def test_the_answers_are_read_in_one_place_by_question_and_by_peer(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.on(date(2026, 11, 22))
    await answer(sent, sent.tom, initial_perceptions="Strong on place")
    await sent.mina.says("checkin answers")
    assert "Priya Nair: Thin on finance" in sent.mina.last.words
    assert "Tom Sutton: Strong on place" in sent.mina.last.words
    await sent.mina.presses("By peer")
    assert f"{FIRST_IMPRESSIONS}\nStrong on place" in sent.mina.last.words
    assert "Tom Sutton (TS) · Sunday 22 November at 09:00 (late)" in sent.mina.last.words
    await sent.mina.says("checkin answers by peer")
    assert "[By question]" in sent.mina.last.words


async def test_answers_are_never_shown_in_a_channel(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.mina.says_in_channel("checkin answers")
    assert "Thin on finance" not in sent.team_channel.sees
    assert "I have answered in our direct messages" in sent.team_channel.sees
    assert "Thin on finance" in sent.mina.sees
    assert not any(isinstance(post.content, File) for post in sent.mina.posts)


async def test_only_those_missing_are_reminded_once_a_day_and_privately(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.on(date(2026, 11, 18), "11:00")
    assert "A reminder" in sent.tom.last.content.notification
    assert len(sent.tom.posts) == 2
    assert len(sent.priya.posts) == 1
    assert not sent.team_channel.posts
    await sent.mina.says("checkin remind")
    assert "Nobody was reminded" in sent.mina.last.words
    assert len(sent.tom.posts) == 2
    await sent.on(date(2026, 11, 22))
    assert len(sent.tom.posts) == 4
    assert len(sent.priya.posts) == 1


async def test_only_the_newest_of_several_reminders_can_be_answered(sent: Day) -> None:
    await sent.on(date(2026, 11, 21), "11:00")
    asked = sent.tom.posts
    assert [[button.label for button in post.buttons] for post in asked] == [
        [], [], [], ["Answer", "Remind me tomorrow"],
    ]  # fmt: skip
    for earlier in asked[:-1]:
        assert "I have asked again in a later message" in earlier.words
    await answer(sent, sent.tom)
    assert "You answered on" in sent.tom.last.words
    assert [post.id for post in sent.tom.posts] == [post.id for post in asked]


async def test_a_reminder_that_goes_to_the_other_platform_can_be_answered_there(sent: Day) -> None:
    sent.opens_on("teams")
    sent.people["tom_t"] = Somebody(sent, "tom_t", "Tom Sutton", platform="teams")
    await link(sent, "tom", "tom_t")
    await sent.pass_time(minutes=1)
    await sent.tom.presses("Remind me tomorrow")
    await sent.tom.says("hello")
    sent.platforms["slack"].raises.extend([Refused("blocked")] * 2)
    await sent.on(date(2026, 11, 17), "11:00")
    assert sent.platforms["slack"].raises == []
    assert [post.content.notification for post in sent.people["tom_t"].posts[-1:]] == ["A reminder of the check-in"]
    assert "Answer" in [button.label for button in sent.people["tom_t"].last.buttons]


async def test_a_prompt_with_another_date_takes_the_place_of_the_one_before(sent: Day) -> None:
    await sent.mina.says("checkin")
    await sent.mina.presses("Change")
    await sent.mina.sends(by="Sunday 22 November at noon")
    first, second = sent.tom.posts
    assert not first.buttons
    assert [button.label for button in second.buttons] == ["Answer", "Remind me tomorrow"]


async def test_the_manager_reminds_those_missing_now(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.mina.presses("Remind those missing")
    assert "Reminded 5, privately." in sent.mina.last.words
    assert len(sent.tom.posts) == 2
    await sent.mina.presses("Remind those missing")
    assert len(sent.tom.posts) == 2


async def test_a_check_in_sent_at_night_reaches_nobody_before_eight(before: Day) -> None:
    await before.clock_strikes("21:00")
    await send(before)
    assert not before.priya.posts
    await before.on(date(2026, 11, 17), "08:01")
    assert len(before.priya.posts) == 1


async def test_who_looks_for_it_at_night_gets_it_then_and_only_then(before: Day) -> None:
    await before.clock_strikes("21:00")
    await send(before)
    await before.priya.says("checkin")
    assert "Please answer by" in before.priya.last.words
    await before.on(date(2026, 11, 17), "09:00")
    assert len(before.priya.posts) == 1


async def test_somebody_removed_is_neither_reminded_nor_missing(sent: Day) -> None:
    async with sent.app.database.begin() as uow:
        await uow.members.set_removed(sent.members["tom"].id, sent.now)
        await uow.commit()
    await sent.on(date(2026, 11, 20), "11:00")
    assert len(sent.tom.posts) == 1
    await sent.mina.says("checkin")
    assert "0 of 5 answered" in sent.mina.last.words
    await sent.tom.presses("Answer")
    assert "You are not on a peer challenge" in sent.tom.last.words


async def test_somebody_who_joins_later_is_asked_too(sent: Day) -> None:
    await sent.mina.types("challenge team add", people=(sent.zed,))
    await sent.mina.sends(people=(sent.zed,), who=(STRANGER,))
    assert "Please answer by" in sent.zed.sees
    await sent.mina.says("checkin")
    assert "0 of 7 answered" in sent.mina.last.words


async def test_it_closes_by_itself_as_the_visit_begins(sent: Day) -> None:
    await sent.priya.presses("Answer")
    await sent.on(date(2026, 11, 24), "09:00")
    assert "It closed on Tuesday 24 November at 00:00" in sent.mina.sees
    assert "This check-in closed" in sent.priya.last.words
    assert "[Answer]" not in sent.priya.last.words
    await sent.priya.sends(initial_perceptions="Late", call_time="now")
    assert "This check-in is closed" in sent.priya.errors[""]


async def test_moved_days_move_the_close(sent: Day) -> None:
    await sent.mina.types("challenge dates 25 to 27 Nov 2026")
    await sent.mina.sends()
    await sent.on(date(2026, 11, 24), "09:00")
    assert (await check_in_of(sent)).closed_at is None
    await sent.on(date(2026, 11, 25), "09:00")
    assert (await check_in_of(sent)).closed_at is not None


async def test_the_manager_closes_it_and_opens_it_again(sent: Day) -> None:
    await sent.mina.says("checkin close")
    assert "It closed on" in sent.mina.last.words
    await sent.priya.presses_action("checkins.answer", f"{(await check_in_of(sent)).id}:{sent.members['priya'].id}")
    assert "This check-in is closed" in sent.priya.last.words
    await sent.mina.says("checkin remind")
    assert "Open it again before you remind" in sent.mina.last.words
    await sent.mina.presses("Open it again")
    await answer(sent, sent.priya)
    assert (await reply_of(sent, "priya")).answered_at


async def test_a_new_check_in_follows_a_closed_one(sent: Day) -> None:
    first = await check_in_of(sent)
    await sent.mina.presses("Close it")
    await sent.pass_time(minutes=1)
    await send(sent, title="One more thing", questions="Who drives?")
    assert (await check_in_of(sent)).title == "One more thing"
    await sent.mina.presses_action("checkins.reopen", first.id)
    assert "A newer check-in has been sent" in sent.mina.last.words


async def test_before_anything_is_sent_everybody_is_told_what_to_do(before: Day) -> None:
    await before.mina.says("checkin")
    assert "No check-in has been sent" in before.mina.last.words
    assert isinstance(await before.mina.presses("Send a check-in"), Form)
    for words in ("checkin answers", "checkin remind", "checkin close", "checkin calls"):
        await before.mina.says(words)
        assert "No check-in has been sent" in before.mina.last.words
    for words in ("checkin", "remind me tomorrow"):
        await before.priya.says(words)
        assert "There is no check-in to answer now" in before.priya.last.words


async def test_the_status_card_counts_who_has_not_answered_for_the_manager_alone(sent: Day) -> None:
    await sent.mina.says("challenge")
    assert "Check-in: 6 of 6 have not answered" in sent.mina.last.words
    await sent.priya.says("challenge")
    assert "have not answered" not in sent.priya.last.words


MANAGERS_BUTTONS = ("send", "read", "remind", "close", "reopen", "calls", "agree", "set_call")


@pytest.mark.parametrize("verb", MANAGERS_BUTTONS)
@pytest.mark.parametrize("who", ["ruth", "priya"])
async def test_only_the_manager_has_these_buttons(sent: Day, verb: str, who: str) -> None:
    asked, somebody = await check_in_of(sent), sent.people[who]
    assert sent.challenge
    values = {"send": sent.challenge.id, "read": f"{asked.id}:peer"}
    record = f"{asked.id}:{sent.members['tom'].id}"
    values |= {"agree": f"{record}|2026-11-19T16:00:00+00:00", "set_call": record}
    assert await somebody.presses_action(f"checkins.{verb}", values.get(verb, asked.id)) is None
    assert "Only the challenge manager can do that" in somebody.last.words
    assert await check_in_of(sent) == asked


@pytest.mark.parametrize("verb", [*MANAGERS_BUTTONS, "answer", "tomorrow", "accept", "suggest", "answer_with"])
async def test_a_stranger_and_an_old_card_get_a_sentence(sent: Day, verb: str) -> None:
    asked = await check_in_of(sent)
    record = f"{asked.id}:{sent.members['tom'].id}|2026-11-19T16:00:00+00:00"
    assert sent.challenge
    await sent.zed.presses_action(f"checkins.{verb}", {"send": sent.challenge.id}.get(verb, record))
    assert sent.zed.last.words.startswith(("You are not on a peer challenge", "That is no longer", "Those words"))
    for somebody in (sent.mina, sent.priya):
        await somebody.presses_action(f"checkins.{verb}", "gone|2026-11-19T16:00:00+00:00")
        assert any(said in somebody.last.words for said in ("no longer", "Only the challenge manager"))


@pytest.mark.parametrize("verb", ["send", "answers", "remind", "calls", "close"])
async def test_a_peers_managing_words_are_refused_and_offered_as_a_finding(sent: Day, verb: str) -> None:
    words = f"checkin {verb}"
    await sent.priya.says(words)
    assert "Only the challenge manager can do that" in sent.priya.last.words
    assert "[Log what I typed as a finding]" in sent.priya.last.words
    await sent.zed.types(words)
    assert "You are not on a peer challenge" in sent.zed.last.words
