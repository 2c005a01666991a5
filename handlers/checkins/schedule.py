"""Check-ins by the clock: reminders to those who have not answered, the close on the first day on site, and word on the
morning of a call. Nobody is reminded twice in a day, and nobody who has answered.
"""

from dataclasses import replace
from datetime import datetime, time

from handlers.checkins import posts
from handlers.checkins.overview import standing_now
from handlers.checkins.rules import has_answered, joined_reply, may_be_reminded, reminder_times
from handlers.desk import Desk
from storage.errors import NotStored
from storage.records import Challenge, CheckIn, CheckInId, CheckInReply, Intent, Member, MemberId, Run

REMIND = "checkins.remind"  # the three reminders of a check-in
NUDGE = "checkins.nudge"  # one person's "remind me tomorrow"; the subject is who
CLOSE = "checkins.close"
CALL = "checkins.call"  # the morning of a call; the subject is whose
MORNING = time(8, 0)  # the end of the quiet hours


async def lay_check_in(desk: Desk, challenge: Challenge, check_in: CheckIn) -> None:
    """Put the reminders and the close into the schedule."""
    for subject, at in reminder_times(check_in, challenge.tz).items():
        await desk.schedule(challenge, REMIND, subject, at)
    await lay_close(desk, challenge)


async def move_reminders(desk: Desk, challenge: Challenge, check_in: CheckIn) -> None:
    """The date by which to answer is another: so are the days of the reminders still to come."""
    await desk.uow.runs.cancel(challenge.id, REMIND)
    wall_clock = desk.local(challenge).replace(tzinfo=None)
    for subject, at in reminder_times(check_in, challenge.tz).items():
        if at > wall_clock:
            await desk.reschedule(challenge, REMIND, subject, at)


async def lay_close(desk: Desk, challenge: Challenge) -> None:
    """The open check-in closes as the first day on site begins, wherever that day now is."""
    check_in = await desk.uow.checkins.newest(challenge.id)
    await desk.uow.runs.cancel(challenge.id, CLOSE)
    if check_in is None or check_in.closed_at is not None or challenge.ended_at is not None:
        return
    begins = datetime.combine(challenge.first_day, time(0))
    if begins.replace(tzinfo=challenge.tz) > desk.now:
        await desk.reschedule(challenge, CLOSE, check_in.id, begins)


async def lay_call(desk: Desk, challenge: Challenge, member_id: MemberId, at: datetime | None) -> None:
    """Word on the morning of a call that is agreed; with None there is no call any more."""
    await desk.uow.runs.cancel(challenge.id, CALL, member_id)
    if at is None:
        return
    morning = datetime.combine(at.astimezone(challenge.tz).date(), MORNING)
    if morning.replace(tzinfo=challenge.tz) > desk.now:
        await desk.reschedule(challenge, CALL, member_id, morning)


# ---------------------------------------------------------------- what falls due


async def remind(desk: Desk, run: Run) -> None:
    """The day of a reminder has come."""
    try:
        check_in = await desk.uow.checkins.get(CheckInId(run.subject.partition(":")[0]))
    except NotStored:
        return
    challenge = await desk.uow.challenges.get(run.challenge_id)
    if check_in.closed_at is None and challenge.ended_at is None:
        await remind_missing(desk, challenge, check_in)


async def nudge(desk: Desk, run: Run) -> None:
    """Somebody asked to be reminded today."""
    challenge = await desk.uow.challenges.get(run.challenge_id)
    check_in = await desk.uow.checkins.newest(run.challenge_id)
    if check_in is None or check_in.closed_at is not None or challenge.ended_at is not None:
        return
    standing = await standing_now(desk, check_in)
    for member in standing.missing:
        if member.id == run.subject:
            await _remind_one(desk, challenge, check_in, member)


async def remind_missing(desk: Desk, challenge: Challenge, check_in: CheckIn) -> int:
    """Remind everybody who has not answered and may be reminded today; returns how many."""
    missing = (await standing_now(desk, check_in)).missing
    return sum([await _remind_one(desk, challenge, check_in, member) for member in missing])


