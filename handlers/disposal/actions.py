"""Keeping longer, holding, asking for the destruction of everything and confirming it. Going on with it is not here:
once confirmed it goes on by itself, step by step, whatever happens to the process (`bot/disposal.py`)."""

from contextlib import suppress
from dataclasses import replace

from handlers.access import Seat, access_challenge, access_seat, is_appointed, seats_of
from handlers.chat import Form, FormErrors, Outcome, Submitted
from handlers.desk import Turn
from handlers.disposal import cards, posts
from handlers.disposal.rules import (
    AskedAlready,
    MayNotConfirm,
    NotHeld,
    NothingAsked,
    NothingToTell,
    Unclear,
    check_free_of_hold,
    check_not_held,
    check_second_person,
    check_until,
    host_is,
    may_confirm,
)
from handlers.disposal.schedule import plan
from handlers.errors import BeingDestroyed, RecordGone, Refusal, WhichChallenge
from handlers.keeping import keeping_of
from handlers.team.rules import role_title
from handlers.text import clean
from handlers.when import Unread, read_day
from storage.errors import NotStored
from storage.records import (
    AccountId,
    Challenge,
    ChallengeId,
    Disposal,
    Extension,
    ExtensionId,
    Hold,
    HoldId,
    Intent,
    PersonId,
    new_id,
)

NOT_THE_HOST = "That is not the host’s name. Type it as it stands above."
NO_REASON = "Say why, in a few words: it is kept with the challenge."


# ---------------------------------------------------------------- what is kept


async def show(turn: Turn, args: str) -> None:
    await _answer_with_kept(turn, (await _managed(turn, args)).challenge)


async def show_pressed(turn: Turn, challenge_id: str) -> None:
    await _answer_with_kept(turn, (await _pressed(turn, challenge_id)).challenge)


async def _answer_with_kept(turn: Turn, challenge: Challenge) -> None:
    await turn.answer_in_private(challenge, posts.kept(challenge))


async def _managed(turn: Turn, args: str = "") -> Seat:
    """The seat on the challenge that is meant, over or not: the channel's, the one named, or the only one.

    Raises `WhichChallenge` rather than guess, and whatever `access_challenge` raises.
    """
    channel = await turn.uow.channels.find(turn.place.platform, turn.place.workspace, turn.place.id)
    if channel is not None or turn.chosen:
        return await access_seat(turn, even_over=True)
    mine = [seat for seat in await seats_of(turn, even_over=True) if seat.member.role in turn.allowed]
    if named := args.strip().casefold():
        mine = [seat for seat in mine if named in seat.challenge.host.casefold()] or mine
    if len(mine) > 1:
        raise WhichChallenge([seat.challenge for seat in mine])
    return mine[0] if mine else await access_seat(turn)


async def _pressed(turn: Turn, challenge_id: str) -> Seat:
    return await access_challenge(turn, ChallengeId(challenge_id), even_over=True)


async def _submitted(turn: Turn, submitted: Submitted) -> Seat:
    """The seat, with the challenge as it stands now and nobody else changing it."""
    seat = await _pressed(turn, submitted.carried.get("challenge", ""))
    return replace(seat, challenge=await _locked(turn, seat.challenge))


async def _locked(turn: Turn, challenge: Challenge) -> Challenge:
    """Raises `BeingDestroyed`."""
    locked = await turn.uow.challenges.lock(challenge.id)
    if locked.destroyed_at is not None:
        raise BeingDestroyed
    return locked


def _text(submitted: Submitted, name: str) -> str:
    """What was typed into a field, on one line."""
    value = submitted.values.get(name, "")
    return " ".join(clean(value).split())[: cards.REASON_LENGTH] if isinstance(value, str) else ""


# ---------------------------------------------------------------- for longer


async def start_keeping(turn: Turn, args: str) -> Form:
    return await _keep_form(turn, (await _managed(turn, args)).challenge)


async def press_keep(turn: Turn, challenge_id: str) -> Form:
    return await _keep_form(turn, (await _pressed(turn, challenge_id)).challenge)


async def _keep_form(turn: Turn, challenge: Challenge) -> Form:
    return cards.keep_form(challenge, await keeping_of(turn, challenge))


