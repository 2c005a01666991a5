"""A database that is locked, full or read-only for a while: nothing is acknowledged that was not kept, and when it is
well again Baseroom goes on without being started anew.

The disk is a small file system in memory that is really full and really read-only where this machine lets us mount one;
otherwise the process is allowed no larger files, and the file system's part is said to be missing.
"""

import asyncio
import inspect
import resource
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text

from bot.app import App
from bot.clock import HandClock
from bot.dispatch import PATIENCE
from storage.records import ChallengeId
from storage.sqlite import NearConnection
from storage.unit_of_work import make_engine
from tests.chaos.places import Place, Places, prepared, said
from tests.chaos.rows import Row

Trouble = Callable[[App], AbstractAsyncContextManager[None]]

END_OF_TIME = datetime(2030, 1, 1, tzinfo=UTC)
SMALL_DISK = "24m"


def locked(places: Places, size: int) -> Row:
    """Somebody else holds the database's write lock for `size` seconds."""
    with places.new() as place:
        challenge_id = prepared(place)
        lock = _locked_tables if place.is_shared else _locked_file
        bad = asyncio.run(_live_through(place, challenge_id, partial(lock, place, size)))
    return Row(f"{bad.pop('tried')} events while it was locked for {size} s", bad)


def read_only(places: Places, size: int) -> Row:
    with places.new() as place:
        if place.is_shared:
            challenge_id = prepared(place)
            away = partial(_read_only_sessions, place)
            bad, how = asyncio.run(_live_through(place, challenge_id, away, size)), "every session"
        else:
            with _small_disk(place.folder) as is_real:
                challenge_id = prepared(place)
                away = partial(_read_only_disk, place) if is_real else _read_only_connection
                bad = asyncio.run(_live_through(place, challenge_id, away, size))
                how = "the file system" if is_real else "the connection (no mount allowed here)"
    return Row(f"{bad.pop('tried')} events while {how} was read-only", bad)


def full(places: Places, size: int) -> Row:
    with places.new() as place, _small_disk(place.folder) as is_real:
        challenge_id = prepared(place)
        away = _full_disk if is_real else _no_larger_files
        bad = asyncio.run(_live_through(place, challenge_id, partial(away, place), size))
    how = f"a file system of {SMALL_DISK}B was full" if is_real else "files could not grow (no mount allowed here)"
    return Row(f"{bad.pop('tried')} events while {how}", bad)


async def _live_through(place: Place, challenge_id: str, trouble: Trouble, events: int = 8) -> Counter[str]:
    """Words before, during and after the trouble; what raised is delivered again, as a platform would."""
    app = place.open()
    app.dispatch.patience = PATIENCE
    acknowledged: set[int] = set()
    await _deliver(app, range(events), acknowledged)
    async with trouble(app):
        during = range(events, 2 * events)
        await _deliver(app, during, acknowledged)
        unkept = [n for n in acknowledged if n in during and n not in await _kept(place, challenge_id)]
    left = [number for number in range(3 * events) if number not in acknowledged]
    await _deliver(app, left, acknowledged)
    await _try_again(app)
    kept = await _kept(place, challenge_id, waiting=False)
    await app.database.close()
    stuck = 3 * events - len(acknowledged)
    return Counter(
        {
            "tried": events,
            "acknowledged without commit": len(unkept) + len(acknowledged - kept),
            "not taken in afterwards": stuck,
        }
    )


async def _deliver(app: App, numbers: "range | list[int]", acknowledged: set[int]) -> None:
    async def one(number: int) -> None:
        try:
            await app.dispatch.handle(said(number, f"Words number {number} #vision"))
        except Exception:  # noqa: BLE001  # the platform is answered 500 and delivers it again
            return
        acknowledged.add(number)

    await asyncio.gather(*map(one, numbers))


