"""The daily summaries for the client: every version that was drafted or approved, its words sealed.

A version is written once and never changed, so that what was approved stays exactly as it was approved; but for a name
that a person asks to have taken out.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from storage.errors import NotStored
from storage.findings import on_the_wall_of
from storage.records import (
    ChallengeId,
    Kind,
    MemberId,
    SourceType,
    Summary,
    SummaryId,
    SummaryLine,
    SummaryState,
    ThemeId,
)
from storage.store import RowOf, Store
from storage.tables import finding_themes, findings, summaries


@dataclass(frozen=True, slots=True)
class SourceTally:
    """How many findings of a day have one theme (None: unsorted), one kind and one kind of source (None: not said)."""

    theme_id: ThemeId | None
    kind: Kind | None
    source_type: SourceType | None
    count: int


class SummaryStore(Store):
    async def add(self, summary: Summary) -> None:
        """Raises `AlreadyStored` when somebody has made that version of the day's summary already."""
        row = {
            "id": summary.id,
            "challenge_id": summary.challenge_id,
            "day": summary.day,
            "version": summary.version,
            "state": summary.state.value,
            "made_at": summary.made_at,
            "made_by": summary.made_by,
        }
        await self._insert(summaries, row | self._sealed(summary))

    async def redact(self, summary: Summary) -> None:
        """Write the words of a version anew: a person has asked that their name be taken out of it."""
        statement = update(summaries).where(summaries.c.id == summary.id).values(**self._sealed(summary))
        await self._connection.execute(statement)

    async def get(self, summary_id: SummaryId) -> Summary:
        """Raises `NotStored`."""
        row = await self._one(select(summaries).where(summaries.c.id == summary_id))
        if row is None:
            raise NotStored
        return self._summary(row)

    async def latest(self, challenge_id: ChallengeId, day: date, state: SummaryState | None = None) -> Summary | None:
        """The newest version of a day's summary (in one state, or any)."""
        query = select(summaries).where(summaries.c.challenge_id == challenge_id, summaries.c.day == day)
        if state is not None:
            query = query.where(summaries.c.state == state.value)
        row = await self._one(query.order_by(summaries.c.version.desc()).limit(1))
        return self._summary(row) if row else None

    async def of_challenge(self, challenge_id: ChallengeId) -> list[Summary]:
        """Every version of every day, in order."""
        query = select(summaries).where(summaries.c.challenge_id == challenge_id)
        return [self._summary(row) for row in await self._all(query.order_by(summaries.c.day, summaries.c.version))]

    async def tally(self, challenge_id: ChallengeId, day: date) -> list[SourceTally]:
        """What was heard on a day by theme, kind and kind of source, nothing decrypted; only what is on the
        wall counts, and a finding with two themes counts under both."""
        by = (finding_themes.c.theme_id, findings.c.kind, findings.c.source_type)
        query = (
            select(*by, func.count().label("many"))
            .select_from(findings.outerjoin(finding_themes, finding_themes.c.finding_id == findings.c.id))
            .where(*on_the_wall_of(challenge_id), findings.c.day == day)
            .group_by(*by)
        )
        return [_tally(row) for row in await self._all(query)]

    def _sealed(self, summary: Summary) -> dict[str, bytes]:
        seal = self._seal(summary.challenge_id)
        words = {"lines": json.dumps([asdict(line) for line in summary.lines]), "note": summary.note}
        return {
            f"{column}_sealed": seal.close(
                text, table="summaries", column=column, row=summary.id, version=summary.version
            )
            for column, text in words.items()
        }

    def _summary(self, row: RowOf) -> Summary:
        seal = self._seal(ChallengeId(row.challenge_id))
        lines, note = (
            seal.open(sealed, table="summaries", column=column, row=row.id, version=row.version)
            for column, sealed in (("lines", row.lines_sealed), ("note", row.note_sealed))
        )
        return Summary(
            id=SummaryId(row.id),
            challenge_id=ChallengeId(row.challenge_id),
            day=row.day,
            version=row.version,
            state=SummaryState(row.state),
            lines=tuple(_line(line) for line in json.loads(lines)),
            note=note,
            made_at=row.made_at,
            made_by=MemberId(row.made_by) if row.made_by else None,
        )


def _tally(row: RowOf) -> SourceTally:
    return SourceTally(
        ThemeId(row.theme_id) if row.theme_id else None,
        Kind(row.kind) if row.kind else None,
        SourceType(row.source_type) if row.source_type else None,
        row.many,
    )


def _line(kept: dict[str, Any]) -> SummaryLine:
    return SummaryLine(**{**kept, "kind": Kind(kept["kind"]) if kept["kind"] else None})
