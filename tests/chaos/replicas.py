"""Two replicas on one PostgreSQL live through the days of a visit together; one or the other is killed all the time."""

import asyncio
import random
import time
from collections import Counter

from storage.records import ChallengeId, SessionState
from tests.chaos.killed import LAST, SHORT_LEASE, People, World, live, live_on, reckon
from tests.chaos.outside import Life, Line
from tests.chaos.places import Place, Places, prepared
from tests.chaos.rows import Row

LIVES_FOR = (0.4, 2.0)  # seconds


def replicas(places: Places, size: int) -> Row:
    """`size` kills of one of the two."""
    with places.new() as place:
        challenge_id = prepared(place, last=LAST)
        world = World(people=People(random.Random(size)))
        _live_together(place, world, size)
        time.sleep(SHORT_LEASE.total_seconds())
        live_on(place, world)
        bad = asyncio.run(reckon(place, world, challenge_id))
        sessions, doubled = asyncio.run(_sessions(place, challenge_id))
    days = (world.people.now - World().people.now).days + 1
    bad["duplicated"] += doubled
    del bad["unflagged"]
    return Row(f"{size} kills of one of two, {days} days, {world.people.total} events, {sessions} sessions", bad)


def _live_together(place: Place, world: World, kills: int) -> None:
    chance = random.Random(kills)
    lives = [_born(place), _born(place)]
    for _ in range(kills):
        until = time.monotonic() + chance.uniform(*LIVES_FOR)
        world.serve(lives, until=lambda until=until: time.monotonic() > until)
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


async def _sessions(place: Place, challenge_id: str) -> tuple[int, int]:
    """How many sessions were posted, and how many posts too many there are for them."""
    app = place.open()
    async with app.database.reading() as uow:
        sessions = await uow.sessions.of_challenge(ChallengeId(challenge_id))
        posts = await uow.posts.of_challenge(ChallengeId(challenge_id))
    await app.database.close()
    posted = {session.id for session in sessions if session.state is SessionState.POSTED}
    shown = Counter(post.record for post in posts if post.kind == "triangulation.session" and "#" not in post.slot)
    return len(posted), sum(many - 1 for record, many in shown.items() if record in posted)
