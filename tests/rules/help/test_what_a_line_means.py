"""What a typed line means: a command, nearly one, a greeting, or something that a peer heard."""

import pytest

from bot.app import build_registry
from handlers.commands import Asked, Greeted, NearlyAsked, understand

REGISTRY = build_registry()

COMMANDS = {
    "help": "help",
    "Help!": "help",
    "?": "help",
    "/help": "help",
    "help themes": "help",
    "baseroom, help": "help",
    "what can you do?": "help",
    "how does this work?": "help",
    "privacy": "privacy",
    "is this confidential?": "privacy",
    "who can see this": "privacy",
    "who sees these notes?": "privacy",
    "undo": "undo",
    "scrap that last one": "undo",
    "home": "home",
    "what's next?": "home",
    "what’s next?": "home",  # as a phone writes it
    "Today’s sessions": "sessions",
    "findings": "findings",
    "findings today": "findings",
    "Summary?": "summary",
    "summary yesterday": "summary",
    "themes": "themes",
    "challenge": "challenge",
    "status": "challenge",
    "challenge export": "challenge export",
    "export to excel": "challenge export",
    "skip 16:15": "session skip",
    "move 13:00 to 13:30": "session move",
    "check-in": "checkin",
}

NEAR_MISSES = {
    "hlep": "help",
    "helpp": "help",
    "undoo": "undo",
    "scrap that last onee": "undo",
    "expot to excell": "challenge export",
    "exprot": "challenge export",
    "chalange export": "challenge export",
    "/chalenge new": "challenge new",
    "/chalenge": "challenge",
    "chalenge team": "challenge team",
    "tema": "challenge team",
    "statsu": "challenge",
    "sumary": "summary",
    "Sumary?": "summary",
    "summry today": "summary",
    "chekin": "checkin",
    "finndings": "findings",
    "my fndings": "findings",
    "themse": "themes",
    "theem add Transport": "theme add",
    "sesions": "sessions",
    "sesion move 13:00 to 13:30": "session move",
    "hoem": "home",
    "privcy": "privacy",
    "is this confidental?": "privacy",
    "praktice": "practice",
}

GREETINGS = ("hi", "Hello!", "good morning", "Morning 👋", "ok 👍", "thanks", "Many thanks!", "cheers", "hi baseroom")

FINDINGS = (
    "Home care staff feel valued",
    "Home first works",
    "Home carers",
    "Homes are full",
    "Summary care records are not shared",
    "Summary is poor",
    "Theme of the day was trust",
    "Themes overlap",
    "Themed wards help",
    "Help was offered to every carer",
    "Help desk closed",
    "Help with housing takes months",
    "Helpful staff",
    "challenge is that nobody reads it",
    "Challenge accepted by the board",
    "challenge team morale low",
    "Hi-tech equipment unused",
    "Hello kitty ward decor loved",
    "OK on paper, poor in practice",
    "ok but slow",
    "Thanks to the new lead, discharge improved",
    "Thanks board",
    "Great leadership",
    "great team",
    "Good evening clinics",
    "Morning huddles work well",
    "Goodbye to silos",
    "Findings from Healthwatch were ignored",
    "Finding staff is hard",
    "Finding 12 beds took a week",
    "check in with families is monthly",
    "Check-ins weekly",
    "Sessions cancelled",
    "Session notes lost",
    "Practice nurses overloaded",
    "Status quo prevails",
    "Team is great",
    "Teams split",
    "Export of data is manual",
    "Workbook not used",
    "Undone work piles up",
    "Undo the damage of the reorganisation",
    "Skip lunch often",
    "Move to 7 day working stalled",
    "Menu choice poor",
    "Commands from above",
    "wall of silence",
    "Sort waiting lists first",
    "Privacy is poor on ward 3",
    "Privacy curtains missing",
    "who can see this data is unclear",
    "Who sees these notes after we leave, nobody could say",
    "Hope is thin",
    "Trust",
    "Carers tired",
    "contact for the carers group is missing from the letter",
    "-2 on last year",
    "Remind me tomorrow is what they all say",
    "scrap that last one rule, said the chair",
    "What can you do, they said, and shrugged",
)


@pytest.mark.parametrize(("line", "words"), COMMANDS.items())
def test_it_is_a_command_when_all_of_it_is_one(line: str, words: str) -> None:
    meaning = understand(REGISTRY, line)
    assert isinstance(meaning, Asked)
    assert meaning.command.words == words


@pytest.mark.parametrize(("line", "words"), NEAR_MISSES.items())
def test_it_is_nearly_a_command_when_it_is_one_misspelt(line: str, words: str) -> None:
    meaning = understand(REGISTRY, line)
    assert isinstance(meaning, NearlyAsked)
    assert meaning.command.words == words


@pytest.mark.parametrize("line", GREETINGS)
def test_a_greeting_is_a_greeting(line: str) -> None:
    assert understand(REGISTRY, line) == Greeted()


@pytest.mark.parametrize("line", FINDINGS)
def test_what_only_begins_like_a_command_or_a_greeting_was_heard(line: str) -> None:
    assert understand(REGISTRY, line) is None


@pytest.mark.parametrize("line", ["help " * 20_000, "x" * 100_000, "challenge " + "a b " * 30_000, "? " * 50_000])
def test_a_very_long_line_is_read_at_once(line: str) -> None:
    assert understand(REGISTRY, line) is None
