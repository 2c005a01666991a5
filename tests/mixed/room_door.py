"""People at their browsers in the rehearsal room, over HTTP, begun with nothing set up."""

import html
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from bot.app import build_app
from bot.clock import HandClock
from bot.settings import read_settings
from bot.web.room import Opened, Room
from bot.web.wiring import rehearsal_application
from bot.web.workspace import MANAGER
from storage.keys import KeyStore, make_master_key
from storage.migrations import migrate
from tests.mixed.seats import Seated
from tests.mixed.visit import TEAM
from tests.rehearsal.visit import Shown, Visit, Window

NO_REPLIES = '<ol class="replies" aria-label="Replies"></ol>'
_REPLIES = re.compile(r'<ol class="replies".*?</ol>', re.DOTALL)
_FIELD = re.compile(r'<div class="field">|<fieldset class="field"')
_LABEL = re.compile(r"<(?:label|legend)[^>]*>(.*?)</", re.DOTALL)
_CHOICE = re.compile(
    r'<option value="([^"]*)"[^>]*>(.*?)</|type="radio" value="([^"]*)".*?<label[^>]*>(.*?)</', re.DOTALL
)


@dataclass
class RoomHands:
    """`Hands` in a browser."""

    window: Window

    async def says(self, words: str) -> str:
        return await self._say(words, "dm")

    async def says_in_channel(self, words: str) -> str:
        return await self._say(f"@Baseroom {words}", "team")

    async def _say(self, words: str, where: str) -> str:
        await self.window.says(words, to=where)
        self._check()
        own = [one for one in await self.window.messages(where) if 'class="message own' in one.html]
        return own[-1].id

    async def edits(self, message: str, words: str) -> None:
        await self.window.posts("edit", message=message, words=words)
        self._check()

    async def deletes(self, message: str) -> None:
        await self.window.posts("delete", message=message)
        self._check()

    async def asks(self, command: str, *, naming: Sequence[str] = (), in_channel: bool = False) -> None:
        await self.window.says(f"/baseroom {command}", to="team" if in_channel else "dm")
        self._check()

    async def presses(self, label: str) -> None:
        for message in reversed(await self.window.messages("dm")):
            found = re.findall(r"<button[^>]*data-action[^>]*>(.*?)</button>", message.html)
            fitting = [one for one in map(html.unescape, found) if one.startswith(label)]
            if fitting:
                await self.window.presses(fitting[0])
                self._check()
                return
        raise AssertionError(f"{self.window.who} sees no button {label!r}")

    async def fills_in(self, **by_label: str) -> None:
        values: dict[str, str | list[str]] = {}
        for label, typed in by_label.items():
            name, value = _field(self.window.form, label.replace("_", " "), typed)
            values[name] = value
        await self.window.sends(**values)
        self._check()
        assert 'class="error"' not in self.window.form, self.window.form

    def _check(self) -> None:
        assert not self.window.trouble, self.window.trouble

    def has_form(self) -> bool:
        return bool(self.window.form)

    async def sees(self) -> str:
        return "\n".join(one.words for one in await self.window.messages("dm") if _is_ours(one))


def _is_ours(message: Shown) -> bool:
    return 'class="message ours' in message.html


def _field(form: str, wanted: str, typed: str) -> tuple[str, str]:
    """The name of the field whose label begins so, and what a browser sends for what is typed or chosen in it."""
    for drawn in _FIELD.split(form)[1:]:
        label = _LABEL.search(drawn)
        name = re.search(r'name="field:([^"]+)"', drawn)
        if label and name and html.unescape(label[1]).startswith(wanted):
            choices = [(one[0] or one[2], html.unescape(one[1] or one[3])) for one in _CHOICE.findall(drawn)]
            chosen = next((value for value, shown in choices if shown.startswith(typed)), typed)
            return html.unescape(name[1]), html.unescape(chosen)
    raise AssertionError(f"no field {wanted!r} in {form}")


@dataclass
class RoomWorld(Seated):
    """`World` over the room."""

    room: Room = field(kw_only=True)
    visit: Visit = field(kw_only=True)

    def at(self, handle: str, platform: str) -> RoomHands:
        return RoomHands(self.visit.windows[handle])

    async def channels(self) -> Mapping[str, str]:
        page = (await self.visit.mina.page("team")).replace(NO_REPLIES, "")
        cards = re.findall(r'<article class="card">.*?</article>', _REPLIES.sub("", page), re.DOTALL)
        return {"rehearsal": "\n\n".join(Shown("", card).words for card in cards)}

    async def until(self, moment: datetime) -> None:
        await self.room.move_to(moment)


@asynccontextmanager
async def room_world(folder: Path, *, start: datetime) -> AsyncIterator[RoomWorld]:
    """The room with its own eight people, none of them on a challenge, and its clock standing still."""
    settings = read_settings(
        database_url=f"sqlite:///{folder / 'baseroom.db'}",
        keys_url=f"sqlite:///{folder / 'keys.db'}",
        master_key_file=folder / "master.key",
        managers=MANAGER.id,
    )
    keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
    keys.prepare(start)
    clock = HandClock(start.astimezone(UTC))
    app = build_app(settings, clock, keys=keys, pace=timedelta(0))
    await migrate(app.database.engine)
    room = Room(app, clock, _never_again)
    await room.open()
    async with TestClient(TestServer(rehearsal_application(room))) as client:
        seats = dict.fromkeys(TEAM, ("rehearsal",))
        yield RoomWorld(app, seats, room=room, visit=Visit(room, client))
    await room.close()


async def _never_again(*, sample: bool) -> Opened:
    raise AssertionError("nobody starts again here")
