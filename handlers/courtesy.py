"""When a message that nobody asked for may reach a tired person: not in the quiet hours, and not the ninth in a day.

"No reminder from 19:00 to 08:00" and "at most eight unprompted direct messages to a peer per on-site day".
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM = time(19, 0)
QUIET_UNTIL = time(8, 0)
RATION = 8


def day_of(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local day that holds the moment: its midnight and the next one (25 hours apart when clocks go back)."""
    day = moment.astimezone(zone).date()
    return (
        datetime.combine(day, time(0), tzinfo=zone),
        datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone),
    )


def polite_moment(wanted: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at or after `wanted` that is not in the quiet hours of the zone."""
    local = wanted.astimezone(zone)
    if local.time() >= QUIET_FROM:
        return next_morning(wanted, zone)
    if local.time() < QUIET_UNTIL:
        return datetime.combine(local.date(), QUIET_UNTIL, tzinfo=zone)
    return wanted


def next_morning(moment: datetime, zone: ZoneInfo) -> datetime:
    """The end of the quiet hours on the following day."""
    return datetime.combine(moment.astimezone(zone).date() + timedelta(days=1), QUIET_UNTIL, tzinfo=zone)
