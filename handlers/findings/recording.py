"""Writing a finding as it now is, with everything that must follow: the audit trail says who changed it, and the
challenge manager hears at once of one that is sensitive.

What a finding first says is not in the trail: its own row has who logged it and when, and its number, in a series
without gaps, shows if it was ever taken out.
"""

from handlers.chat import Button
from handlers.desk import Desk
from storage.records import Address, Challenge, Finding, Intent, Member

SENSITIVE, OPEN, FLAG, CLEAR = "findings.sensitive", "findings.open", "findings.flag", "findings.clear"
PROCEDURE = (
    "Baseroom is not an emergency service. If somebody may be at risk, follow the host’s safeguarding procedure now; "
    "if they are in immediate danger, call 999."
)
TO_BE_FOUND = Address("", "")  # `send_to` finds where the manager is


async def record(desk: Desk, before: Finding, after: Finding, action: str) -> None:
    """Write the finding, and in the audit trail what was done to it. Practice leaves no trail."""
    await desk.uow.findings.change(after)
    if after.practice:
        return
    desk.audit(after.challenge_id, f"finding.{action}", after.id, number=after.number)
    if after.sensitive and not before.sensitive:
        await announce(desk, after)
    elif before.sensitive:
        await _redraw(desk, after)


async def announce(desk: Desk, finding: Finding) -> None:
    """A sensitive finding is there: its challenge manager is told now, whatever the hour, and nobody else is."""
    desk.audit(finding.challenge_id, "finding.flagged", finding.id, number=finding.number)
    challenge = await desk.uow.challenges.get(finding.challenge_id)
    for manager in await _to_be_told(desk, challenge, finding):
        await desk.send_to(challenge, manager, _card_of(finding))


async def _redraw(desk: Desk, finding: Finding) -> None:
    challenge = await desk.uow.challenges.get(finding.challenge_id)
    for manager in await _to_be_told(desk, challenge, finding):
        await desk.redraw(challenge, manager.person_id, _card_of(finding))


async def _to_be_told(desk: Desk, challenge: Challenge, finding: Finding) -> list[Member]:
    """Every challenge manager but the one whose finding it is."""
    return [manager for manager in await desk.managers_of(challenge) if manager.id != finding.logged_by]


def clear_button(finding: Finding) -> Button:
    """For the challenge manager, under a sensitive finding."""
    return Button("Put on the wall", CLEAR, finding.id, opens=CLEAR)


def _card_of(finding: Finding) -> Intent:
    return Intent(SENSITIVE, TO_BE_FOUND, record=finding.id, slot=f"sensitive:{finding.id}")
