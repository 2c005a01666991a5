"""A challenge: whose, when, by which framework."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from storage.records.ids import ChallengeId, PersonId


@dataclass(frozen=True, slots=True)
class Challenge:
    """One peer challenge: whose it is, when the team is on site, and the times that its days keep.

    `session_times` hold for every on-site day but the last, `last_day_session_times` for the last, on which nothing
    follows the final feedback. `signed_off_at` is when the manager said that the report is final; `ended_at` is when
    everything was finished and the base room closed. `destroyed_at` is when a second person confirmed that all of it
    is to be destroyed: from then on nothing of it is read or written.
    """

    id: ChallengeId
    host: str
    framework: str
    first_day: date
    last_day: date
    zone: str
    session_times: tuple[time, ...]
    last_day_session_times: tuple[time, ...]
    catch_up_time: time
    created_by: PersonId
    created_at: datetime
    signed_off_at: datetime | None = None
    ended_at: datetime | None = None
    destroyed_at: datetime | None = None

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
