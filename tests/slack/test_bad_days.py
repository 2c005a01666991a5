"""What goes wrong between people, Slack and Baseroom: nothing is lost, nothing is kept twice, and everybody is told."""

import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.slack.wiring import EVENTS_PATH
from storage.unit_of_work import Database, UnitOfWork
from tests.fakes.slack import Fault, control_sequences, controls, sign, visible_text
from tests.slack.world import SlackDay, a_slack_day

HEARD = "Carers wait too long"


@dataclass
class FailingDatabase:
    """The database as what comes in finds it: it cannot be opened so many times."""

    real: Database
    failures: int

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        if self.failures:
            self.failures -= 1
            raise OSError("disk I/O error")
        return self.real.begin()

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self.real.reading()


async def heard(day: SlackDay) -> list[str]:
    return [finding.text for finding in await day.wall()]


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize("fault", [Fault.refuses("expired_trigger_id"), Fault.resets()])
async def test_a_form_that_slack_opens_too_late_is_offered_as_a_button(slack_day: SlackDay, fault: Fault) -> None:
    slack_day.slack.fault("views.open", fault)
    await slack_day.after(slack_day.priya.types_command("/finding"))
    assert slack_day.priya.modal is None
    offer = slack_day.last_dm("priya")
    assert [control.label for control in controls(offer)] == ["Open the form"]
    await slack_day.after(slack_day.priya.presses(offer, "Open the form"))
    await slack_day.after(slack_day.priya.submits({"What you heard": HEARD}))
    assert await heard(slack_day) == [HEARD]


async def test_a_manager_who_is_on_no_challenge_yet_is_offered_the_button_too(tmp_path: Path) -> None:
    async with a_slack_day(tmp_path, "socket") as day:
        day.slack.fault("views.open", Fault.refuses("expired_trigger_id"))
        await day.asks("mina", "challenge new")
        await day.after(day.mina.presses(day.last_dm("mina"), "Open the form"))
        assert "Who is being challenged?" in day.form("mina")


async def test_a_form_behind_a_button_that_opens_too_late_is_offered_again(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.priya.dm(HEARD))
    slack_day.slack.fault("views.open", Fault.refuses("expired_trigger_id"))
    await slack_day.after(slack_day.priya.presses(slack_day.last_dm("priya"), "More"))
    (again,) = [control.label for control in controls(slack_day.last_dm("priya"))]
    await slack_day.after(slack_day.priya.presses(slack_day.last_dm("priya"), again))
    assert HEARD in slack_day.form("priya")


async def test_a_form_sent_twice_is_one_finding(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.priya.types_command("/finding"))
    sent = await slack_day.after(slack_day.priya.submits({"What you heard": HEARD}))
    await slack_day.after(slack_day.slack.deliver_again(sent))
    assert await heard(slack_day) == [HEARD]


