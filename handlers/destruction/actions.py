"""Signing off and taking it back, confirming item by item, reminding, exporting the register, closing the challenge."""

from collections.abc import Collection
from dataclasses import replace

from handlers.access import ANYONE, Seat, access_challenge, access_meant_seat, seats_of
from handlers.chat import Form, FormErrors, Outcome, Said, Submitted
from handlers.dates import day_in_words
from handlers.desk import Turn
from handlers.destruction import cards, posts
from handlers.destruction.rules import (
    BETWEEN_REMINDERS,
    EVERYTHING,
    FIRST_REMINDER,
    NONE_HELD,
    NOT_YET,
    NotSignedOff,
    NotYours,
    Over,
    Unclear,
    check_may_sign_off,
    check_may_take_back,
    holds_notes,
    read_sign_off,
)
from handlers.destruction.schedule import lay_reminder, remind_missing, stop_reminders
from handlers.errors import ChallengeIsOver, NotAllowed, RecordGone, WhichChallenge
from handlers.keeping import keeping_of
from handlers.team.opening import lay_schedule
from storage.errors import NotStored
from storage.records import Challenge, ChallengeId, Intent, Member, MemberId, NoteDestruction, Post

# ---------------------------------------------------------------- signing off


async def start_sign_off(turn: Turn, _args: str) -> Form:
    challenge = (await access_meant_seat(turn)).challenge
    check_may_sign_off(challenge, turn.local(challenge).date(), (await keeping_of(turn, challenge)).hold)
    today = turn.local(challenge).date()
    return cards.sign_off_form(challenge, len(await _note_holders(turn, challenge)), f"{today.day} {today:%B %Y}")


async def _note_holders(turn: Turn, challenge: Challenge) -> list[Member]:
    team = await turn.uow.members.of_challenge(challenge.id, with_removed=True)
    return [member for member in team if holds_notes(member, challenge)]


async def sign_off(turn: Turn, submitted: Submitted) -> Outcome:
    """1 note the day; 2 enter everybody's items and ask them; 3 lay the reminders; 4 show how it stands."""
    challenge = (await access_challenge(turn, ChallengeId(submitted.carried.get("challenge", "")))).challenge
    check_may_sign_off(challenge, turn.local(challenge).date(), (await keeping_of(turn, challenge)).hold)
    try:
        at = read_sign_off(str(submitted.values.get("day", "")), challenge=challenge, now=turn.now)
    except Unclear as unclear:
        return FormErrors({"day": str(unclear)})
    await turn.uow.challenges.sign_off(challenge.id, at)
    turn.audit(challenge.id, "challenge.signed_off")
    for member in await _note_holders(turn, challenge):
        for item in turn.house.framework_of(challenge).destruction:
            await turn.uow.destruction.ask(NoteDestruction(challenge.id, member.id, item.key, turn.now))
        await turn.tell(challenge, member.person_id, posts.request(member, anew=True))
    await lay_reminder(turn, challenge, FIRST_REMINDER)
    await lay_schedule(turn, replace(challenge, signed_off_at=at))
    await turn.answer_in_private(challenge, posts.status(challenge, anew=True))
    return None


async def take_back(turn: Turn, _args: str) -> None:
    """It was not signed off after all: whoever has been asked hears it at once, whatever the hour."""
    challenge = (await access_meant_seat(turn)).challenge
    rows = await turn.uow.destruction.of_challenge(challenge.id)
    check_may_take_back(rows, challenge, turn.now, (await keeping_of(turn, challenge)).hold)
    asked = (await posts.progress_now(turn, challenge)).asked
    await turn.uow.destruction.withdraw(challenge.id)
    await turn.uow.challenges.change(challenge.id, signed_off_at=None)
    turn.audit(challenge.id, "challenge.not_signed_off")
    await stop_reminders(turn, challenge)
    await lay_schedule(turn, replace(challenge, signed_off_at=None))
    await turn.uow.outbox.drop_waiting(challenge.id, posts.REQUEST)
    for member in asked:
        await turn.send_to(challenge, member, Intent(posts.KEEP, posts.TO_BE_FOUND, challenge.id))
    said = f"Taken back: the report is not signed off. {len(asked)} people have been told to keep their notes."
    await turn.answer("notice", challenge=challenge, params={"text": said}, to=turn.in_private)


