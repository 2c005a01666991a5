"""What every store has: a connection, the keys, and the few statements that all of them make."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Table
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from storage.errors import AlreadyStored
from storage.keys import KeyStore, Seal
from storage.records import ChallengeId

RowOf = Row[Any]


class Store:
    """One noun's rows, over the connection of the unit of work."""

    def __init__(self, connection: AsyncConnection, keys: KeyStore) -> None:
        self._connection = connection
        self._keys = keys

    def _seal(self, challenge_id: ChallengeId) -> Seal:
        return self._keys.of(challenge_id)

    async def _all(self, query: Executable) -> list[RowOf]:
        return list((await self._connection.execute(query)).all())

    async def _one(self, query: Executable) -> RowOf | None:
        return (await self._connection.execute(query)).first()

    async def _insert(self, table: Table, row: Mapping[str, object]) -> None:
        """Insert one row; a constraint violation becomes `AlreadyStored`."""
        try:
            await self._connection.execute(table.insert().values(**row))
        except IntegrityError as exc:
            raise AlreadyStored from exc

    async def _insert_if_absent(self, table: Table, row: Mapping[str, object]) -> bool:
        """Insert one row unless a unique key holds already; says whether it was written."""
        insertion = self._insertion(table).values(**row).on_conflict_do_nothing()
        # PostgreSQL forgets how many rows an INSERT wrote unless it is asked to keep the number.
        result = await self._connection.execute(insertion.execution_options(preserve_rowcount=True))
        return result.rowcount == 1

    def _insertion(self, table: Table) -> Any:
        """The dialect's own insert, which knows `ON CONFLICT`."""
        if self._connection.dialect.name == "postgresql":
            return insert_postgresql(table)
        return insert_sqlite(table)
