"""What an action has before it: the unit of work, the time, the house it works in, and the ways to send word.

Nothing here calls a platform. `answer`, `tell` and `post_to_channels` write intents to the outbox, inside the same
transaction as whatever the action did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from handlers.chat import AnyIncoming, Place, PlaceKind
from handlers.courtesy import RATION, day_of, next_morning, polite_moment
from handlers.frameworks import Framework
from handlers.wording import private_talk
from storage.audit import Act
from storage.outbox import lane_of
from storage.records import (
    Account,
    AccountId,
    Address,
    AsideId,
    Challenge,
    ChallengeId,
    Intent,
    Member,
    MemberId,
    PersonId,
    Role,
    Run,
    RunId,
)
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:  # the registry holds handlers, which take a desk
    from handlers.registry import Registry


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for every turn: the frameworks, what is on offer, and the settings that handlers need.

    `managers` are the platform ids and e-mail addresses of BASEROOM_MANAGERS, case-folded.
    """

    frameworks: Mapping[str, Framework]
    registry: "Registry"
    managers: frozenset[str]
    zone: str = "Europe/London"
    public_url: str = ""

    def framework_of(self, challenge: Challenge) -> Framework:
        return self.frameworks[challenge.framework]


@dataclass(slots=True)
class Desk:
    """One unit of work at one moment."""

    uow: UnitOfWork
    now: datetime
    house: House

    def local(self, challenge: Challenge) -> datetime:
        """Now, on the challenge's own clock."""
        return self.now.astimezone(challenge.tz)

    @property
    def asked_by(self) -> AccountId | None:
        """Who asked for what is being done; None when Baseroom does it by the clock."""
        return None

    def audit(
        self, challenge_id: ChallengeId, action: str, record: str = "", *, about: MemberId | None = None, **counts: int
    ) -> None:
        """Write in the audit trail, with everything else that is done here, that it was done.

        `action` is the kind of record and what was done to it ("finding.withdrawn"), `record` its id (never a
        person's: a member whom it concerns goes into `about`, which is sealed). `counts` are bare numbers.
        """
        self.uow.audit.note(Act(challenge_id, self.now, action, record, self.asked_by, about, counts))

    async def post(self, intent: Intent) -> None:
        """Promise a post. A slot is made unique to the conversation, so that each channel has its own to edit.

        A card of somebody who is on two platforms is edited in both, wherever it stands.
        """
        if not intent.slot:
            await self.uow.outbox.add(intent, self.now)
            return
        await self._post_in_slot(intent)
        if intent.to.account and not intent.to.conversation:
            await self._redraw_beside(intent.to.account, intent)

    async def _post_in_slot(self, intent: Intent) -> None:
        await self.uow.outbox.add(replace(intent, slot=f"{intent.slot}@{lane_of(intent.to)}"), self.now)

    async def _redraw_beside(self, account_id: AccountId, intent: Intent) -> None:
        """Draw again what stands in the slot in the person's other account."""
        account = await self.uow.accounts.get(account_id)
        for other in await self.uow.accounts.of_person(account.person_id) if account else ():
            if other.id != account_id and other.blocked_at is None:
                await self._redraw_at(other, intent)

    async def _redraw_at(self, seat: Account, intent: Intent) -> None:
        to, slot = _slot_of(seat, intent)
        if await self.uow.posts.in_slot(slot) or await self.uow.outbox.is_on_its_way(slot):
            await self._post_in_slot(replace(intent, to=to, anew=False, unprompted=False, due_at=None))

    async def post_to_channels(self, challenge: Challenge, intent: Intent) -> int:
        """Post to every team channel that is bound and not stopped; returns to how many. `intent.to` is replaced."""
        open_channels = [
            channel for channel in await self.uow.channels.of_challenge(challenge.id) if channel.stopped_at is None
        ]
        for channel in open_channels:
            to = Address(channel.platform, channel.workspace, conversation=channel.conversation)
            await self.post(replace(intent, to=to, challenge_id=challenge.id))
        return len(open_channels)

    async def tell(self, challenge: Challenge, person_id: PersonId, intent: Intent) -> datetime:
        """A direct message that nobody asked for, where the person last spoke; returns when it may go. `intent.to` is
        replaced.

        At most eight a day, none from 19:00 to 08:00 on the challenge's clock: what is over the ration, or falls in
        the quiet hours, waits for the next morning.
        """
        seats = await self.uow.accounts.of_person(person_id)
        if not seats:
            return self.now
        to = Address(seats[0].platform, seats[0].workspace, account=seats[0].id)
        due_at = await self._polite_moment(challenge, [seat.id for seat in seats], intent.due_at or self.now)
        await self.post(replace(intent, to=to, challenge_id=challenge.id, unprompted=True, due_at=due_at))
        return due_at

    async def tell_again(self, challenge: Challenge, person_id: PersonId, intent: Intent, *, then: Intent) -> None:
        """Tell a person in a new message; what stood in its slot before is drawn once more, as `then`, after it.

        That is for where it stands and nowhere else: its builder learns the account from the parameter "stands_with".
        """
        earlier = [
            (to, slot, post)
            for seat in await self.uow.accounts.of_person(person_id)
            if seat.blocked_at is None
            for to, slot in [_slot_of(seat, intent)]
            if (post := await self.uow.posts.in_slot(slot))
        ]
        due_at = await self.tell(challenge, person_id, replace(intent, anew=True))
        for to, slot, post in earlier:
            apart = f"{slot}~{post.posted_at:%Y%m%d%H%M%S}"
            await self.uow.posts.set_apart(slot, apart)
            params = {"stands_with": to.account or ""}
            last = replace(then, to=to, challenge_id=challenge.id, slot=apart, params=params, due_at=due_at)
            await self.uow.outbox.add(last, self.now)

    async def _polite_moment(self, challenge: Challenge, seats: Sequence[AccountId], wanted: datetime) -> datetime:
        """The ration is the person's, whichever of their accounts they are written to."""
        moment = polite_moment(wanted, challenge.tz)
        while await self.uow.outbox.unprompted_on(seats, *day_of(moment, challenge.tz)) >= RATION:
            moment = next_morning(moment, challenge.tz)
        return moment

    async def tell_managers(self, challenge: Challenge, intent: Intent) -> None:
        """Tell the challenge manager (or managers) now: what they are told is urgent or asked for."""
        for manager in await self.managers_of(challenge):
            await self.send_to(challenge, manager, intent)

    async def managers_of(self, challenge: Challenge) -> list[Member]:
        """The challenge manager, or managers."""
        team = await self.uow.members.of_challenge(challenge.id)
        return [member for member in team if member.role is Role.CHALLENGE_MANAGER]

    async def send_to(self, challenge: Challenge, member: Member, intent: Intent) -> None:
        """A direct message now, whatever the hour: something that the person has just asked for or must know."""
        for seat in (await self.uow.accounts.of_person(member.person_id))[:1]:
            to = Address(seat.platform, seat.workspace, account=seat.id)
            await self.post(replace(intent, to=to, challenge_id=challenge.id))

    async def redraw(self, challenge: Challenge, person_id: PersonId, intent: Intent) -> None:
        """Draw a person's post of that slot again where it stands; one that never went out is not posted now."""
        for seat in await self.uow.accounts.of_person(person_id):
            await self._redraw_at(seat, replace(intent, challenge_id=challenge.id))

    async def tell_wall_watchers(self, challenge: Challenge) -> None:
        """Say that the challenge's wall has changed to every capability that asked to know."""
        for watcher in self.house.registry.wall_watchers:
            await watcher(self, challenge)

    async def tell_newcomer_watchers(self, challenge: Challenge, member: Member) -> None:
        """Say that somebody has joined the team to every capability that asked to know."""
        for watcher in self.house.registry.newcomer_watchers:
            await watcher(self, challenge, member)

    async def schedule(self, challenge: Challenge, kind: str, subject: str, local: datetime) -> None:
        """Have the registered entry `kind` run at a wall time of the challenge (`local` is naive), once."""
        await self._schedule(challenge, kind, subject, local, revision=1)

    async def reschedule(self, challenge: Challenge, kind: str, subject: str, local: datetime) -> None:
        """Move it: the old time is cancelled in the same transaction."""
        revision = await self.uow.runs.next_revision(challenge.id, kind, subject)
        await self.uow.runs.cancel(challenge.id, kind, subject)
        await self._schedule(challenge, kind, subject, local, revision=revision)

    async def _schedule(self, challenge: Challenge, kind: str, subject: str, local: datetime, *, revision: int) -> None:
        due_at = local.replace(tzinfo=challenge.tz)
        run = Run(RunId(uuid4().hex), challenge.id, kind, subject, local, challenge.zone, due_at, revision)
        await self.uow.runs.add(run)


