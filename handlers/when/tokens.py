"""Turns a phrase as typed into the grammar's spelling, so that the rules elsewhere read one form of each thing:
"Tues. 24th  of Novemebr" becomes "W1 24th M11", whatever the capitals, dashes, spaces and kind words around it.
"""

from __future__ import annotations

import re
import unicodedata

from handlers.when.vocabulary import NUMBERS, ORDINALS, spelling, words_of

MOST_TOKENS = 36

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘－"), "-")
_QUOTES = dict.fromkeys(map(ord, "'’‘`´ʼ\"“”"))
_FRACTIONS = {ord("½"): " half ", ord("¼"): " quarter ", ord("¾"): " threequarters "}
_SHORT_YEAR = re.compile(r"['’‘]([0-4]\d)\b")
_BRACKETS = dict.fromkeys(map(ord, "()[];"), ",")

# Forms whose punctuation would otherwise come apart.
_JOINED = (
    (re.compile(r"\bweeks? ?-?(?:commencing|comencing|commmencing|beginning|starting|start)\b"), " wc "),
    (re.compile(r"\bwk ?-?(?:commencing|beginning|starting)\b"), " wc "),
    (re.compile(r"\bw ?[/.] ?[cb]\b\.?|\bw[cb]\b"), " wc "),
    (re.compile(r"\bweek ?-?ending\b|\bwk ending\b|\bw ?[/.] ?e\b\.?"), " weekending "),
    (re.compile(r"\bweek ?-?ends\b"), " weekends "),
    (re.compile(r"\bweek ?-?end\b|\bwkend\b|\bwknd\b"), " weekend "),
    (re.compile(r"\bweek ?-?days?\b"), " weekdays "),
    (re.compile(r"\b(?:working|business|work) ?-?days?\b"), " Uworkday "),
    (re.compile(r"\b(to|mid|after|over|yester|week)-?(day|morrow|night|noon)\b"), r"\1\2"),
    (re.compile(r"\bo ?clock\b"), " oclock "),
    (re.compile(r"\b(?:(?:close|end) of (?:the )?(?:play|business|day)|cop|cob|eod)\b"), " endofday "),
    (re.compile(r"\bfirst thing\b"), " firstthing "),
    (re.compile(r"\ball ?-?day\b"), " allday "),
    (re.compile(r"\bat the latest\b"), " "),
    (re.compile(r"(?<![a-z])([ap])\.? ?m\b\.?"), r" \1m "),
    (re.compile(r"\b(?:a )?couple (?:of )?"), "2 "),
    (re.compile(r"\b(?:three|3) ?-?quarters?\b(?: of an?\b)?|\b3/4 (?:of )?(?:an? )?(?=h)"), " threequarters "),
    (re.compile(r"\b1/2 (?:an? )?(?=h)"), "half "),
    (re.compile(r"\b2(?=mor|day\b|nite|night)"), "to"),
    (re.compile(r"(?<=\d{4}-\d\d-\d\d) ?/ ?(?=\d{4}-)"), " - "),
    (re.compile(r"(?<=\d) ?/ ?(?=\d)"), "/"),
    (re.compile(r"(?<=\d) ?: ?(?=\d)"), ":"),
    (re.compile(r"(?<=\d) \. ?(?=\d)"), "."),
    (re.compile(r"(?<=[a-z])\.|\.(?=$|\s|[a-z])"), " "),
)

_LEXEME = re.compile(
    r"""
      \d{4}([-/.])\d{1,2}\1\d{1,2}(?!\d)            # 2026-11-24
    | \d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})(?!\d)  # 24/11/26
    | \d{1,2}/\d{4}(?!\d)                           # 11/2026
    | \d{1,2}/\d{1,2}(?![\d/])                      # 24/11
    | \d{1,2}[:.]\d{2}(?::\d{2})?(?![\d:])          # 9.30
    | \d{1,2}\.\d(?!\d)                             # 1.5
    | \d+(?:st|nd|rd|th)\b                          # 24th
    | \d+
    | [A-Za-z]+
    | \S
    """,
    re.VERBOSE,
)

_DROPPED = words_of("the of about around approx approximately roughly circa ~ exactly precisely sometime")
_BEFORE = words_of(
    "please either both lets say how what maybe perhaps possibly probably its is it i we think hi hello hey well so "
    "then ok okay yes yep yeah date dates time times when due : , . - meet sure can do could should will be on for by"
)
_AFTER = words_of(
    "please thanks thank you ok okay then instead , : . ! ? - sharp prompt inclusive incl inc only maybe latest cheers "
    "possible if so or thereabouts approx"
)


