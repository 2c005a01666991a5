"""How a message is read: pure, from the words and the challenge's themes to one finding or several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Kind, SourceType, Theme, ThemeId

_HASH = re.compile(r"(?<!\w)#(\w[\w-]{0,39})")


@dataclass(frozen=True, slots=True)
class Part:
    """One finding read from a message. The text is copied, never cut."""

    text: str
    theme_ids: tuple[ThemeId, ...] = ()
    unknown_tags: tuple[str, ...] = ()
    kind: Kind | None = None
    source: str = ""
    source_type: SourceType | None = None


def read_message(words: str, themes: Sequence[Theme]) -> tuple[Part, ...]:
    """The findings in a message, in order."""
    by_word = {word: theme.id for theme in themes for word in (theme.key, *theme.words)}
    tags = [tag.casefold() for tag in _HASH.findall(words)]
    known = tuple(dict.fromkeys(by_word[tag] for tag in tags if tag in by_word))
    return (Part(words, known, tuple(tag for tag in tags if tag not in by_word)),)
