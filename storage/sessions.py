"""The peer team sessions of each on-site day: when each was meant to be, when it is today, and what was new at it."""

from datetime import date, time

from sqlalchemy import delete, func, select, tuple_, update

from storage.errors import NotStored, Overtaken
from storage.records import ChallengeId, Session, SessionId, SessionState
from storage.store import RowOf, Store, row_of
from storage.tables import sessions


class SessionStore(Store):
    async def add(self, session: Session) -> bool:
        """Lay a session, unless the day has one planned for that time; says whether it was laid."""
        return await self._insert_if_absent(sessions, row_of(session))

    async def get(self, session_id: SessionId) -> Session:
        """Raises `NotStored`."""
        row = await self._one(select(sessions).where(sessions.c.id == session_id))
        if row is None:
            raise NotStored
        return _session(row)

    async def of_challenge(self, challenge_id: ChallengeId, day: date | None = None) -> list[Session]:
        """The sessions of the visit (or of one day), in the order in which they are held."""
        query = select(sessions).where(sessions.c.challenge_id == challenge_id)
        if day is not None:
            query = query.where(sessions.c.day == day)
        return [_session(row) for row in await self._all(query.order_by(sessions.c.day, sessions.c.time))]

    async def next_after(self, challenge_id: ChallengeId, day: date, after: time) -> Session | None:
        """The next session to be held after a wall time of a day, on that day or a later one."""
        query = select(sessions).where(
            sessions.c.challenge_id == challenge_id,
            sessions.c.state == SessionState.PLANNED.value,
            tuple_(sessions.c.day, sessions.c.time) > tuple_(day, after),
        )
        row = await self._one(query.order_by(sessions.c.day, sessions.c.time).limit(1))
        return _session(row) if row else None

    async def number_shown(self, challenge_id: ChallengeId) -> int:
        """The last finding number that a posted session has shown; 0 before the first session."""
        query = select(func.max(sessions.c.up_to_number).label("shown")).where(sessions.c.challenge_id == challenge_id)
        row = await self._one(query)
        return int(row.shown or 0) if row else 0

    async def change(self, session: Session, *, was: Session) -> None:
        """Write the session as it now is; `was` is how it was read.

        Raises `Overtaken` when it does not stand so any more: with PostgreSQL somebody else may have changed it since.
        """
        as_read = [sessions.c[name] == value for name, value in _columns(was).items()]
        result = await self._connection.execute(update(sessions).where(*as_read).values(**_columns(session)))
        if result.rowcount != 1:
            raise Overtaken

    async def remove(self, session_id: SessionId) -> None:
        """Take away a session that is not to be."""
        await self._connection.execute(delete(sessions).where(sessions.c.id == session_id))


def _columns(session: Session) -> dict[str, object]:
    return {**row_of(session), "state": session.state.value}


def _session(row: RowOf) -> Session:
    return Session(
        SessionId(row.id), ChallengeId(row.challenge_id), row.day, row.planned, row.time, SessionState(row.state),
        row.posted_at, row.after_number, row.up_to_number,
    )  # fmt: skip
