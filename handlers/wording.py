"""How the numbers and the days of a visit are said, the same on every card that the team reads."""

from collections.abc import Sequence
from datetime import date

from handlers.frameworks import Words
from storage.records import Challenge, Kind

_PLATFORMS = {"slack": "Slack", "teams": "Teams", "rehearsal": "the rehearsal room"}
_PRIVATE = {"slack": "direct messages", "teams": "chat", "rehearsal": "direct messages"}


def counted(count: int, one: str, several: str) -> str:
    """ "1 finding", "2 findings"."""
    return f"{count} {one if count == 1 else several}"


def listed(items: Sequence[str]) -> str:
    """ "10:45", "10:45 and 13:00", "10:45, 13:00 and 16:15"."""
    return " and ".join([*([", ".join(items[:-1])] if items[1:] else []), *items[-1:]])


def platform_name(platform: str) -> str:
    """ "Slack", as people call it."""
    return _PLATFORMS[platform]


def private_talk(platform: str) -> str:
    """What the place is called there where a person and Baseroom talk alone: "chat" in Teams."""
    return _PRIVATE[platform]


def counted_kind(kind: Kind | None, count: int, words: Words) -> str:
    """ "2 strengths", "1 area to explore", or "3 unmarked" for findings whose kind nobody has said."""
    match kind:
        case Kind.STRENGTH:
            return counted(count, words.strength, words.strength_plural)
        case Kind.IMPROVEMENT:
            return counted(count, words.improvement, words.improvement_plural)
        case None:
            return f"{count} unmarked"


def name_day(challenge: Challenge, day: date) -> str:
    """ "Tuesday, day 1 of 4", or "Saturday 14 November" off site."""
    if not challenge.first_day <= day <= challenge.last_day:
        return f"{day:%A} {day.day} {day:%B}"
    number = (day - challenge.first_day).days + 1
    return f"{day:%A}, day {number} of {(challenge.last_day - challenge.first_day).days + 1}"
