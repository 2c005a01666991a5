"""A whole Slack workspace on loopback, for the app under test to live in.

Start it with the manifest, point `SLACK_API_URL` at `slack.api_url`, let people act (`people.py`), and read what they
see. It is at least as strict as Slack: what the manifest does not grant is refused, and what Slack would not show is
not shown. Nothing here sleeps: `settled` and `until` wait for what happens.
"""

import mimetypes
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from . import methods_chat, methods_conversations, methods_views
from .bell import Bell
from .clock import Clock, SystemClock
from .delivery import Deliveries, Delivery, Kind
from .delivery_http import HttpRoute
from .events import Events, Undelivered
from .faults import Fault
from .manifest import AppManifest
from .people import Person
from .permits import Permits
from .reading import Screen, visible_text
from .responses import answer_response_url
from .socket_mode import SocketRoute
from .throttle import RateLimits, Throttle
from .views import Views
from .web_api import Call, WebApi
from .workspace import Channel, Message, SharedFile, User, Workspace

Json = dict[str, Any]
METHOD_MODULES = (methods_chat, methods_conversations, methods_views)


class FakeSlack:
    """`start` makes one and `stop` ends it. `calls` is everything the app asked, `deliveries` all that it was sent."""

    bot_token = "xoxb-fake-bot-token"
    app_token = "xapp-fake-app-token"
    signing_secret = "fake-signing-secret"

    def __init__(
        self,
        manifest: Mapping[str, Any],
        clock: Clock,
        limits: RateLimits,
        acknowledge_within: float,
        signing_time: Callable[[], float],
    ) -> None:
        self.manifest, self.clock, self.bell = AppManifest(manifest), clock, Bell()
        self.app_token_scopes = frozenset({"connections:write"})
        self.workspace = Workspace(clock, self.manifest.bot_name)
        self.views, self.permits, self.throttle = Views(self.workspace), Permits(clock), Throttle(limits)
        self.sockets = SocketRoute(clock=clock, bell=self.bell, acknowledge_within=acknowledge_within)
        self.http = HttpRoute(
            manifest=self.manifest,
            secret=self.signing_secret,
            clock=clock,
            acknowledge_within=acknowledge_within,
            signing_time=signing_time,
        )
        route = self.sockets if self.manifest.socket_mode else self.http
        self._deliveries = Deliveries(clock, route, self.bell)
        self.events = Events(self.manifest, self.workspace, self._deliveries)
        self._web_api = WebApi(self)
        self._uploads: dict[str, tuple[str, int, bytes | None]] = {}
        self._people: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None
        self.address = ""

    @classmethod
    async def start(
        cls,
        *,
        manifest: Mapping[str, Any],
        clock: Clock | None = None,
        limits: RateLimits | None = None,
        acknowledge_within: float = 3.0,
        signing_time: Callable[[], float] = time.time,
        port: int = 0,
    ) -> "FakeSlack":
        """`acknowledge_within` and `signing_time` are real seconds (Bolt checks signatures by the machine's clock);
        all else runs by `clock`. With Socket Mode off in the manifest, set `app_address` once the app listens."""
        slack = cls(manifest, clock or SystemClock(), limits or RateLimits(), acknowledge_within, signing_time)
        await slack._listen(port)
        return slack

    async def _listen(self, port: int) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._web_api.handle)
        app.router.add_post("/upload/{file_id}", self._take_upload)
        app.router.add_post("/response/{token}", self._take_response)
        app.router.add_get("/link", self.sockets.accept)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, bound = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{bound}"

    async def stop(self) -> None:
        self._web_api.release()
        await self._deliveries.stop()
        await self.http.stop()
        await self.sockets.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    # Where the app connects

    @property
    def api_url(self) -> str:
        """For `SLACK_API_URL` and `AsyncWebClient(base_url=…)`."""
        return f"{self.address}/api/"

    @property
    def app_address(self) -> str | None:
        """Where the app listens for HTTP deliveries, such as `http://127.0.0.1:8080`."""
        return self.http.app_address

    @app_address.setter
    def app_address(self, address: str | None) -> None:
        self.http.app_address = address

    async def verify_url(self) -> bool:
        """Slack's challenge when a request URL is entered: whether the app echoes it."""
        challenge = {"token": "verification-token", "challenge": "3eZbrw1a", "type": "url_verification"}
        delivery = await self.send("event", challenge).carried_out()
        return delivery.answer in ("3eZbrw1a", {"challenge": "3eZbrw1a"})

    def socket_address(self) -> str:
        ticket = self.sockets.issue_ticket()
        return f"{self.address.replace('http', 'ws', 1)}/link?ticket={ticket}"

    # Who and where

    @property
    def bot(self) -> User:
        return self.workspace.bot

    def user(self, real_name: str, **more: Any) -> Person:
        """The person of this name, who joins the workspace if not yet there. `more`: any field of `User`."""
        found = self.workspace.user_named(real_name) or self.workspace.add_user(real_name, **more)
        return self._people.setdefault(found.id, Person(self, found))

    def channel(
        self,
        name: str,
        *,
        private: bool = True,
        members: "list[Person] | None" = None,
        app: bool = True,
        **flags: bool,
    ) -> Channel:
        """The channel of this name, made if not yet there; `app` puts the app in it. `flags`: `is_ext_shared`, …"""
        for channel in self.workspace.channels.values():
            if channel.name == name:
                return channel
        ids = [member.id for member in members or []] + ([self.bot.id] if app else [])
        return self.workspace.add_channel(name, "private" if private else "public", ids, **flags)

    # What happened

    @property
    def calls(self) -> list[Call]:
        return self._web_api.calls

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def refused_calls(self) -> list[Call]:
        """The calls that Slack did not carry out; empty when the app did everything right."""
        return [call for call in self.calls if not call.ok]

    @property
    def unused_scopes(self) -> set[str]:
        """The manifest's scopes that nothing has needed yet: empty when each of them is proved necessary.

        `users:read.email` counts as needed once an e-mail is shown, since Slack shows it unasked.
        """
        return set(self.manifest.bot_scopes - self.manifest.used_scopes)

    @property
    def warnings(self) -> list[str]:
        """What Slack took but is too near its limits; empty when every message kept to the budget."""
        return [f"{call.method}: {warning}" for call in self.calls for warning in call.warnings]

    @property
    def deliveries(self) -> list[Delivery]:
        return self._deliveries.all

    @property
    def undelivered(self) -> list[Undelivered]:
        return self.events.undelivered

    def visible_text(self, screen: Screen) -> str:
        return visible_text(screen, self.workspace)

    # What goes wrong

    def fault(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """The next `times` calls of this method go wrong in this way."""
        self._web_api.add_fault(method, fault, times)

    def let_go(self) -> None:
        """Answer what was held with `Fault.held`."""
        self._web_api.let_go()

    # Waiting

    async def until(self, holds: Callable[[], bool], *, within: float = 5.0, hope: str = "it") -> None:
        """Wait for `holds()`, looked at again after each change here; AssertionError after `within` real seconds."""
        await self.bell.until(holds, within, hope)

    async def settled(self, *, within: float = 10.0) -> None:
        """Wait until no delivery and no call is under way."""
        await self.bell.until(self._is_settled, within, "the workspace settling")

    def _is_settled(self) -> bool:
        return not self._deliveries.under_way and not self._web_api.under_way

    async def connected(self, connections: int = 1, *, within: float = 5.0) -> None:
        """Wait until this many web sockets are up (Socket Mode)."""
        await self.bell.until(lambda: self.sockets.connections >= connections, within, "Socket Mode connecting")

    async def retry_due(self) -> int:
        """Make the retries that the clock has made due (one minute and five after a failure); how many."""
        return await self._deliveries.send_due()

    async def deliver_again(self, delivery: Delivery) -> Delivery:
        return await self._deliveries.send_again(delivery)

    def send(self, kind: Kind, payload: Json) -> Delivery:
        return self._deliveries.send(kind, payload)

    # What changes

    def post(self, channel: Channel, text: str, blocks: list[Json] | None, **more: Any) -> Message:
        """The app says something; unless only one person sees it, the app hears of it too. `more`: of `Message`."""
        message = self.workspace.add_message(channel, self.bot.id, text, blocks=blocks, by_app=True, **more)
        if message.seen_only_by is None:
            self.events.message_posted(message)
        self.bell.ring()
        return message

    def change(
        self,
        message: Message,
        by: User,
        text: str,
        blocks: list[Json] | None,
        *,
        metadata: Json | None = None,
    ) -> list[Delivery]:
        previous = message.to_json()
        message.text, message.blocks, message.metadata = text, blocks, metadata
        message.edited = {"user": by.id, "ts": self.workspace.next_ts()}
        self.bell.ring()
        return self.events.message_changed(message, previous) if message.seen_only_by is None else []

    def unfurl(self, message: Message) -> list[Delivery]:
        """Slack adds a link's preview: `message_changed` though nobody changed the text."""
        previous = message.to_json()
        message.attachments = [{"id": 1, "title": "A page", "fallback": "A page", "from_url": "https://page.example"}]
        return self.events.message_changed(message, previous)

    def take_back(self, message: Message) -> list[Delivery]:
        """Delete a message; one with replies stays as a tombstone, and the app hears of a change."""
        previous = message.to_json()
        self.bell.ring()
        if message.seen_only_by is None and self.workspace.replies_to(message):
            message.text, message.blocks, message.metadata = "This message was deleted.", None, None
            message.subtype, message.user, message.by_app = "tombstone", "USLACKBOT", False
            return self.events.message_changed(message, previous)
        message.deleted = True
        return self.events.message_deleted(message, previous) if message.seen_only_by is None else []

    def react(self, message: Message, by: User, name: str) -> Delivery | None:
        message.reactions.setdefault(name, []).append(by.id)
        return self.events.reaction("reaction_added", message, by.id, name)

    def unreact(self, message: Message, by: User, name: str) -> Delivery | None:
        message.reactions[name].remove(by.id)
        if not message.reactions[name]:
            del message.reactions[name]
        return self.events.reaction("reaction_removed", message, by.id, name)

    def add_member(self, channel: Channel, user: User, inviter: User | None = None) -> list[Delivery]:
        """Someone (or the app) joins: the membership event, and the line that Slack writes into the channel."""
        channel.members.append(user.id)
        subtype = "group_join" if channel.kind == "private" else "channel_join"
        line = self.workspace.add_message(channel, user.id, f"<@{user.id}> has joined the channel", subtype=subtype)
        joined = self.events.membership("member_joined_channel", channel, user.id, inviter.id if inviter else None)
        return [*([joined] if joined else []), *self.events.message_posted(line)]

    def remove_member(self, channel: Channel, user: User) -> Delivery | None:
        channel.members.remove(user.id)
        return self.events.membership("member_left_channel", channel, user.id, None)

    async def share_outside(self, channel: Channel) -> None:
        """The channel is shared with another organisation (Slack Connect)."""
        channel.is_ext_shared = True
        delivery = self.events.channel_shared(channel)
        if delivery is not None:
            await delivery.carried_out()

    # Files and responses

    def expect_upload(self, name: str, length: int) -> str:
        file_id = self.workspace.next_id("F")
        self._uploads[file_id] = (name, length, None)
        return file_id

    def take_upload(self, file_id: str) -> SharedFile | None:
        """The uploaded file, once; None when its bytes never came."""
        name, _, content = self._uploads.pop(file_id, ("", 0, None))
        if content is None:
            return None
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return SharedFile(file_id, name, content, kind, self.bot.id, self.workspace.now_seconds())

    async def _take_upload(self, request: web.Request) -> web.Response:
        file_id = request.match_info["file_id"]
        if file_id not in self._uploads:
            return web.Response(status=404, text="not found")
        name, length, _ = self._uploads[file_id]
        content = await methods_views.take_bytes(request, length)
        if content is None:
            return web.Response(status=400, text="wrong length")
        self._uploads[file_id] = (name, length, content)
        return web.Response(text=f"OK - {length}")

    async def _take_response(self, request: web.Request) -> web.Response:
        return await answer_response_url(self, request)
