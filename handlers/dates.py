"""Days and moments as a tired person reads them on a card: "Friday 20 November at 17:00"."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_in_words(day: date) -> str:
    """ "Friday 20 November"."""
    return f"{day:%A} {day.day} {day:%B}"


def moment_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """ "Friday 20 November at 17:00", on the clock of the zone."""
    local = moment.astimezone(zone)
    return f"{day_in_words(local.date())} at {local:%H:%M}"
