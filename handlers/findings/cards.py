"""What people see of findings: the one-line receipt first of all."""

from handlers.chat import Card, text
from handlers.desk import Desk
from storage.records import Finding, Intent, ReceiptId, Theme


async def build_receipt(desk: Desk, intent: Intent) -> Card:
    """ "#41 saved · Vision · strength", one line for each finding of the receipt."""
    receipt = await desk.uow.receipts.get(ReceiptId(intent.record))
    themes = {theme.id: theme for theme in await desk.uow.themes.of_challenge(receipt.challenge_id)}
    findings = await desk.uow.findings.of_receipt(receipt.id)
    lines = [_line(finding, [themes[theme_id] for theme_id in finding.theme_ids]) for finding in findings]
    return Card(notification="; ".join(lines), elements=tuple(text(line) for line in lines))


def _line(finding: Finding, themes: list[Theme]) -> str:
    state = "withdrawn" if finding.withdrawn_at else "saved"
    parts = [f"#{finding.number} {state}", *(theme.short for theme in themes)]
    if finding.kind:
        parts.append(finding.kind.value)
    return " · ".join(parts)
