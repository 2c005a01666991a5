"""Putting words on the wall, whatever they came by (a message, a form, a shortcut, a second thought), and keeping the
one-line receipt true. Everything here happens inside the unit of work of the turn that asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.access import Seat, access_seat
from handlers.chat import PlaceKind
from handlers.desk import Desk, Turn
from handlers.findings.reading import Part, Reader
from handlers.findings.recording import announce, record
from handlers.findings.rules import ChannelNotBound, as_pre_reading, before_the_visit
from storage.records import (
    Address,
    Challenge,
    Finding,
    FindingId,
    Intent,
    MemberId,
    MessageId,
    Receipt,
    ReceiptId,
    SourceMessage,
    new_id,
)

SHARED_RECEIPT = timedelta(seconds=10)
MOST_ON_A_RECEIPT = 8  # messages: more than that is no longer read at a glance
PRACTICE_WAITS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Heard:
    """Words to save: where they stand (so that their edits are followed), when they were said, and by whom.

    `by_hand` is what somebody chose on a form besides; its `text` and a field that it leaves out are read as typed.
    """

    words: str
    message: str
    said_at: datetime
    conversation: str = ""
    author_id: MemberId | None = None
    chosen: Part | None = None
    by_hand: frozenset[str] = frozenset()


async def seat_to_log(turn: Turn) -> Seat:
    """The person's seat on the challenge that a finding of theirs is for, as `access_seat` has it.

    Raises `ChannelNotBound`, `ChallengeIsOver`, `NotOnAChallenge` or `NotAllowed`.
    """
    if turn.place.kind is PlaceKind.CHANNEL and turn.said_message:
        place = turn.place
        if await turn.uow.channels.find(place.platform, place.workspace, place.id) is None:
            raise ChannelNotBound
    return await access_seat(turn)


async def reader_of(desk: Desk, challenge: Challenge) -> Reader:
    themes = await desk.uow.themes.of_challenge(challenge.id)
    return Reader(themes, desk.house.framework_of(challenge).words)


async def read_for(
    desk: Desk, challenge: Challenge, words: str, said_at: datetime, *, as_one: bool = False, finely: bool = False
) -> tuple[Part, ...]:
    """The findings in a message said at that moment; before the visit they come from the pre-reading."""
    parts = (await reader_of(desk, challenge)).read(words, as_one=as_one, finely=finely)
    if before_the_visit(challenge, said_at.astimezone(challenge.tz).date()):
        return tuple(as_pre_reading(part) for part in parts)
    return parts


async def save(turn: Turn, seat: Seat, heard: Heard, *, receipt: Receipt | None = None) -> Receipt:
    """Save what was heard, and promise the receipt that tells of it; one given here is posted anew below the words."""
    anew = receipt is not None
    receipt = receipt or await _receipt_for(turn, seat)
    if receipt.last_at != turn.now:
        await turn.uow.receipts.set_last_at(receipt.id, turn.now)
    message = SourceMessage(
        MessageId(new_id()), seat.challenge.id, turn.place.platform, turn.place.workspace, heard.conversation,
        heard.message, seat.member.id, receipt.id, heard.said_at,
    )  # fmt: skip
    await turn.uow.messages.add(message)
    parts = await read_for(turn, seat.challenge, heard.words, heard.said_at)
    if heard.chosen:
        parts = tuple(_with_chosen(part, heard.chosen, heard.by_hand) for part in parts)
    author_id = heard.author_id or seat.member.id
    await add_parts(
        turn, message, parts, author_id=author_id, practice=receipt.practice, by_hand=heard.by_hand, position=0
    )
    await tell(turn, seat.challenge, receipt, anew=anew)
    return receipt


def _with_chosen(part: Part, chosen: Part, by_hand: frozenset[str]) -> Part:
    """The part as read, with what was chosen on the form in the place of what was read."""
    return Part(
        text=part.text,
        theme_ids=tuple(dict.fromkeys((*part.theme_ids, *chosen.theme_ids))),
        kind=chosen.kind if "kind" in by_hand else part.kind,
        source=chosen.source if "source" in by_hand else part.source,
        source_type=chosen.source_type if "source_type" in by_hand else part.source_type,
        sensitive=part.sensitive or chosen.sensitive,
    )


async def add_parts(
    desk: Desk,
    message: SourceMessage,
    parts: Sequence[Part],
    *,
    author_id: MemberId,
    position: int,
    practice: bool = False,
    by_hand: frozenset[str] = frozenset(),
) -> None:
    """Add findings to a message, with new numbers, in order from `position`."""
    challenge = await desk.uow.challenges.get(message.challenge_id)
    numbers = await _numbers(desk, challenge, len(parts), practice=practice)
    for offset, (number, part) in enumerate(zip(numbers, parts, strict=True)):
        finding = Finding(
            id=FindingId(new_id()),
            challenge_id=challenge.id,
            number=number,
            author_id=author_id,
            logged_by=message.member_id,
            text=part.text,
            day=message.said_at.astimezone(challenge.tz).date(),
            heard_at=message.said_at,
            logged_at=desk.now,
            source=part.source,
            source_type=part.source_type,
            kind=part.kind,
            theme_ids=part.theme_ids,
            practice=practice,
            sensitive=part.sensitive,
            message_id=message.id,
            part=position + offset,
            set_by_hand=by_hand,
        )
        await desk.uow.findings.add(finding)
        if finding.sensitive and not practice:
            await announce(desk, finding)


async def _numbers(desk: Desk, challenge: Challenge, count: int, *, practice: bool) -> range:
    if not practice:
        return await desk.uow.challenges.next_numbers(challenge.id, count)
    first = await desk.uow.findings.next_practice_number(challenge.id)
    return range(first, first + count)


async def relocate(desk: Desk, finding: Finding, message: SourceMessage) -> None:
    """Give a finding a new number on the wall of its message's challenge, sealed under that challenge's key.

    The old one is withdrawn and its words are forgotten at once, so nothing leaves a challenge under a hold: the caller
    has checked that (`check_may_leave`). Themes of another challenge do not come along: its tags are read again there.
    """
    challenge = await desk.uow.challenges.get(message.challenge_id)
    reader = await reader_of(desk, challenge)
    stays = finding.challenge_id == challenge.id
    [number] = await _numbers(desk, challenge, 1, practice=False)
    moved = replace(
        finding,
        id=FindingId(new_id()),
        challenge_id=challenge.id,
        number=number,
        author_id=finding.author_id if stays else message.member_id,
        logged_by=message.member_id,
        logged_at=desk.now,
        day=message.said_at.astimezone(challenge.tz).date(),
        theme_ids=finding.theme_ids if stays else reader.tagged(finding.text),
        set_by_hand=finding.set_by_hand - (frozenset() if stays else {"themes"}),
        message_id=message.id,
        practice=False,
        version=1,
    )
    gone = replace(finding, withdrawn_at=desk.now, message_id=None, theme_ids=(), version=finding.version + 1)
    await record(desk, finding, gone, "moved")
    await desk.uow.findings.blank(finding.id)
    await desk.uow.findings.add(moved)
    desk.audit(moved.challenge_id, "finding.arrived", moved.id, number=number)
    if moved.sensitive:
        await announce(desk, moved)


async def tell(desk: Desk, challenge: Challenge, receipt: Receipt, *, anew: bool = False) -> None:
    """Bring the receipt up to date, and say that the wall has changed unless it was practice."""
    await show_receipt(desk, receipt, anew=anew)
    if not receipt.practice:
        await desk.tell_wall_watchers(challenge)


async def tell_of(turn: Turn, finding: Finding) -> None:
    """The same, for one finding that somebody has changed; whoever does not see its receipt is shown the finding."""
    challenge = await turn.uow.challenges.get(finding.challenge_id)
    if finding.message_id is None:
        await turn.tell_wall_watchers(challenge)
        return
    message = await turn.uow.messages.get(finding.message_id)
    receipt = await turn.uow.receipts.get(message.receipt_id)
    await tell(turn, challenge, receipt)
    presser = await turn.uow.members.find(challenge.id, turn.account.person_id)
    if presser and presser.id != receipt.member_id and receipt.conversation != turn.place.id:
        params = {"viewer": presser.id}
        await turn.answer("findings.one", challenge=challenge, record=finding.id, params=params, to=turn.in_private)


async def show_receipt(desk: Desk, receipt: Receipt, *, anew: bool = False) -> None:
    """Post the receipt where it belongs, or edit it there (`anew`: post it again, below what was said since)."""
    to = await _address_of(desk, receipt)
    if to:
        slot = f"receipt:{receipt.id}"
        await desk.post(
            Intent("findings.receipt", to, record=receipt.id, challenge_id=receipt.challenge_id, slot=slot, anew=anew)
        )


async def open_receipt(turn: Turn, seat: Seat, *, practice: bool = False) -> Receipt:
    """A new receipt, under the message in the team channel or in the person's direct messages."""
    conversation, thread = await _receipt_place(turn)
    receipt = Receipt(
        ReceiptId(new_id()), seat.challenge.id, seat.member.id, turn.place.platform, turn.place.workspace,
        conversation, thread, turn.now, turn.now, practice,
    )  # fmt: skip
    await turn.uow.receipts.add(receipt)
    return receipt


