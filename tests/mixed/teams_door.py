"""People at the fake Teams in front of the served app: what Teams' own client would let them do, and what it shows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.app import build_registry
from bot.clock import HandClock
from manifests.teams import teams_manifest
from tests.fakes.teams import APP, Conversation, FakeTeams, Message, Person, actions_of
from tests.fakes.teams.reading import inputs_of
from tests.mixed.visit import TEAM

Settled = Callable[[], Awaitable[None]]
OFFER = "Open the form:"  # what a message cannot open, a button under it can


@dataclass
class TeamsHands:
    """`Hands` in Teams' client. `settled`: everything that came of what they did has arrived."""

    teams: FakeTeams
    person: Person
    channel: Conversation
    settled: Settled

    async def says(self, words: str) -> str:
        return await self._said(await self.person.dm(words))

    async def says_in_channel(self, words: str) -> str:
        return await self._said(await self.person.says(self.channel, f"@Baseroom {words}"))

    async def _said(self, message: Message) -> str:
        await self.settled()
        return message.id

    async def edits(self, message: str, words: str) -> None:
        await self.person.edits(self._own(message), words)
        await self.settled()

    async def deletes(self, message: str) -> None:
        await self.person.deletes(self._own(message))
        await self.settled()

    def _own(self, message: str) -> Message:
        return next(one for one in self.person.dm_messages() if one.id == message)

    async def asks(self, command: str, *, naming: Sequence[str] = (), in_channel: bool = False) -> None:
        for handle in naming:
            command = command.replace(f"@{handle}", f"@{TEAM[handle][0]}")
        before = len(self.posts)
        await (self.says_in_channel(command) if in_channel else self.says(command))
        if any(OFFER in self.person.sees(post) for post in self.posts[before:]):
            await self._opens(self.posts[-1])

    async def _opens(self, offer: Message) -> None:
        card = offer.card(self.person.user)
        assert card
        await self.person.presses(offer, str(actions_of(card)[0].action["title"]))
        await self.settled()
        assert self.has_form(), self.person.toasts

    async def presses(self, label: str) -> None:
        for post in reversed(self.posts):
            for found in actions_of(post.card(self.person.user) or {}):
                if str(found.action.get("title", "")).startswith(label):
                    await self.person.presses(post, str(found.action["title"]))
                    await self.settled()
                    return
        raise AssertionError(f"{self.person.name} sees no button {label!r}")

    async def fills_in(self, **by_label: str) -> None:
        before = self.person.dialog
        assert before, f"{self.person.name} has no dialog open"
        values: dict[str, str] = {}
        for label, typed in by_label.items():
            wanted = label.replace("_", " ")
            found = next(one for one in inputs_of(before) if str(one.get("label", "")).startswith(wanted))
            values[str(found["id"])] = _chosen(found, typed)
        await self.person.submits(values)
        await self.settled()
        assert '"Attention"' not in repr(self.person.dialog).replace("'", '"'), self.person.sees(None)

    def has_form(self) -> bool:
        return self.person.dialog is not None

    async def sees(self) -> str:
        return "\n".join(self.person.sees(post) for post in self.posts)

    @property
    def posts(self) -> list[Message]:
        return self.teams.posts_in(self.person.chat)


def _chosen(control: dict[str, Any], typed: str) -> str:
    titles = [str(choice["title"]) for choice in control.get("choices", ())]
    return next((one for one in titles if one.startswith(typed)), typed)


@dataclass
class TeamsDoor:
    """A tenant with the peer team's own team in it."""

    teams: FakeTeams
    channel: Conversation
    people: dict[str, TeamsHands]

    def posts(self) -> list[Message]:
        """What Baseroom has posted in the team channel, outside threads."""
        return [post for post in self.teams.posts_in(self.channel) if not post.thread]

    def in_channel(self) -> str:
        return "\n\n".join(self.people["mina"].person.sees(post) for post in self.posts())

    async def settled(self) -> int:
        """Quiet; how often Baseroom has called so far."""
        await self.teams.settled()
        return len(self.teams.calls)

    def check_content(self) -> None:
        """Teams had nothing to refuse and nothing to slow down, and Baseroom took everything."""
        assert self.teams.rejected == []
        assert self.teams.throttle.over == 0
        assert [one.activity for one in self.teams.deliveries if not one.taken] == []


async def teams_door(handles: Sequence[str], clock: HandClock, settled: Settled) -> TeamsDoor:
    manifest = teams_manifest(build_registry(), app_id=APP, public_url="https://baseroom.example")
    teams = await FakeTeams.start(manifest=manifest, clock=clock)
    people = {handle: teams.user(TEAM[handle][0]) for handle in handles}
    channel = teams.channel(teams.team("Anyshire peer challenge", list(people.values())), "Peer team")
    return TeamsDoor(
        teams, channel, {handle: TeamsHands(teams, one, channel, settled) for handle, one in people.items()}
    )
