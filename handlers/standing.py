"""How a challenge stands: what it still lacks and what comes next, in sentences for the status card and the home page.

Each capability says what it misses (`registry.missing_part`) and what its scheduled work is called
(`ScheduleEntry.name`); nobody who shows the list has to know them.
"""

from datetime import datetime

from handlers.access import Seat
from handlers.desk import Desk
from storage.records import Challenge, Run


async def what_is_missing(desk: Desk, seat: Seat) -> tuple[str, ...]:
    """A sentence for each thing the challenge lacks, in the order in which the capabilities were listed."""
    found: list[str] = []
    for find in desk.house.registry.missing:
        found += await find(desk, seat)
    return tuple(found)


async def what_comes_next(desk: Desk, challenge: Challenge, *, most: int = 3) -> tuple[str, ...]:
    """The next things on the schedule that people have a name for: "Peer team session: today at 10:45"."""
    schedule = desk.house.registry.schedule
    named = [run for run in await desk.uow.runs.of_challenge(challenge.id) if schedule[run.kind].name]
    return tuple(f"{schedule[run.kind].name}: {_when(run, desk.local(challenge))}" for run in named[:most])


def _when(run: Run, now: datetime) -> str:
    days = (run.local.date() - now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"{run.local:%A} {run.local.day} {run.local:%B}")
    return f"{day} at {run.local:%H:%M}"
