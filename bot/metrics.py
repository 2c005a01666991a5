"""Numbers for whoever operates it: how much waits, and how old the oldest of it is. No content, no names."""

from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge

from bot.app import App
from storage.health import NOT_OVER


@dataclass(slots=True)
class Metrics:
    app: App
    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=True))
    _inbox: Gauge = field(init=False)
    _oldest_in: Gauge = field(init=False)
    _outbox: Gauge = field(init=False)
    _oldest_out: Gauge = field(init=False)
    _heard: Gauge = field(init=False)

    def __post_init__(self) -> None:
        def gauge(name: str, says: str, *labels: str) -> Gauge:
            return Gauge(f"baseroom_{name}", says, labels, registry=self.registry)

        self._inbox = gauge("inbox", "Incoming things that wait to be tried again.")
        self._oldest_in = gauge("inbox_oldest_seconds", "Age of the oldest of them.")
        self._outbox = gauge("outbox", "Posts by state.", "state")
        self._oldest_out = gauge("outbox_oldest_seconds", "Age of the oldest unsent post.")
        self._heard = gauge("heard_timestamp_seconds", "When somebody last spoke, to ten minutes.", "platform")

    async def read(self) -> None:
        """Read the numbers afresh."""
        now = self.app.clock.now()
        async with self.app.database.reading() as uow:
            health = await uow.health.now(now)
        self._inbox.set(health.inbox)
        self._oldest_in.set(_age(health.oldest_in, now))
        for state in NOT_OVER:
            self._outbox.labels(state.value).set(health.outbox.get(state, 0))
        self._oldest_out.set(_age(health.oldest_out, now))
        for platform, moment in health.heard.items():
            self._heard.labels(platform).set(moment.timestamp())


def _age(moment: datetime | None, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0.0) if moment else 0.0
