"""The posts about what Baseroom itself keeps, and about its end.

What tells of a destruction belongs to no challenge: it outlives the one it tells of, and is sealed under no key of its.
It keeps the quiet hours, and no destruction waits for that.
"""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.courtesy import polite_moment
from handlers.desk import Desk
from handlers.disposal.rules import TELL_WITHIN, is_awake
from storage.disposals import TOLD as TOLD
from storage.outbox import lane_of
from storage.records import Account, AccountId, Address, Challenge, ChallengeId, Disposal, Intent

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
    for account_id, due_at in await _witnesses(desk, disposal):
        await send_certificate(desk, disposal, account_id, due_at=due_at)


async def hand_over_document(desk: Desk, disposal: Disposal) -> None:
    for account_id, due_at in await _witnesses(desk, disposal):
        await send_document(desk, disposal, account_id, due_at=due_at)


async def show_certificate(desk: Desk, disposal: Disposal, account_id: AccountId) -> None:
    """To somebody who asks for it: now, and the card not again when the quiet hours are over."""
    if (to := await _address_of(desk, account_id)) is not None:
        await desk.uow.outbox.drop_slot(f"{_slot(disposal)}@{lane_of(to)}")
    await send_certificate(desk, disposal, account_id, anew=True)
    if disposal.is_certified:
        await send_document(desk, disposal, account_id)


async def send_certificate(
    desk: Desk, disposal: Disposal, account_id: AccountId, *, anew: bool = False, due_at: datetime | None = None
) -> None:
    if (to := await _address_of(desk, account_id)) is not None:
        slot = _slot(disposal)
        await desk.post(Intent(CERTIFICATE, to, disposal.challenge_id, slot=slot, anew=anew, due_at=due_at))


async def send_document(
    desk: Desk, disposal: Disposal, account_id: AccountId, *, due_at: datetime | None = None
) -> None:
    if (to := await _address_of(desk, account_id)) is not None:
        await desk.post(Intent(DOCUMENT, to, disposal.challenge_id, due_at=due_at))


async def send_word(desk: Desk, challenge_id: ChallengeId, platforms: Container[str]) -> int:
    """Promise a word to everybody else on the team whose chat is known, by day; returns to how many.

    It goes to the chat itself: who they are may be forgotten before. `platforms` are those that can be posted to.
    """
    challenge = await desk.uow.challenges.get(challenge_id)
    team = [await desk.uow.accounts.of_person(one) for one in await desk.uow.disposals.rest_of_team(challenge_id)]
    chats = [chat for seats in team if (chat := _chat_among(seats, platforms))]
    for chat in chats:
        word = Intent(TOLD, chat, challenge_id, unprompted=True, not_after=desk.now + TELL_WITHIN)
        await desk.post(replace(word, due_at=polite_moment(desk.now, challenge.tz)))
    return len(chats)


def _chat_among(seats: Sequence[Account], platforms: Container[str]) -> Address | None:
    """Of somebody's chats with Baseroom the first that can be posted to; the seats come in the order of `of_person`."""
    return next(
        (
            Address(seat.platform, seat.workspace, conversation=seat.dm)
            for seat in seats
            if seat.dm and seat.platform in platforms
        ),
        None,
    )


async def _witnesses(desk: Desk, disposal: Disposal) -> list[tuple[AccountId, datetime]]:
    """The two who had it done, and when each is to hear of it: whoever has just pressed is up, and wants to know."""
    morning = polite_moment(desk.now, (await desk.uow.challenges.get(disposal.challenge_id)).tz)
    pressed = ((disposal.asked_by, disposal.asked_at), (disposal.confirmed_by, disposal.confirmed_at))
    return [(who, desk.now if is_awake(at, desk.now) else morning) for who, at in pressed if who and at]


def _slot(disposal: Disposal) -> str:
    return f"certificate:{disposal.challenge_id}"


async def _address_of(desk: Desk, account_id: AccountId) -> Address | None:
    account = await desk.uow.accounts.get(account_id)
    return Address(account.platform, account.workspace, account=account.id) if account else None
