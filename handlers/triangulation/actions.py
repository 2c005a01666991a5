"""What the team asks of its sessions: see them, hold one now, move or skip one today, read what is new at one."""

from dataclasses import replace
from datetime import datetime, time

from handlers.access import Seat, access_challenge, access_meant_seat, access_seat, is_on_site
from handlers.chat import Form, FormErrors, Outcome, PlaceKind, Submitted
from handlers.desk import Turn
from handlers.errors import NotAllowed, NotUnderstood, RecordGone, Refusal
from handlers.triangulation import cards
from handlers.triangulation.schedule import SESSION, TO_BE_FOUND, post_session
from handlers.triangulation.times import (
    NoSuchSession,
    SessionIsOver,
    check_movable,
    check_not_moved_meanwhile,
    check_restorable,
    check_time,
    find_session,
    read_move,
    read_session_time,
)
from storage.errors import NotStored
from storage.records import Challenge, Intent, Role, Session, SessionId, SessionState, new_id


class OnlyLeads(NotAllowed):
    """Only the challenge manager and the lead peer can change the sessions. Ask one of them."""


async def show_day(turn: Turn, _args: str) -> None:
    """Today's sessions, or when the next one is. Those who may change them get the buttons for it."""
    seat = await access_seat(turn)
    leads = "" if seat.member.role is Role.PEER else "yes"
    day = turn.local(seat.challenge).date().isoformat()
    await turn.answer("triangulation.day", challenge=seat.challenge, record=day, params={"leads": leads})


async def hold_now(turn: Turn, _args: str) -> None:
    """A session that nobody planned. The others of the day stay as they are."""
    challenge = (await _leading_seat(turn)).challenge
    local = turn.local(challenge)
    at = time(local.hour, local.minute)
    session = Session(SessionId(new_id()), challenge.id, local.date(), at, at)
    if not await turn.uow.sessions.add(session):
        raise SessionIsOver("This minute has its session already. Look in the team channel.")
    await _post(turn, challenge, session)


async def post_late(turn: Turn, session_id: str) -> None:
    """The manager wants a missed session posted after all."""
    seat, session = await _access_session(turn, session_id)
    if session.state is not SessionState.MISSED or session.day != turn.local(seat.challenge).date():
        raise SessionIsOver
    await _post(turn, seat.challenge, session)


async def _post(turn: Turn, challenge: Challenge, session: Session) -> None:
    turn.audit(challenge.id, "session.held", session.id)
    if not await post_session(turn, challenge, session):
        await turn.answer(SESSION, challenge=challenge, record=session.id)
    elif not await _is_in_team_channel(turn):
        await turn.say("Posted in the team channel.", challenge=challenge)


# ---------------------------------------------------------------- moving and skipping, today only


async def move_session(turn: Turn, args: str) -> Outcome:
    """ "Move 13:00 to 13:30"."""
    challenge = (await _leading_seat(turn)).challenge
    today = await _today(turn, challenge)
    if not args.strip():
        return cards.move_form(_still_to_come(today))
    asked = read_move(args)
    if asked is None:
        raise NotUnderstood("Say which session and its new time, for example “move 13:00 to 13:30”.")
    session = find_session(today, asked.session)
    check_not_moved_meanwhile(session, named=asked.session, to=asked.to)
    await _move(turn, challenge, session, asked.to)
    return None


async def open_move(turn: Turn, session_id: str) -> Form:
    _, session = await _access_session(turn, session_id)
    check_movable(session)
    return cards.move_form([session])


async def move_as_filled_in(turn: Turn, form: Submitted) -> Outcome:
    """What is wrong with the time stands beside it; nothing is changed until it is right, nor what is not as it was
    when the form was opened."""
    seat, session = await _access_session(turn, str(form.values.get("session", "")))
    if form.carried.get(session.id, f"{session.time:%H:%M}") != f"{session.time:%H:%M}":
        return FormErrors(
            {"session": f"It was moved meanwhile, to {session.time:%H:%M}. Open the form again to move it."}
        )
    to = read_session_time(str(form.values.get("to", "")))
    if to is None:
        return FormErrors({"to": "That is not a time I can read. Give one such as 13:30 or half 1."})
    try:
        await _move(turn, seat.challenge, session, to)
    except Refusal as refusal:
        return FormErrors({"to": str(refusal)})
    return None


async def _move(turn: Turn, challenge: Challenge, session: Session, to: time) -> None:
    check_movable(session)
    await _check_time(turn, challenge, session, to)
    await turn.uow.sessions.change(replace(session, time=to), was=session)
    turn.audit(challenge.id, "session.moved", session.id)
    await turn.reschedule(challenge, SESSION, session.id, datetime.combine(session.day, to))
    back = "back " if to == session.planned else ""
    await _announce(turn, challenge, f"The {session.planned:%H:%M} session is {back}at {to:%H:%M} today.")


