"""The wall as a page shows it: a flip chart for each theme, a post-it for each finding. The rehearsal room and the
base-room screen hang it up alike.
"""

from dataclasses import dataclass

from handlers.desk import House
from handlers.findings.reading import Reader
from handlers.frameworks import Words
from storage.records import Challenge, Finding, Kind, Theme
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Wall:
    """The flip charts of one challenge. `words` are those of its framework, `initials` by member id."""

    challenge: Challenge
    words: Words
    themes: tuple[Theme, ...]
    findings: tuple[Finding, ...]
    initials: dict[str, str]


async def read_wall(uow: UnitOfWork, house: House, challenge: Challenge) -> Wall:
    """What hangs there now: open themes, and the findings that stand."""
    themes = tuple(theme for theme in await uow.themes.of_challenge(challenge.id) if theme.is_open)
    members = await uow.members.of_challenge(challenge.id, with_removed=True)
    findings = tuple(await uow.findings.on_the_wall(challenge.id))
    words = house.framework_of(challenge).words
    return Wall(challenge, words, themes, findings, {member.id: member.initials for member in members})


@dataclass(frozen=True, slots=True)
class Note:
    """A post-it."""

    number: int
    words: str
    foot: str
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A flip chart."""

    title: str
    full_title: str
    notes: tuple[Note, ...]


def charts_of(wall: Wall) -> list[Chart]:
    """A chart for each theme, and one for what is unsorted, if anything is."""
    charts = [
        Chart(
            f"{theme.emoji} {theme.short}",
            theme.title,
            tuple(_note(finding, wall) for finding in wall.findings if theme.id in finding.theme_ids),
        )
        for theme in wall.themes
    ]
    shown = {theme.id for theme in wall.themes}
    unsorted = tuple(_note(finding, wall) for finding in wall.findings if not shown & set(finding.theme_ids))
    return [*charts, Chart("Unsorted", "Not on a flip chart yet", unsorted)] if unsorted else charts


def _note(finding: Finding, wall: Wall) -> Note:
    heard = ", ".join(part for part in (finding.source_type, finding.source) if part)
    foot = " · ".join(part for part in (heard, wall.initials.get(finding.author_id, "")) if part)
    kind = {Kind.STRENGTH: "strength", Kind.IMPROVEMENT: "improvement", None: ""}[finding.kind]
    return Note(finding.number, Reader(wall.themes, wall.words).without_marks(finding.text), foot, kind)
