"""Where the hands of the rehearsal clock can be put: the next session, the end of the day, the next morning."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.triangulation.schedule import SESSION
from storage.records import Challenge, Run

END_OF_DAY = time(19, 0)
MORNING = time(8, 30)
TEN_MINUTES = timedelta(minutes=10)
FURTHEST = timedelta(days=200)


class Move(StrEnum):
    """What the buttons of the clock do."""

    NEXT_THING = "next_thing"
    NEXT_SESSION = "next_session"
    TEN_MINUTES = "ten_minutes"
    END_OF_DAY = "end_of_day"
    NEXT_MORNING = "next_morning"


@dataclass(frozen=True, slots=True)
class Horizon:
    """What the clock knows of the hours ahead: it is `now` (in `zone`), and `runs` are due."""

    now: datetime
    zone: ZoneInfo
    runs: Collection[Run] = ()

    @property
    def next_thing(self) -> datetime | None:
        return min((run.due_at for run in self.runs if run.due_at > self.now), default=None)

    @property
    def next_session(self) -> datetime | None:
        return min((run.due_at for run in self.runs if run.kind == SESSION and run.due_at > self.now), default=None)


def moment_of(move: Move, horizon: Horizon) -> datetime | None:
    """Where the hands go; None when there is no such thing ahead."""
    local = horizon.now.astimezone(horizon.zone)
    match move:
        case Move.NEXT_THING:
            return horizon.next_thing
        case Move.NEXT_SESSION:
            return horizon.next_session
        case Move.TEN_MINUTES:
            return horizon.now + TEN_MINUTES
        case Move.END_OF_DAY:
            return _next(local, END_OF_DAY)
        case Move.NEXT_MORNING:
            return _on(local.date() + timedelta(days=1), MORNING, horizon.zone)


def _next(local: datetime, wall: time) -> datetime:
    today = _on(local.date(), wall, ZoneInfo(str(local.tzinfo)))
    return today if today > local else _on(local.date() + timedelta(days=1), wall, ZoneInfo(str(local.tzinfo)))


def _on(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone)


def stage(challenge: Challenge | None, today: date) -> str:
    """Where the visit stands, in a few words."""
    if challenge is None:
        return "No challenge yet"
    if today < challenge.first_day:
        days = (challenge.first_day - today).days
        return f"{challenge.host}: {days} day{'s' if days > 1 else ''} before the visit"
    if today > challenge.last_day:
        return f"{challenge.host}: after the visit"
    of_all = (challenge.last_day - challenge.first_day).days + 1
    return f"{challenge.host}: day {(today - challenge.first_day).days + 1} of {of_all}"