async def skip_session(turn: Turn, args: str) -> None:
    """ "Skip 16:15"."""
    await _skip(turn, *await _named_session(turn, args, "skip"))


async def skip_pressed(turn: Turn, session_id: str) -> None:
    seat, session = await _access_session(turn, session_id)
    await _skip(turn, seat.challenge, session)


async def _skip(turn: Turn, challenge: Challenge, session: Session) -> None:
    check_movable(session)
    await turn.uow.sessions.change(replace(session, state=SessionState.SKIPPED), was=session)
    turn.audit(challenge.id, "session.skipped", session.id)
    await turn.uow.runs.cancel(challenge.id, SESSION, session.id)
    await _announce(turn, challenge, f"There is no {session.time:%H:%M} session today.")


async def unskip_session(turn: Turn, args: str) -> None:
    """ "Unskip 16:15"."""
    await _unskip(turn, *await _named_session(turn, args, "unskip"))


async def unskip_pressed(turn: Turn, session_id: str) -> None:
    seat, session = await _access_session(turn, session_id)
    await _unskip(turn, seat.challenge, session)


async def _unskip(turn: Turn, challenge: Challenge, session: Session) -> None:
    check_restorable(session)
    await _check_time(turn, challenge, session, session.time)
    await turn.uow.sessions.change(replace(session, state=SessionState.PLANNED), was=session)
    turn.audit(challenge.id, "session.unskipped", session.id)
    await turn.reschedule(challenge, SESSION, session.id, datetime.combine(session.day, session.time))
    await _announce(turn, challenge, f"The {session.time:%H:%M} session will be held today after all.")


async def _check_time(turn: Turn, challenge: Challenge, session: Session, to: time) -> None:
    feedback = turn.house.framework_of(challenge).final_feedback_time
    today = await turn.uow.sessions.of_challenge(challenge.id, session.day)
    check_time(session, to, today=today, challenge=challenge, feedback=feedback, now=turn.now)


async def _named_session(turn: Turn, args: str, word: str) -> tuple[Challenge, Session]:
    challenge = (await _leading_seat(turn)).challenge
    at = read_session_time(args)
    if at is None:
        raise NotUnderstood(f"Say which session, for example “{word} 16:15”.")
    return challenge, find_session(await _today(turn, challenge), at)


async def _announce(turn: Turn, challenge: Challenge, sentence: str) -> None:
    """Say it once where the whole team reads it, and tell the one who asked elsewhere that it was said."""
    told = await turn.post_to_channels(challenge, Intent(kind="notice", to=TO_BE_FOUND, params={"text": sentence}))
    if not told:
        await turn.say(f"{sentence} There is no team channel to say so in: tell the others.", challenge=challenge)
    elif not await _is_in_team_channel(turn):
        await turn.say(f"{sentence} The team channel has been told.", challenge=challenge)


# ---------------------------------------------------------------- what is new at a session


async def show_findings(turn: Turn, value: str) -> None:
    """The words behind a session's numbers, to the one who asks: `value` is the session and how many were shown."""
    session_id, _, shown = value.partition(":")
    seat, session = await _access_session(turn, session_id)
    params = {"shown": shown if shown.isdigit() else "0"}
    await turn.answer("triangulation.findings", challenge=seat.challenge, record=session.id, params=params)


# ---------------------------------------------------------------- who and what


async def _access_session(turn: Turn, session_id: str) -> tuple[Seat, Session]:
    """A session of a challenge on which the person may do this. Raises `RecordGone` and what access raises."""
    try:
        session = await turn.uow.sessions.get(SessionId(session_id))
    except NotStored as exc:
        raise RecordGone from exc
    try:
        return await access_challenge(turn, session.challenge_id), session
    except NotAllowed as exc:
        raise OnlyLeads from exc


async def _leading_seat(turn: Turn) -> Seat:
    """Raises `OnlyLeads`, or `WhichChallenge` when two visits are on and neither was named."""
    try:
        return await access_meant_seat(turn, among=lambda seat: _is_on(turn, seat.challenge))
    except NotAllowed as exc:
        raise OnlyLeads from exc


def _is_on(turn: Turn, challenge: Challenge) -> bool:
    return is_on_site(challenge, turn.local(challenge).date())


async def _today(turn: Turn, challenge: Challenge) -> list[Session]:
    return await turn.uow.sessions.of_challenge(challenge.id, turn.local(challenge).date())


def _still_to_come(today: list[Session]) -> list[Session]:
    planned = [session for session in today if session.state is SessionState.PLANNED]
    if not planned:
        raise NoSuchSession("There is no session left to move today.")
    return planned


async def _is_in_team_channel(turn: Turn) -> bool:
    """Whether the person is speaking where the team reads everything."""
    place = turn.place
    if place.kind is not PlaceKind.CHANNEL:
        return False
    return await turn.uow.channels.find(place.platform, place.workspace, place.id) is not None
