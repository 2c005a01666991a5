"""What could not be handled is kept as a letter, and is the same thing again when it is opened."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.letters import from_letter, to_letter
from handlers.chat import AnyIncoming, Incoming, Submitted

MOMENTS = st.integers(1_600_000_000, 2_200_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
KINDS = get_args(AnyIncoming)

st.register_type_strategy(datetime, MOMENTS)


WORDS = st.dictionaries(st.text(), st.text())
VALUES = st.dictionaries(st.text(), st.text() | st.lists(st.text()).map(tuple))
FORMS = st.builds(Submitted, values=VALUES, carried=WORDS)


@given(incoming=st.one_of([FORMS if kind is Submitted else st.builds(kind) for kind in KINDS]))
def test_every_incoming_thing_comes_back_from_its_letter(incoming: AnyIncoming) -> None:
    assert from_letter(to_letter(incoming)) == incoming


def test_no_kind_of_incoming_thing_is_without_letters() -> None:
    assert {kind.__name__ for kind in KINDS} == {kind.__name__ for kind in Incoming.__subclasses__()}


@pytest.mark.parametrize(
    "letter", ["", "no letter", "{}", "[]", '{"kind": "Burnt", "body": {}}', '{"kind": "Said", "body": {}}']
)
def test_what_is_no_letter_is_refused(letter: str) -> None:
    with pytest.raises(ValueError):
        from_letter(letter)
