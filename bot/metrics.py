"""Numbers for whoever operates it: how much waits, and how old the oldest of it is. No content, no names."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Gauge

from bot.app import App
from storage.records import OutboxState


@dataclass(slots=True)
class Metrics:
    app: App
    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=True))
    _outbox: Gauge = field(init=False)
    _oldest: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self._outbox = Gauge("baseroom_outbox", "Posts by state.", ["state"], registry=self.registry)
        self._oldest = Gauge("baseroom_outbox_oldest_seconds", "Age of the oldest unsent post.", registry=self.registry)

    async def read(self) -> None:
        """Read the numbers afresh."""
        async with self.app.database.reading() as uow:
            depth = await uow.outbox.depth()
            oldest = await uow.outbox.next_due_at(self.app.clock.now())
        for state in (OutboxState.PENDING, OutboxState.SENDING, OutboxState.UNSURE, OutboxState.PARKED):
            self._outbox.labels(state.value).set(depth.get(state.value, 0))
        age = (self.app.clock.now() - oldest).total_seconds() if oldest else 0.0
        self._oldest.set(max(age, 0.0))
