"""What each principle of the UK GDPR asks, what Baseroom does about it, and the tests that hold it to that.

The method's own text cites the Data Protection Act 1998; today it is the UK GDPR and the Data Protection Act 2018. The
page `/data-protection` shows this, and a test checks that every test named here is there.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Principle:
    """`article` of the UK GDPR; `tests` as folder/file.py::test_name, from the tests folder on."""

    article: str
    title: str
    asks: str
    does: str
    tests: tuple[str, ...]

    @property
    def held_by(self) -> tuple[tuple[str, str], ...]:
        """Each test as a sentence, and where it stands."""
        return tuple((_sentence(test), test) for test in self.tests)


def _sentence(test: str) -> str:
    words = test.partition("::test_")[2].replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}."


def _read() -> Sequence[Principle]:
    text = (files("bot.pages") / "principles.toml").read_text(encoding="utf-8")
    return tuple(
        Principle(one["article"], one["title"], one["asks"], one["does"], tuple(one["tests"]))
        for one in tomllib.loads(text)["principle"]
    )


PRINCIPLES = _read()
