"""kill -9 at every commit, and on either side of every post: what was said is stored once, what was promised is posted
once (Slack), and what cannot be known is asked about (Teams).

Each of a few visits, side by side, is lived through by hundreds of processes, one after the other, each of which is
killed; people's words that were not acknowledged are delivered again to the next, and now and then words that were.
"""

import asyncio
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import repeat
from multiprocessing import get_context

from bot.app import App
from bot.clock import HandClock
from handlers.arrivals.actions import QUESTION
from handlers.chat import Said
from handlers.desk import Turn
from storage import outbox
from storage.outbox import NOT_KNOWN
from storage.records import ChallengeId, OutboxState
from storage.unit_of_work import UnitOfWork
from tests.chaos.outside import Life, Line, Outside
from tests.chaos.places import START, Place, Places, prepared, said
from tests.chaos.rows import Row

Moment = tuple[str, str]

LAST = date(2027, 3, 26)
WORDS = re.compile(r"number (\d+)x")
SHORT_LEASE = timedelta(seconds=0.5)
FOR_SECONDS = timedelta(seconds=8)
VISIT_BEARS = 50  # kills at each point; what has been said grows with them
AT_A_TIME = 2
FAILS = "FAULT"  # what makes the handler of messages fail at its first try, so that the words go through the inbox
POINTS = {
    "_handled": "words taken in",
    "_recover": "words kept after a fault",
    "_settle": "another try put off",
    "_note_and_claim": "endings noted and posts claimed",
    "recover": "a dead process's posts doubted",
    "_run": "a scheduled run",
    "tidy": "what is past its time forgotten",
    "post": "a post handed over",
    "reconcile": "posts taken to be looked for",
}
RARE = ("reconcile", "recover", "_settle", "_recover", "_run", "tidy")
MOMENTS: list[Moment] = [(point, when) for point in POINTS for when in ("before", "after")]


@dataclass(slots=True)
class Plan:
    """Kill this life when it comes to that moment for the `nth` time."""

    point: str
    when: str
    nth: int

    def passes(self, point: str, when: str) -> None:
        if (point, when) == (self.point, self.when):
            self.nth -= 1
            if self.nth <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class People:
    """What the team says, in order; each word is delivered until it is acknowledged."""

    chance: random.Random
    total: int = sys.maxsize
    steps: Sequence[int] = (1, 7, 7, 40, 1500)  # seconds between what is delivered
    now: datetime = START
    next_number: int = 0
    open: dict[str, Said] = field(default_factory=dict)
    told: list[Said] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return self.next_number >= self.total and not self.open

    def batch(self) -> tuple[datetime, list[Said]]:
        """What is delivered next: what was not acknowledged, something said before, and something new."""
        self.now += timedelta(seconds=self.chance.choice(self.steps))
        again = self.chance.sample(self.told, min(len(self.told), 1)) if self.chance.random() < 0.3 else []
        fresh = range(self.next_number, min(self.next_number + 2, self.total))
        self.next_number = max(self.next_number, fresh.stop)
        for number in fresh:
            fails = FAILS if number % 9 == 4 else ""
            self.open[f"m{number}"] = said(number, f"Words number {number}x {fails} #vision", self.now)
        return self.now, [*self.open.values(), *again]

    def acknowledged(self, event: str) -> None:
        if event in self.open:
            self.told.append(self.open.pop(event))


