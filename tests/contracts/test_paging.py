"""Long words are divided where a reader pauses, and pages are filled without losing, doubling or moving anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.paging import TooLong, check_fits, divide, divide_text, fill_pages, number_pages
from handlers.chat import Span, Style, Text, bold, text
from tests.timing import at_best


@given(st.text(st.sampled_from("ab \n\t\u0301\u200d\U0001f642"), max_size=300), st.integers(1, 40))
def test_the_pieces_are_the_whole(words: str, most: int) -> None:
    pieces = divide(words, most)
    assert "".join(pieces) == words
    assert all(len(piece) <= most for piece in pieces)


def test_a_piece_ends_with_a_line_or_else_with_a_word() -> None:
    assert divide("one two three", 9) == ("one two ", "three")
    assert divide("the first line\nsecond one", 20) == ("the first line\n", "second one")


def test_no_accent_leaves_its_letter_and_no_family_is_parted() -> None:
    assert divide("e\u0301" * 4, 3) == ("e\u0301", "e\u0301", "e\u0301", "e\u0301")
    family = "\U0001f469\u200d\U0001f467"
    assert divide(family * 2, 5) == (family, family)


def test_a_hundred_kilobytes_of_accents_are_divided_in_good_time() -> None:
    assert at_best(lambda: divide("\u0301" * 100_000, 2_500)) < 0.05


def test_a_divided_paragraph_keeps_its_bold_words_and_its_style() -> None:
    paragraph = Text((Span("one "), bold("two three"), Span(" four")), Style.QUOTE)
    assert divide_text(paragraph, 9) == (
        Text((Span("one "), bold("two ")), Style.QUOTE),
        Text((bold("three"), Span(" ")), Style.QUOTE),
        Text((Span("four"),), Style.QUOTE),
    )


def test_a_paragraph_without_words_is_no_paragraph() -> None:
    assert divide_text(text(" \n "), 10) == ()


@given(st.lists(st.integers(0, 10), max_size=60))
def test_pages_hold_everything_in_order_within_both_limits(weights: list[int]) -> None:
    pages = fill_pages(weights, weigh=lambda weight: (1, weight), most=(5, 20))
    assert [weight for page in pages for weight in page] == weights
    assert all(0 < len(page) <= 5 and sum(page) <= 20 for page in pages)


def test_a_heading_goes_with_what_stands_under_it() -> None:
    parts = ["text", "text", "HEADING", "text"]
    pages = fill_pages(parts, weigh=lambda _: (1,), most=(3,), belong=lambda before, _: before.isupper())
    assert pages == [("text", "text"), ("HEADING", "text")]


def test_headings_alone_still_fill_pages() -> None:
    pages = fill_pages(["A", "B", "C", "D", "E"], weigh=lambda _: (1,), most=(2,), belong=lambda *_: True)
    assert [part for page in pages for part in page] == ["A", "B", "C", "D", "E"]
    assert all(len(page) <= 2 for page in pages)


def test_what_fits_on_no_page_is_refused_rather_than_cut() -> None:
    with pytest.raises(TooLong, match="weighs"):
        fill_pages([30], weigh=lambda weight: (weight,), most=(20,))
    with pytest.raises(TooLong, match=r"A title has 25 characters; the platform takes 24\. Shorten it\."):
        check_fits("x" * 25, 24, what="A title")


def test_pages_are_numbered_when_there_are_several() -> None:
    assert number_pages("7 findings", 1) == ["7 findings"]
    assert number_pages("7 findings", 2) == ["7 findings (1 of 2)", "7 findings (2 of 2)"]
