"""Two replicas on PostgreSQL that want the same rows at the same moment."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from bot.dispatch import Dispatch, Fault
from handlers.chat import AnyIncoming, Said
from handlers.desk import Turn
from storage.errors import Overtaken
from storage.unit_of_work import UnitOfWork
from tests.chaos.places import START, Place, Places, said
from tests.fixtures.postgres import Postgres


async def test_what_fails_in_one_and_succeeds_in_the_other_is_done_once_and_blocks_neither(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Places("postgresql", tmp_path, postgres).new() as place:
        day = await place.prepare()
        first, second = place.open(), place.open()
        has_its_mark, may_go_on, in_second = asyncio.Event(), asyncio.Event(), []
        real_turn, real_recover = Dispatch._turn, Dispatch._recover

        async def turn(self: Dispatch, uow: UnitOfWork, incoming: AnyIncoming) -> Turn:
            if self is second.dispatch:
                has_its_mark.set()
                await may_go_on.wait()
            return await real_turn(self, uow, incoming)

        async def recover(self: Dispatch, incoming: AnyIncoming, fault: Fault) -> object:
            in_second.append(asyncio.create_task(second.dispatch.handle(incoming)))
            await has_its_mark.wait()
            return await real_recover(self, incoming, fault)

        async def failing(_turn: Turn, _said: Said) -> None:
            raise RuntimeError("a fault of our own")

        first.house.registry.said = failing
        monkeypatch.setattr(Dispatch, "_turn", turn)
        monkeypatch.setattr(Dispatch, "_recover", recover)
        async with asyncio.timeout(60):
            in_first = asyncio.create_task(first.dispatch.handle(said(1, "Partners share one plan #vision")))
            await until_one_waits_for_the_other(place)
            may_go_on.set()
            await asyncio.gather(in_first, *in_second)
        assert [finding.number for finding in await day.wall()] == [1]
        async with day.app.database.reading() as uow:
            assert await uow.inbox.due(START.replace(year=2027)) == []
        for app in (first, second, day.app):
            await app.database.close()


async def test_of_two_that_wait_for_each_other_one_is_told_that_it_was_overtaken(
    postgres: Postgres, tmp_path: Path
) -> None:
    with Places("postgresql", tmp_path, postgres).new() as place:
        app = (await place.prepare()).app
        holding = {"one": asyncio.Event(), "two": asyncio.Event()}

        async def mark(own: str, others: str) -> str:
            try:
                async with app.database.begin() as uow:
                    await uow.inbox.is_new(own, START)
                    holding[own].set()
                    await holding[others].wait()
                    await uow.inbox.is_new(others, START)
            except Overtaken:
                return "overtaken"
            return "done"

        async with asyncio.timeout(60):
            ends = await asyncio.gather(mark("one", "two"), mark("two", "one"))
        assert sorted(ends) == ["done", "overtaken"]
        await app.database.close()


async def until_one_waits_for_the_other(place: Place) -> None:
    address = place.url.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as looking:
        while True:
            waiting = await looking.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            row = await waiting.fetchone()
            if row and row[0]:
                return
