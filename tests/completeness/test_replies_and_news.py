"""What people do without a button: replies under a post that asks something, edits, deletions, and people who come into
a channel. Each is done by the one it is for and, forged, by everybody else. A reply of a new kind fails here until it
has its row.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.app import build_registry
from storage.records import Post
from tests.completeness.pressing import words_of
from tests.completeness.town import FORBIDDEN, PEOPLE, Town, difference
from tests.fieldwork.day import TEAM_CHANNEL
from tests.fieldwork.platform import Shown

TownOf = Callable[[str], Awaitable[Town]]

REGISTRY = build_registry()


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of `who` under their newest post of a kind: what is stored, and what they are told. `first` is a reply
    under another kind that brings the post about."""

    stage: str
    who: str
    words: str
    stored: str
    shown: str
    first: str = ""


REPLIES = {
    "checkins.prompt": Reply(
        "before", "priya", "Worried about the rota", "check_in_replies.answered_at", "Kept as your answer"
    ),
    "checkins.kept": Reply(
        "before", "priya", "And the budget", "check_in_replies.answered_at", "Kept as your answer", "checkins.prompt"
    ),
    "checkins.call": Reply("before", "tom", "Friday 11 am", "check_in_replies.call_at", "You suggested another time"),
    "destruction.request": Reply("after", "priya", "All done", "", "Nothing was logged"),
}
CHANGED = ("checkins.prompt", "checkins.kept")
FINDING = "A thing that was said twice"


def test_the_rows_hold_every_reply_that_is_registered() -> None:
    assert set(REPLIES) == set(REGISTRY.replies), "give each kind of reply its row"
    assert set(CHANGED) == set(REGISTRY.replies_changed), "and each whose edits are followed"


async def _post_of(town: Town, kind: str, who: str) -> Post:
    """The newest post of that kind in the person's direct messages."""
    assert town.day.challenge
    async with town.day.app.database.reading() as uow:
        posts = [post for post in await uow.posts.of_challenge(town.day.challenge.id) if post.kind == kind]
    theirs = [post for post in posts if post.conversation == f"D-{who}"]
    assert theirs, f"{who} has no {kind}"
    return max(theirs, key=lambda post: (post.posted_at, int(post.message.removeprefix("M"))))


async def _ready(town: Town, kind: str) -> Post:
    """The post to reply to."""
    row = REPLIES[kind]
    if row.first:
        under = await _post_of(town, row.first, row.who)
        await town.day.people[row.who].says("First of all the rota", thread=under.message)
        await town.day.pass_time(minutes=1)
    return await _post_of(town, kind, row.who)


def _told(town: Town, before: list[Shown], who: str) -> str:
    return "\n".join(words_of(post) for post in town.news(before, who))


@pytest.mark.parametrize("kind", sorted(REPLIES))
async def test_a_reply_is_taken_from_the_one_who_was_asked(kind: str, town_of: TownOf) -> None:
    row = REPLIES[kind]
    town = await town_of(row.stage)
    post = await _ready(town, kind)
    before, was = town.stored(), town.mark()
    await town.day.people[row.who].says(row.words, thread=post.message)
    assert row.stored in difference(before, town.stored()).split() or not row.stored
    assert bool(difference(before, town.stored())) == bool(row.stored)
    assert row.shown in _told(town, was, row.who)
    assert "+findings" not in difference(before, town.stored())


@pytest.mark.parametrize("kind", sorted(REPLIES))
async def test_a_reply_in_that_thread_by_anybody_else_changes_nothing(kind: str, town_of: TownOf) -> None:
    """No platform lets them write there; if one did, they would answer for nobody."""
    row = REPLIES[kind]
    town = await town_of(row.stage)
    post = await _ready(town, kind)
    before = town.stored()
    for who in (one for one in PEOPLE if one != row.who):
        was = town.mark()
        await town.day.people[who]._say(row.words, town.day.people[row.who]._dm(post.message))
        assert difference(before, town.stored()) == "", who
        assert [canary for canary in FORBIDDEN[who] if canary in _told(town, was, who)] == []


@pytest.mark.parametrize("how", ["edits", "deletes"])
@pytest.mark.parametrize("kind", CHANGED)
async def test_an_edit_of_a_reply_is_followed_for_its_author_alone(kind: str, how: str, town_of: TownOf) -> None:
    row = REPLIES[kind]
    town = await town_of(row.stage)
    post = await _ready(town, kind)
    author = town.day.people[row.who]
    message = await author.says(row.words, thread=post.message)
    before = town.stored()
    for who in (one for one in PEOPLE if one != row.who):
        somebody = town.day.people[who]
        words = {"words": "Forged"} if how == "edits" else {}
        await getattr(somebody, how)(message, **words, thread=post.message)
        assert difference(before, town.stored()) == "", who
    if how == "edits":
        await author.edits(message, "Worried no more", thread=post.message)
    else:
        await author.deletes(message, thread=post.message)
    assert "check_in_replies" in difference(before, town.stored())


@pytest.mark.parametrize("how", ["edits", "deletes"])
async def test_an_edit_of_a_finding_is_followed_for_its_author_alone(how: str, town_of: TownOf) -> None:
    town = await town_of("visit")
    author = town.day.people["priya"]
    message = await author.says(FINDING)
    before = town.stored()
    for who in (one for one in PEOPLE if one != "priya"):
        words = {"words": "Forged"} if how == "edits" else {}
        await getattr(town.day.people[who], how)(message, **words)
        assert difference(before, town.stored()) == "", who
    if how == "edits":
        await author.edits(message, "A thing that was said thrice")
        assert "findings.text_sealed" in difference(before, town.stored())
    else:
        await author.deletes(message)
        assert "findings.withdrawn_at" in difference(before, town.stored())


@pytest.mark.parametrize("who", PEOPLE)
async def test_whoever_comes_in_stops_the_posts_unless_they_are_on_the_team(who: str, town_of: TownOf) -> None:
    town = await town_of("visit")
    somebody = town.day.people[who]
    facts = town.day.facts[TEAM_CHANNEL]
    there = {member.id for member in facts.members}
    members = facts.members if somebody.person.id in there else (*facts.members, somebody.person)
    was = town.mark()
    await somebody.joins(TEAM_CHANNEL, town.day.team_facts(members=members))
    is_stranger = who in ("jo", "olga", "zed")
    async with town.day.app.database.reading() as uow:
        channel = await uow.channels.find(*town.day.at_home, TEAM_CHANNEL)
    assert channel
    assert (channel.stopped_at is not None) == is_stranger
    assert ("stopped posting" in _told(town, was, "mina")) == is_stranger
    assert who == "mina" or not _told(town, was, who).strip()
