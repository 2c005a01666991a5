"""A platform on a bad day: one post in twenty meets a 429, a 5xx, a timeout or a reset. The clock is moved by hand."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import HandClock
from bot.ports import NotSent, Target, Unsure
from handlers.chat import Card, File
from storage.records import Address, Intent
from tests.chaos.outside import words_of
from tests.chaos.places import START, Place, Places, prepared
from tests.chaos.rows import Row
from tests.fieldwork.platform import MemoryPlatform

LANES = 200
FAULTY = 0.05
LONGEST_WAIT = 30  # seconds that a Retry-After asks for at most
IN_TIME = timedelta(seconds=60)
PER_SECOND = 10


@dataclass
class BadDay(MemoryPlatform):
    """Counts what a polite sender never does: coming back too early, and sending again without having looked."""

    clock: HandClock = field(default_factory=lambda: HandClock(START))
    chance: random.Random = field(default_factory=lambda: random.Random(5))
    too_early: int = 0
    blind: int = 0
    faults: int = 0
    not_before: dict[str, datetime] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    posted: dict[str, list[datetime]] = field(default_factory=dict)

    def pages(self, content: Card | File) -> Sequence[object]:
        return (content,)

    async def post(self, target: Target, page: object, *, key: str) -> str:
        now = self.clock.now()
        self.too_early += now < self.not_before.get(target.conversation, now)
        self.blind += key in self.doubtful
        if self.chance.random() >= FAULTY:
            return self._arrives(page, key)
        self.faults += 1
        if self.chance.random() < 0.5:
            wait = timedelta(seconds=self.chance.randint(1, LONGEST_WAIT))
            self.not_before[target.conversation] = now + wait
            raise NotSent("rate limited", wait)
        self.doubtful.add(key)
        if self.chance.random() < 0.5:
            self._arrives(page, key)
        raise Unsure(self.chance.choice(("timeout", "reset", "500", "503")))

    async def find(self, target: Target, key: str, since: datetime) -> str | None:
        self.doubtful.discard(key)
        return key if any(key in words for words in self.posted) else None

    def _arrives(self, page: object, key: str) -> str:
        self.posted.setdefault(f"{words_of(page)}|{key}", []).append(self.clock.now())
        return key


def refused(places: Places, size: int) -> Row:
    with places.new() as place:
        prepared(place)
        platform = BadDay()
        due = asyncio.run(_deliver(place, platform, size))
    late = [moment for moment, posted in due.items() if not posted or posted[0] - START > _due(moment) + IN_TIME]
    twice = sum(len(moments) - 1 for moments in platform.posted.values())
    in_time = 1 - len(late) / size
    return Row(
        f"{size:,} posts, {platform.faults} faults",
        {
            "retries before Retry-After": platform.too_early,
            "blind re-sends": platform.blind + twice,
            "lost": size - len(platform.posted),
        },
        f"{100 * in_time:.2f} % within 60 s of due",
        "" if in_time >= 0.999 else "the goal is 99.9 %",
    )


def _due(number: int) -> timedelta:
    return timedelta(seconds=number // PER_SECOND)


async def _deliver(place: Place, platform: BadDay, size: int) -> dict[int, list[datetime]]:
    """Ten posts fall due each second; every second of the hand clock the scheduler looks, as it does when it wakes."""
    app = place.open(porter=platform)
    assert isinstance(app.clock, HandClock)
    platform.clock = app.clock
    async with app.database.begin() as uow:
        for number in range(size):
            to = Address("slack", "T1", conversation=f"C{number % LANES}")
            text = {"text": f"Post {number}."}
            await uow.outbox.add(Intent("notice", to, params=text, due_at=START + _due(number)), START)
        await uow.commit()
    for second in range(size // PER_SECOND + 240):
        app.clock.move_to(START + timedelta(seconds=second))
        await app.delivery.reconcile()
        await app.delivery.drain()
    await app.database.close()
    found = {words.partition("|")[0]: moments for words, moments in platform.posted.items()}
    return {number: found.get(f"Post {number}.", []) for number in range(size)}
