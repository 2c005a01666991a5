"""Reminders until everything is destroyed: after two days, then every three, to those who have something left."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.destruction import posts
from handlers.destruction.rules import BETWEEN_REMINDERS, may_be_reminded, next_reminder, rows_of
from handlers.keeping import keeping_of
from storage.records import Challenge, Run

REMIND = "destruction.remind"


async def lay_reminder(desk: Desk, challenge: Challenge, wait: timedelta) -> None:
    """The next reminder; there is never more than one on the schedule."""
    await desk.reschedule(challenge, REMIND, challenge.id, next_reminder(challenge, desk.now, wait))


async def stop_reminders(desk: Desk, challenge: Challenge) -> None:
    await desk.uow.runs.cancel(challenge.id, REMIND)


async def has_reminders(desk: Desk, challenge: Challenge) -> bool:
    return any(run.kind == REMIND for run in await desk.uow.runs.of_challenge(challenge.id))


async def remind(desk: Desk, run: Run) -> None:
    """Its day has come: remind those who have something left, and lay the next one while anybody has."""
    challenge = await desk.uow.challenges.get(run.challenge_id)
    if challenge.signed_off_at is None or challenge.ended_at is not None:
        return
    if (await posts.progress_now(desk, challenge)).missing:
        await remind_missing(desk, challenge)
        await lay_reminder(desk, challenge, BETWEEN_REMINDERS)


async def remind_missing(desk: Desk, challenge: Challenge) -> int:
    """Remind everybody who may be reminded today, unless a hold stands; returns how many."""
    if (await keeping_of(desk, challenge)).hold is not None:
        return 0
    rows, reminded = await desk.uow.destruction.of_challenge(challenge.id), 0
    for member in (await posts.progress_now(desk, challenge)).missing:
        if may_be_reminded(rows_of(rows, member.id), challenge, desk.now):
            await desk.uow.destruction.set_reminded(challenge.id, member.id, desk.now)
            await desk.tell(challenge, member.person_id, posts.request(member, anew=True, reminder=True))
            reminded += 1
    return reminded
