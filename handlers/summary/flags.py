"""What in the manager's wording could tell the client who said something, or who it is about. Pure.

A flag stops nothing: it is read to the manager before the page is approved. Everything is compared word by word, in one
pass, so that no text, however long or odd, takes time.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from storage.records import Member, Summary

SAME_WORDS = 6  # in a row, as in a finding: somebody's own
WHOLE_FINDING = 4  # words: a finding that short must stand in the wording as a whole
SHORTEST_NAME = 3  # letters
FEWEST_DIGITS = 10  # of a telephone number

POSTS = tuple(
    line.split()
    for line in """
    chief executive
    chief exec
    ceo
    deputy chief executive
    chief officer
    chief operating officer
    coo
    chief finance officer
    cfo
    chief nurse
    chief medical officer
    chief information officer
    chief constable
    chief fire officer
    accountable officer
    monitoring officer
    section 151 officer
    s151 officer
    head of paid service
    returning officer
    the leader of the council
    leader of the council
    the leader of the opposition
    leader of the opposition
    council leader
    deputy leader
    group leader
    the leader
    mayor
    portfolio holder
    cabinet member for
    lead member for
    chair
    vice chair
    chairman
    chairwoman
    chairperson
    independent chair
    convenor
    convener
    provost
    medical director
    clinical director
    nursing director
    finance director
    managing director
    executive director
    corporate director
    strategic director
    programme director
    deputy director
    assistant director
    director
    dass
    dph
    dcs
    director of public health
    director of adult services
    director of adult social care
    director of adult social services
    director of children s services
    director of nursing
    director of finance
    director of commissioning
    director of strategy
    director of operations
    principal social worker
    caldicott guardian
    senior responsible officer
    senior responsible owner
    company secretary
    town clerk
    headteacher
    practice manager
    programme manager
    the registrar
    """.splitlines()
    if line.strip()
)
HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "cllr", "councillor", "sir", "dame",
                        "lord", "lady", "baroness", "rev", "reverend"})  # fmt: skip
ORDINARY_WORDS = frozenset(
    word
    for line in """
    will may mark grace rose hope faith joy dawn art bill rob pat sue jack frank young long green brown white black
    price hall field king ward page park wood hill stone best good day bond april june august summer winter drew
    grant chase miles lane west east north south church bishop carter cook baker law rich sharp short small strong
    """.splitlines()
    for word in line.split()
)

_WORD = re.compile(r"[^\W_]+")
_NUMBER_OF_FINDING = re.compile(r"#\d{1,6}\b")
_TELEPHONE = re.compile(r"[+(]?\d[\d ()./-]{8,20}\d")


@dataclass(frozen=True, slots=True)
class Flag:
    """What was found, and what it is: ("Priya", "the name of somebody on the team")."""

    found: str
    why: str


@dataclass(frozen=True, slots=True)
class _Words:
    """A wording as words: `typed` as they stand, `plain` without case and accents, `ends` where each lies."""

    text: str
    typed: tuple[str, ...]
    plain: tuple[str, ...]
    ends: tuple[tuple[int, int], ...]

    def stretch(self, first: int, last: int) -> str:
        """The words from one place to another (both included), as they were typed."""
        return self.text[self.ends[first][0] : self.ends[last][1]]


def flags_of(summary: Summary, roster: Sequence[Member], heard: Iterable[str]) -> tuple[Flag, ...]:
    """All that is flagged on the client's page: the wording of each line, the note, and the names of flip charts.

    `roster` holds everybody who is or was on the team, `heard` the text of every finding.
    """
    charts = (line.theme for line in summary.lines)
    worded = [wording for line in summary.lines if (wording := line.wording)]
    page = "\n".join(dict.fromkeys((*charts, *worded, summary.note)))
    nothing_behind = (
        Flag(line.theme, "wording that no finding stands behind any more")
        for line in summary.lines
        if line.wording and not line.count
    )
    found = chain(flags_in(page, roster), _own_words(_words("\n".join((*worded, summary.note))), heard), nothing_behind)
    return tuple(dict.fromkeys(found))


def flags_in(wording: str, roster: Sequence[Member]) -> tuple[Flag, ...]:
    """Names and initials of the team, posts that one person holds, people with their titles, numbers of findings,
    addresses and telephone numbers."""
    words = _words(wording)
    found = chain(
        _names(words, roster),
        _initials(words, roster),
        _posts(words),
        _titled(words),
        _numbers(wording),
        _addresses(wording),
    )
    return tuple(dict.fromkeys(found))


def _words(text: str) -> _Words:
    matches = list(_WORD.finditer(text))
    typed = tuple(match[0] for match in matches)
    return _Words(text, typed, tuple(map(_plain, typed)), tuple(match.span() for match in matches))


def _plain(word: str) -> str:
    """A word without case and accents."""
    if word.isascii():
        return word.casefold()
    parts = unicodedata.normalize("NFKD", word)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _names(words: _Words, roster: Sequence[Member]) -> Iterator[Flag]:
    """A full name, or any part of one. A part that is also an ordinary word counts when it has a capital letter."""
    parts = {part: member.id for member in roster for part in _words(member.name).plain if len(part) >= SHORTEST_NAME}
    whole = {name for member in roster if len(name := _words(member.name).plain) > 1}
    for first, last in _sequences(words, whole):
        yield Flag(words.stretch(first, last), "the name of somebody on the team")
    for typed, plain in zip(words.typed, words.plain, strict=True):
        if plain in parts and (plain not in ORDINARY_WORDS or typed[0].isupper()):
            yield Flag(typed, "the name of somebody on the team")


def _initials(words: _Words, roster: Sequence[Member]) -> Iterator[Flag]:
    initials = {member.initials for member in roster if len(member.initials) > 1}
    return (Flag(typed, "somebody’s initials") for typed in words.typed if typed in initials)


def _posts(words: _Words) -> Iterator[Flag]:
    """The longest name of a post at each place ("deputy chief executive", not "chief executive" in it)."""
    covered = -1
    for first, last in _sequences(words, {tuple(post) for post in POSTS}):
        if last <= covered:
            continue
        covered = last
        yield Flag(words.stretch(first, last), "a post that one person holds")
    for place, word in enumerate(words.plain[:-2]):
        if word == "head" and words.plain[place + 1] == "of":
            yield Flag(words.stretch(place, place + 2), "a post that one person holds")


def _sequences(words: _Words, wanted: set[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where any of some short sequences of words stands, the longest first at each place: first and last word."""
    lengths = sorted({len(sequence) for sequence in wanted}, reverse=True)
    beginnings = {sequence[0] for sequence in wanted}
    for first, word in enumerate(words.plain):
        if word not in beginnings:
            continue
        for length in lengths:
            run = words.plain[first : first + length]
            if len(run) == length and run in wanted:
                yield first, first + length - 1
                break


