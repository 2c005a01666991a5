"""Baseroom is killed while it changes a post, on a platform that keeps no trace of what was sent (as in Teams). A
change does no harm the second time, so it is made again and nobody is asked; whatever else may have arrived is asked
about.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.ports import Gone, NotSent, Refused, Target, Unsure
from storage.records import OutboxState
from tests.fieldwork.day import Day
from tests.fieldwork.test_delivery import states

HEARD = "Partners share one plan #vision"
MENDED = "Partners share one plan #governance"
AGAIN = "Partners share one and the same plan #vision"
QUESTION = "Did this appear?"
Call = Callable[..., Awaitable[None]]


@pytest.fixture
def forgetful(day: Day) -> Day:
    """A day on a platform that cannot say whether a post arrived."""
    day.platform.keeps_keys = False
    return day


def killing(call: Call, *, arrives: bool) -> Call:
    """The process dies before the call is made, or before it has its answer."""

    async def killed(*args: object) -> None:
        if arrives:
            await call(*args)
        raise asyncio.CancelledError

    return killed


async def starts_again(day: Day) -> None:
    """What it held in memory is gone, what it had written down is not; a minute goes by."""
    day.app.delivery._busy.clear()
    await day.app.delivery.recover()
    await day.pass_time(minutes=1)


async def is_killed_in(day: Day, monkeypatch: pytest.MonkeyPatch, what: str, *, arrives: bool, heard: str) -> None:
    """It dies in the first such call that comes of an edit."""
    with monkeypatch.context() as dying:
        dying.setattr(day.platform, what, killing(getattr(day.platform, what), arrives=arrives))
        await day.priya.edits(heard, MENDED)


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_change_that_was_cut_off_is_made_again_and_nobody_is_asked(
    forgetful: Day, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    heard = await forgetful.priya.says(HEARD)
    await is_killed_in(forgetful, monkeypatch, "update", arrives=arrives, heard=heard)
    await starts_again(forgetful)
    assert ["· Governance" in post.words for post in forgetful.priya.posts] == [True]
    assert QUESTION not in forgetful.mina.sees
    assert await states(forgetful) == {}


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_message_too_many_that_was_to_be_taken_away_is_taken_away(
    forgetful: Day, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    forgetful.platform.on_a_page = 1
    heard = await forgetful.priya.says(HEARD)
    assert len(forgetful.priya.posts) > 1
    forgetful.platform.on_a_page = 100
    await is_killed_in(forgetful, monkeypatch, "delete", arrives=arrives, heard=heard)
    await starts_again(forgetful)
    assert len(forgetful.priya.posts) == 1
    assert QUESTION not in forgetful.mina.sees


async def test_what_was_said_since_is_shown_and_nobody_is_asked(
    forgetful: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = await forgetful.priya.says(HEARD)
    await forgetful.pass_time(seconds=1)
    await is_killed_in(forgetful, monkeypatch, "update", arrives=False, heard=heard)
    forgetful.app.delivery._busy.clear()
    await forgetful.app.delivery.recover()
    await forgetful.pass_time(seconds=1)
    await forgetful.priya.edits(heard, AGAIN)
    await forgetful.pass_time(minutes=1)
    assert ["· Vision" in post.words for post in forgetful.priya.posts] == [True]
    assert QUESTION not in forgetful.mina.sees


@pytest.mark.parametrize("refusal", [Gone(), Refused("edit_window_closed")])
@pytest.mark.parametrize("busy", [False, True])
async def test_what_was_posted_in_its_place_is_asked_about_and_not_posted_again(
    forgetful: Day, monkeypatch: pytest.MonkeyPatch, refusal: Exception, busy: bool
) -> None:
    """The post to be changed is not there any more, or may not be changed; it dies as it posts another."""
    heard = await forgetful.priya.says(HEARD)
    (stood,) = forgetful.priya.posts

    async def update(*_args: object) -> None:
        raise refusal

    async def post(target: Target, page: object, *, key: str) -> str:
        await really(target, page, key=key)
        raise asyncio.CancelledError

    really = forgetful.platform.post
    monkeypatch.setattr(forgetful.platform, "update", update)
    with monkeypatch.context() as dying:
        dying.setattr(forgetful.platform, "post", post)
        await forgetful.priya.edits(heard, MENDED)
    if busy:  # what is in doubt stays so, however often it has to wait
        monkeypatch.setattr(forgetful.platform, "update", _first(NotSent("busy", timedelta(seconds=5)), refusal))
    await starts_again(forgetful)
    await forgetful.pass_time(minutes=1)
    assert len([post for post in forgetful.priya.posts if post != stood]) == 1
    assert QUESTION in forgetful.mina.sees


def _first(*raised: Exception) -> Call:
    """Raises the first once, and the last from then on."""
    left = list(raised)

    async def call(*_args: object) -> None:
        raise left.pop(0) if len(left) > 1 else left[0]

    return call


async def test_a_first_post_in_doubt_is_asked_about_even_when_another_has_come_in_its_place(forgetful: Day) -> None:
    forgetful.platform.arrives_but_fails(Unsure("timeout"))
    heard = await forgetful.priya.says(HEARD)
    await forgetful.pass_time(seconds=1)
    await forgetful.priya.edits(heard, MENDED)
    assert len(forgetful.priya.posts) == 2
    await forgetful.pass_time(minutes=1)
    assert QUESTION in forgetful.mina.sees
    assert await states(forgetful) == {OutboxState.PARKED: 1}


async def test_a_post_that_may_not_be_changed_any_more_is_still_found_to_be_destroyed(
    forgetful: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = await forgetful.priya.says(HEARD)
    with monkeypatch.context() as closed:
        closed.setattr(forgetful.platform, "update", _first(Refused("edit_window_closed")))
        await forgetful.priya.edits(heard, MENDED)
    before, after = forgetful.priya.posts
    assert forgetful.challenge
    async with forgetful.app.database.reading() as uow:
        kept = {post.message for post in await uow.posts.of_challenge(forgetful.challenge.id)}
    assert {before.id, after.id} <= kept
    await forgetful.pass_time(seconds=1)
    await forgetful.priya.edits(heard, AGAIN)
    assert [post.edits for post in forgetful.priya.posts] == [0, 1], "the newer of the two is the one that is changed"
