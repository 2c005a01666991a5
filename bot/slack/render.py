"""What a peer sees in Slack: cards as messages and as the Home tab, forms as modals.

Every word that somebody typed stands in `rich_text` or `plain_text`, which Slack does not parse: no finding can ping a
channel or fake a link. The limits are those of PLATFORM_FACTS S1; over one of them a card goes on in the next message.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any, assert_never

from bot.paging import TooLong, check_fits, divide, divide_text, fill_pages, number_pages
from bot.wording import (
    Values,
    address_in_words,
    chosen_values,
    facts_as_text,
    is_web_address,
    leads_nowhere,
    nothing_to_choose,
    table_as_texts,
)
from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Choice,
    ChoiceField,
    Confirm,
    Divider,
    Element,
    Fields,
    Form,
    FormPart,
    PeopleField,
    Span,
    Style,
    Table,
    Text,
    TextField,
    text,
)

Json = dict[str, Any]

MESSAGE = (50, 10_000, 1)  # blocks, characters in them all, tables
HOME = (99, 200_000)  # blocks, bytes; one block is kept for saying what is not shown
MODAL_BLOCKS = 100
PIECE = 2_500  # characters in one block of text
HEADER = 150
BUTTONS_IN_A_ROW = 25
BUTTON_LABEL = OPTION = 75
BUTTON_VALUE = 2_000
OPTIONS = OPTION_GROUPS = 100
OPEN_CHOICES = 10
TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 100, 20, 6_000
PRIVATE_METADATA = 3_000
TYPED = 3_000
VIEW_TITLE = 24
PLACEHOLDER = 150
LINK = 3_000
NOTIFICATION = 3_000
NO_VALUE = "(none)"  # stands for the empty value of a choice, which Slack refuses
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
        yield _rich_text(_section(text(f"Slack has no room here for {parts}. Write “home” to me to read everything.")))


def escape(words: str) -> str:
    """The words as Slack takes them where it would otherwise read links and mentions into them."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _belong(before: Json, after: Json) -> bool:
    return bool(before["type"] == "header" or after["type"] == "actions")


def _weight_in_message(block: Json) -> Sequence[int]:
    return 1, _characters(block), int(block["type"] == "table")


def _weight_in_view(block: Json) -> Sequence[int]:
    return 1, len(json.dumps(block))


def _characters(part: object) -> int:
    match part:
        case dict():
            return sum(len(value) if key in _READ else _characters(value) for key, value in part.items())
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
            yield from _text(element)
        case Bullets():
            yield from _bullets(element)
        case Fields():
            yield from _text(facts_as_text(element))
        case Table():
            yield from _text(_as_lines(table_as_texts(element)))
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


# ---------------------------------------------------------------- texts


def _text(words: Text) -> Iterator[Json]:
    for piece in divide_text(words, PIECE):
        match piece.style:
            case Style.BODY:
                yield _rich_text(_section(piece))
            case Style.HEADING:
                yield _heading(piece)
            case Style.NOTE:
                yield _note(piece)
            case Style.QUOTE:
                yield _rich_text({"type": "rich_text_quote", "elements": _runs(piece)})
            case _:
                assert_never(piece.style)


def _heading(words: Text) -> Json:
    is_linked = any(span.link for span in words.spans)
    if len(words.plain) <= HEADER and "\n" not in words.plain and not is_linked:
        return {"type": "header", "text": _plain(words.plain)}
    return _rich_text(_section(Text(tuple(Span(span.text, bold=True, link=span.link) for span in words.spans))))


def _note(words: Text) -> Json:
    """Small print cannot hold a link unparsed, so a note with a link stands in the size of the body."""
    if any(span.link for span in words.spans):
        return _rich_text(_section(words))
    return {"type": "context", "elements": [_plain(words.plain)]}


def _bullets(bullets: Bullets) -> Iterator[Json]:
    """A point that is longer than a block goes on under its bullet as a paragraph."""
    pieces = [(n == 0, piece) for point in bullets.items for n, piece in enumerate(divide_text(point, PIECE))]
    for group in fill_pages(pieces, weigh=lambda piece: (len(piece[1].plain),), most=(PIECE,)):
        yield _rich_text(*_points(group))


