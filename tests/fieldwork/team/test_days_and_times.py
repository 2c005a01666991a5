"""The days on site and the times of a day, changed after set-up."""

from datetime import date, datetime, time

import pytest

from storage.records import Challenge
from tests.fieldwork.day import LONDON, Day
from tests.fieldwork.team.test_setting_up import challenges, value, words


async def stored(day: Day) -> Challenge:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return await uow.challenges.get(day.challenge.id)


async def test_new_days_are_shown_back_kept_and_told_to_the_team(day: Day) -> None:
    await day.mina.types("challenge dates 24 to 26 Nov 2026")
    assert "Tuesday 24 to Thursday 26 November 2026, three days" in words(day.mina.form)
    await day.mina.sends()
    assert (await stored(day)).last_day == date(2026, 11, 26)
    assert "Thursday 26 November" in day.mina.last.words
    assert "Thursday 26 November" in day.team_channel.sees


async def test_the_form_for_days_holds_what_is_set(day: Day) -> None:
    await day.mina.types("challenge dates")
    assert value(day.mina, "days") == "24 November 2026 to 27 November 2026"
    await day.mina.sends(days="24 Nov 2026 to 31 Nov 2026")
    assert "does not exist" in day.mina.errors["days"]
    await day.mina.sends(days="24 to 25 Nov 2026")
    await day.mina.sends(right="no")
    assert value(day.mina, "days") == "24 November 2026 to 25 November 2026"
    assert (await stored(day)).last_day == date(2026, 11, 27)


async def test_days_that_cannot_be_read_in_the_line_open_the_form(day: Day) -> None:
    await day.mina.types("challenge dates 31 Nov")
    assert "does not exist" in words(day.mina.form)


async def test_sessions_follow_new_times(day: Day) -> None:
    await day.mina.types("challenge times half 9, 1 and 4")
    await day.mina.sends(last_day="none", catch_up="half 5")
    assert "Sessions at 09:30, 13:00, 16:00; on the last day none. Catch-up with the client at 17:30." in words(
        day.mina.form
    )
    await day.mina.sends()
    kept = await stored(day)
    assert kept.session_times == (time(9, 30), time(13), time(16))
    assert kept.last_day_session_times == ()
    assert kept.catch_up_time == time(17, 30)
    assert "09:30, 13:00, 16:00" in day.team_channel.sees


async def test_a_session_is_held_at_its_new_time_and_not_at_the_old(day: Day) -> None:
    await day.mina.types("challenge times 11:30, 13:00, 16:00")
    await day.mina.sends()
    await day.mina.sends()
    before = len(day.team_channel.posts)
    await day.clock_strikes("11:29")
    assert len(day.team_channel.posts) == before
    await day.clock_strikes("11:30")
    assert len(day.team_channel.posts) == before + 1


async def test_no_session_is_held_on_a_day_that_is_no_longer_on_site(day: Day) -> None:
    await day.mina.types("challenge dates 25 to 27 Nov 2026")
    await day.mina.sends()
    before = len(day.team_channel.posts)
    await day.clock_strikes("18:00")
    assert len(day.team_channel.posts) == before


async def test_times_can_be_corrected_on_the_second_page(day: Day) -> None:
    await day.mina.types("challenge times")
    await day.mina.sends(catch_up="half 5")
    await day.mina.sends(right="no")
    assert value(day.mina, "catch_up") == "17:30"
    assert (await stored(day)).catch_up_time == time(17)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("sessions", "10:45", "Give two to three sessions."),
        ("sessions", "after lunch", "not a date or time"),
        ("last_day", "09:00, 15:00", "not before the final feedback at 14:00"),
        ("catch_up", "5 and 6", "Give one time"),
        ("zone", "Mars", "Europe/London"),
    ],
)
async def test_times_that_cannot_be_are_said_beside_their_field(
    day: Day, field: str, typed: str, sentence: str
) -> None:
    await day.mina.types("challenge times")
    await day.mina.sends((), **{field: typed})
    assert list(day.mina.errors) == [field]
    assert sentence in day.mina.errors[field]


async def test_a_time_that_the_clocks_skip_is_refused(before: Day) -> None:
    await before.mina.types("challenge new Anyshire ICS, local system, 26 to 28 March 2027")
    await before.mina.sends()
    await before.mina.types("challenge times")
    await before.mina.sends(sessions="01:30, 13:00")
    assert "01:30 does not exist on Sunday 28 March: the clocks go forward." in before.mina.errors["sessions"]


async def test_a_time_that_comes_twice_is_asked_about(before: Day) -> None:
    await before.mina.types("challenge new Anyshire ICS, local system, 29 to 31 Oct 2027")
    await before.mina.sends()
    await before.mina.types("challenge times")
    await before.mina.sends(sessions="01:30, 13:00")
    assert "01:30 comes twice on Sunday 31 October" in words(before.mina.form)
    await before.mina.sends(right="no")
    await before.mina.sends(sessions="02:30, 13:00")
    await before.mina.sends()
    assert (await challenges(before))[0].session_times == (time(2, 30), time(13))


async def test_days_moved_onto_a_clock_change_are_checked_against_the_times(before: Day) -> None:
    await before.mina.types("challenge new Anyshire ICS, local system, 23 to 25 March 2027")
    await before.mina.sends()
    await before.mina.types("challenge times")
    await before.mina.sends(sessions="01:30, 13:00")
    await before.mina.sends()
    await before.mina.types("challenge dates 26 to 28 March 2027")
    assert "01:30 does not exist" in words(before.mina.form)


async def test_the_status_card_opens_both_forms(day: Day) -> None:
    await day.mina.types("challenge")
    await day.mina.presses("Change days")
    assert day.mina.form
    assert day.mina.form.name == "team.dates"
    await day.mina.presses("Change times")
    assert day.mina.form.name == "team.times"


async def test_nobody_but_the_manager_changes_days_or_times(day: Day) -> None:
    before = await stored(day)
    assert day.challenge
    for typed in ("challenge dates 24 to 26 Nov 2026", "challenge times"):
        for somebody, sentence in ((day.priya, "Only the challenge manager"), (day.zed, "not on a peer challenge")):
            await somebody.types(typed)
            assert sentence in somebody.last.words
            assert somebody.form is None
    for action in ("team.dates", "team.times"):
        await day.ruth.presses_action(action, day.challenge.id)
        assert "Only the challenge manager" in day.ruth.last.words
    for typed in ("challenge dates", "challenge dates 24 to 26 Nov 2026", "challenge times"):
        await day.mina.types(typed)
        day.priya.form = day.mina.form
        await day.priya.sends()
        assert "Only the challenge manager" in day.priya.errors[""]
    await day.mina.types("challenge times")
    await day.mina.sends()
    day.priya.form = day.mina.form
    await day.priya.sends()
    assert "Only the challenge manager" in day.priya.errors[""]
    assert await stored(day) == before


async def test_a_page_that_lay_open_too_long_is_not_taken(before: Day) -> None:
    await before.mina.types("challenge new Anyshire ICS, local system, 24 to 27 Nov 2026")
    await before.until(datetime(2027, 1, 4, 9, 0, tzinfo=LONDON))
    await before.mina.sends()
    assert "which is over" in before.mina.errors[""]
    assert await challenges(before) == []
