"""What a person can put into a form's fields, held to what Slack's own client would let through.

A required field left empty, a text too long, a date that is none, an option that is not offered: the client refuses
them before the app hears anything, so here too.
"""

import re
from collections.abc import Sequence
from typing import Any

from . import limits
from .blocks import elements_of
from .elements import is_date, is_time
from .workspace import Workspace

Json = dict[str, Any]
Key = tuple[str, str]
State = dict[Key, Json]


class ClientRefused(Exception):
    """Slack's client would not let the person do this; the message says which field and why."""


_KEYS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}
STATELESS = {"button", "overflow"}


def value_key(element: Json) -> str:
    """Where an element's state keeps its value: `value`, `selected_option`, `selected_date`, …"""
    return _KEYS[element["type"]][0]


def initial_state(blocks: Sequence[Json], kept: State) -> State:
    """The state of every field in `blocks`; a field that keeps its ids keeps what was typed, as Slack's client does."""
    made: State = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in STATELESS:
                key = (str(block["block_id"]), str(element["action_id"]))
                before = kept.get(key)
                same = before is not None and before["type"] == element["type"]
                made[key] = before if same and before is not None else _fresh(element)
    return made


def _fresh(element: Json) -> Json:
    name, initial = _KEYS[element["type"]]
    empty: Any = [] if name in {"selected_options", "selected_users", "selected_conversations", "files"} else None
    return {"type": element["type"], name: element.get(initial, empty)}


def to_values(state: State) -> Json:
    """`state.values` as Slack sends it: block id, then action id."""
    values: Json = {}
    for (block_id, action_id), held in state.items():
        values.setdefault(block_id, {})[action_id] = held
    return values


def check_complete(blocks: Sequence[Json], state: State) -> None:
    """Every input that is not optional holds something; ClientRefused names the first that does not."""
    for block in blocks:
        if block["type"] == "input" and not block.get("optional", False):
            element = block["element"]
            held = state[(str(block["block_id"]), str(element["action_id"]))]
            if held[value_key(element)] in (None, "", []):
                raise ClientRefused(f"{block['label']['text']}: Please complete this required field.")


def filled(element: Json, value: Any, workspace: Workspace, label: str) -> Json:
    """The state of `element` once the person has put `value` in; ClientRefused when the client would not take it.

    `value`: text for what is typed; an option's text or value (a list of them where several may be chosen); a
    person's or channel's name or id; `YYYY-MM-DD`; `HH:MM`. None or "" empties the field.
    """
    kind, name = element["type"], value_key(element)
    if value in (None, ""):
        return {"type": kind, name: [] if name.endswith("s") else None}
    return {"type": kind, name: _accepted(element, value, workspace, label)}


def _accepted(element: Json, value: Any, workspace: Workspace, label: str) -> Any:
    match value_key(element):
        case "value":
            return _typed(element, value, label)
        case "selected_option":
            return _option(element, value, label)
        case "selected_options":
            return _options(element, value, label)
        case "selected_user" | "selected_conversation" | "selected_channel":
            return _id_of(value, workspace, label)
        case "selected_users" | "selected_conversations":
            return [_id_of(one, workspace, label) for one in _several(element, value, label)]
        case "selected_date" if is_date(value):
            return value
        case "selected_time" if is_time(value):
            return value
        case "selected_date_time" if isinstance(value, int):
            return value
        case "rich_text_value" if isinstance(value, str):
            section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
            return {"type": "rich_text", "elements": [section]}
    raise ClientRefused(f"{label}: {value!r} cannot be put into a {element['type']}.")


def _typed(element: Json, value: Any, label: str) -> str:
    if not isinstance(value, str):
        raise ClientRefused(f"{label}: a person types text, not {value!r}.")
    longest, shortest = element.get("max_length", limits.TYPED_TEXT), element.get("min_length", 0)
    if not shortest <= len(value) <= longest:
        raise ClientRefused(f"{label}: between {shortest} and {longest} characters, not {len(value)}.")
    if element["type"] == "plain_text_input" and "\n" in value and not element.get("multiline", False):
        raise ClientRefused(f"{label}: one line only.")
    if element["type"] == "number_input":
        _check_number(element, value, label)
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s.]+\.[^@\s]+", value):
        raise ClientRefused(f"{label}: Please enter a valid email address.")
    if element["type"] == "url_text_input" and not re.match(r"https?://\S", value):
        raise ClientRefused(f"{label}: Please enter a valid URL.")
    return value


def _check_number(element: Json, value: str, label: str) -> None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        raise ClientRefused(f"{label}: Please enter a number.")
    least, most = element.get("min_value", value), element.get("max_value", value)
    if not float(least) <= float(value) <= float(most):
        raise ClientRefused(f"{label}: Please enter a number from {least} to {most}.")


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return list(element.get("options", [])) + [option for group in groups for option in group["options"]]


def _option(element: Json, value: Any, label: str) -> Json:
    options = options_of(element)
    for option in options:
        if value in (option["text"]["text"], option["value"]):
            return option
    offered = ", ".join(option["text"]["text"] for option in options)
    raise ClientRefused(f"{label}: {value!r} is not offered (offered: {offered}).")


def _options(element: Json, value: Any, label: str) -> list[Json]:
    return [_option(element, one, label) for one in _several(element, value, label)]


def _several(element: Json, value: Any, label: str) -> list[Any]:
    chosen = value if isinstance(value, list) else [value]
    most = element.get("max_selected_items", limits.OPTIONS)
    if len(chosen) > most:
        raise ClientRefused(f"{label}: at most {most} may be chosen.")
    return chosen


def _id_of(value: Any, workspace: Workspace, label: str) -> str:
    if value in workspace.users or value in workspace.channels:
        return str(value)
    for user in workspace.users.values():
        if user.real_name == value:
            return user.id
    for channel in workspace.channels.values():
        if channel.name == value:
            return channel.id
    raise ClientRefused(f"{label}: nobody and nothing here is called {value!r}.")