async def keep(turn: Turn, submitted: Submitted) -> Outcome:
    """1 a later day and a reason; 2 the reminders move with it; 3 show it."""
    seat = await _submitted(turn, submitted)
    challenge, today = seat.challenge, turn.local(seat.challenge).date()
    reason = _text(submitted, "reason")
    try:
        until = read_day(_text(submitted, "until"), now=turn.now, zone=challenge.tz, prefer="future")
        if isinstance(until, Unread):
            return FormErrors({"until": until.message})
        check_until(until, now_until=(await keeping_of(turn, challenge)).destroy_by, today=today)
    except Unclear as unclear:
        return FormErrors({"until": str(unclear)})
    if not reason:
        return FormErrors({"reason": NO_REASON})
    made = Extension(ExtensionId(new_id()), challenge.id, until, reason, seat.member.id, turn.now)
    await turn.uow.keeping.extend(made)
    turn.audit(challenge.id, "challenge.extended", made.id)
    await plan(turn, challenge)
    await _answer_with_kept(turn, challenge)
    return None


# ---------------------------------------------------------------- on hold


async def start_hold(turn: Turn, args: str) -> Outcome:
    """With the reason typed behind it, at once: a hold must not wait for a form."""
    seat = await _managed(turn)
    check_free_of_hold((await keeping_of(turn, seat.challenge)).hold)
    if not args.strip():
        return cards.hold_form(seat.challenge)
    await _hold(turn, replace(seat, challenge=await _locked(turn, seat.challenge)), _as_reason(args))
    return None


async def press_hold(turn: Turn, challenge_id: str) -> Form:
    seat = await _pressed(turn, challenge_id)
    check_free_of_hold((await keeping_of(turn, seat.challenge)).hold)
    return cards.hold_form(seat.challenge)


async def hold(turn: Turn, submitted: Submitted) -> Outcome:
    seat = await _submitted(turn, submitted)
    if not (reason := _text(submitted, "reason")):
        return FormErrors({"reason": NO_REASON})
    await _hold(turn, seat, reason)
    return None


async def _hold(turn: Turn, seat: Seat, reason: str) -> None:
    """1 nothing is destroyed from now on; 2 whoever was asked to destroy notes is told to keep them; 3 show it."""
    challenge = seat.challenge
    check_free_of_hold((await keeping_of(turn, challenge)).hold)
    placed = Hold(HoldId(new_id()), challenge.id, reason, seat.member.id, turn.now)
    await turn.uow.keeping.place(placed)
    turn.audit(challenge.id, "hold.placed", placed.id)
    await _tell_note_holders(turn, challenge, cards.held_notice(challenge))
    await _tell_managers(turn, challenge)


async def start_unhold(turn: Turn, args: str) -> Outcome:
    seat = await _managed(turn)
    standing = await _standing(turn, seat.challenge)
    if not args.strip():
        return cards.unhold_form(seat.challenge, standing)
    await _lift(turn, replace(seat, challenge=await _locked(turn, seat.challenge)), _as_reason(args))
    return None


async def press_unhold(turn: Turn, challenge_id: str) -> Form:
    seat = await _pressed(turn, challenge_id)
    return cards.unhold_form(seat.challenge, await _standing(turn, seat.challenge))


async def unhold(turn: Turn, submitted: Submitted) -> Outcome:
    seat = await _submitted(turn, submitted)
    if not (why := _text(submitted, "reason")):
        return FormErrors({"reason": NO_REASON})
    await _lift(turn, seat, why)
    return None


async def _lift(turn: Turn, seat: Seat, why: str) -> None:
    challenge = seat.challenge
    standing = await _standing(turn, challenge)
    await turn.uow.keeping.lift(standing, why=why, by=seat.member.id, at=turn.now)
    turn.audit(challenge.id, "hold.lifted", standing.id)
    await _tell_note_holders(turn, challenge, f"{challenge.host}: the notes that you kept can be destroyed now.")
    await plan(turn, challenge)
    await _tell_managers(turn, challenge)


async def _standing(turn: Turn, challenge: Challenge) -> Hold:
    """Raises `NotHeld`."""
    standing = (await keeping_of(turn, challenge)).hold
    if standing is None:
        raise NotHeld
    return standing


