"""What a peer sees in Teams: cards and forms as Adaptive Cards 1.5.

Every word that somebody typed stands in a `TextRun`, which Teams does not read as Markdown: no finding can fake a link
or a heading. A message that would be larger than Teams takes (PLATFORM_FACTS T2) goes on in the next one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from urllib.parse import quote, unquote

from bot.paging import TooLong, divide_text, fill_pages, number_pages
from bot.teams.payloads import Json, size_of
from bot.teams.views import asked_for, refreshing, seen_by
from bot.wording import (
    People,
    Values,
    address_in_words,
    as_choice,
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
    bold,
    note,
    text,
)

CARD_BYTES = 76_000  # of the 80 KB of PLATFORM_FACTS T2, the rest is for what a message has around its card
PIECE = 2_500  # characters in one paragraph
QUOTE_BYTES = 20_000
TABLE_BYTES = 38_000
ROW_BYTES = 15_000
BUTTONS_IN_A_ROW = 5

_MARKDOWN = re.compile(r"([\\`*_\[\]~])")  # what Teams would read as mark-up in the label of an open choice
_DATE_FUNCTION = re.compile(r"(?<=\{)(?=\{(?:DATE|TIME)\()")  # Teams computes {{DATE(…)}} wherever it finds it whole
_ACTION_STYLES = {ButtonStyle.PLAIN: "default", ButtonStyle.PRIMARY: "positive", ButtonStyle.DANGER: "destructive"}


@dataclass(frozen=True, slots=True)
class TeamsMessage:
    """One message: `summary` is the notification, `card` the content of its Adaptive Card attachment."""

    summary: str
    card: Json


# ---------------------------------------------------------------- cards


def render_card(card: Card, *, viewer: str = "") -> tuple[TeamsMessage, ...]:
    """The card in as many messages as Teams' limit asks for, one at least. `viewer` is whose own view of it is drawn.

    A card that shows more to some asks for their view by itself (bot.teams.views).

    Raises:
        TooLong: one part alone, such as a button's value, is larger than Teams takes.
    """
    shown = seen_by(viewer, card)
    pages = fill_pages(_body(shown), weigh=_weight, most=(CARD_BYTES,), belong=_belong) or [()]
    summaries = number_pages(card.notification, len(pages))
    messages = [TeamsMessage(words, _card(page)) for words, page in zip(summaries, pages, strict=True)]
    return tuple(replace(one, card=refreshing(one.card, asked_for(card))) for one in messages)


def _card(body: Iterable[Json], actions: Iterable[Json] = ()) -> Json:
    card: Json = {"type": "AdaptiveCard", "version": "1.5", "lang": "en-GB", "body": list(body)}
    if made := list(actions):
        card["actions"] = made
    return card | {"msteams": {"width": "Full"}}


def _weight(part: object) -> Sequence[int]:
    return (size_of(part),)


def _belong(before: Json, after: Json) -> bool:
    is_heading = any(run.items() >= _look(Style.HEADING).items() for run in before.get("inlines", ()))
    return is_heading or after["type"] == "ActionSet"


def _body(elements: Iterable[Element]) -> Iterator[Json]:
    """A divider is a line above the part that follows it."""
    is_divided = False
    for element in elements:
        is_divided = is_divided or isinstance(element, Divider)
        for part in _element(element):
            yield part | ({"separator": True, "spacing": "Large"} if is_divided else {})
            is_divided = False


def _element(element: Element) -> Iterator[Json]:
    match element:
        case Text():
            yield from _text(element)
        case Bullets():
            for point in element.items:
                yield from _text(Text((Span("• "), *point.spans), point.style))
        case Fields():
            yield from _text(facts_as_text(element))
        case Table():
            yield from _table(element)
        case Divider():
            return
        case Buttons():
            yield from _buttons(element)
        case _:
            assert_never(element)


# ---------------------------------------------------------------- texts


def _text(words: Text) -> Iterator[Json]:
    paragraphs = (paragraph for piece in divide_text(words, PIECE) for paragraph in _paragraphs(piece))
    if words.style is not Style.QUOTE:
        yield from paragraphs
        return
    for group in fill_pages(paragraphs, weigh=_weight, most=(QUOTE_BYTES,)):
        yield {"type": "Container", "style": "emphasis", "items": list(group)}


def _paragraphs(words: Text) -> Iterator[Json]:
    """A `TextRun` does not keep line breaks, so each line is a block of its own, close under the one before."""
    gap = "Default"
    for line in _lines(words.spans):
        if any(span.text.strip() for span in line):
            yield _block(line, words.style) | {"spacing": gap}
        gap = "None" if line else "Small"


def _lines(spans: Iterable[Span]) -> Iterator[list[Span]]:
    line: list[Span] = []
    for span in spans:
        first, *others = span.text.split("\n")
        line += [Span(first, span.bold, span.italic, span.link)] if first else []
        for other in others:
            yield line
            line = [Span(other, span.bold, span.italic, span.link)] if other else []
    yield line


def _block(line: Iterable[Span], style: Style) -> Json:
    return {"type": "RichTextBlock", "inlines": [_run(part) | _look(style) for part in _inert(line)]}


def _inert(line: Iterable[Span]) -> Iterator[Span]:
    for span in line:
        for words in _DATE_FUNCTION.split(span.text):
            yield Span(words, span.bold, span.italic, span.link)


def _run(span: Span) -> Json:
    run: Json = {"type": "TextRun", "text": span.text}
    if span.bold:
        run["weight"] = "Bolder"
    if span.italic:
        run["italic"] = True
    if is_web_address(span.link):
        run["selectAction"] = {"type": "Action.OpenUrl", "url": span.link}
    return run


def _look(style: Style) -> Json:
    match style:
        case Style.BODY | Style.QUOTE:
            return {}
        case Style.HEADING:
            return {"size": "Medium", "weight": "Bolder"}
        case Style.NOTE:
            return {"size": "Small", "isSubtle": True}
        case _:
            assert_never(style)


# ---------------------------------------------------------------- tables and buttons


def _table(table: Table) -> Iterator[Json]:
    """A table whose rows are too long to read side by side is written in lines."""
    titles = _row([bold(column) for column in table.columns])
    rows = [_row([Span(cell) for cell in row]) for row in table.rows]
    if any(_weight(row)[0] > ROW_BYTES for row in (titles, *rows)):
        for line in table_as_texts(table):
            yield from _text(line)
        return
    for group in fill_pages(rows, weigh=_weight, most=(TABLE_BYTES,)) or [()]:
        yield {
            "type": "Table",
            "columns": [{"width": 1} for _ in table.columns],
            "firstRowAsHeader": True,
            "rows": [titles, *group],
        }


def _row(cells: Iterable[Span]) -> Json:
    return {"type": "TableRow", "cells": [_cell(cell) for cell in cells]}


def _cell(words: Span) -> Json:
    return {"type": "TableCell", "items": list(_paragraphs(Text((words,))))}


def _buttons(row: Buttons) -> Iterator[Json]:
    for button in row.buttons:
        if leads_nowhere(button):
            yield from _text(address_in_words(button))
    actions = [_action(button) for button in row.buttons if not leads_nowhere(button)]
    for start in range(0, len(actions), BUTTONS_IN_A_ROW):
        yield {"type": "ActionSet", "actions": actions[start : start + BUTTONS_IN_A_ROW]}


def _action(button: Button) -> Json:
    if button.confirm:
        return _asking(button, button.confirm)
    if button.url:
        return {"type": "Action.OpenUrl", "title": button.label, "url": button.url}
    said = {"action": button.action, "value": button.value}
    named = {"title": button.label, "style": _ACTION_STYLES[button.style]}
    if button.about:
        named["tooltip"] = button.spoken
    if button.opens:
        return {"type": "Action.Submit", "data": said | {"msteams": {"type": "task/fetch"}}} | named
    submit = {"type": "Action.Submit", "data": said} | named
    return {"type": "Action.Execute", "verb": button.action, "data": said, "fallback": submit} | named


def _asking(button: Button, confirm: Confirm) -> Json:
    """The button opens a question under itself, where the real button stands; pressed again it closes it."""
    asked = Button(confirm.yes, button.action, button.value, button.style, button.opens, url=button.url)
    question = [*_text(text(bold(confirm.title))), *_text(text(confirm.question))]
    card = {"type": "AdaptiveCard", "body": question, "actions": [_action(asked)]}
    return {"type": "Action.ShowCard", "title": button.label, "style": _ACTION_STYLES[button.style], "card": card}


# ---------------------------------------------------------------- forms


def render_form(form: Form, *, errors: Mapping[str, str] | None = None, people: People = ()) -> Json:
    """The form as the card of a dialog. `errors` stand under their fields; a form that comes back with errors is given
    as `as_typed(form, values)`.

    `people` are those whom a people field offers. Where nobody is known somebody types e-mail addresses, which is
    what then comes back: Teams' own search for people is not in Adaptive Cards 1.5.

    Raises:
        TooLong: the form is larger than Teams takes.
    """
    body = [piece for part in form.parts for piece in (*_form_part(part, people), *_error(part, errors or {}))]
    sent = {"baseroom": {"form": form.name, "carried": dict(form.carried), "several": _several(form)}}
    card = _card(body, [{"type": "Action.Submit", "title": form.submit, "data": sent}])
    if size_of(card) > CARD_BYTES:
        raise TooLong(f"The form {form.name} is larger than the {CARD_BYTES:,} bytes that Teams takes.")
    return card


def _several(form: Form) -> dict[str, bool]:
    """Every field by name, and whether several may be chosen: Teams leaves empty fields out of what it sends."""
    return {field.name: not isinstance(field, TextField) and field.several for field in form.fields}


def _form_part(part: FormPart, people: People) -> Iterator[Json]:
    match part:
        case Text():
            yield from _text(part)
        case TextField():
            yield from _input(part, _typed(part))
        case ChoiceField(choices=()):
            yield from _text(nothing_to_choose(part))
        case ChoiceField():
            yield from _input(part, _choice(part))
        case PeopleField():
            yield from _input(part, _people(part, people))
        case _:
            assert_never(part)


def _input(field: TextField | ChoiceField | PeopleField, control: Json) -> Iterator[Json]:
    needed = {"isRequired": True, "errorMessage": "This is needed."} if field.required else {}
    yield control | {"id": field.name, "label": field.label} | needed
    yield from _text(note(field.hint))


def _error(part: FormPart, errors: Mapping[str, str]) -> Iterator[Json]:
    if not isinstance(part, Text) and part.name in errors:
        run = {"type": "TextRun", "text": errors[part.name], "color": "Attention", "weight": "Bolder"}
        yield {"type": "RichTextBlock", "inlines": [run], "spacing": "Small"}


def _typed(field: TextField) -> Json:
    typed: Json = {
        "type": "Input.Text",
        "isMultiline": field.lines or "\n" in field.value,
        "maxLength": field.max_length,
    }
    return typed | _unless_empty(value=field.value, placeholder=field.placeholder)


def _unless_empty(**named: str) -> Json:
    return {name: words for name, words in named.items() if words}


def _choice(field: ChoiceField) -> Json:
    chosen = chosen_values(field)
    return {
        "type": "Input.ChoiceSet",
        "style": "expanded" if field.open else "compact",
        "isMultiSelect": field.several,
        "wrap": True,
        "choices": [_option(choice, field) for choice in field.choices],
    } | _unless_empty(value=_joined(chosen) if field.several else "".join(chosen))


def _option(choice: Choice, field: ChoiceField) -> Json:
    """Teams reads Markdown where all choices stand open, as check boxes always do."""
    is_open = field.open or field.several
    title = _MARKDOWN.sub(r"\\\1", choice.label) if is_open else choice.label
    return {"title": title, "value": _joined((choice.value,)) if field.several else choice.value}


def _joined(values: Iterable[str]) -> str:
    """Teams sends several values in one text, with commas between; no value may have one of its own."""
    return ",".join(quote(value, safe="", errors="surrogatepass") for value in values)


def _people(field: PeopleField, people: People) -> Json:
    if not people:
        typed = {"type": "Input.Text", "placeholder": "E-mail addresses, with commas between"}
        return typed | _unless_empty(value=", ".join(field.chosen))
    return _choice(as_choice(field, people))


def read_form(data: Json) -> Values:
    """What was typed and chosen in a dialog, from what it sent: a text, or a tuple where several may be chosen."""
    several: Mapping[str, bool] = data["baseroom"]["several"]
    return {name: _read(data.get(name) or "", is_several) for name, is_several in several.items()}


def _read(value: str, is_several: bool) -> str | tuple[str, ...]:
    if not is_several:
        return value
    return tuple(unquote(part.strip(), errors="surrogatepass") for part in value.split(",") if part.strip())


def read_carried(data: Json) -> Mapping[str, str]:
    """What the form carried unseen, from what its dialog sent."""
    carried: dict[str, str] = data["baseroom"]["carried"]
    return carried


def form_of(data: Json) -> str:
    """The name of the form that was sent."""
    return str(data["baseroom"]["form"])
