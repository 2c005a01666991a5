"""Drivers over platforms made of memory: one platform, or two at once with some people on both."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from pathlib import Path

from bot.app import App
from handlers.chat import ChannelFacts, ChoiceField, TextField
from storage.records import Challenge
from tests.fieldwork.day import TEAM, Channel, Day, Somebody, a_day

CHANNELS = {"slack": "C-team", "teams": "19:team", "rehearsal": "base-room"}


@dataclass
class MemoryHands:
    """`Hands` over the vocabulary itself."""

    somebody: Somebody

    @property
    def _channel(self) -> str:
        return CHANNELS[self.somebody.platform]

    async def says(self, words: str) -> str:
        return await self.somebody.says(words)

    async def says_in_channel(self, words: str) -> str:
        return await self.somebody.says_in_channel(words, channel=self._channel)

    async def edits(self, message: str, words: str) -> None:
        await self.somebody.edits(message, words)

    async def deletes(self, message: str) -> None:
        await self.somebody.deletes(message)

    async def asks(self, command: str, *, naming: Sequence[str] = (), in_channel: bool = False) -> None:
        people = tuple(self.somebody.day.people[handle] for handle in naming)
        await self.somebody.types(command, people=people, channel=self._channel if in_channel else "")

    async def presses(self, label: str) -> None:
        await self.somebody.presses(label)

    async def fills_in(self, **by_label: str) -> None:
        form = self.somebody.form
        assert form, f"{self.somebody.name} has no form open"
        values: dict[str, str] = {}
        for label, value in by_label.items():
            wanted = label.replace("_", " ")
            found = next((part for part in form.fields if part.label.startswith(wanted)), None)
            assert found, f"no field {wanted!r} among {[part.label for part in form.fields]}"
            values[found.name] = _value(found, value)
        await self.somebody.sends(**values)  # type: ignore[arg-type]  # values by name, and no people
        assert not self.somebody.errors, self.somebody.errors

    def has_form(self) -> bool:
        return self.somebody.form is not None

    def sees(self) -> str:
        return self.somebody.sees


def _value(part: object, typed: str) -> str:
    if isinstance(part, ChoiceField):
        return next(choice.value for choice in part.choices if choice.label.startswith(typed))
    assert isinstance(part, TextField)
    return typed


@dataclass
class MemoryWorld:
    """`World` over one `Day`. `seats` says at which platforms each handle sits; the first is where they are known."""

    day: Day
    seats: Mapping[str, tuple[str, ...]]
    _turns: dict[str, "cycle[Somebody]"] = field(default_factory=dict)

    @property
    def app(self) -> App:
        return self.day.app

    @property
    def challenge(self) -> Challenge | None:
        return self.day.challenge

    @challenge.setter
    def challenge(self, challenge: Challenge | None) -> None:
        self.day.challenge = challenge

    def at(self, handle: str, platform: str) -> Somebody:
        return self.day.people[handle if platform == self.seats[handle][0] else f"{handle}_{platform}"]

    def hands(self, handle: str) -> MemoryHands:
        turns = self._turns.setdefault(handle, cycle([self.at(handle, platform) for platform in self.seats[handle]]))
        return MemoryHands(next(turns))

    def manager_beside(self, handle: str) -> MemoryHands:
        return MemoryHands(self.at("mina", self.seats[handle][0]))

    def managers_of_channels(self) -> Sequence[MemoryHands]:
        return [MemoryHands(self.at("mina", platform)) for platform in self.seats["mina"]]

    def channels(self) -> Mapping[str, str]:
        return {platform: self._in_channel(platform) for platform in self.seats["mina"]}

    def _in_channel(self, platform: str) -> str:
        """What is said to the whole team: an answer under somebody's message is that platform's alone."""
        posts = Channel(self.day, CHANNELS[platform], platform).posts
        return "\n\n".join(post.words for post in posts if not post.target.thread)

    async def settle_in(self) -> None:
        await self._link("mina")

    async def link_peers(self) -> None:
        for handle in self.seats:
            if handle != "mina":
                await self._link(handle)

    async def _link(self, handle: str) -> None:
        """As a person does it: "link" where they are known, and the code where they are not."""
        first, *others = self.seats[handle]
        for platform in others:
            known = self.at(handle, first)
            await known.says("link")
            await self.at(handle, platform).says(
                next(line for line in known.last.words.splitlines() if "link " in line)
            )
            assert "one person now" in self.at(handle, platform).last.words

    async def until(self, moment: datetime) -> None:
        await self.day.until(moment)


@asynccontextmanager
async def memory_world(
    folder: Path, *, start: datetime, url: str = "", **seats: tuple[str, ...]
) -> AsyncIterator[MemoryWorld]:
    """A team of seven; whoever is not named sits where the manager does first."""
    async with a_day(folder, start=start, url=url) as day:
        home = seats["mina"][0]
        sitting = {handle: seats.get(handle, (home,)) for handle in TEAM}
        for platform in {platform for platforms in sitting.values() for platform in platforms}:
            day.opens_on(platform)
        day.people = {}
        for handle, platforms in sitting.items():
            for number, platform in enumerate(platforms):
                known_as = f"{handle}_{platform}" if number else handle
                day.people[known_as] = Somebody(day, known_as, TEAM[handle][0], platform=platform)
        for platform, channel in CHANNELS.items():
            day.facts[channel] = ChannelFacts(
                "team", True, False, tuple(one.person for one in day.people.values() if one.platform == platform)
            )
        yield MemoryWorld(day, sitting)
