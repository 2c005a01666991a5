"""Posts on their way out."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.delivery import AT_ONCE
from bot.ports import BLOCKED, Gone, NotSent, Refused, Target, Unsure
from handlers.chat import Card, File, Said
from handlers.desk import Desk, Turn
from storage.records import Address, Intent, OutboxState
from tests.fieldwork.day import LONDON, TEAM_CHANNEL, Day


async def states(day: Day) -> Mapping[OutboxState, int]:
    async with day.app.database.reading() as uow:
        return (await uow.health.now(day.now)).outbox


async def test_posts_in_two_conversations_that_end_one_after_the_other_are_both_noted(day: Day) -> None:
    await day.mina.types("challenge times")
    await day.mina.sends(sessions="11:30, 13:00, 16:00")
    await day.mina.sends()
    assert await states(day) == {}
    await day.clock_strikes("11:31")
    assert "11:30" in day.team_channel.last.words


async def test_a_post_that_slack_did_not_take_is_sent_once_the_wait_is_over(day: Day) -> None:
    day.platform.raises = [NotSent("rate limited", timedelta(seconds=30))]
    await day.priya.says("Partners share one plan #vision")
    assert day.priya.posts == []
    await day.pass_time(seconds=31)
    assert "#1 saved" in day.priya.sees
    assert await states(day) == {}


async def test_what_comes_after_a_post_that_must_wait_does_not_overtake_it(day: Day) -> None:
    day.platform.raises = [NotSent("rate limited", timedelta(seconds=30))]
    await day.priya.says("Partners share one plan #vision")
    await day.priya.says("help")
    assert day.priya.posts == []
    await day.pass_time(seconds=31)
    assert "#1 saved" in day.priya.posts[0].words
    assert len(day.priya.posts) == 2


async def test_a_post_whose_fate_is_unknown_is_looked_for_and_never_sent_twice(day: Day) -> None:
    arrived_all_the_same = day.platform.arrives_but_fails(Unsure("timeout"))
    await day.priya.says("Partners share one plan #vision")
    assert await states(day) == {OutboxState.UNSURE: 1}
    await day.pass_time(minutes=1)
    await day.settle()
    assert await states(day) == {}
    assert [post.id for post in day.priya.posts] == arrived_all_the_same


@pytest.mark.parametrize("trouble", [Gone("thread_not_found"), Refused("channel_not_found")])
async def test_a_post_that_cannot_be_looked_for_is_asked_about_and_holds_nothing_up(
    day: Day, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    monkeypatch.setattr(day.platform, "find", _raising(trouble))
    await day.clock_strikes("10:44")
    day.platform.raises = [Unsure("timeout")]
    await day.clock_strikes("10:46")
    assert "Did this appear?" in day.mina.sees
    await day.clock_strikes("13:01")
    assert "13:00" in day.team_channel.sees


PASSING = [
    Unsure("timeout"),
    NotSent("rate limited", timedelta(seconds=30)),
    RuntimeError("a database that is away for a moment"),
]


@pytest.mark.parametrize("trouble", PASSING)
async def test_a_post_that_cannot_be_looked_for_just_now_is_looked_for_again(
    day: Day, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    await day.clock_strikes("10:44")
    with monkeypatch.context() as away:
        away.setattr(day.platform, "find", _raising(trouble))
        arrived = day.platform.arrives_but_fails(Unsure("timeout"))
        await day.clock_strikes("10:50")
        assert await states(day) == {OutboxState.UNSURE: 1}
    await day.clock_strikes("10:55")
    assert await states(day) == {}
    assert "Did this appear?" not in day.mina.sees
    assert [post.id for post in day.team_channel.posts if "10:45" in post.words] == arrived


@pytest.mark.parametrize("trouble", PASSING)
async def test_a_post_that_cannot_be_looked_for_within_the_hour_is_asked_about(
    day: Day, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    monkeypatch.setattr(day.platform, "find", _raising(trouble))
    await day.clock_strikes("10:44")
    day.platform.arrives_but_fails(Unsure("timeout"))
    await day.clock_strikes("11:44")
    assert "Did this appear?" not in day.mina.sees
    await day.clock_strikes("11:47")
    assert "Did this appear?" in day.mina.sees


def _raising(trouble: Exception) -> Callable[..., Awaitable[str | None]]:
    async def find(*_args: object) -> str | None:
        raise trouble

    return find


async def test_a_post_that_may_not_be_edited_any_more_is_posted_anew_in_the_same_conversation(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    await day.priya.says("Partners share one plan #vision")

    async def update(*_args: object) -> None:
        raise Refused("an edit that the platform does not like")

    monkeypatch.setattr(day.platform, "update", update)
    await day.priya.says("Staff do not know the plan #vision")
    assert ["#2" in post.words for post in day.priya.posts] == [False, True]
    assert [shown for shown in day.platform.shown if shown.target.only_to] == []


@pytest.mark.parametrize("raised", [RuntimeError("a card that nobody can draw"), TimeoutError()])
async def test_a_post_that_fails_in_whatever_way_stops_nobody_else(day: Day, raised: Exception) -> None:
    day.platform.raises = [raised]
    with capture_logs() as lines:
        await day.priya.says("Partners share one plan #vision")
    await day.tom.says("Nobody reads the risk register #governance")
    assert (await states(day))[OutboxState.PARKED] == 1
    assert "#2 saved" in day.tom.sees
    assert "nobody can draw" not in str(lines)


async def test_a_post_whose_end_cannot_be_written_down_stops_nobody_else(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, nonsense = day.platform.post, "half a pair \ud83d"

    async def post(target: Target, page: object, *, key: str) -> str:
        message = await real(target, page, key=key)
        return nonsense if target.conversation == "D-priya" else message

    monkeypatch.setattr(day.platform, "post", post)
    async with asyncio.timeout(30):
        await asyncio.gather(
            day.priya.says("Partners share one plan #vision"),
            day.tom.says("Nobody reads the risk register #governance"),
        )
    assert await states(day) == {OutboxState.PARKED: 1}
    assert "#2 saved" in day.tom.sees or "#1 saved" in day.tom.sees
    assert len(day.priya.posts) == 1, "it was not sent again"


async def test_a_post_that_was_provably_lost_is_sent_again(day: Day) -> None:
    day.platform.raises = [Unsure("timeout")]
    await day.priya.says("Partners share one plan #vision")
    await day.pass_time(minutes=1)
    await day.settle()
    assert len(day.priya.posts) == 1
    assert await states(day) == {}


async def test_a_post_that_is_refused_is_parked_and_stops_nobody_else(day: Day) -> None:
    day.platform.raises = [Refused("is_archived"), Refused("is_archived")]  # in their own chat, and in the channel
    await day.priya.says("Partners share one plan #vision")
    await day.tom.says("Nobody reads the risk register #governance")
    assert (await states(day))[OutboxState.PARKED] == 1
    assert "#2 saved" in day.tom.sees


async def test_a_post_that_takes_fewer_messages_than_before_leaves_none_of_them_standing(day: Day) -> None:
    heard = await day.priya.says("- Partners share one plan\n- Nobody reads the risk register\n- Meetings run over")
    at_first = len(day.priya.posts)
    day.platform.on_a_page = 1
    await day.priya.edits(
        heard, "- Partners share one plan\n- Nobody reads the risk register\n- Meetings run over a lot"
    )
    assert len(day.priya.posts) > at_first + 1
    day.platform.on_a_page = 100
    await day.priya.edits(heard, "- Partners share one plan\n- Nobody reads the risk register\n- Meetings run late")
    assert len(day.priya.posts) == at_first
    day.platform.on_a_page = 1
    await day.priya.edits(heard, "- Partners share one plan\n- Nobody reads the risk register\n- Meetings start late")
    assert len(day.priya.posts) > at_first + 1


async def test_a_further_message_that_somebody_took_away_is_not_missed(day: Day) -> None:
    heard = await day.priya.says("- Partners share one plan\n- Nobody reads the risk register")
    day.platform.on_a_page = 1
    await day.priya.edits(heard, "- Partners share one plan\n- Nobody reads the risk log")
    del day.platform.shown[-2:]
    day.platform.on_a_page = 100
    await day.priya.edits(heard, "- Partners share one plan\n- Nobody reads the register")
    assert len(day.priya.posts) == 1
    await day.pass_time(minutes=5)
    assert await states(day) == {}


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "not answered"])
@pytest.mark.parametrize("which", [0, 1])
async def test_a_message_that_somebody_took_away_leaves_no_further_one_standing_later(
    day: Day, which: int, answered: bool
) -> None:
    heard = await day.priya.says("- Partners share one plan\n- Nobody reads the risk register")
    day.platform.on_a_page = 1
    await day.priya.edits(heard, "- Partners share one plan\n- Nobody reads the risk log")
    many = len(day.priya.posts)
    assert many > 2
    day.platform.shown.remove(day.priya.posts[which])
    await day.pass_time(minutes=1)
    if not answered:
        day.platform.arrives_but_fails(Unsure("timeout"))
    await day.priya.edits(heard, "- Partners share one plan\n- Nobody reads the risk journal")
    await day.pass_time(minutes=1)
    assert len(day.priya.posts) == many
    day.platform.on_a_page = 100
    await day.priya.edits(heard, "- Partners share one plan\n- Nobody reads the register")
    assert len(day.priya.posts) == 1
    assert "#2" in day.priya.sees


@pytest.mark.parametrize("pages", [0, 1])
async def test_a_long_message_that_is_refused_on_the_way_waits_whole_in_the_channel(
    day: Day, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    """The person's own chat takes so many of its pages, and is closed to Baseroom then."""
    day.platform.on_a_page, post = 1, day.platform.post

    async def post_or_refuse(target: Target, page: object, *, key: str) -> str:
        if target.conversation == "D-priya" and len(day.platform.shown) >= pages:
            raise Refused(BLOCKED)
        return await post(target, page, key=key)

    monkeypatch.setattr(day.platform, "post", post_or_refuse)
    await day.priya.says("Partners share one plan #vision")
    in_channel = [shown for shown in day.platform.shown if shown.target == Target(TEAM_CHANNEL, "", "priya")]
    assert ["#1 saved" in shown.words for shown in in_channel] == [True, False]
    assert len(day.priya.posts) == pages + 2


