"""What goes wrong between a bot and Teams on purpose: a status with Teams' word for it, silence or a reset."""

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One call that goes wrong. With `after_effect` Teams has done what was asked, but the app does not learn it."""

    kind: Literal["status", "silence", "reset"]
    status: int = 500
    code: str = "ServiceError"
    retry_after: int | None = None
    after_effect: bool = False
    as_number: int | None = None

    @classmethod
    def answers(
        cls, status: int, code: str = "ServiceError", *, retry_after: int | None = None, after_effect: bool = False
    ) -> "Fault":
        return cls("status", status, code, retry_after, after_effect)

    @classmethod
    def numbers(cls, status: int, number: int) -> "Fault":
        """The other shape of Teams' errors: {"errorCode": 209, …}."""
        return cls("status", status, as_number=number)

    @classmethod
    def never_answers(cls, *, after_effect: bool = False) -> "Fault":
        """The app waits until its own time limit, or until the tenant stops."""
        return cls("silence", after_effect=after_effect)

    @classmethod
    def resets(cls, *, after_effect: bool = False) -> "Fault":
        return cls("reset", after_effect=after_effect)

    def body(self) -> Json:
        if self.as_number is not None:
            return {"errorCode": self.as_number, "message": "MessageWritesBlocked"}
        return {"error": {"code": self.code, "message": self.code}}
