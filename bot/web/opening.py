"""Opens the rehearsal room: on what was left there, on the sample visit, or on nothing at all; and serves it.

The room has a folder of its own (`rehearsal`), with its database, its keys and its master key: rehearsing never touches
a real challenge. A visit is made in a folder beside it and put in place when it is whole.
"""

import asyncio
import errno
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from rich.console import Console
from rich.progress import Progress as Bar

from bot.app import App, build_app
from bot.clock import Clock, HandClock, SystemClock
from bot.settings import CannotStart, Settings
from bot.web.guard import check_host
from bot.web.room import Opened, Room
from bot.web.sample import EMPTY_START, Progress, play, read_sample
from bot.web.wiring import rehearsal_application
from bot.web.workspace import MANAGER
from storage.keys import KeyStore, make_master_key
from storage.lock import only_process
from storage.migrations import migrate

ROOM, IN_THE_MAKING = "rehearsal", "rehearsal.new"
LAST_PORT = 65_535


class AddressTaken(CannotStart):
    """The rehearsal room cannot listen there; the message says where, and what to do."""


def no_progress(_done: int, _of: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Premises:
    """Where the room's files are. Its clock runs on like `runs_like`, or (with None) stands still between moves."""

    settings: Settings
    folder: Path
    runs_like: Clock | None
    progress: Progress = no_progress

    async def open(self, *, fresh: bool = False) -> Room:
        """The room as it was left, or with the sample visit where nothing was left (or `fresh`)."""
        if fresh or not self._home.exists():
            await self._make(sample=True)
        app, clock = await self._build(self._home, self.runs_like)
        room = Room(app, clock, self.open_anew)
        await room.open()
        return room

    async def open_anew(self, *, sample: bool) -> Opened:
        """Everything forgotten, and begun again with the sample visit or with nothing."""
        await self._make(sample=sample)
        return await self._build(self._home, self.runs_like)

    @property
    def _home(self) -> Path:
        return self.folder / ROOM

    async def _make(self, *, sample: bool) -> None:
        making = self.folder / IN_THE_MAKING
        shutil.rmtree(making, ignore_errors=True)
        app, clock = await self._build(making, None)
        room = Room(app, clock, self.open_anew)
        room.furnish()
        if sample:
            script = read_sample()
            clock.move_to(script.opening_at)
            await play(room, script, self.progress)
        await room.note_clock()
        await app.stop()
        shutil.rmtree(self._home, ignore_errors=True)
        making.rename(self._home)

    async def _build(self, home: Path, runs_like: Clock | None) -> Opened:
        """A Baseroom over the files of a folder, its clock at what it last showed."""
        settings = self._settings_for(home)
        clock = HandClock(EMPTY_START, runs_like=runs_like)
        keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
        keys.prepare(clock.now())
        app = build_app(settings, clock, keys=keys, pace=timedelta(0))
        await migrate(app.database.engine)
        await _set_to_what_it_showed(clock, app)
        return app, clock

    def _settings_for(self, home: Path) -> Settings:
        own = {
            "database_url": f"sqlite+aiosqlite:///{home / 'baseroom.db'}",
            "keys_url": f"sqlite:///{home / 'keys.db'}",
            "master_key_file": home / "master.key",
            "managers": MANAGER.id,
            "public_url": "",
        }
        return self.settings.model_copy(update=own)


async def _set_to_what_it_showed(clock: HandClock, app: App) -> None:
    async with app.database.reading() as uow:
        shows = await uow.rehearsal.clock()
    clock.move_to(shows or EMPTY_START)


async def run_rehearsal(
    settings: Settings, *, host: str, port: int, folder: Path, fresh: bool = False, allow_network: bool = False
) -> None:
    """Open the room and serve it until cancelled. Raises `OpenToTheNetwork`, `AddressTaken` and `DatabaseInUse`."""
    check_host(host, allow_network=allow_network)
    beside_the_room = f"sqlite:///{folder / ROOM}"  # the lock file outlives the room's own folder, which is replaced
    with _listening(host, port) as listener, only_process(beside_the_room):
        with _bar() as progress:
            room = await Premises(settings, folder, SystemClock(), progress).open(fresh=fresh)
        runner = web.AppRunner(
            rehearsal_application(room, allow_network=allow_network), access_log=None, shutdown_timeout=1
        )
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            address = _address_of(listener, host)
            Console().print(f"The rehearsal room is open at [bold]{address}[/bold] (Ctrl+C closes it).")
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
            await room.close()


def _listening(host: str, port: int) -> socket.socket:
    """Take the address before anything else: whoever knocks early waits, and a taken one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as exc:
        why = "something else does so already" if exc.errno == errno.EADDRINUSE else exc.strerror
        another = port + 1 if port < LAST_PORT else LAST_PORT - 1
        raise AddressTaken(
            f"Baseroom cannot listen on {host}, port {port}: {why}. "
            f"Choose another: --port {another}, or make run PORT={another}."
        ) from exc


def _address_of(listener: socket.socket, host: str) -> str:
    """The address to open in a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar that appears with the first line of the sample and goes when all are said."""
    with Bar(transient=True) as bar:
        tasks = [bar.add_task("Setting the sample visit up", total=None, visible=False)]
        yield lambda done, of: bar.update(tasks[0], completed=done, total=of, visible=True)
