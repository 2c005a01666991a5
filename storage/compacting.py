"""Gives the space of deleted rows back, so that not even their sealed words are left in the files.

SQLite keeps deleted rows in its write-ahead log until that is emptied: it is truncated, the file is written anew, and
the log is truncated again, and each of the three must have happened whole (RELIABILITY, 'Destruction', 4).
"""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.unit_of_work import Database


async def compact(database: Database) -> bool:
    """Whether it was done whole; False when somebody was reading, and it is to be tried again later."""
    async with database.alone() as engine:
        if engine.dialect.name == "sqlite":
            return await _compact_file(engine)
        async with engine.connect() as connection:
            freely = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await freely.execute(text("VACUUM"))
        return True


async def _compact_file(engine: AsyncEngine) -> bool:
    """Past SQLAlchemy, which would begin a transaction first: a file cannot be written anew inside one."""
    async with engine.connect() as pooled:
        connection: Any = (await pooled.get_raw_connection()).driver_connection
        if not await _emptied_log(connection):
            return False
        await (await connection.execute("VACUUM")).close()
        return await _emptied_log(connection)


async def _emptied_log(connection: Any) -> bool:
    cursor = await connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy, _, _ = await cursor.fetchone()
    await cursor.close()
    return not busy
