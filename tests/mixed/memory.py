"""Drivers over platforms made of memory: one platform, or two at once with some people on both."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from handlers.chat import Buttons, Card, ChannelFacts, ChoiceField, TextField
from tests.fieldwork.day import Channel, Day, Somebody, a_day
from tests.fieldwork.platform import Shown
from tests.mixed.seats import Seated
from tests.mixed.visit import TEAM

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

    async def sees(self) -> str:
        return self.somebody.sees


def _value(part: object, typed: str) -> str:
    if isinstance(part, ChoiceField):
        return next(choice.value for choice in part.choices if choice.label.startswith(typed))
    assert isinstance(part, TextField)
    return typed


@dataclass
class MemoryWorld(Seated):
    """`World` over one `Day`."""

    day: Day = field(kw_only=True)

    def at(self, handle: str, platform: str) -> MemoryHands:
        known_as = handle if platform == self.seats[handle][0] else f"{handle}_{platform}"
        return MemoryHands(self.day.people[known_as])

    async def channels(self) -> Mapping[str, str]:
        return {platform: self._in_channel(platform) for platform in self.seats["mina"]}

    def _in_channel(self, platform: str) -> str:
        posts = Channel(self.day, CHANNELS[platform], platform).posts
        return "\n\n".join(_for_all(post).words for post in posts if not post.target.thread)

    async def until(self, moment: datetime) -> None:
        await self.day.until(moment)


def _for_all(post: Shown) -> Shown:
    """Without the buttons that are for some alone: this platform shows everything that is on a card."""
    assert isinstance(post.content, Card)
    shown = tuple(one for one in post.content.elements if not (isinstance(one, Buttons) and one.only_for))
    return replace(post, content=replace(post.content, elements=shown))


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
        yield MemoryWorld(day.app, sitting, day=day)