# ---------------------------------------------------------------- one's own notes


async def confirm(turn: Turn, value: str) -> None:
    """One item (or all that is left): destroyed, none held, or not yet after all."""
    member_id, _, rest = value.partition(":")
    item, _, said = rest.partition(":")
    challenge, member, rows = await _access_own(turn, member_id)
    if challenge.ended_at is not None:
        raise Over
    if item == EVERYTHING:
        items: Collection[str] = [row.item for row in rows if row.confirmed_at is None]
    else:
        items = [item]
    was_done = all(row.confirmed_at is not None for row in rows)
    at = None if said == NOT_YET else turn.now
    await turn.uow.destruction.confirm(challenge.id, member.id, items, at, none_held=said == NONE_HELD)
    turn.audit(challenge.id, "notes.confirmed" if at else "notes.not_yet", about=member.id, items=len(items))
    await turn.answer_in_private(challenge, posts.request(member))
    await _tell_managers(turn, challenge, was_done=was_done)


async def show_own(turn: Turn, member_id: str) -> None:
    challenge, member, _ = await _access_own(turn, member_id)
    await turn.answer_in_private(challenge, posts.request(member, anew=True))


async def take_reply(turn: Turn, post: Post, _said: Said) -> None:
    """A reply under the request is no finding, and confirms nothing: only a button says which notes are destroyed."""
    turn.allowed = ANYONE
    challenge, member, _ = await _access_own(turn, post.record)
    await turn.say("Press what is destroyed. Nothing was logged.", challenge=challenge)
    await turn.answer_in_private(challenge, posts.request(member, anew=True))


async def _access_own(turn: Turn, member_id: str) -> tuple[Challenge, Member, list[NoteDestruction]]:
    """A person's own rows of the register. Whoever has left the team may still confirm: nothing else is open to them.

    Raises `RecordGone`, `NotYours`, or `NotSignedOff` when the sign-off was taken back.
    """
    try:
        member = await turn.uow.members.get(MemberId(member_id))
    except NotStored as exc:
        raise RecordGone from exc
    if member.person_id != turn.account.person_id:
        raise NotYours
    rows = await turn.uow.destruction.of_member(member.challenge_id, member.id)
    if not rows:
        raise NotSignedOff
    return await turn.uow.challenges.get(member.challenge_id), member, rows


async def _tell_managers(turn: Turn, challenge: Challenge, *, was_done: bool) -> None:
    """The managers' cards follow; when the last one has confirmed they are told, once the reminders are over."""
    progress = await posts.progress_now(turn, challenge)
    if progress.is_done and not was_done:
        await stop_reminders(turn, challenge)
        for manager in await turn.managers_of(challenge):
            await turn.tell(challenge, manager.person_id, posts.finished(challenge))
    if was_done and not progress.is_done:
        await lay_reminder(turn, challenge, BETWEEN_REMINDERS)
    for manager in await turn.managers_of(challenge):
        for intent in (posts.status(challenge), posts.finished(challenge)):
            await turn.redraw(challenge, manager.person_id, replace(intent, anew=False))


# ---------------------------------------------------------------- the register


async def show(turn: Turn, _args: str) -> None:
    """The manager's "6 of 7"; for anybody else their own notes."""
    managed = await _registers(turn)
    if managed:
        await turn.answer_in_private(managed[0], posts.status(managed[0], anew=True))
        return
    own = await turn.uow.destruction.asked_of(turn.account.person_id)
    if not own:
        raise NotSignedOff
    members = [await turn.uow.members.get(member_id) for member_id in own]
    for member in members:
        challenge = await turn.uow.challenges.get(member.challenge_id)
        await turn.answer_in_private(challenge, posts.request(member, anew=True))


