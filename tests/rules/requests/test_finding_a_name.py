"""Where a name stands, whatever its case and accents; and the words without it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.requests.rules import REMOVED, Held, Kind, extract, found_in, read_name, without

ADA = read_name("Ada Ó'Brien-Okafor")


def mentions(words: str, name: str = "Ada Ó'Brien-Okafor", also: str = "") -> bool:
    return bool(found_in([Held(Kind.FINDING, "f", "#1", (words,))], read_name(name, also)))


@pytest.mark.parametrize(
    "words",
    [
        "Ada said so", "ADA!", "(ada)", "Mrs Okafor", "OKAFOR's team", "O'Brien", "o’brien", "ó'brien", "_Okafor_",
        "Okafor/Brown", "O'Bri\u0065\u0301n".replace("\u0065\u0301", "e"), "with Ada\u0301",
    ],
)  # fmt: skip
def test_any_word_of_the_name_is_found(words: str) -> None:
    assert mentions(words)


@pytest.mark.parametrize("words", ["Adam said so", "Canada", "okafors", "a da", "Mrs Brown", "the of and"])
def test_part_of_a_word_is_not(words: str) -> None:
    assert not mentions(words)


def test_accents_do_not_matter_either_way() -> None:
    assert mentions("Zoe met us", name="Zoë")
    assert mentions("ZOË met us", name="zoe")
    assert mentions("Łukasz", name="lukasz")
    assert mentions("Jürgen Strauß", name="STRAUSS")


def test_titles_alone_are_no_name() -> None:
    assert not read_name("Mrs Dr")
    assert not read_name(" ", "")
    assert read_name("Cllr Patel") == read_name("patel")


def test_initials_are_looked_for_as_they_are_typed() -> None:
    assert mentions("JS agreed", name="Jo Smith", also="JS")
    assert mentions("J.S. agreed", name="Jo Smith", also="J S")
    assert not mentions("js agreed, and is at ease", name="Jo Smith", also="JS")
    assert not mentions("his JSON", name="Jo Smith", also="JS")


def test_another_name_they_go_by_is_looked_for_too() -> None:
    assert mentions("Jonty agreed", name="Jonathan Smith", also="Jonty, JS")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Ada Okafor said so", f"{REMOVED} said so"),
        ("We met Mrs Okafor's team", f"We met Mrs {REMOVED}'s team"),
        ("A. Okafor and A B Okafor", f"{REMOVED} and {REMOVED}"),
        ("Nothing here", "Nothing here"),
        ("ÓBRIEN? o’brien!", f"ÓBRIEN? {REMOVED}!"),
        ("Ada, and Ada", f"{REMOVED}, and {REMOVED}"),
    ],
)
def test_the_name_is_replaced_and_nothing_else(words: str, left: str) -> None:
    assert without(words, ADA) == left


def test_words_around_it_show_the_manager_whom_it_is_about() -> None:
    held = Held(Kind.FINDING, "f", "#1", ("", f"{'x ' * 100}Ada{' y' * 100}"))
    shown = extract(held, ADA)
    assert "x Ada y" in shown
    assert shown.startswith("…")
    assert len(shown) < 150


@given(st.text(max_size=200))
def test_once_replaced_it_is_found_no_more(words: str) -> None:
    assert not mentions(without(f"{words} Ada {words}", ADA))


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_as_a_name_is_a_name_or_none(name: str, words: str) -> None:
    wanted = read_name(name, words)
    if wanted:
        assert isinstance(without(f"{words} {name}", wanted), str)


@pytest.mark.parametrize("piece", ["ada ", "o'", "A. ", "Ada-", "é", " ", "a'a'"])
def test_a_hundred_kilobytes_of_anything_are_searched_at_once(piece: str) -> None:
    words = piece * (100_000 // len(piece))
    began = time.perf_counter()
    without(words, read_name("Ada Okafor", "AO"))
    assert time.perf_counter() - began < 1.0
