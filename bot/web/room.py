"""The rehearsal room itself: what Slack's servers are for Slack, in one object.

It keeps what people say, tells every open window, hands what concerns Baseroom to dispatch, and moves the clock by way
of everything that falls due. Posts come back through the outbox and the porter, as on every platform.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.app import App
from bot.clock import HandClock
from bot.wall import Wall, read_wall
from bot.web import inbound
from bot.web.hands import FURTHEST, Horizon
from bot.web.live import Bulletin, ClockMoved, MessageGone, MessageShown, StartedAgain, WallChanged
from bot.web.porter import RehearsalPorter
from bot.web.workspace import BASEROOM, TEAM_CHANNEL, ZONE, Resident, may_see, place_of
from bot.wording import Values
from handlers.chat import AnyIncoming, Form, FormErrors, Outcome, Platform
from storage.errors import NotStored
from storage.records import Challenge, RehearsalMessage, RunState, Shape, new_id

LONGEST_MESSAGE = 40_000  # characters, as in Slack
OPEN_FORMS = 200
PUSHPIN = "pushpin"


class NotThere(Exception):
    """That is not there any more. Reload the page to see what is."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why or self.__doc__)


class NotYours(Exception):
    """Only the person who wrote a message can change it or take it back."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form in somebody's window. `token` names it when it is sent."""

    token: str
    form: Form


Opened = tuple[App, HandClock]


class Opener(Protocol):
    """Forgets everything, and gives a Baseroom with the sample visit in it, or with nothing."""

    async def __call__(self, *, sample: bool) -> Opened: ...


