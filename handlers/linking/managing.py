"""The challenge manager links two people of the team who are one, or an account here with somebody of the team, and
cuts a wrong link again. Both only within challenges that the manager has the say over."""

from collections.abc import Sequence

from handlers.access import Seat, access_challenge, access_meant_seat, seats_of
from handlers.chat import Commanded, Form, FormErrors, Outcome, Person, Said, Submitted
from handlers.desk import Turn
from handlers.errors import RecordGone, Refusal
from handlers.linking import forms
from handlers.linking.forms import LinkedAccount
from handlers.linking.joining import NOWHERE, all_seats, join_people, part_account, tell_account
from handlers.linking.rules import is_within, parts_of
from handlers.team.rules import member_named
from handlers.team.seating import person_id_of
from handlers.team.turns import privately
from storage.records import AccountId, ChallengeId, Intent, Member, MemberId, PersonId


class OnlyThemselves(Refusal):
    """I cannot link those two for you. They can do it themselves: they type “link” to me in one place, and the code
    that I give them in the other."""


class NobodyLinked(Refusal):
    """Nobody on this team is linked on two platforms, so there is nothing to cut."""


# ---------------------------------------------------------------- linking


async def start_linking(turn: Turn, args: str) -> Outcome:
    """ "PN and @somebody" links at once; anything less opens the form."""
    seat = await access_meant_seat(turn)
    team = await turn.uow.members.of_challenge(seat.challenge.id)
    meant = await _meant(turn, team, args)
    if len(meant) == 2:
        await _link(turn, seat, *meant)
        return None
    unclear = ["I could not tell which two you mean: please choose them here."] if args.strip() else []
    return forms.link_form(seat.challenge, team, unclear=unclear)


async def _meant(turn: Turn, team: Sequence[Member], args: str) -> list[PersonId]:
    people = turn.incoming.people if isinstance(turn.incoming, Said | Commanded) else ()
    named = [member_named(team, part) for part in parts_of(args) if not part.startswith("@")]
    mentioned = [await person_id_of(turn, person) for person in people]
    return [*(member.person_id for member in named if member), *mentioned]


async def take_link(turn: Turn, submitted: Submitted) -> Outcome:
    seat = await access_challenge(turn, ChallengeId(submitted.carried.get("challenge", "")))
    team = {member.id: member for member in await turn.uow.members.of_challenge(seat.challenge.id)}
    one, second = (team.get(MemberId(str(submitted.values.get(name, "")))) for name in ("one", "second"))
    if one is None:
        return FormErrors({"one": "Choose somebody on the team."})
    return await _link_chosen(turn, seat, one, second, submitted.people)


async def _link_chosen(
    turn: Turn, seat: Seat, one: Member, second: Member | None, people: Sequence[Person]
) -> FormErrors | None:
    """Exactly one of the two ways of saying who else it is must be filled in."""
    if (second is None) == (len(people) != 1):
        return FormErrors({"second": "Say who else they are: choose somebody here, or an account below, and not both."})
    other = second.person_id if second else await person_id_of(turn, people[0])
    try:
        await _link(turn, seat, one.person_id, other)
    except Refusal as refusal:
        return FormErrors({"": str(refusal)})
    return None


async def _link(turn: Turn, seat: Seat, one: PersonId, other: PersonId) -> None:
    """1 the manager has the say over both; 2 they become one; 3 each of their accounts hears of it, and the manager."""
    managed = [mine.challenge.id for mine in await seats_of(turn, even_over=True) if mine.is_manager]
    both = [*await all_seats(turn, one), *await all_seats(turn, other)]
    if not is_within(both, managed) or seat.challenge.id not in {theirs.challenge.id for theirs in both}:
        raise OnlyThemselves
    await join_people(turn, one, other)
    for account in await turn.uow.accounts.of_person(one):
        await tell_account(turn, account, Intent("linking.linked", NOWHERE))
    member = await turn.uow.members.find(seat.challenge.id, one)
    assert member, "one of the two is on the team, as was seen above"
    await _say(turn, seat, f"{member.name} ({member.initials}) is one person now, whichever account they use.")


# ---------------------------------------------------------------- cutting a link


async def start_unlinking(turn: Turn, _args: str) -> Form:
    seat = await access_meant_seat(turn)
    linked = await _linked_accounts(turn, seat)
    if not linked:
        raise NobodyLinked
    return forms.unlink_form(seat.challenge, linked)


async def _linked_accounts(turn: Turn, seat: Seat) -> list[LinkedAccount]:
    """The accounts of everybody on the team who has several."""
    found = []
    for member in await turn.uow.members.of_challenge(seat.challenge.id):
        accounts = await turn.uow.accounts.of_person(member.person_id)
        found += [LinkedAccount(member, account) for account in accounts if len(accounts) > 1]
    return found


async def take_unlink(turn: Turn, submitted: Submitted) -> Outcome:
    seat = await access_challenge(turn, ChallengeId(submitted.carried.get("challenge", "")))
    chosen = AccountId(str(submitted.values.get("account", "")))
    linked = {one.account.id: one for one in await _linked_accounts(turn, seat)}.get(chosen)
    if linked is None:
        raise RecordGone("That account is not linked any more. Nothing was changed.")
    await part_account(turn, linked.account)
    await _say(turn, seat, f"Cut: that account is not {linked.member.name} ({linked.member.initials}) any more.")
    return None


async def _say(turn: Turn, seat: Seat, sentence: str) -> None:
    """To the manager alone: the words name somebody."""
    params = {"member": seat.member.id, "text": sentence}
    await turn.answer(
        "team.changed", challenge=seat.challenge, record=seat.challenge.id, params=params, to=privately(turn)
    )
