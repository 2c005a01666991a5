"""The one backup of the keys: it holds what is needed and nothing that was destroyed, and a restore from it works."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from storage import keys as storage_keys
from storage.errors import KeyDestroyed, KeyNotDestroyed, Unreadable
from storage.keys import KeyStore, make_master_key
from tests.storage.conftest import NOW

PLACE: Mapping[str, Any] = {"table": "findings", "column": "text", "row": "f1"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[KeyStore]:
    store = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    store.prepare(NOW)
    yield store
    store.close()


def test_it_is_written_with_each_key_for_its_owner_only(store: KeyStore, tmp_path: Path) -> None:
    backup = tmp_path / "keys.db.backup"
    before = backup.read_bytes()
    store.make("c1", NOW)
    assert backup.read_bytes() != before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert not (tmp_path / "keys.db.backup.new").exists()


def test_the_keys_come_back_from_it_but_for_those_destroyed(store: KeyStore, tmp_path: Path) -> None:
    kept, gone = store.make("c1", NOW).close("Words", **PLACE), store.make("c2", NOW).close("Words", **PLACE)
    store.destroy("c2")
    (tmp_path / "keys.db").unlink()
    shutil.copy(tmp_path / "keys.db.backup", tmp_path / "keys.db")
    restored = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    restored.prepare(NOW)
    assert restored.of("c1").open(kept, **PLACE) == "Words"
    with pytest.raises(KeyDestroyed):
        restored.of("c2").open(gone, **PLACE)
    restored.close()


def test_a_destroyed_key_leaves_no_byte_in_any_file_not_even_in_one_that_was_replaced(
    store: KeyStore, tmp_path: Path
) -> None:
    store.make("c1", NOW)
    with closing(sqlite3.connect(tmp_path / "keys.db")) as connection:
        [[wrapped]] = connection.execute("SELECT wrapped FROM wrapped_keys WHERE name = 'c1'").fetchall()
    replaced = tmp_path / "replaced"
    replaced.hardlink_to(tmp_path / "keys.db.backup")
    assert wrapped in replaced.read_bytes()
    store.destroy("c1")
    assert not [path.name for path in tmp_path.iterdir() if wrapped in path.read_bytes()]


def test_destroying_twice_is_destroying_once(store: KeyStore) -> None:
    store.make("c1", NOW)
    store.destroy("c1")
    store.destroy("c1")


def test_a_backup_that_was_not_rewritten_is_noticed(store: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.make("c1", NOW)
    monkeypatch.setattr(storage_keys, "rewrite", lambda _keys, _backup: None)
    with pytest.raises(KeyNotDestroyed):
        store.destroy("c1")


def test_the_keys_of_past_days_leave_it_too(store: KeyStore, tmp_path: Path) -> None:
    store.of_day(date(2026, 11, 16), NOW)
    assert b"day-2026-11-16" in (tmp_path / "keys.db.backup").read_bytes()
    store.forget_days_before(date(2026, 11, 20))
    assert b"day-2026-11-16" not in (tmp_path / "keys.db.backup").read_bytes()


def test_a_process_that_was_overtaken_by_a_new_master_key_makes_no_key_that_nobody_could_read(
    database_url: str, tmp_path: Path
) -> None:
    address = database_url.replace("+aiosqlite", "").replace("baseroom.db", "other.db")
    old, new = (make_master_key(tmp_path / name) for name in ("old.key", "new.key"))
    overtaken, rotating = KeyStore(address, old), KeyStore(address, old)
    overtaken.prepare(NOW)
    rotating.wrap_anew(new)
    with pytest.raises(Unreadable):
        overtaken.make("c1", NOW)
    assert rotating.names() == {"installation"}
    overtaken.close()
    rotating.close()


def test_a_fingerprint_tells_keys_apart_and_stays(store: KeyStore) -> None:
    store.make("c1", NOW)
    store.make("c2", NOW)
    assert store.fingerprint("c1") == store.fingerprint("c1") != store.fingerprint("c2")
