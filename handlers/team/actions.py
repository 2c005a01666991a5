"""Looking at how a challenge stands: its status, and the list of one's own.

It is set up in `setting_up`, and its days and times change in `days_and_times`. Who is on the team is in `seating`,
where it meets in `channel`.
"""

from handlers.access import Seat, access_challenge, is_appointed, seats_of
from handlers.desk import Turn
from handlers.errors import NotOnAChallenge
from handlers.team.turns import privately
from storage.records import Address, ChallengeId


async def show_status(turn: Turn, _args: str) -> None:
    """One card: stage, what is missing, what is next. Somebody who may set up a first challenge is invited to."""
    seat = await _seat_looked_at(turn)
    if seat is None:
        await turn.answer("team.invitation", to=privately(turn))
    else:
        await answer_with_status(turn, seat)


async def show_status_of(turn: Turn, challenge_id: str) -> None:
    """The button in the list of challenges."""
    await answer_with_status(turn, await access_challenge(turn, ChallengeId(challenge_id), even_over=True))


async def show_list(turn: Turn, _args: str) -> None:
    """Every challenge that the person is or was on."""
    if not await seats_of(turn, even_over=True):
        if not is_appointed(turn):
            raise NotOnAChallenge
        await turn.answer("team.invitation", to=privately(turn))
        return
    await turn.answer("team.list", record=turn.account.person_id, to=privately(turn))


async def _seat_looked_at(turn: Turn) -> Seat | None:
    """The seat whose challenge is shown: the channel's, the likeliest live one, or the newest that is over."""
    channel = await turn.uow.channels.find(turn.place.platform, turn.place.workspace, turn.place.id)
    if channel is not None:
        return await access_challenge(turn, channel.challenge_id, even_over=True)
    seats = await seats_of(turn, even_over=True)
    seats.sort(key=lambda seat: seat.challenge.ended_at is not None)
    if seats:
        return seats[0]
    if is_appointed(turn):
        return None
    raise NotOnAChallenge


async def answer_with_status(turn: Turn, seat: Seat, *, to: Address | None = None) -> None:
    """Where `to` is not given, the asker alone sees it."""
    await turn.answer(
        "team.status", challenge=seat.challenge, record=seat.challenge.id, params={"member": seat.member.id},
        to=to or privately(turn),
    )  # fmt: skip
