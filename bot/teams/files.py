"""A file is handed over in a personal chat once its reader agrees: Teams then says where in their own OneDrive it
belongs. What was offered is drawn anew at that moment, from the records; until then no copy of it lies about.
"""

from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.teams.answers import TAKEN
from bot.teams.connector import Answered, NoAnswer, NotReached
from bot.teams.directory import Directory, without_thread
from bot.teams.payloads import InvokeAnswer, Json, Payload, part, tenant_of, words
from handlers.chat import File, Platform
from handlers.desk import Desk, House
from storage.errors import KeyDestroyed, NotStored
from storage.records import OutboxRow, OutboxState
from storage.unit_of_work import Database

log = structlog.get_logger("baseroom.teams")

FILE_INFO = "application/vnd.microsoft.teams.card.file.info"
NOT_NOW = "The file could not be put into your OneDrive just now. Please ask for it again."
NO_MORE = "That file is no longer on offer. Please ask for it again."
OFFERED = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.SENT)
NOT_ANSWERED = (Answered, NoAnswer, NotReached)


class Handing(Protocol):
    """What handing over asks of Teams (bot.teams.connector)."""

    async def send(self, service_url: str, conversation: str, activity: Json, *, reply_to: str = "") -> str: ...

    async def delete(self, service_url: str, conversation: str, message: str) -> None: ...

    async def upload(self, url: str, content: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Files:
    connector: Handing
    directory: Directory
    database: Database
    house: House
    clock: Clock

    async def settle(self, activity: Payload, value: Payload) -> InvokeAnswer:
        """What the person said to the offer of a file. Only the one it was made to can take it, and once."""
        row = await self._offered(activity, words(part(value, "context"), "offer"))
        agreed = words(value, "action") == "accept"
        if row is None:
            await self._say(activity, {"type": "message", "text": NO_MORE} if agreed else None)
        elif row.state is not OutboxState.WAITING:
            log.info("consent to a file delivered again")
        elif agreed:
            await self._hand_over(activity, row, part(value, "uploadInfo"))
        else:
            await self._end(row, OutboxState.DROPPED)
            await self._say(activity, None)
        return TAKEN

    async def _hand_over(self, activity: Payload, row: OutboxRow, where: Payload) -> None:
        """1 draw it; 2 say that it is ours to hand over; 3 put it where it belongs; 4 show it in the chat. What fails
        can be asked for again."""
        file = await self._draw(row)
        if file is None:
            await self._say(activity, {"type": "message", "text": NO_MORE})
            return
        ours = await self._take_up(row)
        if ours is None:
            log.info("consent to a file delivered twice at once")
            return
        try:
            await self.connector.upload(words(where, "uploadUrl"), file.content)
        except NOT_ANSWERED as exc:
            log.warning("file not handed over", error=type(exc).__name__)
            await self._end(ours, OutboxState.WAITING)
            await self._say(activity, {"type": "message", "text": NOT_NOW})
            return
        await self._end(ours, OutboxState.SENT)
        await self._say(activity, _info(where, file))

    async def _offered(self, activity: Payload, key: str) -> OutboxRow | None:
        """What was offered to that person, and is open, or is being or has been handed over."""
        sender = words(part(activity, "from"), "id")
        async with self.database.reading() as uow:
            row = await uow.outbox.by_key(key) if key else None
            account = await uow.accounts.find(Platform.TEAMS, tenant_of(activity), sender)
        if row is None or account is None or row.state not in OFFERED:
            return None
        return row if row.intent.to.account == account.id else None

    async def _draw(self, row: OutboxRow) -> File | None:
        async with self.database.reading() as uow:
            desk = Desk(uow, self.clock.now(), self.house)
            try:
                content = await self.house.registry.posts[row.intent.kind].build(desk, row.intent)
            except (NotStored, KeyDestroyed):
                return None
        return content if isinstance(content, File) else None

    async def _take_up(self, row: OutboxRow) -> OutboxRow | None:
        """None when somebody else hands it over: two agreements may come at once."""
        async with self.database.begin() as uow:
            ours = await uow.outbox.take_up(row)
            await uow.commit()
        return ours

    async def _end(self, row: OutboxRow, state: OutboxState) -> None:
        async with self.database.begin() as uow:
            if await uow.outbox.settle(row):
                await uow.outbox.mark(row.id, state, now=self.clock.now())
                await uow.commit()

    async def _say(self, activity: Payload, said: Json | None) -> None:
        """Put what is said in the place of the offer. Where Teams does not take it nothing is lost."""
        chat, offer = without_thread(words(part(activity, "conversation"), "id")), words(activity, "replyToId")
        place = await self.directory.where(chat)
        if place is None:
            return
        try:
            if said:
                await self.connector.send(place.service_url, chat, said)
            if offer:
                await self.connector.delete(place.service_url, chat, offer)
        except NOT_ANSWERED as exc:
            log.info("offer of a file not replaced", error=type(exc).__name__)


def _info(where: Payload, file: File) -> Json:
    """The file as it now lies in the person's OneDrive."""
    content = {"uniqueId": words(where, "uniqueId"), "fileType": words(where, "fileType")}
    shown = {
        "contentType": FILE_INFO,
        "contentUrl": words(where, "contentUrl"),
        "name": words(where, "name") or file.name,
        "content": content,
    }
    return {"type": "message", "attachments": [shown]}
