"""A place to break things in: an empty folder, a database and its keys, for as many processes as a fault needs.

With PostgreSQL the keys have a database of their own, as replicas have.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from bot.app import App, build_app
from bot.clock import HandClock
from bot.settings import Settings, read_settings
from handlers.chat import Person, PlaceKind, Said
from handlers.chat import Place as Where
from storage.keys import KeyStore, make_master_key
from storage.migrations import migrate
from tests.fieldwork.day import LAST_DAY, LONDON, TEAM, WORKSPACE, Day, Somebody
from tests.fieldwork.platform import MemoryPlatform
from tests.fixtures.postgres import Postgres, running_postgres

START = datetime(2026, 11, 24, 9, 0, tzinfo=LONDON).astimezone(UTC)
PEERS = tuple(TEAM)


@dataclass(frozen=True, slots=True)
class Place:
    """`postgres` when it lies there."""

    folder: Path
    url: str = ""
    keys_url: str = ""

    @property
    def is_shared(self) -> bool:
        return bool(self.url)

    def open(self, now: datetime = START, porter: object | None = None) -> App:
        """A Baseroom over what lies here, as a process that has just started has it. Nothing runs yet."""
        settings = _settings(self)
        keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
        keys.prepare(now)
        app = build_app(settings, HandClock(now.astimezone(UTC)), keys=keys, pace=timedelta(0))
        app.dispatch.patience = 60.0  # a busy machine is not a broken one
        app.porters["slack"] = porter or MemoryPlatform()  # type: ignore[assignment]  # whatever carries posts there
        return app

    async def prepare(self, last: date = LAST_DAY) -> Day:
        """Make the tables and the visit; the day that is given back is closed again by whoever asked for it."""
        app = self.open()
        await migrate(app.database.engine)
        clock, porter = app.clock, app.porters["slack"]
        assert isinstance(clock, HandClock)
        assert isinstance(porter, MemoryPlatform)
        day = Day(app, clock, porter)
        day.people = {handle: Somebody(day, handle, name) for handle, (name, _, _) in TEAM.items()}
        await day.open_challenge(last=last)
        return day


@cache
def _settings(place: Place) -> Settings:
    """Read once, and not by each forked process: it takes longer than forking."""
    return read_settings(
        database_url=place.url or f"sqlite:///{place.folder / 'baseroom.db'}",
        keys_url=place.keys_url or f"sqlite:///{place.folder / 'keys.db'}",
        master_key_file=place.folder / "master.key",
        managers="mina@peers.example",
    )


@dataclass(slots=True)
class Places:
    """Hands out places on one kind of database, and removes them."""

    database: str
    folder: Path
    postgres: Postgres | None = None
    _numbers: Iterator[int] = field(default_factory=count)

    def waiting_for_disk(self) -> AbstractContextManager[None]:
        """Meanwhile what is committed is on the disk; in files it always is."""
        return self.postgres.waiting_for_disk() if self.postgres else nullcontext()

    @contextmanager
    def new(self) -> Iterator[Place]:
        folder = self.folder / f"{self.database}-{next(self._numbers)}"
        folder.mkdir()
        if self.postgres is None:
            yield Place(folder)
        else:
            names = [self.postgres.create(), self.postgres.create()]
            yield Place(folder, *map(self.postgres.url, names))
            for name in names:
                self.postgres.drop(name)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def places_on(database: str) -> Iterator[Places]:
    """Places on "sqlite" or "postgresql" (a server of our own, started here)."""
    with tempfile.TemporaryDirectory(prefix="baseroom-chaos-") as folder:
        if database == "sqlite":
            yield Places(database, Path(folder))
        else:
            with running_postgres() as postgres:
                yield Places(database, Path(folder), postgres)


def prepared(place: Place, last: date = LAST_DAY) -> str:
    """The visit stands, and nobody has the place open; returns the id of its challenge."""

    async def prepare() -> str:
        day = await place.prepare(last)
        assert day.challenge
        challenge_id = str(day.challenge.id)
        await day.app.delivery.drain()
        await day.app.database.close()
        return challenge_id

    return asyncio.run(prepare())


def said(number: int, words: str, now: datetime = START, *, who: str = "", event: str = "") -> Said:
    """A direct message by one of the team."""
    handle = who or PEERS[number % len(PEERS)]
    person = Person("slack", WORKSPACE, handle, TEAM[handle][0], f"{handle}@peers.example", "Europe/London")
    place = Where("slack", WORKSPACE, f"D-{handle}", PlaceKind.DM)
    message = event or f"m{number}"
    return Said(id=message, at=now, person=person, place=place, message=message, text=words)