async def _try_again(app: App) -> None:
    """What took too long and was kept in the inbox is handled now, a round each minute, for an hour at most."""
    assert isinstance(app.clock, HandClock)
    for _ in range(60):
        app.clock.move_to(app.clock.now() + timedelta(minutes=1))
        await app.dispatch.retry()
        async with app.database.reading() as uow:
            if await uow.inbox.next_at() is None:
                return


async def _kept(place: Place, challenge_id: str, *, waiting: bool = True) -> set[int]:
    """The events whose words stand in the database, or (`waiting`) in its inbox, read by somebody else."""
    other = place.open()
    async with other.database.reading() as uow:
        wall = await uow.findings.on_the_wall(ChallengeId(challenge_id))
        kept = [item.body for item in await uow.inbox.due(END_OF_TIME, limit=10_000)] if waiting else []
    await other.database.close()
    words = " ".join([*(finding.text for finding in wall), *kept])
    return {number for number in range(10_000) if f"Words number {number} " in words}


# ---------------------------------------------------------------- locked


@asynccontextmanager
async def _locked_file(place: Place, seconds: int, _app: App) -> AsyncIterator[None]:
    with closing(sqlite3.connect(place.folder / "baseroom.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with _let_go_after(seconds, partial(other.execute, "ROLLBACK")):
            yield


@asynccontextmanager
async def _locked_tables(place: Place, seconds: int, _app: App) -> AsyncIterator[None]:
    engine = make_engine(place.url)
    async with engine.connect() as other:
        await other.execute(text("LOCK TABLE outbox, findings, seen, inbox IN EXCLUSIVE MODE"))
        async with _let_go_after(seconds, other.rollback):
            yield
    await engine.dispose()


@asynccontextmanager
async def _let_go_after(seconds: int, let_go: Callable[[], object]) -> AsyncIterator[None]:
    """Whoever is inside need not have ended by then."""

    async def wait() -> None:
        await asyncio.sleep(seconds)
        done = let_go()
        if inspect.isawaitable(done):
            await done

    waiting = asyncio.create_task(wait())
    yield
    await waiting


# ---------------------------------------------------------------- read-only and full


@asynccontextmanager
async def _read_only_sessions(place: Place, _app: App) -> AsyncIterator[None]:
    await _set_read_only(place, "on")
    yield
    await _set_read_only(place, "off")


async def _set_read_only(place: Place, state: str) -> None:
    """For the database, whose present connections are cut off so that they notice."""
    engine = make_engine(place.url)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
        await connection.execute(text("SET default_transaction_read_only = off"))
        await connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {state}'))
        others = "FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
        await connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"), {"name": name})
    await engine.dispose()


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """A file system of its own at the folder; says whether this machine allows that."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(folder)]
    try:
        is_real = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        is_real = False
    try:
        yield is_real
    finally:
        if is_real:
            subprocess.run(["umount", "-l", str(folder)], check=True)


@asynccontextmanager
async def _full_disk(place: Place, _app: App) -> AsyncIterator[None]:
    ballast = place.folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    yield
    ballast.unlink()


@asynccontextmanager
async def _no_larger_files(place: Place, _app: App) -> AsyncIterator[None]:
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((place.folder / "baseroom.db-wal").stat().st_size, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@asynccontextmanager
async def _read_only_disk(place: Place, app: App) -> AsyncIterator[None]:
    """The same files through a mount that takes no writes. A mount is read-only for what is opened from then on."""
    folder = str(place.folder)
    await app.database.close()
    _run("mount", "--bind", folder, folder)
    _run("mount", "-o", "remount,bind,ro", folder)
    yield
    await app.database.close()
    _run("umount", "-l", folder)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


@asynccontextmanager
async def _read_only_connection(app: App) -> AsyncIterator[None]:
    async with app.database.begin() as uow:
        assert isinstance(uow.connection, NearConnection)
        file = uow.connection.file
    file.execute("PRAGMA query_only=ON")
    yield
    file.execute("PRAGMA query_only=OFF")
