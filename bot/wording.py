"""What the renderers say in plain paragraphs where a platform has no fitting element.

A table that a phone cannot draw, or a label too long for its button, is still read in full. What somebody typed into a
form is put back into it here, once for all platforms.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers.chat import (
    Button,
    Choice,
    ChoiceField,
    Fields,
    Form,
    FormPart,
    PeopleField,
    Span,
    Table,
    Text,
    TextField,
    bold,
    text,
)

Values = Mapping[str, str | tuple[str, ...]]
"""What was typed and chosen, by field name: a text, or a tuple where several may be chosen."""

People = Sequence[tuple[str, str]]
"""Whom a form offers where the platform has no search of its own: platform id and name."""

_WEB_ADDRESS = re.compile(r"https?://[^\s/]|mailto:\S", re.IGNORECASE)


def is_web_address(link: str) -> bool:
    """Whether following `link` is harmless: `https:`, `http:` or `mailto:`, never `javascript:`."""
    return bool(_WEB_ADDRESS.match(link))


def leads_nowhere(button: Button) -> bool:
    """Whether a link button has an address that chat cannot open, such as a path without a host."""
    return bool(button.url) and not is_web_address(button.url)


def address_in_words(button: Button) -> Text:
    """What stands instead of a button that leads nowhere."""
    return text(f"{button.label}: {button.url}")


def facts_as_text(fields: Fields) -> Text:
    """A line for each fact, its label in bold."""
    spans: list[Span] = []
    for label, value in fields.pairs:
        spans += [bold(f"{label}: "), Span(f"{value}\n")]
    return Text(tuple(spans))


def table_as_texts(table: Table) -> tuple[Text, ...]:
    """A line of column titles, then a line for each row in which every cell names its column."""
    return (text(bold(" · ".join(table.columns))), *(_row_as_text(table.columns, row) for row in table.rows))


def _row_as_text(columns: tuple[str, ...], row: tuple[str, ...]) -> Text:
    named = (f"{column}: {cell}" for column, cell in zip(columns[1:], row[1:], strict=True) if cell)
    return text(bold(row[0]), *(f" · {cell}" for cell in named))


def as_typed(form: Form, values: Values) -> Form:
    """The form with what somebody typed and chose in it, for when it comes back with errors."""
    return replace(form, parts=tuple(_part_as_typed(part, values) for part in form.parts))


def _part_as_typed(part: FormPart, values: Values) -> FormPart:
    if isinstance(part, Text) or part.name not in values:
        return part
    value = values[part.name]
    if isinstance(part, TextField):
        return replace(part, value=value if isinstance(value, str) else "\n".join(value))
    return replace(part, chosen=_as_chosen(value))


def _as_chosen(value: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return value


def chosen_values(field: ChoiceField) -> tuple[str, ...]:
    """The values chosen at first, in the order of the choices; one at most when only one may be chosen."""
    chosen = tuple(choice.value for choice in field.choices if choice.value in field.chosen)
    return chosen if field.several else chosen[:1]


def as_choice(field: PeopleField, people: People) -> ChoiceField:
    """A choice among `people`, for a platform that cannot search for them."""
    return ChoiceField(
        name=field.name,
        label=field.label,
        choices=tuple(Choice(name, person) for person, name in people),
        chosen=field.chosen,
        several=field.several,
        hint=field.hint,
        required=field.required,
    )


def nothing_to_choose(field: ChoiceField | PeopleField) -> Text:
    """What stands in a form for a choice without choices."""
    return text(bold(field.label), "\nThere is nothing to choose from yet.")
