"""`visit`: Baseroom on Teams without credentials, on loopback, with Agents Playground in front of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build_app
from bot.clock import HandClock, SystemClock
from bot.ports import Target
from bot.serve import running
from bot.settings import read_settings
from bot.teams.render import TeamsMessage
from bot.teams.wiring import build_teams
from handlers.chat import Platform
from storage.keys import KeyStore, make_master_key
from storage.migrations import migrate
from storage.records import Challenge, Finding
from tests.clients.playground import (
    PATIENCE,
    PROGRAM,
    TENANT,
    Json,
    Playground,
    action_named,
    actions_of,
    running_playground,
)
from tests.fieldwork.day import LONDON
from tests.fixtures import absent

START = datetime(2026, 11, 16, 10, 0, tzinfo=LONDON)


@dataclass
class Copies:
    """Teams' porter, and a copy of every card that it carries: the client shows the chats of one person only."""

    porter: Any
    cards: list[tuple[str, Json]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.porter, name)

    async def post(self, target: Target, page: object, *, key: str) -> str:
        self._note(target, page)
        message: str = await self.porter.post(target, page, key=key)
        return message

    async def update(self, target: Target, message: str, page: object) -> None:
        self._note(target, page)
        await self.porter.update(target, message, page)

    def _note(self, target: Target, page: object) -> None:
        if isinstance(page, TeamsMessage):
            self.cards.append((target.conversation, page.card))


@dataclass
class Visit:
    client: Playground
    app: App
    clock: HandClock
    copies: Copies

    async def until(self, moment: datetime) -> None:
        """Move Baseroom's clock there by way of everything that falls due before."""
        while (due := await self.app.scheduler.next_moment()) is not None and due <= moment:
            await self._set(max(due, self.clock.now()))
        await self._set(moment)

    async def _set(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        await self.app.scheduler.do_due()
        await self.app.delivery.drain()

    async def pass_time(self, seconds: float) -> None:
        await self.until(self.clock.now() + timedelta(seconds=seconds))

    async def hangs(self, texts: Mapping[int, str]) -> None:
        """Wait until the wall is this: what each number says. The client shows a receipt at every change of it."""
        async with asyncio.timeout(PATIENCE):
            while {finding.number: finding.text for finding in await self.wall()} != texts:
                await self.client.news()

    async def settled(self) -> None:
        await self.app.delivery.drain()

    async def chat_of(self, handle: str) -> str:
        """The personal chat of somebody who is not at the page."""
        async with self.app.database.reading() as uow:
            account = await uow.accounts.find("teams", TENANT, handle)
        assert account, f"{handle} is not known"
        assert account.dm, f"{handle} has no chat with Baseroom"
        return account.dm

    async def button_of(self, handle: str, label: str) -> Json:
        """What the button carries on the newest card with it that somebody who is not at the page has got."""
        chat = await self.chat_of(handle)
        cards = [card for conversation, card in self.copies.cards if conversation == chat]
        has_it = [card for card in cards if any(action["title"] == label for action in actions_of(card))]
        assert has_it, f"{handle} has no card with {label!r}"
        return dict(action_named(has_it[-1], label)["data"])

    async def challenge(self) -> Challenge:
        async with self.app.database.reading() as uow:
            return (await uow.challenges.all())[-1]

    async def wall(self) -> list[Finding]:
        async with self.app.database.reading() as uow:
            return await uow.findings.on_the_wall((await self.challenge()).id)


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    if not PROGRAM.exists():
        absent("Agents Playground is not installed: make test-clients installs it.")
    settings = read_settings(
        database_url=f"sqlite:///{tmp_path / 'baseroom.db'}",
        keys_url=f"sqlite:///{tmp_path / 'keys.db'}",
        master_key_file=tmp_path / "master.key",
        managers="mina@peers.example",
        port=0,
        teams_anonymous=True,
    )
    keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
    keys.prepare(START)
    clock = HandClock(START.astimezone(UTC), runs_like=SystemClock())  # Teams' own pace is kept in real seconds
    app = build_app(settings, clock, keys=keys, pace=timedelta(0))
    app.dispatch.patience = 60.0  # a busy test machine is not a broken one
    await migrate(app.database.engine)
    teams = build_teams(app)
    copies = Copies(app.porters[Platform.TEAMS])
    app.porters[Platform.TEAMS] = copies
    async with (
        running(app, [teams]) as address,
        running_playground(tmp_path, f"{address}/api/messages", clock.now) as client,
    ):
        yield Visit(client, app, clock, copies)
