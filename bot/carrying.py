"""One post on its way: drawn from the records at the moment it goes, handed to its platform, and how that ended.

The words exist here only between the drawing and the platform's answer; what is written down of it is the ending.
"""

import asyncio
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.ports import Gone, NotSent, Porter, Refused, Target, Unknowable, Unsure, Waits
from handlers.asides import offer_to_log
from handlers.chat import Card, File
from handlers.courtesy import polite_moment
from handlers.desk import Desk, House
from handlers.routing import HOME_TAB
from storage.errors import KeyDestroyed, NotStored
from storage.outbox import NOT_KNOWN, lane_of
from storage.records import Account, Address, Intent, OutboxRow, OutboxState, Post
from storage.unit_of_work import Database, UnitOfWork

log = structlog.get_logger("baseroom.delivery")

CLOCKS_DIFFER = timedelta(minutes=5)  # how far the platform's clock may be from ours
LOOKED_FOR = timedelta(hours=1)  # from when it was due; then a person is asked, who can look with their own eyes
TOO_LATE = "too late to be worth posting"
EDITED_AGAIN = "an edit that was cut off does no harm the second time"
REFUSED_AT = "refused_at"  # the param that says which of a person's accounts have refused a message already


@dataclass(frozen=True, slots=True)
class Sent:
    """It is out. `post` is where it stands now, if it can be edited or found again. `more`: a further page is to follow
    or, where the post has become shorter, to be taken away. `earlier` has its place no more: a page that is not needed,
    or what `post` has come in the place of. It is `gone`, or may not be edited any more and is kept to be destroyed."""

    row: OutboxRow
    post: Post | None = None
    more: bool = False
    earlier: Post | None = None
    gone: bool = True


@dataclass(frozen=True, slots=True)
class PutBack:
    """It was provably not sent, and may be tried again from `due_at`."""

    row: OutboxRow
    due_at: datetime
    why: str
    in_order: bool = True  # nothing of the same conversation overtakes it


@dataclass(frozen=True, slots=True)
class Stopped:
    """It went no further: its fate is unknown (unsure), it was refused (parked), it waits until its reader opens it, or
    it is not worth sending. `refused`: the platform itself said no, so that it is certain that nobody has read it
    there. `more`: a further page is to follow all the same."""

    row: OutboxRow
    state: OutboxState
    why: str
    refused: bool = False
    more: bool = False


Ending = Sent | PutBack | Stopped


async def note_ending(uow: UnitOfWork, ending: Ending, now: datetime) -> None:
    """Write down how it ended. A post of several pages promises what becomes of each further one when the one before
    is out."""
    match ending:
        case Sent(row, post, _, earlier, gone):
            await uow.outbox.mark(row.id, OutboxState.SENT, now=now)
            if earlier is not None:
                await uow.posts.forget(earlier)
            if earlier is not None and not gone:
                await uow.posts.add(replace(earlier, slot=""))
            if post is not None:
                await uow.posts.add(post)
        case PutBack(row, due_at, why, in_order):
            await uow.outbox.put_back(row.id, due_at, why, in_order=in_order)
        case Stopped(row, state, why):
            await uow.outbox.mark(row.id, state, now=now, why=why)
    if not isinstance(ending, PutBack) and ending.more:
        intent = ending.row.intent
        await uow.outbox.add(replace(intent, page=intent.page + 1, due_at=now), now)


async def take_elsewhere(uow: UnitOfWork, ending: Ending, now: datetime) -> Ending:
    """A direct message that a platform refuses (the person has blocked Baseroom there) goes to the person's other
    account, once for each; without another it waits in the team channel, for them alone. The ending then says so. It
    goes whole: what its first pages said may not be read any more where a further one was refused."""
    if not isinstance(ending, Stopped) or not ending.refused:
        return ending
    intent = ending.row.intent
    if intent.to.account is None or intent.to.conversation or intent.kind == HOME_TAB:
        return ending
    refused = {*intent.params.get(REFUSED_AT, "").split(), intent.to.account}
    account = await uow.accounts.get(intent.to.account)
    seats = await uow.accounts.of_person(account.person_id) if account else []
    other = next((seat for seat in seats if seat.id not in refused), None)
    to = _of(other) if other else await _beside(uow, intent, account)
    if to is None:
        return ending
    slot = f"{intent.slot.partition('@')[0]}@{lane_of(to)}" if intent.slot and not to.conversation else ""
    params = {**intent.params, REFUSED_AT: " ".join(sorted(refused))}
    await uow.outbox.add(replace(intent, to=to, slot=slot, params=params, page=0, due_at=None), now)
    return Stopped(ending.row, OutboxState.DROPPED, "refused there, and sent where they can read it")


def _of(account: Account) -> Address:
    return Address(account.platform, account.workspace, account=account.id)


