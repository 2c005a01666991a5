"""A check-in that is out gets another title or date; those who have not answered hear of another date."""

from datetime import date

import pytest

from tests.fieldwork.checkins.conftest import send
from tests.fieldwork.checkins.test_asking import answer, check_in_of
from tests.fieldwork.day import Day


async def test_another_date_is_told_to_those_who_have_not_answered(sent: Day) -> None:
    await answer(sent, sent.priya)
    await sent.mina.types("checkin change")
    await sent.pass_time(minutes=1)
    await sent.mina.sends(by="Sunday 5 pm")
    assert "Asked for by Sunday 22 November at 17:00." in sent.mina.last.words
    assert "The check-in has another date.\nPlease answer by Sunday 22 November at 17:00." in sent.tom.last.words
    assert sent.tom.last.content.notification == "The check-in has another date"
    assert len(sent.tom.posts) == 2
    assert "another date" not in sent.priya.sees


async def test_the_reminders_follow_the_new_date(sent: Day) -> None:
    await sent.mina.types("checkin change")
    await sent.mina.sends(by="Wednesday 5 pm")
    before = len(sent.tom.posts)
    await sent.on(date(2026, 11, 18), "10:00")
    assert len(sent.tom.posts) == before + 2, "on the eve of the date and on the day itself"
    await sent.on(date(2026, 11, 21), "18:00")
    assert len(sent.tom.posts) == before + 2


async def test_another_title_is_put_right_where_it_stands_and_disturbs_nobody(sent: Day) -> None:
    await sent.mina.types("checkin")
    await sent.mina.presses("Change title or date")
    await sent.mina.sends(title="Before we meet")
    assert (await check_in_of(sent)).title == "Before we meet"
    assert len(sent.tom.posts) == 1
    assert sent.tom.last.words.startswith("Before we meet")


@pytest.mark.parametrize(
    ("typed", "said"), [("yesterday", "passed"), ("soonish", "not a date"), ("25 Nov", "visit begins")]
)
async def test_a_date_that_will_not_do_stays_in_the_form(sent: Day, typed: str, said: str) -> None:
    await sent.mina.types("checkin change")
    await sent.mina.sends(by=typed)
    assert said in sent.mina.errors["by"]
    assert len(sent.tom.posts) == 1


async def test_a_check_in_that_is_closed_is_opened_first(sent: Day) -> None:
    await sent.mina.types("checkin change")
    form = sent.mina.form
    await sent.mina.says("checkin close")
    sent.mina.form = form
    await sent.mina.sends(by="Sunday 5 pm")
    assert "Open it again" in sent.mina.errors[""]
    await sent.mina.types("checkin change")
    assert "Open it again before you change it" in sent.mina.last.words


async def test_only_the_manager_changes_it(before: Day) -> None:
    await send(before)
    for person in (before.priya, before.ruth, before.zed):
        await person.types("checkin change")
        assert person.form is None
