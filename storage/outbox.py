"""What is to be posted. `pending -> sending -> sent | unsure | parked`; claiming is sending.

A row holds an intent and not the words: the post is drawn from the records at the moment it goes out. What little a
builder needs besides is sealed, and blanked once the post is out.

With PostgreSQL any number of processes send. Who claims a post has it, and its conversation, for the time of a lease by
the database's own clock; each claim has a number, and what comes from an earlier claim is not written any more.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import Interval, bindparam, func, literal_column, or_, select, text, update

from storage.errors import KeyDestroyed, Unreadable
from storage.records import AccountId, Address, ChallengeId, Intent, OutboxId, OutboxRow, OutboxState, new_id
from storage.store import RowOf, Store
from storage.tables import outbox

# Written out, not bound: SQLite uses a partial index only when its condition stands in the statement (see tables/).
_IS_PENDING = outbox.c.state == literal_column("'pending'")
LEASE = timedelta(seconds=90)
"""How long a post belongs to the process that claimed it: longer than sending can take, a large file included."""
SETTLES_WITHIN = timedelta(seconds=10)
"""How long a post whose fate is not known is given to appear before it is looked for."""

_OPEN = frozenset({OutboxState.SENDING, OutboxState.UNSURE, OutboxState.PARKED})
_IS_OPEN = text("state in ('sending', 'unsure', 'parked')")
_NOW = bindparam("now", type_=outbox.c.due_at.type)
_WAITING_LANES = select(outbox.c.lane).where(_IS_PENDING, outbox.c.attempts > 0, outbox.c.due_at > _NOW)
"""The conversations in which a post was put back and must still wait."""

_FIRST_OF_LANES = (
    select(outbox)
    .where(
        _IS_PENDING,  # said again outside: where rows are locked, what was read may have been taken meanwhile
        outbox.c.seq.in_(
            select(func.min(outbox.c.seq))
            .where(
                _IS_PENDING,
                outbox.c.due_at <= _NOW,
                outbox.c.lane.not_in(_WAITING_LANES),
            )
            .group_by(outbox.c.lane)
            .limit(bindparam("most"))
        ),
    )
    .order_by(outbox.c.seq)
)
_LEASED_LANES = select(outbox.c.lane).where(outbox.c.lease_until > func.clock_timestamp())
"""The conversations in which some process is posting, or has just posted."""
_FIRST_OF_FREE_LANES = _FIRST_OF_LANES.where(outbox.c.lane.not_in(_LEASED_LANES)).with_for_update(skip_locked=True)
_LEASE_END = func.clock_timestamp() + bindparam("lease", type_=Interval)
_TAKE = (
    update(outbox)
    .where(outbox.c.seq == bindparam("taken"))
    .values(state=OutboxState.SENDING.value, attempts=outbox.c.attempts + 1, claims=outbox.c.claims + 1)
)
_TAKE_FOR_A_LEASE = _TAKE.values(lease_until=_LEASE_END)
_SETTLE = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("row_id"),
        outbox.c.claims == bindparam("claim"),
        outbox.c.state == bindparam("as_it_was"),
    )
    .values(lease_until=None)
)
_SETTLE_AND_HOLD = _SETTLE.values(lease_until=_LEASE_END)
_NEXT_DUE = select(func.min(outbox.c.due_at).label("due_at")).where(
    _IS_PENDING, (outbox.c.due_at > _NOW) | outbox.c.lane.not_in(_WAITING_LANES)
)
_MARK = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(state=bindparam("new_state"), why=bindparam("new_why"))
)
_DOUBT = _MARK.values(settles_at=bindparam("appears_by"))
_END = _MARK.values(params_sealed=None, sent_at=bindparam("at"))


NOT_KNOWN = "it cannot be known whether this was posted"
"""Why a post is parked on a platform that cannot tell whether it arrived: somebody is asked (handlers.arrivals)."""


_SENDING_IN_SLOT = (
    select(outbox.c.id)
    .where(outbox.c.state == literal_column("'sending'"), outbox.c.slot == bindparam("slot"))
    .limit(1)
)


_NEXT_IN_SLOT = select(func.min(outbox.c.created_at).label("created_at")).where(
    outbox.c.slot == bindparam("slot"), outbox.c.page == bindparam("page"), outbox.c.seq > bindparam("seq")
)


class OutboxStore(Store):
    @cached_property
    def promised(self) -> list[Intent]:
        """What this unit of work has promised, in order: a platform may show some of it in its answer."""
        return []

    async def add(self, intent: Intent, now: datetime) -> None:
        """Promise a post. With a slot that already waits, nothing is added: the waiting one will show the latest."""
        self.promised.append(intent)
        row_id = new_id()
        row = {
            "id": row_id,
            "challenge_id": intent.challenge_id,
            "kind": intent.kind,
            "platform": intent.to.platform,
            "workspace": intent.to.workspace,
            "conversation": intent.to.conversation,
            "account_id": intent.to.account,
            "thread": intent.to.thread,
            "lane": lane_of(intent.to),
            "record": intent.record,
            "version": intent.version,
            "params_sealed": self._sealed_params(row_id, intent, now),
            "slot": intent.slot,
            "anew": intent.anew,
            "page": intent.page,
            "unprompted": intent.unprompted,
            "state": OutboxState.PENDING.value,
            "key": new_id(),
            "created_at": now,
            "due_at": intent.due_at or now,
            "not_after": intent.not_after,
        }
        if intent.slot:
            await self._insert_if_absent(outbox, row)
        else:
            await self._insert(outbox, row)

    async def claim(self, now: datetime, busy_lanes: Collection[str], limit: int = 32) -> list[OutboxRow]:
        """Take the first due post of each free lane and mark it as being sent. The caller commits before sending.

        A lane whose post was put back is not free: nothing overtakes it. Nor is one in which another process posts.
        """
        query, take = (_FIRST_OF_FREE_LANES, _TAKE_FOR_A_LEASE) if self._is_shared else (_FIRST_OF_LANES, _TAKE)
        due = await self._all(query, now=now, most=limit + len(busy_lanes))
        rows = [row for row in due if row.lane not in busy_lanes][:limit]
        if rows:
            await self._connection.execute(take, [{"taken": row.seq, "lease": LEASE} for row in rows])
        return [self._claimed(row, OutboxState.SENDING) for row in rows]

    async def take_up(self, row: OutboxRow) -> OutboxRow | None:
        """Begin to send what waited until its reader asked for it; None when that has begun already. The caller commits
        before sending."""
        stands = (outbox.c.id == row.id, outbox.c.state == OutboxState.WAITING.value, outbox.c.claims == row.claims)
        taken = update(outbox).where(*stands).values(state=OutboxState.SENDING.value, claims=outbox.c.claims + 1)
        if self._is_shared:
            taken = taken.values(lease_until=func.clock_timestamp() + LEASE)
        result = await self._connection.execute(taken)
        return replace(row, state=OutboxState.SENDING, claims=row.claims + 1) if result.rowcount == 1 else None

    async def settle(self, row: OutboxRow, pace: timedelta = timedelta(0)) -> bool:
        """Begin to write down what became of it; False when it does not stand as `row` says any more: another process
        has taken it over, or somebody was faster. Its conversation stays closed to other processes for the `pace`."""
        values = {"row_id": row.id, "claim": row.claims, "as_it_was": row.state.value}
        if self._is_shared:
            result = await self._connection.execute(_SETTLE_AND_HOLD, {**values, "lease": pace})
        else:
            result = await self._connection.execute(_SETTLE, values)
        return bool(result.rowcount == 1)

    async def recover(self, now: datetime) -> None:
        """What a process that has ended was sending may or may not have arrived. With PostgreSQL that is told by a
        lease that is over; with SQLite the process that starts is the only one."""
        abandoned = update(outbox).where(outbox.c.state == OutboxState.SENDING.value, _IS_OPEN)
        if self._is_shared:
            is_over = (outbox.c.state == OutboxState.SENDING.value) & (outbox.c.lease_until < func.clock_timestamp())
            over = select(outbox.c.seq).where(is_over, _IS_OPEN).with_for_update(skip_locked=True)
            abandoned = abandoned.where(outbox.c.seq.in_(over))
        values = {"state": OutboxState.UNSURE.value, "why": "the process ended", "settles_at": now + SETTLES_WITHIN}
        await self._connection.execute(abandoned.values(claims=outbox.c.claims + 1, **values))

    async def take_unsure(self, now: datetime, platforms: Collection[str], limit: int = 32) -> list[OutboxRow]:
        """Take posts of these platforms whose fate is not known, once they have had time to appear, to look for them.
        The caller commits before looking."""
        query = select(outbox).where(
            outbox.c.state == OutboxState.UNSURE.value, _IS_OPEN,
            outbox.c.platform.in_(platforms),
            or_(outbox.c.settles_at.is_(None), outbox.c.settles_at <= now),
        )  # fmt: skip
        if self._is_shared:
            is_free = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= func.clock_timestamp())
            query = query.where(is_free).with_for_update(skip_locked=True)
        rows = await self._all(query.order_by(outbox.c.seq).limit(limit))
        for row in rows:
            taken = update(outbox).where(outbox.c.id == row.id).values(claims=outbox.c.claims + 1)
            if self._is_shared:
                taken = taken.values(lease_until=func.clock_timestamp() + LEASE)
            await self._connection.execute(taken)
        return [self._claimed(row, OutboxState.UNSURE) for row in rows]

    def _claimed(self, row: RowOf, state: OutboxState) -> OutboxRow:
        return replace(self._row(row), state=state, claims=row.claims + 1)

    @property
    def _is_shared(self) -> bool:
        """Whether other processes send from here too."""
        return self._connection.dialect.name == "postgresql"

    async def next_due_at(self, now: datetime) -> datetime | None:
        """When a post can next go: what waits behind one that was put back goes when that one does."""
        row = await self._one(_NEXT_DUE, now=now)
        return row.due_at if row else None

    async def mark(self, row_id: OutboxId, state: OutboxState, *, now: datetime, why: str = "") -> None:
        """Say how the sending ended. Once it is over the params are blanked."""
        over = state in (OutboxState.SENT, OutboxState.DROPPED)
        values: dict[str, object] = {"row_id": row_id, "new_state": state.value, "new_why": why[:255]}
        if over:
            await self._connection.execute(_END, {**values, "at": now})
        elif state is OutboxState.UNSURE:
            await self._connection.execute(_DOUBT, {**values, "appears_by": now + SETTLES_WITHIN})
        else:
            await self._connection.execute(_MARK, values)

    async def put_back(self, row_id: OutboxId, due_at: datetime, why: str, *, in_order: bool = True) -> None:
        """It was provably not sent: wait until `due_at`, and (`in_order`) let nothing of its conversation overtake it.

        A newer waiting post of the same slot takes its place, and waits as long (`in_order`).
        """
        row = await self._one(select(outbox.c.slot, outbox.c.page).where(outbox.c.id == row_id))
        if row is None:
            return
        of_slot = select(outbox.c.id).where(outbox.c.slot == row.slot, outbox.c.page == row.page, _IS_PENDING)
        if row.slot and (newer := await self._one(of_slot)):
            await self.mark(row_id, OutboxState.DROPPED, now=due_at, why="a newer one took its place")
            if in_order:
                wait = update(outbox).where(outbox.c.id == newer.id).values(due_at=due_at, attempts=1, why=why[:255])
                await self._connection.execute(wait)
            return
        values: dict[str, object] = {"state": OutboxState.PENDING.value, "due_at": due_at, "why": why[:255]}
        if not in_order:
            values["attempts"] = 0
        await self._connection.execute(update(outbox).where(outbox.c.id == row_id).values(**values))

    async def in_state(self, *states: OutboxState) -> list[OutboxRow]:
        query = select(outbox).where(outbox.c.state.in_([state.value for state in states]))
        if _OPEN.issuperset(states):
            query = query.where(_IS_OPEN)
        return [self._row(row) for row in await self._all(query.order_by(outbox.c.seq))]

    async def get(self, row_id: OutboxId) -> OutboxRow | None:
        row = await self._one(select(outbox).where(outbox.c.id == row_id))
        return self._row(row) if row else None

    async def by_key(self, key: str) -> OutboxRow | None:
        """The post that was sent with that key."""
        row = await self._one(select(outbox).where(outbox.c.key == key))
        return self._row(row) if row else None

    async def in_doubt(self, challenge_id: ChallengeId) -> list[OutboxRow]:
        """The challenge's posts of which nobody knows yet whether they arrived."""
        query = select(outbox).where(
            outbox.c.state == OutboxState.PARKED.value, outbox.c.why == NOT_KNOWN,
            outbox.c.challenge_id == challenge_id, _IS_OPEN,
        )  # fmt: skip
        return [self._row(row) for row in await self._all(query.order_by(outbox.c.seq))]

    async def forget_waiting_before(self, moment: datetime) -> None:
        """What nobody has opened since then is not worth opening any more."""
        rule = (outbox.c.state == OutboxState.WAITING.value) & (outbox.c.created_at < moment)
        await self._connection.execute(
            update(outbox).where(rule).values(state=OutboxState.DROPPED.value, params_sealed=None)
        )

    async def unprompted_on(self, account_ids: Sequence[AccountId], start: datetime, end: datetime) -> int:
        """How many messages that nobody asked for are due to a person with these accounts from `start` to `end`
        (dropped ones not counted)."""
        query = select(func.count().label("many")).where(
            outbox.c.unprompted.is_(True),
            outbox.c.account_id.in_(account_ids),
            outbox.c.due_at >= start,
            outbox.c.due_at < end,
            outbox.c.state != OutboxState.DROPPED.value,
        )
        row = await self._one(query)
        return int(row.many) if row else 0

    async def drop_waiting(self, challenge_id: ChallengeId, kind: str, record: str = "") -> None:
        """Take back posts that are not worth sending any more."""
        rule = (
            (outbox.c.challenge_id == challenge_id)
            & (outbox.c.kind == kind)
            & (outbox.c.state == OutboxState.PENDING.value)
        )
        if record:
            rule &= outbox.c.record == record
        await self._connection.execute(
            update(outbox).where(rule).values(state=OutboxState.DROPPED.value, params_sealed=None)
        )

    async def drop_challenge(self, challenge_id: ChallengeId) -> dict[str, int]:
        """Take back all that waits of a challenge; returns how many of its posts stand in each state not yet over."""
        rule = outbox.c.challenge_id == challenge_id
        waiting = update(outbox).where(rule, _IS_PENDING)
        await self._connection.execute(waiting.values(state=OutboxState.DROPPED.value, params_sealed=None))
        query = select(outbox.c.state, func.count().label("many")).where(rule, _IS_OPEN).group_by(outbox.c.state)
        return {row.state: row.many for row in await self._all(query)}

    async def is_on_its_way(self, slot: str) -> bool:
        """Whether a post of the slot is being sent: it may have been drawn before what has just changed."""
        row = await self._one(_SENDING_IN_SLOT, slot=slot)
        return row is not None

    async def next_in_slot(self, row: OutboxRow) -> datetime | None:
        """When the next post for the same place was promised: only once this one was taken to be sent, as a place has
        one post waiting for it at most."""
        found = await self._one(_NEXT_IN_SLOT, slot=row.intent.slot, page=row.intent.page, seq=row.seq)
        return found.created_at if found else None

    async def drop_slot(self, slot: str) -> None:
        """Take back what waits in a slot: something newer is about to go out there."""
        rule = (outbox.c.slot == slot) & (outbox.c.state == OutboxState.PENDING.value)
        await self._connection.execute(
            update(outbox).where(rule).values(state=OutboxState.DROPPED.value, params_sealed=None)
        )

    def _sealed_params(self, row_id: str, intent: Intent, now: datetime) -> bytes | None:
        if not intent.params:
            return None
        plain = json.dumps(dict(intent.params))
        seal = self._seal(intent.challenge_id) if intent.challenge_id else self._keys.of_day(now.date(), now)
        return seal.close(plain, table="outbox", column="params", row=row_id)

    def _params(self, row: RowOf) -> dict[str, str]:
        """None of them where they cannot be read any more: that post cannot be drawn, and all others can go."""
        try:
            return self._opened_params(row)
        except (KeyDestroyed, Unreadable):
            return {}

    def _opened_params(self, row: RowOf) -> dict[str, str]:
        if row.params_sealed is None:
            return {}
        if row.challenge_id:
            seal = self._seal(ChallengeId(row.challenge_id))
        else:
            seal = self._keys.of_day(row.created_at.date(), row.created_at)
        params: dict[str, str] = json.loads(seal.open(row.params_sealed, table="outbox", column="params", row=row.id))
        return params

    def _row(self, row: RowOf) -> OutboxRow:
        address = Address(
            row.platform,
            row.workspace,
            row.conversation,
            AccountId(row.account_id) if row.account_id else None,
            row.thread,
        )
        intent = Intent(
            kind=row.kind,
            to=address,
            record=row.record,
            version=row.version,
            challenge_id=ChallengeId(row.challenge_id) if row.challenge_id else None,
            params=self._params(row),
            slot=row.slot,
            due_at=row.due_at,
            not_after=row.not_after,
            unprompted=row.unprompted,
            anew=row.anew,
            page=row.page,
        )
        return OutboxRow(
            OutboxId(row.id), row.seq, intent, OutboxState(row.state), row.key, row.due_at, row.attempts,
            row.sent_at, row.why, row.claims,
        )  # fmt: skip


def lane_of(to: Address) -> str:
    """The conversation that a post belongs to: posts of one lane go out in order, one at a time."""
    return f"{to.platform}|{to.workspace}|{to.conversation or to.account}"
