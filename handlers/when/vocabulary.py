"""The words people use for days and times, with their shortenings and slips of the finger, so that "Wensday", "tmrw"
and "w/c" are read like the words they stand for. Each word maps to the one spelling the grammar knows.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from types import MappingProxyType


def words_of(text: str) -> frozenset[str]:
    """The words of a text, as a set; for the package's own lists of words."""
    return frozenset(text.split())


MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH_NAMES = tuple(month.capitalize() for month in MONTHS)
WEEKDAY_NAMES = tuple(weekday.capitalize() for weekday in WEEKDAYS)
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_UNITS_IN_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ORDINALS_IN_WORDS = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth",
)  # fmt: skip

NUMBERS = MappingProxyType(
    {word: value for value, word in enumerate(_UNITS_IN_WORDS)}
    | {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
)
ORDINALS = MappingProxyType(
    {word: value for value, word in enumerate(_ORDINALS_IN_WORDS)} | {"thirtieth": 30, "twelth": 12, "nineth": 9}
)

# In the grammar's spelling M11 is November, W0 Monday, P0 "Mondays" and Uday the unit "day".
_SHORT_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORT_WEEKDAYS = (
    "mon", "tue tues", "wed weds wednes", "thu thur thurs thr", "fri", "sat", "sun",
)  # fmt: skip
_UNITS = {
    "Uday": "day days",
    "Uweek": "week weeks wk wks wek",
    "Ufortnight": "fortnight fortnights",
    "Umonth": "month months mth mths",
    "Uyear": "year years yr yrs",
    "Uhour": "hour hours hr hrs h",
    "Uminute": "minute minutes min mins m minuets",
}
_SAME = {
    "tomorrow": "tomorrow tmrw tmro tmoro tmw tmr tomoz tomos tomoro tomorro tomoro tomorow",
    "yesterday": "yesterday yday yest ysterday",
    "today": "today tday",
    "tonight": "tonight tonite",
    "to": "to thru through thro until till til untill",
    "and": "and plus n +",
    "at": "at @",
    "next": "next nxt",
    "last": "last previous prev past lst",
    "noon": "noon midday noontime",
    "midnight": "midnight midnite",
    "oclock": "oclock o'clock",
    "hundred": "hundred",
    "start": "start beginning begining",
    "middle": "middle mid",
    "evening": "evening evenings eves",
    "morning": "morning mornings morn",
    "afternoon": "afternoon afternoons aft arvo",
    "night": "night nights",
    "lunchtime": "lunchtime lunch",
    "holiday": "holiday hol holidays",
    "christmas": "christmas xmas chrimbo",
    "every": "every each evry",
    "other": "other alternate",
    "yearly": "yearly annually annual",
    "fortnightly": "fortnightly biweekly",
    "before": "before preceding",
    "after": "after",
    "since": "since",
    "from": "from starting frm",
}
# "past" serves two masters: "past Friday" and "half past"; the grammar reads it after numbers, so it keeps its name.
_WORDS: dict[str, str] = {word: name for name, words in _SAME.items() for word in words.split()}
_WORDS["past"] = "past"
_WORDS |= {word: name for name, words in _UNITS.items() for word in words.split()}
_WORDS |= {word: f"M{n}" for n, word in enumerate(MONTHS, 1)}
_WORDS |= {word: f"M{n}" for n, word in enumerate(_SHORT_MONTHS, 1)}
_WORDS |= {"sept": "M9", "febr": "M2", "novem": "M11", "decem": "M12"}
_WORDS |= {word: f"W{n}" for n, word in enumerate(WEEKDAYS)}
_WORDS |= {f"{word}s": f"P{n}" for n, word in enumerate(WEEKDAYS)}
_WORDS |= {word: f"W{n}" for n, words in enumerate(_SHORT_WEEKDAYS) for word in words.split()}

# Words a slip of the finger may be mended into; short words are left alone, being one letter from too much English.
_MENDABLE = {
    word: _WORDS[word]
    for word in (*MONTHS, *WEEKDAYS, *(f"{day}s" for day in WEEKDAYS), "tomorrow", "yesterday", "today",
                 "fortnight", "midnight", "afternoon", "tonight")
    if word != "may"
}  # fmt: skip
_MENDABLE |= {"commencing": "commencing", "weekend": "weekend", "christmas": "christmas"}
_LONG_ENOUGH_FOR_TWO_SLIPS = 8
_SHORTEST_MENDED, _LONGEST_MENDED = 5, 12
_REAL_WORDS = words_of(
    "match marsh larch parch marc marcy mach money monkey monay sundae sundry friary mayday marched toady toda toddy "
    "commending weekends weekender weekdays mundane tonights augusta augustus julia julie juliet jumpy jules junes "
    "apron decembers midlight starch"
)


def in_words(day: date) -> str:
    """24 November 2026."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def weekday_name(day: date) -> str:
    return WEEKDAY_NAMES[day.weekday()]


@lru_cache(maxsize=2048)
def spelling(word: str) -> str:
    """The grammar's spelling of a lower-case word: known as it is, mended, or left alone for the grammar to refuse."""
    known = _WORDS.get(word)
    return known if known is not None else _mended(word)


def _mended(word: str) -> str:
    if (
        not _SHORTEST_MENDED <= len(word) <= _LONGEST_MENDED
        or word in _REAL_WORDS
        or word in NUMBERS
        or word in ORDINALS
    ):
        return word
    from rapidfuzz.distance import OSA  # here, not above: only a misspelt word pays for the import

    for slips in (1, 2):
        near = [
            (right, name)
            for right, name in _MENDABLE.items()
            if right[0] == word[0]
            and (slips == 1 or len(right) >= _LONG_ENOUGH_FOR_TWO_SLIPS or right == "tuesday")
            and OSA.distance(word, right, score_cutoff=slips) <= slips
        ]
        if len({name for _, name in near}) == 1:
            return near[0][1]
    return word


_LEADS = frozenset(("from", "between", "on", "for", "at", "by", ","))


def unled(words: list[str]) -> list[str]:
    """The words without those that only lead up to a day: "on 24 Nov"."""
    start = next((at for at, word in enumerate(words) if word not in _LEADS), len(words))
    return words[start:]


def pruned(words: list[str]) -> list[str]:
    """The same without commas."""
    return [word for word in unled(words) if word != ","]
