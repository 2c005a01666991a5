"""The time by which Slack's own limits run: triggers, response URLs, rate limits, retries.

A test hands in the same clock that it hands to Baseroom, so that five minutes pass in no time at all.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can say the time, aware and in UTC."""

    def now(self) -> datetime: ...


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> None:
        self._at += by


class SystemClock:
    """The machine's own time, for a workspace that a person plays with by hand."""

    def now(self) -> datetime:
        return datetime.now(UTC)
