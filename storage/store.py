"""What every store has: a connection, the keys, and the few statements that all of them make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Insert, Row, Table
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import Executable

from storage.errors import AlreadyStored
from storage.keys import KeyStore, Seal
from storage.memory import Recall
from storage.prepared import Connection
from storage.records import ChallengeId

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

RowOf = Row[Any]
Kept = TypeVar("Kept")


class Store:
    """One noun's rows, over the connection of the unit of work."""

    def __init__(self, connection: Connection, keys: KeyStore, recall: Recall) -> None:
        self._connection = connection
        self._keys = keys
        self._recall = recall

    def _seal(self, challenge_id: ChallengeId) -> Seal:
        return self._keys.of(challenge_id)

    async def _all(self, query: Executable, **bound: object) -> list[RowOf]:
        """`bound` are the values of the query's parameters. A query that every finding makes is built once, with
        parameters: building it anew costs SQLAlchemy far more than SQLite takes to answer it (measured)."""
        result = await (self._connection.execute(query, bound) if bound else self._connection.execute(query))
        return list(result.all())

    async def _one(self, query: Executable, **bound: object) -> RowOf | None:
        result = await (self._connection.execute(query, bound) if bound else self._connection.execute(query))
        return result.first()

    async def _remembered(self, query: Executable, keep: Callable[[RowOf], Kept], **bound: object) -> list[Kept]:
        """What changes seldom, as `keep` makes it of the rows: from memory where it is there. Names stay sealed in
        what is kept. Who writes to such rows calls `_recall.change`. `query` is one that was built once."""
        key = (query, *bound.values())
        kept = self._recall.known(key)
        if kept is None:
            kept = [keep(row) for row in await self._all(query, **bound)]
            self._recall.keep(key, kept)
        return list(kept)

    async def _change(self, statement: Executable) -> None:
        """Write to rows that are remembered: what was remembered no longer holds."""
        self._recall.change()
        await self._connection.execute(statement)

    async def _insert(self, table: Table, row: Mapping[str, object]) -> None:
        """Insert one row; a constraint violation becomes `AlreadyStored`."""
        try:
            await self._connection.execute(_insertion_of(table), dict(row))
        except IntegrityError as exc:
            raise AlreadyStored from exc

    async def _insert_all(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert several rows, or none."""
        if rows:
            await self._connection.execute(_insertion_of(table), list(map(dict, rows)))

    async def _insert_if_absent(self, table: Table, row: Mapping[str, object]) -> bool:
        """Insert one row unless a unique key holds already; says whether it was written."""
        insertion = _insertion_if_absent(table, self._connection.dialect.name)
        result = await self._connection.execute(insertion, dict(row))
        return bool(result.rowcount == 1)

    def _insertion(self, table: Table) -> Any:
        """The dialect's own insert, which knows `ON CONFLICT`."""
        if self._connection.dialect.name == "postgresql":
            return insert_postgresql(table)
        return insert_sqlite(table)


def row_of(record: "DataclassInstance") -> dict[str, object]:
    """The fields of a record that is kept as it is. (`asdict` would copy each, which takes longer than the insert.)"""
    return {field.name: getattr(record, field.name) for field in fields(record)}


@cache
def _insertion_of(table: Table) -> Insert:
    """One statement for each table, compiled once; the rows are bound to it. We make our own ids: none is asked for."""
    return table.insert().inline()


@cache
def _insertion_if_absent(table: Table, dialect: str) -> Any:
    # PostgreSQL forgets how many rows an INSERT wrote unless it is asked to keep the number.
    insertion = insert_postgresql(table) if dialect == "postgresql" else insert_sqlite(table)
    return insertion.inline().on_conflict_do_nothing().execution_options(preserve_rowcount=True)
