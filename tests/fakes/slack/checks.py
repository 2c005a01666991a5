"""The small refusals every block is made of: wrong type, missing key, unknown key, too long, empty.

Each problem reads as Slack words it (`[ERROR] … [json-pointer:/blocks/0/text]`), so that a log line of the real
platform and a red test look alike.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import limits

Json = dict[str, Any]


@dataclass(slots=True)
class Problems:
    """What Slack would refuse in one set of blocks; empty means accepted. `surface`: message, modal or home."""

    surface: str
    found: list[str] = field(default_factory=list)

    def add(self, where: str, problem: str) -> None:
        self.found.append(f"[ERROR] {problem} [json-pointer:{where}]")


def check_object(
    problems: Problems,
    where: str,
    value: object,
    *,
    required: Collection[str] = (),
    optional: Collection[str] = (),
) -> bool:
    """True when `value` is an object with every required key; unknown keys are problems but not fatal."""
    if not isinstance(value, dict):
        problems.add(where, "must provide an object")
        return False
    for key in value:
        if key not in required and key not in optional:
            problems.add(where, f"invalid additional property: {key}")
    missing = [key for key in required if value.get(key) is None]
    for key in missing:
        problems.add(where, f"missing required field: {key}")
    return not missing


def check_string(problems: Problems, where: str, value: object, maximum: int, *, minimum: int = 1) -> bool:
    if not isinstance(value, str):
        problems.add(where, "must provide a string")
        return False
    if len(value) < minimum:
        problems.add(where, f"must be more than {minimum - 1} characters")
        return False
    if len(value) > maximum:
        problems.add(where, f"must be less than {maximum + 1} characters")
        return False
    return True


def check_flags(problems: Problems, where: str, value: Json, *keys: str) -> None:
    for key in keys:
        if key in value and not isinstance(value[key], bool):
            problems.add(f"{where}/{key}", "must provide a boolean")


def check_choice(problems: Problems, where: str, value: object, choices: Collection[object]) -> None:
    if value not in choices:
        problems.add(where, f"must be a valid enum value: {sorted(map(str, choices))}")


def check_whole_number(problems: Problems, where: str, value: object, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        problems.add(where, f"must be a whole number from {least} to {most}")


def check_list(problems: Problems, where: str, value: object, maximum: int, *, minimum: int = 1) -> list[Any]:
    """The items to look into; an empty list when `value` is not a list."""
    if not isinstance(value, list):
        problems.add(where, "must provide an array")
        return []
    if len(value) < minimum:
        problems.add(where, f"no fewer than {minimum} items allowed")
    if len(value) > maximum:
        problems.add(where, f"no more than {maximum} items allowed")
    return value


PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


def check_text(problems: Problems, where: str, value: object, maximum: int, kinds: Collection[str] = ANY_TEXT) -> None:
    """A text object: its kind, its keys, and between one and `maximum` characters that are not all blank."""
    if not check_object(problems, where, value, required=("type", "text"), optional=("emoji", "verbatim")):
        return
    assert isinstance(value, dict)
    if value["type"] not in kinds:
        problems.add(f"{where}/type", f"unsupported type: {value['type']}")
    if "emoji" in value and value["type"] == "mrkdwn":
        problems.add(where, "invalid additional property: emoji")
    if "verbatim" in value and value["type"] == "plain_text":
        problems.add(where, "invalid additional property: verbatim")
    check_flags(problems, where, value, "emoji", "verbatim")
    if check_string(problems, f"{where}/text", value["text"], maximum) and not value["text"].strip():
        problems.add(f"{where}/text", "must be more than 0 characters")


def check_identifiers(problems: Problems, where: str, value: Json) -> None:
    for key in ("action_id", "block_id", "callback_id", "external_id"):
        if key in value:
            check_string(problems, f"{where}/{key}", value[key], limits.IDENTIFIER)


def texts_within(value: object) -> Iterator[str]:
    """Every piece of text in blocks that counts towards Slack's total for one message."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"text", "alt_text"} and isinstance(inner, str):
                yield inner
            else:
                yield from texts_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_within(inner)
