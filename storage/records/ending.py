"""How it ends: the peers' notes, holds, extensions, and the destruction of what Baseroom holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from storage.records.ids import AccountId, ChallengeId, ExtensionId, HoldId, MemberId


@dataclass(frozen=True, slots=True)
class NoteDestruction:
    """One item that one person is asked to destroy; `confirmed_at` is when they said that it is done, or that they
    held none (`none_held`)."""

    challenge_id: ChallengeId
    member_id: MemberId
    item: str
    asked_at: datetime
    confirmed_at: datetime | None = None
    none_held: bool = False
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """While it stands nothing of the challenge is destroyed or purged (a request for information, a complaint)."""

    id: HoldId
    challenge_id: ChallengeId
    reason: str
    placed_by: MemberId
    placed_at: datetime
    lifted_why: str = ""
    lifted_by: MemberId | None = None
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """A later day by which a challenge is to be destroyed, and why it is kept for longer."""

    id: ExtensionId
    challenge_id: ChallengeId
    until: date
    reason: str
    made_by: MemberId
    made_at: datetime


class DisposalStep(StrEnum):
    """The steps of a destruction, in their order."""

    STOP = "stop"
    KEY = "key"
    POSTS = "posts"
    ROWS = "rows"
    COMPACT = "compact"
    CERTIFY = "certify"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Tally:
    """What there was and what became of it, in numbers: these survive the destruction, no words do.

    `refused` counts by the platform's own word the posts that it would not delete; `unknown` are posts that may have
    arrived without Baseroom ever knowing where. `fingerprint` tells one key from another and opens nothing. Of the
    people who neither asked nor confirmed, `telling` were to be told of the end, and `told` are known to have been.
    `note_holders` were asked to destroy their own notes (None: not counted then), and `notes_destroyed` is how many of
    them had confirmed all of it.
    """

    findings: int = 0
    source_types: int = 0
    peers: int = 0
    sessions: int = 0
    answers: int = 0
    summaries: int = 0
    holds: int = 0
    posts: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    unknown: int = 0
    rows: int = 0
    fingerprint: str = ""
    backup_days: int | None = None
    telling: int = 0
    told: int = 0
    note_holders: int | None = None
    notes_destroyed: int = 0


@dataclass(frozen=True, slots=True)
class Disposal:
    """That all of a challenge is to be destroyed: who asked, who confirmed, and how far it has come.

    `asked_as` and `confirmed_as` say by role and initials who it was ("challenge manager, MO"); `reason` is why it was
    asked for before the report was signed off. Until `confirmed_at` it is a request that may be withdrawn.
    """

    challenge_id: ChallengeId
    asked_by: AccountId
    asked_as: str
    asked_at: datetime
    reason: str = ""
    confirmed_by: AccountId | None = None
    confirmed_as: str = ""
    confirmed_at: datetime | None = None
    tally: Tally = Tally()
    done: Mapping[DisposalStep, datetime] = field(default_factory=dict)

    @property
    def is_certified(self) -> bool:
        """Everything of the challenge is destroyed; it may be that the rest of the team are still to be told."""
        return DisposalStep.CERTIFY in self.done

    @property
    def next_step(self) -> DisposalStep | None:
        """None when all of it is done."""
        return next((step for step in DisposalStep if step not in self.done), None)
