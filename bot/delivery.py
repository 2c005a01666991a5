"""Drains the outbox: takes what is due, one post at a time for each conversation and no faster than a platform allows.

Claiming is sending: `sending` is committed before a post goes out. A post whose fate is not known is never sent again
blindly: it is looked for, and asked about where a platform cannot tell (RELIABILITY, 'Out').
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.admitting import admit
from bot.carrying import Carrier, Ending, note_ending, take_elsewhere
from bot.clock import Clock
from bot.logs import where
from bot.ports import Porter
from handlers.desk import Desk, House
from storage.outbox import NOT_KNOWN, lane_of
from storage.records import OutboxRow, OutboxState
from storage.unit_of_work import Database

log = structlog.get_logger("baseroom.delivery")

SEND_WITHIN = 20.0  # seconds of a claim; whoever was kept from it for longer lets it be, as another may have it by then
AT_ONCE = 16
DRAWN_AT_ONCE = 1  # of them: drawing is all computing, and would keep those waiting who have just spoken


@dataclass(slots=True)
class Delivery:
    """`pace` is the least time between two posts in one conversation."""

    database: Database
    house: House
    clock: Clock
    porters: Mapping[str, Porter]
    pace: timedelta = timedelta(seconds=1)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: set[str] = field(default_factory=set)
    _going: set[asyncio.Task[None]] = field(default_factory=set)
    _endings: list[Ending] = field(default_factory=list)
    _turning: asyncio.Lock = field(default_factory=asyncio.Lock)
    _drawing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DRAWN_AT_ONCE))

    def something_to_send(self) -> None:
        self.wake.set()

    async def run(self) -> None:
        """Send what is due whenever somebody says that there is something; ends when cancelled."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            try:
                await self._turn()
            except Exception as exc:  # noqa: BLE001  # a database that is away for a while must not end delivery
                log.warning("delivery failed", error=type(exc).__name__)
                asyncio.get_running_loop().call_later(self.pace.total_seconds() or 1.0, self.wake.set)

    async def drain(self) -> None:
        """Send everything that is due now, and return when it has gone."""
        while await self._turn() or self._going or self._endings:
            if self._going:
                await asyncio.wait(set(self._going), return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """Let what is being sent end, and write down how."""
        if self._going:
            await asyncio.wait(set(self._going))
        await self._turn(claim=False)

    async def recover(self) -> None:
        """At start: what was being sent by a process that has ended may or may not have arrived."""
        async with self.database.begin() as uow:
            await uow.outbox.recover(self.clock.now())
            await uow.commit()

    async def reconcile(self) -> None:
        """Look for the posts whose fate is not known, once they have had time to settle."""
        if self.database.is_shared:
            await self.recover()
        async with self.database.begin() as uow:
            unsure = await uow.outbox.take_unsure(self.clock.now(), list(self.porters))
            if unsure:
                await uow.commit()
        carrier = self._carrier()
        for row in unsure:
            self._endings.append(await carrier.look_for(row))
            self.wake.set()

    async def _turn(self, *, claim: bool = True) -> int:
        """Write down how earlier posts ended, and start the next; both in one transaction. Returns how many started."""
        send_by = time.monotonic() + SEND_WITHIN
        async with self._turning:
            endings, self._endings = self._endings, []
            room = AT_ONCE - len(self._going) if claim else 0
            if not endings and room <= 0:
                return 0
            rows = await self._note_safely_and_claim(endings, room)
        for ending in endings:
            self._free_later(ending.row)
        for row in rows:
            self._start(row, send_by)
        return len(rows)

    async def _note_safely_and_claim(self, endings: list[Ending], room: int) -> list[OutboxRow]:
        """In one transaction; when that fails, each ending in its own, so that one of them holds up no other."""
        left = list(endings)
        try:
            try:
                return await self._note_and_claim(endings, room)
            except Exception as exc:  # whatever it is, it may lie in one of the endings
                if not endings:
                    raise
                log.warning("endings are noted one by one", error=type(exc).__name__, where=where(exc.__traceback__))
            while left:
                await self._note_alone(left[0])
                left.pop(0)
            return await self._note_and_claim([], room)
        except BaseException:
            self._endings = left + self._endings  # they were not written: they are noted at the next turn
            raise

    async def _note_alone(self, ending: Ending) -> None:
        """One that cannot be noted is parked: it may have arrived, and nobody knows more. Raises when nothing can be
        written at all."""
        try:
            await self._note_and_claim([ending], 0)
        except Exception as exc:  # noqa: BLE001  # whatever it lay in, others must go on; a database that is away fails again below
            why = type(exc).__name__
        else:
            return
        async with self.database.begin() as uow:
            if not await uow.outbox.settle(ending.row, self.pace):
                return  # another process has it by now
            await uow.outbox.mark(ending.row.id, OutboxState.PARKED, now=self.clock.now(), why=NOT_KNOWN)
            await uow.commit()
        log.error("parked", why=why)

    async def _note_and_claim(self, endings: list[Ending], room: int) -> list[OutboxRow]:
        now = self.clock.now()
        async with self.database.begin() as uow:
            for ended in endings:
                if await uow.outbox.settle(ended.row, self.pace):
                    ending = await take_elsewhere(uow, ended, now)
                    await note_ending(uow, ending, now)
                    await admit(Desk(uow, now, self.house), ended, ending)
            busy = self._busy - ({lane_of(ending.row.intent.to) for ending in endings} if not self.pace else set())
            rows = await uow.outbox.claim(now, sorted(busy), limit=room) if room > 0 else []
            if endings or rows:
                await uow.commit()
        return rows

    def _start(self, row: OutboxRow, send_by: float) -> None:
        self._busy.add(lane_of(row.intent.to))
        task = asyncio.create_task(self._carry(row, send_by))
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    async def _carry(self, row: OutboxRow, send_by: float) -> None:
        ending = await self._carrier().carry(row, send_by)
        self._endings.append(ending)  # read only now: a turn in the meantime has put a new list there
        self.wake.set()

    def _free_later(self, row: OutboxRow) -> None:
        """Let the conversation have its next post, a pace after the last."""
        lane = lane_of(row.intent.to)
        if not self.pace:
            self._busy.discard(lane)
            self.wake.set()
        else:
            asyncio.get_running_loop().call_later(self.pace.total_seconds(), self._free, lane)

    def _free(self, lane: str) -> None:
        self._busy.discard(lane)
        self.wake.set()

    def _carrier(self) -> Carrier:
        return Carrier(self.database, self.house, self.clock, self.porters, self._drawing)