async def _remind_one(desk: Desk, challenge: Challenge, check_in: CheckIn, member: Member) -> bool:
    reply = await desk.uow.checkins.reply_of(check_in, member.id)
    if not may_be_reminded(reply, desk.now, challenge.tz):
        return False
    await desk.uow.checkins.save(replace(reply, reminded_at=desk.now))
    await posts.remind(desk, challenge, check_in, member)
    return True


async def close(desk: Desk, run: Run) -> None:
    """The visit begins: the check-in closes by itself, and the manager hears how it ended."""
    try:
        check_in = await desk.uow.checkins.get(CheckInId(run.subject))
    except NotStored:
        return
    if check_in.closed_at is None:
        challenge = await desk.uow.challenges.get(run.challenge_id)
        await close_check_in(desk, challenge, check_in)
        await posts.tell_managers_politely(desk, challenge, replace(posts.status(check_in), anew=True))


async def close_check_in(desk: Desk, challenge: Challenge, check_in: CheckIn) -> None:
    """1 close it; 2 take back what has not gone out; 3 every prompt that stands says that it is closed."""
    await desk.uow.checkins.set_closed(check_in.id, desk.now)
    for member in (await standing_now(desk, check_in)).asked:
        intent = posts.prompt(check_in, member.id)
        await desk.uow.outbox.drop_waiting(challenge.id, intent.kind, intent.record)
        await desk.redraw(challenge, member.person_id, intent)


async def word_on_the_morning(desk: Desk, run: Run) -> None:
    """The day of a call: the peer and the manager each hear of it, once."""
    challenge = await desk.uow.challenges.get(run.challenge_id)
    check_in = await desk.uow.checkins.newest(run.challenge_id)
    if check_in is None or challenge.ended_at is not None:
        return
    member = await desk.uow.members.get(MemberId(run.subject))
    reply = await desk.uow.checkins.reply_of(check_in, member.id)
    if reply.call_agreed_at is None or member.removed_at is not None:
        return
    record = posts.record_of(check_in, member.id)
    await desk.tell(challenge, member.person_id, Intent(posts.CALL_TODAY, posts.TO_BE_FOUND, record))
    day = desk.local(challenge).date().isoformat()
    today = Intent(posts.CALLS_TODAY, posts.TO_BE_FOUND, check_in.id, slot=f"calls_today:{check_in.id}:{day}")
    await posts.tell_managers_politely(desk, challenge, today)


# ---------------------------------------------------------------- somebody joins late


async def ask_newcomer(desk: Desk, challenge: Challenge, member: Member) -> None:
    """Whoever joins the team is asked what the others were asked."""
    check_in = await desk.uow.checkins.newest(challenge.id)
    if check_in is None or check_in.closed_at is not None or member.id not in await _asked(desk, check_in):
        return
    if not has_answered(await desk.uow.checkins.reply_of(check_in, member.id)):
        await desk.tell(challenge, member.person_id, replace(posts.prompt(check_in, member.id), anew=True))


async def _asked(desk: Desk, check_in: CheckIn) -> set[MemberId]:
    return {member.id for member in (await standing_now(desk, check_in)).asked}


# ---------------------------------------------------------------- two seats become one


async def join_replies(desk: Desk, challenge: Challenge, kept: Member, gone: Member) -> None:
    """Two seats turned out to be one person's: 1 their replies are one; 2 so is word on the morning of a call."""
    for check_in in await desk.uow.checkins.of_challenge(challenge.id):
        replies = await desk.uow.checkins.replies(check_in.id)
        if gone.id not in replies:
            continue
        mine = replies.get(kept.id, CheckInReply(check_in.id, challenge.id, kept.id))
        reply = joined_reply(check_in, mine, replies[gone.id])
        await desk.uow.checkins.forget_reply(replies[gone.id])
        await desk.uow.checkins.save(reply)
        await lay_call(desk, challenge, kept.id, reply.call_at if reply.call_agreed_at else None)
    await lay_call(desk, challenge, gone.id, None)
