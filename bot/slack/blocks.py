"""Words in Slack's blocks, for cards and forms alike.

Every word that somebody typed stands in `rich_text` or `plain_text`, which Slack does not parse: no finding can ping a
channel or fake a link. A text that is longer than a block takes goes on in the next.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, assert_never

from bot.paging import check_fits, divide, divide_text, fill_pages
from bot.wording import is_web_address
from handlers.chat import Bullets, Span, Style, Text, text

Json = dict[str, Any]

PIECE = 2_500  # characters in one block of text
HEADER = 150
LINK = 3_000


def escape(words: str) -> str:
    """The words as Slack takes them where it would otherwise read links and mentions into them."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_blocks(words: Text) -> Iterator[Json]:
    """The text in its style, in as many blocks as its length asks for."""
    for piece in divide_text(words, PIECE):
        match piece.style:
            case Style.BODY:
                yield rich_text(section(piece))
            case Style.HEADING:
                yield _heading(piece)
            case Style.NOTE:
                yield _note(piece)
            case Style.QUOTE:
                yield rich_text({"type": "rich_text_quote", "elements": _runs(piece)})
            case _:
                assert_never(piece.style)


def _heading(words: Text) -> Json:
    is_linked = any(span.link for span in words.spans)
    if len(words.plain) <= HEADER and "\n" not in words.plain and not is_linked:
        return {"type": "header", "text": plain(words.plain)}
    return rich_text(section(Text(tuple(Span(span.text, bold=True, link=span.link) for span in words.spans))))


def _note(words: Text) -> Json:
    """Small print cannot hold a link unparsed, so a note with a link stands in the size of the body."""
    if any(span.link for span in words.spans):
        return rich_text(section(words))
    return {"type": "context", "elements": [plain(words.plain)]}


def bullets_as_blocks(bullets: Bullets) -> Iterator[Json]:
    """A point that is longer than a block goes on under its bullet as a paragraph."""
    pieces = [(n == 0, piece) for point in bullets.items for n, piece in enumerate(divide_text(point, PIECE))]
    for group in fill_pages(pieces, weigh=lambda piece: (len(piece[1].plain),), most=(PIECE,)):
        yield rich_text(*_points(group))


def _points(pieces: Sequence[tuple[bool, Text]]) -> Iterator[Json]:
    for starts_point, group in groupby(pieces, key=lambda piece: piece[0]):
        sections = [section(piece) for _, piece in group]
        if starts_point:
            yield {"type": "rich_text_list", "style": "bullet", "elements": sections}
        else:
            yield from sections


def rich_text(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def section(words: Text) -> Json:
    return {"type": "rich_text_section", "elements": _runs(words)}


def _runs(words: Text) -> list[Json]:
    return [_run(span) for span in words.spans if span.text]


def _run(span: Span) -> Json:
    style = {name: True for name, is_on in (("bold", span.bold), ("italic", span.italic)) if is_on}
    run: Json = {"type": "text", "text": span.text}
    if is_web_address(span.link):
        run = {"type": "link", "url": check_fits(span.link, LINK, what="A link"), "text": span.text}
    return run | ({"style": style} if style else {})


def plain(words: str) -> Json:
    """Slack refuses a plain text without a letter."""
    return {"type": "plain_text", "text": words if words.strip() else "–", "emoji": True}


def in_full(labels: Sequence[str], most: int) -> Iterator[Json]:
    """Labels that must be shortened stand in full above what they label."""
    for label in labels:
        if len(label) > most:
            yield from as_blocks(text(label, style=Style.NOTE))


def shortened(label: str, most: int) -> str:
    return label if len(label) <= most else divide(label, most - 1)[0].rstrip() + "…"
