"""When an older copy of the database is put back, what has been destroyed since goes from it again.

Nobody could read it in any case: the keys are never put back with the data (RELIABILITY, 'Secrets'). But its people
would be on it once more, and whatever they did, in their other challenges too, would end at its missing key. Where a
key is missing and nobody destroyed it, Baseroom does not go on: those are not the keys of this database. Only where
that key is lost for good is the challenge given up, by name.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from handlers.errors import Refusal
from storage.audit import Act
from storage.errors import KeysMissing
from storage.keys import KeyStore
from storage.records import Challenge
from storage.unit_of_work import Database
from storage.urls import without_password

Say = Callable[[str], None]


class HasItsKey(Refusal):
    """Nothing was deleted: no challenge with that host lacks its key. Write the host’s name whole, as Baseroom gives
    it when it does not start."""


class StillHeld(Refusal):
    """Nothing was deleted: a hold stands on that challenge, and its key may yet be found. Put a copy of the database in
    safe keeping first, then run this again with: --copy-is-safe"""


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


async def give_up(database: Database, host: str, now: datetime, *, copy_is_safe: bool, say: Say) -> None:
    """Delete the records of the challenge whose key is lost for good, so that everything else can go on. Raises
    `HasItsKey`, and `StillHeld` under a hold unless a copy is kept elsewhere."""
    async with database.begin() as uow:
        without = _without_key(await uow.challenges.all(), database.keys)
        lost = [challenge for challenge in without if challenge.host.casefold() == host.casefold()]
        if not lost:
            raise HasItsKey
        for challenge in lost:
            if not copy_is_safe and await uow.keeping.hold_on(challenge.id):
                raise StillHeld
            await uow.disposals.destroy_again(challenge.id, now)
            uow.audit.note(Act(challenge.id, now, "challenge.given_up"))
        await uow.commit()
    say(
        f"{lost[0].host} is given up: its records are deleted, which nobody could read any more. What Baseroom posted "
        "still stands in Slack and Teams, and nobody has been told: please tell its team."
    )


def _what_to_do(without: Sequence[Challenge], keys: KeyStore) -> str:
    otherwise = "put the right keys back, or correct BASEROOM_KEYS_URL."
    if {challenge.id for challenge in without} <= set(keys.heads()):
        return (
            "If a copy of the database from before a destruction was put back, run: baseroom migrate. "
            f"Otherwise {otherwise}"
        )
    return (
        f"Those are not the keys of that database: {otherwise} Where a key is lost for good, and no copy of it is left "
        "anywhere, give that challenge up: baseroom keys give-up HOST"
    )


def _without_key(challenges: Sequence[Challenge], keys: KeyStore) -> list[Challenge]:
    """Those that were not destroyed and have none all the same."""
    names = keys.names()
    return [challenge for challenge in challenges if challenge.destroyed_at is None and challenge.id not in names]
