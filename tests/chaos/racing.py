"""Processes that race for the same posts, some of them frozen for longer than a claim lasts.

The database itself keeps a list of every write to a post that was already over; the platform knows what came twice.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from bot import delivery
from bot.app import App
from bot.clock import HandClock, SystemClock
from storage import outbox
from storage.errors import DatabaseInUse
from storage.lock import only_process
from storage.records import Address, Intent
from tests.chaos.outside import Life, Line, Outside
from tests.chaos.places import START, Place, Places, prepared
from tests.chaos.rows import Row

WORKERS, LANES = 8, 40
SHORT_LEASE = timedelta(seconds=2)
WATCH = (
    "CREATE TABLE stale_writes (id text)",
    """CREATE FUNCTION note_stale_write() RETURNS trigger AS $$
    BEGIN INSERT INTO stale_writes VALUES (OLD.id); RETURN NEW; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER watch BEFORE UPDATE ON outbox FOR EACH ROW
    WHEN (OLD.state IN ('sent', 'dropped')) EXECUTE FUNCTION note_stale_write()""",
)


@dataclass
class Race(Outside):
    """Freezes a process now and then while it posts: the post has arrived, and the process does not hear of it."""

    every: int = 100
    frozen: dict[int, tuple[Life, float, str]] = field(default_factory=dict)
    froze: int = 0

    def _answer_one(self, life: Life) -> None:
        call, values = life.connection.recv()
        answer = self.answer(call, *values)
        if call == "post" and len(self.posts) % self.every == 0 and len(self.frozen) < WORKERS // 2:
            life.freeze()
            self.froze += 1
            self.frozen[life.pid] = (life, time.monotonic() + 2 * SHORT_LEASE.total_seconds(), answer)
        else:
            life.connection.send(answer)

    def _tick(self) -> None:
        for pid, (life, until, answer) in list(self.frozen.items()):
            if time.monotonic() > until:
                del self.frozen[pid]
                life.thaw()
                life.connection.send(answer)


def racing(places: Places, size: int) -> Row:
    """`size` posts and eight processes; on SQLite a second process is refused instead."""
    with places.new() as place:
        prepared(place)
        return _race(place, size) if place.is_shared else _knock(place)


def _race(place: Place, size: int) -> Row:
    asyncio.run(_fill(place, size))
    race = Race(every=max(size // (2 * WORKERS), 3))
    lives = [Life.born(lambda line: _work(place, line)) for _ in range(WORKERS)]
    race.serve(lives)
    stale, states = asyncio.run(_result(place))
    lost = (
        size - len({post.key for post in race.posts}) + sum(many for state, many in states.items() if state != "sent")
    )
    return Row(
        f"{WORKERS} processes, {size:,} posts, {race.froze} times one frozen past its lease",
        {"double claims": race.doubled, "stale writes": stale, "lost": lost},
    )


async def _fill(place: Place, size: int) -> None:
    app = place.open()
    async with app.database.begin() as uow:
        for number in range(size):
            to = Address("slack", "T1", conversation=f"C{number % LANES}")
            await uow.outbox.add(Intent("notice", to, params={"text": f"Post {number}"}), START)
        await uow.commit()
    async with app.database.engine.begin() as connection:
        for statement in WATCH:
            await connection.execute(text(statement))
    await app.database.close()


async def _work(place: Place, line: Line) -> None:
    outbox.LEASE, outbox.SETTLES_WITHIN = SHORT_LEASE, timedelta(0)  # in this process only, and in proportion
    delivery.SEND_WITHIN = SHORT_LEASE.total_seconds() / 4
    app = place.open(porter=line)
    app.delivery.clock = HandClock(START + timedelta(seconds=1), runs_like=SystemClock())
    chance = random.Random(line.connection.fileno())
    while await _is_work_left(app):
        await app.delivery.drain()
        await app.delivery.reconcile()
        await asyncio.sleep(chance.uniform(0, 0.2))
    await app.database.close()


async def _is_work_left(app: App) -> bool:
    async with app.database.reading() as uow:
        return bool((await uow.health.now(app.clock.now())).outbox)


async def _result(place: Place) -> tuple[int, dict[str, int]]:
    app = place.open()
    async with app.database.engine.connect() as connection:
        stale = (await connection.execute(text("SELECT count(*) FROM stale_writes"))).scalar_one()
        counted = "SELECT state, count(*) AS many FROM outbox WHERE kind = 'notice' GROUP BY state"
        rows = await connection.execute(text(counted))
        states = {row.state: row.many for row in rows}
    await app.database.close()
    return stale, states


@dataclass
class Gate(Outside):
    """Hears who came in."""

    heard: Counter[str] = field(default_factory=Counter)

    def _tried(self, result: str) -> None:
        self.heard[result] += 1


def _knock(place: Place) -> Row:
    url, gate = f"sqlite+aiosqlite:///{place.folder / 'baseroom.db'}", Gate()
    with only_process(url):
        gate.serve([Life.born(lambda line: _try_the_lock(url, line)) for _ in range(WORKERS)])
    refused = f"{gate.heard['refused']} refused in words"
    return Row(f"{WORKERS} more processes on one file", {"let in": WORKERS - gate.heard["refused"]}, refused)


async def _try_the_lock(url: str, line: Line) -> None:
    try:
        with only_process(url):
            line.ask("tried", "let in")
    except DatabaseInUse:
        line.ask("tried", "refused")
