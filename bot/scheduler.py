"""The only loop that sleeps: it wakes at the next wall time that somebody counts on, and does what is due.

What is due is read from the schedule, so that nothing depends on a process having been up; each run is taken and done
in one transaction, so that it happens once.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.disposal import Disposer
from bot.housekeeping import tell_of_damage, tidy
from bot.logs import where
from handlers.desk import Desk, House
from handlers.registry import Late
from storage.records import Run, RunState
from storage.unit_of_work import Database

log = structlog.get_logger("baseroom.scheduler")

TIDY_EVERY = timedelta(hours=1)
BREATH = timedelta(seconds=1)  # between two rounds when something due could not be done: it is tried again, not at once


@dataclass(slots=True)
class Scheduler:
    database: Database
    house: House
    clock: Clock
    delivery: Delivery
    dispatch: Dispatch
    disposer: Disposer
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _tidied_at: datetime | None = None

    async def run(self) -> None:
        """Do what is due, sleep until the next, for ever; ends when cancelled."""
        while True:
            self.changed.clear()
            moment = await self._round()
            await self.clock.wait(max(moment, self.clock.now() + BREATH) if moment else None, self.changed)

    async def _round(self) -> datetime | None:
        """What is due, and when something is next. A database that is away for a while must not end the schedule."""
        try:
            await self.do_due()
            return await self.next_moment()
        except Exception as exc:  # noqa: BLE001  # whatever it is, the next round may do better
            log.warning("the schedule waits", error=type(exc).__name__, where=where(exc.__traceback__))
            return self.clock.now() + BREATH

    async def do_due(self) -> None:
        """Everything that is due now: scheduled posts, second tries, posts that wait for their time, tidying."""
        await self.run_due()
        await self.dispatch.retry()
        await self.delivery.reconcile()
        await self.disposer.go_on()
        self.delivery.something_to_send()
        if self._tidied_at is None or self.clock.now() - self._tidied_at >= TIDY_EVERY:
            self._tidied_at = self.clock.now()
            await tidy(self.database, self.clock.now())
            await tell_of_damage(self.database, self.house, self.clock.now())

    async def next_moment(self) -> datetime | None:
        """When something is next due, of whatever kind."""
        async with self.database.reading() as uow:
            moments = [
                await uow.runs.next_due_at(),
                await uow.outbox.next_due_at(self.clock.now()),
                await uow.inbox.next_at(),
                await uow.disposals.next_at(),
            ]
        return min((moment for moment in moments if moment), default=None)

    async def run_due(self) -> None:
        """Run what the schedule says is due, in order."""
        async with self.database.reading() as uow:
            due = await uow.runs.due(self.clock.now())
        for run in due:
            try:
                await self._run(run)
            except Exception as exc:
                log.exception("scheduled work failed", kind=run.kind, error=type(exc).__name__)
        if due:
            self.delivery.something_to_send()

    async def _run(self, run: Run) -> None:
        entry = self.house.registry.schedule[run.kind]
        now = self.clock.now()
        too_late = now > run.due_at + entry.grace and entry.late is Late.TELL_MANAGER
        async with self.database.begin() as uow:
            if not await uow.runs.claim(run.id, RunState.LATE if too_late else RunState.DONE):
                return
            handler = entry.missed if too_late and entry.missed else entry.handler
            await handler(Desk(uow, now, self.house), run)
            await uow.commit()
        log.info("scheduled", kind=run.kind, late=too_late)