def tokens(text: str) -> list[str] | None:
    """The phrase in the grammar's spelling, or None when it is too long to be one."""
    plain = _plain(text)
    if not plain.isascii():
        return None
    found: list[str] = []
    for match in _LEXEME.finditer(plain):
        if len(found) >= MOST_TOKENS:
            return None
        found.append(match[0])
    spelt = _numbered(found)
    trimmed = _trimmed([word for word in spelt if word not in _DROPPED])
    # "the first" is a day of the month; "first" or "second" alone is just a word
    is_word = len(trimmed) == 1 and "the" not in found and found[-1] in ORDINALS
    return None if is_word else trimmed


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_FRACTIONS)).translate(_DASHES)
    plain = _SHORT_YEAR.sub(r" 20\1", plain).translate(_QUOTES)
    plain = " ".join(plain.translate(_BRACKETS).lower().replace("&", " and ").split()).rstrip(" .!?,")
    for pattern, replacement in _JOINED:
        plain = pattern.sub(replacement, plain)
    return plain


def _trimmed(words: list[str]) -> list[str]:
    start, end = 0, len(words)
    while start < end and words[start] in _BEFORE:
        start += 1
    while end > start and words[end - 1] in _AFTER:
        end -= 1
    # "by 5" and "for 5" keep their hint that a bare number is an hour
    return words[start - 1 : end] if start and words[start - 1] == "by" else words[start:end]


def _numbered(words: list[str]) -> list[str]:
    """Numbers in words become digits ("twenty-fourth" is 24th), everything else takes the grammar's spelling."""
    spelt: list[str] = []
    at = 0
    while at < len(words):
        number, length = _number_in_words(words, at)
        if not length:
            spelt.append(_digits(words[at]))
            at += 1
            continue
        at += length
        # "ten to three" in words is always the clock; "10 to 3" in digits may be a range
        is_minutes = number in {"5", "10", "20", "25"} and spelt[-1:] not in (["from"], ["between"])
        if is_minutes and words[at : at + 1] == ["to"] and _is_hour(words[at + 1 : at + 2]):
            spelt += [number, "before"]
            at += 1
        else:
            spelt.append(number)
    return spelt


def _is_hour(word: list[str]) -> bool:
    return bool(word) and (word[0].isdigit() or 0 < NUMBERS.get(word[0], 0) <= 12)


def _digits(word: str) -> str:
    if word[0].isdigit():
        return str(int(word[:-2])) + "th" if word[-1].isalpha() else word
    return word if word.startswith("U") else spelling(word)


def _number_in_words(words: list[str], at: int) -> tuple[str, int]:
    """The number at this place in digits and how many words it takes: "two thousand and twenty-six" is 2026, 5."""
    first, length = _small_number(words, at)
    if not length:
        return "", 0
    rest = at + length
    if words[rest : rest + 1] == ["thousand"]:
        skip = 2 if words[rest + 1 : rest + 2] == ["and"] else 1
        more, used = _small_number(words, rest + skip)
        return (
            (str(int(first) * 1000 + int(more)), length + skip + used)
            if more.isdigit()
            else (f"{first}000", length + 1)
        )
    more, used = _small_number(words, rest)
    if first == "20" and more.isdigit() and int(more) >= 10:
        return f"20{more}", length + used
    if first.isdigit() and 1 <= int(first) <= 12 and more.isdigit() and 10 <= int(more) <= 59:
        return f"{first}:{more}", length + used
    return first, length


def _small_number(words: list[str], at: int) -> tuple[str, int]:
    word = words[at] if at < len(words) else ""
    if word in ORDINALS:
        return f"{ORDINALS[word]}th", 1
    if word not in NUMBERS:
        return "", 0
    tens = NUMBERS[word]
    after = at + 2 if words[at + 1 : at + 2] == ["-"] else at + 1
    unit = words[after] if after < len(words) else ""
    if tens >= 20 and 1 <= NUMBERS.get(unit, 0) <= 9:
        return str(tens + NUMBERS[unit]), after + 1 - at
    if tens >= 20 and 1 <= ORDINALS.get(unit, 0) <= 9:
        return f"{tens + ORDINALS[unit]}th", after + 1 - at
    return str(tens), 1
