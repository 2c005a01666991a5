"""Whether Slack would take a message's blocks, a modal or a Home page, and in whose words it would refuse.

A card that passes here may be posted; one that fails names every problem at once, as `response_metadata.messages` does.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import limits
from .checks import (
    PLAIN,
    Json,
    Problems,
    check_flags,
    check_identifiers,
    check_list,
    check_object,
    check_string,
    check_text,
    texts_within,
)
from .elements import check_element, check_image_source
from .rich_text import check_rich_text

Check = Callable[[Problems, str, Json], None]


def problems_in_message_blocks(blocks: object) -> list[str]:
    """What is wrong with a message's blocks; an empty list when Slack would post them."""
    problems = Problems("message")
    _check_blocks(problems, "/blocks", blocks, limits.MESSAGE_BLOCKS, minimum=0)
    _check_one_table(problems, blocks)
    return problems.found


def characters_in(blocks: object) -> int:
    """The characters of all blocks of one message together; beyond 12,000 Slack says `msg_blocks_too_long`."""
    return sum(len(text) for text in texts_within(blocks))


def problems_in_view(view: object, surface: str) -> list[str]:
    """`surface`: modal or home. What is wrong with a view; an empty list when Slack would show it."""
    problems = Problems(surface)
    keys = ("type", "blocks") if surface == "home" else ("type", "title", "blocks")
    if not check_object(problems, "/view", view, required=keys, optional=_VIEW_KEYS[surface]):
        return problems.found
    assert isinstance(view, dict)
    if view["type"] != surface:
        problems.add("/view/type", f"must be {surface}")
    _check_view_parts(problems, view)
    minimum = 1 if surface == "modal" else 0
    _check_blocks(problems, "/view/blocks", view["blocks"], limits.VIEW_BLOCKS, minimum=minimum)
    _check_submit(problems, view)
    return problems.found


def is_view_too_large(view: object) -> bool:
    return len(json.dumps(view).encode()) > limits.VIEW_BYTES


_COMMON_VIEW_KEYS = ("private_metadata", "callback_id", "external_id")
_VIEW_KEYS = {
    "home": _COMMON_VIEW_KEYS,
    "modal": (*_COMMON_VIEW_KEYS, "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"),
}


def _check_view_parts(problems: Problems, view: Json) -> None:
    for key in ("title", "submit", "close"):
        if key in view and problems.surface == "modal":
            check_text(problems, f"/view/{key}", view[key], limits.VIEW_TITLE, PLAIN)
    if "private_metadata" in view:
        check_string(problems, "/view/private_metadata", view["private_metadata"], limits.PRIVATE_METADATA, minimum=0)
    check_identifiers(problems, "/view", view)
    check_flags(problems, "/view", view, "clear_on_close", "notify_on_close", "submit_disabled")


def _check_submit(problems: Problems, view: Json) -> None:
    blocks = view["blocks"] if isinstance(view["blocks"], list) else []
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if problems.surface == "modal" and has_input and "submit" not in view:
        problems.add("/view", "missing required field: submit (a modal with input blocks needs one)")


def _check_blocks(problems: Problems, where: str, blocks: object, maximum: int, *, minimum: int) -> None:
    items = check_list(problems, where, blocks, maximum, minimum=minimum)
    for number, block in enumerate(items):
        _check_block(problems, f"{where}/{number}", block)
    _check_block_ids_differ(problems, where, items)
    _check_one_focus(problems, where, items)


def _check_block(problems: Problems, where: str, block: object) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    rule = _BLOCKS.get(str(kind))
    if rule is None or not isinstance(block, dict) or problems.surface not in rule.surfaces:
        problems.add(f"{where}/type", f"unsupported type: {kind}")
        return
    check_identifiers(problems, where, block)
    if check_object(problems, where, block, required=("type", *rule.required), optional=("block_id", *rule.optional)):
        rule.check(problems, where, block)
        _check_action_ids_differ(problems, where, block)


