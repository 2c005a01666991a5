"""Drains the outbox: draws each post from the records at the moment it goes out, and hands it to its platform.

One post at a time for each conversation, in order, and no faster than the platform allows. A post whose fate is not
known is never sent again blindly: it is looked for, and asked about where a platform cannot tell.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.ports import Gone, NotSent, Porter, Refused, Target, Unsure
from handlers.asides import offer_to_log
from handlers.chat import Card, File
from handlers.desk import Desk, House
from handlers.routing import HOME_TAB
from storage.errors import KeyDestroyed, NotStored
from storage.outbox import lane_of
from storage.records import Account, Address, OutboxRow, OutboxState, Post
from storage.unit_of_work import Database, UnitOfWork

log = structlog.get_logger("baseroom.delivery")

SETTLE = timedelta(seconds=10)
AT_ONCE = 16


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

    def something_to_send(self) -> None:
        self.wake.set()

    async def run(self) -> None:
        """Send what is due whenever somebody says that there is something; ends when cancelled."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            await self._start_due()

    async def drain(self) -> None:
        """Send everything that is due now, and return when it has gone."""
        while await self._start_due() or self._going:
            if self._going:
                await asyncio.wait(set(self._going), return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """Let what is being sent end."""
        if self._going:
            await asyncio.wait(set(self._going))

    async def recover(self) -> None:
        """At start: what was being sent when the last process ended may or may not have arrived."""
        async with self.database.begin() as uow:
            for row in await uow.outbox.in_state(OutboxState.SENDING):
                await uow.outbox.mark(row.id, OutboxState.UNSURE, now=self.clock.now(), why="the process ended")
            await uow.commit()

    async def reconcile(self) -> None:
        """Look for the posts whose fate is not known, once they have had time to settle."""
        async with self.database.reading() as uow:
            unsure = await uow.outbox.in_state(OutboxState.UNSURE)
        for row in unsure:
            await self._reconcile(row)

    async def _start_due(self) -> int:
        room = AT_ONCE - len(self._going)
        if room <= 0:
            return 0
        async with self.database.begin() as uow:
            rows = await uow.outbox.claim(self.clock.now(), sorted(self._busy), limit=room)
            if rows:
                await uow.commit()
        for row in rows:
            self._start(row)
        return len(rows)

    def _start(self, row: OutboxRow) -> None:
        lane = lane_of(row.intent.to)
        self._busy.add(lane)
        task = asyncio.create_task(self._deliver(row))
        self._going.add(task)
        task.add_done_callback(lambda done: self._ended(done, lane))

    def _ended(self, task: asyncio.Task[None], lane: str) -> None:
        self._going.discard(task)
        if self.pace:
            asyncio.get_running_loop().call_later(self.pace.total_seconds(), self._free, lane)
        else:
            self._free(lane)
        if not task.cancelled() and (exc := task.exception()):
            log.error("delivery failed", error=type(exc).__name__)

    def _free(self, lane: str) -> None:
        self._busy.discard(lane)
        self.wake.set()

    async def _deliver(self, row: OutboxRow) -> None:
        """1 draw it; 2 hand it over; 3 note how that ended."""
        bound = log.bind(kind=row.intent.kind, platform=row.intent.to.platform)
        now = self.clock.now()
        try:
            drawn = await self._draw(row)
            if drawn is None:
                await self._mark(row, OutboxState.DROPPED, "not worth sending any more")
                return
            await self._hand_over(row, *drawn)
        except NotSent as exc:
            bound.info("put back", why=str(exc), seconds=exc.retry_after.total_seconds())
            async with self.database.begin() as uow:
                await uow.outbox.put_back(row.id, now + exc.retry_after, str(exc))
                await uow.commit()
        except Unsure as exc:
            bound.warning("fate unknown", why=str(exc))
            await self._mark(row, OutboxState.UNSURE, str(exc))
        except (Refused, Gone) as exc:
            bound.error("parked", why=str(exc))
            await self._mark(row, OutboxState.PARKED, str(exc))
        except Exception as exc:  # noqa: BLE001  # one bad post must not stop the others
            bound.error("parked", why=type(exc).__name__)
            await self._mark(row, OutboxState.PARKED, type(exc).__name__)

    async def _draw(self, row: OutboxRow) -> tuple[Account | None, Post | None, Card | File] | None:
        """The person it goes to, the earlier post it replaces, and the content; None when it should not go."""
        intent, now = row.intent, self.clock.now()
        if intent.not_after and now > intent.not_after:
            return None
        async with self.database.reading() as uow:
            if await self._is_stopped(uow, intent.to):
                return None
            account = await uow.accounts.get(intent.to.account) if intent.to.account else None
            earlier = await uow.posts.in_slot(_slot(row)) if intent.slot and not intent.anew else None
            try:
                content = await self.house.registry.posts[intent.kind].build(Desk(uow, now, self.house), intent)
            except (NotStored, KeyDestroyed):
                return None
        if content is None:
            return None
        return account, earlier, offer_to_log(content, intent) if isinstance(content, Card) else content

    async def _is_stopped(self, uow: UnitOfWork, to: Address) -> bool:
        """Whether it is for a team channel in which posting is stopped."""
        if not to.conversation or to.account:
            return False
        channel = await uow.channels.find(to.platform, to.workspace, to.conversation)
        return channel is not None and channel.stopped_at is not None

    async def _hand_over(
        self, row: OutboxRow, account: Account | None, earlier: Post | None, content: Card | File
    ) -> None:
        intent = row.intent
        porter = self.porters[intent.to.platform]
        if intent.kind == HOME_TAB and account and isinstance(content, Card):
            await porter.show_home(account, content)
            await self._mark(row, OutboxState.SENT, "")
            return
        pages = porter.pages(content)
        if intent.page >= len(pages):
            await self._mark(row, OutboxState.DROPPED, "it has become shorter")
            return
        target = await self._target(porter, intent.to, account)
        message = await self._put(porter, target, earlier, pages[intent.page], row.key)
        await self._note_sent(row, target, message, pages)

    async def _put(self, porter: Porter, target: Target, earlier: Post | None, page: object, key: str) -> str:
        """Edit the earlier post if it still stands, else post anew; returns the new message's id, or ""."""
        if earlier is not None:
            try:
                await porter.update(replace(target, conversation=earlier.conversation), earlier.message, page)
            except Gone:
                pass
            else:
                return ""
        return await porter.post(target, page, key=key)

    async def _target(self, porter: Porter, to: Address, account: Account | None) -> Target:
        if to.conversation:
            return Target(to.conversation, to.thread, account.user_id if account else "")
        if account is None:
            raise Refused("nobody to send it to")
        if account.dm:
            return Target(account.dm, to.thread)
        conversation = await porter.open_dm(account)
        async with self.database.begin() as uow:
            await uow.accounts.set_dm(account.id, conversation)
            await uow.commit()
        return Target(conversation, to.thread)

    async def _note_sent(self, row: OutboxRow, target: Target, message: str, pages: Sequence[object]) -> None:
        intent, now = row.intent, self.clock.now()
        async with self.database.begin() as uow:
            await uow.outbox.mark(row.id, OutboxState.SENT, now=now)
            if message and not target.only_to:
                await uow.posts.add(_post(row, target, message, now))
            if intent.page == 0:
                for page in range(1, len(pages)):
                    await uow.outbox.add(replace(intent, page=page, due_at=now), now)
            await uow.commit()
        if len(pages) > 1:
            self.wake.set()

    async def _mark(self, row: OutboxRow, state: OutboxState, why: str) -> None:
        async with self.database.begin() as uow:
            await uow.outbox.mark(row.id, state, now=self.clock.now(), why=why)
            await uow.commit()

    async def _reconcile(self, row: OutboxRow) -> None:
        """Found: it was sent. Provably not there: send it. The platform cannot tell: ask a person."""
        now = self.clock.now()
        intent = row.intent
        porter = self.porters.get(intent.to.platform)
        if porter is None or now < row.due_at + SETTLE:
            return
        async with self.database.reading() as uow:
            account = await uow.accounts.get(intent.to.account) if intent.to.account else None
        try:
            target = await self._target(porter, intent.to, account)
            found = None if intent.kind == HOME_TAB else await porter.find(target, row.key, row.due_at - SETTLE)
        except (Unsure, Refused):
            await self._mark(row, OutboxState.PARKED, "it cannot be known whether this was posted")
            return
        except NotSent:
            return
        if found is None:
            async with self.database.begin() as uow:
                await uow.outbox.put_back(row.id, now, "it had not arrived")
                await uow.commit()
            self.wake.set()
        else:
            await self._note_sent(row, target, found, (object(),))


def _slot(row: OutboxRow) -> str:
    """The slot of one page of a post: each page is a message of its own."""
    return row.intent.slot if row.intent.page == 0 else f"{row.intent.slot}#{row.intent.page}"


def _post(row: OutboxRow, target: Target, message: str, now: datetime) -> Post:
    to, intent = row.intent.to, row.intent
    return Post(
        to.platform, to.workspace, target.conversation, message, intent.kind, intent.record,
        _slot(row) if intent.slot else "", intent.challenge_id, now,
    )  # fmt: skip