def _points(pieces: Sequence[tuple[bool, Text]]) -> Iterator[Json]:
    for starts_point, group in groupby(pieces, key=lambda piece: piece[0]):
        sections = [_section(piece) for _, piece in group]
        if starts_point:
            yield {"type": "rich_text_list", "style": "bullet", "elements": sections}
        else:
            yield from sections


def _rich_text(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def _section(words: Text) -> Json:
    return {"type": "rich_text_section", "elements": _runs(words)}


def _runs(words: Text) -> list[Json]:
    return [_run(span) for span in words.spans if span.text]


def _run(span: Span) -> Json:
    style = {name: True for name, is_on in (("bold", span.bold), ("italic", span.italic)) if is_on}
    run: Json = {"type": "text", "text": span.text}
    if is_web_address(span.link):
        run = {"type": "link", "url": check_fits(span.link, LINK, what="A link"), "text": span.text}
    return run | ({"style": style} if style else {})


def _plain(words: str) -> Json:
    """Slack refuses a plain text without a letter."""
    return {"type": "plain_text", "text": words if words.strip() else "–", "emoji": True}


# ---------------------------------------------------------------- tables and buttons


def _can_be_drawn(table: Table) -> bool:
    characters = sum(len(cell) for row in (table.columns, *table.rows) for cell in row)
    return len(table.rows) < TABLE_ROWS and len(table.columns) <= TABLE_COLUMNS and characters <= TABLE_CHARACTERS


def _table(table: Table) -> Json:
    rows = [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in (table.columns, *table.rows)]
    return {"type": "table", "rows": rows, "column_settings": [{"is_wrapped": True} for _ in table.columns]}


def _buttons(row: Buttons, numbers: Iterator[int]) -> Iterator[Json]:
    yield from _in_full([button.label for button in row.buttons], BUTTON_LABEL)
    for button in row.buttons:
        if leads_nowhere(button):
            yield from _text(address_in_words(button))
    buttons = [_button(button, next(numbers)) for button in row.buttons if not leads_nowhere(button)]
    for start in range(0, len(buttons), BUTTONS_IN_A_ROW):
        yield {"type": "actions", "elements": buttons[start : start + BUTTONS_IN_A_ROW]}


def _in_full(labels: Sequence[str], most: int) -> Iterator[Json]:
    """Labels that must be shortened stand in full above what they label."""
    for label in labels:
        if len(label) > most:
            yield from _text(text(label, style=Style.NOTE))


def _shortened(label: str, most: int) -> str:
    return label if len(label) <= most else divide(label, most - 1)[0].rstrip() + "…"


def _button(button: Button, number: int) -> Json:
    drawn: Json = {
        "type": "button",
        "text": _plain(_shortened(button.label, BUTTON_LABEL)),
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
        drawn["accessibility_label"] = _shortened(button.spoken, BUTTON_LABEL)
    return drawn


def action_of(action_id: str) -> str:
    """The action of the button that Slack says was pressed; empty for a link, about which there is nothing to do."""
    return action_id.rpartition(":")[0]


def _confirm(confirm: Confirm) -> Json:
    return {
        "title": _plain(check_fits(confirm.title, 100, what="A question's title")),
        "text": _plain(check_fits(confirm.question, 300, what="A question")),
        "confirm": _plain(check_fits(confirm.yes, 30, what="A question's button")),
        "deny": _plain(check_fits(confirm.no, 30, what="A question's button")),
    }


# ---------------------------------------------------------------- forms


def render_form(form: Form) -> Json:
    """The form as a modal, for `views.open`, `views.push` or a `response_action`.

    Raises:
        TooLong: a title, a value or what the form carries is longer than Slack takes, or it has too many parts.
    """
    blocks = [block for part in form.parts for block in _form_part(part)]
    if len(blocks) > MODAL_BLOCKS:
        raise TooLong(f"The form {form.name} has {len(blocks)} parts; Slack takes {MODAL_BLOCKS}.")
    return {
        "type": "modal",
        "callback_id": form.name,
        "private_metadata": check_fits(
            json.dumps(dict(form.carried), ensure_ascii=False), PRIVATE_METADATA, what="What a form carries"
        ),
        "title": _plain(check_fits(form.title, VIEW_TITLE, what="A form's title")),
        "submit": _plain(check_fits(form.submit, VIEW_TITLE, what="A form's button")),
        "close": _plain("Cancel"),
        "blocks": blocks,
    }


def render_notice(title: str, sentences: Sequence[str]) -> Json:
    """A modal that only says something: there is nothing to fill in or to send."""
    blocks = [block for sentence in sentences for block in _text(text(sentence))]
    return {"type": "modal", "title": _plain(title), "close": _plain("Close"), "blocks": blocks}


def _form_part(part: FormPart) -> Iterator[Json]:
    match part:
        case Text():
            yield from _text(part)
        case TextField():
            yield _input(part, _typed(part))
        case ChoiceField(choices=()):
            yield from _text(nothing_to_choose(part))
        case ChoiceField():
            yield from _in_full([choice.label for choice in part.choices], OPTION)
            yield _input(part, _choice(part))
        case PeopleField():
            yield _input(part, _people(part))
        case _:
            assert_never(part)


def _input(field: TextField | ChoiceField | PeopleField, element: Json) -> Json:
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label),
        "element": element | {"action_id": "value"},
        "optional": not field.required,
    }
    return block | ({"hint": _plain(field.hint)} if field.hint else {})


