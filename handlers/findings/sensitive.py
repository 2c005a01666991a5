"""A safeguarding concern, an immediate risk: what a peer marks sensitive goes to the challenge manager at once, and is
on no wall and in no count until the manager says why it may be.

Baseroom is no emergency service, and says so each time: the host's safeguarding procedure is what protects somebody.
"""

from collections.abc import Mapping
from dataclasses import replace

from handlers.access import access_finding
from handlers.chat import (
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Choice,
    ChoiceField,
    Form,
    FormErrors,
    Outcome,
    Submitted,
    bold,
    note,
    text,
)
from handlers.desk import Desk, Turn
from handlers.errors import NotAllowed, RecordGone
from handlers.findings.recording import CLEAR, OPEN, PROCEDURE, TO_BE_FOUND, record
from handlers.findings.rules import change, set_by_hand
from handlers.findings.saving import tell_of
from storage.errors import NotStored
from storage.records import Finding, FindingId, Intent

REASONS: Mapping[str, str] = {
    "by_mistake": "it was marked by mistake",
    "not_sensitive": "it is not sensitive after all",
    "dealt_with": "it has been dealt with under the host’s procedure",
    "identifies_nobody": "it has been reworded and identifies nobody",
}
"""Why a finding may join the wall: a word for the audit trail, and the words for people. A reason is chosen and not
typed, so that the trail can keep it when everything else has been destroyed."""


# ---------------------------------------------------------------- what people do


async def flag(turn: Turn, finding_id: str) -> None:
    """ "Mark sensitive", with one tap."""
    _, finding = await access_finding(turn, finding_id)
    flagged = set_by_hand(finding, turn.now, sensitive=True)
    if finding.withdrawn_at is not None:
        raise RecordGone
    if flagged is not finding:
        await record(turn, finding, flagged, "changed")
    await tell_of(turn, flagged)


async def open_one(turn: Turn, finding_id: str) -> None:
    """ "Open", on the manager's card: the finding, whole, in the manager's own direct messages."""
    seat, finding = await access_finding(turn, finding_id)
    intent = Intent("findings.one", TO_BE_FOUND, record=finding.id, params={"viewer": seat.member.id})
    await turn.answer_in_private(seat.challenge, intent)


async def ask_why(turn: Turn, finding_id: str) -> Form:
    return clear_form(await _kept_back(turn, finding_id))


async def clear(turn: Turn, submitted: Submitted) -> Outcome:
    """The manager says that the team may see it: it joins the wall as new, under a new number, and its author hears."""
    finding = await _kept_back(turn, submitted.carried.get("finding", ""))
    reason = str(submitted.values.get("reason", ""))
    if reason not in REASONS:
        return FormErrors({"reason": "Choose why: the reason is kept in the audit trail."})
    [number] = await turn.uow.challenges.next_numbers(finding.challenge_id, 1)
    cleared = replace(
        change(finding, turn.now),
        sensitive=False,
        set_by_hand=finding.set_by_hand | {"sensitive"},
        number=number,
        logged_at=turn.now,
    )
    await record(turn, finding, cleared, f"cleared.{reason}")
    await tell_of(turn, cleared)
    await _tell_author(turn, finding, cleared, REASONS[reason])
    return None


async def _kept_back(turn: Turn, finding_id: str) -> Finding:
    """A sensitive finding that stands, for the manager. Raises `RecordGone` when it is not (or no longer) one."""
    seat, finding = await access_finding(turn, finding_id)
    if not seat.is_manager:
        raise NotAllowed
    if not finding.sensitive or finding.withdrawn_at is not None:
        raise RecordGone
    return finding


async def _tell_author(turn: Turn, before: Finding, after: Finding, why: str) -> None:
    author = await turn.uow.members.get(before.logged_by)
    if author.person_id == turn.account.person_id:
        return
    challenge = await turn.uow.challenges.get(after.challenge_id)
    sentence = f"Your sensitive finding #{before.number} is on the wall now, as #{after.number}: {why}."
    await turn.tell(challenge, author.person_id, Intent("notice", TO_BE_FOUND, params={"text": sentence}))


# ---------------------------------------------------------------- what they see


def clear_form(finding: Finding) -> Form:
    choices = tuple(Choice(words[0].upper() + words[1:], reason) for reason, words in REASONS.items())
    why = ChoiceField(name="reason", label="Why may the team see it?", choices=choices, required=True, open=True)
    about = text("It joins the wall as a new finding, under a new number. Its author is told, with your reason.")
    title = f"#{finding.number} to the wall"
    return Form(CLEAR, title, (about, why), submit="Put on the wall", carried={"finding": finding.id})


async def build_sensitive(desk: Desk, intent: Intent) -> Card | None:
    """The manager's card: a number and a button, never the words."""
    try:
        finding = await desk.uow.findings.get(FindingId(intent.record), sensitive_too=True)
    except NotStored:
        return None
    challenge = await desk.uow.challenges.get(finding.challenge_id)
    if finding.withdrawn_at is not None:
        return _one_line(f"#{finding.number} was marked sensitive, and has been withdrawn since.")
    if not finding.sensitive:
        return _one_line(f"This was marked sensitive. It is on the wall now, as #{finding.number}.")
    at = finding.changed_at.astimezone(challenge.tz) if finding.changed_at else None
    changed = f" It was last changed at {at:%H:%M}." if at else ""
    who = f", at {challenge.host}. Its author has it, and you, and nobody else.{changed}"
    return Card(
        f"#{finding.number} is marked sensitive",
        (
            text(bold(f"#{finding.number} is marked sensitive"), who),
            note(PROCEDURE),
            Buttons((Button("Open", OPEN, finding.id, ButtonStyle.PRIMARY),)),
        ),
    )


def _one_line(sentence: str) -> Card:
    return Card(sentence, (text(sentence),))
