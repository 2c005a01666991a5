"""Long cards, shown whole: divided into pages that a platform takes, never cut.

A peer who logs three pages of notes, or a manager who asks for every finding, reads all of it on every platform. The
three renderers divide texts and fill pages with these few functions; each brings its own limits.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TypeVar

from handlers.chat import Span, Text

Part = TypeVar("Part")

JOINERS = ("\u200d", "\ufe0e", "\ufe0f")
LONGEST_CLUSTER = 20  # characters that may stand together as one sign, such as a family emoji


class TooLong(Exception):
    """This is more than the platform can show, and it cannot be divided."""


def check_fits(words: str, most: int, *, what: str) -> str:
    """`words`, if they are at most `most` characters; `what` names them in the error.

    Raises:
        TooLong: they are longer.
    """
    if len(words) > most:
        raise TooLong(f"{what} has {len(words):,} characters; the platform takes {most:,}. Shorten it.")
    return words


def divide(words: str, most: int) -> tuple[str, ...]:
    """`words` in pieces of at most `most` characters that end where a line or a word ends; joined, they are `words`.

    A run of more than `most` characters without a space is divided between signs (no accent leaves its letter).
    """
    pieces, start = [], 0
    while len(words) - start > most:
        end = _end_of_piece(words, start, start + most)
        pieces.append(words[start:end])
        start = end
    return (*pieces, words[start:])


def _end_of_piece(words: str, start: int, limit: int) -> int:
    after_a_line = words.rfind("\n", (start + limit) // 2, limit) + 1
    after_a_word = words.rfind(" ", start, limit) + 1
    return after_a_line or after_a_word or _between_signs(words, start, limit)


def _between_signs(words: str, start: int, limit: int) -> int:
    for end in range(limit, max(start, limit - LONGEST_CLUSTER), -1):
        if not unicodedata.combining(words[end]) and words[end] not in JOINERS and words[end - 1] != "\u200d":
            return end
    return limit


def divide_text(text: Text, most: int) -> tuple[Text, ...]:
    """The paragraph in paragraphs of at most `most` characters, in the same style; blank ones are left out."""
    ends = accumulate(map(len, divide(text.plain, most)))
    pieces = (Text(tuple(_spans_between(text.spans, *bounds)), text.style) for bounds in pairwise([0, *ends]))
    return tuple(piece for piece in pieces if piece.plain.strip())


def _spans_between(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        kept = span.text[max(start - at, 0) : max(end - at, 0)]
        if kept:
            yield replace(span, text=kept)
        at += len(span.text)


def _free(before: object, after: object) -> bool:
    return False


def fill_pages(
    parts: Iterable[Part],
    *,
    weigh: Callable[[Part], Sequence[int]],
    most: Sequence[int],
    belong: Callable[[Part, Part], bool] = _free,
) -> list[tuple[Part, ...]]:
    """`parts` in order, as many on each page as its limits allow: what a part weighs stands against `most`, in order.

    Where a page would end between two parts that `belong` together, such as a heading and what it is over, both go on
    the next page if it takes them.

    Raises:
        TooLong: one part alone is over a limit.
    """
    pages: list[list[Part]] = []
    filled: Sequence[int] = ()
    for part in parts:
        weight = weigh(part)
        if not _fits(weight, most):
            raise TooLong(f"A part of this card weighs {tuple(weight)}; the platform takes {tuple(most)} on a page.")
        if not pages:
            pages, filled = [[part]], weight
        elif _fits(_sum(filled, weight), most):
            pages[-1].append(part)
            filled = _sum(filled, weight)
        else:
            last = pages[-1][-1]
            both = _sum(weigh(last), weight)
            moves = len(pages[-1]) > 1 and belong(last, part) and _fits(both, most)
            pages.append([pages[-1].pop(), part] if moves else [part])
            filled = both if moves else weight
    return [tuple(page) for page in pages]


def _fits(weight: Sequence[int], most: Sequence[int]) -> bool:
    return all(own <= limit for own, limit in zip(weight, most, strict=True))


def _sum(one: Sequence[int], other: Sequence[int]) -> Sequence[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


def number_pages(words: str, pages: int) -> list[str]:
    """`words` once a page, saying which of how many when there are several."""
    return [words if pages == 1 else f"{words} ({page} of {pages})" for page in range(1, pages + 1)]
