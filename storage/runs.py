"""What is to happen at a wall time: the schedule that the scheduler reads.

A run is unique by challenge, kind, subject and revision, so that nothing is scheduled twice; a moved time is a new
revision and the old one is cancelled in the same transaction (RELIABILITY, 'When').
"""

from datetime import datetime

from sqlalchemy import func, literal_column, select, update

from storage.records import ChallengeId, Run, RunId, RunState
from storage.store import RowOf, Store, row_of
from storage.tables import runs

# Written out, not bound: SQLite uses a partial index only when its condition stands in the statement (see tables/).
_IS_DUE = runs.c.state == literal_column("'due'")


class RunStore(Store):
    async def add(self, run: Run) -> bool:
        """Schedule it, unless exactly this is scheduled already; says whether it was."""
        return await self._insert_if_absent(runs, row_of(run))

    async def due(self, now: datetime, limit: int = 50) -> list[Run]:
        query = select(runs).where(_IS_DUE, runs.c.due_at <= now)
        return [_run(row) for row in await self._all(query.order_by(runs.c.due_at, runs.c.id).limit(limit))]

    async def next_due_at(self) -> datetime | None:
        query = select(runs.c.due_at).where(_IS_DUE).order_by(runs.c.due_at).limit(1)
        row = await self._one(query)
        return row.due_at if row else None

    async def claim(self, run_id: RunId, state: RunState) -> bool:
        """Take a due run for good; False when somebody else has."""
        rule = (runs.c.id == run_id) & (runs.c.state == RunState.DUE)
        result = await self._connection.execute(update(runs).where(rule).values(state=state.value))
        return bool(result.rowcount == 1)

    async def cancel(self, challenge_id: ChallengeId, kind: str, subject: str | None = None) -> None:
        """Cancel what is due of a kind (of one subject, or all)."""
        rule = (runs.c.challenge_id == challenge_id) & (runs.c.kind == kind) & (runs.c.state == RunState.DUE)
        if subject is not None:
            rule &= runs.c.subject == subject
        await self._connection.execute(update(runs).where(rule).values(state=RunState.CANCELLED.value))

    async def cancel_all(self, challenge_id: ChallengeId) -> None:
        """Cancel everything that is due of a challenge."""
        rule = (runs.c.challenge_id == challenge_id) & (runs.c.state == RunState.DUE)
        await self._connection.execute(update(runs).where(rule).values(state=RunState.CANCELLED.value))

    async def next_revision(self, challenge_id: ChallengeId, kind: str, subject: str) -> int:
        rule = (runs.c.challenge_id == challenge_id) & (runs.c.kind == kind) & (runs.c.subject == subject)
        row = await self._one(select(func.max(runs.c.revision).label("last")).where(rule))
        return int(row.last or 0) + 1 if row else 1

    async def of_challenge(self, challenge_id: ChallengeId, state: RunState = RunState.DUE) -> list[Run]:
        query = select(runs).where(runs.c.challenge_id == challenge_id, runs.c.state == state)
        return [_run(row) for row in await self._all(query.order_by(runs.c.due_at))]


def _run(row: RowOf) -> Run:
    return Run(
        RunId(row.id), ChallengeId(row.challenge_id), row.kind, row.subject, row.local, row.zone, row.due_at,
        row.revision, RunState(row.state),
    )  # fmt: skip
