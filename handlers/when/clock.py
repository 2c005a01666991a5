"""Times of day as British people say them: "9.30", "half 4", "ten to three", "noon", "2-3pm". An hour with no a.m. or
p.m. is taken within the working day, 8:00 to 18:59; seven o'clock is in neither half of it, so both are offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from typing import Literal

from handlers.when.patterns import whole
from handlers.when.readings import Choice

Half = Literal["am", "pm", ""]

WORKING_DAY = (time(8), time(18, 59))
_CUES = frozenset(("at", "by", "from", "@", "on"))
_RANGE_WORDS = frozenset(("-", "to"))
_PARTS: dict[str, Half] = {"morning": "am", "afternoon": "pm", "evening": "pm", "night": "pm"}
# The hours a part of the day covers, as "9 at night" or "2 in the afternoon".
_NIGHT_STARTS = 6


@dataclass(frozen=True, slots=True)
class Face:
    """What a clock face shows. `half` is "" when neither a.m. nor p.m. was said; `exact` when written in 24 hours."""

    hour: int
    minute: int = 0
    half: Half = ""
    exact: bool = False

    @property
    def open(self) -> bool:
        """Whether the half of the day is still to be told."""
        return not self.half and not self.exact and 1 <= self.hour <= 11


_H = r"(?P<hour>\d{1,2})"
_HALF = r"(?: (?P<half>am|pm))?"
_FORMS = (
    rf"(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.]00)?{_HALF}",
    rf"{_H} (?P<half>am|pm)",
    rf"{_H} (?P<minute>\d{{2}}) (?P<half>am|pm)",
    r"(?P<hour>\d{1,2})(?P<minute>\d{2}) (?P<half>am|pm)",
    rf"{_H} oclock{_HALF}",
    rf"(?P<past>half) (?:- )?(?:past )?{_H}{_HALF}",
    rf"(?:an? )?(?P<past>quarter|\d{{1,2}})(?: Uminute)? (?:- )?past {_H}{_HALF}",
    rf"(?:an? )?(?P<to>quarter|\d{{1,2}})(?: Uminute)? before {_H}{_HALF}",
    rf"(?:an? )?(?P<to>quarter|20|25)(?: Uminute)? to {_H}{_HALF}",
    rf"(?P<to>\d{{1,2}}) Uminute to {_H}{_HALF}",
    rf"{_H}{_HALF}(?: oclock)? (?:- )?ish",
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2}) (?:- )?ish",
)
# "1.30 hours" is a length; an hour in two digits, as "15.45hrs", is a time.
_MILITARY = re.compile(r"(?P<hour>\d{2})[:.]?(?P<minute>\d{2}) Uhour|(?P<full>\d{1,2}) hundred(?: Uhour)?")
_FOUR_DIGITS = re.compile(r"(?P<hour>[01]\d|2[0-9])(?P<minute>\d{2})")
_BARE = re.compile(r"(?P<hour>\d{1,2})(?: ?(?P<minute>[0-5]\d))?")
_NAMED = {
    "noon - ish": Face(12, exact=True),
    "noon ish": Face(12, exact=True),
    "noon": Face(12, exact=True), "12 noon": Face(12, exact=True),
    "12:00 noon": Face(12, exact=True),
    "12.00 noon": Face(12, exact=True), "12 oclock noon": Face(12, exact=True),
          "midnight": Face(0, exact=True), "12 midnight": Face(0, exact=True)}  # fmt: skip
_LIKELY_YEARS = range(1990, 2060)


def face(words: list[str], *, cued: bool = False) -> Face | None:
    """The clock face said, or None. A bare "9" or "930" counts only where it is `cued`, or after "at", "by", "from"."""
    words, part = _without_part(words)
    lead = set()
    while words and (words[0] in _CUES or words[0] == ","):
        lead.add(words[0])
        words = words[1:]
    phrase, said_at = " ".join(words), bool(lead - {"on", ","})
    if said_at and "from" not in lead and whole(r"(?:5|10) to \d{1,2}.*", phrase):  # a plain "10 to 3" may be a range
        phrase = phrase.replace(" to ", " before ", 1)
    if phrase.isdigit() and int(phrase) in _LIKELY_YEARS and not said_at:
        return None
    found = _face(phrase, cued=cued or said_at or bool(part))
    return _in_part(found, part) if found else None


def _without_part(words: list[str]) -> tuple[list[str], str]:
    """Takes "in the morning" or "at night" off the end."""
    if not words or words[-1] not in _PARTS:
        return words, ""
    rest = words[:-1]
    if rest and rest[-1] in ("in", "at"):
        rest = rest[:-1]
    return rest, words[-1]


def _in_part(shown: Face, part: str) -> Face | None:
    if not part:
        return shown
    half = _PARTS[part]
    if part == "night" and (shown.hour == 12 or shown.hour < _NIGHT_STARTS):
        half = "am"
    if shown.open or (shown.hour == 12 and not shown.half and part == "night"):
        return replace(shown, half=half, exact=False)
    is_morning = shown.half == "am" or (not shown.half and shown.hour < 12)
    return shown if is_morning == (half == "am") else None


def _face(phrase: str, *, cued: bool) -> Face | None:
    if phrase in _NAMED:
        return _NAMED[phrase]
    for form in _FORMS:
        if match := whole(form, phrase):
            shown = _shown(match)
            return None if shown and "." in phrase and shown.hour > 23 else shown  # "45.50" is money
    if match := _MILITARY.fullmatch(phrase):
        return Face(int(match["full"] or match["hour"]), int(match["minute"] or 0), exact=True)
    if match := _FOUR_DIGITS.fullmatch(phrase):
        shown = Face(int(match["hour"]), int(match["minute"]), exact=True)
        return shown if shown.hour < 24 and shown.minute < 60 else None
    return _bare_face(phrase) if cued else None


def _bare_face(phrase: str) -> Face | None:
    """ "9", "930" and "9 30" where something else has said that a time is meant."""
    match = _BARE.fullmatch(phrase)
    return _shown(match) if match and int(match["hour"]) < 24 else None


def _shown(match: re.Match[str]) -> Face | None:
    said = match.groupdict()
    hour, half = int(said["hour"]), _half(said.get("half"))
    exact = not half and _is_24_hour(said["hour"])
    if past := said.get("past"):
        return Face(hour, _minutes(past), half, exact) if _is_minute_hand(hour, past) else None
    if to := said.get("to"):
        return Face((hour - 2) % 12 + 1, 60 - _minutes(to), half) if _is_minute_hand(hour, to) else None
    return Face(hour, int(said.get("minute") or 0), half, exact)


def _half(said: str | None) -> Half:
    return "am" if said == "am" else "pm" if said == "pm" else ""


def _is_24_hour(hour: str) -> bool:
    return int(hour) > 12 or hour.startswith("0")


def _minutes(words: str) -> int:
    return {"half": 30, "quarter": 15}.get(words) or int(words)


def _is_minute_hand(hour: int, minutes: str) -> bool:
    return 1 <= hour <= 12 and 0 < _minutes(minutes) < 60


def times(shown: Face) -> Choice[time]:
    """The time of day a face means: as said, or within the working day when only one half of the day fits."""
    if problem := _impossible(shown):
        return problem
    if shown.half:
        return Choice.sure(_in_half(shown, shown.half))
    if not shown.open:
        return Choice.sure(time(shown.hour, shown.minute))
    both = (_in_half(shown, "am"), _in_half(shown, "pm"))
    working = [one for one in both if WORKING_DAY[0] <= one <= WORKING_DAY[1]]
    why = f"{shown.hour}:{shown.minute:02d} may be in the morning or in the evening."
    return Choice.either(working if len(working) == 1 else both, why)


def _impossible(shown: Face) -> Choice[time] | None:
    if shown.minute > 59:
        return Choice.impossible(f"There is no minute {shown.minute} in an hour.")
    if shown.hour == 24 and not shown.minute:
        return Choice.impossible("The day ends at midnight, written 00:00 of the day after.", time(0))
    if shown.hour > 23:
        return Choice.impossible(f"There is no hour {shown.hour} in a day.")
    if shown.half == "am" and shown.hour > 12:
        return Choice.impossible(
            f"{shown.hour}:{shown.minute:02d} is not in the morning.", time(shown.hour, shown.minute)
        )
    if shown.half == "pm" and shown.hour == 0:
        return Choice.impossible("The afternoon has no hour 0.", time(0, shown.minute), time(12, shown.minute))
    return None


def _in_half(shown: Face, half: Half) -> time:
    if shown.hour > 12:
        return time(shown.hour, shown.minute)
    return time(shown.hour % 12 + (12 if half == "pm" else 0), shown.minute)


def time_of_day(words: list[str], *, cued: bool = False) -> Choice[time] | None:
    """The time a phrase stands for, or None when it is no time."""
    if dotted := _day_or_time(words):
        return dotted
    shown = face(words, cued=cued)
    return times(shown) if shown else None


def _day_or_time(words: list[str]) -> Choice[time] | None:
    """ "10.11" with nothing round it is as much a day as a time, so it is questioned."""
    match = re.fullmatch(r"([01]?\d|2[0-3])\.(0[1-9]|1[0-2])", words[0]) if len(words) == 1 else None
    if match is None or match[2] in ("05", "10"):
        return None
    return times(Face(int(match[1]), int(match[2]), exact=_is_24_hour(match[1]))).then(
        lambda one: Choice.unclear("That may be a time or a day and month.", one)
    )


def time_range(words: list[str], *, cued: bool = False) -> Choice[tuple[time, time]] | None:
    """The start and end of "9-10.30", "from 9 till 5", "between 2 and 3pm", or None."""
    words, part = _without_part(words)
    from_to = words[:1] in (["from"], ["between"])
    cued = cued or bool(part) or from_to or words[:1] in (["at"], ["by"])
    if not from_to and words[:1] == ["at"] and face(words):
        return None
    joints = _RANGE_WORDS
    if words[:1] == ["between"]:
        words, joints = words[1:], _RANGE_WORDS | {"and"}
    for first, second, joint in _halves(words, joints):
        start, end = face(first, cued=True), face(second, cued=True)
        if start and end and part:
            start, end = _in_part(start, part), _in_part(end, part)
        if start and end and (cued or not _is_too_bare(first, second, joint)):
            spans = _too_like_a_clock(first, second, joint, from_to) or _span(start, end)
            if _day_or_time(first) and _day_or_time(second):
                return spans.then(lambda span: Choice.unclear("Those may be times or days and months.", span))
            runs_on = all(after > before for before, after in spans.values)
            return spans if cued or runs_on or not (_is_plain(first) and _is_plain(second)) else None
    return None


def _halves(words: list[str], joints: frozenset[str]) -> Iterator[tuple[list[str], list[str], str]]:
    for at, word in enumerate(words):
        if word in joints and 0 < at < len(words) - 1:
            yield words[:at], words[at + 1 :], word


def _is_plain(side: list[str]) -> bool:
    return len(side) == 1 and side[0].isdigit()


def _is_too_bare(first: list[str], second: list[str], joint: str) -> bool:
    """Whether two plain numbers may be anything: "24-27", "10-12"; but "9-5" and "9 to 11" are hours."""
    if not (_is_plain(first) and _is_plain(second)):
        return False
    if len(first[0]) > 2 and len(second[0]) > 2:
        return False
    small = all(1 <= int(one[0]) <= 12 for one in (first, second))
    return not small or (joint == "-" and int(first[0]) <= int(second[0]))


def _too_like_a_clock(
    first: list[str], second: list[str], joint: str, from_to: bool
) -> Choice[tuple[time, time]] | None:
    """ "10 to 3" in digits is ten minutes to three or ten o'clock until three."""
    if from_to or joint != "to" or first not in (["5"], ["10"]) or len(second) > 2 or not second[0].isdigit():
        return None
    start, end = face(first, cued=True), face(second, cued=True)
    assert start
    assert end
    spans = _span(start, end).values
    return Choice.unclear("That may be minutes to the hour, or from one hour to another.", *spans)


