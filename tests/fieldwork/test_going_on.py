"""A database that is away for a while ends neither the schedule nor delivery: they go on where they stood."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from storage.outbox import OutboxStore
from storage.records import OutboxRow, Run
from storage.runs import RunStore
from tests.fieldwork.day import Day


@dataclass
class AwayAtFirst:
    """The first who asks the database is told that it is away; `told` and `asked_again` say how far that is."""

    told: asyncio.Event = field(default_factory=asyncio.Event)
    asked_again: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self) -> None:
        if self.told.is_set():
            self.asked_again.set()
            return
        self.told.set()
        raise OperationalError("SELECT canary", {}, ConnectionError("the server closed the connection"))


async def test_the_schedule_goes_on(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    database, real, scheduler = AwayAtFirst(), RunStore.due, day.app.scheduler

    async def due(store: RunStore, now: datetime) -> list[Run]:
        database.answer()
        return await real(store, now)

    monkeypatch.setattr(RunStore, "due", due)
    with capture_logs() as lines:
        running = asyncio.create_task(scheduler.run())
        async with asyncio.timeout(5):
            await database.told.wait()
            scheduler.changed.set()
            await database.asked_again.wait()
        running.cancel()
    assert [line["error"] for line in lines if line["event"] == "the schedule waits"] == ["OperationalError"]
    assert "canary" not in str(lines)


async def test_delivery_goes_on(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    database, real, delivery = AwayAtFirst(), OutboxStore.claim, day.app.delivery

    async def claim(store: OutboxStore, now: datetime, busy_lanes: Collection[str], limit: int = 32) -> list[OutboxRow]:
        database.answer()
        return await real(store, now, busy_lanes, limit)

    monkeypatch.setattr(OutboxStore, "claim", claim)
    delivery.pace = timedelta(milliseconds=1)
    with capture_logs() as lines:
        running = asyncio.create_task(delivery.run())
        delivery.something_to_send()
        async with asyncio.timeout(5):
            await database.asked_again.wait()
        running.cancel()
    assert [line["error"] for line in lines if line["event"] == "delivery failed"] == ["OperationalError"]
    assert "canary" not in str(lines)
