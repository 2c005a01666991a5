"""What comes in and waits, what goes out, and what is due by the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.records.ids import AccountId, ChallengeId, OutboxId, RunId


class OutboxState(StrEnum):
    """Where a post stands; see RELIABILITY in the README: claiming is sending, unknown is never read as not sent.

    What is `WAITING` stands as a line that does not say what it is, until its reader opens it.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    WAITING = "waiting"
    UNSURE = "unsure"
    PARKED = "parked"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a post goes. Only `account`: a direct message. Only `conversation`: a channel. Both: to that person alone,
    in that channel. `thread` is the message under which it stands, if any."""

    platform: str
    workspace: str
    conversation: str = ""
    account: AccountId | None = None
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """A post that is due: what kind, to whom, about which record and version, never the words themselves.

    `slot` names a post that is edited in place: the first intent with the slot posts, later ones update.
    `params` are the little a builder needs besides the record; they are sealed, and blanked once the post is out.
    `unprompted` marks a direct message that nobody asked for just now (they are counted and rationed).
    `latest` intents wait for one another: a second pending one with the same slot is not written.
    """

    kind: str
    to: Address
    record: str = ""
    version: int = 0
    challenge_id: ChallengeId | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    slot: str = ""
    due_at: datetime | None = None
    not_after: datetime | None = None
    unprompted: bool = False
    anew: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An intent on its way out. `claims`: how often it was taken to be sent or looked for; who took it last has it."""

    id: OutboxId
    seq: int
    intent: Intent
    state: OutboxState
    key: str
    due_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    why: str = ""
    claims: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """A message that Baseroom has put on a platform: where it stands, and what it is about."""

    platform: str
    workspace: str
    conversation: str
    message: str
    kind: str
    record: str
    slot: str
    challenge_id: ChallengeId | None
    posted_at: datetime


class RunState(StrEnum):
    DUE = "due"
    DONE = "done"
    CANCELLED = "cancelled"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Run:
    """Something that is to happen at a wall time: `kind` is the registered schedule entry, `subject` what it is about.

    `local` and `zone` are what people meant; `due_at` is that moment in UTC, worked out once.
    """

    id: RunId
    challenge_id: ChallengeId
    kind: str
    subject: str
    local: datetime
    zone: str
    due_at: datetime
    revision: int = 1
    state: RunState = RunState.DUE


@dataclass(frozen=True, slots=True)
class InboxItem:
    """An incoming thing that could not be handled at once, kept sealed and tried again."""

    id: str
    body: str
    received_at: datetime
    attempts: int
    next_at: datetime
