"""Looking things up, and the forms: `/finding`, `/findings`. What is shown is for the one who asked alone."""

import re
from dataclasses import replace

from handlers.access import Seat, access_challenge, access_finding, access_seat
from handlers.chat import Form, FormErrors, Outcome, PlaceKind, Submitted
from handlers.commands import find_command
from handlers.desk import Turn
from handlers.errors import RecordGone, Refusal
from handlers.findings.forms import edit_form, errors_in, new_form, read_form, which_form
from handlers.findings.reading import has_words
from handlers.findings.recording import record
from handlers.findings.rules import NoSuchFinding, check_seen, ids_in, set_by_hand
from handlers.findings.saving import Heard, reader_of, save, seat_to_log, tell_of
from handlers.text import clean
from storage.errors import NotStored
from storage.records import Address, AsideId, ChallengeId, Finding

_ONE = re.compile(r"(?:(edit|change|show)[ ]+)?#?(\d{1,7})", re.IGNORECASE)


def names_one(args: str) -> bool:
    """Whether a typed "finding …" asks for one by its number, or for the form."""
    return not args.strip() or bool(_ONE.fullmatch(args.strip()))


async def finding_command(turn: Turn, args: str) -> Outcome:
    """`/finding`: the form. `/finding 41`: that one. `/finding edit 41`: its form. Anything else is something heard."""
    match = _ONE.fullmatch(args.strip())
    if has_words(args) and not match:
        await _log_line(turn, clean(args).strip())
        return None
    seat = await seat_to_log(turn)
    if match:
        finding = await _by_number(turn, seat, int(match[2]))
        if (match[1] or "").casefold() in ("edit", "change"):
            return await open_edit(turn, finding.id)
        params, to = {"viewer": seat.member.id}, _for_them_alone(turn)
        await turn.answer("findings.one", challenge=seat.challenge, record=finding.id, params=params, to=to)
        return None
    return await _new_form(turn, seat)


async def _log_line(turn: Turn, words: str) -> None:
    """A finding typed after the slash. A platform forgets such a line, so what cannot be saved is given back."""
    if turn.aside:
        await turn.uow.asides.settle(turn.aside, turn.now)
        turn.aside = None
    try:
        seat = await seat_to_log(turn)
    except Refusal as refusal:
        await turn.answer("findings.not_saved", params={"why": str(refusal), "words": words})
        return
    await save(turn, seat, Heard(words, f"command:{turn.incoming.id}", turn.now))


async def _by_number(turn: Turn, seat: Seat, number: int) -> Finding:
    finding = await turn.uow.findings.by_number(seat.challenge.id, number, sensitive_too=True)
    if finding is None:
        raise NoSuchFinding
    check_seen(seat.member, finding)
    return finding


async def open_new(turn: Turn, _value: str) -> Form:
    """ "Log a finding" on the home page."""
    return await _new_form(turn, await seat_to_log(turn))


async def _new_form(turn: Turn, seat: Seat) -> Form:
    reader = await reader_of(turn, seat.challenge)
    return new_form(seat.challenge, reader.themes, reader.words)


async def send_new(turn: Turn, submitted: Submitted) -> Outcome:
    """The form was sent. Its token makes it a message like any other, so the same form sent twice is one finding."""
    seat = await access_challenge(turn, ChallengeId(submitted.carried.get("challenge", "")))
    filled = read_form(submitted)
    if errors := errors_in(filled, await turn.uow.themes.of_challenge(seat.challenge.id)):
        return errors
    token = f"form:{submitted.carried.get('token', submitted.id)}"
    if await turn.uow.messages.find(turn.place.platform, turn.place.workspace, "", token):
        return None
    heard = Heard(filled.text or "", token, turn.now, chosen=filled.part, by_hand=filled.chosen)
    await save(turn, seat, heard)
    return None


async def open_more(turn: Turn, value: str) -> Form:
    """More: the form of a finding; of several, which one first."""
    if len(ids_in(value)) == 1:
        return await open_edit(turn, value)
    findings = [(await access_finding(turn, finding_id))[1] for finding_id in ids_in(value)]
    if not findings:
        raise RecordGone
    return which_form([one for one in findings if one.text] or findings)


async def choose_one(turn: Turn, submitted: Submitted) -> Form:
    return await open_edit(turn, str(submitted.values.get("finding", "")))


async def open_edit(turn: Turn, finding_id: str) -> Form:
    seat, finding = await access_finding(turn, finding_id)
    if finding.withdrawn_at is not None:
        raise RecordGone
    reader = await reader_of(turn, seat.challenge)
    return edit_form(finding, reader.themes, reader.words)


async def send_edit(turn: Turn, submitted: Submitted) -> Outcome:
    """What was chosen is set by hand from now on; what was left as it was is not."""
    seat, finding = await access_finding(turn, submitted.carried.get("finding", ""))
    filled = read_form(submitted)
    if errors := errors_in(filled, await turn.uow.themes.of_challenge(seat.challenge.id)):
        return errors
    if submitted.carried.get("version") != str(finding.version) or finding.withdrawn_at is not None:
        return FormErrors({"": "It has changed since you opened this form. Close it, open it again, and change that."})
    changed = set_by_hand(
        finding,
        turn.now,
        text=filled.text or finding.text,
        themes=filled.theme_ids,
        kind=filled.kind,
        source_type=filled.source_type,
        source=filled.source,
        sensitive=filled.sensitive or finding.sensitive,
    )
    if changed is not finding:
        await record(turn, finding, changed, "changed")
        await tell_of(turn, changed)
    return None


# ---------------------------------------------------------------- the list


async def list_command(turn: Turn, args: str) -> None:
    """`/findings`: one's own, or what was asked for. The next page finds what was typed in the aside."""
    seat = await access_seat(turn)
    await _answer_with_list(turn, seat, {"args": clean(args)})


async def turn_page(turn: Turn, value: str) -> None:
    """Older, newer: `value` is how many to pass over, the challenge, and the aside that holds what was typed."""
    offset, challenge_id, aside_id = (*value.split(" "), "", "")[:3]
    args = await _typed_in(turn, aside_id)
    seat = await access_challenge(turn, ChallengeId(challenge_id))
    offset = offset if offset.isascii() and offset.isdecimal() else "0"
    await _answer_with_list(turn, seat, {"args": args, "offset": offset, "again": aside_id})


async def _answer_with_list(turn: Turn, seat: Seat, params: dict[str, str]) -> None:
    to = _for_them_alone(turn)
    await turn.answer("findings.list", challenge=seat.challenge, record=seat.member.id, params=params, to=to)


async def _typed_in(turn: Turn, aside_id: str) -> str:
    if not aside_id:
        return ""
    try:
        aside = await turn.uow.asides.get(AsideId(aside_id))
    except NotStored as exc:
        raise RecordGone from exc
    if aside.account_id != turn.account.id:
        raise RecordGone
    asked = find_command(turn.house.registry, aside.text.strip().lstrip("/"))
    return asked.args if asked else ""


def _for_them_alone(turn: Turn) -> Address:
    """Where an answer with words of findings belongs: never under a message that others read too."""
    if turn.place.kind is PlaceKind.CHANNEL and turn.said_message:
        return replace(turn.here, conversation="", thread="", account=turn.account.id)
    return turn.here
