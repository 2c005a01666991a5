"""The records that Baseroom keeps: plain frozen dataclasses, so that rules can be read and tested without a database.

Every datetime is aware and in UTC; wall times are `datetime.time` and mean the clock in the challenge's own zone.
Text fields hold plain words here; the stores seal them on the way in and open them on the way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType
from uuid import uuid4
from zoneinfo import ZoneInfo

PersonId = NewType("PersonId", str)
AccountId = NewType("AccountId", str)
ChallengeId = NewType("ChallengeId", str)
MemberId = NewType("MemberId", str)
ThemeId = NewType("ThemeId", str)
FindingId = NewType("FindingId", str)
MessageId = NewType("MessageId", str)
ReceiptId = NewType("ReceiptId", str)
AsideId = NewType("AsideId", str)
SessionId = NewType("SessionId", str)
SummaryId = NewType("SummaryId", str)
CheckInId = NewType("CheckInId", str)
OutboxId = NewType("OutboxId", str)
RunId = NewType("RunId", str)
HoldId = NewType("HoldId", str)
ExtensionId = NewType("ExtensionId", str)


def new_id() -> str:
    """An id made before the row is written: the seal on a text is bound to the row it belongs to."""
    return uuid4().hex


class Role(StrEnum):
    """What somebody is on a challenge; `APPOINTED` is a person named in BASEROOM_MANAGERS, on no challenge yet."""

    CHALLENGE_MANAGER = "challenge_manager"
    LEAD_PEER = "lead_peer"
    PEER = "peer"
    APPOINTED = "appointed"
    STRANGER = "stranger"


class Kind(StrEnum):
    """Whether a finding is a strength or an area to explore (the framework has its own word for the second)."""

    STRENGTH = "strength"
    IMPROVEMENT = "improvement"


class SourceType(StrEnum):
    """The kind of source behind a finding. The value is what people see."""

    INTERVIEW = "1:1"
    FOCUS_GROUP = "focus group"
    MEETING = "meeting"
    OBSERVATION = "observation"
    DOCUMENT = "document"
    SURVEY = "survey"
    OTHER = "other source"


@dataclass(frozen=True, slots=True)
class Account:
    """One person's seat on one platform. `dm` is the conversation they share with Baseroom, once it is known;
    `blocked_at` is since when they cannot be written to there, having blocked or removed Baseroom."""

    id: AccountId
    person_id: PersonId
    platform: str
    workspace: str
    user_id: str
    dm: str = ""
    last_spoke_at: datetime | None = None
    blocked_at: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a challenge. `kind` is the framework's role key; initials are unique on the challenge and stay."""

    id: MemberId
    challenge_id: ChallengeId
    person_id: PersonId
    name: str
    initials: str
    role: Role
    kind: str
    added_at: datetime
    agreed_at: datetime | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TeamChannel:
    """A channel bound to a challenge. While `stopped_at` stands nothing is posted there.

    `members` are the platform ids of those who were in it when it was last looked at.
    """

    challenge_id: ChallengeId
    platform: str
    workspace: str
    conversation: str
    bound_at: datetime
    stopped_at: datetime | None = None
    stopped_why: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A flip chart on the wall: a key line of enquiry of the framework, or one that the team added.

    `words` are what a peer may type after `#`. A theme merged into another keeps its row, so that old tags and
    words still find their way.
    """

    id: ThemeId
    challenge_id: ChallengeId
    key: str
    title: str
    short: str
    emoji: str
    words: tuple[str, ...]
    position: int
    added_by_team: bool = False
    retired_at: datetime | None = None
    merged_into: ThemeId | None = None

    @property
    def is_open(self) -> bool:
        """Whether new findings may be tagged to it."""
        return self.retired_at is None and self.merged_into is None


@dataclass(frozen=True, slots=True)
class Finding:
    """One post-it: one finding, its source, the peer's initials (local-system guidance, 'How we record evidence').

    `set_by_hand` names what somebody chose by button or form ("themes", "kind", "source_type", "source", "text"):
    an edit of the chat message leaves those alone. `day` is the date in the challenge's zone on which it was heard. A
    `sensitive` one (a safeguarding concern, an immediate risk) is for its author and the challenge manager alone.
    """

    id: FindingId
    challenge_id: ChallengeId
    number: int
    author_id: MemberId
    logged_by: MemberId
    text: str
    day: date
    heard_at: datetime
    logged_at: datetime
    source: str = ""
    source_type: SourceType | None = None
    kind: Kind | None = None
    theme_ids: tuple[ThemeId, ...] = ()
    practice: bool = False
    sensitive: bool = False
    message_id: MessageId | None = None
    part: int = 0
    version: int = 1
    set_by_hand: frozenset[str] = frozenset()
    withdrawn_at: datetime | None = None
    changed_at: datetime | None = None
    readable: bool = True

    @property
    def on_the_wall(self) -> bool:
        return self.withdrawn_at is None and not self.practice and not self.sensitive


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """The chat message that findings came from, so that its edits and its deletion can be followed.

    A form that was sent counts as a message: its `message` is then the form's own token, and `conversation` is empty.
    `kept_as_one` remembers that somebody asked for its bullets to stay together.
    """

    id: MessageId
    challenge_id: ChallengeId
    platform: str
    workspace: str
    conversation: str
    message: str
    member_id: MemberId
    receipt_id: ReceiptId
    said_at: datetime
    kept_as_one: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The one line that tells a peer what was saved. Messages within ten seconds share one.

    `conversation` is the channel in which it stands; empty for a direct message. A `practice` receipt waits for the
    peer's next message and tells of findings that never reach the wall.
    """

    id: ReceiptId
    challenge_id: ChallengeId
    member_id: MemberId
    platform: str
    workspace: str
    conversation: str
    thread: str
    opened_at: datetime
    last_at: datetime
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """Words that were not taken as a finding (a command, a question before the visit, a form that failed).

    Kept, sealed, for a day, so that one tap can still log them and nothing typed is lost.
    """

    id: AsideId
    account_id: AccountId
    platform: str
    workspace: str
    conversation: str
    message: str
    text: str
    said_at: datetime
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A one-time code that a person has been given to say on another platform that it is them. Its letters are not
    kept."""

    id: str
    person_id: PersonId
    made_at: datetime


class Opens(StrEnum):
    """What a link into the web opens."""

    WALL = "wall"
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class WebPass:
    """What a one-use link into the web stands for: whose it is, and what it opens. Its letters are not kept."""

    challenge_id: ChallengeId
    person_id: PersonId
    opens: Opens


@dataclass(frozen=True, slots=True)
class WebVisit:
    """A browser that somebody let in, and since when. What it remembers itself by is not kept."""

    challenge_id: ChallengeId
    person_id: PersonId
    began_at: datetime


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


@dataclass(frozen=True, slots=True)
class Voice:
    """What a finding counts for when findings are compared: who heard it, from what source, on which themes.

    `source` is the peer's own name for the source, "" when they gave none. The finding's text is not here.
    """

    number: int
    author_id: MemberId
    theme_ids: tuple[ThemeId, ...] = ()
    kind: Kind | None = None
    source_type: SourceType | None = None
    source: str = ""


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


@dataclass(frozen=True, slots=True)
class Tally:
    """What there was and what became of it, in numbers: these survive the destruction, no words do.

    `refused` counts by the platform's own word the posts that it would not delete; `unknown` are posts that may have
    arrived without Baseroom ever knowing where. `fingerprint` tells one key from another and opens nothing.
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
    def next_step(self) -> DisposalStep | None:
        """None when all of it is done."""
        return next((step for step in DisposalStep if step not in self.done), None)


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


@dataclass(frozen=True, slots=True)
class Reference:
    """How a conversation or a person is reached on a platform that must be told where to send (Teams).

    `subject` is the id of the conversation or of the person; `kind` is the platform's word for it ("personal",
    "channel", "groupChat"), or "person". `bot` is Baseroom's own id there, `team` the team that a channel belongs to.
    """

    platform: str
    workspace: str
    subject: str
    kind: str
    service_url: str
    bot: str
    team: str = ""


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


class Shape(StrEnum):
    """What the body of a rehearsal message holds."""

    WORDS = "words"
    CARD = "card"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class RehearsalMessage:
    """A message in the rehearsal room. `body` is what a person typed, or a drawn post of Baseroom's (see `shape`).

    `thread` is the message under which it stands, `only_to` the one person who sees it, `key` the mark by which
    delivery finds its own post again, `pinned_by` those who put a pushpin on it.
    """

    id: str
    conversation: str
    author: str
    shape: Shape
    body: str
    at: datetime
    thread: str = ""
    only_to: str = ""
    key: str = ""
    pinned_by: frozenset[str] = frozenset()
    edited_at: datetime | None = None
