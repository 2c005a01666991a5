"""When the channel hears of the day, and what the day's numbers are: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from storage.records import Challenge, Kind, Theme, Voice

MORNING_LINE = time(8, 15)  # after the quiet hours, before the first session of any framework
BETWEEN_EDITS = timedelta(minutes=1)  # of the running digest


def on_site_days(challenge: Challenge) -> list[date]:
    count = (challenge.last_day - challenge.first_day).days + 1
    return [challenge.first_day + timedelta(days=number) for number in range(count)]


def is_final(day: date, evening: time, now: datetime) -> bool:
    """Whether the day's digest is its last word; `now` on the challenge's clock."""
    return (now.date(), now.time()) >= (day, evening)


@dataclass(frozen=True, slots=True)
class Line:
    """What one theme has had: how many findings of each kind (None: unmarked)."""

    theme: Theme
    count: int
    kinds: dict[Kind | None, int]


@dataclass(frozen=True, slots=True)
class DayInNumbers:
    """One day's findings, counted. A finding with two themes counts under both."""

    count: int
    peers: int
    unsorted: int
    lines: tuple[Line, ...]


def count_day(voices: Sequence[Voice], themes: Sequence[Theme]) -> DayInNumbers:
    """The numbers of one day's voices, themes in wall order, those without any left out."""
    lines = []
    for theme in themes:
        own = [voice for voice in voices if theme.id in voice.theme_ids]
        if own:
            kinds = {kind: sum(voice.kind is kind for voice in own) for kind in (*Kind, None)}
            lines.append(Line(theme, len(own), kinds))
    return DayInNumbers(
        count=len(voices),
        peers=len({voice.author_id for voice in voices}),
        unsorted=sum(not voice.theme_ids for voice in voices),
        lines=tuple(lines),
    )
