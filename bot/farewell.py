"""Tells everybody who was on a team that what Baseroom kept of their challenge is destroyed, so that nobody finds an
empty chat and wonders.

It goes straight to the platform and not through the outbox: nothing of it may be left behind, and nobody can be written
to any more once it is forgotten how they are reached.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

import structlog

from bot.carrying import CLOCKS_DIFFER
from bot.clock import Clock
from bot.ports import NotSent, Porter, Refused, Target, Unsure
from handlers.chat import Card
from handlers.disposal.cards import told_card
from storage.records import Account, ChallengeId, DisposalStep
from storage.unit_of_work import Database

log = structlog.get_logger("baseroom.disposal")

SETTLES = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Word:
    """What they are told. Nobody was told it before `since`."""

    challenge_id: ChallengeId
    card: Card
    since: datetime

    def key_for(self, seat: Account) -> str:
        """By which the platform finds it again."""
        return uuid5(NAMESPACE_OID, f"{self.challenge_id} {seat.id}").hex


@dataclass(frozen=True, slots=True)
class Farewell:
    database: Database
    clock: Clock
    porters: Mapping[str, Porter]

    async def tell_team(self, challenge_id: ChallengeId) -> timedelta | None:
        """Each in turn, and nobody twice however often this is begun. Returns after which time to go on; None when
        everybody has been told who can be."""
        async with self.database.reading() as uow:
            disposal = await uow.disposals.get(challenge_id)
            card = told_card(await uow.challenges.get(challenge_id))
            team = [await uow.accounts.of_person(one) for one in await uow.disposals.rest_of_team(challenge_id)]
        told, word = disposal.tally.told, Word(challenge_id, card, disposal.done[DisposalStep.POSTS] - CLOCKS_DIFFER)
        for number, seats in enumerate(team[told:], start=told):
            try:
                await self._tell(number, seats, word)
            except NotSent as exc:
                return exc.retry_after
            except Unsure:
                return SETTLES
        return None

    async def _tell(self, number: int, seats: Sequence[Account], word: Word) -> None:
        """1 note that it begins; 2 write to the first account that takes it; 3 note that it is over.

        Raises `NotSent` and `Unsure`: it is to be begun again.
        """
        was_begun = await self._note(word.challenge_id, telling=number + 1)
        try:
            for seat in seats:
                if await self._reach(seat, word, was_begun=was_begun):
                    break
        except NotSent:
            await self._note(word.challenge_id, telling=number)
            raise
        await self._note(word.challenge_id, telling=number + 1, is_over=True)

    async def _reach(self, seat: Account, word: Word, *, was_begun: bool) -> bool:
        """Whether they have it there. What may have arrived before is looked for, and never sent again blindly."""
        porter = self.porters.get(seat.platform)
        if porter is None:
            return False
        try:
            target = Target(seat.dm or await porter.open_dm(seat))
            if not (was_begun and await _has_arrived(porter, target, word.key_for(seat), word.since)):
                await porter.post(target, porter.pages(word.card)[0], key=word.key_for(seat))
        except (NotSent, Unsure):
            raise
        except Exception as exc:  # noqa: BLE001  # refused, or a fault: one person must not hold up the destruction
            log.info("somebody is not told", why=str(exc) if isinstance(exc, Refused) else type(exc).__name__)
            return False
        return True

    async def _note(self, challenge_id: ChallengeId, *, telling: int, is_over: bool = False) -> bool:
        """Write down how many it has begun for; says whether it had begun for as many before."""
        async with self.database.begin() as uow:
            tally = (await uow.disposals.get(challenge_id)).tally
            told = telling if is_over else tally.told
            await uow.disposals.note(challenge_id, replace(tally, telling=telling, told=told))
            await uow.commit()
        return tally.telling >= telling


async def _has_arrived(porter: Porter, target: Target, key: str, since: datetime) -> bool:
    """True too where the platform cannot tell: better not told than told twice."""
    try:
        return await porter.find(target, key, since) is not None
    except Unsure:
        return True
