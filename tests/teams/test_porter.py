"""Posts on their way to Teams: where they go, and what each answer of Teams makes of them."""

import re
from datetime import timedelta

import pytest

from bot.ports import BLOCKED, SHUT_OUT, Gone, NotSent, Refused, Target, Unsure
from bot.teams.porter import TeamsPorter
from bot.teams.render import TeamsMessage, render_card
from handlers.chat import Card, text
from handlers.desk import Desk
from storage.records import Address, Intent
from tests.fakes.teams import Fault, visible_text
from tests.teams.world import TeamsDay

CARD = Card("#1 saved", (text("#1 saved · Vision"),))
OTHER = Card("#1 saved", (text("#1 saved · Governance"),))


def porter_of(day: TeamsDay) -> TeamsPorter:
    porter = day.app.porters["teams"]
    assert isinstance(porter, TeamsPorter)
    return porter


def page_of(card: Card) -> TeamsMessage:
    (page,) = render_card(card)
    return page


async def post(day: TeamsDay, target: Target, card: Card = CARD) -> str:
    return await porter_of(day).post(target, page_of(card), key="k")


# ---------------------------------------------------------------- where it goes


async def test_a_post_in_a_personal_chat_notifies_without_the_words_of_the_card(teams_day: TeamsDay) -> None:
    message = await post(teams_day, Target(teams_day.priya.chat.id))
    shown = teams_day.last_dm("priya")
    assert (shown.id, shown.summary, visible_text(shown)) == (message, "#1 saved", "#1 saved · Vision")
    (call,) = [one for one in teams_day.teams.calls_of("send") if one.body.get("summary") == "#1 saved"]
    assert "text" not in call.body, "text and card in one activity would be split"


async def test_a_post_in_a_channel_begins_a_thread_and_a_reply_stands_under_it(teams_day: TeamsDay) -> None:
    channel = teams_day.team_channel
    first = await post(teams_day, Target(channel.id))
    second = await post(teams_day, Target(channel.id, thread=first))
    posts = {one.id: one.thread for one in teams_day.teams.posts_in(channel)}
    assert posts[first] == ""
    assert posts[second] == first


async def test_a_post_in_a_group_chat_is_a_message(teams_day: TeamsDay) -> None:
    chat = teams_day.teams.group_chat([teams_day.mina, teams_day.tom])
    await teams_day.mina.says(chat, "@Baseroom help")
    await teams_day.settled()
    message = await post(teams_day, Target(chat.id, thread="1"))
    assert message in [one.id for one in teams_day.teams.posts_in(chat)]


@pytest.mark.parametrize("threaded", [False, True])
async def test_a_post_is_edited_and_deleted_where_it_stands(teams_day: TeamsDay, threaded: bool) -> None:
    channel = teams_day.team_channel
    first = await post(teams_day, Target(channel.id))
    for thread in ("", first) if threaded else ("",):
        message = await post(teams_day, Target(channel.id, thread=first if threaded else ""))
        here = Target(channel.id, thread=thread)
        await porter_of(teams_day).update(here, message, page_of(OTHER))
        (shown,) = [one for one in teams_day.teams.posts_in(channel) if one.id == message]
        assert visible_text(shown) == "#1 saved · Governance"
        await porter_of(teams_day).delete(here, message)
        assert shown.deleted
        with pytest.raises(Gone):
            await porter_of(teams_day).update(here, message, page_of(OTHER))
        with pytest.raises(Gone):
            await porter_of(teams_day).delete(here, message)


async def test_what_is_for_one_person_goes_to_their_own_chat(teams_day: TeamsDay) -> None:
    before = len(teams_day.teams.posts_in(teams_day.team_channel))
    assert await post(teams_day, Target(teams_day.team_channel.id, only_to=teams_day.priya.id)) == ""
    assert visible_text(teams_day.last_dm("priya")) == "#1 saved · Vision"
    assert len(teams_day.teams.posts_in(teams_day.team_channel)) == before


async def test_a_chat_is_opened_with_somebody_who_has_never_spoken(teams_day: TeamsDay) -> None:
    zed = teams_day.zed
    async with teams_day.app.database.begin() as uow:
        account = await uow.accounts.add("teams", teams_day.teams.tenant_id, zed.id, teams_day.clock.now())
        await uow.commit()
    assert await porter_of(teams_day).open_dm(account) == zed.chat.id
    assert await porter_of(teams_day).open_dm(account) == zed.chat.id
    assert len([one for one in teams_day.teams.calls_of("create") if not one.body["isGroup"]]) == 1
    await post(teams_day, Target(zed.chat.id))
    assert visible_text(teams_day.last_dm("zed")) == "#1 saved · Vision"


