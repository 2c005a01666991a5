"""A whole Entra tenant with Teams on loopback, for the app under test to live in.

Start it with the manifest, point Baseroom's cloud at it (`login_url`, `openid_url`), let people act (`people.py`), and
read what they see. It is at least as strict as Teams: what Teams would refuse is refused, and an answer that Teams
could not show is an error. Nothing here sleeps: `settled` and `until` wait for what happens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.slack.bell import Bell
from tests.fakes.slack.clock import Clock, SystemClock

from .connector import Call, Connector
from .entra import Entra
from .faults import Fault
from .people import Person
from .tenant import APP, TENANT, Conversation, Message, Team, Tenant
from .throttle import LIMITS, Throttle

Json = dict[str, Any]


@dataclass(eq=False, slots=True)
class Delivery:
    """An activity that was sent to the app, and how it answered; status 0 when it could not be reached."""

    activity: Json
    status: int = 0
    body: Any = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


class FakeTeams:
    """`start` makes one and `stop` ends it. `calls` is everything the app asked, `deliveries` all that it was sent."""

    app_id = APP
    password = "fake-client-secret"
    tenant_id = TENANT

    def __init__(self, manifest: Mapping[str, Any], clock: Clock, limits: Sequence[tuple[int, timedelta]]) -> None:
        self.manifest, self.clock, self.bell = manifest, clock, Bell()
        self.tenant, self.throttle = Tenant(clock), Throttle(limits)
        self.entra = Entra(self.app_id, self.password, self.tenant_id)
        self.connector = Connector(self)
        self.rejected: list[str] = []
        self.typing: list[Conversation] = []
        self.uploads: dict[str, bytes] = {}
        self.deliveries: list[Delivery] = []
        self.members_a_page = 500
        self.errors_are_numbers = False
        self.changes_quote = True
        self.app_address = ""
        self.address = ""
        self._under_way = 0
        self._people: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    async def start(
        cls,
        *,
        manifest: Mapping[str, Any],
        clock: Clock | None = None,
        limits: Sequence[tuple[int, timedelta]] = LIMITS,
    ) -> "FakeTeams":
        """Set `app_address` once the app listens, such as `http://127.0.0.1:8080`."""
        teams = cls(manifest, clock or SystemClock(), limits)
        await teams._listen()
        return teams

    async def _listen(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.add_routes([*self.entra.routes(), *self.connector.routes()])
        app.router.add_put("/upload/{name}", self._take_upload)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.entra.address = self.address
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        self.connector.release()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def service_url(self) -> str:
        return f"{self.address}/"

    # ---- who and where

    def user(self, name: str, **more: Any) -> Person:
        """The person of this name, who joins the tenant if not yet there. `more`: any field of `User`."""
        found = self.tenant.user_named(name) or self.tenant.add_user(name, **more)
        return self._people.setdefault(found.id, Person(self, found))

    def person(self, user_id: str) -> Person:
        return self._people.setdefault(user_id, Person(self, self.tenant.users[user_id]))

    def team(self, name: str, members: Sequence[Person], *, app: bool = True) -> Team:
        return self.tenant.add_team(name, [one.user for one in members], app=app)

    def channel(self, team: Team, name: str, *, kind: str = "standard", members: Sequence[Person] = ()) -> Conversation:
        return self.tenant.add_channel(team, name, kind, [one.user for one in members])

    def group_chat(self, members: Sequence[Person]) -> Conversation:
        return self.tenant.add_group_chat([one.user for one in members])

    # ---- what happened

    @property
    def calls(self) -> list[Call]:
        return self.connector.calls

    def calls_of(self, what: str) -> list[Call]:
        return [call for call in self.calls if call.what == what]

    def posts_in(self, conversation: Conversation) -> list[Message]:
        """What Baseroom has posted there and not taken back."""
        return [one for one in self.tenant.in_conversation(conversation) if one.by_app]

    # ---- what goes wrong

    def fault(self, what: str, fault: Fault, *, times: int = 1) -> None:
        """The next `times` calls of this kind (send, create, update, delete, members, …) go wrong in this way."""
        self.connector.add_fault(what, fault, times)

    # ---- sending to the app

    async def deliver(self, activity: Json, *, token: str | None = None, **claims: Any) -> Delivery:
        """Send an activity to the app, signed unless `token` says otherwise ("" for none); `claims`: see `Signer`."""
        delivery = Delivery(activity)
        self.deliveries.append(delivery)
        signed = self.entra.signer.sign(str(activity.get("serviceUrl", "")), **claims) if token is None else token
        headers = {"Authorization": f"Bearer {signed}"} if signed else {}
        assert self._session is not None
        self._under_way += 1
        try:
            address = f"{self.app_address}/api/messages"
            async with self._session.post(address, json=activity, headers=headers) as answer:
                delivery.status = answer.status
                is_json = "json" in answer.headers.get("Content-Type", "")
                delivery.body = await answer.json() if is_json else (await answer.text() or None)
        finally:
            self._under_way -= 1
            self.bell.ring()
        return delivery

    async def deliver_again(self, delivery: Delivery, *, new_id: bool = False) -> Delivery:
        """As Teams does when it did not hear that the first arrived; sometimes under a new id."""
        changed = {"id": f"again-{len(self.deliveries)}"} if new_id else {}
        return await self.deliver(delivery.activity | changed)

    # ---- waiting

    async def until(self, holds: Callable[[], bool], *, within: float = 5.0, hope: str = "it") -> None:
        """Wait for `holds()`, looked at again after each change here; AssertionError after `within` real seconds."""
        await self.bell.until(holds, within, hope)

    async def settled(self, *, within: float = 10.0) -> None:
        """Wait until no delivery and no call is under way."""
        await self.bell.until(self._is_settled, within, "the tenant settling")

    def _is_settled(self) -> bool:
        return not self._under_way and not self.connector.under_way

    # ---- files

    def upload_url(self, name: str) -> str:
        return f"{self.address}/upload/{name}"

    async def _take_upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        ranged = request.headers.get("Content-Range", "")
        if ranged != f"bytes 0-{len(content) - 1}/{len(content)}":
            return web.json_response({"error": {"code": "invalidRange"}}, status=416)
        self.uploads[request.match_info["name"]] = content
        self.bell.ring()
        return web.json_response({"id": request.match_info["name"]}, status=201)
