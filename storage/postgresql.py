"""PostgreSQL near at hand: what a store has built once goes straight to the driver."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import psycopg
from sqlalchemy import CursorResult
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql import Executable

from storage.prepared import Connection, Found, Prepared, Values

_DIALECT: type[DefaultDialect] = PGDialectAsync_psycopg


class ServerConnection(Connection):
    """One of an engine's connections. What is not committed at the end is rolled back."""

    compiled_for = _DIALECT(paramstyle="format")

    def __init__(self, core: AsyncConnection, driver: psycopg.AsyncConnection[Any]) -> None:
        self._core = core
        self._driver = driver

    @classmethod
    @asynccontextmanager
    async def of(cls, engine: AsyncEngine) -> AsyncIterator[Self]:
        async with engine.connect() as core:
            driver = (await core.get_raw_connection()).driver_connection
            assert isinstance(driver, psycopg.AsyncConnection)
            yield cls(core, driver)

    @property
    def dialect(self) -> Dialect:
        return self._core.dialect

    async def commit(self) -> None:
        if self._core.in_transaction():  # SQLAlchemy has run something besides: its transaction is the driver's
            await self._core.commit()
        else:
            await self._driver.commit()

    async def _run_by_sqlalchemy(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]:
        return await self._core.execute(statement, parameters)

    async def _run(self, plan: Prepared, several: Sequence[Values]) -> Found:
        rows, count = list[Any](), 0
        try:
            for values in several:
                cursor = await self._driver.execute(plan.sql, plan.bind(values))
                rows += plan.rows(await cursor.fetchall() if cursor.description else ())
                count += cursor.rowcount
        except psycopg.Error as exc:
            if self._driver.closed:
                await self._core.invalidate(exc)
            raise DBAPIError.instance(
                plan.sql, None, exc, psycopg.Error, hide_parameters=True, dialect=self.dialect
            ) from exc
        return Found(rows, count)
