"""When the team meets: which sessions a visit has, what may be moved or skipped, and how people ask for it. Pure.

"The timetable should include two to three peer team sessions during each day" (local-system guidance, 'How we update
each other'); the challenge sets their times, and a move or a skip is for today alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.errors import Refusal
from handlers.when import Unread, read_time
from handlers.wording import listed
from storage.records import Challenge, Session, SessionState

# ---------------------------------------------------------------- which sessions there are


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be changed: day and time of the sessions to lay, and the sessions that are not to be."""

    new: tuple[tuple[date, time], ...]
    gone: tuple[Session, ...]


def plan_sessions(challenge: Challenge, laid: Sequence[Session], now: datetime) -> Plan:
    """What brings the sessions laid so far to the challenge's days and times; `now` on the challenge's clock.

    What has begun or been held stays as it was, and so does what was moved or skipped for today.
    """
    wanted = set(_wanted(challenge))
    gone = tuple(
        session
        for session in laid
        if session.state in (SessionState.PLANNED, SessionState.SKIPPED)
        and (session.day, session.planned) not in wanted
        and moment_of(session.day, session.time, challenge.tz) > now
    )
    kept = [session for session in laid if session not in gone]
    taken = {(session.day, at) for session in kept for at in (session.planned, session.time)}
    new = sorted((day, at) for day, at in wanted - taken if moment_of(day, at, challenge.tz) >= now)
    return Plan(tuple(new), gone)


def _wanted(challenge: Challenge) -> Iterator[tuple[date, time]]:
    if challenge.ended_at is not None:
        return
    for number in range((challenge.last_day - challenge.first_day).days + 1):
        day = challenge.first_day + timedelta(days=number)
        is_last = day == challenge.last_day
        for at in challenge.last_day_session_times if is_last else challenge.session_times:
            yield day, at


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A wall time as a moment; one that comes twice is the first of the two."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def held_after(session: Session, sessions: Sequence[Session]) -> Session | None:
    """The next session that was held after this one, if one was."""
    later = [
        (other.posted_at, other)
        for other in sessions
        if other.posted_at and session.posted_at and other.posted_at > session.posted_at
    ]
    return min(later, key=lambda each: each[0], default=(None, None))[1]


# ---------------------------------------------------------------- what may be changed today


class NoSuchSession(Refusal):
    """There are no peer team sessions today."""


class SessionIsOver(Refusal):
    """That session has been held or its time is over, so it cannot be changed. To hold another, say “session now”."""


class AlreadySkipped(Refusal):
    """That session is skipped today. To hold it after all, say “unskip” and its time."""


class AlreadyMoved(Refusal):
    """That session has been moved already. To move it again, give the time that it is at now."""


class NotSkipped(Refusal):
    """That session is not skipped: it will be held."""


class TimeHasPassed(Refusal):
    """That time has passed today. Give a later one, or say “session now”."""


class TimeIsTaken(Refusal):
    """There is a session at that time already. Give another time."""


class AfterTheFeedback(Refusal):
    """The final feedback is before that, and no session follows it. Give an earlier time."""


class TimeNeverComes(Refusal):
    """The clocks go forward over that time today, so it never comes. Give a time before or after."""


class TimeComesTwice(Refusal):
    """The clocks go back today and that time comes twice. Which do you mean? Give a time before or after that hour."""


def find_session(sessions: Sequence[Session], at: time) -> Session:
    """The session people mean by a time of today: the time it has now, else the time it was planned for."""
    by_now = [session for session in sessions if session.time == at]
    as_planned = [session for session in sessions if session.planned == at]
    if found := by_now or as_planned:
        return found[0]
    if not sessions:
        raise NoSuchSession
    times = listed([f"{session.time:%H:%M}" for session in sessions])
    are = "are" if len(sessions) > 1 else "is"
    raise NoSuchSession(f"There is no {at:%H:%M} session today. Today’s {are} at {times}.")


def check_movable(session: Session) -> None:
    """Raises `SessionIsOver` or `AlreadySkipped`."""
    if session.state in (SessionState.POSTED, SessionState.MISSED):
        raise SessionIsOver
    if session.state is SessionState.SKIPPED:
        raise AlreadySkipped


def check_not_moved_meanwhile(session: Session, *, named: time, to: time) -> None:
    """Whoever names a moved session by the time it was planned for may not know that it was moved, unless they want it
    back there. Raises `AlreadyMoved`, which says when it is now."""
    if session.state is SessionState.PLANNED and named != session.time and to != session.planned:
        now = f"{session.time:%H:%M}"
        again = f" To move it again, say “move {now} to {to:%H:%M}”." if to != session.time else ""
        raise AlreadyMoved(f"The {named:%H:%M} session is at {now} today already.{again}")


def check_restorable(session: Session) -> None:
    """Raises `SessionIsOver` or `NotSkipped`."""
    if session.state in (SessionState.POSTED, SessionState.MISSED):
        raise SessionIsOver
    if session.state is SessionState.PLANNED:
        raise NotSkipped


def check_time(
    session: Session, to: time, *, today: Sequence[Session], challenge: Challenge, feedback: time, now: datetime
) -> None:
    """Whether the session may be held at `to` on its day; `feedback` is when the last day's final feedback is."""
    others = [other for other in today if other.id != session.id and other.state is not SessionState.SKIPPED]
    local = datetime.combine(session.day, to)
    if is_skipped_by_clock(local, challenge.tz):
        raise TimeNeverComes
    if comes_twice(local, challenge.tz):
        raise TimeComesTwice
    if moment_of(session.day, to, challenge.tz) <= now:
        raise TimeHasPassed
    if session.day == challenge.last_day and to >= feedback:
        raise AfterTheFeedback
    if any(other.time == to for other in others):
        raise TimeIsTaken


def is_skipped_by_clock(local: datetime, zone: ZoneInfo) -> bool:
    """Whether a wall time (naive) falls into the gap when clocks go forward."""
    there = local.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local


def comes_twice(local: datetime, zone: ZoneInfo) -> bool:
    """Whether a wall time (naive) comes twice, as clocks go back."""
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first != second and not is_skipped_by_clock(local, zone)


# ---------------------------------------------------------------- how people ask

_LONGEST_ASK = 60
_FILLERS = re.compile(r"\b(?:the|session|sessions|today|today's|please)\b")


@dataclass(frozen=True, slots=True)
class Move:
    """The session of one time is to be at another."""

    session: time
    to: time


def read_move(words: str) -> Move | None:
    """ "13:00 to 13:30", "the 1pm session to half 1 today"; None when it is anything else."""
    if len(words) > _LONGEST_ASK:
        return None
    before, joint, after = words.casefold().partition(" to ")
    session, to = read_session_time(before), read_session_time(after)
    return Move(session, to) if joint and session and to else None


def read_session_time(words: str) -> time | None:
    """ "16:15", "the 4.15 session today"; None when it is not one time."""
    if len(words) > _LONGEST_ASK:
        return None
    plain = " ".join(_FILLERS.sub(" ", words.casefold().replace("’", "'")).split())
    read = read_time(plain) if plain else None
    return None if read is None or isinstance(read, Unread) else read


def asks_to_move(words: str) -> bool:
    return read_move(words) is not None


def names_a_time(words: str) -> bool:
    return read_session_time(words) is not None
