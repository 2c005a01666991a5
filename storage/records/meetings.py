"""The peer team's sessions, and the summary for the client."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from storage.records.ids import ChallengeId, MemberId, SessionId, SummaryId
from storage.records.wall import Kind


class SessionState(StrEnum):
    PLANNED = "planned"
    SKIPPED = "skipped"
    POSTED = "posted"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Session:
    """One peer team session: `planned` is the challenge's time, `time` today's (it may have been moved).

    Once posted, what was new at it are the findings numbered above `after_number`, up to `up_to_number`: numbers are
    given in order, so that nothing falls between two sessions, whatever the machine's clock does.
    """

    id: SessionId
    challenge_id: ChallengeId
    day: date
    planned: time
    time: time
    state: SessionState = SessionState.PLANNED
    posted_at: datetime | None = None
    after_number: int = 0
    up_to_number: int = 0


class SummaryState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the client's page: a theme, a kind, how many findings stand behind it, the manager's wording.

    `theme` and `emoji` are as they stood when the line was made; `theme_id` is empty for what was unsorted, `kind` for
    what was neither. `sources` is fit for the client: kinds of source behind few findings are merged.
    """

    theme_id: str
    emoji: str
    theme: str
    kind: Kind | None
    count: int
    sources: str
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """One version of a day's summary for the catch-up with the client. Versions are never overwritten."""

    id: SummaryId
    challenge_id: ChallengeId
    day: date
    version: int
    state: SummaryState
    lines: tuple[SummaryLine, ...]
    note: str
    made_at: datetime
    made_by: MemberId | None = None
