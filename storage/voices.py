"""What each finding on the wall counts for when findings are compared, in one statement and without opening its text.

Sessions and digests read the wall through this: a team of seven may have a thousand post-its by the third day.
"""

from datetime import date

from sqlalchemy import select

from storage.errors import Unreadable
from storage.findings import on_the_wall_of
from storage.keys import Seal
from storage.records import ChallengeId, Kind, MemberId, SourceType, ThemeId, Voice
from storage.store import RowOf, Store
from storage.tables import finding_themes, findings


class VoiceStore(Store):
    async def on_the_wall(
        self,
        challenge_id: ChallengeId,
        *,
        up_to_number: int | None = None,
        day: date | None = None,
        sources: bool = True,
    ) -> list[Voice]:
        """A voice for each finding that stands, in order of number. Without `sources` nothing at all is opened."""
        query = (
            select(*_COLUMNS)
            .select_from(findings.outerjoin(finding_themes, finding_themes.c.finding_id == findings.c.id))
            .where(*on_the_wall_of(challenge_id))
            .order_by(findings.c.number, finding_themes.c.position)
        )
        if up_to_number is not None:
            query = query.where(findings.c.number <= up_to_number)
        if day is not None:
            query = query.where(findings.c.day == day)
        by_number: dict[int, list[RowOf]] = {}
        for row in await self._all(query):
            by_number.setdefault(row.number, []).append(row)
        seal = self._seal(challenge_id) if sources and by_number else None
        return [_voice(rows, seal) for rows in by_number.values()]


_COLUMNS = (
    findings.c.id,
    findings.c.number,
    findings.c.author_id,
    findings.c.kind,
    findings.c.source_type,
    findings.c.source_sealed,
    findings.c.version,
    finding_themes.c.theme_id,
)


def _voice(rows: list[RowOf], seal: Seal | None) -> Voice:
    """One finding from its rows, one for each theme (one without a theme when it has none)."""
    first = rows[0]
    return Voice(
        number=first.number,
        author_id=MemberId(first.author_id),
        theme_ids=tuple(ThemeId(row.theme_id) for row in rows if row.theme_id),
        kind=Kind(first.kind) if first.kind else None,
        source_type=SourceType(first.source_type) if first.source_type else None,
        source=_source(first, seal) if seal else "",
    )


def _source(row: RowOf, seal: Seal) -> str:
    """The source's name; one that cannot be read counts as not given."""
    if row.source_sealed is None:
        return ""
    try:
        return seal.open(row.source_sealed, table="findings", column="source", row=row.id, version=row.version)
    except Unreadable:
        return ""
