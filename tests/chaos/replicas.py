"""Two replicas on one PostgreSQL live through a day of a visit; in every minute of it one of them is killed.

Minutes pass faster here than outside: a minute of the day takes about a second, and a lease is shorter in proportion.
"""

import asyncio
import random
import time
from collections import Counter
from datetime import timedelta

from handlers.triangulation.times import moment_of
from storage.records import ChallengeId, SessionState
from tests.chaos.killed import LAST, SHORT_LEASE, People, World, live, live_on, reckon
from tests.chaos.outside import Life, Line
from tests.chaos.places import START, Place, Places, prepared
from tests.chaos.rows import Row
from tests.fieldwork.day import LONDON

BETWEEN = (5, 10, 15, 30)  # seconds from one delivery to the next
MINUTE = timedelta(minutes=1)


def replicas(places: Places, size: int) -> Row:
    """`size` minutes from nine o'clock, and as many kills."""
    with places.new() as place:
        challenge_id = prepared(place, last=LAST)
        world = World(people=People(random.Random(size), steps=BETWEEN))
        _live_together(place, world, size)
        time.sleep(SHORT_LEASE.total_seconds())
        live_on(place, world)
        bad = asyncio.run(reckon(place, world, challenge_id))
        held, missed, doubled = asyncio.run(_sessions(place, world, challenge_id))
    bad["lost"] += missed
    bad["duplicated"] += doubled
    del bad["unflagged"]
    until = (START + size * MINUTE).strftime("%H:%M")
    return Row(f"{size} kills from 9:00 to {until}, {world.people.total:,} messages, {held} sessions", bad)


def _live_together(place: Place, world: World, minutes: int) -> None:
    chance = random.Random(minutes)
    lives = [_born(place), _born(place)]
    for minute in range(minutes):
        until = START + minute * MINUTE + timedelta(seconds=chance.uniform(5, 60))
        world.serve(lives, until=lambda until=until: world.people.now > until)
        doomed = lives.pop(0) if chance.random() < 0.5 else lives.pop()
        doomed.kill()
        doomed.bury()
        lives.append(_born(place))
    for life in lives:
        life.kill()
        life.bury()


def _born(place: Place) -> Life:
    return Life.born(lambda line: _live(place, line))


async def _live(place: Place, line: Line) -> None:
    await live(place, line, None, batches=100_000)


async def _sessions(place: Place, world: World, challenge_id: str) -> tuple[int, int, int]:
    """How many sessions were posted, how many were due and were not, and how many posts too many there are."""
    app = place.open()
    async with app.database.reading() as uow:
        sessions = await uow.sessions.of_challenge(ChallengeId(challenge_id))
        posts = await uow.posts.of_challenge(ChallengeId(challenge_id))
    await app.database.close()
    posted = {session.id for session in sessions if session.state is SessionState.POSTED}
    due = {one.id for one in sessions if START <= moment_of(one.day, one.time, LONDON) <= world.people.now}
    shown = Counter(post.record for post in posts if post.kind == "triangulation.session" and "#" not in post.slot)
    doubled = sum(many - 1 for record, many in shown.items() if record in posted)
    return len(posted), len(due - set(shown)), doubled
