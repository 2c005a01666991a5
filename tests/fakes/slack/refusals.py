"""How a Web API method says no."""

from typing import Any


class Refused(Exception):
    """`ok: false` with Slack's error code, and what else the answer carries."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.more = error, more

    @classmethod
    def because(cls, error: str, problems: list[str]) -> "Refused":
        """With `response_metadata.messages`, as Slack answers `invalid_blocks` and `invalid_arguments`."""
        return cls(error, errors=problems, response_metadata={"messages": problems})


class TooManyCalls(Exception):
    """429; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"ratelimited for {retry_after} s")
        self.retry_after = retry_after