async def test_a_form_without_fields_that_is_refused_says_why(
    slack_day: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    await slack_day.asks("mina", "challenge close")
    monkeypatch.setattr(slack_day.app.dispatch, "database", FailingDatabase(slack_day.app.database, 1))
    await slack_day.after(slack_day.mina.submits())
    assert "Something went wrong" in slack_day.form("mina")
    assert slack_day.mina.troubles == []


async def test_a_command_that_cannot_be_carried_out_is_given_back_in_its_answer(
    slack_day: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_day.app.dispatch, "database", FailingDatabase(slack_day.app.database, 2))
    await slack_day.asks("priya", "finding <!channel> A & B wait")
    (answer,) = slack_day.priya.ephemerals
    assert "nothing was changed. Please try again in a minute. You typed: finding <!channel>" in visible_text(answer)
    assert visible_text(answer).endswith("finding <!channel> A & B wait")
    assert control_sequences(answer.text, answer.blocks) == []
    assert slack_day.priya.troubles == []


async def test_a_button_that_cannot_be_carried_out_is_answered_with_a_sentence(
    slack_day: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    await slack_day.after(slack_day.priya.dm(HEARD))
    receipt = slack_day.last_dm("priya")
    monkeypatch.setattr(slack_day.app.dispatch, "database", FailingDatabase(slack_day.app.database, 2))
    await slack_day.after(slack_day.priya.presses(receipt, "Undo"))
    (answer,) = slack_day.priya.ephemerals
    assert "nothing was changed. Please try again in a minute." in visible_text(answer)
    assert slack_day.priya.troubles == []
    assert await heard(slack_day) == [HEARD]


async def test_a_shortcut_that_cannot_be_carried_out_is_answered_with_a_sentence(
    slack_day: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await slack_day.after(slack_day.priya.says(slack_day.team_channel, HEARD))
    monkeypatch.setattr(slack_day.app.dispatch, "database", FailingDatabase(slack_day.app.database, 2))
    await slack_day.after(slack_day.priya.uses_shortcut("findings.log", said))
    assert "nothing was changed" in visible_text(slack_day.priya.ephemerals[-1])
    assert slack_day.priya.troubles == []


async def test_a_form_that_is_more_than_slack_takes_is_no_dead_end(
    slack_day: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as narrow:
        narrow.setattr("bot.slack.forms.VIEW_TITLE", 1)
        await slack_day.asks("priya", "finding")
    assert slack_day.priya.troubles == []
    await slack_day.after(slack_day.priya.presses(slack_day.last_dm("priya"), "Open the form"))
    assert "What you heard" in slack_day.form("priya")


# ---------------------------------------------------------------- events


async def test_an_event_that_comes_again_is_one_finding_and_one_receipt(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.priya.dm(HEARD))
    (event,) = [one for one in slack_day.slack.deliveries if (one.payload.get("event") or {}).get("text") == HEARD]
    posts = len(slack_day.priya.dm_messages())
    await slack_day.after(slack_day.slack.deliver_again(event))
    assert await heard(slack_day) == [HEARD]
    assert len(slack_day.priya.dm_messages()) == posts


@pytest.mark.parametrize("times", [1, 2])
async def test_a_message_during_a_fault_of_the_database_is_stored_once(
    slack_day: SlackDay, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Once: it is kept and tried again. Twice: nothing can be kept, so Slack is told 500 and delivers it again."""
    await slack_day.after(slack_day.priya.dm("Partners share one plan"))
    failing = FailingDatabase(slack_day.app.database, times)
    monkeypatch.setattr(slack_day.app.dispatch, "database", failing)
    await slack_day.after(slack_day.priya.dm(HEARD))
    assert failing.failures == 0
    (event,) = [one for one in slack_day.slack.deliveries if (one.payload.get("event") or {}).get("text") == HEARD]
    assert (event.attempts[0].reason is None) == (times == 1), "Slack is told when nothing could be kept"
    await slack_day.pass_time(seconds=70)
    await slack_day.slack.retry_due()
    await slack_day.app.dispatch.retry()
    await slack_day.settled()
    assert await heard(slack_day) == ["Partners share one plan", HEARD]
    assert len([post for post in slack_day.priya.dm_messages() if "#2 saved" in visible_text(post)]) == 1


@pytest.mark.parametrize("fault", [Fault.resets(), Fault.answers(503), Fault.refuses("internal_error")])
async def test_nothing_is_refused_for_want_of_a_name(slack_day: SlackDay, fault: Fault) -> None:
    slack_day.slack.fault("users.info", fault, times=2)
    await slack_day.after(slack_day.priya.dm(HEARD))
    await slack_day.asks("tom", "finding Partners share one plan")
    assert await heard(slack_day) == [HEARD, "Partners share one plan"]
    assert slack_day.tom.troubles == []


async def test_a_link_preview_and_an_edit_that_changes_no_word_are_no_edits(slack_day: SlackDay) -> None:
    message = await slack_day.after(slack_day.priya.dm("The plan is at https://plan.example"))
    version = (await slack_day.finding(1)).version
    for delivery in slack_day.slack.unfurl(message):
        await delivery.carried_out()
    await slack_day.after(slack_day.priya.edit(message, "The plan is at https://plan.example"))
    assert (await slack_day.finding(1)).version == version


BUSY = [Fault.answers(429, retry_after=1), Fault.answers(503), Fault.refuses("internal_error")]


@pytest.mark.parametrize("fault", BUSY)
async def test_somebody_who_joins_while_slack_is_busy_is_noticed_all_the_same(
    slack_day: SlackDay, fault: Fault
) -> None:
    slack_day.slack.fault("conversations.info", fault)
    await slack_day.after(slack_day.zed.joins(slack_day.team_channel))
    assert "Zed Stranger" in slack_day.reads("mina")


async def test_a_pin_while_slack_is_busy_is_logged_once(slack_day: SlackDay) -> None:
    said = await slack_day.after(slack_day.tom.says(slack_day.team_channel, HEARD))
    slack_day.slack.fault("conversations.history", Fault.answers(503))
    await slack_day.after(slack_day.tom.reacts(said, "pushpin"))
    assert await heard(slack_day) == [HEARD]


async def test_an_event_from_a_channel_that_slack_will_not_show_is_passed_over(slack_day: SlackDay) -> None:
    slack_day.slack.fault("conversations.info", Fault.refuses("channel_not_found"))
    await slack_day.after(slack_day.zed.joins(slack_day.team_channel))
    (joined,) = [one for one in slack_day.slack.deliveries if one.event_type == "member_joined_channel"]
    assert [attempt.reason for attempt in joined.attempts] == [None]


async def test_what_baseroom_says_is_never_heard_by_it(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.tom.says(slack_day.team_channel, f"@Baseroom {HEARD}"))
    await slack_day.asks("tom", "findings all")
    echoes = [one for one in slack_day.slack.deliveries if (one.payload.get("event") or {}).get("bot_id")]
    assert echoes, "Slack does send an app its own posts"
    assert all(echo.acknowledged for echo in echoes)
    assert await heard(slack_day) == [HEARD]


async def test_a_mention_that_is_edited_is_one_finding_in_its_new_words(slack_day: SlackDay) -> None:
    said = await slack_day.after(slack_day.tom.says(slack_day.team_channel, f"@Baseroom {HEARD}"))
    await slack_day.after(slack_day.tom.edit(said, f"@Baseroom {HEARD} at night"))
    assert await heard(slack_day) == [f"{HEARD} at night"]


async def test_a_file_is_not_kept_and_its_sender_is_told(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.priya.dm(HEARD, files=["flipchart.png"]))
    assert await heard(slack_day) == [HEARD]
    assert "The attachment is not: I do not keep files." in slack_day.reads("priya")


async def test_an_event_of_another_kind_is_acknowledged_and_passed_over(slack_day: SlackDay) -> None:
    body = {"type": "event_callback", "event_id": "Ev9", "event": {"type": "pin_added", "user": slack_day.priya.id}}
    delivery = await slack_day.after(slack_day.slack.send("event", body).carried_out())
    assert delivery.acknowledged
    assert slack_day.priya.dm_messages() == []


async def test_a_button_that_is_no_longer_offered_says_that_its_card_is_old(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.priya.dm(HEARD))
    receipt = slack_day.last_dm("priya")
    pressed = await slack_day.after(slack_day.priya.presses(receipt, "Undo"))
    assert pressed
    old = {**pressed.payload, "trigger_id": "another", "actions": [{**pressed.payload["actions"][0]}]}
    old["actions"][0]["action_id"] = "findings.long_gone:0"
    delivery = await slack_day.after(slack_day.slack.send("interaction", old).carried_out())
    assert delivery.acknowledged
    assert "earlier time" in slack_day.reads("priya")


# ---------------------------------------------------------------- posts


async def test_a_post_waits_as_long_as_slack_asks(slack_day: SlackDay) -> None:
    slack_day.slack.fault("chat.postMessage", Fault.answers(429, retry_after=30))
    await slack_day.after(slack_day.priya.dm(HEARD))
    assert await heard(slack_day) == [HEARD]
    assert [post for post in slack_day.priya.dm_messages() if post.by_app] == []
    await slack_day.pass_time(seconds=31)
    assert len([post for post in slack_day.priya.dm_messages() if post.by_app]) == 1
    assert "#1 saved" in slack_day.reads("priya")


async def test_a_post_that_slack_lets_nobody_edit_any_more_is_made_anew_and_destroyed_with_the_rest(
    slack_day: SlackDay,
) -> None:
    await slack_day.after(slack_day.priya.dm("Carers wait too long #vision"))
    slack_day.slack.fault("chat.update", Fault.refuses("edit_window_closed"))
    await slack_day.after(slack_day.priya.dm("Staff know the plan #vision"))
    shown = [
        message.ts for message in slack_day.priya.dm_messages() if message.by_app and "saved" in str(message.blocks)
    ]
    assert len(shown) == 2
    async with slack_day.app.database.reading() as uow:
        assert slack_day.challenge
        known = {post.message for post in await uow.disposals.posts_left(slack_day.challenge.id, limit=100)}
    assert set(shown) <= known, "what nobody knows of would outlive the visit"


async def test_a_post_whose_answer_is_lost_is_looked_for_and_not_made_twice(slack_day: SlackDay) -> None:
    slack_day.slack.fault("chat.postMessage", Fault.resets(after_effect=True))
    await slack_day.after(slack_day.priya.dm(HEARD))
    await slack_day.pass_time(minutes=2)
    assert len([post for post in slack_day.priya.dm_messages() if "#1 saved" in visible_text(post)]) == 1
    assert slack_day.slack.calls_of("conversations.history")


async def test_somebody_who_is_not_on_the_challenge_stops_the_posts_until_they_go(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.zed.joins(slack_day.team_channel))
    assert "Zed Stranger" in slack_day.reads("mina")
    before = len(slack_day.in_channel())
    await slack_day.pass_time(hours=1)
    assert len(slack_day.in_channel()) == before, "the session of 10:45 is not for them"
    await slack_day.after(slack_day.zed.leaves(slack_day.team_channel))
    await slack_day.until(slack_day.clock.now().replace(hour=13, minute=0))
    assert "13:00 session" in visible_text(slack_day.in_channel()[-1])


async def test_a_channel_that_is_shared_outside_gets_no_more_posts_and_the_manager_is_told(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.slack.share_outside(slack_day.team_channel))
    assert "shared with another organisation" in slack_day.reads("mina")
    before = len(slack_day.in_channel())
    await slack_day.pass_time(hours=1)
    assert len(slack_day.in_channel()) == before


async def test_a_channel_that_was_archived_is_told_of_once_with_what_to_do(slack_day: SlackDay) -> None:
    slack_day.team_channel.is_archived = True
    await slack_day.pass_time(hours=2)
    await slack_day.app.rounds.look()
    await slack_day.settled()
    told = [visible_text(post) for post in slack_day.mina.dm_messages() if post.by_app]
    assert len([words for words in told if "Invite me again" in words]) == 1
    assert not [words for words in told if "could not be made" in words]
    slack_day.team_channel.is_archived = False
    await slack_day.app.rounds.look()
    await slack_day.until(slack_day.clock.now().replace(hour=13, minute=0))
    assert "13:00 session" in visible_text(slack_day.in_channel()[-1])


async def test_somebody_who_joined_while_baseroom_could_not_hear_is_seen_at_the_next_look(slack_day: SlackDay) -> None:
    slack_day.team_channel.members.append(slack_day.zed.id)
    await slack_day.app.rounds.look()
    await slack_day.settled()
    assert "Zed Stranger" in slack_day.reads("mina")


async def test_words_that_would_call_people_call_nobody(slack_day: SlackDay) -> None:
    hostile = "<!channel> *all* <@U0000000002> & <https://bad.example|good.example> @channel ```"
    await slack_day.after(slack_day.priya.dm(hostile))
    await slack_day.after(slack_day.tom.says(slack_day.team_channel, f"@Baseroom {hostile}"))
    await slack_day.asks("ruth", "findings all")
    await slack_day.asks("ruth", f"theme add {hostile[:30]}")
    await slack_day.asks("ruth", hostile)
    await slack_day.after(slack_day.priya.opens_home())
    await slack_day.pass_time(hours=1)
    posts = [post for post in slack_day.slack.workspace.messages if post.by_app]
    assert [
        control_sequences(post.text, post.blocks) for post in posts if control_sequences(post.text, post.blocks)
    ] == []
    assert (await slack_day.finding(1)).text.startswith("<!channel> *all* <@U0000000002> &")
    assert slack_day.priya.home
    assert control_sequences("", slack_day.priya.home.blocks) == []
    assert slack_day.slack.refused_calls == []


async def test_a_finding_longer_than_a_field_is_kept_whole_and_its_form_still_opens(slack_day: SlackDay) -> None:
    long = "Carers wait too long. " * 200
    await slack_day.after(slack_day.priya.dm(long))
    assert (await slack_day.finding(1)).text == long.strip()
    await slack_day.after(slack_day.priya.presses(slack_day.last_dm("priya"), "More"))
    await slack_day.after(slack_day.priya.submits({"Kind": "Strength"}))
    assert (await slack_day.finding(1)).text == long.strip()
    await slack_day.asks("priya", "findings")
    assert slack_day.slack.refused_calls == []
    assert slack_day.slack.warnings == []


# ---------------------------------------------------------------- the two doors


@pytest.mark.parametrize("slack_day", ["socket"], indirect=True)
async def test_a_connection_that_slack_makes_new_loses_nothing(slack_day: SlackDay) -> None:
    await slack_day.slack.sockets.refresh()
    await slack_day.slack.connected()
    await slack_day.after(slack_day.priya.dm(HEARD))
    assert await heard(slack_day) == [HEARD]


@pytest.mark.parametrize("slack_day", ["http"], indirect=True)
@pytest.mark.parametrize("wrong", ["forged", "stale", "none"])
async def test_a_request_that_slack_did_not_sign_is_refused_and_nothing_is_stored(
    slack_day: SlackDay, wrong: str
) -> None:
    await slack_day.after(slack_day.priya.dm(HEARD))
    body = '{"type":"event_callback","event_id":"Ev1","event":{"type":"message","text":"forged"}}'
    at = int(time.time()) - (600 if wrong == "stale" else 0)
    secret = "not ours" if wrong == "forged" else slack_day.slack.signing_secret
    headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": str(at)}
    headers |= {} if wrong == "none" else {"X-Slack-Signature": sign(secret, at, body)}
    address = f"{slack_day.slack.app_address}{EVENTS_PATH}"
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=headers) as answer:
        assert answer.status == 401
    await slack_day.settled()
    assert await heard(slack_day) == [HEARD]


ODD: Mapping[str, tuple[Mapping[str, str], bytes]] = {
    "a time without end": ({"X-Slack-Request-Timestamp": "9" * 5_000}, b"{}"),
    "a time in other digits": ({"X-Slack-Request-Timestamp": "\u0663"}, b"{}"),
    "a signature in other letters": ({"X-Slack-Signature": "v0=\u00e9"}, b"{}"),
    "a body that is no text": ({}, b"\xff\xfe"),
    "an unheard-of encoding": ({"Content-Type": "application/json; charset=nonsense"}, b"{}"),
}


@pytest.mark.parametrize("slack_day", ["http"], indirect=True)
@pytest.mark.parametrize("odd", ODD)
async def test_a_request_that_nobody_could_have_signed_is_refused_like_any_other(slack_day: SlackDay, odd: str) -> None:
    headers, body = ODD[odd]
    signed = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": f"v0={'0' * 64}"}
    address = f"{slack_day.slack.app_address}{EVENTS_PATH}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=body, headers={**signed, **headers}) as answer,
    ):
        assert (answer.status, await answer.text()) == (401, "")


@pytest.mark.parametrize("slack_day", ["http"], indirect=True)
async def test_slack_can_verify_the_address(slack_day: SlackDay) -> None:
    assert await slack_day.slack.verify_url()
