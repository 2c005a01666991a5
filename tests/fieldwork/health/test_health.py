"""The manager asks whether everything is saved and everything is sent."""

from datetime import timedelta

import pytest

from bot.ports import NotSent, Unsure
from tests.fieldwork.day import Day


async def test_on_a_good_day_all_is_well(day: Day) -> None:
    await day.priya.says("Staff describe the vision in their own words #vision")
    await day.mina.says("challenge health")
    assert "All is well" in day.mina.sees
    assert "Everything that was said to Baseroom has been dealt with." in day.mina.sees
    assert "Everything that was due has gone out." in day.mina.sees
    assert "Slack was last heard at 09:00." in day.mina.sees


async def test_the_answer_says_when_it_was_true(day: Day) -> None:
    await day.clock_strikes("10:24")
    await day.mina.says("challenge health")
    assert "As of Tue 24 Nov, 10:24" in day.mina.sees


async def test_what_waits_is_counted_with_the_time_since_when(day: Day) -> None:
    day.platform.raises.append(NotSent("rate limited", timedelta(minutes=30)))
    await day.priya.says("Staff describe the vision in their own words #vision")
    await day.clock_strikes("09:20")
    await day.mina.says("challenge health")
    assert "1 post is set for later" in day.mina.sees


async def test_a_message_that_could_not_be_dealt_with_is_told_and_is_not_lost(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("handlers.routing.take", _fail)
        await day.priya.says("Staff describe the vision in their own words #vision")
    await day.mina.says("challenge health")
    assert "Something waits" in day.mina.sees
    assert "1 message waits to be tried again, the oldest since 09:00. Nothing of it is lost." in day.mina.sees


async def test_a_post_of_unknown_fate_is_told(day: Day) -> None:
    day.platform.raises.append(Unsure("timeout"))
    await day.priya.says("Staff describe the vision in their own words #vision")
    await day.mina.says("challenge health")
    assert "nobody knows yet whether it arrived" in day.mina.sees


async def test_a_peer_is_told_who_can_ask(day: Day) -> None:
    await day.priya.says("challenge health")
    assert "dealt with" not in day.priya.sees


async def _fail(*_args: object) -> None:
    raise RuntimeError("broken for a test")
