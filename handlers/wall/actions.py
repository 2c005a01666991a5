"""Making links into the web, and closing the browsers that they let in."""

import secrets

from handlers.access import Seat, access_challenge, access_seat
from handlers.desk import Turn
from handlers.wording import counted
from storage.records import ChallengeId, Intent, Opens, WebPass

LINK = "wall.link"
NO_WEB = (
    "The wall is not on the web here: Baseroom has no address that a browser could open (BASEROOM_PUBLIC_URL; your IT "
    "officer sets it). “themes” and “findings all” show the same here."
)


async def open_wall(turn: Turn, _args: str) -> None:
    await _send_link(turn, await access_seat(turn), Opens.WALL)


async def open_workbook(turn: Turn, _args: str) -> None:
    await _send_link(turn, await access_seat(turn, even_over=True), Opens.WORKBOOK)


async def _send_link(turn: Turn, seat: Seat, opens: Opens) -> None:
    """In private, whatever place it was asked for in: a link is a key. Only its digest is kept."""
    if not turn.house.public_url:
        return await turn.say(NO_WEB, challenge=seat.challenge)
    letters = secrets.token_urlsafe(24)
    await turn.uow.passes.make(letters, WebPass(seat.challenge.id, seat.member.person_id, opens), turn.now)
    turn.audit(seat.challenge.id, f"link.made.{opens.value}")
    params = {"letters": letters, "opens": opens.value}
    await turn.answer_in_private(seat.challenge, Intent(LINK, turn.in_private, record=seat.challenge.id, params=params))
    return None


async def close_browsers(turn: Turn, _args: str) -> None:
    await _close(turn, await access_seat(turn, even_over=True))


async def press_off(turn: Turn, challenge_id: str) -> None:
    await _close(turn, await access_challenge(turn, ChallengeId(challenge_id), even_over=True))


async def _close(turn: Turn, seat: Seat) -> None:
    whose = None if seat.is_manager else seat.member.person_id
    closed = await turn.uow.passes.revoke(seat.challenge.id, whose)
    turn.audit(seat.challenge.id, "browser.closed", browsers=closed)
    browsers = counted(closed, "browser is", "browsers are") if closed else "No browser was open; none is"
    await turn.say(f"{browsers} closed now, and links that nobody has used yet are void.", challenge=seat.challenge)
