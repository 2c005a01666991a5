"""At start and every hour Baseroom looks at each team channel for itself: somebody may have come in, or the channel
been made public, while no word of it could reach us. What it sees goes the way of any news from the platform.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.dispatch import Dispatch
from bot.logs import where
from bot.ports import Lookout
from handlers.chat import ChannelFacts, Joined, Person, Place, PlaceKind
from handlers.desk import Desk, House
from storage.records import TeamChannel, new_id
from storage.unit_of_work import Database

log = structlog.get_logger("baseroom.rounds")

EVERY = timedelta(hours=1)
SOONER = timedelta(minutes=2)  # where a channel could not be seen


@dataclass(slots=True)
class Rounds:
    """`lookouts` by platform; a platform that has connected calls `look_soon`."""

    database: Database
    house: House
    clock: Clock
    dispatch: Dispatch
    lookouts: Mapping[str, Lookout]
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def look_soon(self) -> None:
        self.wake.set()

    async def run(self) -> None:
        """Look when somebody says so, every hour, and sooner after a look that did not see all; ends when cancelled."""
        due = self.clock.now() + EVERY
        while True:
            await self.clock.wait(due, self.wake)
            if self.wake.is_set() or self.clock.now() >= due:
                self.wake.clear()
                saw_all = await self.look()
                due = self.clock.now() + (EVERY if saw_all else SOONER)

    async def look(self) -> bool:
        """Look at every team channel once, and say whether all could be seen. One that cannot be seen now keeps none of
        the others from being seen."""
        try:
            channels = await self._channels()
        except Exception as exc:  # noqa: BLE001  # a database that is away for a while must not end the looking
            log.warning("no channel seen", error=type(exc).__name__, where=where(exc.__traceback__))
            return False
        return all([await self._saw(channel) for channel in channels])

    async def _saw(self, channel: TeamChannel) -> bool:
        try:
            await self._look_at(channel, self.lookouts[channel.platform])
        except Exception as exc:  # noqa: BLE001  # whatever the platform or the database raised: the others are seen
            log.warning("channel not seen", error=type(exc).__name__, where=where(exc.__traceback__))
            return False
        return True

    async def _channels(self) -> list[TeamChannel]:
        """Those of live challenges, on the platforms that can be looked at."""
        async with self.database.reading() as uow:
            live = [challenge for challenge in await uow.challenges.all() if challenge.ended_at is None]
            bound = [channel for challenge in live for channel in await uow.channels.of_challenge(challenge.id)]
        return [channel for channel in bound if channel.platform in self.lookouts]

    async def _look_at(self, channel: TeamChannel, lookout: Lookout) -> None:
        facts = await lookout.facts(channel.conversation)
        if facts is not None:
            await self.dispatch.handle(self._news(channel, facts))
        elif self.house.registry.shut_out:
            async with self.database.begin() as uow:
                await self.house.registry.shut_out(Desk(uow, self.clock.now(), self.house), channel)
                await uow.commit()
            self.dispatch.something_to_send()

    def _news(self, channel: TeamChannel, facts: ChannelFacts) -> Joined:
        now = self.clock.now()
        place = Place(channel.platform, channel.workspace, channel.conversation, PlaceKind.CHANNEL)
        nobody = Person(channel.platform, channel.workspace, "")
        return Joined(id=f"round|{new_id()}", at=now, person=nobody, place=place, facts=facts)
