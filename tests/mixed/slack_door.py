"""People at the fake Slack in front of the served app: what Slack's own client would let them do, and what it shows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.app import build_registry
from bot.clock import HandClock
from manifests.slack import slack_manifest
from tests.fakes.slack import Channel, FakeSlack, Message, Person, visible_text
from tests.fakes.slack.forms import options_of
from tests.fakes.slack.reading import Control, controls
from tests.mixed.visit import TEAM

Settled = Callable[[], Awaitable[None]]


@dataclass
class SlackHands:
    """`Hands` in Slack's client. `settled`: everything that came of what they did has arrived."""

    person: Person
    channel: Channel
    settled: Settled

    async def says(self, words: str) -> str:
        return await self._said(await self.person.dm(words))

    async def says_in_channel(self, words: str) -> str:
        return await self._said(await self.person.says(self.channel, f"@Baseroom {words}"))

    async def _said(self, message: Message) -> str:
        await self.settled()
        return message.ts

    async def edits(self, message: str, words: str) -> None:
        await self.person.edit(self._own(message), words)
        await self.settled()

    async def deletes(self, message: str) -> None:
        await self.person.delete(self._own(message))
        await self.settled()

    def _own(self, message: str) -> Message:
        return next(one for one in self.person.dm_messages() if one.ts == message)

    async def asks(self, command: str, *, naming: Sequence[str] = (), in_channel: bool = False) -> None:
        for handle in naming:
            command = command.replace(f"@{handle}", f"@{TEAM[handle][0]}")
        await self.person.types_command("/baseroom", command, channel=self.channel if in_channel else None)
        await self.settled()
        assert not self.person.troubles, self.person.troubles

    async def presses(self, label: str) -> None:
        post, control = self._newest_button(label)
        await self.person.presses(post, str(control.element["action_id"]))
        await self.settled()
        assert not self.person.troubles, self.person.troubles

    def _newest_button(self, label: str) -> tuple[Message, Control]:
        for post in reversed(self.posts):
            for control in controls(post):
                if control.element["type"] == "button" and control.label.startswith(label):
                    return post, control
        raise AssertionError(f"{self.person.name} sees no button {label!r}")

    async def fills_in(self, **by_label: str) -> None:
        modal = self.person.modal
        assert modal, f"{self.person.name} has no form open"
        fields = [control for control in controls(modal) if control.block["type"] == "input"]
        values: dict[str, Any] = {}
        for label, typed in by_label.items():
            wanted = label.replace("_", " ")
            found = next(one for one in fields if one.label.startswith(wanted))
            values[found.label] = _chosen(found.element, typed)
        await self.person.submits(values)
        await self.settled()
        assert not modal.errors, modal.errors

    def has_form(self) -> bool:
        return self.person.modal is not None

    async def sees(self) -> str:
        return "\n".join(self.person.reads(post) for post in self.posts)

    @property
    def posts(self) -> list[Message]:
        """Their direct messages from Baseroom, and what it showed to them alone in the channel."""
        return [*self.person.ephemerals, *(post for post in self.person.dm_messages() if post.by_app)]


def _chosen(element: dict[str, Any], typed: str) -> str:
    options = [str(option["text"]["text"]) for option in options_of(element)]
    return next((one for one in options if one.startswith(typed)), typed)


@dataclass
class SlackDoor:
    """A workspace with the team's private channel in it."""

    slack: FakeSlack
    channel: Channel
    people: dict[str, SlackHands]

    def posts(self) -> list[Message]:
        """What Baseroom has posted in the team channel for all to see, outside threads."""
        posts = self.people["mina"].person.messages_in(self.channel)
        return [post for post in posts if post.by_app and not post.seen_only_by and post.thread_ts in (None, post.ts)]

    def in_channel(self) -> str:
        return "\n\n".join(visible_text(post, self.slack.workspace) for post in self.posts())

    async def settled(self) -> int:
        """Quiet; how often Baseroom has called so far."""
        await self.slack.settled()
        return len(self.slack.calls)

    def check_content(self) -> None:
        """Slack had nothing to refuse and nothing to warn of, and reached Baseroom each time."""
        assert self.slack.refused_calls == []
        assert self.slack.warnings == []
        assert self.slack.undelivered == []


async def slack_door(handles: Sequence[str], clock: HandClock, settled: Settled) -> SlackDoor:
    slack = await FakeSlack.start(manifest=slack_manifest(build_registry(), public_url=""), clock=clock)
    people = {handle: slack.user(TEAM[handle][0]) for handle in handles}
    channel = slack.channel("team", private=True, members=list(people.values()))
    return SlackDoor(slack, channel, {handle: SlackHands(one, channel, settled) for handle, one in people.items()})
