"""The posts about what Baseroom itself keeps, and about its end.

What tells of a destruction belongs to no challenge: it outlives the one it tells of, and is sealed under no key of its.
"""

from datetime import datetime

from handlers.courtesy import polite_moment
from handlers.desk import Desk
from storage.records import AccountId, Address, Challenge, Disposal, Intent

KEPT = "disposal.kept"
ASKED = "disposal.asked"
REMINDER = "disposal.reminder"
CERTIFICATE = "disposal.certificate"
DOCUMENT = "disposal.document"
TO_BE_FOUND = Address("", "")  # the desk fills it in


def kept(challenge: Challenge, *, anew: bool = True) -> Intent:
    return Intent(KEPT, TO_BE_FOUND, challenge.id, slot=f"kept:{challenge.id}", anew=anew)


def asked(challenge: Challenge) -> Intent:
    return Intent(ASKED, TO_BE_FOUND, challenge.id, slot=f"asked:{challenge.id}", anew=True)


async def show_progress(desk: Desk, disposal: Disposal) -> None:
    """Draw the certificate, as far as it can be made out, for the two who had it done."""
    for account_id in _witnesses(disposal):
        await send_certificate(desk, disposal, account_id)


async def hand_over_document(desk: Desk, disposal: Disposal) -> None:
    """To both, as soon as it is day: the last of it is done at night, and nobody is to be woken by it."""
    challenge = await desk.uow.challenges.get(disposal.challenge_id)
    for account_id in _witnesses(disposal):
        await send_document(desk, disposal, account_id, due_at=polite_moment(desk.now, challenge.tz))


async def send_certificate(desk: Desk, disposal: Disposal, account_id: AccountId, *, anew: bool = False) -> None:
    if (to := await _address_of(desk, account_id)) is not None:
        slot = f"certificate:{disposal.challenge_id}"
        await desk.post(Intent(CERTIFICATE, to, disposal.challenge_id, slot=slot, anew=anew))


async def send_document(
    desk: Desk, disposal: Disposal, account_id: AccountId, *, due_at: datetime | None = None
) -> None:
    if (to := await _address_of(desk, account_id)) is not None:
        await desk.post(Intent(DOCUMENT, to, disposal.challenge_id, due_at=due_at))


def _witnesses(disposal: Disposal) -> list[AccountId]:
    return [one for one in (disposal.asked_by, disposal.confirmed_by) if one is not None]


async def _address_of(desk: Desk, account_id: AccountId) -> Address | None:
    account = await desk.uow.accounts.get(account_id)
    return Address(account.platform, account.workspace, account=account.id) if account else None
