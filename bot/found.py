"""One thing that `baseroom doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """How it stands, and in `words` what to do if it is not fine."""

    what: str
    fine: bool
    words: str
