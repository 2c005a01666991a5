"""What a flip chart may be called, what may follow a #, and which flip chart somebody means by what they typed.

Pure. `find_theme` is for every place where a theme is typed: after a #, in a command, in a search.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count

from rapidfuzz import fuzz

from handlers.errors import Refusal
from storage.records import ChallengeId, Theme, ThemeId

LONGEST_TITLE = 100  # characters
LONGEST_SHORT = 24  # what a button and a one-line receipt can carry
LONGEST_WORD = 30  # after a #
LONGEST_EMOJI = 10  # code points: a family joined from four people has seven
MOST_ON_THE_WALL = 40
MOST_NEAREST = 3
NEAR = 70  # out of 100
PUSHPIN = "📌"
RESERVED = frozenset({"unsorted", "none", "other-observations"})

_EMOJI_PARTS = frozenset({"So", "Sk", "Mn", "Cf"})  # symbol, skin tone, variation selector, joiner
_SHORTCODE = re.compile(r":([a-z0-9_+'-]{1,40}):\s*")  # how Slack writes an emoji


class ThemeRefused(Refusal):
    """That cannot be done with a flip chart."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a flip chart is to be called. `emoji` is empty when none was given."""

    words: str
    emoji: str = ""


# ---------------------------------------------------------------- which one is meant


def find_theme(typed: str, themes: Sequence[Theme]) -> Theme | tuple[Theme, ...]:
    """The flip chart that somebody means, or else the nearest open ones, best first (there may be none).

    Its word after #, its key, its short name or its whole title will do, whatever the case, the spaces and the
    hyphens; so will one whole word of a short name that only one open flip chart has. A merged one leads to where it
    was merged. The one returned may be retired: look at `is_open` before putting a finding on it.
    """
    wanted = as_word(typed[: LONGEST_TITLE * 2])
    if not wanted:
        return ()
    named = next((theme for theme in themes if wanted in names_of(theme)), None)
    if named:
        return where_it_leads(named, themes)
    on_the_wall = open_themes(themes)
    having = [theme for theme in on_the_wall if len(wanted) > 3 and wanted in as_word(theme.short).split("-")]
    return having[0] if len(having) == 1 else nearest_themes(wanted, on_the_wall)


def nearest_themes(wanted: str, themes: Sequence[Theme]) -> tuple[Theme, ...]:
    """The flip charts most like a word (as `as_word` writes it), best first, three at most."""
    likeness = {theme.id: max(fuzz.WRatio(wanted, name) for name in names_of(theme)) for theme in themes}
    near = sorted((theme for theme in themes if likeness[theme.id] >= NEAR), key=lambda theme: -likeness[theme.id])
    return tuple(near[:MOST_NEAREST])


def where_it_leads(theme: Theme, themes: Iterable[Theme]) -> Theme:
    """The flip chart at the end of its merges: itself when it was never merged."""
    by_id = {each.id: each for each in themes}
    passed: set[ThemeId] = set()
    while theme.merged_into in by_id and theme.id not in passed:
        passed.add(theme.id)
        theme = by_id[theme.merged_into]
    return theme


def open_themes(themes: Iterable[Theme]) -> list[Theme]:
    return [theme for theme in themes if theme.is_open]


def retired_themes(themes: Iterable[Theme]) -> list[Theme]:
    return [theme for theme in themes if theme.retired_at and theme.merged_into is None]


def names_of(theme: Theme) -> frozenset[str]:
    """All that leads to a flip chart, as `as_word` writes it."""
    return frozenset(map(as_word, (theme.key, theme.short, theme.title, *theme.words))) - {""}


def as_word(typed: str) -> str:
    """One spelling for what people type: "#Getting about" and "getting_about" are both "getting-about"."""
    return "-".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", typed).casefold()))


def read_pair(
    args: str, joint: str, themes: Sequence[Theme], *, second_is_theme: bool = False
) -> tuple[str, str] | None:
    """The two sides of "X <joint> Y", or None. X may hold the joint too ("access to care to Access"), so of all the
    ways to read it the one is taken in which X (and Y, if that is one too) is a flip chart."""
    pairs = list(_pairs_around(args, joint))
    for old, new in pairs:
        if _is_theme(old, themes) and (_is_theme(new, themes) or not second_is_theme):
            return old, new
    return pairs[0] if pairs else None


def _pairs_around(args: str, joint: str) -> Iterator[tuple[str, str]]:
    words = args.split()
    for place in range(1, len(words) - 1):
        if words[place].casefold() == joint:
            yield " ".join(words[:place]), " ".join(words[place + 1 :])


def _is_theme(typed: str, themes: Sequence[Theme]) -> bool:
    return any(as_word(typed) in names_of(theme) for theme in themes)


# ---------------------------------------------------------------- what it may be called


def read_title(typed: str) -> Title:
    """A title as it will stand on the wall, its emoji apart. Raises `ThemeRefused`."""
    emoji, words = split_emoji(" ".join(_seen(typed).split()).lstrip("#").strip())
    if not any(character.isalpha() for character in words):
        raise ThemeRefused("A flip chart needs a name with letters in it, for example: theme add Transport.")
    if len(words) > LONGEST_TITLE:
        raise ThemeRefused(
            f"That name has {len(words):,} characters; {LONGEST_TITLE} fit on a flip chart. Give a shorter one."
        )
    if as_word(words) in RESERVED:
        raise ThemeRefused(f"“{words}” is where findings without a flip chart wait. Choose another name.")
    return Title(words, emoji)


