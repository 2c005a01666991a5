"""What help says to whom: which commands belong together, what a role may type, and the few things asked in words.

Pure: commands and roles in, lines out. What the commands are comes from the registry, so help cannot fall behind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.access import TEAM
from handlers.registry import Command
from storage.records import Role


@dataclass(frozen=True, slots=True)
class Topic:
    """Commands that belong together, by how they begin: the longest beginning counts. `names` are what people type
    after "help" besides."""

    key: str
    title: str
    beginnings: tuple[str, ...]
    names: tuple[str, ...] = ()


EVERYTHING = Topic("all", "Everything you can type", (), ("everything", "all commands"))
TOPICS = (
    Topic("findings", "Findings", ("finding", "findings", "practice", "sort", "undo"), ("logging", "log", "unsorted")),
    Topic("themes", "Themes", ("theme", "themes", "screen"), ("flip charts", "wall", "tags", "hashtags")),
    Topic("sessions", "Sessions", ("session", "sessions"), ("triangulation", "peer team sessions")),
    Topic("summary", "Summary for the client", ("summary",), ("summaries", "catch-up", "catch up", "client")),
    Topic("checkin", "Check-in", ("checkin", "remind"), ("check-in", "check in", "checkins", "check-ins", "calls")),
    Topic("team", "The team", ("challenge team", "challenge here", "challenge link", "challenge unlink", "link")),
    Topic("challenge", "The challenge", ("challenge", "workbook"), ("set-up", "setup", "set up", "export")),
    Topic(
        "notes",
        "Sign-off and notes",
        ("challenge signed", "challenge not signed", "destruction"),
        ("sign", "signed", "sign-off", "sign off", "note destruction", "destroy"),
    ),
    Topic(
        "kept",
        "What is kept",
        (*(f"challenge {word}" for word in ("kept", "keep", "hold", "unhold", "destroy", "certificate", "request")),),
        ("keep", "hold", "certificate", "destroying"),
    ),
    Topic("other", "Also", ("home", "help", "privacy"), ("else",)),
)
OTHER = TOPICS[-1]
_BY_NAME = {name: topic for topic in (*TOPICS, EVERYTHING) for name in (topic.key, *topic.beginnings, *topic.names)}
_BY_BEGINNING = {beginning: topic for topic in TOPICS for beginning in topic.beginnings}

PRIVACY = (
    "What you log is for this challenge’s team. The client sees only the summary that the challenge manager words and "
    "approves: no names, no initials, no quotes.\n"
    "Nothing that was heard is attributed to a person. Leave names out, even beside a quote: the kind of source is "
    "enough.\n"
    "Begin with “sensitive:” what must go to the challenge manager alone (a safeguarding concern, an immediate risk). "
    "It is then on no wall and in no count. Baseroom is not an emergency service: follow the host’s safeguarding "
    "procedure.\n"
    "Findings are stored encrypted. When the report is signed off everybody is asked to destroy their notes, and the "
    "manager sees who has. What Baseroom itself holds is destroyed too, by a day that is known from the start: two "
    "people decide it, and a certificate says what is left and where.\n"
    "Your message itself also stays in Slack or Teams, for as long as your organisation keeps messages there."
).splitlines()


def topic_named(words: str) -> Topic | None:
    """The topic that somebody means by "themes", "check-in" or "challenge export"."""
    plain = " ".join(words.casefold().split())
    return _BY_NAME.get(plain) or (_BY_NAME.get(plain.split()[0]) if plain and len(plain.split()) <= 2 else None)


def names_a_topic(args: str) -> bool:
    """Whether a typed "help …" asks for help: "help themes" does, "Help desk closed" does not."""
    return not args.strip() or " ".join(args.casefold().split()) in _BY_NAME


def offered_to(commands: Iterable[Command], roles: frozenset[Role]) -> list[Command]:
    """What somebody with these roles may type."""
    return [command for command in commands if command.summary and command.allowed & roles]


def by_topic(commands: Sequence[Command]) -> list[tuple[Topic, list[Command]]]:
    """The commands under their topics, in the order of the topics; none is left out."""
    sorted_out = [(topic, [one for one in commands if _topic_of(one) is topic]) for topic in TOPICS]
    return [(topic, some) for topic, some in sorted_out if some]


def _topic_of(command: Command) -> Topic:
    words = command.words.split()
    beginnings = (" ".join(words[:length]) for length in range(len(words), 0, -1))
    return next((_BY_BEGINNING[one] for one in beginnings if one in _BY_BEGINNING), OTHER)


def first_at(part: str, commands: Sequence[Command]) -> list[Command]:
    """Those that matter at this part of the visit: first what the fewest may do, then in the order of the topics."""
    mattering = [one for _, some in by_topic(commands) for one in some if part in one.first_at]
    return sorted(mattering, key=lambda one: len(one.allowed))


def line_to_type(command: Command) -> str:
    """ "theme rename transport to Getting about": the words and, where there is more to say, how it is said."""
    usage = command.usage.strip()
    return usage if usage.startswith(command.words) else f"{command.words} {usage}".strip()


def is_on_a_team(roles: frozenset[Role]) -> bool:
    return bool(roles & TEAM)