async def _tell_managers(turn: Turn, challenge: Challenge) -> None:
    """The one who did it sees it at once, the others are told as well."""
    await _answer_with_kept(turn, challenge)
    for manager in await turn.managers_of(challenge):
        if manager.person_id != turn.account.person_id:
            await turn.send_to(challenge, manager, posts.kept(challenge))


async def _tell_note_holders(turn: Turn, challenge: Challenge, said: str) -> None:
    """Everybody who has been asked to destroy notes and has some left."""
    rows = await turn.uow.destruction.of_challenge(challenge.id)
    holding = {row.member_id for row in rows if row.confirmed_at is None}
    for member in await turn.uow.members.of_challenge(challenge.id, with_removed=True):
        if member.id in holding:
            await turn.send_to(challenge, member, Intent("notice", posts.TO_BE_FOUND, params={"text": said}))


def _as_reason(args: str) -> str:
    return " ".join(clean(args).split())[: cards.REASON_LENGTH]


# ---------------------------------------------------------------- asking for the end


async def start_destroying(turn: Turn, args: str) -> Form:
    return await _destroy_form(turn, (await _managed(turn, args)).challenge)


async def press_destroy(turn: Turn, challenge_id: str) -> Form:
    return await _destroy_form(turn, (await _pressed(turn, challenge_id)).challenge)


async def _destroy_form(turn: Turn, challenge: Challenge) -> Form:
    check_not_held((await keeping_of(turn, challenge)).hold)
    tally = await turn.uow.disposals.count(challenge.id)
    return cards.destroy_form(challenge, tally, unconfirmed=await _unconfirmed(turn, challenge))


async def _unconfirmed(turn: Turn, challenge: Challenge) -> int:
    """How many people have not confirmed that their own notes are destroyed."""
    rows = await turn.uow.destruction.of_challenge(challenge.id)
    return len({row.member_id for row in rows if row.confirmed_at is None})


async def ask(turn: Turn, submitted: Submitted) -> Outcome:
    """1 the host's name, and before the sign-off a reason; 2 ask whoever may confirm; 3 show that it is asked for."""
    seat = await _submitted(turn, submitted)
    challenge, reason = seat.challenge, _text(submitted, "reason")
    check_not_held((await keeping_of(turn, challenge)).hold)
    await _check_not_asked(turn, challenge)
    wrong = {} if host_is(challenge, _text(submitted, "host")) else {"host": NOT_THE_HOST}
    if challenge.signed_off_at is None and not reason:
        wrong["reason"] = NO_REASON
    if wrong:
        return FormErrors(wrong)
    named = _named(turn, seat)
    await turn.uow.disposals.ask(Disposal(challenge.id, turn.account.id, named, turn.now, reason=reason))
    turn.audit(challenge.id, "destruction.asked", challenge.id)
    for member in await turn.uow.members.of_challenge(challenge.id):
        if member.id != seat.member.id and may_confirm(member):
            await turn.send_to(challenge, member, posts.asked(challenge))
    await _answer_with_kept(turn, challenge)
    return None


async def _check_not_asked(turn: Turn, challenge: Challenge) -> None:
    """Raises `AskedAlready`."""
    with suppress(NotStored):
        await turn.uow.disposals.get(challenge.id)
        raise AskedAlready


def _named(turn: Turn, seat: Seat) -> str:
    """By role and initials: that much is kept."""
    role = role_title(turn.house.framework_of(seat.challenge), seat.member)
    return f"{role}, {seat.member.initials}"


async def withdraw(turn: Turn, challenge_id: str) -> None:
    """The request is taken back before anybody has confirmed it."""
    challenge = await _locked(turn, (await _pressed(turn, challenge_id)).challenge)
    await _request(turn, challenge.id)
    await turn.uow.disposals.withdraw(challenge.id)
    turn.audit(challenge.id, "destruction.withdrawn", challenge.id)
    await turn.uow.outbox.drop_waiting(challenge.id, posts.ASKED)
    await _answer_with_kept(turn, challenge)


# ---------------------------------------------------------------- the second person


