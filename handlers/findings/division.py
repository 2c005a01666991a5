"""How one message becomes several findings, and several become one again: "each post-it covers one finding".

Bullets and blank lines divide. A line that ends with a colon leads in what follows ("Carers focus group:") and is
repeated on each of its bullets, so that every post-it can be read by itself. Nothing that was typed is left out but the
bullets. Pure: words in, words out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_PARTS = 30  # a longer list is a document that was pasted in: it stays whole until somebody asks to split it
LONG = 3_000  # characters: from here on a finding is shown shortened, and splitting it is offered
PIECE = 500  # characters in a piece of a long text without bullets or paragraphs
LONGEST_LEAD_IN = 120

_BULLET = re.compile(r"[ \t]{0,20}(?:[-+*•◦▪‣·●○–—−]|\d{1,2}[.)]|\(\d{1,2}\)|[a-z]\))[ \t]{1,9}(?=\S)")
# A line of nothing but tags, or a source in brackets:
_MARK = re.compile(r"[ \t]{0,20}(?:#[\w-]{1,40}[ \t,]{0,9}|\([^()\n]{1,120}\)[ \t]{0,9}){1,9}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[ \t\n]{1,9}(?=\S)")


@dataclass(frozen=True, slots=True)
class _Block:
    """Some lines that belong together."""

    words: str
    is_bullet: bool


def divide_message(words: str) -> tuple[str, ...]:
    """The findings in a message, in order, each as it was typed. One line is never divided, nor is a very long list."""
    whole = words.strip()
    if "\n" not in whole:
        return (whole,)
    blocks = _first(_blocks(whole), MOST_PARTS + 1)
    parts = tuple(_with_lead_ins(blocks))
    return parts if 0 < len(parts) <= MOST_PARTS else (whole,)


def divide_long(words: str) -> tuple[str, ...]:
    """A message that somebody wants divided: at its bullets and paragraphs; where it has none, at sentences."""
    parts = divide_message(words)
    if len(parts) == 1 and len(words) > LONG:
        parts = tuple(_packed(_SENTENCE_END.split(words.strip())))
    if len(parts) > MOST_PARTS:
        return (*parts[: MOST_PARTS - 1], "\n".join(parts[MOST_PARTS - 1 :]))
    return parts


def can_be_split(words: str, *, kept_as_one: bool) -> bool:
    """Whether to offer Split: for a message that was kept as one, and for a very long one."""
    return (kept_as_one or len(words) > LONG or words.count("\n") >= MOST_PARTS) and len(divide_long(words)) > 1


def join_parts(parts: Sequence[str]) -> str:
    """The parts of one message in one text again, dividing as they did. A lead-in that they share is said once."""
    lead_in = _shared_lead_in(parts)
    bodies = [part.removeprefix(f"{lead_in}\n") for part in parts] if lead_in else list(parts)
    if all("\n" not in body for body in bodies):
        return "\n".join(filter(None, [lead_in, *(f"- {body}" for body in bodies)]))
    return "\n\n".join(parts)


def _blocks(words: str) -> Iterator[_Block]:
    lines: list[str] = []
    is_bullet = after_gap = False
    for line in words.split("\n"):
        bullet = _BULLET.match(line)
        if lines and line.strip() and not (bullet or after_gap or _MARK.fullmatch(line)):
            lines.append(line.rstrip())
            continue
        if lines and line.strip():
            yield _Block("\n".join(lines), is_bullet)
            lines = []
        if line.strip():
            lines, is_bullet = [line[bullet.end() if bullet else 0 :].strip()], bool(bullet)
        after_gap = not line.strip()
    if lines:
        yield _Block("\n".join(lines), is_bullet)


def _with_lead_ins(blocks: Sequence[_Block]) -> Iterator[str]:
    lead_in = ""
    for position, block in enumerate(blocks):
        if _leads_in(block) and position + 1 < len(blocks):
            lead_in = f"{lead_in}\n{block.words}" if lead_in else block.words
            continue
        yield f"{lead_in}\n{block.words}" if lead_in else block.words
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        if not (block.is_bullet and following and following.is_bullet):
            lead_in = ""


def _leads_in(block: _Block) -> bool:
    return not block.is_bullet and len(block.words) <= LONGEST_LEAD_IN and block.words.endswith(":")


def _shared_lead_in(parts: Sequence[str]) -> str:
    first = parts[0].partition("\n")[0]
    shared = first.endswith(":") and all(part.startswith(f"{first}\n") for part in parts)
    return first if shared and len(parts) > 1 else ""


def _packed(sentences: Iterable[str]) -> Iterator[str]:
    """Sentences in pieces of about `PIECE` characters; a longer sentence is a piece of its own."""
    piece = ""
    for sentence in sentences:
        if piece and len(piece) + len(sentence) > PIECE:
            yield piece
            piece = sentence
        else:
            piece = f"{piece} {sentence}" if piece else sentence
    if piece:
        yield piece


def _first(blocks: Iterator[_Block], most: int) -> list[_Block]:
    return [block for _, block in zip(range(most), blocks, strict=False)]
