"""An incoming thing, its handler, and the outcome: the one place where a request becomes a transaction, and the one
place that decides what people see when something goes wrong.

The mark of the incoming thing, what it did, and the promise to answer are committed together, before the platform is
told that it was received (RELIABILITY, 'In').
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.letters import from_letter, to_letter
from bot.logs import where
from handlers import routing
from handlers.access import ANYONE
from handlers.chat import (
    AnyIncoming,
    Deleted,
    Edited,
    FormErrors,
    Joined,
    Left,
    Met,
    Outcome,
    PlaceKind,
    Reacted,
    Said,
    Submitted,
)
from handlers.desk import House, Turn
from handlers.errors import Refusal
from storage.errors import KeyDestroyed, Overtaken
from storage.records import Account, InboxItem, Intent
from storage.unit_of_work import Database, UnitOfWork

log = structlog.get_logger("baseroom.dispatch")

PATIENCE = 2.0  # seconds for a message; Slack gives three for everything
MOST_OVERTAKEN = 3  # times that one thing is handled over again
FIRST_RETRY = timedelta(seconds=5)
LAST_RETRY = timedelta(minutes=10)
CAN_WAIT = (Said, Edited, Deleted, Reacted, Joined, Met, Left)  # nobody waits for an answer on the spot


class Fault(Exception):
    """Something went wrong in Baseroom itself. `reference` stands in the log too."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of an incoming thing: what its platform shows at once, and the posts that were promised, of which a
    platform may show some in its own answer too. `again`: it had been handled before, and nothing was done now."""

    outcome: Outcome = None
    promised: tuple[Intent, ...] = ()
    again: bool = False


@dataclass(slots=True)
class Dispatch:
    """Handles what comes in, whatever the platform. `something_to_send` is called after each commit.

    A message that takes longer than `patience` (seconds) is kept in the inbox and tried again.
    """

    database: Database
    house: House
    clock: Clock
    something_to_send: Callable[[], None]
    patience: float = PATIENCE

    async def handle(self, incoming: AnyIncoming) -> Outcome:
        """Handle it once, however often it is delivered. Raises only when nothing at all could be stored."""
        return (await self.handle_fully(incoming)).outcome

    async def handle_fully(self, incoming: AnyIncoming) -> Handled:
        """The same, for a platform that tells in its answer what came of it."""
        bound = log.bind(incoming=type(incoming).__name__, platform=incoming.place.platform)
        try:
            async with asyncio.timeout(self.patience if _can_wait(incoming) else None):
                return await self._handled_over(incoming)
        except (Refusal, KeyDestroyed) as refusal:
            bound.info("refused", why=type(refusal).__name__)
            return await self._refuse(incoming, str(refusal))
        except Exception as exc:  # noqa: BLE001  # the one error boundary
            fault = Fault(secrets.token_hex(3).upper())
            bound.error("failed", reference=fault.reference, error=type(exc).__name__, where=where(exc.__traceback__))
            return await self._recover(incoming, fault)

    async def _handled_over(self, incoming: AnyIncoming) -> Handled:
        """Handle it; over again, on what now stands, when somebody else changed the same thing in the same moment."""
        for _ in range(MOST_OVERTAKEN):
            try:
                return await self._handled(incoming)
            except Overtaken:
                log.info("overtaken", incoming=type(incoming).__name__)
        return await self._handled(incoming)

    async def say(self, incoming: AnyIncoming, sentence: str) -> None:
        """Answer with a sentence, where the platform leaves no other way to give back what is wrong."""
        async with self.database.begin() as uow:
            await (await self._turn(uow, incoming)).say(sentence)
            await uow.commit()
        self.something_to_send()

    async def form_not_opened(self, incoming: AnyIncoming) -> None:
        """The platform refused to open the form that `handle` gave back: offer it again as a button."""
        async with self.database.begin() as uow:
            await routing.offer_again(await self._turn(uow, incoming))
            await uow.commit()
        self.something_to_send()

    async def retry(self) -> None:
        """Try again what is kept in the inbox and due."""
        async with self.database.reading() as uow:
            due = await uow.inbox.due(self.clock.now())
        for item in due:
            await self._try_again(item)

    async def _try_again(self, item: InboxItem) -> None:
        """Handle it as if it had just come. What it does and that it is done are written together."""
        if not item.body:
            log.error("an item of the inbox cannot be read any more", attempts=item.attempts)
            return await self._settle(item, None)
        try:
            incoming = from_letter(item.body)
        except ValueError:  # kept for the version that wrote it, and out of the way of what comes after it
            log.warning("an item of the inbox is of another version", attempts=item.attempts)
            return await self._settle(item, LAST_RETRY)
        try:
            await self._handled(incoming, item=item)
        except (Refusal, KeyDestroyed) as refusal:
            await self._refuse(incoming, str(refusal), item=item)
        except Exception as exc:  # noqa: BLE001  # it stays in the inbox, whatever it was
            log.warning(
                "still failing", error=type(exc).__name__, where=where(exc.__traceback__), attempts=item.attempts
            )
            await self._settle(item, min(FIRST_RETRY * 2 ** min(item.attempts, 7), LAST_RETRY))
        return None

    async def _settle(self, item: InboxItem, wait: timedelta | None) -> None:
        """Try it again after the wait, or (None) never."""
        async with self.database.begin() as uow:
            if wait is None:
                await uow.inbox.done(item.id)
            else:
                await uow.inbox.try_again(item, self.clock.now() + wait)
            await uow.commit()

    async def _handled(self, incoming: AnyIncoming, *, item: InboxItem | None = None) -> Handled:
        async with self.database.begin() as uow:
            if not await self._is_first(uow, incoming, item):
                return Handled(again=True)
            turn = await self._turn(uow, incoming)
            outcome = await routing.take(turn)
            if isinstance(outcome, FormErrors):
                return Handled(outcome)  # nothing was done: the same form may be sent again
            await uow.commit()
        self.something_to_send()
        return Handled(outcome, tuple(uow.outbox.promised))

    async def _is_first(self, uow: UnitOfWork, incoming: AnyIncoming, item: InboxItem | None) -> bool:
        """Whether nobody has handled it before, nor another process is handling it now."""
        return await (uow.inbox.done(item.id) if item else self._is_new(uow, incoming))

    async def _is_new(self, uow: UnitOfWork, incoming: AnyIncoming) -> bool:
        marks = (incoming.id, *incoming.known_as)
        return all([await uow.inbox.is_new(mark, self.clock.now()) for mark in marks])

    async def _turn(self, uow: UnitOfWork, incoming: AnyIncoming) -> Turn:
        account = await self._account(uow, incoming)
        said = incoming.message if isinstance(incoming, Said) else ""
        return Turn(uow, self.clock.now(), self.house, incoming, account, ANYONE, said_message=said)

    async def _account(self, uow: UnitOfWork, incoming: AnyIncoming) -> Account:
        person, now = incoming.person, self.clock.now()
        account = await uow.accounts.find(person.platform, person.workspace, person.id)
        if account is None:
            account = await uow.accounts.add(person.platform, person.workspace, person.id, now)
        if incoming.place.kind is PlaceKind.DM and incoming.place.id and account.dm != incoming.place.id:
            await uow.accounts.set_dm(account.id, incoming.place.id)
            account = replace(account, dm=incoming.place.id)
        if account.blocked_at and incoming.place.kind is PlaceKind.DM and not isinstance(incoming, Left):
            await uow.accounts.set_blocked(account.id, None)
        if await _speaks_anew(uow, account, now):
            await uow.accounts.set_last_spoke(account.id, now)
        return account

    async def _refuse(self, incoming: AnyIncoming, sentence: str, *, item: InboxItem | None = None) -> Handled:
        if isinstance(incoming, Submitted):
            return Handled(FormErrors({"": sentence}))
        async with self.database.begin() as uow:
            if await self._is_first(uow, incoming, item):
                turn = await self._turn(uow, incoming)
                await routing.refuse(turn, sentence)
                await uow.commit()
        self.something_to_send()
        return Handled(promised=tuple(uow.outbox.promised))

    async def _recover(self, incoming: AnyIncoming, fault: Fault) -> Handled:
        """Keep what can be tried again; give back what cannot. If even that fails the platform will redeliver.

        The mark comes first, as when all goes well: two processes that have the same thing in hand and take their locks
        in different orders would wait for each other.
        """
        if isinstance(incoming, Submitted):
            return Handled(FormErrors({"": routing.fault_in_a_form(fault.reference)}))
        now = self.clock.now()
        async with self.database.begin() as uow:
            if _can_wait(incoming):
                if not await self._is_new(uow, incoming):
                    return Handled(again=True)  # another process has done it meanwhile
                await uow.inbox.keep(to_letter(incoming), now=now, next_at=now + FIRST_RETRY)
            await routing.admit_fault(await self._turn(uow, incoming), fault.reference)
            await uow.commit()
        self.something_to_send()
        return Handled(promised=tuple(uow.outbox.promised))


def _can_wait(incoming: AnyIncoming) -> bool:
    return isinstance(incoming, CAN_WAIT)


async def _speaks_anew(uow: UnitOfWork, account: Account, now: datetime) -> bool:
    """Whether to note that they spoke here: after ten minutes, or when they last spoke on another platform."""
    if account.last_spoke_at is None or now - account.last_spoke_at > timedelta(minutes=10):
        return True
    return (await uow.accounts.of_person(account.person_id))[0].id != account.id
