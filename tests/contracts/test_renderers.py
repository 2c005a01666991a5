"""One card and one form mean the same on every platform: the same words, the same buttons, nothing lost."""

import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.chat import Button, Buttons, Card, Fields, Form, Span, TextField, text
from tests.contracts import samples
from tests.contracts.readers import Page, Reader, SlackReader, TeamsReader, WebReader

anything = st.text(st.characters(exclude_categories=()), max_size=60)
hostile = st.lists(st.sampled_from(samples.HOSTILE) | anything, min_size=1, max_size=4).map("".join)
unhurried = settings(max_examples=110, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=["slack", "teams", "web"], scope="module")
def reader(request: pytest.FixtureRequest) -> Reader:
    if request.param == "teams":
        schemas: Path = request.getfixturevalue("schemas")
        return TeamsReader(schemas)
    return SlackReader() if request.param == "slack" else WebReader()


def squeezed(words: str) -> str:
    """Without spaces and line breaks, which a page may move; half a surrogate pair is any unreadable sign."""
    return re.sub("[\ud800-\udfff]", "\ufffd", "".join(words.split()))


def lost(expected: Iterable[str], pages: Sequence[Page]) -> str:
    """The first of the expected texts that is not read after those before it; empty when all are read in order."""
    seen, at = squeezed("".join(words for page in pages for words in page.words)), 0
    for words in expected:
        found = seen.find(squeezed(words), at)
        if found < 0:
            return words[:200]
        at = found + len(squeezed(words))
    return ""


# ---------------------------------------------------------------- cards


@pytest.mark.parametrize("card", [samples.EVERY_ELEMENT, samples.SEVERAL_TABLES])
def test_every_element_is_read_complete_and_in_order(reader: Reader, card: Card) -> None:
    pages = reader.pages(card)
    assert not lost(samples.words_in(card), pages)
    assert [page.wrong for page in pages] == [()]


@pytest.mark.parametrize("name", samples.LONG_CARDS)
def test_a_long_card_is_shown_whole_on_pages_that_the_platform_takes(reader: Reader, name: str) -> None:
    card = samples.LONG_CARDS[name]
    pages = reader.pages(card)
    assert not lost(samples.words_in(card), pages)
    assert [page.wrong for page in pages] == [()] * len(pages)


def test_every_button_comes_back_with_its_action_and_value(reader: Reader) -> None:
    (page,) = reader.pages(samples.EVERY_ELEMENT)
    assert [(button.label, button.action, button.value, button.url) for button in page.buttons] == [
        ("Confirm", "sessions.confirm", "s-17", ""),
        ("Add a finding", "findings.add", "", ""),
        ("Destroy", "notes.destroy", "c-3", ""),
        ("Open the wall", "", "", "https://baseroom.example/wall?day=1&theme=2"),
    ]


def test_buttons_with_one_label_are_told_apart_when_they_are_read_out(reader: Reader) -> None:
    pair = Buttons((Button("Destroyed", "a.b", "1", about="Notebook"), Button("Destroyed", "a.b", "2", about="Phone")))
    (page,) = reader.pages(Card("Notes", (pair,)))
    assert [(button.label, button.spoken) for button in page.buttons] == [
        ("Destroyed", "Destroyed: Notebook"),
        ("Destroyed", "Destroyed: Phone"),
    ]
    assert page.wrong == ()


def test_sixty_buttons_are_all_there(reader: Reader) -> None:
    pages = reader.pages(samples.LONG_CARDS["60 buttons"])
    values = [button.value for page in pages for button in page.buttons]
    assert values == [f"t-{n}" for n in range(60)]


def test_a_button_that_cannot_be_undone_asks_first(reader: Reader) -> None:
    (page,) = reader.pages(samples.EVERY_ELEMENT)
    assert [button.label for button in page.buttons if "cannot be undone" in button.question] == ["Destroy"]


def test_a_button_knows_the_form_it_opens_where_the_platform_must_know(reader: Reader) -> None:
    (page,) = reader.pages(samples.EVERY_ELEMENT)
    opening = [button.label for button in page.buttons if button.opens]
    assert opening == ([] if reader.name == "slack" else ["Add a finding"])


def test_the_notification_is_the_cards_own_and_counts_the_pages(reader: Reader) -> None:
    for card in (samples.EVERY_ELEMENT, samples.LONG_CARDS["60,000 characters of quote"]):
        pages = reader.pages(card)
        one, several = "7 findings, 2 themes", f"(1 of {len(pages)})"
        assert pages[0].notification == (one if len(pages) == 1 else f"{one} {several}")
        assert all(page.notification.startswith(one) and len(page.notification) < 40 for page in pages)


