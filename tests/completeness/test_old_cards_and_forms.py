"""What is pressed or sent when its time has gone: records that are no longer there, a visit that is over, a form sent
twice, or filled with nothing, too much or mischief. Each gets a sentence, and does no harm."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.app import build_registry
from handlers.chat import ChoiceField, Form, FormErrors, PeopleField, Submitted
from storage.records import new_id
from tests.completeness.pressing import Pressing, Seen, in_words
from tests.completeness.rows import BUTTONS, FORMS, Way
from tests.completeness.town import NEVER_NOTIFIED, Town, difference

TownOf = Callable[[str], Awaitable[Town]]

REGISTRY = build_registry()
WITH_RECORD = sorted(name for name, row in BUTTONS.items() if "{" in row.value)
MISCHIEF = ("", " ", "x" * 300, "'; --", "\x00 \u202e", "a b c d", "::|", "9" * 40)
FILLINGS = {
    "nothing": "",
    "markup": "<!channel> *_~`<script>alert(1)</script> \u202e\x00 {0} %s @everyone",
    "very much": "- Ünïcode and bullets\n" * 5_000,
    "a very long word": "a" * 100_000,
    "digits": "9" * 100_000,
}


@contextmanager
def no_faults() -> Iterator[None]:
    with capture_logs() as logs:
        yield
    assert [entry for entry in logs if entry["event"] in ("failed", "could not draw")] == []


def is_answered(seen: Seen) -> bool:
    return bool(seen.words.strip()) and "Something went wrong" not in seen.words


@pytest.mark.parametrize("name", WITH_RECORD)
async def test_a_button_whose_record_is_gone_says_so_and_changes_nothing(name: str, town_of: TownOf) -> None:
    row = BUTTONS[name]
    town = await town_of(row.stage)
    before = town.stored()
    with no_faults():
        for value in (re.sub(r"\{\w+\}", lambda _: new_id(), row.value), *MISCHIEF):
            who, was = row.may[0], town.mark()
            outcome = await town.day.people[who].presses_action(name, value)
            seen = Seen(outcome, town.news(was, who))
            assert is_answered(seen) or isinstance(outcome, Form), f"{value[:40]!r}: {seen.words[-200:]!r}"
    assert difference(before, town.stored()) == ""


@pytest.mark.parametrize("name", sorted(REGISTRY.buttons))
async def test_a_button_pressed_twice_has_one_effect(name: str, town_of: TownOf) -> None:
    town = await town_of(BUTTONS[name].stage)
    pressing, who = Pressing(town, Way.PRESSES, name), BUTTONS[name].may[0]
    await pressing.prepare()
    with no_faults():
        await pressing.do(who)
        once, was = town.stored(), town.mark()
        seen = await pressing.do(who)
    twice = difference(once, town.stored())
    assert is_answered(seen)
    assert not re.search(r"[+-](?!runs)", twice), twice
    notified = "\n".join(post.content.notification for post in town.day.platform.shown if post not in was)
    assert [canary for canary in NEVER_NOTIFIED if canary in notified] == []


@pytest.mark.parametrize("name", sorted(REGISTRY.buttons))
async def test_a_button_pressed_when_the_visit_is_over_changes_nothing(name: str, town_of: TownOf) -> None:
    town = await town_of("over")
    before, who = town.stored(), BUTTONS[name].may[0]
    with no_faults():
        seen = await Pressing(town, Way.PRESSES, name).do(who)
    assert is_answered(seen)
    assert difference(before, town.stored()) == ""


@pytest.mark.parametrize("name", sorted(REGISTRY.forms))
async def test_a_form_sent_when_the_visit_is_over_changes_nothing(name: str, town_of: TownOf) -> None:
    if name.startswith("team.new"):
        pytest.skip("it is about no visit yet")
    if name.startswith("disposal."):
        pytest.skip("it is what is left to do when the visit is over")
    earlier, over = await town_of(FORMS[name].stage), await town_of("over")
    opened = Pressing(earlier, Way.SENDS, name)
    await opened.prepare()
    before, late = over.stored(), Pressing(over, Way.SENDS, name, form=opened.form)
    with no_faults():
        seen = await late.do(FORMS[name].may[0])
    assert is_answered(seen)
    assert difference(before, over.stored()) == ""


@pytest.mark.parametrize("name", sorted(REGISTRY.forms))
async def test_a_form_sent_twice_has_one_effect(name: str, town_of: TownOf) -> None:
    town = await town_of(FORMS[name].stage)
    pressing = Pressing(town, Way.SENDS, name)
    await pressing.prepare()
    somebody = town.day.people[FORMS[name].may[0]]
    sent = pressing.submitted(somebody)
    with no_faults():
        await town.day.take(sent)
        once = town.stored()
        await town.day.take(sent)
        assert difference(once, town.stored()) == "", "delivered twice"
        await town.day.take(replace(sent, id=town.day.new_id("f")))
    twice = difference(once, town.stored())
    assert not re.search(r"[+-](?!runs)", twice), f"pressed twice: {twice}"


@pytest.mark.parametrize("name", sorted(REGISTRY.forms))
async def test_a_form_filled_with_anything_gets_a_sentence(name: str, town_of: TownOf) -> None:
    town = await town_of(FORMS[name].stage)
    pressing = Pressing(town, Way.SENDS, name)
    await pressing.prepare()
    assert pressing.form
    who = FORMS[name].may[0]
    sent = pressing.submitted(town.day.people[who])
    with no_faults():
        for filling in FILLINGS.values():
            was = town.mark()
            outcome = await town.day.take(_filled(pressing.form, replace(sent, id=town.day.new_id("f")), filling))
            seen = Seen(outcome, town.news(was, who))
            assert is_answered(seen) or outcome is None, in_words(outcome)
            if isinstance(outcome, FormErrors):
                assert all(sentence.strip() for sentence in outcome.errors.values())
                assert set(outcome.errors) <= {part.name for part in pressing.form.fields} | {""}


def _filled(form: Form, sent: Submitted, filling: str) -> Submitted:
    """Every field filled with that, in the shape that its kind of field sends."""
    values: dict[str, str | tuple[str, ...]] = {}
    for part in form.fields:
        several = isinstance(part, PeopleField) or (isinstance(part, ChoiceField) and part.several)
        values[part.name] = ((filling,) if filling else ()) if several else filling
    return replace(sent, values=values, people=())


@pytest.mark.parametrize("name", sorted(REGISTRY.forms))
async def test_a_form_that_lost_everything_gets_a_sentence(name: str, town_of: TownOf) -> None:
    town = await town_of(FORMS[name].stage)
    before, who = town.stored(), FORMS[name].may[0]
    pressing = Pressing(town, Way.SENDS, name, form=Form(name, "Forged", ()))
    with no_faults():
        seen = await pressing.do(who, values={})
    assert is_answered(seen)
    assert difference(before, town.stored()) == ""


async def test_an_unknown_button_and_an_unknown_form_are_from_an_earlier_time(town_of: TownOf) -> None:
    town = await town_of("visit")
    before, priya = town.stored(), town.day.priya
    await priya.presses_action("findings.of_long_ago", "1")
    assert "That is no longer there" in priya.last.words
    outcome = await town.day.take(
        Submitted(id="f", at=town.day.now, person=priya.person, place=priya._dm(), form="long.ago", values={})
    )
    assert "That is no longer there" in in_words(outcome)
    assert difference(before, town.stored()) == ""
