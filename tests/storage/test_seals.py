"""Sealed words: they open in their own place only, and show it when anybody has touched them."""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from storage.errors import Unreadable
from storage.keys import KeyStore, Seal, make_master_key
from tests.storage.conftest import NOW

PLACE: Mapping[str, Any] = {"table": "findings", "column": "text", "row": "f1", "version": 1}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[KeyStore]:
    store = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    store.prepare(NOW)
    yield store
    store.close()


@pytest.mark.parametrize("elsewhere", [{"table": "summaries"}, {"column": "source"}, {"row": "f2"}, {"version": 2}])
def test_words_that_were_moved_to_another_place_cannot_be_read(
    store: KeyStore, elsewhere: Mapping[str, object]
) -> None:
    sealed = store.make("c1", NOW).close("Words", **PLACE)
    assert store.of("c1").open(sealed, **PLACE) == "Words"
    with pytest.raises(Unreadable):
        store.of("c1").open(sealed, **{**PLACE, **elsewhere})


def test_words_of_one_challenge_open_under_no_other_ones_name() -> None:
    key = bytes(32)
    sealed = Seal("c1", key).close("Words", **PLACE)
    with pytest.raises(Unreadable):
        Seal("c2", key).open(sealed, **PLACE)


@pytest.mark.parametrize("position", [0, 12, -1])
def test_a_changed_byte_is_noticed(store: KeyStore, position: int) -> None:
    sealed = bytearray(store.make("c1", NOW).close("Words", **PLACE))
    sealed[position] ^= 1
    with pytest.raises(Unreadable):
        store.of("c1").open(bytes(sealed), **PLACE)


def test_the_same_words_are_never_sealed_alike(store: KeyStore) -> None:
    seal = store.make("c1", NOW)
    sealed = [seal.close("Words", **PLACE) for _ in range(50)]
    assert len({one[:12] for one in sealed}) == len(sealed), "a nonce that comes twice would give both away"


def test_a_wrapped_key_opens_under_its_own_name_only(store: KeyStore, tmp_path: Path) -> None:
    store.make("c1", NOW)
    store.make("c2", NOW)
    with sqlite3.connect(tmp_path / "keys.db") as connection:
        connection.execute(
            "UPDATE wrapped_keys SET wrapped = (SELECT wrapped FROM wrapped_keys WHERE name = 'c1') WHERE name = 'c2'"
        )
    connection.close()
    again = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    with pytest.raises(Unreadable):
        again.of("c2")
    again.close()