async def _registers(turn: Turn) -> list[Challenge]:
    """The signed-off challenges that the person manages, the unfinished first, then the newest; the channel's alone in
    a team channel."""
    channel = await turn.uow.channels.find(turn.place.platform, turn.place.workspace, turn.place.id)
    found = [
        seat.challenge
        for seat in await seats_of(turn, even_over=True)
        if seat.is_manager and seat.challenge.signed_off_at is not None
        and (channel is None or channel.challenge_id == seat.challenge.id)
    ]  # fmt: skip
    return sorted(found, key=lambda challenge: challenge.ended_at is not None)


async def _managed_register(turn: Turn) -> Challenge:
    """Raises `WhichChallenge` when several are signed off and live, `NotSignedOff`, or `NotAllowed` for somebody who
    manages nothing."""
    if turn.chosen:
        return await _access_register(turn, turn.chosen, even_over=True)
    found = await _registers(turn)
    live = [challenge for challenge in found if challenge.ended_at is None]
    if len(live) > 1:
        raise WhichChallenge(live)
    if found:
        return found[0]
    if any(seat.is_manager for seat in await seats_of(turn, even_over=True)):
        raise NotSignedOff
    raise NotAllowed


async def _access_register(turn: Turn, challenge_id: str, *, even_over: bool = False) -> Challenge:
    challenge = (await access_challenge(turn, ChallengeId(challenge_id), even_over=even_over)).challenge
    if challenge.signed_off_at is None:
        raise NotSignedOff
    return challenge


async def export(turn: Turn, _args: str) -> None:
    await _send_register(turn, await _managed_register(turn))


async def export_pressed(turn: Turn, challenge_id: str) -> None:
    await _send_register(turn, await _access_register(turn, challenge_id, even_over=True))


async def _send_register(turn: Turn, challenge: Challenge) -> None:
    turn.audit(challenge.id, "register.exported")
    await turn.answer_in_private(challenge, Intent(posts.REGISTER, posts.TO_BE_FOUND, challenge.id))


async def remind(turn: Turn, _args: str) -> None:
    await _remind(turn, await _managed_register(turn))


async def remind_pressed(turn: Turn, challenge_id: str) -> None:
    await _remind(turn, await _access_register(turn, challenge_id))


async def _remind(turn: Turn, challenge: Challenge) -> None:
    if challenge.ended_at is not None:
        raise ChallengeIsOver
    reminded = await remind_missing(turn, challenge)
    said = f"Reminded {reminded}, privately." if reminded else "Nobody was reminded: all have confirmed or heard today."
    await turn.answer("notice", challenge=challenge, params={"text": said}, to=turn.in_private)


async def stop_pressed(turn: Turn, challenge_id: str) -> None:
    challenge = await _access_register(turn, challenge_id)
    await stop_reminders(turn, challenge)
    await turn.answer_in_private(challenge, posts.status(challenge))


async def start_pressed(turn: Turn, challenge_id: str) -> None:
    challenge = await _access_register(turn, challenge_id)
    await lay_reminder(turn, challenge, BETWEEN_REMINDERS)
    await turn.answer_in_private(challenge, posts.status(challenge))


# ---------------------------------------------------------------- closing the challenge


async def start_closing(turn: Turn, _args: str) -> Form:
    return await _close_form(turn, await access_meant_seat(turn))


async def close_pressed(turn: Turn, challenge_id: str) -> Form:
    return await _close_form(turn, await access_challenge(turn, ChallengeId(challenge_id)))


async def _close_form(turn: Turn, seat: Seat) -> Form:
    return cards.close_form(seat.challenge, await posts.progress_now(turn, seat.challenge))


async def close(turn: Turn, submitted: Submitted) -> Outcome:
    """1 it is over; 2 everything by the clock is taken off the schedule; 3 say so. Nothing is deleted."""
    challenge = (await access_challenge(turn, ChallengeId(submitted.carried.get("challenge", "")))).challenge
    await turn.uow.challenges.change(challenge.id, ended_at=turn.now)
    turn.audit(challenge.id, "challenge.closed")
    await stop_reminders(turn, challenge)
    await lay_schedule(turn, replace(challenge, ended_at=turn.now))
    on = day_in_words(turn.local(challenge).date())
    said = f"{challenge.host} is closed, on {on}. Nothing was deleted: type “destruction export” for the register."
    await turn.answer("notice", challenge=challenge, params={"text": said}, to=turn.in_private)
    return None
