"""Findings: a peer types what they heard, and it is on the wall under their initials before they put the phone away.

Each message is read into one finding or several, saved with its source, answered with one line, and followed when its
author edits or deletes it ("How we record evidence", local-system guidance).
"""

from handlers.findings import actions, cards
from handlers.registry import Registry


def register(registry: Registry) -> None:
    registry.said = actions.log_message
    registry.edited = actions.follow_edit
    registry.deleted = actions.follow_deletion
    registry.post("findings.receipt", cards.build_receipt)