async def waiting_practice(turn: Turn, seat: Seat) -> Receipt | None:
    """The practice receipt that waits for the person's next direct message, if they asked for one just now."""
    latest = await turn.uow.receipts.latest_of(seat.member.id, turn.now - PRACTICE_WAITS)
    here = latest and (latest.platform, latest.workspace) == (turn.place.platform, turn.place.workspace)
    waits = latest and latest.practice and here and turn.place.kind is PlaceKind.DM
    return latest if latest and waits and not await turn.uow.messages.of_receipt(latest.id) else None


async def _receipt_for(turn: Turn, seat: Seat) -> Receipt:
    """The receipt of the last ten seconds in this conversation, unless it is full, or a new one."""
    latest = await turn.uow.receipts.latest_of(seat.member.id, turn.now - SHARED_RECEIPT)
    here = (turn.place.platform, turn.place.workspace, *await _receipt_place(turn))
    if latest and not latest.practice:
        there = (latest.platform, latest.workspace, latest.conversation, latest.thread)
        is_for_this = here == there and latest.challenge_id == seat.challenge.id
        if is_for_this and await turn.uow.messages.count_of_receipt(latest.id) < MOST_ON_A_RECEIPT:
            return latest
    return await open_receipt(turn, seat)


async def _receipt_place(turn: Turn) -> tuple[str, str]:
    """Conversation (empty: the direct messages) and thread. A channel in which posting is stopped is passed over."""
    place = turn.place
    if place.kind is PlaceKind.CHANNEL and turn.said_message:
        channel = await turn.uow.channels.find(place.platform, place.workspace, place.id)
        if channel and channel.stopped_at is None:
            return place.id, place.thread or turn.said_message
    return "", place.thread if place.kind is PlaceKind.DM else ""


async def _address_of(desk: Desk, receipt: Receipt) -> Address | None:
    if receipt.conversation:
        return Address(receipt.platform, receipt.workspace, receipt.conversation, thread=receipt.thread)
    member = await desk.uow.members.get(receipt.member_id)
    for account in await desk.uow.accounts.of_person(member.person_id):
        if (account.platform, account.workspace) == (receipt.platform, receipt.workspace):
            return Address(receipt.platform, receipt.workspace, account=account.id, thread=receipt.thread)
    return None
