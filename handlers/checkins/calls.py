"""Agreeing a time for the manager's call with each peer: the peer says when they are free, the manager agrees or names
another time, the peer says yes or suggests again; both see what is agreed, and hear of it on the morning.
"""

from dataclasses import replace
from datetime import datetime

from handlers.access import TEAM
from handlers.chat import Form, FormErrors, Outcome, Said, Submitted
from handlers.checkins import forms, posts
from handlers.checkins.actions import access_check_in, managed_check_in
from handlers.checkins.answering import access_share, call_news
from handlers.checkins.rules import (
    TimeHasChanged,
    Unclear,
    call_key,
    find_offered_times,
    is_asked,
    read_call_time,
    read_offered_times,
    times_offered,
)
from handlers.checkins.schedule import lay_call
from handlers.desk import Turn
from handlers.errors import RecordGone
from storage.errors import NotStored
from storage.records import Challenge, CheckIn, CheckInReply, Member, Post

# ---------------------------------------------------------------- the manager


async def show_calls(turn: Turn, _args: str) -> None:
    challenge, check_in = await managed_check_in(turn)
    await turn.answer_in_private(challenge, replace(posts.calls(check_in), anew=True))


async def calls_pressed(turn: Turn, check_in_id: str) -> None:
    challenge, check_in = await access_check_in(turn, check_in_id)
    await turn.answer_in_private(challenge, replace(posts.calls(check_in), anew=True))


async def agree(turn: Turn, value: str) -> None:
    """The manager takes a time that the peer has offered."""
    record, at = _moment_in(value)
    challenge, check_in, member, reply = await _access_peer(turn, record)
    if reply.call_at is not None and reply.call_at != at:
        raise TimeHasChanged
    if at not in times_offered(check_in, reply, now=turn.now, zone=challenge.tz):
        raise TimeHasChanged
    await _settle(turn, challenge, check_in, member, replace(reply, call_at=at, call_agreed_at=turn.now))
    await turn.tell(challenge, member.person_id, replace(posts.call(check_in, member.id), anew=True))
    await turn.answer_in_private(challenge, posts.calls(check_in))


async def open_set_call(turn: Turn, record: str) -> Form:
    _, check_in, member, reply = await _access_peer(turn, record)
    return forms.set_call_form(member.name, record, reply.answers.get(call_key(check_in), ""))


async def set_call(turn: Turn, submitted: Submitted) -> Outcome:
    """The manager names a time; the peer is asked whether it suits them."""
    challenge, check_in, member, reply = await _access_peer(turn, submitted.carried.get("record", ""))
    try:
        at = read_call_time(str(submitted.values.get("at", "")), now=turn.now, zone=challenge.tz)
    except Unclear as unclear:
        return FormErrors({"at": str(unclear)})
    await _settle(turn, challenge, check_in, member, replace(reply, call_at=at, call_agreed_at=None))
    await turn.tell(challenge, member.person_id, replace(posts.call(check_in, member.id), anew=True))
    await turn.answer_in_private(challenge, posts.calls(check_in))
    return None


async def _access_peer(turn: Turn, record: str) -> tuple[Challenge, CheckIn, Member, CheckInReply]:
    """A peer's share of a check-in, for the manager. Raises `RecordGone`, and whatever `access_challenge` raises."""
    check_in_id, member_id = posts.ids_in(record)
    challenge, check_in = await access_check_in(turn, check_in_id)
    try:
        member = await turn.uow.members.get(member_id)
    except NotStored as exc:
        raise RecordGone from exc
    if member.challenge_id != challenge.id or not is_asked(member):
        raise RecordGone
    return challenge, check_in, member, await turn.uow.checkins.reply_of(check_in, member.id)


# ---------------------------------------------------------------- the peer


async def accept(turn: Turn, value: str) -> None:
    """ "That suits me", of the time that stands; of an older one it agrees to nothing."""
    record, at = _moment_in(value)
    challenge, check_in, member = await access_share(turn, record)
    reply = await turn.uow.checkins.reply_of(check_in, member.id)
    if reply.call_at != at:
        raise TimeHasChanged
    if reply.call_agreed_at is None:
        await _settle(turn, challenge, check_in, member, replace(reply, call_agreed_at=turn.now))
        await posts.tell_managers_politely(turn, challenge, call_news(check_in, member))
    await turn.answer_in_private(challenge, posts.call(check_in, member.id))


async def open_suggest(turn: Turn, record: str) -> Form:
    _, check_in, member = await access_share(turn, record)
    reply = await turn.uow.checkins.reply_of(check_in, member.id)
    return forms.suggest_form(record, reply.answers.get(call_key(check_in), ""))


async def suggest(turn: Turn, submitted: Submitted) -> Outcome:
    """The peer says when else; what was agreed before is not agreed any more."""
    record = submitted.carried.get("record", "")
    challenge, _, _ = await access_share(turn, record)
    try:
        offered = read_offered_times(str(submitted.values.get("at", "")), now=turn.now, zone=challenge.tz)
    except Unclear as unclear:
        return FormErrors({"at": str(unclear)})
    await _suggest(turn, record, offered)
    return None


async def take_reply(turn: Turn, post: Post, said: Said) -> None:
    """A reply under the time: another time ("4 pm would be better") is the peer's suggestion, and no finding."""
    turn.allowed = TEAM
    challenge, check_in, member = await access_share(turn, post.record)
    call_at = (await turn.uow.checkins.reply_of(check_in, member.id)).call_at
    day = call_at.astimezone(challenge.tz).date() if call_at else None
    offered = find_offered_times(said.text, now=turn.now, zone=challenge.tz, day=day)
    if offered:
        await _suggest(turn, post.record, offered)
    else:
        how = "Nothing was changed or logged. Press a button above, or reply with a day and a time, as “Thursday 4 pm”."
        await turn.say(how, challenge=challenge)


async def _suggest(turn: Turn, record: str, offered: str) -> None:
    challenge, check_in, member = await access_share(turn, record)
    reply = await turn.uow.checkins.reply_of(check_in, member.id)
    answers = {**reply.answers, call_key(check_in): offered}
    changed = replace(reply, answers=answers, version=reply.version + 1, call_at=None, call_agreed_at=None)
    await _settle(turn, challenge, check_in, member, changed)
    await posts.tell_managers_politely(turn, challenge, call_news(check_in, member))
    await turn.answer_in_private(challenge, posts.call(check_in, member.id))


# ---------------------------------------------------------------- both


async def _settle(turn: Turn, challenge: Challenge, check_in: CheckIn, member: Member, reply: CheckInReply) -> None:
    """Keep how the call stands, and lay or take away the word on its morning."""
    await turn.uow.checkins.save(reply)
    await lay_call(turn, challenge, member.id, reply.call_at if reply.call_agreed_at else None)
    await posts.redraw_for_managers(turn, challenge, posts.calls(check_in))
    await turn.redraw(challenge, member.person_id, posts.prompt(check_in, member.id))


def _moment_in(value: str) -> tuple[str, datetime]:
    """The share and the moment that a button carries. Raises `RecordGone`."""
    record, _, at = value.partition("|")
    try:
        return record, datetime.fromisoformat(at)
    except ValueError as exc:
        raise RecordGone from exc
