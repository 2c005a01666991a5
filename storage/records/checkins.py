"""The questions before the visit, and the answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.records.ids import ChallengeId, CheckInId, MemberId


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a check-in. `kind` is one of text, choice, time, yes_no."""

    key: str
    text: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Questions sent to the peers before the visit, with a date by which to answer."""

    id: CheckInId
    challenge_id: ChallengeId
    title: str
    questions: tuple[Question, ...]
    by: datetime
    sent_at: datetime
    sent_by: MemberId
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckInReply:
    """What one peer answered, by question key.

    `answered_at` is None while the form is half filled in. `remind_at` is when they asked to be reminded, `reminded_at`
    when they last were. `call_at` is a time for the manager's call that stands to be agreed, or is agreed. `said` are
    the answers in plain words by the message that holds each, so that an edit of the message is followed.
    """

    check_in_id: CheckInId
    challenge_id: ChallengeId
    member_id: MemberId
    answers: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    answered_at: datetime | None = None
    remind_at: datetime | None = None
    call_at: datetime | None = None
    call_agreed_at: datetime | None = None
    reminded_at: datetime | None = None
    said: Mapping[str, str] = field(default_factory=dict)
