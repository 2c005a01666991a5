"""The team channel: bound only when it is fit, silent as soon as it is not, and the manager told why."""

from dataclasses import replace

import pytest

from handlers.chat import ChannelFacts
from storage.records import TeamChannel
from tests.fieldwork.day import TEAM_CHANNEL, WORKSPACE, Day, Somebody

OTHER = "C-other"


async def channel(day: Day, conversation: str = TEAM_CHANNEL) -> TeamChannel | None:
    async with day.app.database.reading() as uow:
        return await uow.channels.find("slack", WORKSPACE, conversation)


async def is_stopped(day: Day) -> bool:
    found = await channel(day)
    assert found
    return found.stopped_at is not None


def with_zed(day: Day) -> ChannelFacts:
    facts = day.team_facts()
    return replace(facts, members=(*facts.members, day.zed.person))


@pytest.fixture
async def bound(day: Day) -> Day:
    """The channel as the manager bound it, so that who is in it is known."""
    await day.mina.types("challenge here", channel=TEAM_CHANNEL)
    return day


# ---------------------------------------------------------------- binding


async def test_a_fit_channel_is_bound_and_says_so(day: Day) -> None:
    day.facts[OTHER] = day.team_facts()
    await day.mina.types("challenge here", channel=OTHER)
    found = await channel(day, OTHER)
    assert found
    assert day.challenge
    assert found.challenge_id == day.challenge.id
    said = [post for post in day.platform.shown if post.target.conversation == OTHER]
    assert "This is the Anyshire ICS team’s channel now." in said[-1].words
    assert "Log it" not in said[-1].words


async def test_a_team_has_one_channel_on_a_platform(day: Day) -> None:
    day.facts[OTHER] = day.team_facts()
    await day.mina.types("challenge here", channel=OTHER)
    assert await channel(day) is None


async def test_by_mention_it_is_bound_too(day: Day) -> None:
    day.facts[OTHER] = day.team_facts()
    await day.mina.says_in_channel("challenge here", channel=OTHER)
    assert await channel(day, OTHER) is not None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"private": False}, "This channel is public"),
        ({"shared_outside": True}, "shared with another organisation"),
    ],
)
async def test_a_channel_that_is_not_fit_is_refused_with_what_to_mend(
    day: Day, wrong: dict[str, object], sentence: str
) -> None:
    day.facts[OTHER] = day.team_facts(**wrong)
    await day.mina.types("challenge here", channel=OTHER)
    assert sentence in day.mina.last.words
    assert await channel(day, OTHER) is None


async def test_who_does_not_belong_is_named_to_the_manager_alone(day: Day) -> None:
    nameless = replace(day.zed.person, id="yan", name="")
    facts = with_zed(day)
    day.facts[OTHER] = replace(facts, members=(*facts.members, nameless))
    for ask in (day.mina.types, day.mina.says_in_channel):
        await ask("challenge here", channel=OTHER)
        assert (
            "2 people here are not on the challenge: Zed Stranger and somebody whose name I cannot see."
            in day.mina.last.words
        )
    said = [post for post in day.platform.shown if post.target.conversation == OTHER and not post.target.only_to]
    assert said == []
    assert not [post for post in day.platform.shown if "Zed" in post.content.notification]


async def test_it_must_be_typed_in_a_channel_that_can_be_seen(day: Day) -> None:
    await day.mina.types("challenge here")
    assert "in the team’s own channel" in day.mina.last.words
    await day.mina.types("challenge here", channel="C-unseen")
    assert "Add Baseroom to it first" in day.mina.last.words


async def test_nobody_but_the_manager_binds(day: Day) -> None:
    day.facts[OTHER] = day.team_facts()
    for somebody, sentence in ((day.ruth, "Only the challenge manager"), (day.zed, "not on a peer challenge")):
        await somebody.types("challenge here", channel=OTHER)
        assert sentence in somebody.last.words
    assert await channel(day, OTHER) is None


async def test_a_manager_of_two_says_which_unless_the_people_in_it_tell(day: Day) -> None:
    await day.mina.types("challenge new Borset Council, adass, 1 to 3 Dec 2026")
    await day.mina.sends()
    day.facts[OTHER] = day.team_facts(members=(day.mina.person,))
    await day.mina.types("challenge here", channel=OTHER)
    assert "“challenge here Anyshire ICS”" in day.mina.last.words
    assert await channel(day, OTHER) is None
    await day.mina.types("challenge here Borset", channel=OTHER)
    assert "This is the Borset Council team’s channel now." in "\n".join(post.words for post in day.platform.shown)
    day.facts["C-third"] = day.team_facts()
    await day.mina.types("challenge here", channel="C-third")
    third = await channel(day, "C-third")
    assert third
    assert day.challenge
    assert third.challenge_id == day.challenge.id


