"""Links into the web, the browsers that they let in, and the messages of the rehearsal room."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records.ids import ChallengeId, PersonId


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
