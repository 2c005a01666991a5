"""What the client may read of a day: counts by theme and kind, kinds of source merged where few stand behind them, and
which day somebody means by "summary yesterday". Pure.

"An opportunity to keep them informed of emerging messages and observations … on an informal and confidential basis. Not
all will be fully evidenced, and triangulated or will feature in the final feedback" (local-system guidance, on site).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from handlers.dates import has_catch_up
from handlers.errors import Refusal
from handlers.themes.rules import where_it_leads
from handlers.when import Day, Unread, read_day, say
from storage.records import Challenge, Kind, SourceType, Summary, SummaryLine, Theme, ThemeId
from storage.summaries import SourceTally

STATEMENT = (
    "These are emerging observations, shared informally and in confidence. Not all of them are evidenced and "
    "triangulated yet, and not all of them will be in the final feedback."
)
OTHER_OBSERVATIONS = "Other observations"
VARIOUS = "various sources"
FEW = 3  # findings: a kind of source with fewer behind it does not show
BEFORE_CATCH_UP = timedelta(minutes=60)
LONGEST_DAY = 40  # characters of a date, as typed
QUOTED = 60  # characters of what somebody typed that are shown back
KINDS = (Kind.STRENGTH, Kind.IMPROVEMENT, None)

LineKey = tuple[str, Kind | None]


class DayNotRead(Refusal):
    """I could not read that as a day. Type summary today, summary yesterday, or a date such as summary 24 Nov."""


class DayNotOnSite(Refusal):
    """That day is not one of the days on site."""


# ---------------------------------------------------------------- the lines of a day


def drafted(
    tallies: Iterable[SourceTally], themes: Sequence[Theme], earlier: Sequence[SummaryLine] = ()
) -> tuple[SummaryLine, ...]:
    """The lines of a day in wall order, what is unsorted last, with the wording that an earlier version had for them.

    A line that nothing stands behind any more is dropped, unless there is wording to lose: then its count is 0.
    """
    charts = {theme.id: where_it_leads(theme, themes) for theme in themes}
    by_line: dict[LineKey, Counter[SourceType | None]] = {}
    for tally in tallies:
        key = _key(tally.theme_id or "", tally.kind, charts)
        by_line.setdefault(key, Counter())[tally.source_type] += tally.count
    wordings: dict[LineKey, str] = {}
    for line in earlier:
        key = _key(line.theme_id, line.kind, charts)
        wordings[key] = "\n".join(filter(None, (wordings.get(key, ""), line.wording)))
    keys = (*by_line, *(key for key, wording in wordings.items() if wording))
    lines = [_line(key, by_line.get(key, Counter()), charts, wordings.get(key, "")) for key in dict.fromkeys(keys)]
    places = {theme.id: theme.position for theme in themes}
    return tuple(sorted(lines, key=lambda line: _place(line, places)))


def _key(theme_id: str, kind: Kind | None, charts: Mapping[ThemeId, Theme]) -> LineKey:
    """Which line it belongs to: what hung on a flip chart that was merged hangs on the other."""
    chart = charts.get(ThemeId(theme_id))
    return chart.id if chart else "", kind


def key_of(line: SummaryLine) -> LineKey:
    return line.theme_id, line.kind


def _line(
    key: LineKey, counts: Counter[SourceType | None], charts: Mapping[ThemeId, Theme], wording: str
) -> SummaryLine:
    theme_id, kind = key
    chart = charts.get(ThemeId(theme_id))
    return SummaryLine(
        theme_id=theme_id,
        emoji=chart.emoji if chart else "",
        theme=chart.short if chart else OTHER_OBSERVATIONS,
        kind=kind,
        count=counts.total(),
        sources=sources_for_client(counts),
        wording=wording,
    )


def _place(line: SummaryLine, places: Mapping[ThemeId, int]) -> tuple[bool, int, str, int]:
    return not line.theme_id, places.get(ThemeId(line.theme_id), 0), line.theme_id, KINDS.index(line.kind)


def sources_for_client(counts: Mapping[SourceType | None, int]) -> str:
    """The kinds of source behind a line, so that none with fewer than three findings can be made out.

    What is merged is itself at least three: otherwise it could be had by taking the rest from the whole, and nothing
    is told apart. A line of fewer than three findings says nothing of its sources.
    """
    named = sorted(
        ((kind, many) for kind, many in counts.items() if kind and many >= FEW), key=lambda pair: (-pair[1], pair[0])
    )
    total = sum(counts.values())
    merged = total - sum(many for _, many in named)
    if total < FEW:
        return ""
    if not named or 0 < merged < FEW:
        return VARIOUS
    parts = [f"{kind.value} ({many})" for kind, many in named]
    return ", ".join([*parts, f"other sources ({merged})"] if merged else parts)


def counts_differ(lines: Iterable[SummaryLine], others: Iterable[SummaryLine]) -> bool:
    """Whether the wall says something else than it did, wording apart."""
    return _counts(lines) != _counts(others)


def _counts(lines: Iterable[SummaryLine]) -> dict[LineKey, tuple[int, str, str]]:
    return {key_of(line): (line.count, line.sources, line.theme) for line in lines if line.count}


def reworded(lines: Iterable[SummaryLine], wordings: Mapping[LineKey, str]) -> tuple[SummaryLine, ...]:
    """The lines with what the manager wrote for some of them; an empty one that nothing stands behind goes."""
    changed = (replace(line, wording=wordings.get(key_of(line), line.wording)) for line in lines)
    return tuple(line for line in changed if line.count or line.wording)


def same_words(one: Summary, other: Summary) -> bool:
    """Whether two versions say the same in the manager's words, whatever they count."""
    return one.note == other.note and _wordings(one) == _wordings(other)


