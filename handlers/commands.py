"""What a typed line means: a command, nearly a command, a greeting, or something a peer heard.

A message is a command only when all of it is one: "themes" is, "Themes of trust came up in every meeting" is a finding.
"""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from handlers.registry import Command, Registry

GREETINGS = frozenset(
    line.strip()
    for line in """
    hi, hello, hey, hiya, morning, afternoon, evening, thanks, ta, cheers, ok, okay, thx, great, lovely, bye,
    good morning, good afternoon, good evening, good night, thank you, many thanks, hello there, hi there,
    hi baseroom, hello baseroom, thanks baseroom
    """.replace("\n", " ").split(",")
)
NEAR = 84  # out of 100: "chalenge" and "sumary" are near, "share" and "theme" are not
NEAR_WORD = 66  # and each word of several must be this near
MOST_WORDS_OF_A_NEAR_MISS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """The line is this command, with these arguments."""

    command: Command
    args: str


@dataclass(frozen=True, slots=True)
class NearlyAsked:
    """The line looks like a misspelt command."""

    command: Command
    args: str


@dataclass(frozen=True, slots=True)
class Greeted:
    """The line is a greeting or a thank-you, and nothing else."""


def find_command(registry: Registry, line: str) -> Asked | None:
    """The command whose words the line begins with, the longest first; its arguments are not checked.

    A phone writes "what’s next" with a curly apostrophe."""
    table = registry.by_words
    words = line.split(maxsplit=registry.most_words)
    for length in range(min(registry.most_words, len(words)), 0, -1):
        entry = table.get(" ".join(words[:length]).casefold().replace("’", "'"))
        if entry is not None:
            return Asked(entry, _after(line, length))
    return None


def understand(registry: Registry, line: str) -> Asked | NearlyAsked | Greeted | None:
    """What a typed message is, when it is not something heard. None: it may be a finding."""
    plain = line.strip().lstrip("/").strip()
    plain = re.sub(r"^baseroom\b[ ,:]*", "", plain, flags=re.IGNORECASE) or plain
    if is_greeting(plain):
        return Greeted()
    asked = find_command(registry, plain.rstrip(" ?!.") or plain)
    if asked and asked.command.accepts(asked.args):
        return asked
    if line.lstrip().startswith("/") and asked:
        return asked
    return _near_miss(registry, plain)


def is_greeting(line: str) -> bool:
    """Whether the whole line is a greeting, punctuation and emoji aside."""
    words = re.sub(r"[^a-z ]+", " ", line.casefold()).split()
    if not words:
        return False
    return " ".join(words) in GREETINGS or (len(words) <= 3 and all(word in GREETINGS for word in words))


def _near_miss(registry: Registry, line: str) -> NearlyAsked | None:
    words = line.casefold().strip(" ?!.").split()
    if not words or len(words) > MOST_WORDS_OF_A_NEAR_MISS:
        return None
    best: tuple[float, Command, int] | None = None
    for known, entry in registry.by_words.items():
        length = len(known.split())
        if length > len(words):
            continue
        likeness = _likeness(" ".join(words[:length]), known)
        if likeness >= NEAR and entry.accepts(_after(line, length)) and (best is None or likeness > best[0]):
            best = (likeness, entry, length)
    return NearlyAsked(best[1], _after(line, best[2])) if best else None


def _likeness(typed: str, known: str) -> float:
    """Out of 100: nothing when one of the words is quite another ("team morale" is not "team remove"). Two neighbouring
    letters that changed places ("hlep") are near, however short the word."""
    if len(typed) == len(known) and sorted(typed) == sorted(known) and OSA.distance(typed, known) == 1:
        return NEAR
    if any(fuzz.ratio(one, other) < NEAR_WORD for one, other in zip(typed.split(), known.split(), strict=True)):
        return 0
    return fuzz.ratio(typed, known)


def _after(line: str, words: int) -> str:
    """What follows the first `words` words, exactly as typed."""
    parts = line.split(maxsplit=words)
    return parts[words] if len(parts) > words else ""
