"""What the numbers mean, in words. Pure: the numbers and the time in, sentences out."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.wording import counted
from storage.health import Health
from storage.records import OutboxState

LATE = timedelta(minutes=5)
NAMES = {"slack": "Slack", "teams": "Teams", "rehearsal": "the rehearsal room"}


def is_well(health: Health, now: datetime) -> bool:
    """Nothing waits to be tried again, nothing is long overdue, and no post's fate is open."""
    open_fates = health.outbox.get(OutboxState.UNSURE, 0) + health.outbox.get(OutboxState.PARKED, 0)
    overdue = health.oldest_out is not None and now - health.oldest_out > LATE
    return not (health.inbox or open_fates or overdue)


def sentences(health: Health, now: datetime, zone: ZoneInfo) -> list[str]:
    """One sentence for what came in, one for each state of what goes out, one for each platform."""
    return [
        _came_in(health, now, zone),
        *_going_out(health, now, zone),
        *(f"{NAMES.get(one, one)} was last heard at {_at(at, now, zone)}." for one, at in sorted(health.heard.items())),
    ]


def _came_in(health: Health, now: datetime, zone: ZoneInfo) -> str:
    if not health.inbox or health.oldest_in is None:
        return "Everything that was said to Baseroom has been dealt with."
    waits = counted(health.inbox, "message waits", "messages wait")
    return f"{waits} to be tried again, the oldest since {_at(health.oldest_in, now, zone)}. Nothing of it is lost."


def _going_out(health: Health, now: datetime, zone: ZoneInfo) -> list[str]:
    said = []
    waiting = health.outbox.get(OutboxState.PENDING, 0)
    if health.oldest_out is not None and waiting:
        posts = counted(waiting, "post waits", "posts wait")
        said.append(f"{posts} to go out, the oldest since {_at(health.oldest_out, now, zone)}.")
    elif waiting:
        said.append(f"{counted(waiting, 'post is', 'posts are')} set for later.")
    if unsure := health.outbox.get(OutboxState.UNSURE, 0):
        said.append(f"Of {counted(unsure, 'post', 'posts')} nobody knows yet whether it arrived.")
    if parked := health.outbox.get(OutboxState.PARKED, 0):
        said.append(f"{counted(parked, 'post was', 'posts were')} not taken. The managers concerned have been told.")
    return said or ["Everything that was due has gone out."]


def _at(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    is_today = local.date() == now.astimezone(zone).date()
    return f"{local:%H:%M}" if is_today else f"{local:%H:%M} on {local.day} {local:%B}"
