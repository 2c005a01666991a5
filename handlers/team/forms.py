"""The forms of setting up: what a manager fills in, and the page that shows back what was understood of it.

Every form can be drawn again with what was typed in it, so that "no, let me correct it" costs nobody a word.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from handlers.chat import (
    Choice,
    ChoiceField,
    Form,
    FormPart,
    PeopleField,
    Submitted,
    Text,
    TextField,
    bold,
    note,
    text,
)
from handlers.errors import Refusal
from handlers.frameworks import Framework
from handlers.frameworks.rules import SHORT_CHOICE
from handlers.team.dates import LONGEST_HOST
from handlers.team.rules import LONGEST_NAME, PLAIN_PEER, role_title
from handlers.text import shorten
from storage.records import Challenge, ChallengeId, Member

NEW = "team.new"
NEW_CHECK = "team.new_check"
DATES = "team.dates"
DATES_CHECK = "team.dates_check"
TIMES = "team.times"
TIMES_CHECK = "team.times_check"
ADD = "team.add"
REMOVE = "team.remove"

RIGHT = "right"  # the field that asks whether we understood
YES, NO = "yes", "no"

Values = Mapping[str, str | tuple[str, ...]]  # what was sent, or what a form carried


class TryTheFormAgain(Refusal):
    """That form is from an earlier time. Nothing was changed: please open it again."""


@dataclass(frozen=True, slots=True)
class NewTyped:
    """What stands in the form for a new challenge, as typed; `framework` is a key."""

    host: str = ""
    framework: str = ""
    days: str = ""
    zone: str = ""

    @classmethod
    def of(cls, values: Values) -> Self:
        return cls(*(one_value(values, name) for name in ("host", "framework", "days", "zone")))


def new_form(typed: NewTyped, frameworks: Iterable[Framework], *, key: str, unclear: Sequence[str] = ()) -> Form:
    """A new challenge. `key` becomes its id, so that the form sent twice makes one; `unclear` stands on top."""
    choices = tuple(Choice(framework.title, framework.key) for framework in frameworks)
    chosen = (typed.framework,) if typed.framework else ()
    return Form(
        NEW,
        "Set up a challenge",
        (
            *map(text, unclear),
            TextField(
                name="host", label="Who is being challenged?", value=typed.host, placeholder="Anyshire ICS",
                required=True, max_length=LONGEST_HOST,
            ),
            ChoiceField(name="framework", label="Framework", choices=choices, chosen=chosen, required=True),
            _days_field(typed.days),
            TextField(name="zone", label="Time zone", value=typed.zone, required=True, max_length=64),
        ),
        submit="Next",
        carried={"key": key},
    )  # fmt: skip


def _days_field(typed: str) -> TextField:
    return TextField(
        name="days", label="First and last day on site", value=typed, placeholder="24 to 27 Nov 2026",
        hint="As you would write it: 24-27 Nov, Tuesday week, 10/3/27.", required=True, max_length=120,
    )  # fmt: skip


def dates_form(challenge: Challenge, typed: str, *, unclear: Sequence[str] = ()) -> Form:
    parts: tuple[FormPart, ...] = (text(bold(challenge.host)), *map(text, unclear), _days_field(typed))
    return Form(DATES, "Days on site", parts, submit="Next", carried={"challenge": challenge.id})


@dataclass(frozen=True, slots=True)
class TimesTyped:
    """What stands in the form for the times of a day, as typed."""

    sessions: str
    last_day: str
    catch_up: str
    zone: str

    @classmethod
    def of(cls, values: Values) -> Self:
        return cls(*(one_value(values, name) for name in ("sessions", "last_day", "catch_up", "zone")))


def times_form(challenge: Challenge, typed: TimesTyped, *, unclear: Sequence[str] = ()) -> Form:
    return Form(
        TIMES,
        "Times of the day",
        (
            text(bold(challenge.host)),
            *map(text, unclear),
            TextField(
                name="sessions", label="Peer team sessions", value=typed.sessions, placeholder="10:45, 13:00, 16:15",
                hint="Two or three a day.", required=True, max_length=80,
            ),
            TextField(
                name="last_day", label="Sessions on the last day", value=typed.last_day, placeholder="09:00, 11:30",
                hint="Before the final feedback; “none” if there are none.", max_length=80,
            ),
            TextField(
                name="catch_up", label="Catch-up with the client", value=typed.catch_up, placeholder="17:00",
                required=True, max_length=40,
            ),
            TextField(name="zone", label="Time zone", value=typed.zone, required=True, max_length=64),
        ),
        submit="Next",
        carried={"challenge": challenge.id},
    )  # fmt: skip


def check_form(
    name: str, title: str, *, understood: Sequence[str], doubts: Sequence[str], carried: Mapping[str, str], yes: str
) -> Form:
    """What was understood, in words, and the question whether it is right."""
    parts: list[FormPart] = [text(bold("This is what I understood:")), *map(text, understood)]
    parts += _doubts(doubts)
    choices = (Choice(yes, YES), Choice("No, let me correct it", NO))
    parts.append(
        ChoiceField(name=RIGHT, label="Is that right?", choices=choices, chosen=(YES,), required=True, open=True)
    )
    return Form(name, title, tuple(parts), submit="Continue", carried=carried)


def says_no(submitted: Submitted) -> bool:
    """Whether what was understood is not right."""
    return one_value(submitted.values, RIGHT) == NO


def challenge_of(submitted: Submitted) -> ChallengeId:
    return ChallengeId(submitted.carried.get("challenge", ""))


def one_value(values: Values, name: str) -> str:
    """One value of a form, whether it came as a text or as a choice."""
    value = values.get(name, "")
    return value if isinstance(value, str) else "".join(value[:1])


def _doubts(doubts: Sequence[str]) -> list[Text]:
    return [note(f"Please look again. {' '.join(doubts)}")] if doubts else []


def add_form(
    challenge: Challenge,
    framework: Framework,
    *,
    role: str = "",
    people: tuple[str, ...] = (),
    unclear: Sequence[str] = (),
) -> Form:
    """Who joins, and as what. `role` is a framework's role key, `people` platform ids."""
    outlines = (*(outline for outline in framework.roles if outline.kind == "peer"), PLAIN_PEER)
    leading = tuple(outline for outline in framework.roles if outline.kind != "peer")
    choices = tuple(Choice(outline.title, outline.key or PLAIN) for outline in (*outlines, *leading))
    return Form(
        ADD,
        "Add people",
        (
            text(bold(challenge.host)),
            *map(text, unclear),
            PeopleField(name="who", label="Who?", chosen=people, required=True),
            ChoiceField(name="role", label="As", choices=choices, chosen=(role or PLAIN,), required=True),
            TextField(
                name="name", label="Their name, if it needs correcting", max_length=LONGEST_NAME,
                hint="Only when you add one person. Their initials stand on every post-it.",
            ),
        ),
        submit="Add",
        carried={"challenge": challenge.id},
    )  # fmt: skip


PLAIN = "plain_peer"  # a choice must have a value; the key of a plain peer is empty


def remove_form(challenge: Challenge, framework: Framework, team: Sequence[Member]) -> Form:
    labels = ((one.id, f"{one.name} ({one.initials}), {role_title(framework, one)}") for one in team)
    return choose_form(
        REMOVE,
        challenge,
        title="Remove somebody",
        consequence="They lose access at once. Their findings stay on the wall under their initials.",
        field=ChoiceField(name="member", label="Who leaves the team?", choices=short_choices(labels), required=True),
        submit="Remove",
    )


def choose_form(
    name: str, challenge: Challenge, *, title: str, consequence: str, field: ChoiceField, submit: str
) -> Form:
    """One choice, with what will come of it said first."""
    parts = (text(bold(challenge.host)), text(consequence), field)
    return Form(name, title, parts, submit=submit, carried={"challenge": challenge.id})


def short_choices(labels: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    """A choice for each (value, label), the label as long as every platform shows it."""
    return tuple(Choice(shorten(label, SHORT_CHOICE), value) for value, label in labels)