async def test_another_teams_channel_is_not_taken(day: Day) -> None:
    await day.open_challenge(host="Borset Council")  # its channel is the same one, and mina is taken off it
    async with day.app.database.begin() as uow:
        await uow.members.set_removed(day.members["mina"].id, day.now)
        await uow.commit()
    await day.mina.types("challenge here", channel=TEAM_CHANNEL)
    assert "team channel of another challenge" in day.mina.last.words


# ---------------------------------------------------------------- somebody comes in


async def test_when_somebody_else_joins_posting_stops_and_the_manager_is_told_once(bound: Day) -> None:
    await bound.zed.joins(TEAM_CHANNEL, with_zed(bound))
    assert await is_stopped(bound)
    told = [post for post in bound.mina.posts if "I have stopped posting" in post.words]
    assert len(told) == 1
    assert "One person here is not on the challenge: Zed Stranger." in told[0].words
    assert "type “challenge here”" in told[0].words
    assert "Zed" not in bound.team_channel.sees
    await bound.zed.joins(TEAM_CHANNEL, with_zed(bound))
    assert len([post for post in bound.mina.posts if "I have stopped posting" in post.words]) == 1


async def test_nothing_is_posted_while_it_is_stopped(bound: Day) -> None:
    await bound.zed.joins(TEAM_CHANNEL, with_zed(bound))
    before = bound.team_channel.sees
    await bound.mina.types("challenge dates 24 to 26 Nov 2026")
    await bound.mina.sends()
    assert bound.team_channel.sees == before


async def test_a_peer_of_the_team_may_join(bound: Day) -> None:
    await bound.priya.joins(TEAM_CHANNEL, bound.team_facts())
    assert not await is_stopped(bound)


async def test_a_channel_made_public_stops_too(bound: Day) -> None:
    await bound.mina.joins(TEAM_CHANNEL, bound.team_facts(private=False))
    assert await is_stopped(bound)
    assert "This channel is public" in bound.mina.last.words


async def test_a_channel_that_is_nobodys_is_passed_over(bound: Day) -> None:
    seen = len(bound.platform.shown)
    await bound.zed.joins(OTHER, with_zed(bound))
    assert len(bound.platform.shown) == seen


async def test_when_they_have_left_challenge_here_begins_again(bound: Day) -> None:
    await bound.zed.joins(TEAM_CHANNEL, with_zed(bound))
    await bound.mina.types("challenge here", channel=TEAM_CHANNEL)
    assert await is_stopped(bound)
    bound.facts[TEAM_CHANNEL] = bound.team_facts()
    await bound.mina.types("challenge here", channel=TEAM_CHANNEL)
    assert not await is_stopped(bound)
    assert "is fit" in bound.mina.last.words


async def test_when_the_channel_is_seen_to_be_fit_again_posting_resumes(bound: Day) -> None:
    await bound.zed.joins(TEAM_CHANNEL, with_zed(bound))
    await bound.mina.joins(TEAM_CHANNEL, bound.team_facts())
    assert not await is_stopped(bound)
    assert "is fit" in bound.mina.last.words


async def test_putting_the_newcomer_on_the_team_begins_again(bound: Day) -> None:
    await bound.zed.joins(TEAM_CHANNEL, with_zed(bound))
    await bound.mina.types("challenge team add @zed as peer", people=(bound.zed,))
    assert not await is_stopped(bound)
    assert "is fit" in bound.mina.sees


async def test_not_while_something_else_is_wrong(bound: Day) -> None:
    await bound.zed.joins(TEAM_CHANNEL, replace(with_zed(bound), private=False))
    await bound.mina.types("challenge team add @zed as peer", people=(bound.zed,))
    assert await is_stopped(bound)
    await bound.mina.types("challenge")
    assert "Posting in the team channel is stopped: it is public." in bound.mina.last.words


async def remove(day: Day, somebody: Somebody) -> None:
    await day.mina.types("challenge team remove @x", people=(somebody,))
    await day.mina.presses("Remove")


async def test_a_removed_peer_who_is_still_in_the_channel_stops_it(bound: Day) -> None:
    await remove(bound, bound.tom)
    assert await is_stopped(bound)
    assert "still in the team channel when I last looked" in bound.mina.last.words
    await bound.mina.types("challenge")
    assert "1 person in it is not on the challenge" in bound.mina.last.words
    await bound.mina.types("challenge team add @tom as peer", people=(bound.tom,))
    assert not await is_stopped(bound)


async def test_a_removed_peer_who_was_never_in_it_does_not(bound: Day) -> None:
    facts = bound.team_facts()
    bound.facts[TEAM_CHANNEL] = replace(facts, members=tuple(one for one in facts.members if one.id != "tom"))
    await bound.mina.types("challenge here", channel=TEAM_CHANNEL)
    await remove(bound, bound.tom)
    assert not await is_stopped(bound)
    assert "still in the team channel" not in bound.mina.last.words
