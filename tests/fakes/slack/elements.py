"""Whether the things people press, choose from and type into are what Slack would draw.

One rule per element: where it may stand (surface and block), which keys it has, what its first value may be.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from . import limits
from .checks import (
    ANY_TEXT,
    PLAIN,
    Json,
    Problems,
    check_choice,
    check_flags,
    check_identifiers,
    check_list,
    check_object,
    check_string,
    check_text,
    check_whole_number,
)
from .rich_text import check_rich_text

ANYWHERE = ("message", "modal", "home")
MODAL_ONLY = ("modal",)
Check = Callable[[Problems, str, Json], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """`blocks`: the block types that may hold the element; `check`: what its keys must satisfy beyond presence."""

    blocks: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    check: Check
    surfaces: tuple[str, ...] = ANYWHERE


def check_element(problems: Problems, where: str, element: object, block: str) -> None:
    """`block` is the type of the block that holds the element: section, actions, input or context."""
    kind = element.get("type") if isinstance(element, dict) else None
    rule = RULES.get(str(kind))
    if rule is None or not isinstance(element, dict) or block not in rule.blocks:
        problems.add(where, f"unsupported type: {kind}")
        return
    if problems.surface not in rule.surfaces:
        problems.add(where, f"unsupported type: {kind} is not allowed in a {problems.surface}")
        return
    shared = () if kind == "image" else ("action_id", "focus_on_load", "confirm", "placeholder")
    if not check_object(
        problems, where, element, required=("type", *rule.required), optional=(*rule.optional, *shared)
    ):
        return
    _check_shared(problems, where, element)
    rule.check(problems, where, element)


def _check_shared(problems: Problems, where: str, element: Json) -> None:
    check_identifiers(problems, where, element)
    check_flags(problems, where, element, "focus_on_load")
    if "confirm" in element:
        check_confirm(problems, f"{where}/confirm", element["confirm"])
    if "placeholder" in element:
        if element["type"] in {"button", "overflow", "radio_buttons", "checkboxes"}:
            problems.add(where, "invalid additional property: placeholder")
        check_text(problems, f"{where}/placeholder", element["placeholder"], limits.PLACEHOLDER, PLAIN)


def check_confirm(problems: Problems, where: str, confirm: object) -> None:
    if check_object(problems, where, confirm, required=("title", "text"), optional=("confirm", "deny", "style")):
        assert isinstance(confirm, dict)
        check_text(problems, f"{where}/title", confirm["title"], limits.CONFIRM_TITLE, PLAIN)
        check_text(problems, f"{where}/text", confirm["text"], limits.CONFIRM_TEXT)
        for button in ("confirm", "deny"):
            if button in confirm:
                check_text(problems, f"{where}/{button}", confirm[button], limits.CONFIRM_BUTTON, PLAIN)
        if "style" in confirm:
            check_choice(problems, f"{where}/style", confirm["style"], ("primary", "danger"))


def _check_button(problems: Problems, where: str, button: Json) -> None:
    check_text(problems, f"{where}/text", button["text"], limits.BUTTON_TEXT, PLAIN)
    if "value" in button:
        check_string(problems, f"{where}/value", button["value"], limits.BUTTON_VALUE)
    if "url" in button and check_string(problems, f"{where}/url", button["url"], limits.BUTTON_URL):
        _check_url(problems, f"{where}/url", button["url"])
    if "style" in button:
        check_choice(problems, f"{where}/style", button["style"], ("primary", "danger"))
    if "accessibility_label" in button:
        check_string(problems, f"{where}/accessibility_label", button["accessibility_label"], limits.BUTTON_TEXT)


def _check_url(problems: Problems, where: str, url: str) -> None:
    if not re.match(r"(https?://[^\s/]|mailto:\S|slack://)", url):
        problems.add(where, "must be a valid url")


def check_option(problems: Problems, where: str, option: object, kinds: tuple[str, ...], *, url: bool = False) -> None:
    optional = ("description", "url") if url else ("description",)
    if not check_object(problems, where, option, required=("text", "value"), optional=optional):
        return
    assert isinstance(option, dict)
    check_text(problems, f"{where}/text", option["text"], limits.OPTION_TEXT, kinds)
    check_string(problems, f"{where}/value", option["value"], limits.OPTION_VALUE)
    if "description" in option:
        check_text(problems, f"{where}/description", option["description"], limits.OPTION_DESCRIPTION, kinds)


def _check_options(problems: Problems, where: str, element: Json, maximum: int, kinds: tuple[str, ...]) -> list[Json]:
    options = check_list(problems, f"{where}/options", element.get("options"), maximum)
    url = element["type"] == "overflow"
    for number, option in enumerate(options):
        check_option(problems, f"{where}/options/{number}", option, kinds, url=url)
    _check_values_differ(problems, where, options)
    return options


def _check_values_differ(problems: Problems, where: str, options: list[Any]) -> None:
    values = [option.get("value") for option in options if isinstance(option, dict)]
    for value in {value for value in values if values.count(value) > 1}:
        problems.add(f"{where}/options", f"option value {value!r} appears more than once")


def _check_groups(problems: Problems, where: str, element: Json) -> list[Json]:
    every: list[Json] = []
    for number, group in enumerate(
        check_list(problems, f"{where}/option_groups", element["option_groups"], limits.OPTION_GROUPS)
    ):
        here = f"{where}/option_groups/{number}"
        if check_object(problems, here, group, required=("label", "options")):
            check_text(problems, f"{here}/label", group["label"], limits.GROUP_LABEL, PLAIN)
            every += _check_options(problems, here, {"type": "group", **group}, limits.OPTIONS, PLAIN)
    _check_values_differ(problems, where, every)
    return every


def _check_select(problems: Problems, where: str, select: Json) -> None:
    if ("options" in select) == ("option_groups" in select):
        problems.add(where, "exactly one of options and option_groups is required")
        return
    if "options" in select:
        options = _check_options(problems, where, select, limits.OPTIONS, PLAIN)
    else:
        options = _check_groups(problems, where, select)
    _check_initial(problems, where, select, options)


def _check_initial(problems: Problems, where: str, element: Json, options: list[Json]) -> None:
    if "initial_option" in element and element["initial_option"] not in options:
        problems.add(f"{where}/initial_option", "must exactly match one of the provided options")
    if "initial_options" in element:
        for option in check_list(problems, f"{where}/initial_options", element["initial_options"], limits.OPTIONS):
            if option not in options:
                problems.add(f"{where}/initial_options", "must exactly match one of the provided options")
    if "max_selected_items" in element:
        check_whole_number(problems, f"{where}/max_selected_items", element["max_selected_items"], 1, limits.OPTIONS)


def _check_choices(maximum: int, kinds: tuple[str, ...]) -> Check:
    def check(problems: Problems, where: str, element: Json) -> None:
        _check_initial(problems, where, element, _check_options(problems, where, element, maximum, kinds))

    return check


def _check_initial_ids(problems: Problems, where: str, element: Json) -> None:
    for key, letters in (("initial_user", "UW"), ("initial_channel", "C"), ("initial_conversation", "CDG")):
        for value in [element[key]] if key in element else element.get(f"{key}s", []):
            if not isinstance(value, str) or not re.fullmatch(rf"[{letters}][A-Z0-9]{{8,}}", value):
                problems.add(f"{where}/{key}", f"not an id: {value!r}")


def _check_external(problems: Problems, where: str, element: Json) -> None:
    if "min_query_length" in element:
        check_whole_number(problems, f"{where}/min_query_length", element["min_query_length"], 0, limits.TYPED_TEXT)


def _check_datepicker(problems: Problems, where: str, element: Json) -> None:
    if "initial_date" in element and not is_date(element["initial_date"]):
        problems.add(f"{where}/initial_date", "must match format YYYY-MM-DD")


def _check_timepicker(problems: Problems, where: str, element: Json) -> None:
    if "initial_time" in element and not is_time(element["initial_time"]):
        problems.add(f"{where}/initial_time", "must match format HH:mm")


def _check_datetimepicker(problems: Problems, where: str, element: Json) -> None:
    if "initial_date_time" in element:
        check_whole_number(problems, f"{where}/initial_date_time", element["initial_date_time"], 10**9, 10**10 - 1)


def is_date(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_time(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d\d:\d\d", value):
        return False
    try:
        time.fromisoformat(value)
    except ValueError:
        return False
    return True


def _check_typed(problems: Problems, where: str, element: Json) -> None:
    longest, shortest = element.get("max_length", limits.TYPED_TEXT), element.get("min_length", 0)
    check_whole_number(problems, f"{where}/max_length", longest, 1, limits.TYPED_TEXT)
    check_whole_number(problems, f"{where}/min_length", shortest, 0, limits.TYPED_TEXT)
    if isinstance(longest, int) and isinstance(shortest, int) and shortest > longest:
        problems.add(where, "min_length must not exceed max_length")
    if "initial_value" in element:
        most = longest if isinstance(longest, int) else limits.TYPED_TEXT
        check_string(problems, f"{where}/initial_value", element["initial_value"], most, minimum=0)
    check_flags(problems, where, element, "multiline")
    _check_dispatch_config(problems, where, element)


def _check_dispatch_config(problems: Problems, where: str, element: Json) -> None:
    config = element.get("dispatch_action_config")
    here = f"{where}/dispatch_action_config"
    if config is not None and check_object(problems, here, config, required=("trigger_actions_on",)):
        for trigger in check_list(problems, here, config["trigger_actions_on"], 2):
            check_choice(problems, here, trigger, ("on_enter_pressed", "on_character_entered"))


def _check_number(problems: Problems, where: str, element: Json) -> None:
    check_flags(problems, where, element, "is_decimal_allowed")
    for key in ("initial_value", "min_value", "max_value"):
        if key in element and not re.fullmatch(r"-?\d+(\.\d+)?", str(element[key])):
            problems.add(f"{where}/{key}", "must be a number written as a string")


def _check_rich_input(problems: Problems, where: str, element: Json) -> None:
    if "initial_value" in element:
        check_rich_text(problems, f"{where}/initial_value", element["initial_value"])


def _check_image(problems: Problems, where: str, element: Json) -> None:
    check_image_source(problems, where, element)
    check_string(problems, f"{where}/alt_text", element["alt_text"], limits.IMAGE_TEXT)


def check_image_source(problems: Problems, where: str, image: Json) -> None:
    if ("image_url" in image) == ("slack_file" in image):
        problems.add(where, "exactly one of image_url and slack_file is required")
    if "image_url" in image:
        check_string(problems, f"{where}/image_url", image["image_url"], limits.IMAGE_URL)


def _check_nothing_more(problems: Problems, where: str, element: Json) -> None:
    """The keys say it all."""


PRESSED = ("section", "actions")
CHOSEN = ("section", "actions", "input")
SEVERAL = ("section", "input")
TYPED = ("input",)

RULES: dict[str, Rule] = {
    "button": Rule(PRESSED, ("text",), ("value", "url", "style", "accessibility_label"), _check_button),
    "overflow": Rule(PRESSED, ("options",), (), _check_choices(limits.OVERFLOW_OPTIONS, PLAIN)),
    "radio_buttons": Rule(CHOSEN, ("options",), ("initial_option",), _check_choices(limits.RADIO_OPTIONS, ANY_TEXT)),
    "checkboxes": Rule(CHOSEN, ("options",), ("initial_options",), _check_choices(limits.CHECKBOX_OPTIONS, ANY_TEXT)),
    "static_select": Rule(CHOSEN, (), ("options", "option_groups", "initial_option"), _check_select),
    "external_select": Rule(CHOSEN, (), ("min_query_length", "initial_option"), _check_external),
    "users_select": Rule(CHOSEN, (), ("initial_user",), _check_initial_ids),
    "conversations_select": Rule(
        CHOSEN,
        (),
        ("initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"),
        _check_initial_ids,
    ),
    "channels_select": Rule(CHOSEN, (), ("initial_channel", "response_url_enabled"), _check_initial_ids),
    "multi_static_select": Rule(
        SEVERAL, (), ("options", "option_groups", "initial_options", "max_selected_items"), _check_select
    ),
    "multi_users_select": Rule(SEVERAL, (), ("initial_users", "max_selected_items"), _check_initial_ids),
    "multi_conversations_select": Rule(
        SEVERAL,
        (),
        ("initial_conversations", "default_to_current_conversation", "max_selected_items", "filter"),
        _check_initial_ids,
    ),
    "datepicker": Rule(CHOSEN, (), ("initial_date",), _check_datepicker),
    "timepicker": Rule(CHOSEN, (), ("initial_time", "timezone"), _check_timepicker),
    "datetimepicker": Rule(
        ("actions", "input"), (), ("initial_date_time",), _check_datetimepicker, ("message", "modal")
    ),
    "plain_text_input": Rule(
        TYPED,
        (),
        ("initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"),
        _check_typed,
    ),
    "number_input": Rule(
        TYPED,
        ("is_decimal_allowed",),
        ("initial_value", "min_value", "max_value", "dispatch_action_config"),
        _check_number,
        MODAL_ONLY,
    ),
    "email_text_input": Rule(
        TYPED, (), ("initial_value", "dispatch_action_config"), _check_dispatch_config, MODAL_ONLY
    ),
    "url_text_input": Rule(TYPED, (), ("initial_value", "dispatch_action_config"), _check_dispatch_config, MODAL_ONLY),
    "rich_text_input": Rule(TYPED, (), ("initial_value", "dispatch_action_config"), _check_rich_input, MODAL_ONLY),
    "file_input": Rule(TYPED, (), ("filetypes", "max_files"), _check_nothing_more, MODAL_ONLY),
    "image": Rule(("section", "context"), ("alt_text",), ("image_url", "slack_file"), _check_image),
}