@dataclass
class World(Outside):
    people: People = field(default_factory=lambda: People(random.Random(1)))

    def _next(self) -> tuple[datetime, list[Said]]:
        return self.people.batch()

    def _acknowledged(self, event: str) -> bool:
        self.people.acknowledged(event)
        return True


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit and its share of the kills; its platform keeps keys or does not."""

    place: Place
    keeps_keys: bool
    seed: int
    at_each: int


def killed(places: Places, size: int) -> Row:
    """`size` kills at each point, before it and after, half on a platform that keeps keys and half on another."""
    moments = MOMENTS[:: max(4 // size, 1)]
    many = max(size // VISIT_BEARS, 1)
    with ExitStack() as stack:
        kinds = [keeps_keys for _ in range(many) for keeps_keys in (True, False)]
        visits = [
            Visit(stack.enter_context(places.new()), keeps_keys, number, at_each=-(-size // (2 * len(kinds))))
            for number, keeps_keys in enumerate(kinds)
        ]
        kills, bad = _all_lived_through(visits, moments)
    points = Counter(point for point, _ in kills.elements())
    never = [f"{POINTS[point]} ({when})" for point, when in moments if not kills[point, when]]
    return Row(
        f"{kills.total():,} kills at {len(points)} points, at least {min(points.values())} at each",
        bad,
        short=f"never killed at: {', '.join(never)}" if never else "",
    )


def _all_lived_through(visits: Sequence[Visit], moments: Sequence[Moment]) -> tuple[Counter[Moment], Counter[str]]:
    """A few at a time. They are forked: all is imported by then."""
    kills: Counter[Moment] = Counter()
    bad = Counter({"lost": 0, "duplicated": 0, "unflagged": 0})
    with ProcessPoolExecutor(AT_A_TIME, mp_context=get_context("fork")) as pool:
        for killed_there, bad_there in pool.map(_lived_through, visits, repeat(moments)):
            kills.update(killed_there)
            bad.update(bad_there)
    return kills, bad


def _lived_through(visit: Visit, moments: Sequence[Moment]) -> tuple[Counter[Moment], Counter[str]]:
    challenge_id = prepared(visit.place, last=LAST)
    world = World(visit.keeps_keys, people=People(random.Random(visit.seed)))
    kills = _kill_many(visit.place, world, moments, at_each=visit.at_each)
    live_on(visit.place, world)
    return kills, asyncio.run(reckon(visit.place, world, challenge_id))


def _kill_many(place: Place, world: World, moments: Sequence[Moment], *, at_each: int) -> Counter[Moment]:
    """Until so many lives have ended at each moment, or (a moment may be rare) five times as many were tried."""
    kills: Counter[Moment] = Counter()
    for number in range(5 * at_each * len(moments)):
        left = [moment for moment in moments if kills[moment] < at_each]
        if not left:
            break
        moment = left[number % len(left)]
        if moment[0] == "reconcile":
            _life(place, world, Plan("post", moment[1], nth=1))  # or there would be nothing to look for
            time.sleep(SHORT_LEASE.total_seconds() if place.is_shared else 0)
        if _life(place, world, Plan(*moment, nth=1 if moment[0] in RARE else 1 + number % 3)) == signal.SIGKILL:
            kills[moment] += 1
    return kills


def _life(place: Place, world: World, plan: Plan | None, batches: int = 8) -> int:
    life = Life.born(lambda line: live(place, line, plan, batches), keeps_keys=world.keeps_keys)
    world.serve([life])
    return life.ended_by


def live_on(place: Place, world: World) -> None:
    """Nobody says anything new, and nobody is killed: what is still open comes to its end."""
    world.people.total = world.people.next_number
    for _ in range(3):
        time.sleep(SHORT_LEASE.total_seconds())
        _life(place, world, None, batches=20)
    assert world.people.is_done


async def live(place: Place, line: Line, plan: Plan | None, batches: int) -> None:
    """A process from its start: it takes in what is delivered and does what is due."""
    outbox.LEASE = SHORT_LEASE  # in this process only: with PostgreSQL the dead are missed sooner
    if plan:
        line.at_post = partial(plan.passes, "post")
        _watch_commits(plan)
    app = place.open(porter=line)
    _fail_at_first(app)
    assert isinstance(app.clock, HandClock)
    began = False
    for _ in range(batches):
        now, batch = line.ask("next")
        app.clock.move_to(now)
        if not began:
            await app.delivery.recover()
            began = True
        for incoming in batch:
            await app.dispatch.handle(incoming)
            line.ask("acknowledged", incoming.id)
        await app.scheduler.do_due()
        await app.delivery.drain()
    await app.database.close()


def _watch_commits(plan: Plan) -> None:
    real = UnitOfWork.commit

    async def commit_or_die(self: UnitOfWork) -> None:
        point = sys._getframe(1).f_code.co_name
        plan.passes(point, "before")
        await real(self)
        plan.passes(point, "after")

    UnitOfWork.commit = commit_or_die  # type: ignore[method-assign]  # in this process only, which is about to die


def _fail_at_first(app: App) -> None:
    """Some words find Baseroom at fault for their first seconds."""
    real = app.house.registry.said
    assert real

    async def failing(turn: Turn, incoming: Said) -> None:
        if FAILS in incoming.text and turn.now - incoming.at < FOR_SECONDS:
            raise RuntimeError("a fault of our own")
        await real(turn, incoming)

    app.house.registry.said = failing


async def reckon(place: Place, world: World, challenge_id: str) -> Counter[str]:
    """What was lost, doubled, or left in doubt without anybody being asked."""
    app = place.open(world.people.now)
    async with app.database.reading() as uow:
        wall = await uow.findings.on_the_wall(ChallengeId(challenge_id))
        members = {member.id: member for member in await uow.members.of_challenge(ChallengeId(challenge_id))}
        rows = await uow.outbox.in_state(OutboxState.PARKED)
        under_way = await uow.outbox.in_state(OutboxState.SENDING, OutboxState.UNSURE)
        asked = {row.intent.record for row in await uow.outbox.in_state(*OutboxState) if row.intent.kind == QUESTION}
        handles = {m.person_id: (await uow.accounts.of_person(m.person_id)) for m in members.values()}
    await app.database.close()
    stored = Counter(WORDS.findall(" ".join(finding.text for finding in wall)))
    doubted = {row.intent.to.account for row in rows if row.why == NOT_KNOWN}
    shown = {m.person_id: _numbers(world.sees(f"D-{handles[m.person_id][0].user_id}")) for m in members.values()}
    untold = unflagged = 0
    for finding in wall:
        person_id = members[finding.author_id].person_id
        account = handles[person_id][0]
        if finding.number not in shown[person_id]:
            untold += world.keeps_keys
            unflagged += not world.keeps_keys and account.id not in doubted
    parked = [row for row in rows if row.intent.kind != QUESTION]
    return Counter({
        "lost": len({str(number) for number in range(world.people.total)} - set(stored)) + untold + len(under_way),
        "duplicated": sum(many - 1 for many in stored.values()) + world.doubled,
        "unflagged": unflagged + len([row for row in parked if row.why != NOT_KNOWN or row.id not in asked]),
    })  # fmt: skip


def _numbers(words: str) -> set[int]:
    """The findings that somebody was told of."""
    return {int(number) for number in re.findall(r"#(\d+)\b", words)}
