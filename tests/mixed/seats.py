"""Who sits where: everybody at one platform or at both, and those on both are made one person as people do it, with a
code that is asked for on one platform and typed on the other.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from bot.app import App
from storage.records import Challenge
from tests.mixed.driving import Hands

CODE = re.compile(r"link [A-Z]{4}-[A-Z]{4}")


@dataclass
class Seated(ABC):
    """What every world does alike. `seats`: at which platforms each handle sits; the first is where they are known."""

    app: App
    seats: Mapping[str, tuple[str, ...]]
    challenge: Challenge | None = None
    _turns: dict[str, Iterator[Hands]] = field(default_factory=dict)

    @abstractmethod
    def at(self, handle: str, platform: str) -> Hands: ...

    def hands(self, handle: str) -> Hands:
        accounts = [self.at(handle, platform) for platform in self.seats[handle]]
        return next(self._turns.setdefault(handle, cycle(accounts)))

    def manager_beside(self, handle: str) -> Hands:
        return self.at("mina", self.seats[handle][0])

    def managers_of_channels(self) -> Sequence[Hands]:
        return [self.at("mina", platform) for platform in self.seats["mina"]]

    async def settle_in(self) -> None:
        await self._link("mina")

    async def link_peers(self) -> None:
        for handle in self.seats:
            if handle != "mina":
                await self._link(handle)

    async def _link(self, handle: str) -> None:
        first, *others = self.seats[handle]
        for platform in others:
            known, new = self.at(handle, first), self.at(handle, platform)
            await known.says("link")
            await new.says(CODE.findall(await known.sees())[-1])
            assert "one person now" in await new.sees()
