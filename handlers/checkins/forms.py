"""The forms of a check-in: what the manager sends, what a peer fills in page by page, and a time for the call."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.chat import Choice, ChoiceField, Form, FormPart, TextField, bold, note, text
from handlers.checkins.rules import (
    LONGEST_FIELD,
    LONGEST_TITLE,
    choices_of,
    fits_a_field,
    pages_of,
)
from handlers.text import shorten
from storage.records import Challenge, CheckIn, CheckInReply, Question

SEND = "checkins.send"
ANSWER = "checkins.answer"
CHANGE = "checkins.change"
SET_CALL = "checkins.set_call"
SUGGEST = "checkins.suggest"


@dataclass(frozen=True, slots=True)
class SendTyped:
    """What stands in the form for sending, as typed."""

    title: str
    questions: str
    by: str


def send_form(
    challenge: Challenge, typed: SendTyped, *, key: str, checked: str = "", understood: Iterable[str] = ()
) -> Form:
    """A check-in to send. `key` becomes its id, so that the form sent twice makes one; `checked` is the mark of what
    was typed when it was shown back as `understood`."""
    return Form(
        SEND,
        "Send a check-in",
        (
            text(bold(challenge.host)),
            *map(text, understood),
            _title_field(typed.title),
            TextField(
                name="questions", label="Questions, one on each line", value=typed.questions, required=True,
                lines=True, hint="Take out what you do not need, and add your own.",
            ),
            _by_field(typed.by),
        ),
        submit="Send" if checked else "Next",
        carried={"challenge": challenge.id, "key": key, "checked": checked},
    )  # fmt: skip


def change_form(check_in: CheckIn, by: str) -> Form:
    """What may still be changed of a check-in that is out: the questions stay, since some may have answered them."""
    return Form(
        CHANGE,
        "Change the check-in",
        (
            _title_field(check_in.title),
            _by_field(by),
            note("Those who have not answered are told of another date. The questions stay as they were sent."),
        ),
        submit="Change",
        carried={"check_in": check_in.id},
    )


def _title_field(title: str) -> TextField:
    return TextField(name="title", label="Title", value=title, required=True, max_length=LONGEST_TITLE)


def _by_field(by: str) -> TextField:
    return TextField(
        name="by", label="Please answer by", value=by, required=True, max_length=120, placeholder="Friday 5 pm"
    )


def answer_form(check_in: CheckIn, reply: CheckInReply, record: str, *, page: int = 0) -> Form:
    """One page of the questions, with what has been answered in it."""
    pages = pages_of(check_in)
    head = (note(f"Page {page + 1} of {len(pages)}"),) if len(pages) > 1 else ()
    return Form(
        ANSWER,
        "Check-in",
        (*head, *(_field(question, reply) for question in pages[page])),
        submit="Send" if page + 1 == len(pages) else "Next",
        carried={"record": record, "page": str(page)},
    )


def _field(question: Question, reply: CheckInReply) -> FormPart:
    answer = reply.answers.get(question.key, "")
    if not fits_a_field(reply, question):
        shown = shorten(answer, 200)
        return text(bold(question.text), f"\nYour answer is kept; it is too long to change in a form: {shown}")
    if question.kind in ("choice", "yes_no"):
        choices = tuple(Choice(option, option) for option in choices_of(question))
        chosen = (answer,) if answer in choices_of(question) else ()
        return ChoiceField(
            name=question.key, label=question.text, choices=choices, chosen=chosen, hint=question.hint,
            required=question.required, open=True,
        )  # fmt: skip
    return TextField(
        name=question.key, label=question.text, value=answer, hint=question.hint, required=question.required,
        lines=question.kind == "text", max_length=LONGEST_FIELD,
    )  # fmt: skip


def set_call_form(name: str, record: str, offered: str) -> Form:
    """The manager types a time for one peer's call."""
    said = f"{name} offered: {offered}" if offered else f"{name} has not offered a time yet."
    return Form(
        SET_CALL,
        "A time for the call",
        (
            text(said),
            TextField(
                name="at", label="When will you call?", required=True, max_length=120, placeholder="Thursday 4 pm",
                hint="They are asked whether it suits them.",
            ),
        ),
        submit="Offer it",
        carried={"record": record},
    )  # fmt: skip


def suggest_form(record: str, offered: str) -> Form:
    """A peer says when else the challenge manager may call."""
    return Form(
        SUGGEST,
        "Suggest another time",
        (
            TextField(
                name="at",
                label="When would suit you?",
                value=offered,
                required=True,
                max_length=300,
                placeholder="Thursday 4 pm or Friday 9 am",
            ),
        ),
        submit="Send",
        carried={"record": record},
    )
