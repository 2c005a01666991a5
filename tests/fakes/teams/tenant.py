"""One Entra tenant as Teams keeps it: people, their chats with Baseroom, teams with channels, and every message.

Records change as people and the app act, so a test that holds a message sees what a person would see now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.fakes.slack.clock import Clock

Json = dict[str, Any]

TENANT = "22222222-3333-4444-8555-666666666666"
APP = "11111111-2222-4333-8444-555555555555"
BOT = f"28:{APP}"
BOT_NAME = "Baseroom"
IN_A_THREAD = ";messageid="


@dataclass(eq=False, slots=True)
class User:
    """`installed`: has Baseroom in their personal scope. `blocks`: has blocked it there."""

    id: str
    name: str
    email: str
    aad: str
    zone: str = "Europe/London"
    guest: bool = False
    tenant: str = TENANT
    installed: bool = True
    blocks: bool = False

    def to_json(self) -> Json:
        """As the roster gives them."""
        given, _, surname = self.name.partition(" ")
        return {
            "id": self.id,
            "name": self.name,
            "givenName": given,
            "surname": surname,
            "email": self.email,
            "userPrincipalName": self.email,
            "aadObjectId": self.aad,
            "objectId": self.aad,
            "tenantId": self.tenant,
            "userRole": "guest" if self.guest else "user",
        }


@dataclass(eq=False, slots=True)
class Team:
    """Its id is that of its General channel, as in Teams. `app`: Baseroom is installed in it."""

    id: str
    name: str
    members: list[User]
    app: bool = True

    @property
    def group(self) -> str:
        return str(uuid5(NAMESPACE_URL, self.id))


@dataclass(eq=False, slots=True)
class Conversation:
    """`kind`: personal, groupChat or channel. `type` (of a channel): standard, private or shared."""

    id: str
    kind: str
    own_members: list[User]
    name: str = ""
    team: Team | None = None
    type: str = "standard"
    app: bool = True

    @property
    def members(self) -> list[User]:
        return self.team.members if self.team and self.type == "standard" else self.own_members

    @property
    def has_app(self) -> bool:
        return self.team.app if self.team else self.app


@dataclass(eq=False, slots=True)
class Message:
    """`author` is None for Baseroom's own. `attachment` is the one that it carries: a card, a file consent, a file.

    `views` are cards that single people see instead, by their id: what answered their own press. `quotes` is the
    message that it answers, in a chat without threads.
    """

    conversation: Conversation
    id: str
    author: User | None
    text: str = ""
    thread: str = ""
    summary: str = ""
    attachment: Json | None = None
    edits: int = 0
    deleted: bool = False
    views: dict[str, Json] = field(default_factory=dict)
    answered: bool = False
    quotes: "Message | None" = None

    @property
    def by_app(self) -> bool:
        return self.author is None

    def card(self, viewer: User | None = None) -> Json | None:
        if viewer is not None and viewer.id in self.views:
            return self.views[viewer.id]
        if self.attachment and self.attachment["contentType"] == "application/vnd.microsoft.card.adaptive":
            content: Json = self.attachment["content"]
            return content
        return None


class Tenant:
    """Everything that Teams keeps. Ids are made in order, so a run reads the same each time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_id = 0
        self.users: dict[str, User] = {}
        self.teams: dict[str, Team] = {}
        self.conversations: dict[str, Conversation] = {}
        self.messages: list[Message] = []

    def next_message_id(self) -> str:
        """Milliseconds by the clock; never twice the same."""
        self._last_id = max(int(self._clock.now().timestamp() * 1000), self._last_id + 1)
        return str(self._last_id)

    def add_user(self, name: str, **more: Any) -> User:
        number = len(self.users) + 1
        email = f"{name.lower().replace(' ', '.')}@peers.example"
        standard: Json = {"email": email, "aad": str(uuid5(NAMESPACE_URL, email))}
        user = User(f"29:1fake{number:04d}-Zq_x", name, **(standard | more))
        self.users[user.id] = user
        return user

    def user_named(self, name: str) -> User | None:
        return next((user for user in self.users.values() if user.name == name), None)

    def add_team(self, name: str, members: list[User], *, app: bool = True) -> Team:
        number = len(self.teams) + 1
        team = Team(f"19:team{number:04d}general@thread.tacv2", name, list(members), app)
        self.teams[team.id] = team
        self.conversations[team.id] = Conversation(team.id, "channel", [], "General", team)
        return team

    def add_channel(
        self, team: Team, name: str, kind: str = "standard", members: list[User] | None = None
    ) -> Conversation:
        made = Conversation(
            f"19:channel{len(self.conversations):04d}@thread.tacv2", "channel", members or [], name, team, kind
        )
        self.conversations[made.id] = made
        return made

    def add_group_chat(self, members: list[User]) -> Conversation:
        made = Conversation(f"19:chat{len(self.conversations):04d}@thread.v2", "groupChat", list(members))
        self.conversations[made.id] = made
        return made

    def personal_chat(self, user: User) -> Conversation:
        """The chat of one person with Baseroom, begun when it is first needed."""
        found = next((c for c in self.conversations.values() if c.kind == "personal" and c.own_members == [user]), None)
        if found is None:
            found = Conversation(f"a:1chat-of-{user.id.partition(':')[2]}", "personal", [user])
            self.conversations[found.id] = found
        return found

    def channels_of(self, team: Team) -> list[Conversation]:
        return [one for one in self.conversations.values() if one.team is team]

    def add_message(self, conversation: Conversation, author: User | None, **more: Any) -> Message:
        """`more`: any other field of `Message`."""
        message = Message(conversation, self.next_message_id(), author, **more)
        self.messages.append(message)
        return message

    def find(self, conversation: Conversation, message_id: str) -> Message | None:
        found = (one for one in self.messages if one.conversation is conversation and one.id == message_id)
        return next((one for one in found if not one.deleted), None)

    def in_conversation(self, conversation: Conversation) -> Iterator[Message]:
        """What stands there, oldest first."""
        return (one for one in self.messages if one.conversation is conversation and not one.deleted)