async def test_a_place_that_teams_does_not_know_is_refused(teams_day: TeamsDay) -> None:
    with pytest.raises(Gone):
        await post(teams_day, Target("a:nobodys"))
    with pytest.raises(Refused, match=re.escape(SHUT_OUT)):
        await post(teams_day, Target("19:nowhere@thread.tacv2"))


# ---------------------------------------------------------------- what Teams answers


async def test_what_was_not_taken_may_be_sent_again_after_the_wait(teams_day: TeamsDay) -> None:
    before = len(teams_day.from_baseroom("priya"))
    for fault, seconds in (
        (Fault.answers(429, "Throttled", retry_after=30), 30),
        (Fault.answers(429, "Throttled"), 5),
        (Fault.answers(412, "PreconditionFailed"), 5),
    ):
        teams_day.teams.fault("send", fault)
        with pytest.raises(NotSent) as not_sent:
            await post(teams_day, Target(teams_day.priya.chat.id))
        assert not_sent.value.retry_after == timedelta(seconds=seconds)
    assert len(teams_day.from_baseroom("priya")) == before


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize("what", ["send", "create"])
async def test_what_may_have_arrived_is_never_taken_for_lost(
    teams_day: TeamsDay, what: str, after_effect: bool
) -> None:
    place = teams_day.priya.chat if what == "send" else teams_day.team_channel
    faults = [Fault.answers(status, after_effect=after_effect) for status in (500, 502, 503, 504)]
    for fault in (*faults, Fault.resets(after_effect=after_effect)):
        before, calls = len(teams_day.teams.posts_in(place)), len(teams_day.teams.calls_of(what))
        teams_day.teams.fault(what, fault)
        with pytest.raises(Unsure):
            await post(teams_day, Target(place.id))
        assert len(teams_day.teams.posts_in(place)) == before + after_effect
        assert len(teams_day.teams.calls_of(what)) == calls + 1, "nothing is sent again by itself"
        await teams_day.pass_time(seconds=2)
    with pytest.raises(Unsure):
        await porter_of(teams_day).find(Target(place.id), "k", teams_day.clock.now())


async def test_an_edit_may_be_made_again_whatever_became_of_it(teams_day: TeamsDay) -> None:
    chat = Target(teams_day.priya.chat.id)
    message = await post(teams_day, chat)
    for fault, times in ((Fault.answers(500), 1), (Fault.answers(503), 1), (Fault.resets(after_effect=True), 2)):
        teams_day.teams.fault("update", fault, times=times)  # aiohttp itself asks once more after a reset
        with pytest.raises(NotSent):
            await porter_of(teams_day).update(chat, message, page_of(OTHER))
    await porter_of(teams_day).update(chat, message, page_of(OTHER))
    assert teams_day.reads("priya") == "#1 saved · Governance"


async def test_somebody_who_has_blocked_or_removed_baseroom_is_known_by_every_shape_of_the_error(
    teams_day: TeamsDay,
) -> None:
    teams_day.priya.blocks()
    for numbers in (False, True):
        teams_day.teams.errors_are_numbers = numbers
        with pytest.raises(Refused, match=f"^{BLOCKED}$"):
            await post(teams_day, Target(teams_day.priya.chat.id))
    teams_day.priya.unblocks()
    teams_day.priya.user.installed = False
    with pytest.raises(Refused, match=f"^{BLOCKED}$"):
        await post(teams_day, Target(teams_day.priya.chat.id))


async def test_a_team_that_baseroom_was_taken_out_of_is_no_persons_doing(teams_day: TeamsDay) -> None:
    assert teams_day.team_channel.team
    teams_day.team_channel.team.app = False
    with pytest.raises(Refused, match=re.escape(SHUT_OUT)):
        await post(teams_day, Target(teams_day.team_channel.id))


async def test_a_message_that_is_too_large_is_refused_in_plain_words(teams_day: TeamsDay) -> None:
    big = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "x" * 60_000}]}]
    page = TeamsMessage("#1", {"type": "AdaptiveCard", "version": "1.5", "body": big})
    with pytest.raises(Refused, match="larger than Teams takes"):
        await porter_of(teams_day).post(Target(teams_day.priya.chat.id), page, key="k")


