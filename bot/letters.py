"""An incoming thing as a text, so that one that could not be handled can be kept sealed and tried again."""

import json

from pydantic import TypeAdapter

from handlers.chat import (
    AnyIncoming,
    Commanded,
    Deleted,
    Edited,
    HomeOpened,
    Joined,
    Left,
    Met,
    PointedAt,
    Pressed,
    Reacted,
    Said,
    Submitted,
)

_KINDS: dict[str, TypeAdapter[AnyIncoming]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        Said,
        Edited,
        Deleted,
        Commanded,
        Pressed,
        Submitted,
        PointedAt,
        Reacted,
        HomeOpened,
        Joined,
        Met,
        Left,
    )
}


def to_letter(incoming: AnyIncoming) -> str:
    kind = type(incoming).__name__
    return json.dumps({"kind": kind, "body": _KINDS[kind].dump_python(incoming, mode="json")})


def from_letter(letter: str) -> AnyIncoming:
    """The incoming thing again. Raises `ValueError` when the letter is not one of ours, or another version's."""
    opened = json.loads(letter)
    try:
        return _KINDS[opened["kind"]].validate_python(opened["body"])
    except (KeyError, TypeError) as exc:
        raise ValueError("not a letter of this version") from exc
