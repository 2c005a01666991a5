"""`baseroom serve`: Baseroom on whichever platforms have credentials, in one process and on one web server.

`/healthz` says that the process lives, `/readyz` that it can reach its database and the platforms, `/metrics` how it
fares (to whoever shows the token; without one, to this machine where no proxy stands before us).
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from hmac import compare_digest
from typing import Protocol

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.app import App, build_app
from bot.clock import Clock, SystemClock
from bot.metrics import Metrics
from bot.restoring import check_keys_fit
from bot.settings import BadSetting, CannotStart, Settings
from bot.teams.credentials import read_credentials
from bot.web.guard import answer_strictly, is_ours
from handlers.when import warm_up
from storage.keys import checked_keys
from storage.lock import only_process, using_keys
from storage.migrations import check_current, check_made

log = structlog.get_logger("baseroom.serve")

NO_PLATFORM = (
    "SLACK_BOT_TOKEN is not set, nor is MicrosoftAppId: there is no platform to serve. "
    "See README, 'Set-up for Slack' and 'Set-up for Teams'."
)
LOOPBACK = ("127.0.0.1", "::1")
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")  # what a proxy adds to somebody else's request


class Presence(Protocol):
    """A platform that Baseroom lives on, wired to the app."""

    @property
    def name(self) -> str:
        """As people call it: "Slack"."""
        ...

    @property
    def doors(self) -> Mapping[str, Handler]:
        """What it posts to us over HTTP, by path."""
        ...

    async def start(self) -> None:
        """Connect. Raises `NotConnected`."""
        ...

    async def stop(self) -> None:
        """Take nothing in any more."""
        ...

    async def close(self) -> None:
        """Let go of every connection: nothing is being sent any more."""
        ...

    async def is_connected(self) -> bool:
        """Whether people there can reach us, as far as we can know."""
        ...


class AddressTaken(CannotStart):
    """Baseroom cannot listen there; the message says where, and what to do."""


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """The app over its database and keys, checked and ready; nothing is started yet. What is not there is not made:
    that is for `baseroom migrate`."""
    with checked_keys(settings.keys_database, settings.master_key_file) as keys:
        check_made(settings.database_url)
        app = build_app(settings, clock, keys=keys)
        try:
            await check_current(app.database.engine)
            await check_keys_fit(app.database)
            yield app
        finally:
            await app.database.close()


async def serve(settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Run until told to stop (SIGTERM or SIGINT). `ready` is told the address."""
    check_credentials(settings)
    with only_process(settings.database_url), using_keys(settings.keys_database):
        async with opened(settings, SystemClock()) as app, running(app, platforms_for(app)) as address:
            ready(address)
            await _told_to_stop()
            log.info("stopping")


def check_credentials(settings: Settings) -> None:
    """Raises `BadSetting` when there is no platform to live on, or one is set up by half."""
    if read_credentials(settings) is None and not lives_on_slack(settings):
        raise BadSetting(NO_PLATFORM)


def lives_on_slack(settings: Settings) -> bool:
    """Whether Slack is set up. Raises `BadSetting` when it is by half."""
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if not (bot or app):
        return False
    if not bot:
        raise BadSetting("SLACK_BOT_TOKEN is not set: SLACK_APP_TOKEN is not enough.")
    if not (app or settings.slack_signing_secret.get_secret_value()):
        raise BadSetting(
            "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP): without either Slack cannot reach us."
        )
    return True


def platforms_for(app: App) -> Sequence[Presence]:
    """Those with credentials. A platform's library is loaded only for those who use it: it takes 20 MB and a second."""
    platforms: list[Presence] = []
    if lives_on_slack(app.settings):
        from bot.slack.wiring import build_slack

        platforms.append(build_slack(app))
    if read_credentials(app.settings) is not None:
        from bot.teams.wiring import build_teams

        platforms.append(build_teams(app))
    return platforms


@asynccontextmanager
async def running(app: App, platforms: Sequence[Presence]) -> AsyncIterator[str]:
    """Everything started; gives the web address. On the way out what is being sent ends first.

    Raises `NotConnected` and `AddressTaken`.
    """
    async with AsyncExitStack() as on_the_way_out:
        for platform in platforms:
            on_the_way_out.push_async_callback(platform.close)
        runner = web.AppRunner(web_application(app, platforms), access_log=None)
        await runner.setup()
        await asyncio.to_thread(warm_up)
        await app.start()
        on_the_way_out.push_async_callback(app.stop)
        on_the_way_out.push_async_callback(runner.cleanup)
        for platform in platforms:
            on_the_way_out.push_async_callback(platform.stop)
            await platform.start()
        await _listen(web.TCPSite(runner, app.settings.host, app.settings.port), app.settings)
        port = runner.addresses[0][1] if runner.addresses else app.settings.port
        yield f"http://{app.settings.host}:{port}"


async def _listen(site: web.TCPSite, settings: Settings) -> None:
    try:
        await site.start()
    except OSError as exc:
        place = f"{settings.host}, port {settings.port}"
        raise AddressTaken(
            f"Nothing can listen on {place} ({exc.strerror}). Change BASEROOM_HOST or BASEROOM_PORT."
        ) from exc


def web_application(app: App, platforms: Sequence[Presence]) -> web.Application:
    """The doors: those of the platforms, and the three that operators look at."""
    site = web.Application(client_max_size=2 * 1024 * 1024)
    answer_strictly(site)
    metrics = Metrics(app)
    is_inside = not app.settings.public_url and not any(platform.doors for platform in platforms)
    for platform in platforms:
        for path, door in platform.doors.items():
            site.router.add_post(path, door)

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readyz(_request: web.Request) -> web.Response:
        missing = await _missing(app, platforms)
        return web.Response(text="; ".join(missing) or "ready", status=503 if missing else 200)

    async def metrics_page(request: web.Request) -> web.Response:
        token = app.settings.metrics_token.get_secret_value()
        if not (shows(request, token) if token else is_inside and is_from_here(request)):
            raise web.HTTPNotFound
        await metrics.read()
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    site.router.add_get("/healthz", healthz)
    site.router.add_get("/readyz", readyz)
    site.router.add_get("/metrics", metrics_page)
    if app.settings.public_url:
        from bot.pages.wiring import Pages  # the templates are loaded only where somebody can open them

        site.add_routes(Pages(app).routes())
    return site


def shows(request: web.Request, token: str) -> bool:
    """Whether the request carries it, as a bearer token."""
    shown = request.headers.get("Authorization", "").encode(errors="surrogateescape")
    return compare_digest(shown, f"Bearer {token}".encode())


def is_from_here(request: web.Request) -> bool:
    """Whether this machine asks for itself. Where a proxy stands before us that cannot be told: one that adds no header
    and asks for 127.0.0.1, as nginx does unless told otherwise, looks the same."""
    is_forwarded = any(name in request.headers for name in FORWARDED)
    return request.remote in LOOPBACK and is_ours(request.host, allow_network=False) and not is_forwarded


async def _missing(app: App, platforms: Sequence[Presence]) -> list[str]:
    missing = []
    try:
        async with asyncio.timeout(2), app.database.reading() as uow:
            await uow.health.now(app.clock.now())
    except Exception as exc:  # noqa: BLE001  # whatever it is, it means that the database cannot be read
        missing.append(f"the database cannot be read ({type(exc).__name__})")
    missing += [f"not connected to {one.name}" for one in platforms if not await one.is_connected()]
    if not app.is_working:
        missing.append("delivery or the schedule has stopped: start Baseroom again")
    return missing


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    await stop.wait()
