"""Making two people one, and cutting an account off again: everything that is theirs, inside one unit of work.

Findings, receipts, source messages, answers and everything else that names a seat comes along; finding numbers stay as
they are. Nobody who was taken off a team comes back by being linked.
"""

from collections.abc import Sequence
from dataclasses import replace

from handlers.access import Seat
from handlers.desk import Desk
from handlers.linking.rules import Pair, check_platforms, pairs_of
from handlers.team.channel import resume_for_added, stop_for_account
from storage.records import Account, Address, Challenge, Intent, Member, PersonId

NOWHERE = Address("", "")  # the desk fills in to whom


async def all_seats(desk: Desk, person_id: PersonId) -> list[Seat]:
    """Every seat that the person has or had, on whatever challenge."""
    members = await desk.uow.members.of_person(person_id, with_removed=True)
    return [Seat(await desk.uow.challenges.get(member.challenge_id), member) for member in members]


async def check_joinable(desk: Desk, one: PersonId, other: PersonId) -> list[Pair]:
    """The seats that would become one.

    Raises `OnePersonAlready`, `SamePlatform`, `OneWasRemoved` or `NotesAreAsked`.
    """
    accounts = desk.uow.accounts
    check_platforms(await accounts.of_person(one), await accounts.of_person(other))
    return pairs_of(await all_seats(desk, one), await all_seats(desk, other))


async def join_people(desk: Desk, one: PersonId, other: PersonId) -> None:
    """Make `other` be `one`: 1 see that they can be; 2 join the seats they both have; 3 move what only the other has; 4
    what showed two people shows one, and the managers hear of it. Raises what `check_joinable` raises."""
    pairs = await check_joinable(desk, one, other)
    for pair in pairs:
        await _join_seats(desk, pair)
    taken = {seat.challenge.id for seat in await all_seats(desk, one)}
    for seat in await all_seats(desk, other):
        if seat.challenge.id not in taken:  # two seats on a challenge that is over stay as they were
            await desk.uow.members.set_person(seat.member.id, one)
    for account in await desk.uow.accounts.of_person(other):
        await desk.uow.accounts.move(account.id, one)
    await desk.uow.links.forget([one, other])
    await _follow(desk, one, pairs)


async def _join_seats(desk: Desk, pair: Pair) -> None:
    leading, agreed_at = pair.leading, pair.agreed_at
    for watcher in desk.house.registry.seat_joiners:
        await watcher(desk, pair.kept.challenge, pair.member, pair.gone.member)
    await desk.uow.members.join(pair.member.id, pair.gone.member.id)
    await desk.uow.members.set_role(pair.member.id, leading.role, leading.kind)
    if agreed_at is not None:
        await desk.uow.members.set_agreed(pair.member.id, agreed_at)


async def _follow(desk: Desk, person_id: PersonId, pairs: Sequence[Pair]) -> None:
    """Whatever showed two people shows one; channels in which the second account was a stranger begin again."""
    for pair in pairs:
        await desk.tell_wall_watchers(pair.kept.challenge)
        await _draw_again(desk, person_id, pair)
    for seat in await all_seats(desk, person_id):
        if seat.challenge.ended_at is None and seat.member.removed_at is None:
            desk.audit(seat.challenge.id, "member.linked", about=seat.member.id)
            await resume_for_added(desk, seat.challenge, seat.member)
            await _tell_managers(desk, seat.challenge, seat.member)


async def _draw_again(desk: Desk, person_id: PersonId, pair: Pair) -> None:
    """The cards about either seat, where they stand: their buttons are the kept seat's from now on."""
    challenge, standing = pair.kept.challenge, await desk.uow.posts.of_challenge(pair.kept.challenge.id)
    about = {
        (post.kind, post.record, post.slot.partition("@")[0]) for post in standing if pair.member.id in post.record
    }
    for kind, record, slot in sorted(about):
        if slot:
            await desk.redraw(challenge, person_id, Intent(kind, NOWHERE, record, slot=slot))


async def _tell_managers(desk: Desk, challenge: Challenge, member: Member) -> None:
    """Who has access by what is never news to the manager afterwards; it can wait for the morning."""
    for manager in await desk.managers_of(challenge):
        if manager.person_id != member.person_id:
            await desk.tell(challenge, manager.person_id, Intent("linking.news", NOWHERE, member.id))


async def part_account(desk: Desk, account: Account) -> None:
    """1 the account is nobody that we know; 2 channels of their teams in which it still is stop; 3 both are told."""
    person_id = account.person_id
    stays = [other for other in await desk.uow.accounts.of_person(person_id) if other.id != account.id]
    await desk.uow.accounts.set_apart(account.id, desk.now)
    await desk.uow.links.forget([person_id])
    for seat in await all_seats(desk, person_id):
        if seat.challenge.ended_at is None:
            desk.audit(seat.challenge.id, "member.unlinked", about=seat.member.id)
            await stop_for_account(desk, seat.challenge, account)
    for told in (account, *stays):
        await tell_account(desk, told, Intent("linking.apart", NOWHERE))


async def tell_account(desk: Desk, account: Account, intent: Intent) -> None:
    """A message to that very account: what it is linked with concerns each of a person's accounts."""
    await desk.post(replace(intent, to=Address(account.platform, account.workspace, account=account.id)))
