"""Asking for the workbook, of a challenge that is over too. It goes to the manager's own direct message, wherever they
asked."""

from handlers.access import Seat, access_challenge, access_meant_seat
from handlers.chat import PlaceKind
from handlers.desk import Turn
from storage.records import ChallengeId

WORKBOOK = "reports.workbook"


async def export(turn: Turn, _args: str) -> None:
    await _send(turn, await access_meant_seat(turn, even_over=True))


async def press_export(turn: Turn, value: str) -> None:
    await _send(turn, await access_challenge(turn, ChallengeId(value), even_over=True))


async def _send(turn: Turn, seat: Seat) -> None:
    """In a channel it is also said where the workbook went, so that nobody waits for it there."""
    challenge, params = seat.challenge, {"member": seat.member.id}
    await turn.answer(WORKBOOK, challenge=challenge, record=challenge.id, params=params, to=turn.in_private)
    if turn.place.kind is not PlaceKind.DM:
        await turn.say("The workbook is in your direct messages: it is not for a channel.", challenge=challenge)
