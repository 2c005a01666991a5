"""Who is asked to destroy their notes, what they still have to confirm, and when they are reminded. Pure.

"Notes (including those held electronically) should be destroyed … once the peer challenge report is finalised and
signed off. The challenge manager will advise when this has happened. Peers should then confirm" (local-system
guidance).
Everybody who holds notes is asked: the peers, the lead peer, the manager, and those who took part and have left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from handlers.errors import Refusal
from handlers.when import Unread, read_day
from storage.records import Challenge, Hold, Member, MemberId, NoteDestruction

FIRST_REMINDER = timedelta(days=2)
BETWEEN_REMINDERS = timedelta(days=3)
REMIND_AT = time(10, 0)
MAY_BE_TAKEN_BACK = timedelta(days=1)
DESTROYED, NONE_HELD, NOT_YET = "destroyed", "none", "not_yet"
EVERYTHING = "all"


class NotSignedOff(Refusal):
    """The report has not been signed off, so nobody has been asked to destroy anything. Please keep your notes. The
    challenge manager says when it is: “challenge signed off”."""


class SignedOffAlready(Refusal):
    """The report is signed off already. Type “destruction” to see who has destroyed their notes."""


class Held(Refusal):
    """This challenge is on hold, so nobody can be asked to destroy anything yet. Lift the hold first: “challenge
    unhold”."""


class RegisterHeld(Refusal):
    """This challenge is on hold, so its register of notes is kept as it is: whoever has notes left was told to keep
    them. Lift the hold first: “challenge unhold”."""


class VisitNotOver(Refusal):
    """The visit is not over yet, so its report cannot be signed off."""


class TooLateToTakeBack(Refusal):
    """It is more than a day since you said that the report is signed off: notes may be gone, so it stands."""


class NotYours(Refusal):
    """Only the person who held the notes can say that they are destroyed. Type “destruction” to see your own."""


class Over(Refusal):
    """This challenge is closed, and so is its register: nothing was changed."""


class Unclear(Refusal):
    """That is not a day I can read. Give one such as 4 December."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How the register stands: everybody asked, and those who have something left to confirm."""

    asked: tuple[Member, ...]
    missing: tuple[Member, ...]

    @property
    def in_numbers(self) -> str:
        return f"{len(self.asked) - len(self.missing)} of {len(self.asked)}"

    @property
    def is_done(self) -> bool:
        return bool(self.asked) and not self.missing


def progress_of(team: Iterable[Member], rows: Sequence[NoteDestruction]) -> Progress:
    """`team` with those who have left."""
    asked = {row.member_id for row in rows}
    open_for = {row.member_id for row in rows if row.confirmed_at is None}
    people = sorted((one for one in team if one.id in asked), key=lambda one: one.name.casefold())
    return Progress(tuple(people), tuple(one for one in people if one.id in open_for))


def holds_notes(member: Member, challenge: Challenge) -> bool:
    """Whether somebody may hold notes: on the team, or left it after agreeing to the ground rules or on site."""
    if member.removed_at is None or member.agreed_at is not None:
        return True
    return member.removed_at.astimezone(challenge.tz).date() >= challenge.first_day


def read_sign_off(typed: str, *, challenge: Challenge, now: datetime) -> datetime:
    """When the report was signed off: now, or noon of an earlier day. Raises `Unclear`."""
    today = now.astimezone(challenge.tz).date()
    day = read_day(typed, now=now, zone=challenge.tz, prefer="past")
    if isinstance(day, Unread):
        raise Unclear(day.message)
    if day > today:
        raise Unclear("That day is still to come. Say so once the report is signed off.")
    if day < challenge.last_day:
        raise Unclear(f"The visit ended on {challenge.last_day.day} {challenge.last_day:%B}: give a later day.")
    return now if day == today else datetime.combine(day, time(12), tzinfo=challenge.tz).astimezone(UTC)


def check_may_sign_off(challenge: Challenge, today: date, hold: Hold | None) -> None:
    """Raises `SignedOffAlready`, `VisitNotOver` or `Held`."""
    if challenge.signed_off_at is not None:
        raise SignedOffAlready
    if today < challenge.last_day:
        raise VisitNotOver
    if hold is not None:
        raise Held


def check_may_take_back(
    rows: Sequence[NoteDestruction], challenge: Challenge, now: datetime, hold: Hold | None
) -> None:
    """Raises `NotSignedOff`, `TooLateToTakeBack` or `RegisterHeld`."""
    if challenge.signed_off_at is None:
        raise NotSignedOff
    if any(now - row.asked_at > MAY_BE_TAKEN_BACK for row in rows):
        raise TooLateToTakeBack
    if hold is not None:
        raise RegisterHeld


def may_be_reminded(rows: Iterable[NoteDestruction], challenge: Challenge, now: datetime) -> bool:
    """Somebody with something left to confirm, who was neither asked nor reminded today."""
    today, theirs = now.astimezone(challenge.tz).date(), list(rows)
    heard = [moment for row in theirs for moment in (row.asked_at, row.reminded_at) if moment is not None]
    was_today = any(moment.astimezone(challenge.tz).date() == today for moment in heard)
    return not was_today and any(row.confirmed_at is None for row in theirs)


def next_reminder(challenge: Challenge, now: datetime, wait: timedelta) -> datetime:
    """The wall time of the next reminder."""
    return datetime.combine(now.astimezone(challenge.tz).date() + wait, REMIND_AT)


def rows_of(rows: Iterable[NoteDestruction], member_id: MemberId) -> list[NoteDestruction]:
    return [row for row in rows if row.member_id == member_id]