async def test_a_further_message_that_must_stay_sends_nothing_elsewhere(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_args: object) -> None:
        raise Refused("cant_delete_message")

    day.platform.on_a_page = 1
    heard = await day.priya.says("Partners share one plan #vision")
    stood = day.platform.shown.copy()
    monkeypatch.setattr(day.platform, "delete", refuse)
    day.platform.on_a_page = 100
    await day.priya.edits(heard, "Partners share a plan #vision")
    assert [post.id for post in day.platform.shown] == [post.id for post in stood]
    assert (await states(day))[OutboxState.PARKED] == 1


async def test_the_manager_is_told_of_a_channel_post_that_was_refused(day: Day) -> None:
    await day.priya.says("Partners share one plan #vision")
    await day.pass_time(minutes=5)
    day.platform.raises = [Refused("is_archived")]
    await day.clock_strikes("10:45")
    assert "could not be made: is_archived" in day.mina.sees


async def test_an_unprompted_message_held_up_into_the_evening_waits_for_the_morning(day: Day) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        desk = Desk(uow, day.now, day.app.house)
        due_at = datetime(2026, 11, 24, 18, 55, tzinfo=LONDON)
        reminder = Intent("notice", Address("slack", "T1"), params={"text": "A reminder"}, due_at=due_at)
        await desk.tell(day.challenge, day.members["priya"].person_id, reminder)
        await uow.commit()
    await day.clock_strikes("18:54")
    day.platform.raises = [NotSent("rate limited", timedelta(minutes=20))]
    await day.clock_strikes("19:30")
    await day.priya.says("A late thought #vision")
    assert "#1 saved" in day.priya.sees
    assert "A reminder" not in day.priya.sees
    await day.on(date(2026, 11, 25), "08:01")
    assert "A reminder" in day.priya.sees


