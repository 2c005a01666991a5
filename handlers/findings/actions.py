"""What people say to Baseroom, and what becomes of it when they edit or delete it: each inside one unit of work."""

import json
from dataclasses import replace

from handlers.access import TEAM, seats_of
from handlers.chat import Deleted, Edited, PlaceKind, Quoted, Said
from handlers.commands import understand
from handlers.desk import Turn
from handlers.findings.reading import has_words, is_sensitive
from handlers.findings.recording import record
from handlers.findings.rules import (
    AlreadySettled,
    FilesNotKept,
    NothingSaid,
    before_the_visit,
    change,
    match_parts,
    reread,
    taken_back_last,
)
from handlers.findings.saving import Heard, add_parts, read_for, save, seat_to_log, tell, waiting_practice
from handlers.text import clean
from storage.errors import NotStored
from storage.records import Aside, AsideId, Challenge, Finding, Member, SourceMessage, new_id

# ---------------------------------------------------------------- saying something


async def log_message(turn: Turn, said: Said) -> None:
    """Something heard: 1 find out for which challenge; 2 see whether there is anything to save; 3 before the visit,
    ask; 4 save it."""
    turn.allowed = TEAM
    seat = await seat_to_log(turn)
    words = await _as_it_stands_now(turn, said)
    if words is None or await _is_known(turn, said.message):
        return
    if not has_words(words):
        await turn.say(str(FilesNotKept() if said.attachments else NothingSaid()), challenge=seat.challenge)
        return
    practice = await waiting_practice(turn, seat)
    if practice is None and not is_sensitive(words) and await _must_ask(turn, seat.challenge, seat.member):
        await _ask_about(turn, said, words)
        return
    await save(turn, seat, Heard(words, said.message, said.at, turn.place.id), receipt=practice)
    if said.attachments:
        await turn.say("Your words are saved. The attachment is not: I do not keep files.", challenge=seat.challenge)


async def _as_it_stands_now(turn: Turn, said: Said) -> str | None:
    """What the message says; None when it was taken back before it came here."""
    early = await turn.uow.inbox.take_early(*_place_of(turn), said.message)
    news: dict[str, str] = json.loads(early) if early else {"text": said.text}
    return clean(news["text"]).strip() if "text" in news else None


async def _is_known(turn: Turn, message: str) -> bool:
    """Whether findings were logged from that message already; if so, say which."""
    known = await turn.uow.messages.find(*_place_of(turn), message)
    if known is None:
        return False
    numbers = [f"#{finding.number}" for finding in await turn.uow.findings.of_message(known.id)]
    await turn.say(f"That is {' and '.join(numbers)} already." if numbers else "That is logged already.")
    return True


async def _must_ask(turn: Turn, challenge: Challenge, member: Member) -> bool:
    """Before the visit, until they have logged something once."""
    if not before_the_visit(challenge, turn.local(challenge).date()):
        return False
    return not await turn.uow.findings.has_any_before(challenge.id, member.id, challenge.first_day)


async def _ask_about(turn: Turn, said: Said, words: str) -> None:
    aside = Aside(AsideId(new_id()), turn.account.id, *_place_of(turn), said.message, words, said.at)
    await turn.uow.asides.add(aside)
    await _show_question(turn, aside.id, outcome="")


# ---------------------------------------------------------------- a second thought


async def log_aside(turn: Turn, aside_id: str) -> None:
    """ "Log what I typed as a finding": the words that were kept aside."""
    aside = await _own_aside(turn, aside_id)
    seat = await seat_to_log(turn)
    if not has_words(aside.text):
        raise NothingSaid
    await turn.uow.asides.settle(aside.id, turn.now)
    if aside.message and await _is_known(turn, aside.message):
        return
    heard = Heard(aside.text, aside.message or f"aside:{aside.id}", aside.said_at, aside.conversation)
    await save(turn, seat, heard)


async def log_pre_reading(turn: Turn, aside_id: str) -> None:
    """ "Pre-reading, document": the same, and the question says how it ended."""
    await log_aside(turn, aside_id)
    await _show_question(turn, AsideId(aside_id), outcome="logged")


async def leave_aside(turn: Turn, aside_id: str) -> None:
    """ "Not a finding": the words are forgotten at once."""
    aside = await _own_aside(turn, aside_id)
    await turn.uow.asides.settle(aside.id, turn.now)
    await _show_question(turn, aside.id, outcome="left")


async def _show_question(turn: Turn, aside_id: AsideId, *, outcome: str) -> None:
    """The question of a message before the visit, or how it ended."""
    await turn.answer("findings.before_visit", record=aside_id, params={"outcome": outcome}, slot=f"before:{aside_id}")


async def _own_aside(turn: Turn, aside_id: str) -> Aside:
    try:
        aside = await turn.uow.asides.get(AsideId(aside_id))
    except NotStored as exc:
        raise AlreadySettled from exc
    if aside.account_id != turn.account.id:
        raise AlreadySettled
    return aside


# ---------------------------------------------------------------- pointing at a message


async def log_quoted(turn: Turn, quoted: Quoted) -> None:
    """ "Log as finding" on anybody's message: it keeps its author's initials, and who logged it."""
    seat = await seat_to_log(turn)
    words = clean(quoted.text).strip()
    if await _is_known(turn, quoted.message):
        return
    if not has_words(words):
        raise NothingSaid
    author = await _author_of(turn, seat.challenge, quoted)
    heard = Heard(words, quoted.message, quoted.said_at, turn.place.id, author.id if author else None)
    await save(turn, seat, heard)


