"""Carries Baseroom's posts into the rehearsal room, by the same contract as to Slack and Teams."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.clock import Clock
from bot.ports import Gone, Refused, Target
from bot.web.live import Bulletin, HomeShown, MessageGone, MessageShown
from bot.web.render import render_card
from bot.web.workspace import BASEROOM, BY_ID, TEAM_CHANNEL, dm_of
from handlers.chat import Card, File
from storage.errors import NotStored
from storage.records import Account, RehearsalMessage, Shape, new_id
from storage.unit_of_work import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class Page:
    """A post, drawn. `body` is JSON: a card's `html`, or a file's `name`, `media_type` and `content` (base64); both
    have the `notification`."""

    shape: Shape
    body: str


@dataclass(slots=True)
class RehearsalPorter:
    """`homes` are the home pages as they were last drawn, by resident."""

    database: Database
    clock: Clock
    bulletin: Bulletin
    homes: dict[str, str] = field(default_factory=dict)

    def pages(self, content: Card | File) -> Sequence[object]:
        """One page: nothing is too long for a web page."""
        if isinstance(content, Card):
            return (Page(Shape.CARD, json.dumps({"notification": content.notification, "html": render_card(content)})),)
        return (Page(Shape.FILE, json.dumps(_written(content))),)

    async def open_dm(self, account: Account) -> str:
        return dm_of(account.user_id)

    async def post(self, target: Target, page: object, *, key: str) -> str:
        _check_is_there(target)
        drawn = _page(page)
        message = RehearsalMessage(
            new_id(), target.conversation, BASEROOM, drawn.shape, drawn.body, self.clock.now(), target.thread,
            target.only_to, key,
        )  # fmt: skip
        async with self.database.begin() as uow:
            await uow.rehearsal.add(message)
            await uow.rehearsal.note_clock(message.at)
            await uow.commit()
        self.bulletin.publish(MessageShown(message))
        return message.id

    async def update(self, target: Target, message: str, page: object) -> None:
        drawn = _page(page)
        async with self.database.begin() as uow:
            earlier = await _standing(uow, message)
            now = replace(earlier, shape=drawn.shape, body=drawn.body)
            await uow.rehearsal.change(now, self.clock.now())
            await uow.commit()
        self.bulletin.publish(MessageShown(now))

    async def delete(self, target: Target, message: str) -> None:
        async with self.database.begin() as uow:
            earlier = await _standing(uow, message)
            await uow.rehearsal.delete(message, self.clock.now())
            await uow.commit()
        self.bulletin.publish(MessageGone(message, earlier.conversation))

    async def find(self, target: Target, key: str, since: datetime) -> str | None:
        async with self.database.reading() as uow:
            try:
                return (await uow.rehearsal.with_key(key)).id
            except NotStored:
                return None

    async def show_home(self, account: Account, card: Card) -> None:
        self.homes[account.user_id] = render_card(card)
        self.bulletin.publish(HomeShown(account.user_id, self.homes[account.user_id]))


async def _standing(uow: UnitOfWork, message: str) -> RehearsalMessage:
    """Raises `Gone` when it was taken back."""
    try:
        return await uow.rehearsal.get(message)
    except NotStored as exc:
        raise Gone from exc


def _check_is_there(target: Target) -> None:
    """Raises `Refused` for a conversation that is not in the room."""
    if target.conversation != TEAM_CHANNEL and target.conversation not in {one.dm for one in BY_ID.values()}:
        raise Refused("no_such_conversation")


def _page(page: object) -> Page:
    if not isinstance(page, Page):
        raise TypeError(type(page).__name__)
    return page


def _written(file: File) -> dict[str, str]:
    return {
        "notification": file.notification,
        "name": file.name,
        "media_type": file.media_type,
        "content": base64.b64encode(file.content).decode("ascii"),
    }


def read_file(message: RehearsalMessage) -> File:
    """The document of a message that holds one."""
    written = json.loads(message.body)
    content = base64.b64decode(written["content"])
    return File(written["notification"], written["name"], written["media_type"], content)
