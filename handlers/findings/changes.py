"""What a peer does to a finding with one tap of its receipt: a theme, Undo, keep as one, split, move to the other
challenge. Pressed twice, or from an old card, each does what it says or nothing."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.access import Seat, access_challenge, access_finding, seats_of
from handlers.chat import Form, Outcome, Submitted
from handlers.desk import Desk, Turn
from handlers.errors import RecordGone
from handlers.findings.division import join_parts
from handlers.findings.forms import move_form
from handlers.findings.recording import record
from handlers.findings.rules import (
    NotYours,
    WordsForgotten,
    change,
    ids_in,
    inherit,
    joined,
    set_by_hand,
    with_theme,
)
from handlers.findings.saving import (
    add_parts,
    open_receipt,
    read_for,
    relocate,
    seat_to_log,
    show_receipt,
    tell,
    tell_of,
)
from handlers.keeping import check_may_leave
from storage.errors import NotStored
from storage.records import (
    ChallengeId,
    Finding,
    MessageId,
    Receipt,
    ReceiptId,
    SourceMessage,
    ThemeId,
)


async def press_theme(turn: Turn, value: str) -> None:
    """A theme button: the finding has the theme, or has it no longer. Pressing it twice is pressing it once."""
    finding_id, theme_id, wanted = _three(value)
    _, finding = await access_finding(turn, finding_id)
    themes = await turn.uow.themes.of_challenge(finding.challenge_id)
    if not any(theme.id == theme_id and theme.is_open for theme in themes):
        raise RecordGone
    theme_ids = with_theme(finding.theme_ids, ThemeId(theme_id), on=wanted == "on")
    changed = set_by_hand(finding, turn.now, themes=theme_ids)
    if changed is not finding:
        await record(turn, finding, changed, "changed")
    await tell_of(turn, changed)


async def withdraw(turn: Turn, value: str) -> None:
    """Undo: the findings are off the wall; their words stay for a day, so that they can be put back."""
    findings = await _own(turn, value)
    for finding in findings:
        await take_off(turn, finding)
    await tell_of(turn, findings[0])


async def put_back(turn: Turn, value: str) -> None:
    findings = await _own(turn, value)
    if not all(finding.text for finding in findings):
        raise WordsForgotten
    for finding in findings:
        if finding.withdrawn_at is not None:
            await record(turn, finding, replace(change(finding, turn.now), withdrawn_at=None), "put_back")
    await tell_of(turn, findings[0])


async def take_off(desk: Desk, finding: Finding) -> None:
    if finding.withdrawn_at is None:
        await record(desk, finding, replace(change(finding, desk.now), withdrawn_at=desk.now), "withdrawn")


async def _own(turn: Turn, value: str) -> list[Finding]:
    findings = [(await access_finding(turn, finding_id))[1] for finding_id in ids_in(value)]
    if not findings or any(finding.message_id is None for finding in findings):
        raise RecordGone  # moved to another wall since
    return findings


# ---------------------------------------------------------------- one finding or several


async def keep_as_one(turn: Turn, message_id: str) -> None:
    """The bullets of a message belong together: one finding, under the first one's number."""
    message, findings = await _own_message(turn, message_id)
    if len(findings) > 1:
        whole = joined(findings, join_parts([finding.text for finding in findings]), turn.now)
        await record(turn, findings[0], whole, "joined")
        for finding in findings[1:]:
            await take_off(turn, finding)
    await turn.uow.messages.set_kept_as_one(message.id, kept=True)
    await tell_of(turn, findings[0])


async def split(turn: Turn, message_id: str) -> None:
    """The other way about; a long message without bullets is divided at its sentences."""
    message, findings = await _own_message(turn, message_id)
    await turn.uow.messages.set_kept_as_one(message.id, kept=False)
    whole = max(findings, key=lambda finding: len(finding.text))
    seat = await access_challenge(turn, message.challenge_id)
    parts = await read_for(turn, seat.challenge, whole.text, message.said_at, finely=True)
    if len(parts) > 1:
        first, *others = (inherit(part, whole) for part in parts)
        left = change(
            whole,
            turn.now,
            text=first.text,
            themes=first.theme_ids,
            kind=first.kind,
            source=first.source,
            source_type=first.source_type,
        )
        await record(turn, whole, left, "split")
        every_part = await turn.uow.findings.of_message(message.id, sensitive_too=True)
        position = max(finding.part for finding in every_part) + 1
        await add_parts(
            turn, message, others, author_id=whole.author_id, position=position, practice=whole.practice,
            by_hand=whole.set_by_hand - {"text"},
        )  # fmt: skip
    await tell_of(turn, whole)


