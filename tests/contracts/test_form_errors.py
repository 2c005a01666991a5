"""A form that cannot be taken yet comes back with what was typed, and each sentence stands beside its field."""

from html.parser import HTMLParser
from typing import Any

from multidict import MultiDict

from bot.slack.forms import render_form as render_in_slack
from bot.teams.render import read_form as read_in_teams
from bot.teams.render import render_form as render_in_teams
from bot.web.render import read_form as read_in_web
from bot.web.render import render_form as render_in_web
from bot.wording import as_typed
from handlers.chat import Choice, ChoiceField, Form, PeopleField, TextField, text
from tests.contracts.readers import parts_of
from tests.contracts.samples import KINDS, PEOPLE

FORM = Form(
    "challenge",
    "New challenge",
    (
        text("Two to four days on site."),
        TextField(name="host", label="Host", required=True),
        TextField(name="first", label="First day", value="24 Nov", hint="As you would say it."),
        ChoiceField(name="kind", label="Kind", choices=KINDS, open=True),
        ChoiceField(name="days", label="Days", choices=KINDS, several=True),
        PeopleField(name="peers", label="Peers"),
        PeopleField(name="lead", label="Lead peer", several=False),
    ),
)
TYPED = {
    "host": "Framlingham",
    "first": "Blursday",
    "kind": "area",
    "days": ("area", "strength"),
    "peers": ("U0TOM00002",),
    "lead": "U0PRIYA001",
}
ERRORS = {"first": "“Blursday” is not a date. Try “24 November”."}


def test_what_was_typed_is_in_the_form_again() -> None:
    again = {
        field.name: field.value if isinstance(field, TextField) else field.chosen
        for field in as_typed(FORM, TYPED).fields
    }
    assert again == {**TYPED, "kind": ("area",), "lead": ("U0PRIYA001",)}


def test_a_field_that_did_not_come_back_keeps_its_first_value() -> None:
    _, _, first, *_ = as_typed(FORM, {"host": "Framlingham", "kind": ""}).parts
    assert isinstance(first, TextField)
    assert first.value == "24 Nov"


def test_in_slack_a_page_of_a_form_opens_with_what_was_typed() -> None:
    view = render_in_slack(as_typed(FORM, TYPED))
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert inputs["first"]["initial_value"] == "Blursday"
    assert inputs["kind"]["initial_option"]["value"] == "area"
    assert inputs["peers"]["initial_users"] == ["U0TOM00002"]
    assert inputs["lead"]["initial_user"] == "U0PRIYA001"


def test_in_teams_the_sentence_stands_under_its_field() -> None:
    card = render_in_teams(as_typed(FORM, TYPED), errors=ERRORS, people=PEOPLE)
    body: list[Any] = card["body"]
    at = next(place for place, part in enumerate(body) if part.get("id") == "first")
    assert body[at]["value"] == "Blursday"
    told = [run["text"] for part in body[at + 1 : at + 3] for run in part["inlines"]]
    assert told == ["As you would say it.", ERRORS["first"]]


def test_in_teams_fields_left_empty_come_back_empty() -> None:
    sent = render_in_teams(FORM)["actions"][0]["data"]
    assert read_in_teams(sent) == {"host": "", "first": "", "kind": "", "days": (), "peers": (), "lead": ""}


def test_in_teams_values_with_commas_and_typed_addresses_are_told_apart() -> None:
    choices = (Choice("Both", "a,b"), Choice("One", "c"))
    form = Form(
        "f", "F", (ChoiceField(name="x", label="X", choices=choices, several=True), PeopleField(name="p", label="P"))
    )
    (field,) = [part for part in parts_of(render_in_teams(form)["body"]) if part.get("id") == "x"]
    chosen = ",".join(choice["value"] for choice in field["choices"])
    sent = render_in_teams(form)["actions"][0]["data"] | {"x": chosen, "p": "tom@host.example, zoe@host.example"}
    assert read_in_teams(sent) == {"x": ("a,b", "c"), "p": ("tom@host.example", "zoe@host.example")}


class Described(HTMLParser):
    """Finds the texts that a screen reader says after the label of the field `name`."""

    def __init__(self, page: str, name: str) -> None:
        super().__init__()
        self._name, self._within, self._texts = name, "", {"": ""}
        self.invalid = False
        self._ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._within = named.get("id") or ""
        if named.get("name") == f"field:{self._name}":
            self._ids = (named.get("aria-describedby") or "").split()
            self.invalid = named.get("aria-invalid") == "true"

    def handle_data(self, words: str) -> None:
        self._texts[self._within] = self._texts.get(self._within, "") + words

    @property
    def told(self) -> list[str]:
        return [self._texts[place] for place in self._ids]


def test_in_the_browser_a_screen_reader_says_hint_and_error_with_the_field() -> None:
    page = render_in_web(as_typed(FORM, TYPED), errors=ERRORS, people=PEOPLE)
    first = Described(page, "first")
    assert first.told == ["As you would say it.", ERRORS["first"]]
    assert first.invalid
    assert not Described(page, "host").invalid
    assert 'role="alert">One answer needs mending. Nothing you typed is lost.' in page


def test_in_the_browser_line_breaks_come_back_as_they_were_typed() -> None:
    posted = MultiDict({"single": "words", "field:words": "one\r\ntwo"})
    assert read_in_web(posted) == {"words": "one\ntwo"}
