"""What the manager does with a check-in: send it, see who is missing, read the answers, remind, close, open again."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.access import MANAGER, Seat, access_challenge, access_meant_seat, seats_of
from handlers.chat import Form, FormErrors, Outcome, Submitted
from handlers.checkins import forms, posts
from handlers.checkins.overview import BY_PEER, BY_QUESTION, standing_now
from handlers.checkins.rules import (
    CheckInClosed,
    CheckInIsOut,
    Draft,
    NoCheckIn,
    NothingAsked,
    Unclear,
    default_by,
    has_answered,
    is_asked,
    read_by,
    read_questions,
    read_title,
)
from handlers.checkins.schedule import close_check_in, lay_check_in, lay_close, move_reminders, remind_missing
from handlers.dates import moment_in_words
from handlers.desk import Turn
from handlers.errors import RecordGone
from handlers.when import Moment, say
from storage.errors import AlreadyStored, NotStored
from storage.records import Challenge, ChallengeId, CheckIn, CheckInId, Intent

# ---------------------------------------------------------------- looking


async def show(turn: Turn, _args: str) -> None:
    """A peer's own check-in, or how it stands for whoever manages the challenge."""
    share = await _own_share(turn)
    if share is not None:
        challenge, intent = share
        await turn.answer_in_private(challenge, replace(intent, anew=True))
        return
    turn.allowed = MANAGER
    seat = await access_meant_seat(turn)
    check_in = await turn.uow.checkins.newest(seat.challenge.id)
    if check_in is None:
        nothing = Intent("checkins.nothing_sent", posts.TO_BE_FOUND, seat.challenge.id)
        await turn.answer_in_private(seat.challenge, nothing)
    else:
        await turn.answer_in_private(seat.challenge, replace(posts.status(check_in), anew=True))


async def _own_share(turn: Turn) -> tuple[Challenge, Intent] | None:
    """The check-in that the person has been sent: one that is open and not answered before any other.

    None for somebody who manages a challenge and is asked nothing elsewhere.
    """
    seats = await _seats_meant(turn)
    shares = []
    for seat in seats:
        check_in = await turn.uow.checkins.newest(seat.challenge.id)
        if check_in is not None and is_asked(seat.member):
            reply = await turn.uow.checkins.reply_of(check_in, seat.member.id)
            rank = (check_in.closed_at is not None, has_answered(reply))
            shares.append((rank, seat.challenge, posts.prompt(check_in, seat.member.id)))
    manages = any(seat.is_manager for seat in seats)
    shares = [share for share in shares if share[0] == (False, False) or not manages]
    if not shares and not manages:
        raise NothingAsked
    return min(shares, key=lambda share: share[0])[1:] if shares else None


async def _seats_meant(turn: Turn) -> Sequence[Seat]:
    channel = await turn.uow.channels.find(turn.place.platform, turn.place.workspace, turn.place.id)
    return await seats_of(turn) if channel is None else [await access_challenge(turn, channel.challenge_id)]


async def managed_check_in(turn: Turn) -> tuple[Challenge, CheckIn]:
    """The newest check-in of the challenge that the manager means. Raises `NoCheckIn`."""
    challenge = (await access_meant_seat(turn)).challenge
    check_in = await turn.uow.checkins.newest(challenge.id)
    if check_in is None:
        raise NoCheckIn
    return challenge, check_in


async def access_check_in(turn: Turn, check_in_id: str) -> tuple[Challenge, CheckIn]:
    """A check-in that a button names. Raises `RecordGone`, and whatever `access_challenge` raises."""
    try:
        check_in = await turn.uow.checkins.get(CheckInId(check_in_id))
    except NotStored as exc:
        raise RecordGone from exc
    return (await access_challenge(turn, check_in.challenge_id)).challenge, check_in


async def read_answers(turn: Turn, args: str) -> None:
    challenge, check_in = await managed_check_in(turn)
    await _answer_with_answers(turn, challenge, check_in, BY_PEER if BY_PEER in args.casefold() else BY_QUESTION)


async def read_pressed(turn: Turn, value: str) -> None:
    check_in_id, _, by = value.partition(":")
    challenge, check_in = await access_check_in(turn, check_in_id)
    await _answer_with_answers(turn, challenge, check_in, BY_PEER if by == BY_PEER else BY_QUESTION)


async def _answer_with_answers(turn: Turn, challenge: Challenge, check_in: CheckIn, by: str) -> None:
    intent = Intent(posts.ANSWERS, posts.TO_BE_FOUND, check_in.id, params={"by": by})
    await turn.answer_in_private(challenge, intent)


