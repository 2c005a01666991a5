"""What cards and dialogs send back, and a form that is shown again with what was typed."""

import zlib
from base64 import urlsafe_b64encode
from random import Random
from typing import Any

import pytest

from bot.teams.cards import form_card, mended_card, read_pressed, read_sent
from handlers.chat import Form, FormErrors, PeopleField, TextField

Json = dict[str, Any]

FORM = Form(
    "team.add",
    "Add people",
    (TextField(name="name", label="Name", required=True), PeopleField(name="who", label="Who")),
    carried={"challenge": "c1"},
)
PEOPLE = (("29:t", "Tom Sutton"), ("29:r", "Ruth Calder"))


def sent_from(card: Json, **typed: str) -> Json:
    """What Teams sends when the card's button is pressed."""
    return card["actions"][0]["data"] | typed


def test_a_form_comes_back_with_what_was_typed_and_what_is_wrong() -> None:
    data = sent_from(form_card(FORM, token="t1", people=PEOPLE), name="Tmo", who="29%3At")
    sent = read_sent(data)
    assert (sent.form, sent.token, sent.people, sent.carried) == ("team.add", "t1", ("29:t",), {"challenge": "c1"})
    again = mended_card(sent, FormErrors({"name": "Nobody is called that.", "": "Try again."}), people=PEOPLE)
    assert again
    assert "Nobody is called that." in str(again)
    assert "Try again." in str(again)
    assert [part["value"] for part in again["body"] if part.get("id") == "name"] == ["Tmo"]
    assert read_sent(sent_from(again, name="Tom", who="29%3At")).token == "t1"


def test_a_form_too_large_to_go_along_is_still_sent() -> None:
    chance = Random(1)
    texts = ["".join(map(chr, chance.choices(range(0x4E00, 0x9E00), k=2_900))) for _ in range(6)]
    large = Form("f", "F", tuple(TextField(name=f"n{n}", label="L", value=words) for n, words in enumerate(texts)))
    sent = read_sent(sent_from(form_card(large, token="t"), n0="x"))
    assert (sent.form, sent.values["n0"], sent.asked) == ("f", "x", None)
    assert mended_card(sent, FormErrors({"n0": "No."})) is None


@pytest.mark.parametrize(
    "packed",
    [
        "", "x", "%%%", urlsafe_b64encode(b"no form").decode(), urlsafe_b64encode(zlib.compress(b"{}")).decode(),
        urlsafe_b64encode(zlib.compress(b" " * 50_000_000)).decode(),
    ],
)  # fmt: skip
def test_what_is_no_form_of_ours_is_not_shown_again(packed: str) -> None:
    ours = {"form": "f", "carried": {}, "several": {"n": False}, "token": "t", "asked": packed}
    assert read_sent({"baseroom": ours, "n": "typed"}).asked is None


@pytest.mark.parametrize(
    "data", [{}, {"action": 1}, {"action": "a", "value": None}, {"action": "a" * 300}, {"value": "x"}]
)
def test_what_is_no_button_of_ours_has_no_action(data: Json) -> None:
    assert read_pressed(data) == ("", "")
