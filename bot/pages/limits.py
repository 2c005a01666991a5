"""How many wrong links one address may try. None can be guessed, and a right one is let in whoever else tries from
there; this tells whoever tries to wait, and keeps them from filling the log.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
TRIES = 20
ADDRESSES = 10_000  # remembered at once


@dataclass(slots=True)
class Turnstile:
    """Counts failed tries by address over the last minute, in memory."""

    _failed: dict[str, list[datetime]] = field(default_factory=dict)

    def is_shut(self, address: str, now: datetime) -> bool:
        return len(self._recent(address, now)) >= TRIES

    def note_failure(self, address: str, now: datetime) -> None:
        if len(self._failed) >= ADDRESSES:
            self._failed.clear()
        self._failed[address] = [*self._recent(address, now), now]

    def _recent(self, address: str, now: datetime) -> list[datetime]:
        return [moment for moment in self._failed.get(address, ()) if now - moment < WINDOW]
