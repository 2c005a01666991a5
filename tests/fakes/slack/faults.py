"""What goes wrong between an app and Slack on purpose: an error, a status, silence or a reset, early or late."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """One call that goes wrong. With `after_effect` Slack has done what was asked, but the app does not learn it."""

    kind: Literal["status", "error", "silence", "reset", "held"]
    status: int = 200
    error: str = ""
    retry_after: int | None = None
    after_effect: bool = False

    @classmethod
    def answers(cls, status: int, *, retry_after: int | None = None, after_effect: bool = False) -> "Fault":
        """An HTTP status, such as 503, or 429 with its `Retry-After`."""
        return cls("status", status=status, retry_after=retry_after, after_effect=after_effect)

    @classmethod
    def refuses(cls, error: str, *, after_effect: bool = False) -> "Fault":
        """`ok: false` with this error, such as `fatal_error`."""
        return cls("error", error=error, after_effect=after_effect)

    @classmethod
    def never_answers(cls, *, after_effect: bool = False) -> "Fault":
        """The app waits until its own time limit, or until the workspace stops."""
        return cls("silence", after_effect=after_effect)

    @classmethod
    def resets(cls, *, after_effect: bool = False) -> "Fault":
        """The connection breaks off."""
        return cls("reset", after_effect=after_effect)

    @classmethod
    def held(cls) -> "Fault":
        """Done, but answered only when `FakeSlack.let_go` is called."""
        return cls("held", after_effect=True)
