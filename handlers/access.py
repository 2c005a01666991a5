"""Access is obtained, not assumed: every record comes through one of these, which checks person, role and challenge.

The roles that may do a thing are written where the thing is registered; `turn.allowed` carries them here. A person
who was removed from a challenge has no seat on it from that moment.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from handlers.desk import Desk, Turn
from handlers.errors import (
    BeingDestroyed,
    ChallengeIsOver,
    NotAllowed,
    NotOnAChallenge,
    OnlyAppointedManagers,
    RecordGone,
    WhichChallenge,
)
from storage.errors import NotStored
from storage.records import Challenge, ChallengeId, Finding, FindingId, Member, MemberId, PersonId, Role

MANAGER = frozenset({Role.CHALLENGE_MANAGER})
TEAM = frozenset({Role.CHALLENGE_MANAGER, Role.LEAD_PEER, Role.PEER})
APPOINTED = frozenset({Role.APPOINTED})
ANYONE = frozenset(Role)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place on a challenge: the challenge, and who they are on it."""

    challenge: Challenge
    member: Member

    @property
    def is_manager(self) -> bool:
        return self.member.role is Role.CHALLENGE_MANAGER


def is_appointed(turn: Turn) -> bool:
    """Whether BASEROOM_MANAGERS names the person, by either of their platform ids or by e-mail address."""
    person = turn.incoming.person
    names = {name.casefold() for name in (person.id, person.alias, person.email)}
    return bool(names & turn.house.managers - {""})


def check_appointed(turn: Turn) -> None:
    if not is_appointed(turn):
        raise OnlyAppointedManagers


async def seats_of(turn: Turn, *, even_over: bool = False) -> list[Seat]:
    """Every challenge that the person is on and that is not over: on site today first, then the newest."""
    return await seats_of_person(turn, turn.account.person_id, even_over=even_over)


async def seats_of_person(desk: Desk, person_id: PersonId, *, even_over: bool = False) -> list[Seat]:
    """The same for anybody, for a card that is drawn for them."""
    seats = []
    for member in await desk.uow.members.of_person(person_id):
        challenge = await desk.uow.challenges.get(member.challenge_id)
        if challenge.destroyed_at is None and (even_over or challenge.ended_at is None):
            seats.append(Seat(challenge, member))
    seats.sort(key=lambda seat: seat.challenge.created_at, reverse=True)
    seats.sort(key=lambda seat: not is_on_site(seat.challenge, desk.local(seat.challenge).date()))
    return seats


def is_on_site(challenge: Challenge, day: date) -> bool:
    return challenge.first_day <= day <= challenge.last_day


def choose_seat(seats: Sequence[Seat], now: datetime, last_logged: Mapping[MemberId, datetime]) -> Seat:
    """Which of several live challenges somebody means: the one on site today; of two, the one last logged to; else
    the one that begins nearest to today; else the first given."""

    def rank(seat: Seat) -> tuple[bool, float, float]:
        challenge = seat.challenge
        today = now.astimezone(challenge.tz).date()
        logged = last_logged.get(seat.member.id)
        return (
            not is_on_site(challenge, today),
            -(logged.timestamp() if logged else 0.0),
            abs((challenge.first_day - today).days),
        )

    return min(seats, key=rank)


async def _likeliest(turn: Turn, seats: Sequence[Seat]) -> Seat:
    last_logged = {}
    for seat in seats if len(seats) > 1 else ():
        if receipt := await turn.uow.receipts.latest_of(seat.member.id, LONG_AGO):
            last_logged[seat.member.id] = receipt.last_at
    return choose_seat(seats, turn.now, last_logged)


async def access_seat(turn: Turn, *, even_over: bool = False) -> Seat:
    """The person's seat on the challenge they are speaking of: the channel's own, else the likeliest of theirs.

    `even_over`: of those that have ended the newest, when none that is live will do. Raises `NotOnAChallenge`,
    `ChallengeIsOver`, or `NotAllowed` when their role may not do this.
    """
    if turn.chosen:
        return await access_challenge(turn, turn.chosen, even_over=even_over)
    channel = await turn.uow.channels.find(turn.place.platform, turn.place.workspace, turn.place.id)
    if channel is not None:
        return await access_challenge(turn, channel.challenge_id, even_over=even_over)
    seats = await seats_of(turn, even_over=True)
    if not seats:
        raise BeingDestroyed if await turn.uow.members.of_person(turn.account.person_id) else NotOnAChallenge
    live = [seat for seat in seats if seat.challenge.ended_at is None]
    fitting = [seat for seat in live if seat.member.role in turn.allowed]
    if fitting:
        return await _likeliest(turn, fitting)
    over = [seat for seat in seats if seat not in live and seat.member.role in turn.allowed]
    if over and even_over:
        return over[0]
    raise ChallengeIsOver if over and not live else NotAllowed


def is_live(seat: Seat) -> bool:
    return seat.challenge.ended_at is None


async def access_meant_seat(turn: Turn, *, among: Callable[[Seat], bool] = is_live, even_over: bool = False) -> Seat:
    """The seat that `access_seat` gives, for what changes or exports a challenge: never guessed.

    Raises `WhichChallenge` when `among` holds for several of the seats that it may be, and what `access_seat` raises.
    """
    seat = await access_seat(turn, even_over=even_over)
    place = turn.place
    if turn.chosen or await turn.uow.channels.find(place.platform, place.workspace, place.id):
        return seat
    fitting = [one for one in await seats_of(turn) if one.member.role in turn.allowed and among(one)]
    if len(fitting) > 1:
        raise WhichChallenge([one.challenge for one in fitting])
    return seat


async def access_challenge(turn: Turn, challenge_id: ChallengeId, *, even_over: bool = False) -> Seat:
    """The person's seat on that challenge, `even_over` to look back at one that has ended.

    Raises `NotOnAChallenge`, `NotAllowed`, `RecordGone` or `ChallengeIsOver`.
    """
    try:
        challenge = await turn.uow.challenges.get(challenge_id)
    except NotStored as exc:
        raise RecordGone from exc
    member = await turn.uow.members.find(challenge_id, turn.account.person_id)
    if member is None or member.removed_at is not None:
        raise NotOnAChallenge
    if challenge.destroyed_at is not None:
        raise BeingDestroyed
    if member.role not in turn.allowed:
        raise NotAllowed
    if challenge.ended_at is not None and not even_over:
        raise ChallengeIsOver
    return Seat(challenge, member)


async def access_finding(turn: Turn, finding_id: str) -> tuple[Seat, Finding]:
    """A finding that the person may change: their own, one they logged for somebody, or (the manager) any.

    Raises `RecordGone`, and whatever `access_challenge` raises.
    """
    try:
        finding = await turn.uow.findings.get(FindingId(finding_id), sensitive_too=True)
    except NotStored as exc:
        raise RecordGone from exc
    seat = await access_challenge(turn, finding.challenge_id)
    own = seat.member.id in (finding.author_id, finding.logged_by)
    if not own and not seat.is_manager and finding.sensitive:
        raise RecordGone
    if not own and not seat.is_manager:
        raise NotAllowed("Only the peer whose finding it is, or the challenge manager, can change it.")
    return seat, finding
