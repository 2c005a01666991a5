"""Asking whether a post arrived, and doing what the manager says."""

from dataclasses import replace

import structlog

from handlers.access import access_challenge, seats_of_person
from handlers.chat import Pressed
from handlers.desk import Desk, Turn
from handlers.errors import RecordGone, Refusal
from storage.outbox import NOT_KNOWN
from storage.records import Address, Challenge, ChallengeId, Intent, OutboxId, OutboxRow, OutboxState

log = structlog.get_logger("baseroom.arrivals")

QUESTION = "arrivals.question"
APPEARED = "a manager says that it appeared"
NOT_THERE = "a manager says that it did not appear"
TO_BE_FOUND = Address("", "")  # `tell_managers` finds where each manager is


class AlreadySettled(Refusal):
    """Somebody has already said what became of that post."""


async def ask(desk: Desk, row: OutboxRow) -> None:
    """Ask the managers. A question whose own arrival is unknown is not asked about: their home page asks it."""
    challenge = await challenge_of(desk, row)
    if challenge is None:
        log.warning("nobody can be asked whether a post arrived", kind=row.intent.kind)
    elif row.intent.kind != QUESTION:
        await desk.tell_managers(challenge, _question(row, challenge))


async def challenge_of(desk: Desk, row: OutboxRow) -> Challenge | None:
    """The challenge whose managers may say: the post's own, else one that the person it was for is on."""
    if row.intent.challenge_id:
        return await desk.uow.challenges.get(row.intent.challenge_id)
    account = await desk.uow.accounts.get(row.intent.to.account) if row.intent.to.account else None
    seats = await seats_of_person(desk, account.person_id) if account else []
    return seats[0].challenge if seats else None


async def say_it_appeared(turn: Turn, value: str) -> None:
    """It is there: whatever it had besides is posted now."""
    row, challenge = await _access_doubt(turn, value)
    await turn.uow.outbox.mark(row.id, OutboxState.SENT, now=turn.now, why=APPEARED)
    await turn.uow.outbox.add(replace(row.intent, page=row.intent.page + 1, due_at=turn.now), turn.now)
    await _show_settled(turn, row, challenge)


async def post_again(turn: Turn, value: str) -> None:
    row, challenge = await _access_doubt(turn, value)
    await turn.uow.outbox.put_back(row.id, turn.now, NOT_THERE)
    await _show_settled(turn, row, challenge)


async def _access_doubt(turn: Turn, value: str) -> tuple[OutboxRow, Challenge]:
    """The post in doubt. Raises `AlreadySettled` when another manager was faster."""
    row = await turn.uow.outbox.get(OutboxId(value))
    challenge = await challenge_of(turn, row) if row else None
    if row is None or challenge is None:
        raise RecordGone
    seat = await access_challenge(turn, ChallengeId(challenge.id))
    is_in_doubt = row.state is OutboxState.PARKED and row.why == NOT_KNOWN
    if not is_in_doubt or not await turn.uow.outbox.settle(row):
        raise AlreadySettled
    return row, seat.challenge


async def _show_settled(turn: Turn, row: OutboxRow, challenge: Challenge) -> None:
    """Every manager's card says so, where it stands; whoever pressed elsewhere is told."""
    for manager in await turn.managers_of(challenge):
        await turn.redraw(challenge, manager.person_id, _question(row, challenge))
    place = turn.place
    pressed = turn.incoming.message if isinstance(turn.incoming, Pressed) else ""
    card = await turn.uow.posts.find(place.platform, place.workspace, place.id, pressed)
    settled = await turn.uow.outbox.get(row.id)
    if settled and (card is None or card.kind != QUESTION):
        await turn.say(in_words(settled), challenge=challenge)


def in_words(row: OutboxRow) -> str:
    """What was said of a post that is no longer in doubt."""
    return "Noted: it appeared." if row.why == APPEARED else "It did not appear, and is posted again."


def _question(row: OutboxRow, challenge: Challenge) -> Intent:
    return Intent(QUESTION, TO_BE_FOUND, row.id, challenge_id=challenge.id, slot=f"arrival:{row.id}")
