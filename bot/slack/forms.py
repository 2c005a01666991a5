"""Forms in Slack: what a peer fills in is a modal, and comes back as its `view`. The limits are those of PLATFORM_FACTS
S1; a form cannot be divided, so one that is over them is refused before it is opened.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from bot.paging import TooLong, check_fits
from bot.slack.blocks import Json, as_blocks, in_full, plain, shortened
from bot.wording import Values, chosen_values, nothing_to_choose
from handlers.chat import Choice, ChoiceField, Form, FormPart, PeopleField, Text, TextField, text

MODAL_BLOCKS = 100
OPTION = 75
OPTIONS = OPTION_GROUPS = 100
OPEN_CHOICES = 10
PRIVATE_METADATA = 3_000
TYPED = 3_000
VIEW_TITLE = 24
PLACEHOLDER = 150
NO_VALUE = "(none)"  # stands for the empty value of a choice, which Slack refuses


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
        "title": plain(check_fits(form.title, VIEW_TITLE, what="A form's title")),
        "submit": plain(check_fits(form.submit, VIEW_TITLE, what="A form's button")),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def render_notice(title: str, sentences: Sequence[str]) -> Json:
    """A modal that only says something: there is nothing to fill in or to send."""
    blocks = [block for sentence in sentences for block in as_blocks(text(sentence))]
    return {"type": "modal", "title": plain(title), "close": plain("Close"), "blocks": blocks}


def _form_part(part: FormPart) -> Iterator[Json]:
    match part:
        case Text():
            yield from as_blocks(part)
        case TextField():
            yield _input(part, _typed(part))
        case ChoiceField(choices=()):
            yield from as_blocks(nothing_to_choose(part))
        case ChoiceField():
            yield from in_full([choice.label for choice in part.choices], OPTION)
            yield _input(part, _choice(part))
        case PeopleField():
            yield _input(part, _people(part))
        case _:
            assert_never(part)


def _input(field: TextField | ChoiceField | PeopleField, element: Json) -> Json:
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label),
        "element": element | {"action_id": "value"},
        "optional": not field.required,
    }
    return block | ({"hint": plain(field.hint)} if field.hint else {})


def _typed(field: TextField) -> Json:
    typed: Json = {
        "type": "plain_text_input",
        "multiline": field.lines or "\n" in field.value,
        "max_length": min(field.max_length, TYPED),
    }
    if field.value:
        typed["initial_value"] = check_fits(field.value, typed["max_length"], what=f"“{field.label}”")
    if field.placeholder:
        typed["placeholder"] = plain(check_fits(field.placeholder, PLACEHOLDER, what="A placeholder"))
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
        "text": plain(shortened(choice.label, OPTION)),
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
            {"label": plain(f"{first} to {first + len(group) - 1}"), "options": group} for first, group in groups
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