# ---------------------------------------------------------------- sending


async def start_sending(turn: Turn, _args: str) -> Form:
    """The form, with the framework's questions and its usual date."""
    return await _empty_form(turn, (await access_meant_seat(turn)).challenge)


async def send_pressed(turn: Turn, challenge_id: str) -> Form:
    return await _empty_form(turn, (await access_challenge(turn, ChallengeId(challenge_id))).challenge)


async def _empty_form(turn: Turn, challenge: Challenge) -> Form:
    await _check_none_out(turn, challenge)
    framework = turn.house.framework_of(challenge)
    by = default_by(challenge, framework, turn.now)
    typed = forms.SendTyped(
        title=read_title(""),
        questions="\n".join(question.text for question in framework.checkin),
        by=_by_in_words(by, challenge) if by else "",
    )
    return forms.send_form(challenge, typed, key=_new_key(turn))


def _new_key(turn: Turn) -> str:
    """The id of the check-in that this form will send, however often it is sent."""
    return hashlib.sha256(turn.incoming.id.encode()).hexdigest()[:32]


async def _check_none_out(turn: Turn, challenge: Challenge) -> None:
    newest = await turn.uow.checkins.newest(challenge.id)
    if newest is not None and newest.closed_at is None:
        raise CheckInIsOut


async def send(turn: Turn, submitted: Submitted) -> Outcome:
    """What was typed is shown back first; sent unchanged after that, it goes out."""
    challenge = (await access_challenge(turn, ChallengeId(submitted.carried.get("challenge", "")))).challenge
    await _check_none_out(turn, challenge)
    typed = forms.SendTyped(*(str(submitted.values.get(name, "")) for name in ("title", "questions", "by")))
    draft = _understood(turn, challenge, typed)
    if isinstance(draft, FormErrors):
        return draft
    key = submitted.carried.get("key", "")
    if submitted.carried.get("checked") != _mark(draft):
        said = await _said_back(turn, challenge, draft)
        questions = "\n".join(question.text for question in draft.questions)
        typed = forms.SendTyped(draft.title, questions, _by_in_words(draft.by, challenge))
        return forms.send_form(challenge, typed, key=key, checked=_mark(draft), understood=said)
    await _send(turn, challenge, CheckInId(key), draft)
    return None


def _understood(turn: Turn, challenge: Challenge, typed: forms.SendTyped) -> Draft | FormErrors:
    framework, wrong = turn.house.framework_of(challenge), dict[str, str]()
    questions, by = None, None
    try:
        questions = read_questions(typed.questions, framework)
    except Unclear as unclear:
        wrong["questions"] = str(unclear)
    try:
        by = read_by(typed.by, challenge=challenge, now=turn.now)
    except Unclear as unclear:
        wrong["by"] = str(unclear)
    if questions is None or by is None:
        return FormErrors(wrong)
    return Draft(read_title(typed.title), questions, by)


def _mark(draft: Draft) -> str:
    """A mark by which the same draft is known when it comes back."""
    return hashlib.sha256(repr(draft).encode()).hexdigest()[:16]


async def _said_back(turn: Turn, challenge: Challenge, draft: Draft) -> tuple[str, ...]:
    people = sum(1 for member in await turn.uow.members.of_challenge(challenge.id) if is_asked(member))
    questions = "1 question" if len(draft.questions) == 1 else f"{len(draft.questions)} questions"
    by = moment_in_words(draft.by, challenge.tz)
    return (
        f"{questions} to {people} {'peer' if people == 1 else 'peers'}, to be answered by {by}.",
        "It is not sent yet. If that is right, send it; else change it here.",
    )


async def _send(turn: Turn, challenge: Challenge, check_in_id: CheckInId, draft: Draft) -> None:
    """1 keep it; 2 ask each peer; 3 lay its reminders; 4 show the manager how it stands."""
    seat = await access_challenge(turn, challenge.id)
    check_in = CheckIn(
        check_in_id, challenge.id, draft.title, draft.questions, draft.by, turn.now, sent_by=seat.member.id
    )
    try:
        await turn.uow.checkins.add(check_in)
    except AlreadyStored as exc:
        raise CheckInIsOut from exc
    turn.audit(challenge.id, "checkin.sent", check_in.id)
    for member in await turn.uow.members.of_challenge(challenge.id):
        if is_asked(member):
            await turn.tell(challenge, member.person_id, posts.prompt(check_in, member.id))
    await lay_check_in(turn, challenge, check_in)
    await turn.answer_in_private(challenge, posts.status(check_in))


