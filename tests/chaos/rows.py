"""A fault and what came of it: one row of the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.chaos.places import Places


@dataclass(frozen=True, slots=True)
class Row:
    """`bad`: what must not happen, and how often it did. `short`: a bar that was missed besides, in words."""

    tried: str
    bad: Mapping[str, int]
    measured: str = ""
    short: str = ""

    @property
    def is_missed(self) -> bool:
        return bool(self.short) or any(self.bad.values())

    def __str__(self) -> str:
        counts = ", ".join(f"{many:,} {what}" for what, many in self.bad.items())
        return "; ".join(part for part in (counts, self.measured, self.short) if part)


@dataclass(frozen=True, slots=True)
class Fault:
    """`make` tries it there, `size` times or so, and tells what came of it. `short_form`: the tests that are its short
    form already."""

    name: str
    what: str
    make: Callable[[Places, int], Row]
    full: int
    small: int
    databases: tuple[str, ...] = ("sqlite", "postgresql")
    short_form: str = ""