def _typed(field: TextField) -> Json:
    typed: Json = {
        "type": "plain_text_input",
        "multiline": field.lines or "\n" in field.value,
        "max_length": min(field.max_length, TYPED),
    }
    if field.value:
        typed["initial_value"] = check_fits(field.value, typed["max_length"], what=f"“{field.label}”")
    if field.placeholder:
        typed["placeholder"] = _plain(check_fits(field.placeholder, PLACEHOLDER, what="A placeholder"))
    return typed


def _choice(field: ChoiceField) -> Json:
    options = [_option(choice) for choice in field.choices]
    chosen = [_option(choice) for choice in field.choices if choice.value in chosen_values(field)]
    is_open = field.open and len(options) <= OPEN_CHOICES
    initial: Json
    if field.several:
        kind = "checkboxes" if is_open else "multi_static_select"
        initial = {"initial_options": chosen} if chosen else {}
    else:
        kind = "radio_buttons" if is_open else "static_select"
        initial = {"initial_option": chosen[0]} if chosen else {}
    return {"type": kind} | _options(options) | initial


def _option(choice: Choice) -> Json:
    return {
        "text": _plain(_shortened(choice.label, OPTION)),
        "value": check_fits(choice.value, OPTION, what="A choice's value") or NO_VALUE,
    }


def _options(options: list[Json]) -> Json:
    """More choices than a list may hold are shown in groups: “1 to 100”, “101 to 200”."""
    if len(options) <= OPTIONS:
        return {"options": options}
    if len(options) > OPTIONS * OPTION_GROUPS:
        raise TooLong(f"A choice among {len(options):,} is more than Slack takes.")
    groups = [(start + 1, options[start : start + OPTIONS]) for start in range(0, len(options), OPTIONS)]
    return {
        "option_groups": [
            {"label": _plain(f"{first} to {first + len(group) - 1}"), "options": group} for first, group in groups
        ]
    }


def _people(field: PeopleField) -> Json:
    if field.several:
        return {"type": "multi_users_select"} | ({"initial_users": list(field.chosen)} if field.chosen else {})
    return {"type": "users_select"} | ({"initial_user": field.chosen[0]} if field.chosen else {})


def read_form(view: Json) -> Values:
    """What was typed and chosen in a modal, from its `view`: a text, or a tuple where several may be chosen."""
    fields: Mapping[str, Mapping[str, Json]] = view["state"]["values"]
    return {name: _read(element) for name, inputs in fields.items() for element in inputs.values()}


def read_carried(view: Json) -> Mapping[str, str]:
    """What the form carried unseen, from its `view`."""
    carried: dict[str, str] = json.loads(view["private_metadata"])
    return carried


def _read(element: Json) -> str | tuple[str, ...]:
    match element["type"]:
        case "checkboxes" | "multi_static_select":
            return tuple(map(_value, element.get("selected_options") or ()))
        case "radio_buttons" | "static_select":
            return _value(element.get("selected_option") or {"value": NO_VALUE})
        case "multi_users_select":
            return tuple(element.get("selected_users") or ())
        case "users_select":
            return element.get("selected_user") or ""
        case _:
            return element.get("value") or ""


def _value(option: Json) -> str:
    return "" if option["value"] == NO_VALUE else str(option["value"])
