"""Days and moments as a tired person reads them on a card: "Friday 20 November at 17:00"."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from handlers.frameworks.rules import PartOfVisit
from storage.records import Challenge


def day_in_words(day: date) -> str:
    """ "Friday 20 November"."""
    return f"{day:%A} {day.day} {day:%B}"


def moment_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """ "Friday 20 November at 17:00", on the clock of the zone."""
    local = moment.astimezone(zone)
    return f"{day_in_words(local.date())} at {local:%H:%M}"


def as_of(moment: datetime, zone: ZoneInfo) -> str:
    """ "As of Wed 25 Nov, 10:24": for a card that stays in the conversation when it is true no more."""
    local = moment.astimezone(zone)
    return f"As of {local:%a} {local.day} {local:%b}, {local:%H:%M}"


def part_of_visit(challenge: Challenge, day: date) -> PartOfVisit:
    if day < challenge.first_day:
        return "before"
    return "on_site" if day <= challenge.last_day else "after"


def has_catch_up(challenge: Challenge, day: date, final_feedback: time) -> bool:
    """Whether the client is briefed at the end of that day: on each day on site, and on the last only where that comes
    before the final feedback, after which nothing is emerging any more."""
    if day == challenge.last_day and challenge.catch_up_time >= final_feedback:
        return False
    return challenge.first_day <= day <= challenge.last_day
