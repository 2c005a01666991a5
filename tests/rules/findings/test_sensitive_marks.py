"""What marks a finding sensitive: "sensitive:" at the very beginning, and no other word."""

import time

import pytest

from handlers.findings.reading import Reader, is_sensitive, speaks_of_safeguarding
from handlers.frameworks import load_frameworks

READER = Reader((), load_frameworks()["local_system"].words)


@pytest.mark.parametrize(
    "words",
    [
        "sensitive: a child was left alone", "Sensitive: x", "SENSITIVE : x", "  sensitive:x", "*sensitive:* x",
        "_Sensitive_: x", "- sensitive: x", "sensitive:\n- one\n- two",
    ],
)  # fmt: skip
def test_it_begins_so(words: str) -> None:
    assert is_sensitive(words)
    assert all(part.sensitive for part in READER.read(words))


@pytest.mark.parametrize(
    "words",
    [
        "safeguarding: partners praised the board", "Safeguarding partners are sensitive: they said so", "sensitive",
        "sensitive data is kept well", "commercially sensitive: the contract", "insensitive: the letter", "#sensitive",
        "strength: sensitive: x", "sensitivity: high", "sensitively: done", "",
    ],
)  # fmt: skip
def test_it_does_not(words: str) -> None:
    assert not is_sensitive(words)
    assert not any(part.sensitive for part in READER.read(words))


def test_one_bullet_can_be_sensitive_by_itself() -> None:
    assert [part.sensitive for part in READER.read("- the rota is fair\n- sensitive: she is afraid")] == [False, True]


def test_the_words_stay_as_they_were_typed() -> None:
    [part] = READER.read("Sensitive: she is afraid")
    assert part.text == "Sensitive: she is afraid"


def test_a_post_it_is_shown_without_the_mark_in_front_and_with_all_other_words() -> None:
    assert READER.without_marks("Sensitive: strength: she was heard") == "she was heard"
    assert READER.without_marks("The subject is sensitive: nobody asks") == "The subject is sensitive: nobody asks"


@pytest.mark.parametrize("words", ["safeguarding: praised", "A safeguarding concern", "*Safeguarding* leads meet"])
def test_a_word_about_safeguarding_offers_the_mark(words: str) -> None:
    assert speaks_of_safeguarding(words)
    assert not is_sensitive(words)


def test_nothing_is_offered_for_a_word_further_on() -> None:
    assert not speaks_of_safeguarding("The safeguarding board meets")


@pytest.mark.parametrize("piece", ["sensitive ", "*", " ", "- ", "_~*", "sensitive:"])
def test_a_hundred_kilobytes_of_anything_are_read_at_once(piece: str) -> None:
    words = piece * (100_000 // len(piece))
    began = time.perf_counter()
    is_sensitive(words)
    speaks_of_safeguarding(words)
    assert time.perf_counter() - began < 0.05