def _span(start: Face, end: Face) -> Choice[tuple[time, time]]:
    if end.half and (start.open or (start.hour == 12 and not start.half and not start.exact and end.half == "am")):
        return times(end).then(lambda last: _starting_before(start, end, last))
    return times(start).then(lambda first: _ending_after(first, end).map(lambda last: (first, last)))


def _starting_before(start: Face, end: Face, last: time) -> Choice[tuple[time, time]]:
    """ "2-3pm" starts in the half of the day that it ends in, unless that would be later: "11-1pm"."""
    if problem := _impossible(start):
        return problem.map(lambda first: (first, last))
    same = _in_half(start, end.half)
    other = _in_half(start, "am" if end.half == "pm" else "pm")
    if same < last or start.hour == 12:
        return Choice.sure((same, last))
    if WORKING_DAY[0] <= other <= WORKING_DAY[1]:
        return Choice.sure((other, last))
    return Choice.unclear("The end seems to come before the start.", (other, last))


def _ending_after(first: time, end: Face) -> Choice[time]:
    """The first such time after the start: "9-5" ends at 17:00, "9-10.30" at 10:30."""
    if not end.open:
        return times(end)
    problem = _impossible(end)
    if problem:
        return problem
    both = (_in_half(end, "am"), _in_half(end, "pm"))
    return Choice.sure(next((one for one in both if one > first), both[0]))
