"""What the grammar does not know goes to dateparser, which reads many long forms of one moment ("Tue, 24 Nov 2026
09:30:00 GMT"). It also guesses, so its answer counts only when there was nothing to guess.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.when.asked import Asked
from handlers.when.readings import Day, Moment, Reading
from handlers.when.vocabulary import MONTHS, WEEKDAYS

_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_WEEKDAY = "|".join(f"{name}|{name[:3]}" for name in WEEKDAYS)
# Only a text that spells out day, month and four-digit year, and holds nothing but a date and time, may be asked about.
_SPELT_OUT = re.compile(
    rf"(?:(?:{_WEEKDAY}),? )?(?:\d{{1,2}}[ -](?:{_MONTH})[ -]\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
    r"(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?(?: ?(?:z|utc|gmt|bst|[+-]\d{2}:?\d{2}))?"
)


def load() -> None:
    """Loads dateparser and its English tables."""
    _parsed("24 November 2026 09:30", datetime(2026, 11, 18), "future")  # noqa: DTZ001 - a wall clock


def read(text: str, asked: Asked, zone: ZoneInfo | None) -> Reading | None:
    """dateparser's answer where it had nothing to guess, or None."""
    plain = " ".join(text.lower().split())
    match = _SPELT_OUT.fullmatch(plain)
    if match is None:
        return None
    answers = {
        _parsed(plain, base, prefer)
        for base in (asked.now, asked.now + timedelta(777))
        for prefer in ("past", "future")
    }
    found = answers.pop()
    if answers or found is None:
        return None
    if found.tzinfo is not None:
        return Moment(found.astimezone(zone).replace(tzinfo=None)) if zone else None
    return Moment(found) if ":" in plain else Day(found.date())


def _parsed(text: str, base: datetime, prefer: str) -> datetime | None:
    import dateparser  # here, not above: it is slow to import and seldom needed

    settings = {
        "DATE_ORDER": "DMY",
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": prefer,
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
    }
    return dateparser.parse(text, languages=["en"], settings=settings)
