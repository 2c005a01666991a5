"""What somebody asks of the wall: "findings today #governance", "findings by TS", "findings workforce".

Pure: the words typed in, a question out, and which findings answer it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.findings.reading import names_of
from storage.records import Finding, Kind, MemberId, Theme, ThemeId

PAGE = 8

_MINE = ("mine", "my")
_EVERYONE = ("all", "everyone", "everybody", "team")
_DAYS = {"today": timedelta(0), "yesterday": timedelta(days=1)}
_UNSORTED = ("unsorted", "untagged")
_SENSITIVE = "sensitive"
_KINDS = {
    **dict.fromkeys(("strength", "strengths"), Kind.STRENGTH),
    **dict.fromkeys(("improvement", "improvements", "afi", "afis", "ate", "ates"), Kind.IMPROVEMENT),
}
_SMALL_WORDS = ("by", "about")
_KNOWN = frozenset((*_MINE, *_EVERYONE, *_DAYS, *_UNSORTED, _SENSITIVE, *_KINDS, *_SMALL_WORDS))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings: whose, of which day, themes and kind, and with which words in them."""

    author_id: MemberId | None = None
    everyone: bool = False
    day: date | None = None
    theme_ids: tuple[ThemeId, ...] = ()
    unsorted: bool = False
    kind: Kind | None = None
    words: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, on which day, before which wall. `initials` are in upper case."""

    member_id: MemberId
    today: date
    themes: Sequence[Theme]
    initials: Mapping[str, MemberId]


def is_a_question(args: str) -> bool:
    """Whether a typed "findings …" asks for a list: a few known words, tags, or a single word to look for."""
    words = args.casefold().split()
    known = [word for word in words if word in _KNOWN or word.startswith("#")]
    return len(words) <= 1 or (len(words) <= 4 and bool(known) and len(words) - len(known) <= 1)


def read_question(args: str, asker: Asker) -> Asked:
    """What the words ask for; nothing but "findings" asks for one's own. A word that is no filter is looked for."""
    asked, before = Asked(), ""
    for word in args.split():
        asked, before = _narrowed(asked, word, before, asker), word.casefold()
    return replace(asked, author_id=asker.member_id) if asked == Asked() else asked


def _narrowed(asked: Asked, word: str, before: str, asker: Asker) -> Asked:
    plain = word.casefold()
    if before == "by" and word.upper() in asker.initials:
        return replace(asked, author_id=asker.initials[word.upper()])
    if plain in _KNOWN:
        return _with_known(asked, plain, asker)
    theme_id = names_of(asker.themes).get(plain.lstrip("#").replace("_", "-"))
    if theme_id:
        return replace(asked, theme_ids=(*asked.theme_ids, theme_id))
    return replace(asked, words=f"{asked.words} {word.lstrip('#')}".strip())


def _with_known(asked: Asked, plain: str, asker: Asker) -> Asked:
    if plain in _DAYS:
        return replace(asked, day=asker.today - _DAYS[plain])
    if plain in _KINDS:
        return replace(asked, kind=_KINDS[plain])
    if plain in _MINE:
        return replace(asked, author_id=asker.member_id)
    if plain == _SENSITIVE:
        return replace(asked, sensitive=True)
    return replace(asked, everyone=asked.everyone or plain in _EVERYONE, unsorted=asked.unsorted or plain in _UNSORTED)


def answers(findings: Sequence[Finding], asked: Asked) -> list[Finding]:
    """Those of the wall that were asked for, newest first."""
    found = [one for one in findings if _fits(one, asked)]
    return sorted(found, key=lambda one: one.number, reverse=True)


def _fits(one: Finding, asked: Asked) -> bool:
    return all(
        (
            asked.author_id in (None, one.author_id),
            asked.day in (None, one.day),
            set(asked.theme_ids) <= set(one.theme_ids),
            not (asked.unsorted and one.theme_ids),
            asked.kind in (None, one.kind),
            asked.words.casefold() in _searched(one),
        )
    )


def _searched(one: Finding) -> str:
    """Text and source, whatever the case."""
    kind_of_source = one.source_type.value if one.source_type else ""
    return f"{one.text} {one.source} {kind_of_source}".casefold()


def title_of(asked: Asked, asker: Asker) -> str:
    """ "Your findings · today · Governance": what the list shows, without the words that were looked for."""
    shorts = {theme.id: theme.short for theme in asker.themes}
    by = next((initials for initials, member_id in asker.initials.items() if member_id == asked.author_id), "")
    mine = asked.author_id == asker.member_id
    parts = [
        "Your findings" if mine else f"Findings by {by}" if by else "The team’s findings",
        f"{asked.day.day} {asked.day:%B}" if asked.day else "",
        *(shorts[theme_id] for theme_id in asked.theme_ids),
        "unsorted" if asked.unsorted else "",
        "sensitive" if asked.sensitive else "",
        asked.kind.value if asked.kind else "",
    ]
    return " · ".join(part for part in parts if part)
