"""Lengths of time: "45 minutes", "an hour and a half", "1h30", "a fortnight"."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.when.readings import Duration

_AMOUNT = (
    r"(?:\d+(?:\.\d{1,2})?|an?|half(?: an?)?|quarter|threequarters|(?:\d+|an?) and (?:an? )?(?:half|quarter)|\d+ half)"
)
_PIECE = re.compile(
    rf"(?P<amount>{_AMOUNT}) ?(?:- )?U(?P<unit>day|week|fortnight|month|year|hour|minute)"
    r"(?P<more> and (?:an? )?(?:half|quarter|threequarters))?"
)
_BARE_MINUTES = re.compile(r"(?P<minutes>\d{1,2})")
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "threequarters": 0.75}
_JOINT = re.compile(r"(?: and)? ?")
_LENGTHS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(1),
    "week": timedelta(7),
    "fortnight": timedelta(14),
}


def duration(words: list[str]) -> Duration | None:
    """The length of time a phrase stands for, or None when it is no length."""
    if words[:1] == ["for"]:
        words = words[1:]
    phrase = " ".join(word for word in words if word not in (",", "-"))
    phrase = re.sub(r"^(an? )?quarter an ", "quarter ", phrase)
    if phrase == "Ufortnight":
        return Duration(_LENGTHS["fortnight"])
    total, months, last, at = timedelta(), 0, "", 0
    while at < len(phrase):
        piece = _PIECE.match(phrase, at)
        if piece is None:
            return _with_minutes(phrase[at:], total, months, last)
        amount = _amount(piece["amount"]) + _amount((piece["more"] or "").removeprefix(" and "))
        last = piece["unit"]
        if last in ("month", "year"):
            if not float(amount * 12).is_integer() or (last == "month" and not amount.is_integer()):
                return None
            months += int(amount * (12 if last == "year" else 1))
        else:
            total += amount * _LENGTHS[last]
        joint = _JOINT.match(phrase, piece.end())
        at = joint.end() if joint else piece.end()
    return Duration(total, months) if total or months else None


def _amount(words: str) -> float:
    """ "2 and a half" is 2.5, "half an" 0.5; an article counts one only by itself."""
    said = [_FRACTIONS.get(word) or float(word) for word in words.split() if word not in ("a", "an", "and")]
    return sum(said) if said else float(bool(words))


def _with_minutes(rest: str, total: timedelta, months: int, last: str) -> Duration | None:
    """ "1h30" and "two hours thirty" leave the word "minutes" out."""
    match = _BARE_MINUTES.fullmatch(rest)
    if match is None or last != "hour" or int(match["minutes"]) > 59:
        return None
    return Duration(total + timedelta(minutes=int(match["minutes"])), months)
