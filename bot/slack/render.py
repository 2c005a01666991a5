"""What a peer sees in Slack: cards as messages and as the Home tab.

The limits are those of PLATFORM_FACTS S1; over one of them a card goes on in the next message. Its words are drawn by
`blocks.py`, a form by `forms.py`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import assert_never

from bot.paging import check_fits, fill_pages, number_pages
from bot.slack.blocks import (
    LINK,
    Json,
    as_blocks,
    bullets_as_blocks,
    escape,
    in_full,
    plain,
    rich_text,
    section,
    shortened,
)
from bot.wording import address_in_words, facts_as_text, leads_nowhere, table_as_texts
from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Confirm,
    Divider,
    Element,
    Fields,
    Span,
    Table,
    Text,
    text,
)

MESSAGE = (50, 10_000, 1)  # blocks, characters in them all, tables
HOME = (99, 200_000)  # blocks, bytes; one block is kept for saying what is not shown
BUTTONS_IN_A_ROW = 25
BUTTON_LABEL = 75
BUTTON_VALUE = 2_000
TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 100, 20, 6_000
NOTIFICATION = 3_000
_READ = ("text", "url")  # what counts towards a message's characters


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One message for `chat.postMessage` or `chat.update`: `text` is the escaped notification, `blocks` the card."""

    text: str
    blocks: tuple[Json, ...]


# ---------------------------------------------------------------- cards


def render_card(card: Card) -> tuple[SlackMessage, ...]:
    """The card in as many messages as Slack's limits ask for, one at least.

    Raises:
        TooLong: a button's value, a question or a link is longer than Slack takes.
    """
    blocks = _card_blocks(card, may_draw_table=True)
    pages = fill_pages(blocks, weigh=_weight_in_message, most=MESSAGE, belong=_belong) or [()]
    notification = check_fits(card.notification, NOTIFICATION, what="The notification")
    texts = number_pages(escape(notification), len(pages))
    return tuple(SlackMessage(words, page) for words, page in zip(texts, pages, strict=True))


def render_home(card: Card) -> Json:
    """The card as a Home tab. What is too long for it is counted in its last line, which says where to read it."""
    blocks = _card_blocks(card, may_draw_table=False)
    pages = fill_pages(blocks, weigh=_weight_in_view, most=HOME) or [()]
    shown, hidden = pages[0], sum(map(len, pages[1:]))
    return {"type": "home", "blocks": [*shown, *_left_out(hidden)]}


def _left_out(hidden: int) -> Iterator[Json]:
    if hidden:
        parts = "1 more part" if hidden == 1 else f"{hidden:,} more parts"
        yield rich_text(section(text(f"Slack has no room here for {parts}. Write “home” to me to read everything.")))


def _belong(before: Json, after: Json) -> bool:
    return bool(before["type"] == "header" or after["type"] == "actions")


def _weight_in_message(block: Json) -> Sequence[int]:
    return 1, _characters(block), int(block["type"] == "table")


def _weight_in_view(block: Json) -> Sequence[int]:
    return 1, len(json.dumps(block))


def _characters(part: object) -> int:
    match part:
        case dict():
            read = (value for key, value in part.items() if key in _READ and isinstance(value, str))
            return sum(map(len, read)) + sum(map(_characters, part.values()))
        case list():
            return sum(map(_characters, part))
        case _:
            return 0


def _card_blocks(card: Card, *, may_draw_table: bool) -> Iterator[Json]:
    """`may_draw_table`: a table as such, which Slack puts under the rest of its message: so only where a card ends."""
    numbers = count()
    for place, element in enumerate(card.elements, start=1):
        is_last = place == len(card.elements)
        if isinstance(element, Table) and is_last and may_draw_table and _can_be_drawn(element):
            yield _table(element)
        else:
            yield from _element(element, numbers)


def _element(element: Element, numbers: Iterator[int]) -> Iterator[Json]:
    match element:
        case Text():
            yield from as_blocks(element)
        case Bullets():
            yield from bullets_as_blocks(element)
        case Fields():
            yield from as_blocks(facts_as_text(element))
        case Table():
            yield from as_blocks(_as_lines(table_as_texts(element)))
        case Divider():
            yield {"type": "divider"}
        case Buttons() if element.only_for:
            return
        case Buttons():
            yield from _buttons(element, numbers)
        case _:
            assert_never(element)


def _as_lines(texts: Sequence[Text]) -> Text:
    return Text(tuple(span for line in texts for span in (*line.spans, Span("\n"))))


# ---------------------------------------------------------------- tables and buttons


def _can_be_drawn(table: Table) -> bool:
    characters = sum(len(cell) for row in (table.columns, *table.rows) for cell in row)
    return len(table.rows) < TABLE_ROWS and len(table.columns) <= TABLE_COLUMNS and characters <= TABLE_CHARACTERS


def _table(table: Table) -> Json:
    rows = [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in (table.columns, *table.rows)]
    return {"type": "table", "rows": rows, "column_settings": [{"is_wrapped": True} for _ in table.columns]}


def _buttons(row: Buttons, numbers: Iterator[int]) -> Iterator[Json]:
    yield from in_full([button.label for button in row.buttons], BUTTON_LABEL)
    for button in row.buttons:
        if leads_nowhere(button):
            yield from as_blocks(address_in_words(button))
    buttons = [_button(button, next(numbers)) for button in row.buttons if not leads_nowhere(button)]
    for start in range(0, len(buttons), BUTTONS_IN_A_ROW):
        yield {"type": "actions", "elements": buttons[start : start + BUTTONS_IN_A_ROW]}


def _button(button: Button, number: int) -> Json:
    drawn: Json = {
        "type": "button",
        "text": plain(shortened(button.label, BUTTON_LABEL)),
        "action_id": f"{button.action}:{number}",
    }
    if button.value:
        drawn["value"] = check_fits(button.value, BUTTON_VALUE, what="A button's value")
    if button.url:
        drawn["url"] = check_fits(button.url, LINK, what="A button's link")
    if button.style is not ButtonStyle.PLAIN:
        drawn["style"] = button.style.value
    if button.confirm:
        drawn["confirm"] = _confirm(button.confirm)
    if button.about:
        drawn["accessibility_label"] = shortened(button.spoken, BUTTON_LABEL)
    return drawn


def action_of(action_id: str) -> str:
    """The action of the button that Slack says was pressed; empty for a link, about which there is nothing to do."""
    return action_id.rpartition(":")[0]


def _confirm(confirm: Confirm) -> Json:
    return {
        "title": plain(check_fits(confirm.title, 100, what="A question's title")),
        "text": plain(check_fits(confirm.question, 300, what="A question")),
        "confirm": plain(check_fits(confirm.yes, 30, what="A question's button")),
        "deny": plain(check_fits(confirm.no, 30, what="A question's button")),
    }