# ---------------------------------------------------------------- another title or date


async def start_changing(turn: Turn, _args: str) -> Form:
    return _change_form(*await managed_check_in(turn))


async def change_pressed(turn: Turn, check_in_id: str) -> Form:
    return _change_form(*await access_check_in(turn, check_in_id))


def _change_form(challenge: Challenge, check_in: CheckIn) -> Form:
    if check_in.closed_at is not None:
        raise CheckInClosed("This check-in is closed. Open it again before you change it.")
    return forms.change_form(check_in, _by_in_words(check_in.by, challenge))


async def change(turn: Turn, submitted: Submitted) -> Outcome:
    """1 keep the new title and date; 2 move the reminders; 3 tell those who have not answered of another date."""
    challenge, check_in = await access_check_in(turn, submitted.carried.get("check_in", ""))
    if check_in.closed_at is not None:
        raise CheckInClosed("This check-in has closed meanwhile. Open it again before you change it.")
    typed = str(submitted.values.get("by", ""))
    try:
        same = typed.strip() == _by_in_words(check_in.by, challenge)
        by = check_in.by if same else read_by(typed, challenge=challenge, now=turn.now)
    except Unclear as unclear:
        return FormErrors({"by": str(unclear)})
    changed = replace(check_in, title=read_title(str(submitted.values.get("title", ""))), by=by)
    await turn.uow.checkins.change(changed)
    turn.audit(challenge.id, "checkin.changed", check_in.id)
    if changed.by != check_in.by:
        await move_reminders(turn, challenge, changed)
    await _show_changed(turn, challenge, changed, is_other_date=changed.by != check_in.by)
    await turn.answer_in_private(challenge, posts.status(changed))
    return None


async def _show_changed(turn: Turn, challenge: Challenge, check_in: CheckIn, *, is_other_date: bool) -> None:
    """Every prompt is put right where it stands; who has still to answer gets another one when the date is another."""
    standing = await standing_now(turn, check_in)
    for member in standing.asked:
        if is_other_date and member in standing.missing:
            await posts.tell_moved(turn, challenge, check_in, member)
        else:
            await turn.redraw(challenge, member.person_id, posts.prompt(check_in, member.id))


def _by_in_words(by: datetime, challenge: Challenge) -> str:
    return say(Moment(by.astimezone(challenge.tz).replace(tzinfo=None)))


# ---------------------------------------------------------------- reminding and closing


async def remind(turn: Turn, _args: str) -> None:
    await _remind(turn, *await managed_check_in(turn))


async def remind_pressed(turn: Turn, check_in_id: str) -> None:
    await _remind(turn, *await access_check_in(turn, check_in_id))


async def _remind(turn: Turn, challenge: Challenge, check_in: CheckIn) -> None:
    if check_in.closed_at is not None:
        raise CheckInClosed("This check-in is closed. Open it again before you remind anybody.")
    reminded = await remind_missing(turn, challenge, check_in)
    if reminded:
        said = f"Reminded {reminded}, privately."
    else:
        said = "Nobody was reminded: everybody has answered, was reminded today, or asked for another day."
    await turn.answer("notice", challenge=challenge, params={"text": said}, to=turn.in_private)


async def close(turn: Turn, _args: str) -> None:
    await _close(turn, *await managed_check_in(turn))


async def close_pressed(turn: Turn, check_in_id: str) -> None:
    await _close(turn, *await access_check_in(turn, check_in_id))


async def _close(turn: Turn, challenge: Challenge, check_in: CheckIn) -> None:
    """Closing takes nothing away, and can be undone: it asks no question."""
    if check_in.closed_at is None:
        await close_check_in(turn, challenge, check_in)
        turn.audit(challenge.id, "checkin.closed", check_in.id)
        await lay_close(turn, challenge)
    await turn.answer_in_private(challenge, posts.status(check_in))


async def reopen_pressed(turn: Turn, check_in_id: str) -> None:
    challenge, check_in = await access_check_in(turn, check_in_id)
    newest = await turn.uow.checkins.newest(challenge.id)
    if newest is not None and newest.id != check_in.id:
        raise RecordGone("A newer check-in has been sent since. Type “checkin” to see it.")
    await turn.uow.checkins.set_closed(check_in.id, None)
    turn.audit(challenge.id, "checkin.reopened", check_in.id)
    await lay_close(turn, challenge)
    for member in await turn.uow.members.of_challenge(challenge.id):
        if is_asked(member):
            await turn.redraw(challenge, member.person_id, posts.prompt(check_in, member.id))
    await turn.answer_in_private(challenge, posts.status(check_in))
