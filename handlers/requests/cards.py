"""The forms of a person's request, and the card that says where they are mentioned: numbers and dates, not the name."""

from collections.abc import Mapping, Sequence

from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Choice,
    ChoiceField,
    Element,
    Form,
    FormPart,
    TextField,
    note,
    quote,
    text,
)
from handlers.desk import Desk
from handlers.requests.rules import AT_ONCE, LONGEST_NAME, Decision, Held, Kind, Right, Wanted, extract
from handlers.requests.searching import everything_held
from handlers.wording import counted
from storage.records import Challenge, ChallengeId, Intent

ASK, ERASE = "requests.ask", "requests.erase"
OPEN, OFFER, FOUND = "requests.open", "requests.offer", "requests.found"

ELSEWHERE = (
    "What people typed stays in Slack or Teams as well, and so does what was posted there: ask its author to delete "
    "it. Workbooks, documents and backups that were made already are not searched. Answer the person within a month."
)
_RIGHTS = {
    Right.ACCESS: "To know what is held (access)",
    Right.CORRECTION: "To have it corrected",
    Right.ERASURE: "To have it erased",
}
_DECISIONS = {
    Decision.LEAVE: "Leave it as it is",
    Decision.REPLACE: "Replace the name",
    Decision.WITHDRAW: "Withdraw it, and forget its words",
}
_HOW_TO_MEND = {
    Kind.FINDING: "“finding edit” and its number mends a finding.",
    Kind.ANSWER: "Whoever gave an answer mends it: “checkin”.",
    Kind.SUMMARY: "“summary edit” makes a new version.",
    Kind.THEME: "“theme rename” mends a flip chart.",
    Kind.MEMBER: "“challenge team” shows who is on the team.",
    Kind.QUESTIONS: "The title of a check-in can be changed (“checkin”); its questions go with the challenge.",
    Kind.HOLD: "The reason for a hold is mended by asking here for an erasure, once it is lifted.",
    Kind.EXTENSION: "The reason for keeping it longer is mended by asking here for an erasure.",
    Kind.DESTRUCTION: "The reason for the destruction goes with the challenge.",
    Kind.ASIDE: "Words that were not logged are forgotten after a day, unless a hold stands.",
    Kind.REPLACED: "What was replaced by an edit under a hold is forgotten once the hold is lifted.",
}


def ask_form(challenge: Challenge, name: str = "") -> Form:
    about = text(f"Searches everything held of {challenge.host}. The name is used for this search, and not kept.")
    rights = tuple(Choice(label, right) for right, label in _RIGHTS.items())
    return Form(
        ASK,
        "A person’s request",
        (
            about,
            TextField(name="name", label="Their name", value=name, required=True, max_length=LONGEST_NAME),
            TextField(
                name="also", label="Also called", hint="Other names, or initials, between commas: Jonty, JS",
                max_length=LONGEST_NAME,
            ),
            ChoiceField(
                name="right", label="What do they ask for?", choices=rights, chosen=(Right.ACCESS,), required=True,
                open=True,
            ),
        ),
        submit="Search",
        carried={"challenge": challenge.id},
    )  # fmt: skip


def erase_form(found: Sequence[Held], wanted: Wanted, *, carried: Mapping[str, str], left: int) -> Form:
    """A decision for each of the next items. Nothing is done unless it is chosen."""
    parts: list[FormPart] = [text(f"{counted(left, 'item mentions', 'items mention')} the name. Decide for each:")]
    for held in found[:AT_ONCE]:
        choices = tuple(Choice(_DECISIONS[decision], decision) for decision in held.kind.decisions)
        parts.append(quote(f"{held.place}\n{extract(held, wanted)}"))
        parts.append(ChoiceField(name=held.key, label="What becomes of it?", choices=choices, chosen=(Decision.LEAVE,)))
    return Form(ERASE, "Erase", tuple(parts), submit="Go on", carried=carried)


async def build_offer(_desk: Desk, intent: Intent) -> Card:
    """For a manager who asked where others read along."""
    sentence = "A person’s request is handled here, where nobody else reads the name."
    button = Button("Open the form", OPEN, intent.record, ButtonStyle.PRIMARY, opens=ASK)
    return Card("A form is ready", (text(sentence), Buttons((button,))))


async def build_found(desk: Desk, intent: Intent) -> Card:
    """Where the name stands, what was done, and what Baseroom cannot reach."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    keys = set(intent.params["found"].split())
    found = [held for held in await everything_held(desk, challenge) if held.key in keys]
    title = f"{counted(len(keys), 'item mentions', 'items mention')} the name" if keys else "Nothing mentions the name"
    done = intent.params.get("done", "")
    kinds = {held.kind for held in found}
    elements: list[Element] = [
        text(f"{challenge.host}: {title[0].lower()}{title[1:]} you typed."),
        *([text(done)] if done else []),
        *([Bullets(tuple(text(held.place) for held in found))] if found else []),
        *([note(" ".join(_HOW_TO_MEND[kind] for kind in Kind if kind in kinds))] if kinds else []),
        note(ELSEWHERE),
    ]
    return Card(title, tuple(elements))
