"""What a message says of its findings: their themes by `#tag`, their kind by label or sign, their source.

Only what the peer marked is read: nothing is guessed (a guess is offered as a button, see suggesting.py). The text is
copied as it was typed, tags and labels too; a bullet is not part of the words. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from rapidfuzz import fuzz, process

from handlers.findings.division import MOST_PARTS, divide_long, divide_message
from handlers.findings.sources import read_phrase, read_source, without_brackets
from handlers.frameworks.rules import Words
from storage.records import Kind, SourceType, Theme, ThemeId

NEAR_ENOUGH = 60  # out of 100, for offering a theme instead of one that does not exist
MOST_UNKNOWN = 3  # unknown tags that one receipt speaks of
MOST_MARKS = 6  # marks at the end of one finding

_TAG = re.compile(r"(?<![\w&/#])#(?!\d{1,9}\b)(\w[\w-]{0,39})")
_SIGN = re.compile(r"([+\-−–])[ \t]{0,3}[^\W\d_]")
_SENSITIVE = re.compile(
    r"[*_~\s]{0,9}(?:[-+•–][ \t]{1,9})?sensitive[*_~]{0,3}[ \t]{0,3}:[*_~]{0,3}[ \t]{0,9}", re.IGNORECASE
)
_SAFEGUARDING = re.compile(r"[*_~\s]{0,9}(?:a[ \t]{1,3})?safeguarding\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]")
_MARK_BEHIND = re.compile(r"(?:(?<![\w&/#])#\w[\w-]{0,39}|\(([^()]{1,100})\))\.?$")
_LAST_WORDS = 120  # characters in which a mark at the end of a finding is looked for

IMPROVEMENT_LABELS = (
    *("AFI", "AfI", "AtE", "area to explore", "areas to explore", "area for improvement", "areas for improvement"),
    *("area for development", "improvement", "weakness", "concern"),
)
STRENGTH_LABELS = ("strength", "strengths")


@dataclass(frozen=True, slots=True)
class Part:
    """One finding read from a message."""

    text: str
    theme_ids: tuple[ThemeId, ...] = ()
    kind: Kind | None = None
    source: str = ""
    source_type: SourceType | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the messages of one challenge: its themes, and its framework's words for the two kinds."""

    themes: Sequence[Theme]
    words: Words

    def read(self, message: str, *, as_one: bool = False, finely: bool = False) -> tuple[Part, ...]:
        """The findings in a message, in order. `as_one`: do not divide it. `finely`: divide a long one at sentences."""
        if as_one:
            return (self.read_part(message.strip()),)
        divided = divide_long(message) if finely else divide_message(message)
        one_line = "\n" not in message.strip()
        texts = [piece for text in divided for piece in self._at_labels(text)]
        parts = [self.read_part(text, sign=one_line) for text in texts]
        if is_sensitive(message):
            parts = [replace(part, sensitive=True) for part in parts]
        return _with_marks_of_all(parts)

    def read_part(self, text: str, *, sign: bool = False) -> Part:
        """One finding. `sign`: a leading + or - says its kind (elsewhere they are bullets)."""
        source = read_source(text)
        return Part(
            text=text,
            theme_ids=self.tagged(text),
            kind=self._kind(text) or (_signed(text) if sign else None),
            source=source.name if source else "",
            source_type=source.type if source else None,
            sensitive=is_sensitive(text),
        )

    def tagged(self, text: str) -> tuple[ThemeId, ...]:
        known = names_of(self.themes)
        return tuple(dict.fromkeys(known[tag] for tag in _tags(text) if tag in known))

    def without_marks(self, text: str) -> str:
        """The words for a post-it on which chart, colour and foot show what was marked: no label in front, and no
        tags or source in brackets behind. As it was typed where nothing else would be left."""
        flag = _SENSITIVE.match(text)
        bare = text[flag.end() if flag else 0 :].strip()
        label = kind_labels(self.words).match(bare)
        bare = bare[label.end() :].strip() if label else bare
        for _ in range(MOST_MARKS):
            mark = _MARK_BEHIND.search(bare[-_LAST_WORDS:])
            if mark is None or not (read_phrase(mark[1]) if mark[1] else self.tagged(mark[0])):
                break
            bare = bare[: len(bare) - len(mark[0])].rstrip()
        return bare if has_words(bare) else text

    def _kind(self, text: str) -> Kind | None:
        """What its labels say; None when it has none, or both."""
        labels = kind_labels(self.words)
        found = {_kind_of_label(label, self.words) for label in labels.findall(text)}
        if not found and (first := labels_with_dash(self.words).match(text)):
            found = {_kind_of_label(first[1], self.words)}
        return found.pop() if len(found) == 1 else None

    def _at_labels(self, text: str) -> list[str]:
        """ "Strength: one plan. AFI: no money" is two findings."""
        matches = list(islice(kind_labels(self.words).finditer(text), MOST_PARTS + 1))
        kinds = {_kind_of_label(match[1], self.words) for match in matches}
        if len(kinds) < 2 or len(matches) > MOST_PARTS:
            return [text]
        starts = [match.start() for match in matches]
        starts[0] = 0
        return [text[start:end].strip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def is_sensitive(text: str) -> bool:
    """Whether it begins with "sensitive:", and nothing else will do: "safeguarding: partners praised it" is about a
    theme. A message that begins so is sensitive in all its parts; a part that does is sensitive by itself."""
    return bool(_SENSITIVE.match(text))


def speaks_of_safeguarding(text: str) -> bool:
    """Whether it begins with the word: then marking it sensitive is offered, and not done."""
    return bool(_SAFEGUARDING.match(text))


def names_of(themes: Sequence[Theme]) -> Mapping[str, ThemeId]:
    """Every word that may stand after '#', and the open theme that it means (a merged theme leads to the other)."""
    return _names_of(tuple(themes))


@lru_cache(maxsize=32)
def _names_of(themes: tuple[Theme, ...]) -> Mapping[str, ThemeId]:
    by_id = {theme.id: theme for theme in themes}
    names: dict[str, ThemeId] = {}
    for theme in themes:
        target = theme
        for _ in themes:  # as many merges as there are themes, and no more
            target = by_id.get(target.merged_into, target) if target.merged_into else target
        if target.is_open:
            for word in (theme.key, theme.short, *theme.words):
                names.setdefault(_as_name(word), target.id)
    return names


def unknown_tags(text: str, themes: Sequence[Theme]) -> tuple[str, ...]:
    """Tags that name no open theme, as typed but in lower case; the first few."""
    known = names_of(themes)
    unknown = (tag for tag in _tags(text) if tag not in known)
    return tuple(dict.fromkeys(islice(unknown, MOST_UNKNOWN)))


def nearest_themes(tag: str, themes: Sequence[Theme], most: int = 3) -> tuple[ThemeId, ...]:
    """Themes that somebody may have meant by a tag, the likeliest first."""
    known = names_of(themes)
    near = process.extract(_as_name(tag), list(known), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH, limit=12)
    return tuple(dict.fromkeys(known[name] for name, *_ in near))[:most]


def has_words(message: str) -> bool:
    """Whether anything but tags, emoji and punctuation was typed."""
    return bool(_WORD.search(_TAG.sub("", message)))


def _tags(text: str) -> list[str]:
    return [_as_name(tag) for tag in dict.fromkeys(_TAG.findall(text))]


def _as_name(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")


def _signed(text: str) -> Kind | None:
    match = _SIGN.match(text)
    if not match:
        return None
    return Kind.STRENGTH if match[1] == "+" else Kind.IMPROVEMENT


@cache
def kind_labels(words: Words) -> re.Pattern[str]:
    """ "strength:" and "AFI:" anywhere, in any case, in the framework's own words too."""
    return re.compile(rf"\b({_any_label(words)})[ \t]{{0,3}}:", re.IGNORECASE)


@cache
def labels_with_dash(words: Words) -> re.Pattern[str]:
    """ "AFI - nobody reports on it": a dash will do at the beginning."""
    return re.compile(rf"({_any_label(words)})[ \t]{{1,3}}[-–—][ \t]", re.IGNORECASE)


def _any_label(words: Words) -> str:
    every = {label.casefold() for label in (*_strength_labels(words), *IMPROVEMENT_LABELS, *_improvement_labels(words))}
    return "|".join(re.escape(label) for label in sorted(every, key=len, reverse=True))


def _strength_labels(words: Words) -> tuple[str, ...]:
    return (*STRENGTH_LABELS, words.strength, words.strength_plural)


def _improvement_labels(words: Words) -> tuple[str, ...]:
    return (words.improvement, words.improvement_plural, words.improvement_short)


def _kind_of_label(label: str, words: Words) -> Kind:
    strengths = {word.casefold() for word in _strength_labels(words)}
    return Kind.STRENGTH if label.casefold() in strengths else Kind.IMPROVEMENT


def _with_marks_of_all(parts: list[Part]) -> tuple[Part, ...]:
    """A part that is nothing but tags or a source ("#vision" on a line of its own) marks every finding of its message.

    Its words stay, at the end of the last finding (of the first, when it came before all others).
    """
    marks = [part for part in parts if _is_mark(part)]
    said = [part for part in parts if not _is_mark(part)]
    if not marks or not said:
        return tuple(parts)
    words = "\n".join(mark.text for mark in marks)
    if _is_mark(parts[0]):
        said[0] = replace(said[0], text=f"{words}\n{said[0].text}")
    else:
        said[-1] = replace(said[-1], text=f"{said[-1].text}\n{words}")
    return tuple(_marked(part, marks) for part in said)


def _is_mark(part: Part) -> bool:
    rest = without_brackets(part.text) if part.source_type else part.text
    return not has_words(rest)


def _marked(part: Part, marks: list[Part]) -> Part:
    tags = (*part.theme_ids, *(theme_id for mark in marks for theme_id in mark.theme_ids))
    part = replace(part, theme_ids=tuple(dict.fromkeys(tags)))
    source = next((mark for mark in marks if mark.source_type), None)
    if part.source_type or source is None:
        return part
    return replace(part, source=source.source, source_type=source.source_type)