def _wordings(summary: Summary) -> dict[LineKey, str]:
    return {key_of(line): line.wording for line in summary.lines if line.wording}


# ---------------------------------------------------------------- which day


def is_a_day(args: str) -> bool:
    """Whether what follows "summary" may be a day (nothing: today), and not the rest of something heard."""
    if not args.strip():
        return True
    if len(args) > LONGEST_DAY or "\n" in args.strip():
        return False
    if len(args.split()) == 1:
        return True
    any_moment = datetime(2026, 1, 1)  # noqa: DTZ001  # a wall clock; only whether it reads as a day matters here
    reading = read_day(args, now=any_moment, prefer="past")
    return isinstance(reading, date) or bool(reading.options)


def day_asked(args: str, now: datetime, challenge: Challenge) -> date:
    """The day on site that somebody means: with nothing said today, or the last. `now` is the challenge's wall clock.

    Raises `DayNotRead`, showing what was typed, and `DayNotOnSite`, naming the days there are.
    """
    if not args.strip():
        return _on_site(min(now.date(), challenge.last_day), challenge)
    typed = " ".join(args.split())
    if len(typed) > LONGEST_DAY:
        raise _not_read(typed)
    past = read_day(typed, now=now, prefer="past")
    readings = [past, read_day(typed, now=now, prefer="future")]
    days = list(dict.fromkeys(day for reading in readings for day in _days(reading)))
    on_site = [day for day in days if challenge.first_day <= day <= challenge.last_day]
    if len(on_site) == 1 or (on_site and isinstance(past, date)):
        return on_site[0]
    if isinstance(past, date):
        return _on_site(past, challenge)
    raise _not_read(typed, past)


def _days(reading: date | Unread) -> list[date]:
    if isinstance(reading, date):
        return [reading]
    return [option.day for option in reading.options if isinstance(option, Day)]


def _not_read(typed: str, why: Unread | None = None) -> DayNotRead:
    shown = typed if len(typed) <= QUOTED else f"{typed[:QUOTED]}…"
    reason = f" {say(why)}" if why and why.options else ""
    return DayNotRead(
        f"I could not read “{shown}” as a day.{reason} Type summary today, summary yesterday, or a date such as "
        "summary 24 Nov."
    )


def _on_site(day: date, challenge: Challenge) -> date:
    if challenge.first_day <= day <= challenge.last_day:
        return day
    days = f"{in_words(challenge.first_day)} to {in_words(challenge.last_day)}"
    raise DayNotOnSite(f"{in_words(day)} is not a day on site. There are summaries for {days}.")


def in_words(day: date) -> str:
    """ "Tuesday 24 November"."""
    return f"{day:%A} {day.day} {day:%B}"


# ---------------------------------------------------------------- when the manager gets the draft


def draft_moments(challenge: Challenge, final_feedback: time) -> list[datetime]:
    """The wall times at which a draft goes to the manager: an hour before the catch-up of each day that has one."""
    length = (challenge.last_day - challenge.first_day).days
    days = [challenge.first_day + timedelta(days=number) for number in range(length + 1)]
    catch_ups = [
        datetime.combine(day, challenge.catch_up_time) for day in days if has_catch_up(challenge, day, final_feedback)
    ]
    return [moment - BEFORE_CATCH_UP for moment in catch_ups]
