"""The manager and each peer agree when the manager calls."""

from datetime import UTC, date, datetime

import pytest

from tests.fieldwork.checkins.test_asking import answer, reply_of
from tests.fieldwork.day import Day

THURSDAY_AT_FOUR = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)


async def test_the_manager_agrees_to_a_time_that_the_peer_offered(sent: Day) -> None:
    await answer(sent, sent.priya, call_time="Thursday 4pm or Friday 9am")
    await sent.mina.says("checkin calls")
    assert "[Agree Friday 20 November at 09:00]" in sent.mina.last.words
    await sent.mina.presses("Agree Thursday 19 November at 16:00")
    assert "Priya Nair (PN): Thursday 19 November at 16:00, agreed." in sent.mina.last.words
    assert "1 of 6 calls agreed" in sent.mina.last.words
    assert "is agreed: Thursday 19 November at 16:00" in sent.priya.last.words
    assert (await reply_of(sent, "priya")).call_at == THURSDAY_AT_FOUR


async def test_a_time_that_the_manager_names_is_put_to_the_peer(sent: Day) -> None:
    await answer(sent, sent.priya, call_time="whenever")
    await sent.mina.presses("Calls")
    await sent.mina.presses("Another time")
    await sent.mina.sends(at="Thursday")
    assert "Give a day and a time" in sent.mina.errors["at"]
    await sent.mina.sends(at="9 November 2026 at 4pm")
    assert "That has passed" in sent.mina.errors["at"]
    await sent.mina.sends(at="Thursday 4 pm")
    assert "offered, not answered yet" in sent.mina.sees
    await sent.priya.presses("That suits me")
    assert "is agreed: Thursday 19 November at 16:00" in sent.priya.last.words
    assert (await reply_of(sent, "priya")).call_agreed_at
    assert "agreed to your call" in sent.mina.last.words


async def test_the_peer_suggests_another_time_and_the_manager_agrees(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.mina.says("checkin calls")
    await sent.mina.presses("Agree")
    await sent.priya.presses("Suggest another time")
    await sent.priya.sends(at="31 Nov")
    assert "November 2026 has 30 days" in sent.priya.errors["at"]
    await sent.priya.sends(at="Friday 9am")
    assert (await reply_of(sent, "priya")).call_at is None
    assert "suggests another time for your call: Friday 20 November 2026 at 09:00" in sent.mina.last.words
    await sent.mina.presses("See the calls")
    await sent.mina.presses("Agree Friday 20 November at 09:00")
    assert (await reply_of(sent, "priya")).call_agreed_at


async def test_an_old_card_agrees_to_nothing(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.mina.says("checkin calls")
    await sent.mina.presses("Another time")
    await sent.mina.sends(at="Thursday 4 pm")
    old = sent.priya.last.button("That suits me")
    await sent.mina.presses("Another time")
    await sent.mina.sends(at="Friday 10 am")
    await sent.priya.presses_action(old.action, old.value)
    assert "has changed since that card was drawn" in sent.priya.last.words
    assert (await reply_of(sent, "priya")).call_agreed_at is None


async def test_other_times_in_the_form_undo_what_was_agreed(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.mina.says("checkin calls")
    await sent.mina.presses("Agree")
    await sent.priya.presses("Change")
    await sent.priya.sends(call_time="Friday 9am")
    assert (await reply_of(sent, "priya")).call_agreed_at is None
    assert "suggests another time" in sent.mina.last.words
    await sent.on(date(2026, 11, 19), "17:00")
    assert "today at 16:00" not in sent.priya.sees


async def test_a_time_may_be_offered_to_somebody_who_has_not_answered(sent: Day) -> None:
    await sent.mina.says("checkin calls")
    await sent.mina.presses("Offer a time")
    await sent.mina.sends(at="Thursday 4 pm")
    assert "would like to call you" in sent.aled.last.words
    assert "Aled" not in sent.aled.last.content.notification
    await sent.mina.says("checkin")
    assert "0 of 6 answered" in sent.mina.last.words


async def test_on_the_morning_of_the_calls_both_hear_of_them_once(sent: Day) -> None:
    for who, at in ((sent.priya, "Thursday 4 pm"), (sent.tom, "Thursday 2 pm")):
        await answer(sent, who, call_time=at)
        await sent.mina.says("checkin calls")
        await sent.mina.presses("Agree")
    await sent.on(date(2026, 11, 19), "09:00")
    assert "calls you today at 16:00" in sent.priya.last.words
    assert "You have 2 calls today:\n• 14:00 Tom Sutton\n• 16:00 Priya Nair" in sent.mina.sees
    assert sent.mina.sees.count("calls today") == 1
    assert "calls you today" not in sent.grace.sees


@pytest.mark.parametrize("words", ["Friday 9am would be better", "How about Friday at 9am?", "Friday 9am"])
async def test_another_time_in_the_thread_is_the_peers_suggestion(sent: Day, words: str) -> None:
    await sent.mina.says("checkin calls")
    await sent.mina.presses("Offer a time")
    await sent.mina.sends(at="Thursday 4 pm")
    await sent.aled.says(words, thread=sent.aled.last.id)
    assert "suggests another time for your call: Friday 20 November 2026 at 09:00" in sent.mina.last.words
    assert (await reply_of(sent, "aled")).call_at is None
    assert await sent.wall() == []


@pytest.mark.parametrize("words", ["4 would be better", "How about half 9 or 10?", "noon"])
async def test_a_time_alone_is_on_the_day_that_was_offered(sent: Day, words: str) -> None:
    times = {"4": ["16:00"], "H": ["09:30", "10:00"], "n": ["12:00"]}[words[0]]
    await sent.mina.says("checkin calls")
    await sent.mina.presses("Offer a time")
    await sent.mina.sends(at="Thursday 2 pm")
    await sent.aled.says(words, thread=sent.aled.last.id)
    offered = " or ".join(f"Thursday 19 November 2026 at {at}" for at in times)
    assert f"suggests another time for your call: {offered}" in sent.mina.last.words


async def test_a_time_alone_that_has_passed_that_day_is_no_suggestion(sent: Day) -> None:
    await sent.mina.says("checkin calls")
    await sent.mina.presses("Offer a time")
    await sent.mina.sends(at="today 4 pm")
    await sent.aled.says("9 would be better", thread=sent.aled.last.id)
    assert "Nothing was changed or logged" in sent.aled.last.words


async def test_other_words_in_the_thread_of_a_call_are_told_how_to_answer(sent: Day) -> None:
    await sent.mina.says("checkin calls")
    await sent.mina.presses("Offer a time")
    await sent.mina.sends(at="Thursday 4 pm")
    await sent.aled.says("I am on a train then", thread=sent.aled.last.id)
    assert "reply with a day and a time" in sent.aled.last.words
    assert (await reply_of(sent, "aled")).call_at == THURSDAY_AT_FOUR
    assert await sent.wall() == []
