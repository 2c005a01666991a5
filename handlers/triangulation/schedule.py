"""Sessions by the clock: laid when the challenge's days and times are known, held at the minute, never silently missed.

What each session shows is fixed when it is held, by the numbers of the findings, so that its card can be drawn again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.courtesy import polite_moment
from handlers.desk import Desk
from handlers.triangulation.times import held_after, moment_of, plan_sessions
from storage.errors import NotStored
from storage.outbox import lane_of
from storage.records import Address, Challenge, Intent, Run, Session, SessionId, SessionState, new_id

SESSION = "triangulation.session"  # the scheduled kind and the kind of its post
MISSED = "triangulation.missed"
GRACE = timedelta(minutes=15)  # a session that began longer ago is not posted (README, 'Nothing lost')
TO_BE_FOUND = Address("", "")  # the desk fills it in


async def lay_sessions(desk: Desk, challenge: Challenge) -> None:
    """Bring the sessions and their runs to the challenge's days and times, however often it is asked."""
    plan = plan_sessions(challenge, await desk.uow.sessions.of_challenge(challenge.id), desk.local(challenge))
    for session in plan.gone:
        await desk.uow.sessions.remove(session.id)
        await desk.uow.runs.cancel(challenge.id, SESSION, session.id)
    for day, at in plan.new:
        await desk.uow.sessions.add(Session(SessionId(new_id()), challenge.id, day, at, at))
    await _lay_runs(desk, challenge)


async def _lay_runs(desk: Desk, challenge: Challenge) -> None:
    """A run for each session to come, at its time in the challenge's zone."""
    runs = {run.subject: run for run in await desk.uow.runs.of_challenge(challenge.id) if run.kind == SESSION}
    for session in await desk.uow.sessions.of_challenge(challenge.id):
        is_to_come = moment_of(session.day, session.time, challenge.tz) >= desk.now
        if session.state is SessionState.PLANNED and is_to_come:
            await _lay_run(desk, challenge, session, runs.get(session.id))


async def _lay_run(desk: Desk, challenge: Challenge, session: Session, run: Run | None) -> None:
    local = datetime.combine(session.day, session.time)
    if run is None or (run.local, run.zone) != (local, challenge.zone):
        await desk.reschedule(challenge, SESSION, session.id, local)


async def hold(desk: Desk, run: Run) -> None:
    """The session's minute has come."""
    session = await _session_of(desk, run)
    if session and session.state is SessionState.PLANNED:
        challenge = await desk.uow.challenges.get(run.challenge_id)
        await post_session(desk, challenge, session, not_after=run.due_at + GRACE)


async def miss(desk: Desk, run: Run) -> None:
    """It is too late to post the session: the manager hears of it, once for all that were missed together."""
    session = await _session_of(desk, run)
    if session is None or session.state is not SessionState.PLANNED:
        return
    await _put_as_missed(desk, await desk.uow.challenges.get(run.challenge_id), session)


async def give_back(desk: Desk, intent: Intent) -> None:
    """No team channel took the session in time: it was not held, and what was new at it is new at the next.

    A session held since then looked back to this one only; it now looks back as far as this one did.
    """
    session = await desk.uow.sessions.get(SessionId(intent.record))
    challenge = await desk.uow.challenges.get(session.challenge_id)
    if session.state is not SessionState.POSTED or await _stands(desk, challenge, session):
        return
    following = held_after(session, await desk.uow.sessions.of_challenge(challenge.id))
    if following is not None:
        await desk.uow.sessions.change(replace(following, after_number=session.after_number), was=following)
    await _put_as_missed(desk, challenge, session)


async def _stands(desk: Desk, challenge: Challenge, session: Session) -> bool:
    """Whether the session's card stands in one of the team channels."""
    channels = await desk.uow.channels.of_challenge(challenge.id)
    lanes = [lane_of(Address(each.platform, each.workspace, each.conversation)) for each in channels]
    return any([await desk.uow.posts.in_slot(f"{_slot(session)}@{lane}") for lane in lanes])


async def _put_as_missed(desk: Desk, challenge: Challenge, session: Session) -> None:
    missed = replace(session, state=SessionState.MISSED, posted_at=None, after_number=0, up_to_number=0)
    await desk.uow.sessions.change(missed, was=session)
    intent = Intent(
        kind=MISSED,
        to=TO_BE_FOUND,
        record=session.day.isoformat(),
        slot=f"missed:{challenge.id}:{session.day.isoformat()}",
        anew=True,
        due_at=polite_moment(desk.now, challenge.tz),
    )
    await desk.tell_managers(challenge, intent)


async def _session_of(desk: Desk, run: Run) -> Session | None:
    try:
        return await desk.uow.sessions.get(SessionId(run.subject))
    except NotStored:
        return None


async def post_session(desk: Desk, challenge: Challenge, session: Session, *, not_after: datetime | None = None) -> int:
    """Hold the session: what is new since the last one, up to now, goes to the team channels; returns to how many.

    Where there is no channel to post in, the manager gets the card. What a channel has not taken by `not_after` is not
    posted there any more (None: whenever it is taken, as when somebody asked for it).
    """
    held = replace(
        session,
        state=SessionState.POSTED,
        posted_at=desk.now,
        after_number=await desk.uow.sessions.number_shown(challenge.id),
        up_to_number=await desk.uow.challenges.number_reached(challenge.id),
    )
    await desk.uow.sessions.change(held, was=session)
    intent = _intent_for(held)
    channels = await desk.post_to_channels(challenge, replace(intent, not_after=not_after))
    if not channels:
        await desk.tell_managers(challenge, intent)
    return channels


async def redraw(desk: Desk, challenge: Challenge, session: Session) -> None:
    """Something that the session's card shows was put right: draw it again in its place. One that is still held up
    on its way is worth posting no longer than it was."""
    not_after = None
    if session.posted_at and not await _stands(desk, challenge, session):
        not_after = session.posted_at + GRACE
    await desk.post_to_channels(challenge, replace(_intent_for(session), not_after=not_after))


def _intent_for(session: Session) -> Intent:
    return Intent(kind=SESSION, to=TO_BE_FOUND, record=session.id, slot=_slot(session))


def _slot(session: Session) -> str:
    return f"session:{session.id}"
