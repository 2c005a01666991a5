"""Who is on the team: shown, added with a role, removed, welcomed, and agreeing to the ground rules.

Somebody who is removed loses access from that moment; their findings stay under their initials, and so do the initials
if they come back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.access import Seat, access_challenge, access_meant_seat, access_seat
from handlers.chat import Commanded, FormErrors, Outcome, Person, Said, Submitted
from handlers.dates import day_in_words
from handlers.desk import Turn
from handlers.errors import RecordGone, Refusal
from handlers.frameworks import RoleOutline
from handlers.team import forms
from handlers.team.channel import resume_for_added, stop_for_removed
from handlers.team.opening import Joining, add_members
from handlers.team.rules import (
    LONGEST_NAME,
    PLAIN_PEER,
    ROLES,
    is_last_manager,
    member_named,
    role_meant,
    role_title,
    split_addition,
)
from handlers.team.turns import name_of, on_one_line, privately
from handlers.wording import listed
from storage.errors import AlreadyStored, NotStored
from storage.records import Address, ChallengeId, Intent, Member, MemberId, PersonId, Role


class LastManager(Refusal):
    """A challenge needs a challenge manager. Add another one first, with “challenge team add”."""


class SomebodyElseWasFirst(Refusal):
    """Somebody else has just changed the team. Type “challenge team” to see it, then try again."""


# ---------------------------------------------------------------- shown


async def show_team(turn: Turn, _args: str) -> None:
    await _answer_with_team(turn, await access_seat(turn))


async def show_team_of(turn: Turn, challenge_id: str) -> None:
    """The button on the status card."""
    await _answer_with_team(turn, await access_challenge(turn, ChallengeId(challenge_id), even_over=True))


async def _answer_with_team(turn: Turn, seat: Seat) -> None:
    await turn.answer(
        "team.team", challenge=seat.challenge, record=seat.challenge.id, params={"member": seat.member.id},
        to=privately(turn),
    )  # fmt: skip


# ---------------------------------------------------------------- added


@dataclass(frozen=True, slots=True)
class Change:
    """What adding somebody did."""

    member: Member
    was: str  # "added", "back", "moved", or "there" when nothing changed


async def start_adding(turn: Turn, args: str) -> Outcome:
    """ "@tom as lead peer" adds at once; anything less opens the form, with what was understood in it."""
    seat = await access_meant_seat(turn)
    framework = turn.house.framework_of(seat.challenge)
    _, role = split_addition(args)
    outline, people = role_meant(framework, role), _people_named(turn)
    if people and outline:
        await _add(turn, seat, [(person, name_of(person)) for person in people], outline)
        return None
    unclear = [f"I do not know the role “{role}” in this framework: please choose."] if role and not outline else []
    if args.strip() and not people:
        unclear.append("I could not tell who that is: please choose them here.")
    chosen = tuple(person.id for person in people)
    return forms.add_form(
        seat.challenge, framework, role=outline.key if outline else "", people=chosen, unclear=unclear
    )


def _people_named(turn: Turn) -> tuple[Person, ...]:
    return turn.incoming.people if isinstance(turn.incoming, Said | Commanded) else ()


async def press_add(turn: Turn, challenge_id: str) -> Outcome:
    seat = await access_challenge(turn, ChallengeId(challenge_id))
    return forms.add_form(seat.challenge, turn.house.framework_of(seat.challenge))


async def take_addition(turn: Turn, submitted: Submitted) -> Outcome:
    seat = await access_challenge(turn, forms.challenge_of(submitted))
    people, name = submitted.people, on_one_line(str(submitted.values.get("name", "")))[:LONGEST_NAME]
    if not people:
        return FormErrors({"who": "Choose at least one person."})
    if name and len(people) > 1:
        return FormErrors({"name": "A name can be corrected for one person at a time: leave this empty."})
    outline = _chosen_role(turn, seat, str(submitted.values.get("role", "")))
    if outline is None:
        return FormErrors({"role": "Choose a role."})
    await _add(turn, seat, [(person, name or name_of(person)) for person in people], outline)
    return None


def _chosen_role(turn: Turn, seat: Seat, key: str) -> RoleOutline | None:
    roles = {outline.key: outline for outline in turn.house.framework_of(seat.challenge).roles}
    return PLAIN_PEER if key == forms.PLAIN else roles.get(key)


async def _add(turn: Turn, seat: Seat, people: Sequence[tuple[Person, str]], outline: RoleOutline) -> None:
    """1 put them on the team; 2 welcome them; 3 let a channel resume; 4 say what was done, and when they are told."""
    told_at = [turn.now]
    try:
        changes = await _seat_all(turn, seat, people, outline)
    except AlreadyStored as exc:
        raise SomebodyElseWasFirst from exc
    for change in changes:
        if change.was in ("added", "back"):
            told_at.append(await _welcome(turn, seat, change.member))
            await resume_for_added(turn, seat.challenge, change.member)
            await turn.tell_newcomer_watchers(seat.challenge, change.member)
    lines = (_added_in_words(turn, seat, changes), *_waits_in_words(turn, seat, max(told_at)))
    await _say_changed(turn, seat, "\n".join(lines))


async def _seat_all(turn: Turn, seat: Seat, people: Sequence[tuple[Person, str]], outline: RoleOutline) -> list[Change]:
    role, changes, joining = ROLES[outline.kind], list[Change](), list[Joining]()
    for person, name in people:
        person_id = await person_id_of(turn, person)
        member = await turn.uow.members.find(seat.challenge.id, person_id)
        if member is not None:
            changes.append(await _seat_again(turn, member, role, outline.key))
        elif person_id not in {one.person_id for one in joining}:
            joining.append(Joining(person_id, name, role, outline.key))
    added = await add_members(turn, seat.challenge, joining)
    return [*(Change(member, "added") for member in added), *changes]


async def person_id_of(turn: Turn, person: Person) -> PersonId:
    """Who that is to Baseroom; from now on somebody, if they were nobody yet."""
    known = await turn.uow.accounts.find(person.platform, person.workspace, person.id)
    account = known or await turn.uow.accounts.add(person.platform, person.workspace, person.id, turn.now)
    return account.person_id


async def _seat_again(turn: Turn, member: Member, role: Role, kind: str) -> Change:
    """Somebody who is on the team, or was: their seat is theirs, with its initials."""
    same = (member.role, member.kind) == (role, kind)
    if same and member.removed_at is None:
        return Change(member, "there")
    if not same and member.removed_at is None and role is not Role.CHALLENGE_MANAGER:
        await _check_not_last_manager(turn, member)
    await turn.uow.members.set_role(member.id, role, kind)
    await turn.uow.members.set_removed(member.id, None)
    turn.audit(member.challenge_id, f"member.seated.{role}", about=member.id)
    return Change(await turn.uow.members.get(member.id), "moved" if member.removed_at is None else "back")


async def _check_not_last_manager(turn: Turn, member: Member) -> None:
    if is_last_manager(await turn.uow.members.of_challenge(member.challenge_id), member):
        raise LastManager


async def _welcome(turn: Turn, seat: Seat, member: Member) -> datetime:
    """One welcome to a peer, when it is polite; a manager gets the card that says what is missing. Returns when."""
    if member.role is Role.CHALLENGE_MANAGER:
        intent = Intent("team.status", _anywhere(), seat.challenge.id, params={"member": member.id})
    else:
        intent = Intent("team.welcome", _anywhere(), member.id, slot=_welcome_slot(member), anew=True)
    return await turn.tell(seat.challenge, member.person_id, intent)


def _waits_in_words(turn: Turn, seat: Seat, told_at: datetime) -> Iterator[str]:
    """When somebody hears of it only later: whoever added them would wonder why they say nothing."""
    if told_at > turn.now:
        local = told_at.astimezone(seat.challenge.tz)
        yield f"My first message to them waits until {day_in_words(local.date())} at {local:%H:%M}."


def _added_in_words(turn: Turn, seat: Seat, changes: Sequence[Change]) -> str:
    framework = turn.house.framework_of(seat.challenge)
    lines = []
    for was, sentence in _SENTENCES.items():
        people = [change.member for change in changes if change.was == was]
        if people:
            names = listed([f"{member.name} ({member.initials})" for member in people])
            lines.append(sentence.format(names=names, role=role_title(framework, people[0])))
    return "\n".join(lines)


_SENTENCES = {
    "added": "Added as {role}: {names}.",
    "back": "Back on the team as {role}: {names}.",
    "moved": "Now {role}: {names}.",
    "there": "On the team already as {role}: {names}.",
}


# ---------------------------------------------------------------- removed


async def start_removing(turn: Turn, args: str) -> Outcome:
    """Somebody named is asked about; otherwise the form opens."""
    seat = await access_meant_seat(turn)
    team = await turn.uow.members.of_challenge(seat.challenge.id)
    member = await _named(turn, seat, team, args)
    if member is None:
        return forms.remove_form(seat.challenge, turn.house.framework_of(seat.challenge), team)
    await turn.answer("team.ask_removal", challenge=seat.challenge, record=member.id, to=privately(turn))
    return None


async def _named(turn: Turn, seat: Seat, team: Sequence[Member], args: str) -> Member | None:
    people = _people_named(turn)
    if len(people) == 1:
        person = people[0]
        account = await turn.uow.accounts.find(person.platform, person.workspace, person.id)
        return next((one for one in team if account and one.person_id == account.person_id), None)
    return member_named(team, args)


async def press_remove(turn: Turn, challenge_id: str) -> Outcome:
    seat = await access_challenge(turn, ChallengeId(challenge_id))
    team = await turn.uow.members.of_challenge(seat.challenge.id)
    return forms.remove_form(seat.challenge, turn.house.framework_of(seat.challenge), team)


async def take_removal(turn: Turn, submitted: Submitted) -> Outcome:
    await _remove(turn, str(submitted.values.get("member", "")))
    return None


async def press_removal(turn: Turn, member_id: str) -> None:
    """The button that was asked about."""
    await _remove(turn, member_id)


async def _remove(turn: Turn, member_id: str) -> None:
    """1 their seat goes; 2 a channel they are still in stops; 3 they are told, and the manager."""
    member = await _member(turn, member_id)
    seat = await access_challenge(turn, member.challenge_id)
    if member.removed_at is not None:
        raise RecordGone("That person is not on the team any more. Nothing was changed.")  # unnamed: it is notified
    await _check_not_last_manager(turn, member)
    await turn.uow.members.set_removed(member.id, turn.now)
    turn.audit(member.challenge_id, "member.removed", about=member.id)
    still_there = await stop_for_removed(turn, seat.challenge, member)
    await turn.tell(seat.challenge, member.person_id, Intent("team.removed", _anywhere(), seat.challenge.id))
    sentence = f"{member.name} ({member.initials}) is off the team. Their findings stay."
    if still_there:
        sentence += (
            "\nThey were still in the team channel when I last looked, so posting there is stopped. "
            "Take them out of it, then type “challenge here” in the channel."
        )
    await _say_changed(turn, seat, sentence)


async def _member(turn: Turn, member_id: str) -> Member:
    try:
        return await turn.uow.members.get(MemberId(member_id))
    except NotStored as exc:
        raise RecordGone from exc


async def _say_changed(turn: Turn, seat: Seat, sentences: str) -> None:
    """Tell who asked what became of the team; the words name people, so they are theirs alone."""
    params = {"member": seat.member.id, "text": sentences}
    await turn.answer(
        "team.changed", challenge=seat.challenge, record=seat.challenge.id, params=params, to=privately(turn)
    )


# ---------------------------------------------------------------- agreeing


async def agree(turn: Turn, member_id: str) -> None:
    """ "I agree", by the person it was asked of: the welcome then shows when. Pressed twice, the first day stands."""
    member = await _member(turn, member_id)
    seat = await access_challenge(turn, member.challenge_id)
    if seat.member.id != member.id:
        raise RecordGone("That welcome is somebody else’s.")
    if seat.member.agreed_at is None:
        await turn.uow.members.set_agreed(member.id, turn.now)
        turn.audit(member.challenge_id, "member.agreed", about=member.id)
    to = Address(turn.place.platform, turn.place.workspace, account=turn.account.id)
    await turn.answer("team.welcome", challenge=seat.challenge, record=member.id, slot=_welcome_slot(member), to=to)


def _welcome_slot(member: Member) -> str:
    return f"welcome:{member.id}"


def _anywhere() -> Address:
    """`tell` and `send_to` put the person's own address in its place."""
    return Address("", "")
