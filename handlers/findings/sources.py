"""Where a finding was heard, as the peer typed it: "(focus group, frontline staff)", "…, 1:1", "from the board papers".

Only a known kind of source counts, so that "(a lovely building)" stays part of the finding. The words are read, never
taken out of the text. Pure.
"""

import re
from dataclasses import dataclass
from itertools import islice

from storage.records import SourceType

_KINDS = {
    SourceType.INTERVIEW: "1:1, 1-1, 1-2-1, 121, one to one, one-to-one, interview, interviewed",
    SourceType.FOCUS_GROUP: "focus group, focusgroup, fg, round table, roundtable, forum, workshop",
    SourceType.MEETING: "meeting, mtg, board meeting, team meeting",
    SourceType.OBSERVATION: "observation, observed, walkabout, walk round, walkround, site visit, visit, shadowing",
    SourceType.DOCUMENT: "document, doc, papers, paper, report, minutes, pre-reading, prereading, strategy, dashboard",
    SourceType.SURVEY: "survey, questionnaire, poll",
}
_TYPE_OF = {word: kind for kind, words in _KINDS.items() for word in words.split(", ")}
_WORD = "|".join(re.escape(word) for word in sorted(_TYPE_OF, key=len, reverse=True))
_PLURAL = "(?:s|es)?"
_ANY_KIND = rf"(?P<kind>{_WORD}){_PLURAL}"

_IS_KIND = re.compile(rf"(?:(?:a|an|the|my|our|in|at) )?{_ANY_KIND}(?: (?:only|notes?))?", re.IGNORECASE)
_KIND_FIRST = re.compile(
    rf"(?:(?:a|an|the|my|our|in|at) )?{_ANY_KIND} ?(?: with| of| for|:| -| –) ?(?P<who>[^,;]{{1,80}})", re.IGNORECASE
)
_KIND_LAST = re.compile(
    rf"(?:the |my |our )?(?P<who>(?!an? )[\w'’&/-]+(?: [\w'’&/-]+){{0,4}}) {_ANY_KIND}", re.IGNORECASE
)

_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]\n]{2,120})[)\]]")
_FROM = re.compile(r"\bfrom ([^\n.;:!?()]{2,120})", re.IGNORECASE)
_FROM_KIND = re.compile(
    rf"(?:(?:an?|the|my|our|this|that) )?(?P<before>(?:[\w'’&/-]{{1,30}} ){{0,3}}?){_ANY_KIND}\b"
    rf"(?: (?:with|of) (?P<after>[\w'’&/-]{{1,30}}(?: [\w'’&/-]{{1,30}}){{0,4}}))?",
    re.IGNORECASE,
)
_TRAILING_TAGS = re.compile(r"(?:[ \t,]{0,9}#[\w-]{1,40}){1,9}[ \t.,!]{0,9}$")
_LONGEST_HEAD = 60
_LOOKED_AT = 2_000  # characters at the beginning of a very long finding, and as many at its end
_TRIED = 10  # brackets, or places where "from" stands: more in one finding are not about its source


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of source, and which one ("frontline staff"; empty when only the kind was said)."""

    type: SourceType
    name: str = ""


def read_source(words: str) -> Source | None:
    """The source that a finding names, if it names one: in brackets, at its end, at its beginning, or after 'from'."""
    if len(words) > 2 * _LOOKED_AT:
        words = f"{words[:_LOOKED_AT]}\n{words[-_LOOKED_AT:]}"
    return _in_brackets(words) or _at_the_end(words) or _at_the_beginning(words) or _after_from(words)


def read_phrase(phrase: str) -> Source | None:
    """A phrase that is nothing but a source: "focus group, frontline staff", "board minutes", "1:1 with a director"."""
    pieces = [piece.strip() for piece in re.split(r"[,;]| [-–] ", phrase) if piece.strip()]
    for position, piece in enumerate(pieces):
        found = _read_piece(piece)
        if found:
            others = [*pieces[:position], *pieces[position + 1 :]]
            return Source(found.type, ", ".join(filter(None, [found.name, *others])))
    return None


def without_brackets(words: str) -> str:
    """The words without anything that stands in brackets."""
    return _IN_BRACKETS.sub("", words)


def _read_piece(piece: str) -> Source | None:
    if match := _IS_KIND.fullmatch(piece):
        return Source(_type(match))
    if match := _KIND_FIRST.fullmatch(piece) or _KIND_LAST.fullmatch(piece):
        return Source(_type(match), match["who"].strip())
    return None


def _in_brackets(words: str) -> Source | None:
    tried = (read_phrase(match[1]) for match in islice(_IN_BRACKETS.finditer(words), _TRIED))
    return next(filter(None, tried), None)


def _at_the_end(words: str) -> Source | None:
    """After the last comma, dash or tag: "… #vision, 1:1"."""
    end = words[-200:].rstrip(" \t\n.!")
    for rest in (end, _TRAILING_TAGS.sub("", end)):
        last = re.split(r"[,;\n]| [-–] |#[\w-]{1,40} ", rest)[-1].strip()
        if last and len(last) < len(words.strip()) and (match := _IS_KIND.fullmatch(last)):
            return Source(_type(match))
    return None


def _at_the_beginning(words: str) -> Source | None:
    """Before the first colon: "Nurses focus group: handover is smoother"."""
    head, colon, _ = words[: _LONGEST_HEAD + 1].partition(": " if ": " in words[: _LONGEST_HEAD + 1] else ":\n")
    return _read_piece(head.strip()) if colon else None


def _after_from(words: str) -> Source | None:
    for found in islice(_FROM.finditer(words), _TRIED):
        if match := _FROM_KIND.match(found[1]):
            name = " ".join(filter(None, [(match["before"] or "").strip(), (match["after"] or "").strip()]))
            return Source(_type(match), name)
    return None


def _type(match: re.Match[str]) -> SourceType:
    return _TYPE_OF[match["kind"].casefold()]
