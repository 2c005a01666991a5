"""`baseroom serve`: Baseroom on whichever platforms have credentials, in one process and on one web server.

`/healthz` says that the process lives, `/readyz` that it can reach its database and Slack, `/metrics` how it fares
(from this machine only).
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.app import App, build_app
from bot.clock import Clock, SystemClock
from bot.metrics import Metrics
from bot.settings import BadSetting, CannotStart, Settings
from bot.slack.wiring import EVENTS_PATH, Slack, build_slack
from handlers.when import warm_up
from storage.keys import KeyStore, read_master_key
from storage.lock import only_process
from storage.migrations import check_current

log = structlog.get_logger("baseroom.serve")

NOT_YET = (
    "Baseroom is not yet for a real visit: destruction of what it holds, backups and recovery after an outage are "
    "still being built. Use it to practise and to try it out."
)
LOOPBACK = ("127.0.0.1", "::1")
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")  # what a proxy adds to somebody else's request


class AddressTaken(CannotStart):
    """Baseroom cannot listen there; the message says where, and what to do."""


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """The app over its database and keys, checked and ready; nothing is started yet."""
    keys = KeyStore(settings.keys_database, read_master_key(settings.master_key_file))
    keys.prepare(clock.now())
    app = build_app(settings, clock, keys=keys)
    try:
        await check_current(app.database.engine)
        yield app
    finally:
        await app.database.close()


async def serve(settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Run until told to stop (SIGTERM or SIGINT). `ready` is told the address."""
    check_credentials(settings)
    with only_process(settings.database_url):
        async with opened(settings, SystemClock()) as app:
            slack = build_slack(app)
            async with running(app, slack) as address:
                ready(address)
                await _told_to_stop()
                log.info("stopping")


def check_credentials(settings: Settings) -> None:
    """Raises `BadSetting` when there is no platform to live on."""
    if not settings.slack_bot_token.get_secret_value():
        raise BadSetting("SLACK_BOT_TOKEN is not set: there is no platform to serve. See README, 'Set-up for Slack'.")
    if not (settings.slack_app_token.get_secret_value() or settings.slack_signing_secret.get_secret_value()):
        raise BadSetting(
            "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP): without either Slack cannot reach us."
        )


@asynccontextmanager
async def running(app: App, slack: Slack) -> AsyncIterator[str]:
    """Everything started; gives the web address. On the way out what is being sent ends first.

    Raises `NotConnected` and `AddressTaken`.
    """
    runner = web.AppRunner(web_application(app, slack), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, app.settings.host, app.settings.port)
    await asyncio.to_thread(warm_up)
    await app.start()
    try:
        await slack.start()
        await _listen(site, app.settings)
        port = runner.addresses[0][1] if runner.addresses else app.settings.port
        yield f"http://{app.settings.host}:{port}"
    finally:
        await slack.stop()
        await runner.cleanup()
        await app.stop()


async def _listen(site: web.TCPSite, settings: Settings) -> None:
    try:
        await site.start()
    except OSError as exc:
        place = f"{settings.host}, port {settings.port}"
        raise AddressTaken(
            f"Nothing can listen on {place} ({exc.strerror}). Change BASEROOM_HOST or BASEROOM_PORT."
        ) from exc


def web_application(app: App, slack: Slack) -> web.Application:
    """The doors: Slack's events where there is a signing secret, and the three that operators look at."""
    site = web.Application(client_max_size=2 * 1024 * 1024)
    metrics = Metrics(app)
    if app.settings.slack_signing_secret.get_secret_value():
        site.router.add_post(EVENTS_PATH, slack.http)

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readyz(_request: web.Request) -> web.Response:
        missing = await _missing(app, slack)
        return web.Response(text="; ".join(missing) or "ready", status=503 if missing else 200)

    async def metrics_page(request: web.Request) -> web.Response:
        if request.remote not in LOOPBACK or any(name in request.headers for name in FORWARDED):
            raise web.HTTPNotFound
        await metrics.read()
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    site.router.add_get("/healthz", healthz)
    site.router.add_get("/readyz", readyz)
    site.router.add_get("/metrics", metrics_page)
    return site


async def _missing(app: App, slack: Slack) -> list[str]:
    missing = []
    try:
        async with asyncio.timeout(2), app.database.reading() as uow:
            await uow.outbox.depth()
    except Exception as exc:  # noqa: BLE001  # whatever it is, it means that the database cannot be read
        missing.append(f"the database cannot be read ({type(exc).__name__})")
    if not await slack.is_connected():
        missing.append("not connected to Slack")
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