def split_emoji(title: str) -> tuple[str, str]:
    """The emoji with which a title begins (or nothing), and the rest; Slack writes 🚌 as :bus:."""
    if code := _SHORTCODE.match(title):
        return _emoji_named(code[1]), title[code.end() :]
    length = next((place for place, mark in enumerate(title) if not _is_emoji_part(mark)), len(title))
    lead = title[:length].strip()
    has_symbol = any(unicodedata.category(mark) == "So" for mark in lead)
    fits = has_symbol and len(lead) <= LONGEST_EMOJI
    return (lead if fits else ""), title[length:].strip()


def _emoji_named(code: str) -> str:
    """The emoji that Unicode names as Slack does, or nothing."""
    try:
        found = unicodedata.lookup(code.replace("_", " "))
    except KeyError:
        return ""
    return found if unicodedata.category(found) == "So" else ""


def _is_emoji_part(mark: str) -> bool:
    return unicodedata.category(mark) in _EMOJI_PARTS


def _seen(typed: str) -> str:
    """What was typed without control characters and without marks that turn or hide text (an emoji's joiner stays)."""
    kept = {"\u200d", "\ufe0f"}
    return "".join(
        " " if mark.isspace() else mark
        for mark in typed
        if mark.isspace() or mark in kept or not unicodedata.category(mark).startswith("C")
    )


def check_title_is_free(title: Title, themes: Sequence[Theme], *, besides: ThemeId | None = None) -> None:
    """Every word leads to one flip chart. Raises `ThemeRefused`, saying where this one leads already."""
    wanted = as_word(title.words)
    for theme in themes:
        if theme.id == besides or wanted not in names_of(theme):
            continue
        target = where_it_leads(theme, themes)
        if target.id == besides:
            continue
        if target.retired_at:
            raise ThemeRefused(f"{target.short} was retired. To have it back, type: theme restore {target.short}")
        merged = "" if target.id == theme.id else f" (it was merged into {target.short})"
        raise ThemeRefused(f"#{wanted} leads to {target.short} already{merged}. Choose another name.")


def word_for(title: Title, themes: Sequence[Theme]) -> str:
    """What follows the # for a title: whole words, as many as fit, with a number where they lead elsewhere."""
    plain = _whole_words(as_word(title.words), "-", LONGEST_WORD)
    taken = frozenset[str]().union(*map(names_of, themes))
    return _first_free(plain, lambda number: f"{plain[: LONGEST_WORD - 3]}-{number}", taken)


def short_for(title: Title, themes: Sequence[Theme]) -> str:
    """A title for buttons and receipts: whole words, as many as fit, with a number where it is taken."""
    plain = _whole_words(title.words, " ", LONGEST_SHORT)
    taken = {theme.short.casefold() for theme in themes}
    return _first_free(plain, lambda number: f"{plain[: LONGEST_SHORT - 3].rstrip()} {number}", taken)


def _first_free(plain: str, numbered: Callable[[int], str], taken: Collection[str]) -> str:
    candidates = chain((plain,), map(numbered, count(2)))
    return next(candidate for candidate in candidates if candidate.casefold() not in taken)


def _whole_words(words: str, joint: str, most: int) -> str:
    if len(words) <= most:
        return words
    fitting, _, _ = words[: most + 1].rpartition(joint)
    return fitting.rstrip(" ,;:-–&") or words[:most]


# ---------------------------------------------------------------- what may be done


def made(title: Title, theme_id: ThemeId, challenge_id: ChallengeId, themes: Sequence[Theme]) -> Theme:
    """A flip chart of the team's own, at the end of the wall. Raises `ThemeRefused`."""
    check_title_is_free(title, themes)
    if len(open_themes(themes)) >= MOST_ON_THE_WALL:
        raise ThemeRefused(f"The wall has {MOST_ON_THE_WALL} flip charts. Merge or retire one first.")
    word = word_for(title, themes)
    return Theme(
        id=theme_id,
        challenge_id=challenge_id,
        key=word.replace("-", "_"),
        title=title.words,
        short=short_for(title, themes),
        emoji=title.emoji or PUSHPIN,
        words=(word,),
        position=max((theme.position for theme in themes), default=-1) + 1,
        added_by_team=True,
    )


def renamed(theme: Theme, title: Title, themes: Sequence[Theme]) -> Theme:
    """The flip chart under its new name; its old words keep leading to it. Raises `ThemeRefused`."""
    check_title_is_free(title, themes, besides=theme.id)
    others = [other for other in themes if other.id != theme.id]
    words = tuple(
        dict.fromkeys((word_for(title, others), *theme.words, _whole_words(as_word(theme.short), "-", LONGEST_WORD)))
    )
    return replace(
        theme, title=title.words, short=short_for(title, others), emoji=title.emoji or theme.emoji, words=words
    )


def check_merge(old: Theme, into: Theme) -> None:
    """Raises `ThemeRefused` when one cannot be merged into the other."""
    if old.id == into.id:
        raise ThemeRefused(f"{old.short} cannot be merged into itself. Choose another flip chart to merge it into.")
    if not into.is_open:
        raise ThemeRefused(f"{into.short} is retired. Restore it first, or choose another flip chart.")


def retired(theme: Theme, themes: Sequence[Theme], now: datetime) -> Theme:
    """The flip chart off the wall: its findings keep it, new ones cannot go on it. Raises `ThemeRefused`."""
    if theme.retired_at:
        raise ThemeRefused(f"{theme.short} is retired already. To have it back, type: theme restore {theme.short}")
    if len(open_themes(themes)) == 1:
        raise ThemeRefused(f"{theme.short} is the last flip chart on the wall. Add another before you retire it.")
    return replace(theme, retired_at=now)


def restored(theme: Theme) -> Theme:
    """The flip chart back on the wall. Raises `ThemeRefused`."""
    if theme.retired_at is None:
        raise ThemeRefused(f"{theme.short} is on the wall already.")
    return replace(theme, retired_at=None)
