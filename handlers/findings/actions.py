"""What happens to a finding, each inside the unit of work of the message that asked for it."""

from dataclasses import replace
from datetime import timedelta

from handlers.access import TEAM, Seat, access_seat
from handlers.chat import Deleted, Edited, Said
from handlers.desk import Turn
from handlers.findings.rules import Part, read_message
from storage.records import (
    Address,
    Finding,
    FindingId,
    MessageId,
    Receipt,
    ReceiptId,
    SourceMessage,
    new_id,
)

SHARED_RECEIPT = timedelta(seconds=10)


async def log_message(turn: Turn, said: Said) -> None:
    """Save what was heard and promise the receipt."""
    turn.allowed = TEAM
    seat = await access_seat(turn)
    themes = await turn.uow.themes.of_challenge(seat.challenge.id)
    parts = read_message(said.text, themes)
    receipt = await _receipt_for(turn, seat)
    message = SourceMessage(
        MessageId(new_id()), seat.challenge.id, turn.place.platform, turn.place.workspace, turn.place.id, said.message,
        seat.member.id, receipt.id, said.at,
    )  # fmt: skip
    await turn.uow.messages.add(message)
    await _save(turn, seat, message, parts)
    await _promise_receipt(turn, receipt)


async def follow_edit(turn: Turn, edited: Edited) -> None:
    """The author changed the chat message: the finding changes with it."""
    place = turn.place
    message = await turn.uow.messages.find(place.platform, place.workspace, place.id, edited.message)
    if message is None:
        return
    themes = await turn.uow.themes.of_challenge(message.challenge_id)
    parts = read_message(edited.text, themes)
    for finding, part in zip(await turn.uow.findings.of_message(message.id), parts, strict=False):
        await turn.uow.findings.change(_reread(finding, part, turn))
    await _promise_receipt(turn, await turn.uow.receipts.get(message.receipt_id))


async def follow_deletion(turn: Turn, deleted: Deleted) -> None:
    """The author took the chat message back: its findings are withdrawn."""
    place = turn.place
    message = await turn.uow.messages.find(place.platform, place.workspace, place.id, deleted.message)
    if message is None:
        return
    for finding in await turn.uow.findings.of_message(message.id):
        await turn.uow.findings.change(replace(finding, withdrawn_at=turn.now, version=finding.version + 1))
    await _promise_receipt(turn, await turn.uow.receipts.get(message.receipt_id))


async def _save(turn: Turn, seat: Seat, message: SourceMessage, parts: tuple[Part, ...]) -> None:
    numbers = await turn.uow.challenges.next_numbers(seat.challenge.id, len(parts))
    for position, (number, part) in enumerate(zip(numbers, parts, strict=True)):
        finding = Finding(
            id=FindingId(new_id()),
            challenge_id=seat.challenge.id,
            number=number,
            author_id=seat.member.id,
            logged_by=seat.member.id,
            text=part.text,
            day=message.said_at.astimezone(seat.challenge.tz).date(),
            heard_at=message.said_at,
            logged_at=turn.now,
            source=part.source,
            source_type=part.source_type,
            kind=part.kind,
            theme_ids=part.theme_ids,
            message_id=message.id,
            part=position,
        )
        await turn.uow.findings.add(finding)


def _reread(finding: Finding, part: Part, turn: Turn) -> Finding:
    """The finding with what the edited message says, but for what somebody set by hand."""
    by_hand = finding.set_by_hand
    return replace(
        finding,
        text=part.text if "text" not in by_hand else finding.text,
        theme_ids=part.theme_ids if "themes" not in by_hand else finding.theme_ids,
        kind=part.kind if "kind" not in by_hand else finding.kind,
        version=finding.version + 1,
        changed_at=turn.now,
    )


async def _receipt_for(turn: Turn, seat: Seat) -> Receipt:
    """The receipt of the last ten seconds in this conversation, or a new one."""
    latest = await turn.uow.receipts.latest_of(seat.member.id, turn.now - SHARED_RECEIPT)
    here = turn.place
    if latest and (latest.conversation, latest.thread) == (here.id, here.thread):
        await turn.uow.receipts.set_last_at(latest.id, turn.now)
        return latest
    receipt = Receipt(
        ReceiptId(new_id()), seat.challenge.id, seat.member.id, here.platform, here.workspace, here.id, here.thread,
        turn.now, turn.now,
    )  # fmt: skip
    await turn.uow.receipts.add(receipt)
    return receipt


async def _promise_receipt(turn: Turn, receipt: Receipt) -> None:
    challenge = await turn.uow.challenges.get(receipt.challenge_id)
    to = turn.here if turn.said_message else Address(turn.place.platform, turn.place.workspace, account=turn.account.id)
    await turn.answer("findings.receipt", challenge=challenge, record=receipt.id, slot=f"receipt:{receipt.id}", to=to)
