"""When an older copy of the database is put back, what has been destroyed since goes from it again.

Nobody could read it in any case: the keys are never put back with the data (RELIABILITY, 'Secrets'). But its people
would be on it once more, and whatever they did, in their other challenges too, would end at its missing key.
"""

from collections.abc import Callable
from datetime import datetime

from storage.errors import KeyDestroyed
from storage.records import ChallengeId
from storage.unit_of_work import Database

Say = Callable[[str], None]


async def destroy_again(database: Database, now: datetime, *, say: Say) -> None:
    """Delete the records of each challenge whose key is gone. A key database that has never heard of a challenge is no
    proof of its destruction: it may have been lost itself, and nothing is deleted for that."""
    heard_of = database.keys.heads()
    async with database.begin() as uow:
        for challenge in await uow.challenges.all():
            if challenge.destroyed_at is None and challenge.id in heard_of and _has_no_key(database, challenge.id):
                await uow.disposals.destroy_again(challenge.id, now)
                say(
                    f"{challenge.host} had been destroyed, and was in this copy of the database: deleted from it again."
                )
        await uow.commit()


def _has_no_key(database: Database, challenge_id: ChallengeId) -> bool:
    try:
        database.keys.of(challenge_id)
    except KeyDestroyed:
        return True
    return False
