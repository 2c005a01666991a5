"""Posts on their way out."""

from datetime import timedelta

from bot.ports import NotSent, Refused, Unsure
from storage.records import OutboxState
from tests.fieldwork.day import Day


async def states(day: Day) -> dict[str, int]:
    async with day.app.database.reading() as uow:
        return await uow.outbox.depth()


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
    assert await states(day) == {"unsure": 1}
    await day.pass_time(minutes=1)
    await day.settle()
    assert await states(day) == {}
    assert [post.id for post in day.priya.posts] == arrived_all_the_same


async def test_a_post_that_was_provably_lost_is_sent_again(day: Day) -> None:
    day.platform.raises = [Unsure("timeout")]
    await day.priya.says("Partners share one plan #vision")
    await day.pass_time(minutes=1)
    await day.settle()
    assert len(day.priya.posts) == 1
    assert await states(day) == {}


async def test_a_post_that_is_refused_is_parked_and_stops_nobody_else(day: Day) -> None:
    day.platform.raises = [Refused("is_archived")]
    await day.priya.says("Partners share one plan #vision")
    await day.tom.says("Nobody reads the risk register #governance")
    assert (await states(day))[OutboxState.PARKED.value] == 1
    assert "#2 saved" in day.tom.sees