def test_a_notification_is_only_words(reader: Reader) -> None:
    (page,) = reader.pages(Card("2 themes: <!channel> & <b>voice</b> &amp; more", ()))
    shown = html.unescape(page.notification) if reader.name == "slack" else page.notification
    assert shown == "2 themes: <!channel> & <b>voice</b> &amp; more"
    assert page.wrong == ()


@pytest.mark.parametrize("words", samples.HOSTILE)
def test_words_meant_to_do_harm_are_only_words(reader: Reader, words: str) -> None:
    card = samples.card_full_of(words)
    pages = reader.pages(card)
    assert not lost(samples.words_in(card), pages)
    assert [page.wrong for page in pages] == [()] * len(pages)


@unhurried
@given(words=hostile)
def test_no_mixture_of_hostile_words_is_awake_or_lost(reader: Reader, words: str) -> None:
    card = samples.card_full_of(words)
    pages = reader.pages(card)
    assert not lost(samples.words_in(card), pages)
    assert [page.wrong for page in pages] == [()] * len(pages)


@pytest.mark.parametrize(
    "card", [Card("Nothing", ()), Card("Nothing", (text(""), text("  \n "), Fields(()), Buttons(())))]
)
def test_an_empty_card_is_still_a_message(reader: Reader, card: Card) -> None:
    assert [page.notification for page in reader.pages(card)] == ["Nothing"]


def test_a_long_label_is_read_in_full(reader: Reader) -> None:
    label = "How well does the system listen to people who use services, their carers and the communities they live in?"
    (page,) = reader.pages(samples.card_of(Buttons((samples.Button(label, "findings.retag", "t-1"),))))
    assert squeezed(label) in squeezed("".join(page.words))
    assert page.wrong == ()


# ---------------------------------------------------------------- forms


def test_every_field_is_drawn_with_its_label_hint_and_choices(reader: Reader) -> None:
    sheet = reader.sheet(samples.EVERY_FIELD)
    seen = squeezed("".join(sheet.words))
    people = "" if reader.name == "slack" else "Zoe <Carer> & co"  # Slack searches for people itself
    assert [
        words for words in [*samples.words_in_form(samples.EVERY_FIELD), people] if squeezed(words) not in seen
    ] == []
    assert sheet.wrong == ()


def test_a_form_sent_untouched_says_what_it_said_at_first(reader: Reader) -> None:
    sheet = reader.sheet(samples.EVERY_FIELD)
    assert sheet.untouched == samples.UNTOUCHED
    assert sheet.carried == samples.EVERY_FIELD.carried


def test_a_field_that_must_be_filled_is_marked(reader: Reader) -> None:
    assert reader.sheet(samples.EVERY_FIELD).required == {"words", "kind", "peers"}


@pytest.mark.parametrize("words", samples.HOSTILE)
def test_hostile_words_in_a_form_come_back_as_they_went(reader: Reader, words: str) -> None:
    form = samples.form_full_of(words)
    sheet = reader.sheet(form)
    seen = squeezed("".join(sheet.words))
    assert [part for part in samples.words_in_form(form) if squeezed(part) not in seen] == []
    assert sheet.wrong == ()
    unbroken = words.replace("\r\n", "\n") if reader.name == "web" else words
    assert {name: squeezed("".join(sheet.untouched[name])) for name in ("words", "line")} == {
        "words": squeezed(unbroken),
        "line": squeezed(unbroken),
    }
    assert sheet.untouched["kind"] == ("2",)


def test_a_choice_without_choices_says_so(reader: Reader) -> None:
    form = Form(
        "retag",
        "Move it",
        (TextField(name="a", label="A"), samples.ChoiceField(name="theme", label="Theme", choices=())),
    )
    sheet = reader.sheet(form)
    assert "Thereisnothingtochoosefromyet." in squeezed("".join(sheet.words))
    assert sheet.wrong == ()


@pytest.mark.parametrize("is_open", [True, False])
def test_a_choice_may_stand_for_none(reader: Reader, is_open: bool) -> None:
    choices = (samples.Choice("No theme", ""), samples.Choice("Vision", "t-1"))
    field = samples.ChoiceField(name="theme", label="Theme", choices=choices, chosen=("",), open=is_open)
    sheet = reader.sheet(Form("retag", "Move it", (field,)))
    assert sheet.untouched == {"theme": ""}
    assert sheet.wrong == ()


def test_a_link_that_a_browser_would_run_is_only_words(reader: Reader) -> None:
    card = samples.card_of(
        text(Span("here", link="javascript:alert(1)"), " ", Span("there", link=" https://evil.example")),
        Buttons((samples.Button("Open", url="javascript:alert(1)"), samples.Button("Path", url="//evil.example"))),
    )
    (page,) = reader.pages(card)
    assert page.wrong == ()
    assert not page.buttons
    assert not lost(["here", "there", "Open"], [page])
