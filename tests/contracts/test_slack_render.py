"""What only Slack has: the Home tab, tables at the foot of a message, groups of choices, limits that refuse."""

import pytest

from bot.paging import TooLong
from bot.slack.forms import read_form, render_form
from bot.slack.render import action_of, render_card, render_home
from handlers.chat import (
    Button,
    Buttons,
    Card,
    Choice,
    ChoiceField,
    Confirm,
    Form,
    Table,
    TextField,
    heading,
    text,
)
from tests.contracts import samples
from tests.contracts.readers import parts_of
from tests.fakes.slack.blocks import characters_in, is_view_too_large, problems_in_view
from tests.fakes.slack.forms import initial_state, to_values


def kinds(card: Card) -> list[str]:
    return [block["type"] for message in render_card(card) for block in message.blocks]


def test_a_home_page_shows_the_card() -> None:
    view = render_home(samples.EVERY_ELEMENT)
    assert problems_in_view(view, "home") == []
    assert "Peer team session at 13:00" in str(view)


def test_words_on_buttons_and_in_headings_count_towards_what_one_message_holds() -> None:
    rows = (heading("A theme " + "x" * 130), Buttons(tuple(Button("y" * 70, "wall.open", str(n)) for n in range(5))))
    messages = render_card(samples.card_of(*rows * 24))
    assert len(messages) > 1
    assert [characters_in(message.blocks) <= 10_000 for message in messages] == [True] * len(messages)


@pytest.mark.parametrize("name", samples.LONG_CARDS)
def test_a_home_page_is_never_too_long_for_slack(name: str) -> None:
    view = render_home(samples.LONG_CARDS[name])
    assert problems_in_view(view, "home") == []
    assert not is_view_too_large(view)


def test_a_home_page_that_is_too_long_says_how_much_is_not_shown_and_where_it_is() -> None:
    card = samples.card_of(*(text(f"Finding {n}") for n in range(150)))
    *shown, last = [run["text"] for run in parts_of(render_home(card)) if run.get("type") == "text"]
    assert shown == [f"Finding {n}" for n in range(99)]
    assert last == "Slack has no room here for 51 more parts. Write “home” to me to read everything."


def test_a_table_is_drawn_where_a_card_ends_and_written_in_lines_elsewhere() -> None:
    table = Table(("Theme", "Findings"), (("Vision", "7"),))
    assert kinds(samples.card_of(text("Today"), table)) == ["rich_text", "table"]
    assert kinds(samples.card_of(table, text("Today"))) == ["rich_text", "rich_text"]


def test_a_heading_is_not_left_alone_at_the_foot_of_a_message() -> None:
    paragraphs = [text("x " * 1_000) for _ in range(4)]
    first, second = render_card(samples.card_of(*paragraphs, heading("Vision"), text("y " * 1_200)))
    assert "header" not in [block["type"] for block in first.blocks]
    assert second.blocks[0]["type"] == "header"


def test_the_action_is_read_from_what_slack_calls_the_button() -> None:
    assert action_of("findings.retag:7") == "findings.retag"
    assert action_of("summary:approve:0") == "summary:approve"
    assert action_of(":3") == ""


def test_a_choice_among_more_than_a_hundred_is_shown_in_groups_and_read_back() -> None:
    choices = tuple(Choice(f"Theme {n}", f"t-{n}") for n in range(230))
    form = Form("retag", "Move it", (ChoiceField(name="theme", label="Theme", choices=choices, chosen=("t-222",)),))
    view = render_form(form)
    assert problems_in_view(view, "modal") == []
    labels = [group["label"]["text"] for group in view["blocks"][0]["element"]["option_groups"]]
    assert labels == ["1 to 100", "101 to 200", "201 to 230"]
    state = to_values(initial_state(view["blocks"], {}))
    assert read_form(view | {"state": {"values": state}}) == {"theme": "t-222"}


@pytest.mark.parametrize(
    "button",
    [
        Button("Retag", "findings.retag", "v" * 2_001),
        Button("Open", url="https://baseroom.example/" + "p" * 3_000),
        Button("Destroy", "notes.destroy", confirm=Confirm("Sure?", "q" * 301, "Yes")),
    ],
)
def test_a_button_that_slack_would_refuse_is_refused_here(button: Button) -> None:
    with pytest.raises(TooLong):
        render_card(samples.card_of(Buttons((button,))))


@pytest.mark.parametrize(
    "form",
    [
        Form("finding", "A title of 25 characters.", ()),
        Form("finding", "Finding", (TextField(name="words", label="Words", value="w" * 3_001),)),
        Form("finding", "Finding", (TextField(name="words", label="Words", value="12345", max_length=4),)),
        Form("finding", "Finding", (), carried={"draft": "w" * 3_000}),
        Form("finding", "Finding", tuple(text(f"Line {n}") for n in range(101))),
        Form("finding", "Finding", (ChoiceField(name="k", label="K", choices=(Choice("A", "v" * 76),)),)),
    ],
)
def test_a_form_that_slack_would_refuse_is_refused_here(form: Form) -> None:
    with pytest.raises(TooLong):
        render_form(form)
