"""Baseroom on Teams, over the one HTTP door that Teams knows.

An incoming thing is handled and committed within the request: what cannot even be stored is answered with 500, and
Teams sends it again. A form goes back in the answer itself; every post goes through the outbox.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from aiohttp.typedefs import Handler

from bot.app import App
from bot.settings import BadSetting, NotConnected
from bot.teams import remedies
from bot.teams.adapter import Adapter, Authentication
from bot.teams.cloud import PRACTICE, PUBLIC, Cloud
from bot.teams.connector import Clients, Connector
from bot.teams.credentials import AppType, read_credentials
from bot.teams.directory import Directory, NotNow
from bot.teams.door import MESSAGES_PATH, Door
from bot.teams.files import Files
from bot.teams.inbound import Inbound
from bot.teams.keys import KeysNotFetched, SigningKeys
from bot.teams.pace import Pace
from bot.teams.payloads import InvokeAnswer, Payload, part, words
from bot.teams.porter import TeamsPorter
from bot.teams.taking import Taking
from bot.teams.tokens import NoToken, Tokens
from handlers.chat import Platform

log = structlog.get_logger("baseroom.teams")

TYPING_AFTER = 1.0  # seconds; so long nobody wonders


@dataclass(slots=True)
class Teams:
    """Teams, wired to Baseroom. `door` and the SDK's adapter behind it settle who speaks; the rest is ours."""

    app: App
    cloud: Cloud
    tokens: Tokens
    keys: SigningKeys
    clients: Clients
    directory: Directory
    taking: Taking
    typing: "Typing"
    door: Door = field(init=False)
    name: str = "Teams"

    def __post_init__(self) -> None:
        authentication = Authentication(self.tokens, self.clients, self.keys, self.cloud)
        self.door = Door(self.tokens.ours, self.cloud, authentication, Adapter(authentication), self.take)

    @property
    def doors(self) -> Mapping[str, Handler]:
        return {MESSAGES_PATH: self.door.http}

    async def start(self) -> None:
        """Have our token and Microsoft's keys before anybody needs them. Raises `NotConnected`."""
        if self.tokens.ours.anonymous:
            log.warning("anonymous: whoever reaches this machine can speak as anybody")
            return
        if self.tokens.ours.app_type is AppType.MULTI_TENANT:
            log.warning("MicrosoftAppType is MultiTenant: Azure makes no more of these; plan for SingleTenant")
        try:
            await asyncio.gather(self.tokens.current(), self.keys.fetch())
        except NoToken as exc:
            raise NotConnected(f"Entra gives no token: {exc}. For what to do, run: baseroom doctor") from exc
        except KeysNotFetched as exc:
            raise NotConnected(f"Microsoft's signing keys cannot be read: {exc}. Is there a proxy?") from exc
        self.app.rounds.look_soon()

    async def stop(self) -> None:
        self.typing.stop()

    async def close(self) -> None:
        await self.tokens.stop()
        await self.keys.stop()
        await self.clients.close()

    async def is_connected(self) -> bool:
        """Whether we could answer: Teams calls us, so whether it can is not ours to know."""
        try:
            await self.tokens.current()
        except NoToken:
            return False
        return True

    async def take(self, activity: Payload) -> InvokeAnswer | None:
        """Handle one activity that is known to be from Teams. Raises only when nothing could be stored.

        Teams promises nobody to tell again who has come into a channel: what it could not say of one just now we look
        for ourselves.
        """
        await self.directory.remember(activity)
        self.typing.expect(activity)
        try:
            return await self.taking.take(activity)
        except NotNow:
            self.app.rounds.look_soon()
            return None


class Typing:
    """Shows that an answer is coming, to somebody who has waited for one in their personal chat."""

    def __init__(self) -> None:
        self.porter: TeamsPorter | None = None
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._showing: set[asyncio.Task[None]] = set()

    def expect(self, activity: Payload) -> None:
        """Somebody has said something: show it if nothing has been sent there within a second."""
        conversation = part(activity, "conversation")
        if words(activity, "type") != "message" or words(conversation, "conversationType") != "personal":
            return
        chat = words(conversation, "id")
        self.sent(chat)
        self._waiting[chat] = asyncio.get_running_loop().call_later(TYPING_AFTER, self._show, chat)

    def sent(self, conversation: str) -> None:
        """Something is being sent there."""
        waiting = self._waiting.pop(conversation, None)
        if waiting:
            waiting.cancel()

    def stop(self) -> None:
        for chat in list(self._waiting):
            self.sent(chat)

    def _show(self, chat: str) -> None:
        del self._waiting[chat]
        if self.porter is not None:
            task = asyncio.create_task(self.porter.typing(chat))
            self._showing.add(task)
            task.add_done_callback(self._showing.discard)


def build_teams(app: App, *, cloud: Cloud | None = None) -> Teams:
    """Teams wired to the app; `start` fetches what it needs. Raises `BadSetting`.

    `cloud` is where Microsoft is: itself, or this machine in practice and in tests.
    """
    credentials = read_credentials(app.settings)
    if credentials is None:
        raise BadSetting("MicrosoftAppId is not set: there is no Teams to serve. See README, 'Set-up for Teams'.")
    remedies.apply()
    cloud = cloud or (PRACTICE if credentials.anonymous else PUBLIC)
    tokens, keys, typing = Tokens(credentials, cloud), SigningKeys(cloud), Typing()
    clients = Clients(cloud, tokens)
    connector = Connector(clients, typing.sent)
    directory = Directory(connector, app.database, app.clock)
    typing.porter = app.porters[Platform.TEAMS] = TeamsPorter(connector, directory, Pace(app.clock))
    app.lookouts[Platform.TEAMS] = directory
    inbound = Inbound(directory, app.house.registry, app.clock)
    files = Files(connector, directory, app.database, app.house, app.clock)
    taking = Taking(app.dispatch, directory, inbound, files)
    return Teams(app, cloud, tokens, keys, clients, directory, taking, typing)
