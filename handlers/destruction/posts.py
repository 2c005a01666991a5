"""The posts about note destruction, each with its slot: a card changes where it stands instead of filling the chat."""

from dataclasses import replace

from handlers.desk import Desk
from handlers.destruction.rules import Progress, progress_of
from storage.records import Address, Challenge, Intent, Member

REQUEST = "destruction.request"
STATUS = "destruction.status"
KEEP = "destruction.keep"  # the sign-off was taken back
REGISTER = "destruction.register"
TO_BE_FOUND = Address("", "")  # the desk fills it in


def request(member: Member, *, anew: bool = False, reminder: bool = False) -> Intent:
    params = {"reminder": "yes"} if reminder else {}
    return Intent(REQUEST, TO_BE_FOUND, member.id, slot=f"destruction:{member.id}", anew=anew, params=params)


def status(challenge: Challenge, *, anew: bool = False) -> Intent:
    return Intent(STATUS, TO_BE_FOUND, challenge.id, slot=f"destruction_status:{challenge.id}", anew=anew)


def finished(challenge: Challenge) -> Intent:
    """The same card once more, when the last one has confirmed: it is told, and the first follows in its place."""
    return replace(status(challenge, anew=True), slot=f"destruction_finished:{challenge.id}")


async def progress_now(desk: Desk, challenge: Challenge) -> Progress:
    team = await desk.uow.members.of_challenge(challenge.id, with_removed=True)
    return progress_of(team, await desk.uow.destruction.of_challenge(challenge.id))
