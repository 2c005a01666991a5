"""The four programmes as a manager meets them, and what becomes of a framework file that is wrong."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

UNSEEN = frozenset({"key", "kind", "when", "words", "aliases", "assumed"})
"""Fields of text that people type or that the code reads, and that nobody is shown (`words` in a theme)."""


def shown_texts(record: object) -> Iterator[tuple[str, str]]:
    """Every text of a framework that a person can be shown, with the name of the field it stands in."""
    for each in fields(record):  # type: ignore[arg-type] # only ever called with dataclasses
        value = getattr(record, each.name)
        for item in value if isinstance(value, tuple | frozenset) else (value,):
            if is_dataclass(item):
                yield from shown_texts(item)
            elif isinstance(item, str) and each.name not in UNSEEN:
                yield each.name, item
