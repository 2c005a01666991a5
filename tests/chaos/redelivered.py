"""Events delivered four times each, shuffled: each has one effect. With PostgreSQL two replicas take them in."""

import asyncio
import random
from collections import Counter

from storage.records import ChallengeId
from tests.chaos.outside import Life, Line, Outside
from tests.chaos.places import Place, Places, prepared, said
from tests.chaos.rows import Row

TIMES = 4
AT_ONCE = 16


def redelivered(places: Places, size: int) -> Row:
    deliveries = [number for number in range(size) for _ in range(TIMES)]
    random.Random(size).shuffle(deliveries)
    with places.new() as place:
        challenge_id = prepared(place)
        replicas = 2 if place.is_shared else 1
        shares = [deliveries[replica::replicas] for replica in range(replicas)]
        Outside().serve([Life.born(lambda line, share=share: _take_in(place, share, line)) for share in shares])
        stored = asyncio.run(_stored(place, challenge_id))
    twice = sum(many - 1 for many in stored.values())
    return Row(
        f"{size:,} events, each {TIMES} times, {replicas} process{'es' if replicas > 1 else ''}",
        {"lost": size - len(stored), "doubled": twice},
        f"{stored.total():,} effects",
    )


async def _take_in(place: Place, numbers: list[int], _line: Line) -> None:
    app = place.open()
    left = iter(numbers)

    async def deliver() -> None:
        for number in left:
            await app.dispatch.handle(said(number, f"Words number {number} #vision"))

    await asyncio.gather(*(deliver() for _ in range(AT_ONCE)))
    await app.database.close()


async def _stored(place: Place, challenge_id: str) -> Counter[str]:
    app = place.open()
    async with app.database.reading() as uow:
        wall = await uow.findings.on_the_wall(ChallengeId(challenge_id))
    await app.database.close()
    return Counter(finding.text for finding in wall)