async def start_confirming(turn: Turn, args: str) -> Form:
    """For whoever has no card to press: a manager named in BASEROOM_MANAGERS need not be on the challenge."""
    waiting: list[tuple[Challenge, Disposal]] = []
    refused: Refusal = NothingAsked()
    for request in await turn.uow.disposals.asked_for():
        try:
            challenge = await _access_as_second(turn, request)
        except MayNotConfirm:
            continue
        except Refusal as refusal:
            refused = refusal
            continue
        if args.strip().casefold() in challenge.host.casefold():
            waiting.append((challenge, request))
    if not waiting:
        raise refused
    if len(waiting) > 1:
        hosts = ", ".join(challenge.host for challenge, _ in waiting)
        raise NothingAsked(f"Several wait: {hosts}. Type the host’s name behind “challenge destroy confirm”.")
    return await _confirm_form(turn, *waiting[0])


async def press_confirm(turn: Turn, challenge_id: str) -> Form:
    request = await _request(turn, challenge_id)
    return await _confirm_form(turn, await _access_as_second(turn, request), request)


async def _confirm_form(turn: Turn, challenge: Challenge, request: Disposal) -> Form:
    tally = await turn.uow.disposals.count(challenge.id)
    return cards.confirm_form(challenge, request, tally, unconfirmed=await _unconfirmed(turn, challenge))


async def confirm(turn: Turn, submitted: Submitted) -> Outcome:
    """1 the challenge held still; 2 no hold, and not the same person; 3 from now on it is being destroyed."""
    request = await _request(turn, submitted.carried.get("challenge", ""))
    challenge = await _locked(turn, await _access_as_second(turn, request))
    check_not_held((await keeping_of(turn, challenge)).hold)
    if not host_is(challenge, _text(submitted, "host")):
        return FormErrors({"host": NOT_THE_HOST})
    member = await turn.uow.members.find(challenge.id, turn.account.person_id)
    named = _named(turn, Seat(challenge, member)) if member else "a challenge manager of this Baseroom"
    await turn.uow.disposals.confirm(challenge.id, turn.account.id, named=named, at=turn.now)
    turn.audit(challenge.id, "destruction.confirmed", challenge.id)
    await posts.show_progress(turn, await turn.uow.disposals.get(challenge.id))
    return None


async def _request(turn: Turn, challenge_id: str) -> Disposal:
    """Raises `RecordGone` for one that was withdrawn, `BeingDestroyed` for one that was confirmed."""
    try:
        request = await turn.uow.disposals.get(ChallengeId(challenge_id))
    except NotStored as exc:
        raise RecordGone from exc
    if request.confirmed_at is not None:
        raise BeingDestroyed
    return request


async def _access_as_second(turn: Turn, request: Disposal) -> Challenge:
    """The challenge, for a second person. Raises `SamePerson`, `MayNotConfirm` or `OnHold`."""
    member = await turn.uow.members.find(request.challenge_id, turn.account.person_id)
    asker = await _person_of(turn, request.asked_by)
    check_second_person(asker, turn.account.person_id, member, is_appointed=is_appointed(turn))
    challenge = await turn.uow.challenges.get(request.challenge_id)
    check_not_held((await keeping_of(turn, challenge)).hold)
    return challenge


async def _person_of(turn: Turn, account_id: AccountId | None) -> PersonId | None:
    """Whoever the account belongs to now: accounts may have been linked since."""
    account = await turn.uow.accounts.get(account_id) if account_id else None
    return account.person_id if account else None


# ---------------------------------------------------------------- the certificate


async def show_certificate(turn: Turn, args: str) -> None:
    """Once more, for the two who had it done and for the appointed managers: the newest, or the host's named."""
    for disposal in await turn.uow.disposals.confirmed():
        challenge = await turn.uow.challenges.get(disposal.challenge_id)
        people = {await _person_of(turn, disposal.asked_by), await _person_of(turn, disposal.confirmed_by)}
        is_theirs = turn.account.person_id in people or is_appointed(turn)
        if is_theirs and args.strip().casefold() in challenge.host.casefold():
            turn.audit(challenge.id, "certificate.shown", challenge.id)
            await posts.show_certificate(turn, disposal, turn.account.id)
            return
    raise NothingToTell
