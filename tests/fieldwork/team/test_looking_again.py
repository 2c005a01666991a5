"""What happened to a team channel while Baseroom could not hear of it is seen at the next look."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy.exc import OperationalError

from bot.ports import SHUT_OUT, Refused
from handlers.chat import ChannelFacts
from storage.challenges import ChallengeStore
from storage.records import Challenge, TeamChannel
from tests.fieldwork.day import TEAM_CHANNEL, WORKSPACE, Day


@dataclass
class Seen:
    """A lookout that sees what it is told; what it cannot see at the moment it raises."""

    channels: dict[str, ChannelFacts | Exception | None] = field(default_factory=dict)
    looked_at: list[str] = field(default_factory=list)

    async def facts(self, channel: str) -> ChannelFacts | None:
        self.looked_at.append(channel)
        seen = self.channels[channel]
        if isinstance(seen, Exception):
            raise seen
        return seen


@pytest.fixture
def seen(day: Day) -> Seen:
    """Through it Baseroom sees the team channel, which is fit."""
    seen = Seen({TEAM_CHANNEL: day.team_facts()})
    day.app.lookouts["slack"] = seen
    return seen


async def look(day: Day) -> None:
    await day.app.rounds.look()
    await day.app.delivery.drain()


async def test_a_channel_that_is_as_it_was_makes_no_word(day: Day, seen: Seen) -> None:
    await look(day)
    assert seen.looked_at == [TEAM_CHANNEL]
    assert day.platform.shown == []


async def test_somebody_who_came_in_unheard_stops_the_posts(day: Day, seen: Seen) -> None:
    facts = day.team_facts()
    seen.channels[TEAM_CHANNEL] = day.team_facts(members=(*facts.members, day.zed.person))
    await look(day)
    assert "One person here is not on the challenge: Zed Stranger" in day.mina.last.words
    await day.clock_strikes("10:45")
    assert day.team_channel.posts == []


async def test_a_channel_made_public_unheard_stops_the_posts(day: Day, seen: Seen) -> None:
    seen.channels[TEAM_CHANNEL] = day.team_facts(private=False)
    await look(day)
    await look(day)
    assert [post.content.notification for post in day.mina.posts] == ["Posting in the team channel is stopped"]
    assert "This channel is public" in day.mina.last.words


async def test_posting_begins_again_when_it_is_seen_to_be_fit(day: Day, seen: Seen) -> None:
    seen.channels[TEAM_CHANNEL] = day.team_facts(private=False)
    await look(day)
    seen.channels[TEAM_CHANNEL] = day.team_facts()
    await look(day)
    assert "is fit" in day.mina.last.words
    await day.clock_strikes("10:45")
    assert "10:45 session" in day.team_channel.sees


async def test_a_channel_that_cannot_be_seen_just_now_stays_as_it_is(day: Day, seen: Seen) -> None:
    seen.channels[TEAM_CHANNEL] = ConnectionError("away")
    await look(day)
    assert day.mina.posts == []
    await day.clock_strikes("10:45")
    assert "10:45 session" in day.team_channel.sees


async def test_channels_of_challenges_that_are_over_are_left_alone(day: Day, seen: Seen) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.challenges.change(day.challenge.id, ended_at=day.now)
        await uow.commit()
    await look(day)
    assert seen.looked_at == []


# ---------------------------------------------------------------- Baseroom itself is not in it any more


async def test_when_baseroom_was_taken_out_unheard_the_manager_is_told_once_what_to_do(day: Day, seen: Seen) -> None:
    seen.channels[TEAM_CHANNEL] = None
    await look(day)
    await look(day)
    (told,) = day.mina.posts
    assert "I have stopped posting in the Anyshire ICS team channel." in told.words
    assert "Invite me again" in told.words
    assert "challenge here" in told.words


async def test_when_a_post_is_refused_for_it_the_manager_is_told_once_what_to_do(day: Day) -> None:
    await day.at("09:30").priya.says("Staff know the plan #vision")
    day.platform.raises = [Refused(SHUT_OUT)]
    await day.clock_strikes("13:00")
    assert [post.words for post in day.mina.posts if "could not be made" in post.words] == []
    assert len([post for post in day.mina.posts if "Invite me again" in post.words]) == 1


async def test_invited_again_it_posts_again_and_what_was_not_shown_is_new(day: Day, seen: Seen) -> None:
    await day.clock_strikes("10:44")
    await day.priya.says("Staff know the plan #vision")
    day.platform.raises = [Refused(SHUT_OUT)]
    await day.clock_strikes("10:45")
    await look(day)
    assert "is fit" in day.mina.last.words
    await day.clock_strikes("13:00")
    assert "1 new finding from 1 peer so far." in day.team_channel.sees


async def test_on_another_day_it_is_as_it_was_left(day: Day, seen: Seen) -> None:
    seen.channels[TEAM_CHANNEL] = None
    await look(day)
    await day.on(date(2026, 11, 25), "10:45")
    assert day.team_channel.posts == []


async def test_a_look_says_whether_it_saw_every_channel_so_that_the_next_comes_sooner(day: Day, seen: Seen) -> None:
    seen.channels[TEAM_CHANNEL] = RuntimeError("not just now")
    assert await day.app.rounds.look() is False
    seen.channels[TEAM_CHANNEL] = day.team_facts()
    assert await day.app.rounds.look() is True


async def test_a_channel_that_cannot_be_seen_keeps_no_other_from_being_seen(day: Day, seen: Seen) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.channels.bind(TeamChannel(day.challenge.id, "slack", WORKSPACE, "C-second", day.now))
        await uow.commit()
    seen.channels[TEAM_CHANNEL] = RuntimeError("not just now")
    seen.channels["C-second"] = day.team_facts(private=False)
    assert await day.app.rounds.look() is False
    await day.app.delivery.drain()
    assert sorted(seen.looked_at) == sorted([TEAM_CHANNEL, "C-second"])
    assert [post.content.notification for post in day.mina.posts] == ["Posting in the team channel is stopped"]


async def test_a_database_that_is_away_does_not_end_the_looking(
    day: Day, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(ChallengeStore, "all", is_away)
        assert await day.app.rounds.look() is False
    assert await day.app.rounds.look() is True


async def is_away(_self: ChallengeStore) -> list[Challenge]:
    raise OperationalError("SELECT", {}, ConnectionError("the server closed the connection"))
