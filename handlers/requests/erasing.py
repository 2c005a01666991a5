"""Carrying out what the manager decided of one item: a name replaced, or a finding withdrawn and its words forgotten.

A finding whose words were changed here stays as it is when its chat message is edited later.
"""

from dataclasses import replace

from handlers.desk import Turn
from handlers.errors import RecordGone
from handlers.findings.recording import record
from handlers.findings.rules import change, set_by_hand
from handlers.requests.rules import Decision, Held, Kind, Wanted, without
from storage.errors import NotStored
from storage.records import CheckInId, ExtensionId, FindingId, HoldId, MemberId, SummaryId


async def carry_out(turn: Turn, held: Held, decision: Decision, wanted: Wanted) -> None:
    """Raises `RecordGone` when the item has gone meanwhile."""
    try:
        match held.kind, decision:
            case Kind.FINDING, Decision.WITHDRAW:
                await _forget_finding(turn, FindingId(held.id))
            case Kind.FINDING, Decision.REPLACE:
                await _redact_finding(turn, FindingId(held.id), wanted)
            case Kind.ANSWER, Decision.REPLACE:
                await _redact_answers(turn, held.id, wanted)
            case Kind.SUMMARY, Decision.REPLACE:
                await _redact_summary(turn, SummaryId(held.id), wanted)
            case Kind.HOLD, Decision.REPLACE:
                await _redact_hold(turn, HoldId(held.id), wanted)
            case Kind.EXTENSION, Decision.REPLACE:
                await _redact_extension(turn, ExtensionId(held.id), wanted)
            case _:
                pass
    except NotStored as exc:
        raise RecordGone from exc


async def _forget_finding(turn: Turn, finding_id: FindingId) -> None:
    finding = await turn.uow.findings.get(finding_id, sensitive_too=True)
    at = finding.withdrawn_at or turn.now
    await record(turn, finding, replace(change(finding, turn.now), withdrawn_at=at), "withdrawn")
    await turn.uow.findings.blank(finding.id)


async def _redact_finding(turn: Turn, finding_id: FindingId, wanted: Wanted) -> None:
    finding = await turn.uow.findings.get(finding_id, sensitive_too=True)
    redacted = set_by_hand(
        finding, turn.now, text=without(finding.text, wanted), source=without(finding.source, wanted)
    )
    await record(turn, finding, redacted, "redacted")


async def _redact_answers(turn: Turn, held_id: str, wanted: Wanted) -> None:
    check_in_id, _, member_id = held_id.partition(":")
    check_in = await turn.uow.checkins.get(CheckInId(check_in_id))
    reply = await turn.uow.checkins.reply_of(check_in, MemberId(member_id))
    redacted = replace(
        reply,
        answers={key: without(words, wanted) for key, words in reply.answers.items()},
        said={message: without(words, wanted) for message, words in reply.said.items()},
        version=reply.version + 1,
    )
    await turn.uow.checkins.save(redacted)
    turn.audit(check_in.challenge_id, "answer.redacted", check_in.id, about=reply.member_id)


async def _redact_summary(turn: Turn, summary_id: SummaryId, wanted: Wanted) -> None:
    summary = await turn.uow.summaries.get(summary_id)
    lines = tuple(replace(line, wording=without(line.wording, wanted)) for line in summary.lines)
    await turn.uow.summaries.redact(replace(summary, lines=lines, note=without(summary.note, wanted)))
    turn.audit(summary.challenge_id, "summary.redacted", summary.id, version=summary.version)


async def _redact_hold(turn: Turn, hold_id: HoldId, wanted: Wanted) -> None:
    hold = await turn.uow.keeping.get_hold(hold_id)
    reason, lifted_why = without(hold.reason, wanted), without(hold.lifted_why, wanted)
    await turn.uow.keeping.reword_hold(replace(hold, reason=reason, lifted_why=lifted_why))
    turn.audit(hold.challenge_id, "hold.redacted", hold.id)


async def _redact_extension(turn: Turn, extension_id: ExtensionId, wanted: Wanted) -> None:
    extension = await turn.uow.keeping.get_extension(extension_id)
    await turn.uow.keeping.reword_extension(replace(extension, reason=without(extension.reason, wanted)))
    turn.audit(extension.challenge_id, "extension.redacted", extension.id)
