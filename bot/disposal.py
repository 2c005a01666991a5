"""Carries a confirmed destruction through, step by step, however often the process ends on the way.

Each step is written down when it is done, and may be done again without harm: what is deleted stays deleted. The
references to Baseroom's own posts outlive the key, so that they can still be taken off the platforms one by one. It
waits for no hour of the day: the rest of the team are told by day, and all that is kept for that is their chats.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.housekeeping import note_heads
from bot.logs import where
from bot.ports import Gone, NotSent, Porter, Refused, Target, Unsure
from handlers.chat import Card
from handlers.desk import Desk, House
from handlers.disposal import posts
from handlers.disposal.rules import told_by
from handlers.routing import HOME_TAB
from storage.compacting import compact
from storage.errors import KeyDestroyed
from storage.records import Account, Address, ChallengeId, Disposal, DisposalStep, Intent, Post, Tally
from storage.unit_of_work import Database

log = structlog.get_logger("baseroom.disposal")

TAKEN_FOR = timedelta(minutes=2)  # after which another process goes on, if this one has ended
SETTLES = timedelta(seconds=15)
SETTLED_BY = timedelta(minutes=10)  # a post whose fate is not known by then never will be
AT_ONCE = 20  # posts deleted in one go
DELETING_TAKES = 1.25  # times the pace of posting: Slack allows some fifty deletions a minute


@dataclass(frozen=True, slots=True)
class Wait:
    """The step is not done: go on then."""

    until: datetime


Result = Wait | None


@dataclass(frozen=True, slots=True)
class Disposer:
    """`pace` is the least time between two deletions.

    `backup_days` is for how long whoever runs Baseroom keeps backups of the database, as far as is known.
    """

    database: Database
    house: House
    clock: Clock
    porters: Mapping[str, Porter]
    pace: timedelta
    backup_days: int | None

    async def go_on(self) -> None:
        """Carry every destruction that is under way as far as it goes now."""
        async with self.database.reading() as uow:
            due = await uow.disposals.due(self.clock.now())
        for challenge_id in due:
            try:
                await self._carry_on(challenge_id)
            except Exception as exc:  # noqa: BLE001  # it may be this challenge's alone: the others go on, and it is tried again
                log.warning("a destruction waits", error=type(exc).__name__, where=where(exc.__traceback__))

    async def _carry_on(self, challenge_id: ChallengeId) -> None:
        if not await self._take(challenge_id):
            return None
        while (step := (await self._read(challenge_id)).next_step) is not None:
            result = await self._steps()[step](challenge_id)
            if isinstance(result, Wait):
                return await self._wait(challenge_id, result.until)
            await self._note_done(challenge_id, step)
        return await self._wait(challenge_id, None)

    def _steps(self) -> Mapping[DisposalStep, Callable[[ChallengeId], Awaitable[Result]]]:
        return {
            DisposalStep.STOP: self._stop_writing,
            DisposalStep.KEY: self._destroy_key,
            DisposalStep.POSTS: self._delete_posts,
            DisposalStep.ROWS: self._delete_rows,
            DisposalStep.COMPACT: self._compact,
            DisposalStep.CERTIFY: self._certify,
            DisposalStep.FORGET: self._forget_chats,
        }

    # ---- the steps

    async def _stop_writing(self, challenge_id: ChallengeId) -> Result:
        """Nothing is scheduled or waits to be sent any more, and what is being sent has ended; then it is counted."""
        now = self.clock.now()
        async with self.database.begin() as uow:
            await uow.runs.cancel_all(challenge_id)
            open_ = await uow.outbox.drop_challenge(challenge_id)
            confirmed_at = (await uow.disposals.get(challenge_id)).confirmed_at or now
            settles = open_.get("sending", 0) + open_.get("unsure", 0)
            if settles and now < confirmed_at + SETTLED_BY:
                await uow.commit()
                return Wait(now + SETTLES)
            tally = await uow.disposals.count(challenge_id)
            await uow.disposals.note(
                challenge_id, replace(tally, unknown=sum(open_.values()), backup_days=self.backup_days)
            )
            await uow.commit()
        return None

    async def _destroy_key(self, challenge_id: ChallengeId) -> Result:
        """1 note the key's fingerprint; 2 delete it, here and in its backup, and read both again; 3 try it."""
        keys = self.database.keys
        try:
            async with self.database.begin() as uow:
                tally = (await uow.disposals.get(challenge_id)).tally
                await uow.disposals.note(challenge_id, replace(tally, fingerprint=keys.fingerprint(challenge_id)))
                await uow.commit()
        except KeyDestroyed:
            pass  # the process ended between deleting the key and writing that down
        keys.destroy(challenge_id)
        try:
            keys.of(challenge_id)
        except KeyDestroyed:
            return None
        raise RuntimeError("the key still opens")

    async def _delete_posts(self, challenge_id: ChallengeId) -> Result:
        """Baseroom's own posts, a few at a time; what the platform refuses is counted and left to its administrator."""
        while True:
            async with self.database.reading() as uow:
                left = await uow.disposals.posts_left(challenge_id, AT_ONCE)
            if not left:
                await self._clear_home_pages(challenge_id)
                return None
            for post in left:
                try:
                    await self._delete_post(challenge_id, post)
                except NotSent as exc:
                    return Wait(self.clock.now() + exc.retry_after)
                except Unsure:
                    return Wait(self.clock.now() + SETTLES)
            if self.pace:
                return Wait(self.clock.now() + len(left) * DELETING_TAKES * self.pace)

    async def _delete_post(self, challenge_id: ChallengeId, post: Post) -> None:
        """Delete it, then forget where it stood. Raises `NotSent` and `Unsure`: it may be deleted again."""
        refused = await self._refusal(post)
        async with self.database.begin() as uow:
            await uow.posts.forget(post)
            await uow.disposals.note(challenge_id, _counted((await uow.disposals.get(challenge_id)).tally, refused))
            await uow.commit()

    async def _refusal(self, post: Post) -> str:
        """Why the platform would not delete it; "" when it is not there any more."""
        porter = self.porters.get(post.platform)
        if porter is None:
            return "not connected"
        try:
            await porter.delete(Target(post.conversation), post.message)
        except Gone:
            return ""
        except Refused as exc:
            return str(exc) or "refused"
        return ""

    async def _clear_home_pages(self, challenge_id: ChallengeId) -> None:
        """What a home page last showed stays there until another is put in its place."""
        async with self.database.reading() as uow:
            accounts = [
                account
                for person_id in await uow.disposals.people_of(challenge_id)
                for account in await uow.accounts.of_person(person_id)
            ]
        for account in accounts:
            try:
                await self._clear_home_page(account)
            except (NotSent, Refused, Unsure, Gone) as exc:
                log.info("a home page stays as it was", why=str(exc))

    async def _clear_home_page(self, account: Account) -> None:
        to = Address(account.platform, account.workspace, account=account.id)
        async with self.database.reading() as uow:
            desk = Desk(uow, self.clock.now(), self.house)
            card = await self.house.registry.posts[HOME_TAB].build(desk, Intent(HOME_TAB, to))
        porter = self.porters.get(account.platform)
        if porter is not None and isinstance(card, Card):
            await porter.show_home(account, card)

    async def _delete_rows(self, challenge_id: ChallengeId) -> Result:
        """And who the rest of the team were; a word to each of them is promised in the same transaction."""
        await self._open_chats(challenge_id)
        async with self.database.begin() as uow:
            tally = (await uow.disposals.get(challenge_id)).tally
            telling = await posts.send_word(Desk(uow, self.clock.now(), self.house), challenge_id, self.porters)
            deleted = await uow.disposals.delete_rows(challenge_id)
            await uow.disposals.note(
                challenge_id, replace(tally, rows=tally.rows + deleted, telling=tally.telling + telling)
            )
            await uow.commit()
        return None

    async def _open_chats(self, challenge_id: ChallengeId) -> None:
        """With those of the team to whom Baseroom has never written; none that cannot be opened now is waited for."""
        async with self.database.reading() as uow:
            team = [await uow.accounts.of_person(one) for one in await uow.disposals.rest_of_team(challenge_id)]
        for seats in team:
            connected = [seat for seat in seats if seat.platform in self.porters]
            if connected and not any(seat.dm for seat in connected):
                try:
                    await self._open_chat(connected[0])
                except Exception as exc:  # noqa: BLE001  # refused, busy, or a fault: one person must not hold up the destruction
                    log.info("somebody is not told", why=type(exc).__name__)

    async def _open_chat(self, seat: Account) -> None:
        chat = await self.porters[seat.platform].open_dm(seat)
        async with self.database.begin() as uow:
            await uow.accounts.set_dm(seat.id, chat)
            await uow.commit()

    async def _compact(self, _challenge_id: ChallengeId) -> Result:
        """Whoever reads just then has it done a quarter of an hour later."""
        return None if await compact(self.database) else Wait(self.clock.now() + timedelta(minutes=15))

    async def _certify(self, challenge_id: ChallengeId) -> Result:
        """Promised in the transaction that ends it, so that it goes out once."""
        now = self.clock.now()
        async with self.database.begin() as uow:
            await uow.disposals.note_done(challenge_id, DisposalStep.CERTIFY, now)
            disposal = await uow.disposals.get(challenge_id)
            desk = Desk(uow, now, self.house)
            desk.audit(challenge_id, "destruction.done", rows=disposal.tally.rows, posts=disposal.tally.posts)
            await posts.show_progress(desk, disposal)
            await posts.hand_over_document(desk, disposal)
            await uow.commit()
        await note_heads(self.database)  # what was decided is known apart from the trail
        log.info("a destruction is done", rows=disposal.tally.rows, posts=disposal.tally.posts)
        return None

    async def _forget_chats(self, challenge_id: ChallengeId) -> Result:
        """Once all who can be are told, or the time for that is over: then it is forgotten how they were reached."""
        now = self.clock.now()
        async with self.database.begin() as uow:
            disposal = await uow.disposals.get(challenge_id)
            until, due = told_by(disposal) or now, await uow.disposals.still_to_tell(challenge_id)
            if due and now < until:
                return Wait(min(max(now + SETTLES, min(due)), until))
            tally, told = disposal.tally, await uow.disposals.told(challenge_id)
            deleted = await uow.disposals.forget_words(challenge_id)
            await uow.disposals.note(challenge_id, replace(tally, rows=tally.rows + deleted, told=tally.told + told))
            await uow.commit()
        return await self._compact(challenge_id) if disposal.tally.telling else None

    # ---- how far it has come

    async def _read(self, challenge_id: ChallengeId) -> Disposal:
        async with self.database.reading() as uow:
            return await uow.disposals.get(challenge_id)

    async def _take(self, challenge_id: ChallengeId) -> bool:
        now = self.clock.now()
        async with self.database.begin() as uow:
            taken = await uow.disposals.take(challenge_id, now, now + TAKEN_FOR)
            await uow.commit()
        return taken

    async def _wait(self, challenge_id: ChallengeId, until: datetime | None) -> None:
        async with self.database.begin() as uow:
            await uow.disposals.wait(challenge_id, until)
            await uow.commit()

    async def _note_done(self, challenge_id: ChallengeId, step: DisposalStep) -> None:
        now = self.clock.now()
        async with self.database.begin() as uow:
            if step is not DisposalStep.CERTIFY:
                await uow.disposals.note_done(challenge_id, step, now)
                await posts.show_progress(Desk(uow, now, self.house), await uow.disposals.get(challenge_id))
            await uow.disposals.wait(challenge_id, now + TAKEN_FOR)
            await uow.commit()
        log.info("a step of a destruction is done", step=step.value)


def _counted(tally: Tally, refused: str) -> Tally:
    """One post more that was deleted, or (`refused`: the platform's word) that it would not delete."""
    if not refused:
        return replace(tally, posts=tally.posts + 1)
    return replace(tally, refused={**tally.refused, refused: tally.refused.get(refused, 0) + 1})
