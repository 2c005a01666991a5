"""What an IT officer does from the command line: make the database, write a workbook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

from bot.clock import SystemClock
from bot.restoring import check_keys_fit, destroy_again, give_up
from bot.serve import opened
from bot.settings import Settings
from handlers.desk import Desk
from handlers.errors import Refusal
from handlers.reports.workbook import write_workbook
from storage.audit import Act
from storage.errors import MasterKeyMissing, MasterKeyWrong
from storage.flushing import flush
from storage.keys import (
    KEY_BYTES,
    KeyStore,
    checked_keys,
    coming_beside,
    make_master_key,
    opens_nothing,
    read_master_key,
)
from storage.lock import changing_keys, only_process
from storage.migrations import check_current, check_made, migrate
from storage.records import Challenge
from storage.unit_of_work import Database

Say = Callable[[str], None]


class NoSuchChallenge(Refusal):
    """There is no challenge with that host."""


async def migrate_database(settings: Settings, *, say: Say) -> None:
    """The database at this program's version, the keys beside it, and a master key if there was none. From a copy that
    was put back, what has been destroyed since is deleted again."""
    with only_process(settings.database_url):
        keys = _open_keys(settings, say)
        database = Database(settings.database_url, keys)
        try:
            await migrate(database.engine)
            await destroy_again(database, SystemClock().now(), say=say)
            await check_keys_fit(database)
        finally:
            await database.close()
    say("The database is up to date.")


def _open_keys(settings: Settings, say: Say) -> KeyStore:
    """The keys, under the master key of the file or a new one. An installation that has keys is not given another:
    it would open none of them. Raises `MasterKeyMissing` and `MasterKeyWrong`."""
    keys_database, path = settings.keys_database, settings.master_key_file
    is_new = not path.exists()
    keys = KeyStore(keys_database, make_master_key(path))
    try:
        keys.prepare(SystemClock().now())
    except MasterKeyWrong as exc:
        keys.close()
        if not is_new:
            raise opens_nothing(path) from exc
        path.unlink()
        raise MasterKeyMissing(f"The master key file {path} is gone. Put it back from its backup.") from exc
    if is_new:
        say(f"A new master key is in {path}. Back it up apart from the database.")
    return keys


async def rotate_master_key(settings: Settings, *, say: Say) -> None:
    """Wrap every key with a new master key; no finding is rewritten. Cut off half-way it can simply be run again: the
    new key is beside the old one until the keys have been wrapped with it."""
    path = settings.master_key_file
    coming = coming_beside(path)
    with only_process(settings.database_url), changing_keys(settings.keys_database):
        with closing(KeyStore(settings.keys_database, read_master_key(path))) as keys:
            await _check_fit(settings, keys)
            _wrap_anew(keys, path, coming)
        coming.replace(path)
        flush(path.parent)
    say(f"The keys are wrapped with a new master key, in {path}. Back it up; then destroy every copy of the old one.")


async def _check_fit(settings: Settings, keys: KeyStore) -> None:
    """The old master key is about to be replaced: that must not be for the sake of other keys than the database's."""
    keys.check_there()
    async with _as_it_stands(settings, keys) as database:
        await check_keys_fit(database)


async def give_challenge_up(settings: Settings, host: str, *, copy_is_safe: bool, say: Say) -> None:
    """Delete the records of a challenge whose key is lost for good: until then nothing starts."""
    with only_process(settings.database_url), checked_keys(settings.keys_database, settings.master_key_file) as keys:
        async with _as_it_stands(settings, keys) as database:
            await give_up(database, host, SystemClock().now(), copy_is_safe=copy_is_safe, say=say)


@asynccontextmanager
async def _as_it_stands(settings: Settings, keys: KeyStore) -> AsyncIterator[Database]:
    """The database, made before and at this program's version. It and the keys are closed at the end."""
    check_made(settings.database_url)
    database = Database(settings.database_url, keys)
    try:
        await check_current(database.engine)
        yield database
    finally:
        await database.close()


def _wrap_anew(keys: KeyStore, path: Path, coming: Path) -> None:
    """The new master key is on the disk before any key needs it; one that opens nothing is not left behind."""
    if coming.exists() and coming.stat().st_size < 2 * KEY_BYTES:
        coming.unlink()  # cut off as it was written: nothing is wrapped with it
    was_cut_off = coming.exists()
    new = make_master_key(coming)
    flush(coming)
    flush(coming.parent)
    try:
        keys.wrap_anew(new)
    except MasterKeyWrong as exc:
        if not was_cut_off:
            coming.unlink()
        raise MasterKeyWrong.of_file(path) from exc


async def export_workbook(settings: Settings, name: str, out: Path, *, say: Say) -> None:
    """Write the workbook of the challenge whose host has `name` in it. The audit trail says that it was done."""
    clock = SystemClock()
    async with opened(settings, clock) as app:
        async with app.database.reading() as uow:
            challenge = _the_one(await uow.challenges.all(), name)
            workbook = await write_workbook(Desk(uow, clock.now(), app.house), challenge)
        async with app.database.begin() as uow:
            uow.audit.note(Act(challenge.id, clock.now(), "workbook.exported.by_command"))
            await uow.commit()
    await asyncio.to_thread(out.write_bytes, workbook)
    say(f"Written: {out}")


def _the_one(challenges: list[Challenge], name: str) -> Challenge:
    fitting = [challenge for challenge in challenges if name.casefold() in challenge.host.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(sorted(challenge.host for challenge in fitting or challenges)) or "none yet"
    raise NoSuchChallenge(
        f"{'Several challenges fit' if fitting else 'No challenge fits'} “{name}”. There are: {known}."
    )
