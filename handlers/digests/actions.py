"""Keeping the channel informed: the morning line, the digest that follows the wall, and its last word of the day."""

from datetime import date, datetime, time

from handlers.desk import Desk
from handlers.digests.rules import BETWEEN_EDITS, MORNING_LINE, on_site_days
from storage.outbox import lane_of
from storage.records import Address, Challenge, Intent, Role, Run, TeamChannel

MORNING = "digests.morning"
EVENING = "digests.evening"
DIGEST = "digests.day"
NOON = time(12)  # a morning line that the platform has not taken by then is not posted any more
TO_BE_FOUND = Address("", "")  # the desk fills it in


async def lay_digests(desk: Desk, challenge: Challenge) -> None:
    """A morning line and an evening digest for each on-site day to come, and for no other day."""
    evening = desk.house.framework_of(challenge).evening_digest_time
    wanted = {
        (kind, day.isoformat()): datetime.combine(day, at)
        for day in ([] if challenge.ended_at else on_site_days(challenge))
        for kind, at in ((MORNING, MORNING_LINE), (EVENING, evening))
        if datetime.combine(day, at, tzinfo=challenge.tz) >= desk.now
    }
    laid = {
        (run.kind, run.subject): run
        for run in await desk.uow.runs.of_challenge(challenge.id)
        if run.kind in (MORNING, EVENING)
    }
    for kind, subject in laid.keys() - wanted.keys():
        await desk.uow.runs.cancel(challenge.id, kind, subject)
    for (kind, subject), local in wanted.items():
        run = laid.get((kind, subject))
        if run is None or (run.local, run.zone) != (local, challenge.zone):
            await desk.reschedule(challenge, kind, subject, local)


async def say_good_morning(desk: Desk, run: Run) -> None:
    challenge = await desk.uow.challenges.get(run.challenge_id)
    noon = datetime.combine(date.fromisoformat(run.subject), NOON, tzinfo=challenge.tz)
    intent = Intent(kind=MORNING, to=TO_BE_FOUND, record=run.subject, not_after=noon)
    await desk.post_to_channels(challenge, intent)


async def miss_morning(desk: Desk, run: Run) -> None:
    """The morning is over: the manager is told, so that nobody waits for a line that does not come."""
    sentence = "This morning’s line with the day’s times was not posted: Baseroom came back too late for it."
    await _tell_managers(desk, await desk.uow.challenges.get(run.challenge_id), sentence)


async def follow_the_wall(desk: Desk, challenge: Challenge) -> None:
    """The wall has changed: today's digest is posted, or edited within a minute, whatever the number of changes.

    Nothing is counted here, inside the peer's own transaction: the digest is counted when it goes out.
    """
    day = desk.local(challenge).date()
    if not challenge.first_day <= day <= challenge.last_day:
        return
    for channel in await desk.uow.channels.of_challenge(challenge.id):
        if channel.stopped_at is None:
            await _follow_in(desk, challenge, channel, day)


async def _follow_in(desk: Desk, challenge: Challenge, channel: TeamChannel, day: date) -> None:
    """The first goes out at once; an edit waits for a minute, so that one edit tells of all that came meanwhile."""
    to = Address(channel.platform, channel.workspace, conversation=channel.conversation)
    slot = slot_of(challenge, day)
    posted = await desk.uow.posts.in_slot(f"{slot}@{lane_of(to)}")
    due_at = desk.now + BETWEEN_EDITS if posted else desk.now
    await desk.post(
        Intent(kind=DIGEST, to=to, record=day.isoformat(), challenge_id=challenge.id, slot=slot, due_at=due_at)
    )


async def close_the_day(desk: Desk, run: Run) -> None:
    """Post the day's digest anew, as its last word; a day with nothing in it is for the manager to hear of."""
    challenge = await desk.uow.challenges.get(run.challenge_id)
    day = date.fromisoformat(run.subject)
    if not await desk.uow.findings.count(challenge.id, day):
        sentence = "No findings were logged today, so the team channel gets no digest this evening."
        await _tell_managers(desk, challenge, sentence)
        return
    await desk.uow.outbox.drop_waiting(challenge.id, DIGEST, run.subject)
    intent = Intent(kind=DIGEST, to=TO_BE_FOUND, record=run.subject, slot=slot_of(challenge, day), anew=True)
    await desk.post_to_channels(challenge, intent)


def slot_of(challenge: Challenge, day: date) -> str:
    return f"digest:{challenge.id}:{day.isoformat()}"


async def _tell_managers(desk: Desk, challenge: Challenge, sentence: str) -> None:
    """Nothing urgent: within the manager's ration, and never at night."""
    for member in await desk.uow.members.of_challenge(challenge.id):
        if member.role is Role.CHALLENGE_MANAGER:
            intent = Intent(kind="notice", to=TO_BE_FOUND, params={"text": sentence})
            await desk.tell(challenge, member.person_id, intent)
