"""Who speaks to Baseroom, where they can be reached, and what they are on a challenge."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records.ids import AccountId, ChallengeId, MemberId, PersonId


class Role(StrEnum):
    """What somebody is on a challenge; `APPOINTED` is a person named in BASEROOM_MANAGERS, on no challenge yet."""

    CHALLENGE_MANAGER = "challenge_manager"
    LEAD_PEER = "lead_peer"
    PEER = "peer"
    APPOINTED = "appointed"
    STRANGER = "stranger"


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
class LinkCode:
    """A one-time code that a person has been given to say on another platform that it is them. Its letters are not
    kept."""

    id: str
    person_id: PersonId
    made_at: datetime


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