@dataclass(slots=True)
class Room:
    """The room over one Baseroom. It is another Baseroom once somebody has started again."""

    app: App
    clock: HandClock
    open_anew: Opener
    bulletin: Bulletin = field(default_factory=Bulletin)
    _forms: OrderedDict[str, Form] = field(default_factory=OrderedDict)
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)
    _is_open: asyncio.Event = field(default_factory=asyncio.Event)

    # ---- opening and closing

    def furnish(self) -> None:
        """Put the room in place as a platform of the app."""
        self.app.porters[Platform.REHEARSAL] = RehearsalPorter(self.app.database, self.clock, self.bulletin)

    async def open(self) -> None:
        """Let people in, and begin to keep time."""
        self.furnish()
        await self.app.start()
        self._is_open.set()

    async def close(self) -> None:
        await self.note_clock()  # first: where it cannot be noted, the room is still open
        self._is_open.clear()
        await self.app.stop()

    async def start_again(self, *, sample: bool) -> None:
        """Forget everything, and open on the sample visit or on nothing. Whoever knocks meanwhile waits.

        When nothing new can be made, the room opens again on what there is.
        """
        async with self._moving:
            await self.close()
            self._forms.clear()
            try:
                self.app, self.clock = await self.open_anew(sample=sample)
            finally:
                await self.open()
        self.bulletin.publish(StartedAgain())

    async def until_open(self) -> None:
        await self._is_open.wait()

    # ---- what people do

    async def say(self, who: Resident, conversation: str, words: str, thread: str = "") -> Outcome:
        """A message or a slash command. A form that it opens comes back.

        In the team channel Baseroom hears what names it, and replies under its own posts; the rest is team talk.
        """
        self._check_may_see(who, conversation)
        command = inbound.slash_command(words)
        if command is not None and not thread:
            return await self._take(inbound.commanded(who, conversation, command, self.clock.now()))
        message = await self._keep(who, conversation, words, thread)
        addressed = conversation != TEAM_CHANNEL or inbound.names_baseroom(words)
        if addressed or await self._is_under_our_post(thread):
            await self._take(inbound.said(who, message, addressed=addressed))
        return None

    async def edit(self, who: Resident, message_id: str, words: str) -> None:
        message = replace(await self._own(who, message_id), body=words, edited_at=self.clock.now())
        await self._change(message)
        await self._take(inbound.edited(who, message, self.clock.now()))

    async def take_back(self, who: Resident, message_id: str) -> None:
        message = await self._own(who, message_id)
        async with self.app.database.begin() as uow:
            await uow.rehearsal.delete(message.id, self.clock.now())
            await uow.commit()
        self.bulletin.publish(MessageGone(message.id, message.conversation))
        await self._take(inbound.deleted(who, message, self.clock.now()))

    async def pin(self, who: Resident, message_id: str) -> None:
        """A pushpin on a message, or off it again (which Baseroom is not told, as it could do nothing with it)."""
        message = await self.message(who, message_id)
        pinned = who.id in message.pinned_by
        await self._change(replace(message, pinned_by=message.pinned_by ^ {who.id}))
        if not pinned and message.author != BASEROOM:
            await self._take(inbound.reacted(who, message, PUSHPIN, self.clock.now()))

    async def point_at(self, who: Resident, message_id: str, shortcut: str) -> Outcome:
        message = await self.message(who, message_id)
        if message.author == BASEROOM:
            raise NotThere("Baseroom’s own posts cannot be logged: choose a message that somebody wrote.")
        return await self._take(inbound.pointed_at(who, message, shortcut, self.clock.now()))

    async def press(self, who: Resident, message_id: str, action: str, value: str) -> Outcome:
        message = await self.message(who, message_id) if message_id else None
        return await self._take(inbound.pressed(who, message, action, value, self.clock.now()))

    async def send_form(self, who: Resident, token: str, values: Values) -> tuple[Form, Outcome]:
        """The form as it was opened, and what came of sending it."""
        form = self._forms.get(token)
        if form is None:
            raise NotThere("This form was open for too long. Copy what you typed, and open the form again.")
        outcome = await self._take(inbound.submitted(who, form, values, self.clock.now()))
        if not isinstance(outcome, FormErrors):
            self._forms.pop(token, None)
        return form, outcome

    def keep_form(self, form: Form) -> OpenForm:
        token = new_id()
        self._forms[token] = form
        while len(self._forms) > OPEN_FORMS:
            self._forms.popitem(last=False)
        return OpenForm(token, form)

    async def home_of(self, who: Resident) -> str:
        """Baseroom's home page for that person, as HTML ("" where Baseroom showed none)."""
        await self.app.dispatch.handle(inbound.home_opened(who, self.clock.now()))
        await self.app.delivery.drain()
        porter = self.app.porters[Platform.REHEARSAL]
        return porter.homes.get(who.id, "") if isinstance(porter, RehearsalPorter) else ""

    # ---- what there is to see

    async def message(self, who: Resident, message_id: str) -> RehearsalMessage:
        """Raises `NotThere` for one that was taken back or that they cannot see."""
        async with self.app.database.reading() as uow:
            try:
                message = await uow.rehearsal.get(message_id)
            except NotStored as exc:
                raise NotThere from exc
        if not may_see(who, message.conversation, message.only_to):
            raise NotThere
        return message

    async def conversation(self, who: Resident, conversation: str) -> list[RehearsalMessage]:
        self._check_may_see(who, conversation)
        async with self.app.database.reading() as uow:
            return await uow.rehearsal.in_conversation(conversation, who.id)

    async def challenge(self) -> Challenge | None:
        """The newest challenge that is not over."""
        async with self.app.database.reading() as uow:
            standing = [challenge for challenge in await uow.challenges.all() if challenge.ended_at is None]
        return max(standing, key=lambda challenge: challenge.created_at, default=None)

    async def wall(self) -> Wall | None:
        challenge = await self.challenge()
        if challenge is None:
            return None
        async with self.app.database.reading() as uow:
            return await read_wall(uow, self.app.house, challenge)

    # ---- the clock

    async def horizon(self) -> Horizon:
        challenge = await self.challenge()
        if challenge is None:
            return Horizon(self.clock.now(), ZoneInfo(ZONE))
        async with self.app.database.reading() as uow:
            runs = await uow.runs.of_challenge(challenge.id, RunState.DUE)
        return Horizon(self.clock.now(), challenge.tz, runs)

    async def move_to(self, moment: datetime) -> None:
        """Move the hands (never back, never further than `FURTHEST`) by way of everything that falls due before."""
        async with self._moving:
            await self.go_through(min(moment, self.clock.now() + FURTHEST))
            await self.note_clock()
        self.app.scheduler.changed.set()
        self.bulletin.publish(ClockMoved())
        self.bulletin.publish(WallChanged())

    async def go_through(self, moment: datetime) -> None:
        """The hands alone: do what falls due on the way. Nobody is told, and what the clock shows is not noted."""
        last = None
        while (due := await self.app.scheduler.next_moment()) is not None and due <= moment:
            if due == last:  # it was tried and is still due: leave it to the scheduler
                break
            last = due
            self.clock.move_to(max(due, self.clock.now()))
            await self.app.scheduler.do_due()
            await self.app.delivery.drain()
        self.clock.move_to(max(moment, self.clock.now()))

    async def note_clock(self) -> None:
        """Remember what the clock shows, so that the room goes on from there when it is opened again."""
        async with self.app.database.begin() as uow:
            await uow.rehearsal.note_clock(self.clock.now())
            await uow.commit()

    # ---- the same for all

    async def _take(self, incoming: AnyIncoming) -> Outcome:
        """Hand it to dispatch, and let what it promised arrive before the window hears that it is done."""
        outcome = await self.app.dispatch.handle(incoming)
        await self.app.delivery.drain()
        self.app.scheduler.changed.set()
        self.bulletin.publish(WallChanged())
        return outcome

    async def _keep(self, who: Resident, conversation: str, words: str, thread: str) -> RehearsalMessage:
        message = RehearsalMessage(
            new_id(), conversation, who.id, Shape.WORDS, words, self.clock.now(), await self._root(who, thread)
        )
        async with self.app.database.begin() as uow:
            await uow.rehearsal.add(message)
            await uow.rehearsal.note_clock(message.at)
            await uow.commit()
        self.bulletin.publish(MessageShown(message))
        return message

    async def _change(self, message: RehearsalMessage) -> None:
        async with self.app.database.begin() as uow:
            await uow.rehearsal.change(message, self.clock.now())
            await uow.commit()
        self.bulletin.publish(MessageShown(message))

    async def _root(self, who: Resident, thread: str) -> str:
        """A reply to a reply stands under the same message."""
        if not thread:
            return ""
        parent = await self.message(who, thread)
        return parent.thread or parent.id

    async def _is_under_our_post(self, thread: str) -> bool:
        if not thread:
            return False
        place = place_of(TEAM_CHANNEL)
        async with self.app.database.reading() as uow:
            return await uow.posts.find(place.platform, place.workspace, place.id, thread) is not None

    async def _own(self, who: Resident, message_id: str) -> RehearsalMessage:
        message = await self.message(who, message_id)
        if message.author != who.id:
            raise NotYours
        return message

    def _check_may_see(self, who: Resident, conversation: str) -> None:
        if not may_see(who, conversation):
            raise NotThere
