"""What Baseroom itself failed at: the person is told with a reference, nothing is lost, and it is tried again."""

import re

import pytest

from tests.fieldwork.day import Day

REFERENCE = re.compile(r"\b[0-9A-F]{6}\b")


class Failing:
    """Stands in for the handler of messages (or of other news): fails some times, then lets the real one work."""

    def __init__(self, day: Day, times: int, *, news: str = "said") -> None:
        self.real = getattr(day.app.house.registry, news)
        self.left, self.tries = times, 0
        setattr(day.app.house.registry, news, self)

    async def __call__(self, turn: object, said: object) -> None:
        self.tries += 1
        if self.left:
            self.left -= 1
            raise RuntimeError("a fault of our own")
        assert self.real
        await self.real(turn, said)


async def numbers_stored(day: Day) -> list[int]:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return [finding.number for finding in await uow.findings.on_the_wall(day.challenge.id)]


async def test_a_finding_that_failed_once_is_saved_at_the_second_try(day: Day) -> None:
    failing = Failing(day, 1)
    await day.priya.says("Partners share one plan #vision")
    assert REFERENCE.search(day.priya.sees)
    assert await numbers_stored(day) == []
    await day.pass_time(seconds=6)
    assert "#1 saved" in day.priya.sees
    assert await numbers_stored(day) == [1]
    assert failing.tries == 2


async def test_it_waits_longer_after_each_try_and_does_not_give_up(day: Day) -> None:
    failing = Failing(day, 4)
    await day.priya.says("Partners share one plan #vision")
    await day.pass_time(seconds=6)
    assert failing.tries == 2
    await day.pass_time(minutes=5)
    assert await numbers_stored(day) == [1]
    assert failing.tries == 5


async def test_it_is_saved_once_and_tried_no_more(day: Day) -> None:
    failing = Failing(day, 1)
    await day.priya.says("Partners share one plan #vision")
    await day.pass_time(minutes=30)
    assert await numbers_stored(day) == [1]
    assert failing.tries == 2


async def test_nobody_else_waits_for_it(day: Day) -> None:
    Failing(day, 1)
    await day.priya.says("Partners share one plan #vision")
    await day.tom.says("Nobody reads the risk register #governance")
    assert "#1 saved" in day.tom.sees
    await day.pass_time(seconds=6)
    assert await numbers_stored(day) == [1, 2]


async def test_what_is_refused_at_the_second_try_is_answered_and_not_tried_again(day: Day) -> None:
    failing = Failing(day, 1)
    await day.people["zed"].says("Nobody here knows me")
    await day.pass_time(minutes=30)
    assert "not on a peer challenge" in day.people["zed"].sees
    assert failing.tries == 2
    async with day.app.database.reading() as uow:
        assert await uow.inbox.next_at() is None


async def test_something_that_fails_for_a_day_keeps_nothing_else_from_happening(day: Day) -> None:
    failing = Failing(day, 1_000)
    await day.priya.says("Partners share one plan #vision")
    await day.pass_time(hours=12)
    assert failing.tries > 44
    failing.left = 0
    await day.pass_time(minutes=11)
    assert await numbers_stored(day) == [1]


@pytest.mark.parametrize("news", ["edited", "deleted"])
async def test_an_edit_or_a_deletion_that_failed_is_said_to_be_kept_and_is_followed(day: Day, news: str) -> None:
    message = await day.priya.says("Partners share one plan #vision")
    Failing(day, 1, news=news)
    if news == "edited":
        await day.priya.edits(message, "Partners share two plans #vision")
    else:
        await day.priya.deletes(message)
    assert "kept, and I will keep trying." in day.priya.last.words
    assert "nothing was changed" not in day.priya.sees
    await day.pass_time(seconds=6)
    assert [finding.text for finding in await day.wall()] == ["Partners share two plans #vision"] * (news == "edited")


async def test_news_of_a_channel_that_failed_is_no_talk_in_it_and_is_followed(day: Day) -> None:
    Failing(day, 1, news="joined")
    await day.zed.joins("C-team", day.team_facts(members=(day.zed.person,)))
    assert day.platform.shown == []
    await day.pass_time(seconds=6)
    assert "I have stopped posting" in day.mina.last.words


@pytest.mark.parametrize("letter", ['{"kind": "Said", "body": {}}', '{"kind": "Sung", "body": {}}'])
async def test_what_another_version_kept_is_kept_on_and_holds_nothing_up(day: Day, letter: str) -> None:
    async with day.app.database.begin() as uow:
        await uow.inbox.keep(letter, now=day.now, next_at=day.now)
        await uow.commit()
    await day.clock_strikes("10:45")
    assert "10:45 session" in day.team_channel.sees
    async with day.app.database.reading() as uow:
        assert (await uow.health.now(day.now)).inbox == 1
