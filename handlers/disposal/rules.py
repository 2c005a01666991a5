"""Who may have a challenge destroyed, who must confirm it, and what forbids it. Pure.

"Information should not be held longer than necessary" (local-system guidance), and what is gone is gone for good: so
two people say so, nobody says it by mistake, and nobody at all while a hold stands.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from handlers.errors import Refusal
from handlers.keeping import usual_day
from storage.records import Challenge, Disposal, DisposalStep, Hold, Member, PersonId, Role

REMINDED_BEFORE = (14, 3, 0)  # days before everything is to be destroyed
AGAIN_AFTER = timedelta(days=7)  # once that day has passed, for as long as nothing is done
REMIND_AT = time(10, 0)
LONGEST_EXTENSION = timedelta(days=366)
TELL_WITHIN = timedelta(days=3)  # from when the records are gone: whoever cannot be told by then is not told
AWAKE_FOR = timedelta(minutes=30)  # after a press
CONFIRM_TOO = frozenset({Role.CHALLENGE_MANAGER, Role.LEAD_PEER})


class OnHold(Refusal):
    """This challenge is on hold, so nothing of it is destroyed. The challenge manager can lift the hold, with a
    reason: “challenge unhold”."""


class HeldAlready(Refusal):
    """This challenge is on hold already: nothing of it is destroyed until the hold is lifted."""


class NotHeld(Refusal):
    """This challenge is not on hold."""


class AskedAlready(Refusal):
    """The destruction of this challenge is asked for already: a second person has to confirm it."""


class SamePerson(Refusal):
    """You asked for this yourself, so somebody else must confirm it: the lead peer, or another challenge manager."""


class MayNotConfirm(Refusal):
    """Only the lead peer or another challenge manager can confirm that a challenge is destroyed."""


class NothingAsked(Refusal):
    """No destruction waits for you to confirm it."""


class NothingToTell(Refusal):
    """Nothing has been destroyed that you asked for or confirmed."""


class Unclear(Refusal):
    """That is not a day I can read. Give one such as 4 December."""


def check_not_held(hold: Hold | None) -> None:
    """Raises `OnHold`."""
    if hold is not None:
        raise OnHold


def check_free_of_hold(hold: Hold | None) -> None:
    """Raises `HeldAlready`."""
    if hold is not None:
        raise HeldAlready


def check_second_person(asker: PersonId | None, person: PersonId, member: Member | None, *, is_appointed: bool) -> None:
    """Whoever confirms is somebody else than the asker, whatever account they speak from, and may.

    `asker` is None when the account that asked is not known any more. Raises `SamePerson` or `MayNotConfirm`.
    """
    if asker is None or asker == person:
        raise SamePerson
    if not is_appointed and not may_confirm(member):
        raise MayNotConfirm


def may_confirm(member: Member | None) -> bool:
    return member is not None and member.removed_at is None and member.role in CONFIRM_TOO


def host_is(challenge: Challenge, typed: str) -> bool:
    """Whether the host's name was typed out, capitals and spaces aside."""
    return "".join(typed.casefold().split()) == "".join(challenge.host.casefold().split())


def check_until(until: date, *, now_until: date, today: date) -> None:
    """A later day, within a year. Raises `Unclear`."""
    if until <= now_until:
        raise Unclear(f"It is kept until {now_until.day} {now_until:%B %Y} already: give a later day.")
    if until > today + LONGEST_EXTENSION:
        raise Unclear("Give a day within a year: it can be kept for longer again then, with a reason.")


def is_awake(pressed_at: datetime, now: datetime) -> bool:
    """Whether somebody who pressed then wants to know now, whatever the hour."""
    return now - pressed_at <= AWAKE_FOR


def told_by(disposal: Disposal) -> datetime | None:
    """Until when, at most, it is kept how the rest of the team is reached; None while their seats stand."""
    deleted = disposal.done.get(DisposalStep.ROWS)
    return deleted + TELL_WITHIN if deleted else None


def why_that_day(challenge: Challenge, destroy_by: date) -> str:
    """Where the day comes from: "28 days after sign-off"."""
    if destroy_by != usual_day(challenge):
        return "extended, with a reason"
    if challenge.signed_off_at is not None and destroy_by < challenge.last_day + timedelta(days=90):
        return "28 days after sign-off"
    return "90 days after the visit"


def reminders_of(destroy_by: date) -> Sequence[tuple[str, datetime]]:
    """Name and wall time of each reminder."""
    return [(str(days), datetime.combine(destroy_by - timedelta(days=days), REMIND_AT)) for days in REMINDED_BEFORE]


def days_left_said(destroy_by: date, today: date) -> str:
    """ "in 14 days", "today", "3 days ago"."""
    left = (destroy_by - today).days
    if left == 0:
        return "today"
    many = "1 day" if abs(left) == 1 else f"{abs(left)} days"
    return f"in {many}" if left > 0 else f"{many} ago"
