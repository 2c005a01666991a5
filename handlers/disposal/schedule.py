"""Reminders that everything is to be destroyed: fourteen and three days before the day, on it, and weekly after."""

from datetime import datetime

from handlers.desk import Desk
from handlers.disposal import posts
from handlers.disposal.rules import AGAIN_AFTER, REMIND_AT, reminders_of
from handlers.keeping import keeping_of
from storage.records import Challenge, Intent, Run

REMIND = "disposal.remind"
AGAIN = "again"


async def plan(desk: Desk, challenge: Challenge) -> None:
    """Lay the reminders for the day by which it is to be destroyed, and take those for an earlier day back."""
    wanted = dict(reminders_of((await keeping_of(desk, challenge)).destroy_by))
    laid = {run.subject: run for run in await desk.uow.runs.of_challenge(challenge.id) if run.kind == REMIND}
    now = desk.local(challenge).replace(tzinfo=None)
    for subject, local in wanted.items():
        run = laid.get(subject)
        if run is not None and (run.local, run.zone) == (local, challenge.zone):
            continue
        if local > now:
            await desk.reschedule(challenge, REMIND, subject, local)
        elif run is not None:
            await desk.uow.runs.cancel(challenge.id, REMIND, subject)


async def remind(desk: Desk, run: Run) -> None:
    """Tell the managers, unless a hold stands; from the day itself on, again every week."""
    challenge = await desk.uow.challenges.get(run.challenge_id)
    if challenge.destroyed_at is not None:
        return
    keeping = await keeping_of(desk, challenge)
    today = desk.local(challenge).date()
    if keeping.hold is None:
        for manager in await desk.managers_of(challenge):
            intent = Intent(posts.REMINDER, posts.TO_BE_FOUND, challenge.id, slot=f"kept:{challenge.id}", anew=True)
            await desk.tell(challenge, manager.person_id, intent)
    if today >= keeping.destroy_by:
        await desk.reschedule(challenge, REMIND, AGAIN, datetime.combine(today + AGAIN_AFTER, REMIND_AT))
