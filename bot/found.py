"""One thing that `baseroom doctor` looked at."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST_DRIFT = 60  # seconds; Slack refuses signatures older than five minutes, Teams tokens that ran out before that


@dataclass(frozen=True, slots=True)
class Found:
    """How it stands, and in `words` what to do if it is not fine."""

    what: str
    fine: bool
    words: str


def clock_beside(platform: str, date: str) -> Found:
    """How this machine's clock stands beside a platform's, from the Date of its answer."""
    try:
        drift = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return Found("Clock", True, f"{platform} did not say what time it is")
    if drift <= MOST_DRIFT:
        return Found("Clock", True, "right")
    return Found("Clock", False, f"this machine is {drift:.0f} seconds off. Switch on time synchronisation.")