def _titled(words: _Words) -> Iterator[Flag]:
    """ "Cllr Hart", "Dr Osei": a title with a name after it."""
    for place, word in enumerate(words.plain[:-1]):
        if word in HONORIFICS and words.typed[place][0].isupper() and words.typed[place + 1][0].isupper():
            yield Flag(words.stretch(place, place + 1), "somebody’s name")


def _numbers(wording: str) -> Iterator[Flag]:
    return (Flag(match[0], "the number of a finding") for match in _NUMBER_OF_FINDING.finditer(wording))


def _addresses(wording: str) -> Iterator[Flag]:
    for piece in wording.split():
        name, at, host = piece.partition("@")
        if at and name and "." in host:
            yield Flag(piece, "an e-mail address")
    for match in _TELEPHONE.finditer(wording):
        if sum(character.isdigit() for character in match[0]) >= FEWEST_DIGITS:
            yield Flag(match[0], "a telephone number")


def _own_words(words: _Words, heard: Iterable[str]) -> Iterator[Flag]:
    """Wording that stands in a finding too: six words in a row, or the whole of a short one."""
    if len(words.plain) < WHOLE_FINDING:
        return
    places: dict[tuple[str, ...], int] = {}
    for length in range(WHOLE_FINDING, SAME_WORDS + 1):
        for first in range(len(words.plain) - length + 1):
            places.setdefault(words.plain[first : first + length], first)
    covered: set[int] = set()
    for finding in heard:
        spoken = _words(finding).plain
        length = min(SAME_WORDS, len(spoken))
        runs = (spoken[start : start + length] for start in range(len(spoken) - length + 1))
        covered.update(place for run in runs if run in places for place in range(places[run], places[run] + length))
    yield from (Flag(stretch, "somebody’s own words") for stretch in _stretches(words, covered))


def _stretches(words: _Words, covered: set[int]) -> Iterator[str]:
    """The covered words, those in a row together."""
    for place in sorted(covered):
        if place - 1 not in covered:
            last = place
            while last + 1 in covered:
                last += 1
            yield words.stretch(place, last)
