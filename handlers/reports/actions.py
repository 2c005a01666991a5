"""Asking for the workbook, of a challenge that is over too. It goes to the manager's own direct message, wherever they
asked."""

from handlers.access import Seat, access_challenge, access_meant_seat
from handlers.chat import PlaceKind
from handlers.desk import Turn
from handlers.wording import private_talk
from storage.records import ChallengeId

WORKBOOK = "reports.workbook"
LEFT_OUT = "reports.left_out"


async def export(turn: Turn, _args: str) -> None:
    await _send(turn, await access_meant_seat(turn, even_over=True))


async def press_export(turn: Turn, value: str) -> None:
    await _send(turn, await access_challenge(turn, ChallengeId(value), even_over=True))


async def press_export_all(turn: Turn, value: str) -> None:
    """With what is sensitive, for a manager who was told that it is left out and asks for it."""
    await _send(turn, await access_challenge(turn, ChallengeId(value), even_over=True), sensitive_too=True)


async def _send(turn: Turn, seat: Seat, *, sensitive_too: bool = False) -> None:
    """In a channel it is also said where the workbook went, so that nobody waits for it there."""
    challenge, params = seat.challenge, {"member": seat.member.id, "sensitive_too": "yes" if sensitive_too else ""}
    await turn.answer(WORKBOOK, challenge=challenge, record=challenge.id, params=params, to=turn.in_private)
    turn.audit(challenge.id, "workbook.exported.sensitive_too" if sensitive_too else "workbook.exported")
    if not sensitive_too:
        await turn.answer(LEFT_OUT, challenge=challenge, record=challenge.id, to=turn.in_private)
    if turn.place.kind is not PlaceKind.DM:
        there = private_talk(turn.place.platform)
        await turn.say(f"The workbook is in your {there}: it is not for a channel.", challenge=challenge)
