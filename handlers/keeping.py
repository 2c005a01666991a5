"""Until when a challenge is kept: known from its first day, shown on its cards, and later only for a reason.

Assumed, as no programme states it: what Baseroom holds goes 90 days after the last day on site, or 28 days after the
report was signed off where that is sooner (reports are due within six weeks). "Information should not be held longer
than necessary" (local-system guidance, 'Confidentiality').
"""

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.dates import day_in_words
from handlers.desk import Desk
from handlers.errors import Refusal
from storage.records import Challenge, ChallengeId, Hold

AFTER_THE_VISIT = timedelta(days=90)
AFTER_SIGN_OFF = timedelta(days=28)


class StaysHere(Refusal):
    """This challenge is on hold, so nothing is moved off its wall. Log it on the other wall as well, or move it once
    the challenge manager has lifted the hold."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The day by which all of a challenge is to be destroyed, and the hold that forbids it, if one stands."""

    destroy_by: date
    hold: Hold | None = None


def usual_day(challenge: Challenge) -> date:
    """The day by which a challenge is to be destroyed when nobody has said otherwise."""
    after_visit = challenge.last_day + AFTER_THE_VISIT
    if challenge.signed_off_at is None:
        return after_visit
    return min(after_visit, challenge.signed_off_at.astimezone(challenge.tz).date() + AFTER_SIGN_OFF)


async def keeping_of(desk: Desk, challenge: Challenge) -> Keeping:
    extended_to = await desk.uow.keeping.extended_to(challenge.id)
    return Keeping(extended_to or usual_day(challenge), await desk.uow.keeping.hold_on(challenge.id))


async def check_may_leave(desk: Desk, challenge_id: ChallengeId) -> None:
    """What is moved to another challenge is sealed under that one's key, and goes with it. Raises `StaysHere`."""
    if await desk.uow.keeping.hold_on(challenge_id) is not None:
        raise StaysHere


def kept_until(keeping: Keeping) -> str:
    """ "Thursday 25 February 2027", or that it is on hold."""
    if keeping.hold is not None:
        return "on hold: nothing is destroyed"
    return f"{day_in_words(keeping.destroy_by)} {keeping.destroy_by.year}"
