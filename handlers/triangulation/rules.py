"""How findings are compared: pure, from voices to what a peer team session shows.

"All findings presented to the client will have been triangulated" and "if people recognise in the feedback that they
have raised, they can be assured it will be something that has been identified from other meetings and sources"
(local-system guidance, 'Meetings with individuals').
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from storage.records import Kind, MemberId, SourceType, Theme, ThemeId, Voice

_ARTICLES = frozenset({"a", "an", "the"})


@dataclass(frozen=True, slots=True)
class Side:
    """What was heard of one kind on one theme: the strengths, the areas to explore, or what nobody marked (None)."""

    kind: Kind | None
    count: int
    triangulated: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How one theme stands. `fresh` are the voices that are new; a theme nobody has spoken of has no standing.

    `one_peer`: everything was heard by the same peer. `one_source`: nothing shows that a second source was heard;
    `no_source`: no source was named at all.
    """

    theme: Theme
    voices: tuple[Voice, ...]
    fresh: tuple[Voice, ...]
    sides: tuple[Side, ...]
    one_peer: bool
    one_source: bool
    no_source: bool

    @property
    def is_triangulated(self) -> bool:
        return any(side.triangulated for side in self.sides)

    @property
    def rests_on_one_voice(self) -> bool:
        return self.one_peer or self.one_source

    @property
    def is_mixed(self) -> bool:
        """Whether there are both strengths and areas to explore."""
        return {Kind.STRENGTH, Kind.IMPROVEMENT} <= {side.kind for side in self.sides}

    @property
    def status(self) -> str:
        """In a word or two: what a peer may say of the theme at the wall."""
        if self.is_triangulated:
            return "triangulated"
        source = "no source named" if self.no_source else "one source" if self.one_source else ""
        parts = ["one peer" if self.one_peer else "", source]
        return ", ".join(part for part in parts if part) or "not yet on the same point"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole wall, as a session sees it. `unsorted` and `fresh` are voices; `silent` are open themes without any."""

    standings: tuple[Standing, ...]
    fresh: tuple[Voice, ...]
    unsorted: tuple[Voice, ...]
    silent: tuple[Theme, ...]

    def where(self, holds: Callable[[Standing], bool]) -> tuple[Standing, ...]:
        return tuple(standing for standing in self.standings if holds(standing))


def compare(voices: Sequence[Voice], themes: Sequence[Theme], *, after_number: int) -> Comparison:
    """The wall compared, in the order of `themes`; what is numbered above `after_number` is new."""
    by_theme: dict[ThemeId, list[Voice]] = {}
    for voice in voices:
        for theme_id in voice.theme_ids:
            by_theme.setdefault(theme_id, []).append(voice)
    return Comparison(
        standings=tuple(stand(theme, by_theme[theme.id], after_number) for theme in themes if theme.id in by_theme),
        fresh=tuple(voice for voice in voices if voice.number > after_number),
        unsorted=tuple(voice for voice in voices if not voice.theme_ids),
        silent=tuple(theme for theme in themes if theme.is_open and theme.id not in by_theme),
    )


def stand(theme: Theme, voices: Sequence[Voice], after_number: int) -> Standing:
    """How a theme stands with these voices (at least one)."""
    return Standing(
        theme=theme,
        voices=tuple(voices),
        fresh=tuple(voice for voice in voices if voice.number > after_number),
        sides=tuple(_sides(voices)),
        one_peer=len({voice.author_id for voice in voices}) == 1,
        one_source=not are_from_several_sources(voices),
        no_source=not any(voice.source_type or voice.source.strip() for voice in voices),
    )


def _sides(voices: Sequence[Voice]) -> Iterable[Side]:
    for kind in (Kind.STRENGTH, Kind.IMPROVEMENT, None):
        of_kind = [voice for voice in voices if voice.kind is kind]
        if of_kind:
            yield Side(kind, len(of_kind), are_triangulated(of_kind))


def are_triangulated(voices: Sequence[Voice]) -> bool:
    """Whether two different peers heard this from two different sources.

    `voices` are of one theme and one kind: that is as near as Baseroom comes to "the same finding", and the team, not
    Baseroom, says whether the two really agree. A pair who were in the same meeting have one source between them. A
    source that is not known proves nothing, and neither does a strength when the other finding is unmarked.
    """
    by_peer: dict[MemberId, list[Voice]] = {}
    for voice in voices:
        by_peer.setdefault(voice.author_id, []).append(voice)
    heard = [(_types(own), _names(own)) for own in by_peer.values()]
    return any(
        _two_apart(types, other_types) or _two_apart(names, other_names)
        for (types, names), (other_types, other_names) in combinations(heard, 2)
    )


def are_from_several_sources(voices: Sequence[Voice]) -> bool:
    """Whether at least two different sources were certainly heard: of two kinds, or of two names.

    An unnamed focus group may be the focus group that somebody else named, so it is not a second source.
    """
    return len(_types(voices)) > 1 or len(_names(voices)) > 1


def _two_apart(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one of each can be chosen so that they differ."""
    return bool(some and others) and len(some | others) > 1


def _types(voices: Iterable[Voice]) -> frozenset[str]:
    """The known kinds of source; "other source" may be any kind, so it proves nothing."""
    known = {voice.source_type for voice in voices if voice.source_type is not None}
    return frozenset(source_type.value for source_type in known - {SourceType.OTHER})


def _names(voices: Iterable[Voice]) -> frozenset[str]:
    given = {voice.source for voice in voices}
    return frozenset(name for source in given if (name := folded(source)))


def folded(source: str) -> str:
    """A source's name without what people type differently: "The Trust CEO." and "trust ceo" are one."""
    words = re.findall(r"\w+", source.casefold())
    return " ".join(word for word in words if word not in _ARTICLES)
