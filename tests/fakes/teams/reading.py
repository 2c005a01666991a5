"""What a person reads and finds on a card: words by line, actions by their title, inputs by their label."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .checks import parts_of
from .tenant import Message, User

Json = dict[str, Any]


class ClientRefused(Exception):
    """Teams' client would not let the person do this; the message says what there is."""


def visible_text(screen: Message | Json | None, viewer: User | None = None) -> str:
    """A message or a card as a person reads it, a line for each part. `viewer`: as that person sees it."""
    if screen is None:
        return ""
    if isinstance(screen, Message):
        card = screen.card(viewer)
        return visible_text(card) if card is not None else _without_card(screen)
    return "\n".join(line for line in _lines(screen) if line)


def _without_card(message: Message) -> str:
    if message.attachment is None:
        return message.text
    content = message.attachment.get("content") or {}
    words = [str(content.get("description", "")), f"[{message.attachment.get('name')}]"]
    return "\n".join(word for word in words if word)


def _lines(card: Json) -> Iterator[str]:
    for part in parts_of(card):
        match str(part.get("type", "")):
            case "RichTextBlock":
                yield "".join(run["text"] for run in part["inlines"] if isinstance(run, dict))
            case "TextBlock":
                yield str(part["text"])
            case kind if kind.startswith("Action.") and "title" in part:
                yield f"[{part['title']}]"
            case kind if kind.startswith("Input."):
                chosen = _chosen(part)
                yield f"{part.get('label', '')}: {chosen}" if chosen else str(part.get("label", ""))
            case _:
                pass


def _chosen(control: Json) -> str:
    value = str(control.get("value", ""))
    titles = {choice["value"]: choice["title"] for choice in control.get("choices", ())}
    return ", ".join(titles.get(one, one) for one in value.split(",")) if titles else value


@dataclass(frozen=True, slots=True)
class Found:
    """An action, and the card that it stands in (its inputs are sent with it)."""

    action: Json
    card: Json


def actions_of(card: Json) -> list[Found]:
    """Everything to press, the questions that open under a button too."""
    return list(_actions(card))


def _actions(card: Json) -> Iterator[Found]:
    for part in parts_of({name: value for name, value in card.items() if name != "type"}):
        if str(part.get("type", "")).startswith("Action."):
            yield Found(part, card)


def find_action(card: Json, title: str) -> Found:
    """By its title, else by how its title begins."""
    found = actions_of(card)
    for fits in (lambda one: one.get("title") == title, lambda one: str(one.get("title", "")).startswith(title)):
        for one in found:
            if fits(one.action):
                return one
    raise ClientRefused(f"Nothing here is called {title!r}. There is: {[one.action.get('title') for one in found]}")


def inputs_of(card: Json) -> list[Json]:
    return [part for part in parts_of(card) if str(part.get("type", "")).startswith("Input.")]


def filled(card: Json, values: dict[str, str]) -> dict[str, str]:
    """What the client sends for the card's inputs: what stood in them, with these in place, by label or id.

    What the client would not let through (a field that is needed, a text too long, a choice that is not offered) is
    `ClientRefused`.
    """
    sent = {one["id"]: str(one["value"]) for one in inputs_of(card) if one.get("value")}
    for name, value in values.items():
        control = _control(card, name)
        sent[control["id"]] = _as_typed(control, value)
    for control in inputs_of(card):
        if control.get("isRequired") and not sent.get(control["id"]):
            raise ClientRefused(f"{control.get('label')!r} is needed.")
    return {name: value for name, value in sent.items() if value}


def _control(card: Json, name: str) -> Json:
    found = inputs_of(card)
    for control in found:
        if name in (control.get("label"), control["id"]):
            return control
    raise ClientRefused(f"No field is called {name!r}. There is: {[one.get('label') for one in found]}")


def _as_typed(control: Json, value: str) -> str:
    if control["type"] == "Input.ChoiceSet":
        plain = {re.sub(r"\\([\\`*_\[\]~])", r"\1", c["title"]): c["value"] for c in control["choices"]}
        wanted = value.split("|") if control.get("isMultiSelect") else [value]
        values = [plain.get(one, one) for one in wanted if one]
        for one in values:
            if one not in plain.values():
                raise ClientRefused(f"{one!r} is not offered: {list(plain)}")
        return ",".join(values)
    if len(value) > control.get("maxLength", 10**9):
        raise ClientRefused(f"{control.get('label')!r} takes {control['maxLength']} characters.")
    if not control.get("isMultiline"):
        return value.replace("\n", " ")
    return value