async def test_a_token_that_is_no_longer_good_sends_nothing_and_is_no_refusal(teams_day: TeamsDay) -> None:
    teams_day.teams.entra.revoke()
    with pytest.raises(NotSent):
        await post(teams_day, Target(teams_day.priya.chat.id))


async def test_teams_out_of_reach_is_provably_not_sent(teams_day: TeamsDay) -> None:
    place = await teams_day.wired.directory.where(teams_day.priya.chat.id)
    assert place
    await teams_day.teams.stop()
    await teams_day.wired.clients.close()
    with pytest.raises(NotSent):
        await post(teams_day, Target(teams_day.priya.chat.id))


# ---------------------------------------------------------------- pace, and courtesies


async def test_over_the_pace_a_post_does_not_leave(teams_day: TeamsDay) -> None:
    await teams_day.pass_time(seconds=40)
    for _ in range(7):
        await post(teams_day, Target(teams_day.priya.chat.id))
    with pytest.raises(NotSent) as not_sent:
        await post(teams_day, Target(teams_day.priya.chat.id))
    assert timedelta(0) < not_sent.value.retry_after <= timedelta(seconds=1.01)
    assert teams_day.teams.throttle.over == 0
    await teams_day.pass_time(seconds=2.1)
    await post(teams_day, Target(teams_day.priya.chat.id))


async def test_thirty_messages_in_a_breath_are_all_answered_and_teams_never_has_to_refuse(teams_day: TeamsDay) -> None:
    for number in range(30):
        await teams_day.priya.dm(f"Carer number {number} waits too long #access")
    await teams_day.settled()
    await teams_day.pass_time(minutes=2)
    assert len(await teams_day.wall()) == 30
    assert teams_day.teams.throttle.over == 0
    assert teams_day.teams.rejected == []


async def test_typing_is_shown_and_where_it_cannot_be_nothing_happens(teams_day: TeamsDay) -> None:
    await porter_of(teams_day).typing(teams_day.priya.chat.id)
    assert teams_day.teams.typing == [teams_day.priya.chat]
    teams_day.priya.blocks()
    await porter_of(teams_day).typing(teams_day.priya.chat.id)
    await porter_of(teams_day).typing("a:nobodys")


# ---------------------------------------------------------------- through the outbox


async def test_a_receipt_that_may_have_arrived_is_asked_about_and_not_sent_twice(teams_day: TeamsDay) -> None:
    teams_day.teams.fault("send", Fault.resets(after_effect=True))
    await teams_day.after(teams_day.priya.dm("Partners share one plan #vision"))
    await teams_day.pass_time(minutes=1)
    assert len([one for one in teams_day.from_baseroom("priya") if "#1 saved" in teams_day.priya.sees(one)]) == 1
    asked = teams_day.newest("mina", "Did this appear?")
    assert "to Priya Nair in Teams" in teams_day.mina.sees(asked)
    await teams_day.after(teams_day.mina.presses(asked, "It appeared"))
    assert "Noted: it appeared." in teams_day.mina.sees(asked)
    assert len([one for one in teams_day.from_baseroom("priya") if "#1 saved" in teams_day.priya.sees(one)]) == 1


async def test_a_receipt_that_did_not_arrive_is_sent_when_the_manager_says_so(teams_day: TeamsDay) -> None:
    teams_day.teams.fault("send", Fault.answers(503))
    await teams_day.after(teams_day.priya.dm("Partners share one plan #vision"))
    await teams_day.pass_time(minutes=1)
    await teams_day.after(teams_day.mina.presses(teams_day.newest("mina", "Did this appear?"), "Post it again"))
    assert "#1 saved" in teams_day.reads("priya")


async def test_the_manager_is_told_once_of_a_peer_who_has_blocked_baseroom(teams_day: TeamsDay) -> None:
    teams_day.tom.blocks()
    for _ in range(2):
        async with teams_day.app.database.begin() as uow:
            desk = Desk(uow, teams_day.clock.now(), teams_day.app.house)
            assert teams_day.challenge
            (tom,) = [one for one in await uow.members.of_challenge(teams_day.challenge.id) if one.name == "Tom Sutton"]
            await desk.send_to(teams_day.challenge, tom, Intent("notice", Address("", ""), params={"text": "News."}))
            await uow.commit()
        await teams_day.settled()
    told = [one for one in teams_day.from_baseroom("mina") if "removed or blocked me" in teams_day.mina.sees(one)]
    assert len(told) == 1
