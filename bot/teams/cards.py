"""What a card or a dialog of ours sends back, read with care: anybody can send anything, and cards outlive the version
that drew them.

A form takes itself along, packed into what its button sends, so that it can be shown again with what was typed and what
is wrong with it, whichever process the answer comes to and whenever.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter

from bot.paging import TooLong
from bot.teams.payloads import Json, Payload, part, size_of, words
from bot.teams.render import CARD_BYTES, form_of, read_carried, read_form, render_form
from bot.wording import People, Values, as_typed
from handlers.chat import Form, FormErrors, PeopleField, Text, bold, text

_FORM = TypeAdapter(Form)
OURS = "baseroom"  # what is under this name in a card's data is a form's
LARGEST_FORM = 400_000  # characters of a form unpacked; its card would be larger than Teams takes long before
LONGEST_NAME = 200  # characters of an action, a value or a form's name


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came back. `token` is the same for every try at the same opening; `asked` is the form itself, if it
    came along. `people` are the ids (or e-mail addresses) in its people fields."""

    form: str
    values: Values = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    asked: Form | None = None

    @property
    def people(self) -> tuple[str, ...]:
        fields = self.asked.fields if self.asked else ()
        found: list[str] = []
        for one in fields:
            chosen = self.values.get(one.name, ()) if isinstance(one, PeopleField) else ()
            found += [chosen] if isinstance(chosen, str) and chosen else chosen
        return tuple(found)


def is_form(data: Payload) -> bool:
    return OURS in data


def read_pressed(data: Payload) -> tuple[str, str]:
    """The action and the value of a button; two empty texts when it is not one of ours."""
    action, value = words(data, "action"), data.get("value", "")
    if not action or not isinstance(value, str) or max(len(action), len(value)) > LONGEST_NAME:
        return "", ""
    return action, value


def read_sent(data: Payload) -> Sent:
    """The form that was sent; one without a name when it cannot be read, which no handler answers to."""
    try:
        form, values, carried = form_of(dict(data)), read_form(dict(data)), read_carried(dict(data))
    except (KeyError, TypeError, AttributeError, ValueError):
        return Sent("")
    if not _are_texts(carried):
        return Sent("")
    return Sent(form, values, carried, words(part(data, OURS), "token"), _unpack(words(part(data, OURS), "asked")))


def _are_texts(carried: object) -> bool:
    return isinstance(carried, Mapping) and all(isinstance(one, str) for pair in carried.items() for one in pair)


# ---------------------------------------------------------------- showing a form


def form_card(form: Form, *, token: str, people: People = ()) -> Json:
    """The form as the card of a dialog, or as a card in a chat. Raises `TooLong`."""
    return _with_itself(render_form(form, people=people), form, token)


def mended_card(sent: Sent, errors: FormErrors, *, people: People = ()) -> Json | None:
    """The form again as it was typed, and what is wrong with it; None when the form did not come along."""
    if sent.asked is None:
        return None
    try:
        filled = as_typed(sent.asked, sent.values)
        shown = {part.name for part in filled.fields}
        above = [sentence for name, sentence in errors.errors.items() if name not in shown]
        drawn = render_form(_headed(filled, above), errors=errors.errors, people=people)
        return _with_itself(drawn, sent.asked, sent.token)
    except TooLong:
        return None


def _headed(form: Form, sentences: list[str]) -> Form:
    """The form under what is wrong with all of it."""
    said: tuple[Text, ...] = tuple(text(bold(sentence)) for sentence in sentences)
    return replace(form, parts=(*said, *form.parts))


def _with_itself(card: Json, form: Form, token: str) -> Json:
    """A form too large to go along goes without: it can be sent, and not be shown again."""
    ours: Json = card["actions"][0]["data"][OURS]
    ours["token"] = token
    packed = _pack(form)
    if size_of(card) + 2 * len(packed) < CARD_BYTES:
        ours["asked"] = packed
    return card


def _pack(form: Form) -> str:
    return urlsafe_b64encode(zlib.compress(_FORM.dump_json(form), 9)).decode()


def _unpack(packed: str) -> Form | None:
    """None for what is no form, or one of an earlier version."""
    try:
        unpacking = zlib.decompressobj()
        letter: Any = unpacking.decompress(urlsafe_b64decode(packed), LARGEST_FORM)
        return _FORM.validate_json(letter) if unpacking.eof else None
    except (ValueError, zlib.error):
        return None