async def _beside(uow: UnitOfWork, intent: Intent, account: Account | None) -> Address | None:
    """The team channel where the person is, for what nobody else may read: guests have no chat with Baseroom."""
    if account is None:
        return None
    theirs = [member.challenge_id for member in await uow.members.of_person(account.person_id)]
    for challenge_id in [intent.challenge_id] if intent.challenge_id in theirs else theirs:
        for channel in await uow.channels.of_challenge(challenge_id):
            there = (channel.platform, channel.workspace) == (account.platform, account.workspace)
            if there and channel.stopped_at is None:
                return replace(_of(account), conversation=channel.conversation)
    return None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a post needs to go: the person it is for, the earlier post it replaces, whether a further page of that one
    stands, and the content."""

    account: Account | None
    earlier: Post | None
    further: bool
    content: Card | File


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries single posts. It writes nothing but a person's direct conversation, once that is known. Whoever has
    `drawing` draws; the others wait."""

    database: Database
    house: House
    clock: Clock
    porters: Mapping[str, Porter]
    drawing: asyncio.Semaphore

    async def carry(self, row: OutboxRow, send_by: float = math.inf) -> Ending:
        """Draw it, hand it over, and tell how that ended; whatever happens, it ends in one of the three ways. After
        `send_by` (of `time.monotonic`) it is not handed over any more."""
        ending = await self._carried(row, send_by)
        if isinstance(ending, PutBack) and row.why == EDITED_AGAIN:
            return replace(ending, why=EDITED_AGAIN)  # however often it has to wait
        return ending

    async def _carried(self, row: OutboxRow, send_by: float) -> Ending:
        bound = log.bind(kind=row.intent.kind, platform=row.intent.to.platform)
        try:
            if row.intent.not_after and self.clock.now() > row.intent.not_after:
                return Stopped(row, OutboxState.DROPPED, TOO_LATE)
            if (morning := await self._quiet_until(row)) is not None:
                return PutBack(row, morning, "quiet hours", in_order=False)
            async with self.drawing:
                await asyncio.sleep(0)  # drawing never pauses on SQLite: whoever waits for an answer comes in here
                drawn = await self._draw(row)
            if drawn is None:
                return Stopped(row, OutboxState.DROPPED, "not worth sending any more")
            if time.monotonic() > send_by:  # this process stood still, and others may take it for dead
                return PutBack(row, self.clock.now(), "its time to be sent was over")
            return await self._hand_over(row, drawn)
        except NotSent as exc:
            bound.info("put back", why=str(exc), seconds=exc.retry_after.total_seconds())
            return PutBack(row, self.clock.now() + exc.retry_after, str(exc))
        except Unknowable as exc:
            bound.warning("fate unknown for good", why=str(exc))
            return Stopped(row, OutboxState.PARKED, NOT_KNOWN)
        except Unsure as exc:
            bound.warning("fate unknown", why=str(exc))
            return Stopped(row, OutboxState.UNSURE, str(exc))
        except (Refused, Gone) as exc:
            bound.error("parked", why=str(exc))
            return Stopped(row, OutboxState.PARKED, str(exc), refused=True)
        except Exception as exc:  # noqa: BLE001  # one bad post must not stop the others
            bound.error("parked", why=type(exc).__name__)
            return Stopped(row, OutboxState.PARKED, type(exc).__name__)

    async def look_for(self, row: OutboxRow) -> Ending:
        """A post whose fate was not known. Found: it was sent. Provably not there, or no more than an edit: send it.
        Unknowable: a person is asked. What keeps it from being looked for may pass (a platform or a database that is
        away): a person is asked only when it has lasted."""
        try:
            return await self._found(row)
        except (Unknowable, Refused, Gone) as exc:
            can_pass, why = False, type(exc).__name__
        except Exception as exc:  # noqa: BLE001  # NotSent, Unsure, or a fault, which must not stop the others
            can_pass, why = self.clock.now() < row.due_at + LOOKED_FOR, type(exc).__name__
        log.warning("cannot be looked for", kind=row.intent.kind, why=why)
        if can_pass:
            return Stopped(row, OutboxState.UNSURE, why)
        return Stopped(row, OutboxState.PARKED, NOT_KNOWN)

    async def _found(self, row: OutboxRow) -> Ending:
        """Raises whatever keeps it from being looked for."""
        drawn = await self._draw(row)
        if drawn is None:
            return Stopped(row, OutboxState.DROPPED, "not worth sending any more")
        porter = self.porters[row.intent.to.platform]
        target = await self._target(porter, row.intent.to, drawn.account)
        since = row.due_at - CLOCKS_DIFFER
        try:
            found = None if row.intent.kind == HOME_TAB else await porter.find(target, row.key, since)
        except Unknowable:
            if await self._was_to_edit(row, drawn.earlier):
                return PutBack(row, self.clock.now(), EDITED_AGAIN)
            raise
        if found is None:
            return PutBack(row, self.clock.now(), "it had not arrived")
        more = row.intent.page + 1 < len(porter.pages(drawn.content)) or drawn.further
        return Sent(row, self._stands(row, target, found, drawn.earlier), more, drawn.earlier, gone=False)

    async def _was_to_edit(self, row: OutboxRow, earlier: Post | None) -> bool:
        """Whether the earlier post stood already when this one was taken to be sent: it is older than what was promised
        next for the same place, if anything was, and so was not put there since."""
        if earlier is None:
            return False
        async with self.database.reading() as uow:
            next_at = await uow.outbox.next_in_slot(row)
        return next_at is None or earlier.posted_at < next_at

    async def _quiet_until(self, row: OutboxRow) -> datetime | None:
        """When a message that nobody asked for may go, if it was held up into the quiet hours. What belongs to no
        challenge (any more) goes by the house's clock."""
        if not row.intent.unprompted:
            return None
        zone = ZoneInfo(self.house.zone)
        if row.intent.challenge_id is not None:
            async with self.database.reading() as uow:
                zone = (await uow.challenges.get(row.intent.challenge_id)).tz
        moment = polite_moment(self.clock.now(), zone)
        return moment if moment > self.clock.now() else None

    async def _draw(self, row: OutboxRow) -> Drawn | None:
        """None when it should not go: posting is stopped there, or its record is gone."""
        intent, now = row.intent, self.clock.now()
        async with self.database.reading() as uow:
            if await _is_stopped(uow, intent.to):
                return None
            account = await uow.accounts.get(intent.to.account) if intent.to.account else None
            edits = bool(intent.slot) and not intent.anew
            earlier, further = await uow.posts.standing(*_slots(intent)) if edits else (None, False)
            try:
                if intent.challenge_id:
                    uow.keys.of(intent.challenge_id)  # without it nothing of the challenge is posted any more
                content = await self.house.registry.posts[intent.kind].build(Desk(uow, now, self.house), intent)
            except (NotStored, KeyDestroyed):
                return None
        if content is None:
            return None
        shown = offer_to_log(content, intent) if isinstance(content, Card) else content
        return Drawn(account, earlier, further, shown)

    async def _hand_over(self, row: OutboxRow, drawn: Drawn) -> Ending:
        intent, content = row.intent, drawn.content
        porter = self.porters[intent.to.platform]
        if intent.kind == HOME_TAB and drawn.account and isinstance(content, Card):
            await porter.show_home(drawn.account, content)
            return Sent(row)
        pages = porter.pages(content)
        target = await self._target(porter, intent.to, drawn.account)
        if intent.page >= len(pages):
            return await self._take_away(porter, target, row, drawn)
        more = intent.page + 1 < len(pages) or drawn.further
        try:
            message, gone = await self._put(porter, target, row, drawn.earlier, pages[intent.page])
        except Waits:
            return Stopped(row, OutboxState.WAITING, "", more=more)
        if not message:
            return Sent(row, None, more)
        post = None if target.only_to else self._stands(row, target, message, drawn.earlier)
        return Sent(row, post, more, drawn.earlier, gone)

    async def _take_away(self, porter: Porter, target: Target, row: OutboxRow, drawn: Drawn) -> Ending:
        """A page that the post does not need any more, as it has become shorter."""
        if drawn.earlier is None:
            return Stopped(row, OutboxState.DROPPED, "it has become shorter")
        try:
            await porter.delete(replace(target, conversation=drawn.earlier.conversation), drawn.earlier.message)
        except Gone:
            pass
        except Refused as exc:  # it stays there, and is nothing that the person would have to read elsewhere
            return Stopped(row, OutboxState.PARKED, str(exc))
        return Sent(row, None, drawn.further, drawn.earlier)

    async def _put(
        self, porter: Porter, target: Target, row: OutboxRow, earlier: Post | None, page: object
    ) -> tuple[str, bool]:
        """Edit the earlier post if it still stands and may be edited, else post anew; returns the new message's id, if
        there is one, and whether the earlier one is gone. Raises `Unknowable` where it may have been posted anew at the
        first try, of which nothing is known."""
        gone = True
        if earlier is not None:
            try:
                await porter.update(replace(target, conversation=earlier.conversation), earlier.message, page)
            except (Gone, Refused) as exc:  # whoever may not be written to is known by what becomes of the new one
                if row.why == EDITED_AGAIN:
                    raise Unknowable("it may have been posted anew") from exc
                gone = isinstance(exc, Gone)
            else:
                return "", False
        return await porter.post(target, page, key=row.key), gone

    def _stands(self, row: OutboxRow, target: Target, message: str, earlier: Post | None) -> Post:
        """Where it stands now. What has come in the place of an earlier post is as old as that: by their age the pages
        of one post are told from those of an older one in the same slot."""
        to, intent = row.intent.to, row.intent
        posted_at = earlier.posted_at if earlier else self.clock.now()
        return Post(
            to.platform, to.workspace, target.conversation, message, intent.kind, intent.record,
            _slots(intent)[0] if intent.slot else "", intent.challenge_id, posted_at,
        )  # fmt: skip

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


async def _is_stopped(uow: UnitOfWork, to: Address) -> bool:
    """Whether it is for a team channel in which posting is stopped."""
    if not to.conversation or to.account:
        return False
    channel = await uow.channels.find(to.platform, to.workspace, to.conversation)
    return channel is not None and channel.stopped_at is not None


def _slots(intent: Intent) -> tuple[str, str]:
    """The slots of one page of a post and of the next: each page is a message of its own."""
    return intent.slot if intent.page == 0 else f"{intent.slot}#{intent.page}", f"{intent.slot}#{intent.page + 1}"
