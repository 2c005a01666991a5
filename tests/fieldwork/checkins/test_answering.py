"""A peer answers a check-in: in the form, in plain words, tomorrow, and again."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.chat import Form
from tests.fieldwork.checkins.conftest import send
from tests.fieldwork.checkins.test_asking import FIRST_IMPRESSIONS, answer, check_in_of, reply_of
from tests.fieldwork.day import Day


async def test_an_answer_changes_the_card_in_its_place(sent: Day) -> None:
    await answer(sent, sent.priya)
    assert len(sent.priya.posts) == 1
    assert "You answered on Monday 16 November at 10:00. 2 of 8 questions answered." in sent.priya.last.words
    assert "[Answer]" not in sent.priya.last.words


async def test_what_was_answered_stands_in_the_form_to_be_changed(sent: Day) -> None:
    await answer(sent, sent.priya, pre_reading="All of it", timetable_read="Yes")
    await sent.pass_time(days=1)
    await sent.priya.presses("Change")
    await sent.priya.sends(initial_perceptions="Thick on finance after all")
    kept = await reply_of(sent, "priya")
    assert kept.answers["initial_perceptions"] == "Thick on finance after all"
    assert kept.answers["pre_reading"] == "All of it"
    assert kept.answers["call_time"] == "Thursday 19 November 2026 at 16:00"
    assert kept.version == 2


async def test_what_is_required_or_cannot_be_read_is_said_beside_it(sent: Day) -> None:
    await sent.priya.presses("Answer")
    await sent.priya.sends(initial_perceptions="   ", call_time="31 Nov")
    assert sent.priya.errors["initial_perceptions"] == "Please answer this one."
    assert "November 2026 has 30 days" in sent.priya.errors["call_time"]
    assert (await reply_of(sent, "priya")).version == 0


async def test_a_time_in_a_peers_own_words_is_kept_as_they_said_it(sent: Day) -> None:
    await answer(sent, sent.priya, call_time="whenever suits you")
    assert (await reply_of(sent, "priya")).answers["call_time"] == "whenever suits you"


async def test_a_long_check_in_is_answered_page_by_page_and_nothing_is_lost(before: Day) -> None:
    await send(before, questions="\n".join(f"Question {number}?" for number in range(1, 13)))
    form = await before.priya.presses("Answer")
    assert isinstance(form, Form)
    assert len(form.fields) == 10
    assert isinstance(await before.priya.sends(own_1="First"), Form)
    assert "0 of 6 answered" in before.mina.last.words
    await before.priya.presses("Answer")
    assert before.priya.form
    assert getattr(before.priya.form.fields[0], "value", "") == "First"
    await before.priya.sends()
    await before.priya.sends(own_12="Last")
    assert (await reply_of(before, "priya")).answers["own_12"] == "Last"
    assert "1 of 6 answered" in before.mina.last.words


async def test_a_reply_in_the_thread_answers_in_plain_words(sent: Day) -> None:
    await sent.priya.says("Mostly worried about the finance papers", thread=sent.priya.last.id)
    kept = await reply_of(sent, "priya")
    assert kept.answers == {"initial_perceptions": "Mostly worried about the finance papers"}
    assert kept.answered_at
    assert await sent.wall() == []
    assert "Kept as your answer" in sent.priya.last.words
    assert "Still open" in sent.priya.last.words
    form = await sent.priya.presses("Open the form")
    assert isinstance(form, Form)
    assert "Mostly worried" in str(form.fields)


async def test_an_edited_reply_changes_the_answer(sent: Day) -> None:
    prompt = sent.priya.last.id
    message = await sent.priya.says("Worried about finance", thread=prompt)
    await sent.priya.says("And about the timetable", thread=prompt)
    await sent.priya.edits(message, "Worried about staffing", thread=prompt)
    assert (await reply_of(sent, "priya")).answers == {
        "initial_perceptions": "Worried about staffing\nAnd about the timetable"
    }
    assert "now says what your message says" in sent.priya.last.words
    await sent.priya.edits(message, "Worried about both", thread=prompt)
    assert (await reply_of(sent, "priya")).answers["initial_perceptions"].startswith("Worried about both\n")


async def test_a_deleted_reply_is_taken_out_of_the_answer(sent: Day) -> None:
    prompt = sent.priya.last.id
    message = await sent.priya.says("Worried about finance", thread=prompt)
    await sent.priya.says("And about the timetable", thread=prompt)
    await sent.priya.deletes(message, thread=prompt)
    assert (await reply_of(sent, "priya")).answers == {"initial_perceptions": "And about the timetable"}
    assert "What you deleted is taken out of your answer" in sent.priya.last.words


async def test_who_deletes_the_only_answer_counts_as_missing_again(sent: Day) -> None:
    message = await sent.priya.says("Worried about finance", thread=sent.priya.last.id)
    await sent.pass_time(minutes=1)
    await sent.mina.says("checkin")
    assert "1 of 6 answered" in sent.mina.last.words
    await sent.priya.deletes(message, thread=sent.priya.posts[0].id)
    kept = await reply_of(sent, "priya")
    assert (kept.answers, kept.answered_at, kept.said) == ({}, None, {})
    assert "0 of 6 answered" in sent.mina.last.words
    assert "Please answer by" in sent.priya.posts[0].words


@pytest.mark.parametrize("how", ["edited", "deleted"])
async def test_an_answer_changed_in_the_form_since_stays_and_that_is_said(sent: Day, how: str) -> None:
    prompt = sent.priya.last.id
    message = await sent.priya.says("Worried about finance", thread=prompt)
    await sent.priya.presses("Change")
    await sent.priya.sends(initial_perceptions="Hopeful", call_time="Friday 9am")
    if how == "edited":
        await sent.priya.edits(message, "Worried about staffing", thread=prompt)
    else:
        await sent.priya.deletes(message, thread=prompt)
    assert (await reply_of(sent, "priya")).answers["initial_perceptions"] == "Hopeful"
    assert "was changed since, and stays as it is" in sent.priya.last.words
    assert isinstance(await sent.priya.presses("Open the form"), Form)


async def test_an_answer_is_not_changed_by_an_edit_once_it_is_closed(sent: Day) -> None:
    prompt = sent.priya.last.id
    message = await sent.priya.says("Worried about finance", thread=prompt)
    await sent.mina.says("checkin close")
    await sent.priya.edits(message, "Worried about staffing", thread=prompt)
    assert (await reply_of(sent, "priya")).answers == {"initial_perceptions": "Worried about finance"}
    assert "This check-in is closed" in sent.priya.last.words


@pytest.mark.parametrize("page", ["-1", "7", "two", ""])
async def test_a_page_that_the_form_does_not_have_is_refused_with_a_sentence(sent: Day, page: str) -> None:
    await sent.priya.presses("Answer")
    assert sent.priya.form
    sent.priya.form = replace(sent.priya.form, carried={**sent.priya.form.carried, "page": page})
    await sent.priya.sends(initial_perceptions="Hopeful", call_time="Friday 9am")
    assert "earlier time" in sent.priya.errors[""]
    assert (await reply_of(sent, "priya")).answers == {}


async def test_words_typed_before_the_visit_may_answer_the_check_in(sent: Day) -> None:
    await sent.priya.says("The papers say nothing about carers")
    await sent.priya.presses("Answer the check-in with this")
    assert (await reply_of(sent, "priya")).answers == {"initial_perceptions": "The papers say nothing about carers"}
    assert "Taken as your answer to the check-in." in sent.priya.sees
    assert await sent.wall() == []


async def test_an_answered_check_in_is_not_offered_for_what_is_typed(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.priya.says("The papers say nothing about carers")
    assert "Answer the check-in" not in sent.priya.sees


async def test_a_second_reply_adds_to_the_first(sent: Day) -> None:
    prompt = sent.priya.last.id
    await sent.priya.says("First thought", thread=prompt)
    await sent.priya.says("Second thought", thread=prompt)
    assert (await reply_of(sent, "priya")).answers["initial_perceptions"] == "First thought\nSecond thought"


async def test_plain_words_find_a_place_where_no_question_asks_for_words(before: Day) -> None:
    await send(before, questions="How far are you with the pre-reading?")
    await before.priya.says("Nearly done", thread=before.priya.last.id)
    assert (await reply_of(before, "priya")).answers == {"own_words": "Nearly done"}
    await before.mina.says("checkin answers")
    assert "In their own words" in before.mina.last.words
    assert "Priya Nair: Nearly done" in before.mina.last.words


async def test_words_too_long_for_a_form_are_kept_whole_when_the_form_is_sent(sent: Day) -> None:
    words = "word " * 700
    await sent.priya.says(words, thread=sent.priya.last.id)
    await sent.priya.presses("Open the form")
    await sent.priya.sends(call_time="Friday 9am")
    kept = (await reply_of(sent, "priya")).answers
    assert kept["initial_perceptions"] == words.strip()
    assert kept["call_time"] == "Friday 20 November 2026 at 09:00"


async def test_words_that_came_too_late_are_given_back(sent: Day) -> None:
    prompt = sent.priya.last.id
    await sent.mina.says("checkin close")
    await sent.priya.says("Partners share one plan", thread=prompt)
    assert "This check-in is closed" in sent.priya.last.words
    assert "[Log what I typed as a finding]" in sent.priya.last.words


async def test_a_late_answer_is_taken_until_it_closes(sent: Day) -> None:
    await sent.on(date(2026, 11, 23), "09:00")
    await answer(sent, sent.priya)
    assert (await reply_of(sent, "priya")).answered_at


@pytest.mark.parametrize("how", ["button", "typed", "in the thread"])
async def test_remind_me_tomorrow(sent: Day, how: str) -> None:
    await sent.on(date(2026, 11, 18), "09:30")
    prompt = sent.priya.posts[0]
    if how == "button":
        await sent.priya.presses("Remind me tomorrow")
    elif how == "typed":
        await sent.priya.says("remind me tomorrow")
    else:
        await sent.priya.says("Remind me tomorrow.", thread=prompt.id)
    assert "I will remind you on Thursday 19 November at 10:00" in sent.priya.sees
    many = len(sent.priya.posts)
    await sent.mina.says("checkin remind")
    assert len(sent.priya.posts) == many
    await sent.clock_strikes("23:00")
    assert len(sent.priya.posts) == many
    await sent.on(date(2026, 11, 19), "10:30")
    assert len(sent.priya.posts) == many + 1
    assert "A reminder" in sent.priya.last.content.notification


@pytest.mark.parametrize("in_the_thread", [True, False])
async def test_remind_me_tomorrow_is_answered_where_it_was_typed(sent: Day, in_the_thread: bool) -> None:
    thread = sent.priya.posts[0].id if in_the_thread else ""
    await sent.priya.says("remind me tomorrow", thread=thread)
    assert "I will ask again tomorrow at 10:00." in sent.priya.last.words
    await answer(sent, sent.priya)
    await sent.priya.says("remind me tomorrow", thread=thread)
    assert "You have answered already." in sent.priya.last.words


async def test_on_the_eve_of_the_visit_tomorrow_is_too_late(sent: Day) -> None:
    await sent.on(date(2026, 11, 23), "11:00")
    await sent.priya.presses("Remind me tomorrow")
    assert "please answer today" in sent.priya.last.words


async def test_who_has_answered_is_not_reminded_tomorrow(sent: Day) -> None:
    await sent.priya.presses("Remind me tomorrow")
    await answer(sent, sent.priya)
    await sent.on(date(2026, 11, 18), "11:00")
    assert len(sent.priya.posts) == 1


async def test_nobody_answers_for_somebody_else(sent: Day) -> None:
    toms = f"{(await check_in_of(sent)).id}:{sent.members['tom'].id}"
    for verb in ("answer", "tomorrow", "suggest"):
        await sent.priya.presses_action(f"checkins.{verb}", toms)
        assert "sent to somebody else" in sent.priya.last.words
    await sent.tom.presses("Answer")
    sent.priya.form = sent.tom.form
    await sent.priya.sends(initial_perceptions="Mischief", call_time="noon")
    assert "sent to somebody else" in sent.priya.errors[""]
    assert (await reply_of(sent, "tom")).version == 0


async def test_the_prompt_never_shows_an_answer_in_its_notification(sent: Day) -> None:
    await answer(sent, sent.priya, initial_perceptions="Canary")
    assert not any("Canary" in post.content.notification for post in sent.mina.posts + sent.priya.posts)
    await sent.mina.says("checkin answers")
    assert "Canary" not in sent.mina.last.content.notification


async def test_a_peer_asks_for_their_check_in_from_the_channel(sent: Day) -> None:
    await sent.priya.says_in_channel("checkin")
    assert "I have answered in our direct messages" in sent.team_channel.sees
    assert FIRST_IMPRESSIONS in sent.priya.last.words
    assert FIRST_IMPRESSIONS not in sent.team_channel.sees