async def test_somebody_who_speaks_while_a_burst_of_posts_is_drawn_is_heard_before_it_is_over(day: Day) -> None:
    drawn: list[Intent] = []
    heard_after, speaking = [], []
    registry = day.app.house.registry
    take_in, notice = registry.said, registry.posts["notice"]
    assert take_in

    async def said(turn: Turn, words: Said) -> None:
        heard_after.append(len(drawn))
        await take_in(turn, words)

    async def draw(desk: Desk, intent: Intent) -> Card | File | None:
        drawn.append(intent)
        if len(drawn) == 1:
            speaking.append(asyncio.create_task(day.priya.says("Partners share one plan #vision")))
        return await notice.build(desk, intent)

    registry.said, registry.posts["notice"] = said, replace(notice, build=draw)
    await a_burst_is_due(day)
    await day.settle()
    await asyncio.gather(*speaking)
    assert len(drawn) == AT_ONCE
    assert heard_after[0] < AT_ONCE / 2


async def a_burst_is_due(day: Day) -> None:
    """As many posts as go out at once, each to somebody else."""
    async with day.app.database.begin() as uow:
        for number in range(AT_ONCE):
            account = await uow.accounts.add("slack", "T1", f"guest-{number}", day.now)
            await uow.accounts.set_dm(account.id, f"D-guest-{number}")
            to = Address("slack", "T1", account=account.id)
            await uow.outbox.add(Intent("notice", to, params={"text": "A reminder"}), day.now)
        await uow.commit()


async def test_a_post_whose_words_cannot_be_read_any_more_holds_up_no_other(day: Day) -> None:
    async with day.app.database.begin() as uow:
        account = await uow.accounts.find("slack", "T1", "tom")
        assert account
        to = Address("slack", "T1", account=account.id)
        await uow.outbox.add(Intent("notice", to, params={"text": "A reminder"}), day.now)
        await uow.connection.execute(text("UPDATE outbox SET params_sealed = x'00112233445566778899aabbccddeeff'"))
        await uow.commit()
    await day.priya.says("Partners share one plan #vision")
    assert "#1 saved" in day.priya.sees
    assert (await states(day))[OutboxState.PARKED] == 1
