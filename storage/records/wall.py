"""What hangs on the wall: themes, findings, the messages they came from, and the receipts that tell of them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from storage.records.ids import AccountId, AsideId, ChallengeId, FindingId, MemberId, MessageId, ReceiptId, ThemeId


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
class ReplacedWords:
    """What a version of a finding (its text or its source) or of a check-in reply (its answers) said, before an edit
    under a hold. `row` is the finding's id, or the check-in's and the member's with a colon between."""

    table: str
    column: str
    row: str
    version: int
    texts: tuple[str, ...]


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
