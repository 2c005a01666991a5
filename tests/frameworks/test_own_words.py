"""The catalogue is written in our own words: only titles are the bodies' own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.frameworks import Framework, load_frameworks
from tests.fixtures import absent
from tests.fixtures.shared import REPOSITORY
from tests.frameworks import shown_texts

DOMAIN = REPOSITORY.parent / "shared" / "domain"
SHINGLE = 8  # words in a row


def shingles(text: str) -> Iterator[str]:
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("’", "").replace("'", ""))
    for start in range(len(words) - SHINGLE + 1):
        yield " ".join(words[start : start + SHINGLE])


@pytest.fixture(scope="module")
def sources() -> frozenset[str]:
    """Every eight words in a row of the published method."""
    files: list[Path] = sorted(DOMAIN.glob("*.txt"))
    if not files:
        absent("There is no ../shared/domain beside the repository: our words cannot be held against the sources.")
    return frozenset(shingle for file in files for shingle in shingles(file.read_text("utf-8")))


FRAMEWORKS = load_frameworks()


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def test_no_eight_words_in_a_row_are_copied_from_a_source(framework: Framework, sources: frozenset[str]) -> None:
    ours = [text for name, text in shown_texts(framework) if name not in ("title", "source")]
    copied = {shingle for text in ours for shingle in shingles(text)} & sources
    assert not copied


def test_the_comparison_sees_a_copied_sentence(sources: frozenset[str]) -> None:
    titles = [theme.title for theme in FRAMEWORKS["local_system"].themes]
    assert {shingle for title in titles for shingle in shingles(title)} & sources
