"""Baseroom on Slack, over Socket Mode (no open port) or HTTP.

An incoming thing is handled and committed before Slack is told that it was received (`process_before_response`): what
fails is answered with 500, and Slack delivers it again.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import App
from bot.logs import where
from bot.paging import TooLong
from bot.settings import NotConnected
from bot.slack.answers import NOT_ANSWERED, error_code
from bot.slack.blocks import escape
from bot.slack.catching_up import CatchUp
from bot.slack.directory import Directory
from bot.slack.forms import render_form, render_notice
from bot.slack.history import History
from bot.slack.inbound import Inbound
from bot.slack.porter import SlackPorter, client_for, session_for
from handlers.chat import AnyIncoming, Form, FormErrors, Outcome, Platform

log = structlog.get_logger("baseroom.slack")

ANY = re.compile(".*")
EVENTS_PATH = "/slack/events"
SIGNED = {
    "X-Slack-Request-Timestamp": re.compile(r"[0-9]{1,15}"),
    "X-Slack-Signature": re.compile(r"v0=[0-9a-f]{64}"),
}
NOT_DONE = "Something went wrong, and nothing was changed. Please try again in a minute."
Body = dict[str, Any]


@dataclass(slots=True)
class Slack:
    """Slack, wired to Baseroom. `bolt` verifies signatures and knows the protocols; the rest is ours."""

    app: App
    client: AsyncWebClient
    directory: Directory
    inbound: Inbound
    bolt: AsyncApp
    name: str = "Slack"
    _socket: AsyncSocketModeHandler | None = None
    _catching_up: asyncio.Task[None] | None = None

    @property
    def doors(self) -> Mapping[str, Handler]:
        """The one HTTP door, where there is a signing secret."""
        return {EVENTS_PATH: self.http} if self.app.settings.slack_signing_secret.get_secret_value() else {}

    async def start(self) -> None:
        """Learn who we are; connect over Socket Mode when there is an app token. Raises `NotConnected`."""
        self.client.session = session_for(self.client)
        try:
            await self._connect()
        except NOT_ANSWERED as exc:
            raise NotConnected(f"Slack answers: {error_code(exc)}. For what to do, run: baseroom doctor") from exc
        self.app.rounds.look_soon()
        history = History(self.client, self.app.clock)
        self._catching_up = asyncio.create_task(CatchUp(self.app, history, self.inbound, self).run())

    async def _connect(self) -> None:
        await self.directory.introduce()
        token = self.app.settings.slack_app_token.get_secret_value()
        if token:
            web_client = AsyncWebClient(base_url=self.client.base_url)
            self._socket = AsyncSocketModeHandler(self.bolt, token, web_client=web_client)
            socket = self._socket.client
            socket.wss_uri = await socket.issue_new_wss_url()  # a refusal shows here; connecting would try for ever
            await self._socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt gives it no types

    async def stop(self) -> None:
        if self._catching_up:
            self._catching_up.cancel()
            await asyncio.wait([self._catching_up])
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]  # Bolt gives it no types

    async def close(self) -> None:
        if self.client.session:
            await self.client.session.close()

    async def is_connected(self) -> bool:
        """Whether Slack can reach us: over HTTP that is not ours to know, so it counts as yes."""
        return self._socket is None or bool(await self._socket.client.is_connected())

    async def http(self, request: web.Request) -> web.Response:
        """Events, commands, buttons and forms. Whoever is not Slack is told nothing."""
        asked = await _read(request)
        answer = await self.bolt.async_dispatch(asked) if asked else None
        if answer is None or answer.status == web.HTTPUnauthorized.status_code:
            log.warning("turned away", peer=request.remote)
            return web.Response(status=401)
        return await to_aiohttp_response(answer)

    # ---- what Bolt hands on

    async def on_event(self, ack: AsyncAck, body: Body) -> None:
        incoming = await self.inbound.event(body)
        if incoming is not None:
            await self.app.dispatch.handle(incoming)
        await ack()

    async def on_command(self, ack: AsyncAck, body: Body) -> None:
        """A command comes once and only once: when nothing can be stored, the acknowledgement gives it back."""
        command = await self.inbound.command(body, self.app.clock.now())
        try:
            await self._act(command, body)
        except Exception as exc:  # noqa: BLE001  # whatever it was, the person must not be left without their words
            log.warning("command not carried out", error=type(exc).__name__, where=where(exc.__traceback__))
            typed = escape(command.text)
            await ack(text=f"{NOT_DONE} You typed: {typed}")
        else:
            await ack()

    async def on_action(self, ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        if "url" not in body["actions"][0]:  # a link needs no more than the acknowledgement
            await self._act_or_say(await self.inbound.action(body, self.app.clock.now()), body, respond)
        await ack()

    async def on_shortcut(self, ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await self._act_or_say(await self.inbound.shortcut(body, self.app.clock.now()), body, respond)
        await ack()

    async def _act_or_say(self, incoming: AnyIncoming, body: Body, respond: AsyncRespond) -> None:
        """A button or shortcut comes once: when nothing can be stored, Slack carries a sentence back to the person.
        Where it gives no way (the home page), its own warning must do."""
        try:
            await self._act(incoming, body)
        except Exception as exc:
            log.warning("not carried out", error=type(exc).__name__, where=where(exc.__traceback__))
            if not body.get("response_url"):
                raise
            await respond(text=NOT_DONE, response_type="ephemeral", replace_original=False)

    async def on_view(self, ack: AsyncAck, body: Body) -> None:
        """A form: what is wrong with it, or its next page, goes back in the acknowledgement itself."""
        outcome = await self.app.dispatch.handle(await self.inbound.view(body, self.app.clock.now()))
        await ack(**_answer_in_form(outcome, body["view"]))

    async def _act(self, incoming: AnyIncoming, body: Body) -> None:
        outcome = await self.app.dispatch.handle(incoming)
        if isinstance(outcome, Form):
            await self._open(outcome, incoming, str(body["trigger_id"]))

    async def _open(self, form: Form, incoming: AnyIncoming, trigger: str) -> None:
        """Open the form; when Slack will not any more, offer it as a button."""
        try:
            await self.client.views_open(trigger_id=trigger, view=render_form(form))
        except (*NOT_ANSWERED, TooLong) as exc:
            log.warning("form not opened", form=form.name, error=error_code(exc))
            await self.app.dispatch.form_not_opened(incoming)


def build_slack(app: App) -> Slack:
    """Slack wired to the app; `start` connects it."""
    settings = app.settings
    client = client_for(settings)
    directory = Directory(client, app.clock)
    bolt = AsyncApp(
        name="baseroom",
        client=client,
        signing_secret=settings.slack_signing_secret.get_secret_value() or "socket-mode-has-no-signatures",
        process_before_response=True,
        raise_error_for_unhandled_request=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    slack = Slack(app, client, directory, Inbound(directory, app.house.registry), bolt)
    bolt.event(ANY)(slack.on_event)
    bolt.command(ANY)(slack.on_command)
    bolt.action(ANY)(slack.on_action)
    bolt.shortcut(ANY)(slack.on_shortcut)
    bolt.view(ANY)(slack.on_view)
    bolt.view_closed(ANY)(_acknowledge)
    app.porters[Platform.SLACK] = SlackPorter(client)
    app.lookouts[Platform.SLACK] = directory
    return slack


async def _read(request: web.Request) -> AsyncBoltRequest | None:
    """The request as Bolt takes it; None for one on which Bolt would fail before it found that it is not Slack's."""
    if not all(form.fullmatch(request.headers.get(name, "")) for name, form in SIGNED.items()):
        return None
    try:
        return await to_bolt_request(request)
    except (UnicodeDecodeError, LookupError):  # Slack writes UTF-8, and names no other encoding
        return None


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


def _answer_in_form(outcome: Outcome, view: Body) -> Body:
    match outcome:
        case FormErrors(errors):
            return _mending(errors, view)
        case Form():
            try:
                return {"response_action": "update", "view": render_form(outcome)}
            except TooLong as exc:
                return _mending({"": str(exc)}, view)
        case None:
            return {}


def _mending(errors: Mapping[str, str], view: Body) -> Body:
    """Slack shows an error beside a field; what concerns no field that is shown stands beside the first. A form
    without fields has no such place: the sentences take the form's."""
    fields = [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]
    if not fields:
        notice = render_notice(str(view["title"]["text"]), list(errors.values()))
        return {"response_action": "update", "view": notice}
    gathered: dict[str, str] = {}
    for name, sentence in errors.items():
        field = name if name in fields else fields[0]
        gathered[field] = f"{gathered[field]} {sentence}" if field in gathered else sentence
    return {"response_action": "errors", "errors": gathered}