def _check_block_ids_differ(problems: Problems, where: str, blocks: list[Any]) -> None:
    names = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        problems.add(where, f"block_id {name!r} already exists")


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of one block: of an actions block, a section's accessory, an input's element."""
    found = [block.get("accessory"), block.get("element")]
    if block.get("type") == "actions" and isinstance(block.get("elements"), list):
        found += block["elements"]
    return [element for element in found if isinstance(element, dict) and element.get("type") != "image"]


def _check_action_ids_differ(problems: Problems, where: str, block: Json) -> None:
    names = [str(element["action_id"]) for element in elements_of(block) if "action_id" in element]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add(where, f"`action_id` {name!r} already exists in this block")


def _check_one_focus(problems: Problems, where: str, blocks: list[Any]) -> None:
    elements = [element for block in blocks if isinstance(block, dict) for element in elements_of(block)]
    if sum(element.get("focus_on_load") is True for element in elements) > 1:
        problems.add(where, "only one element may have focus_on_load")


def _check_one_table(problems: Problems, blocks: object) -> None:
    if isinstance(blocks, list):
        tables = [block for block in blocks if isinstance(block, dict) and block.get("type") == "table"]
        if len(tables) > 1:
            problems.add("/blocks", "only_one_table_allowed")
        markdown = [str(block.get("text")) for block in blocks if _is_markdown(block)]
        if sum(map(len, markdown)) > limits.MARKDOWN_TEXT:
            problems.add("/blocks", f"markdown text must be less than {limits.MARKDOWN_TEXT + 1} characters in total")


def _is_markdown(block: object) -> bool:
    return isinstance(block, dict) and block.get("type") == "markdown"


def _check_section(problems: Problems, where: str, block: Json) -> None:
    if "text" not in block and "fields" not in block:
        problems.add(where, "missing required field: text or fields")
    if "text" in block:
        check_text(problems, f"{where}/text", block["text"], limits.SECTION_TEXT)
    if "fields" in block:
        for number, field in enumerate(check_list(problems, f"{where}/fields", block["fields"], limits.SECTION_FIELDS)):
            check_text(problems, f"{where}/fields/{number}", field, limits.SECTION_FIELD_TEXT)
    if "accessory" in block:
        check_element(problems, f"{where}/accessory", block["accessory"], "section")
    check_flags(problems, where, block, "expand")


def _check_header(problems: Problems, where: str, block: Json) -> None:
    check_text(problems, f"{where}/text", block["text"], limits.HEADER_TEXT, PLAIN)


def _check_divider(problems: Problems, where: str, block: Json) -> None:
    """A divider is only its type."""


def _check_context(problems: Problems, where: str, block: Json) -> None:
    for number, element in enumerate(
        check_list(problems, f"{where}/elements", block["elements"], limits.CONTEXT_ELEMENTS)
    ):
        here = f"{where}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_element(problems, here, element, "context")
        else:
            check_text(problems, here, element, limits.SECTION_TEXT)


def _check_actions(problems: Problems, where: str, block: Json) -> None:
    for number, element in enumerate(
        check_list(problems, f"{where}/elements", block["elements"], limits.ACTIONS_ELEMENTS)
    ):
        check_element(problems, f"{where}/elements/{number}", element, "actions")


def _check_image(problems: Problems, where: str, block: Json) -> None:
    check_image_source(problems, where, block)
    check_string(problems, f"{where}/alt_text", block["alt_text"], limits.IMAGE_TEXT)
    if "title" in block:
        check_text(problems, f"{where}/title", block["title"], limits.IMAGE_TEXT, PLAIN)


def _check_input(problems: Problems, where: str, block: Json) -> None:
    check_text(problems, f"{where}/label", block["label"], limits.INPUT_LABEL, PLAIN)
    if "hint" in block:
        check_text(problems, f"{where}/hint", block["hint"], limits.INPUT_HINT, PLAIN)
    check_flags(problems, where, block, "optional", "dispatch_action")
    check_element(problems, f"{where}/element", block["element"], "input")


def _check_markdown(problems: Problems, where: str, block: Json) -> None:
    check_string(problems, f"{where}/text", block["text"], limits.MARKDOWN_TEXT)


def _check_table(problems: Problems, where: str, block: Json) -> None:
    rows = check_list(problems, f"{where}/rows", block["rows"], limits.TABLE_ROWS)
    for number, row in enumerate(rows):
        for column, cell in enumerate(check_list(problems, f"{where}/rows/{number}", row, limits.TABLE_COLUMNS)):
            _check_cell(problems, f"{where}/rows/{number}/{column}", cell)
    if len({len(row) for row in rows if isinstance(row, list)}) > 1:
        problems.add(f"{where}/rows", "every row must have the same number of cells")
    if characters_in(rows) > limits.TABLE_CHARACTERS:
        problems.add(f"{where}/rows", f"must be less than {limits.TABLE_CHARACTERS + 1} characters")
    if "column_settings" in block:
        _check_columns(problems, f"{where}/column_settings", block["column_settings"])


def _check_cell(problems: Problems, where: str, cell: object) -> None:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if not isinstance(cell, dict) or kind not in {"raw_text", "rich_text"}:
        problems.add(where, f"unsupported type: {kind}")
    elif kind == "rich_text":
        check_rich_text(problems, where, cell)
    elif check_object(problems, where, cell, required=("type", "text")):
        check_string(problems, f"{where}/text", cell["text"], limits.TABLE_CHARACTERS)


def _check_columns(problems: Problems, where: str, settings: object) -> None:
    for number, setting in enumerate(check_list(problems, where, settings, limits.TABLE_COLUMNS)):
        if setting is not None:
            check_object(problems, f"{where}/{number}", setting, optional=("align", "is_wrapped"))


@dataclass(frozen=True, slots=True)
class _Rule:
    required: tuple[str, ...]
    optional: tuple[str, ...]
    check: Check
    surfaces: tuple[str, ...] = ("message", "modal", "home")


_BLOCKS: dict[str, _Rule] = {
    "section": _Rule((), ("text", "fields", "accessory", "expand"), _check_section),
    "header": _Rule(("text",), (), _check_header),
    "divider": _Rule((), (), _check_divider),
    "context": _Rule(("elements",), (), _check_context),
    "actions": _Rule(("elements",), (), _check_actions),
    "image": _Rule(("alt_text",), ("image_url", "slack_file", "title"), _check_image),
    "input": _Rule(("label", "element"), ("hint", "optional", "dispatch_action"), _check_input),
    "rich_text": _Rule(("elements",), (), check_rich_text),
    "markdown": _Rule(("text",), (), _check_markdown, ("message",)),
    "table": _Rule(("rows",), ("column_settings",), _check_table, ("message",)),
}
