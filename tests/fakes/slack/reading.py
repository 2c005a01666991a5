"""What a person reads and finds on the screen: blocks flattened to text, buttons and fields found by their label."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .blocks import elements_of
from .composer import unescape_entities
from .forms import ClientRefused
from .views import View
from .workspace import Message, Workspace

Json = dict[str, Any]
Screen = Message | View


@dataclass(frozen=True, slots=True)
class Control:
    """Something to press, choose from or type into; `label` is what a person calls it."""

    block: Json
    element: Json
    label: str

    @property
    def key(self) -> tuple[str, str]:
        return str(self.block["block_id"]), str(self.element["action_id"])


def notification(message: Message) -> str:
    """What a phone's lock screen shows: the message's `text`."""
    return unescape_entities(message.text)


def visible_text(screen: Screen, workspace: Workspace | None = None) -> str:
    """A message, modal or page as a person reads it, a line for each part. `workspace` puts names to mentions."""
    reader = _Reader(workspace)
    if isinstance(screen, Message):
        body = "\n".join(reader.blocks(screen.blocks)) if screen.blocks else reader.mrkdwn(screen.text)
        return "\n".join([body, *(f"[file {file.name}]" for file in screen.files if not file.deleted)])
    return "\n".join(part for part in [screen.title, *reader.blocks(screen.blocks)] if part)


def controls(screen: Screen) -> Iterator[Control]:
    for block in screen.blocks or []:
        for element in elements_of(block):
            yield Control(block, element, _label(block, element))


def find_control(screen: Screen, name: str) -> Control:
    """By label first, then by action id or block id; ClientRefused names what there is when nothing fits."""
    found = list(controls(screen))
    for fits in _WAYS_TO_NAME:
        fitting = [control for control in found if fits(control) == name]
        if len(fitting) > 1:
            raise ClientRefused(f"{len(fitting)} things here are called {name!r}; name it by its action id.")
        if fitting:
            return fitting[0]
    there = ", ".join(sorted(f"{control.label} ({control.element['action_id']})" for control in found))
    raise ClientRefused(f"Nothing here is called {name!r}. There is: {there or 'nothing to press'}.")


_WAYS_TO_NAME: tuple[Callable[[Control], str], ...] = (
    lambda control: control.label,
    lambda control: str(control.element["action_id"]),
    lambda control: str(control.block["block_id"]),
)


def _label(block: Json, element: Json) -> str:
    if block["type"] == "input":
        return str(block["label"]["text"])
    if element["type"] == "button":
        return str(element["text"]["text"])
    if "placeholder" in element:
        return str(element["placeholder"]["text"])
    return unescape_entities(str((block.get("text") or {}).get("text", ""))) or str(element["action_id"])


_MENTION = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_EMPHASIS = re.compile(r"(?<![\w*_~`])([*_~`])([^*_~`\n]+)\1(?![\w*_~`])")


class _Reader:
    def __init__(self, workspace: Workspace | None) -> None:
        self._workspace = workspace

    def blocks(self, blocks: list[Json]) -> Iterator[str]:
        for block in blocks:
            yield from self._block(block)

    def mrkdwn(self, text: str) -> str:
        return unescape_entities(_MENTION.sub(self._mention, _EMPHASIS.sub(r"\2", text)))

    def _mention(self, match: "re.Match[str]") -> str:
        sign, target, label = match.groups()
        if sign == "@":
            return f"@{self._name(target)}"
        if sign == "#":
            return f"#{label or self._room(target)}"
        if sign == "!":
            return label or f"@{target}"
        return label or target.removeprefix("mailto:")

    def _name(self, user_id: str) -> str:
        user = self._workspace.users.get(user_id) if self._workspace else None
        return user.real_name if user else user_id

    def _room(self, channel_id: str) -> str:
        channel = self._workspace.channels.get(channel_id) if self._workspace else None
        return channel.name if channel else channel_id

    def _text(self, text: Json) -> str:
        return self.mrkdwn(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])

    def _block(self, block: Json) -> Iterator[str]:
        match block["type"]:
            case "section" | "header":
                yield from self._section(block)
            case "context":
                yield " ".join(self._context_part(part) for part in block["elements"])
            case "actions":
                yield " ".join(self._element(element) for element in block["elements"])
            case "input":
                yield f"{block['label']['text']}: {self._element(block['element'])}"
                yield from (self._text(block[key]) for key in ("hint",) if key in block)
            case "rich_text":
                yield from self._rich_parts(block["elements"])
            case "table":
                yield from (" | ".join(self._cell(cell) for cell in row) for row in block["rows"])
            case _:
                yield from (str(block[key]) for key in ("text", "alt_text") if key in block)

    def _section(self, block: Json) -> Iterator[str]:
        yield from (self._text(text) for text in [block.get("text"), *block.get("fields", [])] if text)
        if "accessory" in block:
            yield self._element(block["accessory"])

    def _context_part(self, part: Json) -> str:
        return f"[{part['alt_text']}]" if part["type"] == "image" else self._text(part)

    def _element(self, element: Json) -> str:
        if element["type"] == "image":
            return f"[{element['alt_text']}]"
        if element["type"] == "button":
            return f"[{element['text']['text']}]"
        first = element.get("initial_option") or {}
        shown = (first.get("text") or element.get("placeholder") or {}).get("text")
        return f"[{shown or element.get('initial_value') or element.get('initial_date') or ''}]"

    def _cell(self, cell: Json) -> str:
        return str(cell["text"]) if cell["type"] == "raw_text" else " ".join(self._rich_parts(cell["elements"]))

    def _rich_parts(self, parts: list[Json]) -> Iterator[str]:
        for part in parts:
            if part["type"] == "rich_text_list":
                for number, item in enumerate(part["elements"], 1 + part.get("offset", 0)):
                    mark = f"{number}." if part["style"] == "ordered" else "•"
                    yield f"{'  ' * part.get('indent', 0)}{mark} {self._inline(item['elements'])}"
            else:
                yield self._inline(part["elements"])

    def _inline(self, elements: list[Json]) -> str:
        return "".join(self._run(element) for element in elements)

    def _run(self, element: Json) -> str:
        match element["type"]:
            case "text":
                return str(element["text"])
            case "link":
                return str(element.get("text") or element["url"])
            case "emoji":
                return f":{element['name']}:"
            case "user":
                return f"@{self._name(element['user_id'])}"
            case "channel":
                return f"#{self._room(element['channel_id'])}"
            case "broadcast":
                return f"@{element['range']}"
            case _:
                return str(element.get("fallback", ""))
