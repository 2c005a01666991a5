"""The door alone, as it is served, with something simple behind it: whoever is let in is noted and answered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.teams import remedies
from bot.teams.adapter import Adapter, Authentication
from bot.teams.cloud import Cloud
from bot.teams.connector import Clients, Connector
from bot.teams.credentials import TeamsCredentials
from bot.teams.door import MESSAGES_PATH, Door
from bot.teams.keys import SigningKeys
from bot.teams.payloads import InvokeAnswer, Payload
from bot.teams.tokens import Tokens
from tests.fakes.teams.tenant import APP, BOT, TENANT
from tests.teams.microsoft import PASSWORD, Microsoft

Json = dict[str, Any]

SERVICE = "https://smba.trafficmanager.net/uk/"
OURS = TeamsCredentials(APP, PASSWORD, tenant=TENANT)


def an_activity(**changes: Any) -> Json:
    """A message in a personal chat. What is changed to None is left out."""
    activity = {
        "type": "message",
        "id": "1700000000001",
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "from": {"id": "29:priya", "aadObjectId": "aad-priya"},
        "recipient": {"id": BOT},
        "conversation": {"id": "a:chat-of-priya", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "text": "Staff know the vision #vision",
    } | changes
    return {name: value for name, value in activity.items() if value is not None}


@dataclass
class Behind:
    """What stands behind the door. `taken`: what was let in. `answer`: gives back what is answered."""

    taken: list[Payload] = field(default_factory=list)
    answer: Callable[[Payload], Awaitable[InvokeAnswer | None]] | None = None

    async def take(self, activity: Payload) -> InvokeAnswer | None:
        self.taken.append(activity)
        return await self.answer(activity) if self.answer else None


@dataclass
class Entrance:
    microsoft: Microsoft
    client: TestClient[Any, Any]
    connector: Connector
    tokens: Tokens
    keys: SigningKeys
    behind: Behind

    async def knock(self, activity: Json, **claims: Any) -> ClientResponse:
        """Bring an activity as Teams does, with a token for its service URL. `claims` stand in place of right ones."""
        token = self.microsoft.signer.sign(str(activity.get("serviceUrl", SERVICE)), **claims)
        return await self.post(json=activity, headers={"Authorization": f"Bearer {token}"})

    async def post(self, **request: Any) -> ClientResponse:
        answer = await self.client.post(MESSAGES_PATH, **request)
        await answer.read()
        return answer


@asynccontextmanager
async def an_entrance(
    microsoft: Microsoft, credentials: TeamsCredentials = OURS, *, cloud: Cloud | None = None
) -> AsyncIterator[Entrance]:
    remedies.apply()
    cloud = cloud or microsoft.cloud()
    tokens, keys, behind = Tokens(credentials, cloud), SigningKeys(cloud), Behind()
    clients = Clients(cloud, tokens)
    authentication = Authentication(tokens, clients, keys, cloud)
    door = Door(credentials, cloud, authentication, Adapter(authentication), behind.take)
    site = web.Application(client_max_size=2 * 1024 * 1024)
    site.router.add_post(MESSAGES_PATH, door.http)
    async with TestClient(TestServer(site)) as client:
        yield Entrance(microsoft, client, Connector(clients), tokens, keys, behind)
    await tokens.stop()
    await keys.stop()
    await clients.close()
