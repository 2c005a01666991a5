"""What each kind of record is known by."""

from typing import NewType
from uuid import uuid4

PersonId = NewType("PersonId", str)
AccountId = NewType("AccountId", str)
ChallengeId = NewType("ChallengeId", str)
MemberId = NewType("MemberId", str)
ThemeId = NewType("ThemeId", str)
FindingId = NewType("FindingId", str)
MessageId = NewType("MessageId", str)
ReceiptId = NewType("ReceiptId", str)
AsideId = NewType("AsideId", str)
SessionId = NewType("SessionId", str)
SummaryId = NewType("SummaryId", str)
CheckInId = NewType("CheckInId", str)
OutboxId = NewType("OutboxId", str)
RunId = NewType("RunId", str)
HoldId = NewType("HoldId", str)
ExtensionId = NewType("ExtensionId", str)


def new_id() -> str:
    """An id made before the row is written: the seal on a text is bound to the row it belongs to."""
    return uuid4().hex
