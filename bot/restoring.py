"""When an older copy of the database is put back, what has been destroyed since goes from it again.

Nobody could read it in any case: the keys are never put back with the data (RELIABILITY, 'Secrets'). But its people
would be on it once more, and whatever they did, in their other challenges too, would end at its missing key. Where a
key is missing and nobody destroyed it, Baseroom does not go on: those are not the keys of this database.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from storage.errors import KeysMissing
from storage.keys import KeyStore
from storage.records import Challenge
from storage.unit_of_work import Database
from storage.urls import without_password

Say = Callable[[str], None]


async def destroy_again(database: Database, now: datetime, *, say: Say) -> None:
    """Delete the records of each challenge whose key is gone. A key database that has never heard of a challenge is no
    proof of its destruction: it may have been lost itself, and nothing is deleted for that."""
    heard_of = database.keys.heads()
    async with database.begin() as uow:
        for challenge in _without_key(await uow.challenges.all(), database.keys):
            if challenge.id in heard_of:
                await uow.disposals.destroy_again(challenge.id, now)
                say(
                    f"{challenge.host} had been destroyed, and was in this copy of the database: deleted from it again."
                )
        await uow.commit()


async def check_keys_fit(database: Database) -> None:
    """Raises `KeysMissing` while a challenge that nobody destroyed has no key. To go on would tell people that it has
    been destroyed, while its key may only be elsewhere."""
    async with database.reading() as uow:
        challenges = await uow.challenges.all()
    without = _without_key(challenges, database.keys)
    if not without:
        return
    stand = "stands in {} and has" if len(without) == 1 else "stand in {} and have"
    raise KeysMissing(
        f"{', '.join(sorted(challenge.host for challenge in without))} "
        f"{stand.format(without_password(database.engine.url))} no key in {database.keys.address}. "
        f"{_what_to_do(without, database.keys)}"
    )


def _what_to_do(without: Sequence[Challenge], keys: KeyStore) -> str:
    otherwise = "put the right keys back, or correct BASEROOM_KEYS_URL."
    if {challenge.id for challenge in without} <= set(keys.heads()):
        return (
            "If a copy of the database from before a destruction was put back, run: baseroom migrate. "
            f"Otherwise {otherwise}"
        )
    return f"Those are not the keys of that database: {otherwise}"


def _without_key(challenges: Sequence[Challenge], keys: KeyStore) -> list[Challenge]:
    """Those that were not destroyed and have none all the same."""
    names = keys.names()
    return [challenge for challenge in challenges if challenge.destroyed_at is None and challenge.id not in names]
