"""Where a name stands in somebody's words, whatever its case and accents, and the words without it. Pure.

Any word of the name counts ("Mrs Okafor said" is about Ada Okafor too): better that the manager looks at one item too
many than that one is missed. Titles and small words do not count, and initials only as they were typed.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers.errors import Refusal

REMOVED = "[removed at a person’s request]"
AT_ONCE = 10  # items on one page of the form
AROUND = 60  # characters shown before and after a name
LONGEST_NAME = 200
MOST_WORDS = 12
LONGEST_INITIALS = 3

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_INITIALS_BEFORE = re.compile(r"(?:(?<!\w)[A-Z]\.?[ ]{1,3}){1,3}$")
_BETWEEN = re.compile(r"[\s.\-]{0,5}")
_NOT_A_NAME = frozenset(
    re.findall(
        r"\w+",
        """mr mrs ms miss mx dr prof professor sir dame lord lady cllr councillor rev reverend the of and van von de del
        der di da la le bin al""",
    )
)
_PLAIN = str.maketrans("’‘`´łŁøØđĐ", "''''lLoOdD")  # what Unicode does not take apart


class HeldBack(Refusal):
    """This challenge is on hold, so nothing of it is erased. Tell the person why, or lift the hold first (“challenge
    unhold”)."""


class Right(StrEnum):
    """What somebody asks for. The value stands in the audit trail."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"


class Decision(StrEnum):
    """What the manager does with one item."""

    LEAVE = "leave"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


class Kind(StrEnum):
    """Where a name was found."""

    FINDING = "finding"
    ANSWER = "answer"
    SUMMARY = "summary"
    THEME = "theme"
    MEMBER = "member"
    QUESTIONS = "questions"
    HOLD = "hold"
    EXTENSION = "extension"
    DESTRUCTION = "destruction"
    ASIDE = "aside"
    REPLACED = "replaced"

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What can be done with it here; flip charts are renamed and people removed by commands of their own, and words
        that were not logged are their author's, and gone in a day. What was replaced goes with the hold."""
        match self:
            case Kind.FINDING:
                return (Decision.LEAVE, Decision.REPLACE, Decision.WITHDRAW)
            case Kind.ANSWER | Kind.SUMMARY | Kind.HOLD | Kind.EXTENSION:
                return (Decision.LEAVE, Decision.REPLACE)
            case Kind.THEME | Kind.MEMBER | Kind.QUESTIONS | Kind.DESTRUCTION | Kind.ASIDE | Kind.REPLACED:
                return ()


@dataclass(frozen=True, slots=True)
class Held:
    """Something held. `place` says where, by numbers and dates; `texts` are all the words in it."""

    kind: Kind
    id: str
    place: str
    texts: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to look for: the words of the name, folded, and initials as they were typed."""

    words: frozenset[str]
    initials: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words or self.initials)


def read_name(name: str, also: str = "") -> Wanted:
    """The name, and what else they are called, between commas: "Jonty, JS"."""
    words, initials = set(_words_of(name)), set[str]()
    for other in also.split(","):
        plain = re.sub(r"[.\s]", "", other)
        if plain.isalpha() and plain.isupper() and 2 <= len(plain) <= LONGEST_INITIALS:
            initials.add(plain)
        else:
            words |= set(_words_of(other))
    return Wanted(frozenset(sorted(words)[:MOST_WORDS]), frozenset(initials))


def found_in(held: Sequence[Held], wanted: Wanted) -> list[Held]:
    """What mentions them, in the order in which it was given."""
    return [one for one in held if any(_spans(text, wanted) for text in one.texts)]


def without(text: str, wanted: Wanted) -> str:
    """The text with a mark in the place of each mention, initials before a surname included."""
    pieces, end = [], 0
    for start, stop in _merged(text, _spans(text, wanted)):
        before = _INITIALS_BEFORE.search(text[end:start][-12:])
        start -= len(before[0]) if before else 0
        pieces += [text[end:start], REMOVED]
        end = stop
    return "".join([*pieces, text[end:]])


def extract(held: Held, wanted: Wanted) -> str:
    """The words around the first mention, so that the manager can tell whether it is that person."""
    text, (start, stop) = next((text, spans[0]) for text in held.texts if (spans := _spans(text, wanted)))
    first, last = max(0, start - AROUND), min(len(text), stop + AROUND)
    words = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{words}{'…' if last < len(text) else ''}"


def _words_of(name: str) -> list[str]:
    folded, _ = _folded(name)
    return [word for word in _WORD.findall(folded) if len(word) > 1 and word not in _NOT_A_NAME]


def _spans(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Where a word of the name or the initials stand, in order."""
    spans = []
    if wanted.words:
        folded, origins = _folded(text)
        for match in _any_of(wanted.words).finditer(folded):
            stop = origins[match.end()] if match.end() < len(origins) else len(text)
            spans.append((origins[match.start()], stop))
    if wanted.initials:
        dotted = frozenset(r"\.?[ ]?".join(letters) + r"\.?" for letters in wanted.initials)
        pattern = rf"(?<![^\W_])(?:{'|'.join(sorted(dotted))})(?![^\W_])"
        spans += [match.span() for match in re.finditer(pattern, text)]
    return sorted(spans)


def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(words, reverse=True)))})(?![^\W_])")


def _merged(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Mentions that stand side by side ("Ada Okafor") are one."""
    waiting: tuple[int, int] | None = None
    for start, stop in spans:
        if waiting and (start <= waiting[1] or _BETWEEN.fullmatch(text[waiting[1] : start])):
            waiting = (waiting[0], max(waiting[1], stop))
            continue
        if waiting:
            yield waiting
        waiting = (start, stop)
    if waiting:
        yield waiting


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text in lower case without accents, and where each of its letters stood."""
    text = text.translate(_PLAIN)
    if text.isascii():
        return text.lower(), range(len(text))
    letters, origins = [], []
    for position, letter in enumerate(text):
        for plain in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(plain):
                letters.append(plain)
                origins.append(position)
    return "".join(letters), origins