async def log_pinned(turn: Turn, quoted: Quoted) -> None:
    """A pushpin on one's own message. On anybody else's, or by somebody on no challenge, it means nothing."""
    if quoted.author.id != turn.incoming.person.id or not await seats_of(turn):
        return
    known = await turn.uow.messages.find(*_place_of(turn), quoted.message)
    if known is None and has_words(quoted.text):
        await log_quoted(turn, quoted)


async def _author_of(turn: Turn, challenge: Challenge, quoted: Quoted) -> Member | None:
    """The author's place on the challenge, if they are on its team."""
    author = quoted.author
    account = await turn.uow.accounts.find(author.platform, author.workspace, author.id)
    member = await turn.uow.members.find(challenge.id, account.person_id) if account else None
    return member if member and member.removed_at is None else None


# ---------------------------------------------------------------- edits and deletions


async def follow_edit(turn: Turn, edited: Edited) -> None:
    """The author changed the chat message: its findings change with it, part by part. One that they had deleted and
    now have back brings its findings back."""
    words = clean(edited.text).strip()
    message = await turn.uow.messages.find(*_place_of(turn), edited.message)
    if message is not None:
        if edited.restored:
            await _put_back(turn, message)
        await _reread_message(turn, message, words)
        return
    aside = await turn.uow.asides.find(*_place_of(turn), edited.message)
    if aside is not None:
        await _reconsider(turn, aside, words)
    elif turn.place.kind is PlaceKind.DM:  # of a channel only what is said to Baseroom is kept
        await _remember_early(turn, edited.message, {"text": words})


async def _reread_message(turn: Turn, message: SourceMessage, words: str) -> None:
    """1 read it anew, divided as it was; 2 match it with its findings; 3 change, add and withdraw.

    Not for somebody who was removed, and not after sign-off: a message blanked before it is deleted is no withdrawal.
    """
    seated = [seat.challenge for seat in await seats_of(turn) if seat.challenge.id == message.challenge_id]
    if not seated or seated[0].signed_off_at is not None:
        return
    challenge = seated[0]
    findings = await turn.uow.findings.of_message(message.id, sensitive_too=True)
    standing = [finding for finding in findings if finding.withdrawn_at is None]
    followed = standing or [finding for finding in findings if finding.text]
    parts = await read_for(turn, challenge, words, message.said_at, as_one=message.kept_as_one)
    if len(parts) == 1 and len(standing) > 1:
        parts = await read_for(turn, challenge, words, message.said_at, finely=True)
    matched = match_parts(followed, parts if has_words(words) else ())
    for finding, part in matched.changed:
        await record(turn, finding, reread(finding, part, turn.now), "edited")
    for finding in matched.gone:
        await _withdraw(turn, finding)
    if standing:
        position = max(finding.part for finding in findings) + 1
        await add_parts(
            turn, message, matched.added, author_id=standing[0].author_id, position=position,
            practice=standing[0].practice,
        )  # fmt: skip
    await tell(turn, challenge, await turn.uow.receipts.get(message.receipt_id))


async def _reconsider(turn: Turn, aside: Aside, words: str) -> None:
    """Words that were not logged were edited. Still a command or a greeting: keep the new words; else log them."""
    seats = await seats_of(turn)
    if not has_words(words) or not seats:
        await turn.uow.asides.settle(aside.id, turn.now)
        return
    turn.allowed = TEAM
    seat = await seat_to_log(turn)
    undecided = understand(turn.house.registry, words) is not None
    if undecided or await _must_ask(turn, seat.challenge, seat.member):
        await turn.uow.asides.reword(aside, words)
        return
    await turn.uow.asides.settle(aside.id, turn.now)
    await save(turn, seat, Heard(words, aside.message, aside.said_at, aside.conversation))


async def follow_deletion(turn: Turn, deleted: Deleted) -> None:
    """The platform says that the chat message is gone: its findings are withdrawn."""
    message = await turn.uow.messages.find(*_place_of(turn), deleted.message)
    aside = await turn.uow.asides.find(*_place_of(turn), deleted.message)
    if aside is not None:
        await turn.uow.asides.settle(aside.id, turn.now)
    if message is None:
        await _remember_early(turn, deleted.message, {})
        return
    challenge = await turn.uow.challenges.get(message.challenge_id)
    if challenge.ended_at is not None or challenge.signed_off_at is not None:
        return  # after sign-off people are asked to delete what they typed: the evidence behind the report stays
    for finding in await turn.uow.findings.of_message(message.id, sensitive_too=True):
        if not (finding.sensitive and turn.place.kind is PlaceKind.CHANNEL):
            await _withdraw(turn, finding)  # what is sensitive should not stand in a channel, and stays all the same
    await tell(turn, challenge, await turn.uow.receipts.get(message.receipt_id))


async def _put_back(turn: Turn, message: SourceMessage) -> None:
    """What the deletion took off the wall, unless its words are forgotten or the wall is closed."""
    challenge = await turn.uow.challenges.get(message.challenge_id)
    findings = await turn.uow.findings.of_message(message.id, sensitive_too=True)
    if challenge.signed_off_at is not None or any(finding.withdrawn_at is None for finding in findings):
        return
    for finding in taken_back_last(findings):
        await record(turn, finding, replace(change(finding, turn.now), withdrawn_at=None), "put_back")


async def _withdraw(turn: Turn, finding: Finding) -> None:
    if finding.withdrawn_at is None:
        await record(turn, finding, replace(change(finding, turn.now), withdrawn_at=turn.now), "withdrawn")


async def _remember_early(turn: Turn, message: str, news: dict[str, str]) -> None:
    await turn.uow.inbox.remember_early(*_place_of(turn), message, json.dumps(news), turn.now)


def _place_of(turn: Turn) -> tuple[str, str, str]:
    return turn.place.platform, turn.place.workspace, turn.place.id
