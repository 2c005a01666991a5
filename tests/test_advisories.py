"""No published hole that we know of is in what Baseroom runs on. This part of the audit needs no network.

It compares the lock with advisories.toml, so it knows what was known on the day that stands there. `make audit` asks
the public database itself. SECURITY.md, "What is checked of the libraries", says what each of them covers.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import TypedDict, cast

import pytest
from packaging.version import Version

from tests.fixtures.shared import REPOSITORY
from tests.test_house import pins

LOCK = "requirements.txt"


class Advisories(TypedDict):
    looked_up: date
    nothing_found: list[str]
    answered: dict[str, str]
    mended: dict[str, dict[str, str]]


KNOWN = cast("Advisories", tomllib.loads((REPOSITORY / "tests" / "advisories.toml").read_text(encoding="utf-8")))


def locked() -> dict[str, Version]:
    """Each package that Baseroom runs on, and its version."""
    return {name: Version(str(pin.specifier).removeprefix("==")) for name, (pin, _) in pins(LOCK).items()}


def open_holes(versions: Mapping[str, Version]) -> set[str]:
    """The advisories that apply to these versions."""
    return {
        advisory
        for name, mended in KNOWN["mended"].items()
        for advisory, since in mended.items()
        if name in versions and versions[name] < Version(since)
    }


def test_no_known_advisory_applies_to_what_is_pinned_without_an_answer() -> None:
    assert open_holes(locked()) == set(KNOWN["answered"]), "run `make lock`, or say why it is harmless"
    assert [advisory for advisory, why in KNOWN["answered"].items() if not why.strip()] == []


def test_every_pinned_package_has_been_looked_up() -> None:
    """A new dependency fails this until somebody has looked for its advisories, and says so in advisories.toml."""
    assert {*KNOWN["nothing_found"], *KNOWN["mended"]} == set(locked())
    assert set(KNOWN["nothing_found"]) & set(KNOWN["mended"]) == set()


@pytest.mark.parametrize(("name", "before"), [("pyjwt", "2.12.1"), ("aiohttp", "3.14.2"), ("cryptography", "49.0.0")])
def test_a_version_with_a_hole_would_be_found(name: str, before: str) -> None:
    assert open_holes({**locked(), name: Version(before)}) != set()


def test_the_audit_that_asks_the_public_database_fails_on_what_is_not_in_it() -> None:
    """Without `--strict` pip-audit passes over a package that it cannot look up, and says that all is well."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^AUDIT = .*--strict", makefile, re.MULTILINE)
    assert "pip_audit $(AUDIT) --requirement requirements-test.txt" in makefile
