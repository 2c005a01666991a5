"""The composition root: everything is built here, once, and the capabilities are listed here in so many words."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.disposal import Disposer
from bot.housekeeping import note_heads
from bot.ports import Lookout, Porter
from bot.rounds import Rounds
from bot.scheduler import Scheduler
from bot.settings import Settings
from handlers import (
    arrivals,
    checkins,
    destruction,
    digests,
    disposal,
    findings,
    health,
    home,
    linking,
    reports,
    requests,
    summary,
    team,
    themes,
    triangulation,
    wall,
)
from handlers import help as help_
from handlers.desk import House
from handlers.frameworks import load_frameworks
from handlers.registry import Registry
from storage.keys import KeyStore
from storage.unit_of_work import Database

CAPABILITIES = (
    findings,
    themes,
    triangulation,
    summary,
    digests,
    checkins,
    destruction,
    disposal,
    team,
    linking,
    reports,
    requests,
    wall,
    arrivals,
    health,
    home,
    help_,
)

log = structlog.get_logger("baseroom.app")


def build_registry() -> Registry:
    """Everything that Baseroom offers, from every capability."""
    registry = Registry()
    for capability in CAPABILITIES:
        capability.register(registry)
    return registry


@dataclass(slots=True)
class App:
    """A running Baseroom, whatever platforms it lives on. `porters` and `lookouts` are filled in by their wiring."""

    settings: Settings
    clock: Clock
    database: Database
    house: House
    porters: dict[str, Porter]
    delivery: Delivery
    dispatch: Dispatch
    scheduler: Scheduler
    lookouts: dict[str, Lookout]
    rounds: Rounds
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def is_working(self) -> bool:
        """Whether everything that was started still runs."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def start(self) -> None:
        """Begin delivering and keeping time."""
        await self.delivery.recover()
        running = (self.delivery.run(), self.scheduler.run(), self.rounds.run())
        self._tasks = [asyncio.create_task(one) for one in running]

    async def stop(self) -> None:
        """Let what is being sent end, then close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.delivery.stop()
        try:
            await note_heads(self.database)
        except Exception as exc:  # noqa: BLE001  # a database that is away must not keep us from ending; noted next time
            log.warning("the ends of the audit trails are not noted", error=type(exc).__name__)
        await self.database.close()


def build_app(settings: Settings, clock: Clock, *, keys: KeyStore, pace: timedelta = timedelta(seconds=1)) -> App:
    """Everything but the platforms. `keys` is open and prepared."""
    registry = build_registry()
    house = House(
        frameworks=load_frameworks(),
        registry=registry,
        managers=settings.manager_names,
        zone=settings.zone,
        public_url=settings.public_url,
    )
    database = Database(settings.database_url, keys)
    porters: dict[str, Porter] = {}
    delivery = Delivery(database, house, clock, porters, pace)
    dispatch = Dispatch(database, house, clock, delivery.something_to_send)
    disposer = Disposer(database, house, clock, porters, pace, settings.backup_days)
    scheduler = Scheduler(database, house, clock, delivery, dispatch, disposer)
    lookouts: dict[str, Lookout] = {}
    rounds = Rounds(database, house, clock, dispatch, lookouts)
    return App(settings, clock, database, house, porters, delivery, dispatch, scheduler, lookouts, rounds)