async def _own_message(turn: Turn, message_id: str) -> tuple[SourceMessage, list[Finding]]:
    """A message, and those of its findings that stand (at least one)."""
    try:
        message = await turn.uow.messages.get(MessageId(message_id))
    except NotStored as exc:
        raise RecordGone from exc
    every_part = await turn.uow.findings.of_message(message.id, sensitive_too=True)
    findings = [one for one in every_part if one.withdrawn_at is None]
    if not findings:
        raise RecordGone
    await access_finding(turn, findings[0].id)
    return message, findings


# ---------------------------------------------------------------- the other challenge


async def ask_where_to(turn: Turn, receipt_id: str) -> Form:
    """Move: to which of the person's other challenges. Raises `StaysHere`."""
    receipt = await _own_receipt(turn, receipt_id)
    await check_may_leave(turn, receipt.challenge_id)
    others = [seat.challenge for seat in await seats_of(turn) if seat.challenge.id != receipt.challenge_id]
    if not others:
        raise RecordGone
    return move_form(receipt, others)


async def move(turn: Turn, submitted: Submitted) -> Outcome:
    """Everything that the receipt tells of goes to the other wall, under new numbers. Raises `StaysHere`."""
    receipt = await _own_receipt(turn, submitted.carried.get("receipt", ""))
    seat = await access_challenge(turn, ChallengeId(str(submitted.values.get("challenge", ""))))
    if seat.challenge.id != receipt.challenge_id:
        await check_may_leave(turn, receipt.challenge_id)
        await _move(turn, receipt, seat, practice=receipt.practice)
    return None


async def log_for_real(turn: Turn, receipt_id: str) -> None:
    """ "Put it on the wall": what was practice is a finding after all."""
    receipt = await _own_receipt(turn, receipt_id)
    seat = await access_challenge(turn, receipt.challenge_id)
    if receipt.practice:
        await _move(turn, receipt, seat, practice=False)
    else:
        await show_receipt(turn, receipt)


async def _move(turn: Turn, receipt: Receipt, seat: Seat, *, practice: bool) -> None:
    left = await turn.uow.challenges.get(receipt.challenge_id)
    for message in await turn.uow.messages.of_receipt(receipt.id):
        findings = await turn.uow.findings.of_message(message.id, sensitive_too=True)
        await turn.uow.messages.move(message.id, seat.challenge.id, seat.member.id)
        moved = replace(message, challenge_id=seat.challenge.id, member_id=seat.member.id)
        for finding in findings:
            if finding.withdrawn_at is None:
                await relocate(turn, finding, moved)
    await turn.uow.receipts.move(receipt.id, seat.challenge.id, seat.member.id, practice=practice)
    now = replace(receipt, challenge_id=seat.challenge.id, member_id=seat.member.id, practice=practice)
    await tell(turn, seat.challenge, now)
    if left.id != seat.challenge.id:
        await turn.tell_wall_watchers(left)


async def _own_receipt(turn: Turn, receipt_id: str) -> Receipt:
    try:
        receipt = await turn.uow.receipts.get(ReceiptId(receipt_id))
    except NotStored as exc:
        raise RecordGone from exc
    seat = await access_challenge(turn, receipt.challenge_id)
    if seat.member.id != receipt.member_id:
        raise NotYours
    return receipt


# ---------------------------------------------------------------- practice


async def offer_practice(turn: Turn, _nothing: str) -> None:
    """ "Try a practice finding": the person's next message within ten minutes is practice, and nobody sees it."""
    seat = await seat_to_log(turn)
    await show_receipt(turn, await open_receipt(turn, seat, practice=True))


def _three(value: str) -> Sequence[str]:
    parts = value.split()
    if len(parts) != 3:
        raise RecordGone
    return parts
