"""Whether somebody can be written to: who removes or blocks Baseroom in their chat would miss what is for them, and
nobody would know. Their challenge manager is told, once, and can speak to them.
"""

from handlers.access import seats_of_person
from handlers.chat import Left, PlaceKind
from handlers.desk import Desk, Turn
from handlers.team.channel import follow_shut_out
from storage.records import Account, Address, Intent

TO_BE_FOUND = Address("", "")  # `tell_managers` finds where each manager is


async def follow_leaving(turn: Turn, left: Left) -> None:
    """Baseroom was taken out of a channel, or of somebody's own chat."""
    if left.place.kind is not PlaceKind.CHANNEL:
        await note_blocked(turn, turn.account)
        return
    channel = await turn.uow.channels.find(left.place.platform, left.place.workspace, left.place.id)
    if channel is not None:
        await follow_shut_out(turn, channel)


async def note_blocked(desk: Desk, account: Account) -> None:
    """They cannot be written to there any more. Their managers are told unless they can be reached elsewhere, or it was
    known; a manager who is out of reach themselves is told where they are next."""
    if account.blocked_at is not None:
        return
    await desk.uow.accounts.set_blocked(account.id, desk.now)
    seats = await desk.uow.accounts.of_person(account.person_id)
    if any(seat.id != account.id and seat.blocked_at is None for seat in seats):
        return
    for seat in await seats_of_person(desk, account.person_id):
        name = seat.member.name
        sentence = (
            f"I cannot write to {name} in {account.platform.title()} any more: they have removed or blocked me there. "
            f"Ask {name} to add Baseroom again, or to speak to me in the team channel."
        )
        if not seat.is_manager:
            await desk.tell_managers(seat.challenge, Intent("notice", TO_BE_FOUND, params={"text": sentence}))
