"""Brings a database to the version that this program needs."""

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.tables import metadata


async def migrate(engine: AsyncEngine) -> None:
    """Make or upgrade the tables."""
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
