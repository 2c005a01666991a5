"""What Slack brings to the app, how often it tries, and what the app answered.

An event that is not acknowledged within three seconds comes again at once, after one minute and after five; a
command or an interaction comes once, and the person is told that it failed (PLATFORM_FACTS S2).
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from . import limits
from .bell import Bell
from .clock import Clock

Json = dict[str, Any]
Kind = Literal["event", "command", "interaction"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `status` is None when no answer came in time; `reason` is Slack's word for why it failed."""

    at: datetime
    status: int | None
    body: Json | str | None
    reason: str | None
    seconds: float
    no_retry: bool = False


@dataclass(eq=False, slots=True)
class Delivery:
    """One thing brought to the app. `due_at` is set while a retry is outstanding."""

    kind: Kind
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)
    due_at: datetime | None = None
    task: "asyncio.Task[None] | None" = None

    @property
    def acknowledged(self) -> bool:
        return bool(self.attempts) and self.attempts[-1].reason is None

    @property
    def answer(self) -> Json | str | None:
        """What the app answered with its acknowledgement: an object, plain text, or nothing."""
        return self.attempts[-1].body if self.acknowledged else None

    @property
    def event_type(self) -> str:
        return str((self.payload.get("event") or {}).get("type", ""))

    async def carried_out(self) -> "Delivery":
        """Wait until the tries that are due now have been made."""
        if self.task is not None:
            await asyncio.shield(self.task)
        return self


class Route(Protocol):
    """One way to the app: signed HTTP requests or Socket Mode."""

    async def deliver(self, delivery: Delivery, *, retry: int, reason: str | None) -> Attempt: ...


class Deliveries:
    """Everything brought to the app since the workspace started, in order."""

    def __init__(self, clock: Clock, route: Route, bell: Bell) -> None:
        self._clock, self._route, self._bell = clock, route, bell
        self.all: list[Delivery] = []
        self._running: set[asyncio.Task[None]] = set()

    def send(self, kind: Kind, payload: Json) -> Delivery:
        delivery = Delivery(kind, payload)
        self.all.append(delivery)
        self._start(delivery)
        return delivery

    async def send_again(self, delivery: Delivery) -> Delivery:
        """The same event once more though it was acknowledged: Slack delivers at least once."""
        twin = self.send(delivery.kind, delivery.payload)
        return await twin.carried_out()

    async def send_due(self) -> int:
        """Make the retries that have fallen due by the clock; how many there were."""
        now = self._clock.now()
        due = [one for one in self.all if one.due_at is not None and one.due_at <= now]
        for delivery in due:
            self._start(delivery)
        for delivery in due:
            await delivery.carried_out()
        return len(due)

    @property
    def under_way(self) -> bool:
        return bool(self._running)

    async def stop(self) -> None:
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _start(self, delivery: Delivery) -> None:
        delivery.due_at = None
        delivery.task = asyncio.create_task(self._carry_out(delivery))
        self._running.add(delivery.task)
        delivery.task.add_done_callback(self._finish)

    def _finish(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        self._bell.ring()

    async def _carry_out(self, delivery: Delivery) -> None:
        while True:
            tried = len(delivery.attempts)
            reason = delivery.attempts[-1].reason if delivery.attempts else None
            attempt = await self._route.deliver(delivery, retry=tried, reason=reason)
            delivery.attempts.append(attempt)
            self._bell.ring()
            if attempt.reason is None or attempt.no_retry or delivery.kind != "event":
                return
            if tried >= len(limits.RETRY_AFTER_FAILURES):
                return
            gap = limits.RETRY_AFTER_FAILURES[tried]
            if gap:
                delivery.due_at = self._clock.now() + gap
                return
