"""What SQLite keeps is for whoever runs Baseroom: nobody else on the machine can read it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import DatabaseUnreachable
from storage.keys import KeyStore, make_master_key
from storage.migrations import migrate
from storage.unit_of_work import Database
from tests.storage.conftest import NOW

LIVE = {"baseroom.db", "baseroom.db-shm", "baseroom.db-wal", "keys.db", "keys.db.backup", "master.key"}


@pytest.fixture(autouse=True)
def open_machine() -> Iterator[None]:
    """A machine on which a new file can be read by everybody, as on most."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights_in(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def rights_while_it_runs(folder: Path) -> dict[str, int]:
    keys = KeyStore(f"sqlite:///{folder / 'keys.db'}", make_master_key(folder / "master.key"))
    keys.prepare(NOW)
    database = Database(f"sqlite+aiosqlite:///{folder / 'baseroom.db'}", keys)
    await migrate(database.engine)
    async with database.begin() as uow:
        keys.make("c1", NOW)
        await uow.commit()
        rights = rights_in(folder)
    await database.close()
    return rights


async def test_database_and_keys_are_made_for_their_owner_only(tmp_path: Path) -> None:
    assert await rights_while_it_runs(tmp_path) == dict.fromkeys(LIVE, 0o600)


async def test_those_of_an_older_version_are_for_their_owner_only_from_now_on(tmp_path: Path) -> None:
    await rights_while_it_runs(tmp_path)
    for name in ("baseroom.db", "baseroom.db-wal", "keys.db"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o664)
    assert await rights_while_it_runs(tmp_path) == dict.fromkeys(LIVE, 0o600)


def test_what_its_owner_may_not_write_stays_so(tmp_path: Path) -> None:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    keys.close()
    (tmp_path / "keys.db").chmod(0o444)
    keys.heads()
    keys.close()
    assert stat.S_IMODE((tmp_path / "keys.db").stat().st_mode) == 0o400


def test_a_database_that_cannot_be_made_is_still_told_in_a_sentence(tmp_path: Path) -> None:
    keys = KeyStore(f"sqlite:///{tmp_path / 'away' / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    with pytest.raises(DatabaseUnreachable, match="cannot be opened: unable to open database file"):
        keys.prepare(NOW)
    keys.close()
