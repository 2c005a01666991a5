"""How much waits, how old the oldest of it is, and when each platform was last heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.records import OutboxState
from storage.store import Store
from storage.tables import Utc, accounts, inbox, outbox

NOT_OVER = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.UNSURE, OutboxState.PARKED)


@dataclass(frozen=True, slots=True)
class Health:
    """`inbox`: how many incoming things wait to be tried again. `outbox`: posts by state, those that are over not
    counted. `oldest_in` and `oldest_out` (due and not yet taken up): None when nothing waits. `heard`: when somebody
    last spoke, by platform."""

    inbox: int
    oldest_in: datetime | None
    outbox: Mapping[OutboxState, int]
    oldest_out: datetime | None
    heard: Mapping[str, datetime]


class HealthStore(Store):
    async def now(self, moment: datetime) -> Health:
        """How it stands at `moment`; posts that are due later do not wait yet."""
        came = await self._one(
            select(func.count().label("many"), func.min(inbox.c.received_at, type_=Utc).label("oldest"))
        )
        states = {state.value: state for state in NOT_OVER}
        counted = select(outbox.c.state, func.count().label("many")).where(outbox.c.state.in_(list(states)))
        rows = await self._all(counted.group_by(outbox.c.state))
        due = select(func.min(outbox.c.due_at, type_=Utc).label("oldest")).where(
            outbox.c.state == OutboxState.PENDING.value, outbox.c.due_at <= moment
        )
        oldest = await self._one(due)
        spoke = select(accounts.c.platform, func.max(accounts.c.last_spoke_at, type_=Utc).label("at"))
        heard = await self._all(spoke.group_by(accounts.c.platform))
        return Health(
            inbox=came.many if came else 0,
            oldest_in=came.oldest if came else None,
            outbox={states[row.state]: row.many for row in rows},
            oldest_out=oldest.oldest if oldest else None,
            heard={row.platform: row.at for row in heard if row.at is not None},
        )