def _slot_of(seat: Account, intent: Intent) -> tuple[Address, str]:
    """Where a person is written to in one of their accounts, and the slot that the post stands in there."""
    to = Address(seat.platform, seat.workspace, account=seat.id)
    return to, f"{intent.slot}@{lane_of(to)}"


@dataclass(slots=True)
class Turn(Desk):
    """One incoming thing being handled. `allowed` are the roles that may do what is being asked.

    `aside` is set when what was typed was read as something other than a finding: the answer then offers to log it,
    unless `offers_aside` is false. `chosen` is the challenge that they said it is for, when they were asked.
    """

    incoming: AnyIncoming
    account: Account
    allowed: frozenset[Role]
    aside: AsideId | None = None
    offers_aside: bool = True
    said_message: str = ""
    chosen: ChallengeId | None = None

    @property
    def place(self) -> Place:
        return self.incoming.place

    @property
    def asked_by(self) -> AccountId | None:
        return self.account.id

    @property
    def zone(self) -> ZoneInfo:
        """The person's own zone where the platform tells it, else the house's."""
        return ZoneInfo(self.incoming.person.zone or self.house.zone)

    @property
    def here(self) -> Address:
        """Where an answer belongs: the direct message, the thread in the channel, or to that person alone.

        What was said aloud in a channel is answered under it; what was asked for by command or button is answered to
        the one who asked.
        """
        place, to = self.place, Address(self.place.platform, self.place.workspace)
        if place.kind is PlaceKind.CHANNEL and self.said_message:
            return replace(to, conversation=place.id, thread=place.thread or self.said_message)
        if place.kind is PlaceKind.CHANNEL:
            return replace(to, conversation=place.id, account=self.account.id, thread=place.thread)
        thread = place.thread if place.kind is PlaceKind.DM else ""
        return replace(to, account=self.account.id, thread=thread)

    async def answer(
        self,
        kind: str,
        *,
        challenge: Challenge | None = None,
        record: str = "",
        version: int = 0,
        params: Mapping[str, str] | None = None,
        slot: str = "",
        anew: bool = False,
        to: Address | None = None,
    ) -> None:
        """Answer the person with a post of the registered kind."""
        carried = dict(params or {})
        if self.aside:
            carried["aside"] = self.aside
            carried["offers_aside"] = "yes" if self.offers_aside else ""
        challenge_id: ChallengeId | None = challenge.id if challenge else None
        intent = Intent(
            kind=kind, to=to or self.here, record=record, version=version, challenge_id=challenge_id, params=carried,
            slot=slot, anew=anew,
        )  # fmt: skip
        await self.post(intent)

    @property
    def in_private(self) -> Address:
        """The person's own direct message, whatever place they asked in."""
        return Address(self.place.platform, self.place.workspace, account=self.account.id)

    async def answer_in_private(self, challenge: Challenge, intent: Intent) -> None:
        """Answer in the person's own direct message; where they asked elsewhere, say so there.

        What waits for the morning in the same slot is taken back: they see it now.
        """
        if intent.slot:
            await self.uow.outbox.drop_slot(f"{intent.slot}@{lane_of(self.in_private)}")
        await self.answer(
            intent.kind, challenge=challenge, record=intent.record, params=intent.params, slot=intent.slot,
            anew=intent.anew, to=self.in_private,
        )  # fmt: skip
        if self.place.kind is not PlaceKind.DM:
            await self.say(f"I have answered in our {private_talk(self.place.platform)}.", challenge=challenge)

    async def say(self, sentence: str, *, challenge: Challenge | None = None) -> None:
        """Answer with one sentence."""
        await self.answer("notice", challenge=challenge, params={"text": sentence})
