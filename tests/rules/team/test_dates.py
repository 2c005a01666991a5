"""What a manager types of a visit's days and times, and what is made of it."""

from datetime import UTC, date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from handlers.frameworks import load_frameworks
from handlers.team.dates import (
    SetUpLine,
    Unclear,
    check_clock_has,
    days_said,
    doubts_about,
    looks_like_a_set_up,
    looks_like_dates,
    read_catch_up,
    read_days,
    read_last_day_times,
    read_session_times,
    read_set_up,
    read_zone,
    times_said,
    times_that_come_twice,
    zone_named,
)
from handlers.when import DayRange, warm_up
from tests.timing import at_best

NOW = datetime(2026, 11, 14, 10, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
FRAMEWORKS = load_frameworks()
LOCAL = FRAMEWORKS["local_system"]
WEEKEND = "Saturday 28 November and Sunday 29 November: a weekend."
ON_SITE = DayRange(date(2026, 11, 24), date(2026, 11, 27))


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (
            "Anyshire ICS, local system, 24 to 27 Nov 2026",
            SetUpLine("Anyshire ICS", "local_system", "24 to 27 Nov 2026"),
        ),
        (
            "Borset Council, ADASS, Tues 24, Wed 25 Nov, Europe/Dublin",
            SetUpLine("Borset Council", "regional_adass", "Tues 24, Wed 25 Nov", "Europe/Dublin"),
        ),
        ("24-27 Nov; pci; Kelso, Borset", SetUpLine("Kelso, Borset", "peer_collaborative_improvement", "24-27 Nov")),
        ("Anyshire ICS 24 to 27 Nov 2026", SetUpLine("Anyshire ICS", "", "24 to 27 Nov 2026")),
        ("Jersey, ics, w/c 9 March", SetUpLine("Jersey", "local_system", "w/c 9 March")),
        ("Anyshire ICS", SetUpLine("Anyshire ICS")),
        ("", SetUpLine()),
    ],
)
def test_one_line_is_taken_apart_whatever_its_order(line: str, read: SetUpLine) -> None:
    assert read_set_up(line, FRAMEWORKS, now=NOW, zone=LONDON) == read


def test_a_hostile_line_is_read_in_no_time() -> None:
    warm_up()
    for line in (", ".join(["24 Nov"] * 20_000), "1 " * 50_000, "to " * 33_000, "24-" * 33_000, "a,;1" * 25_000):
        assert at_best(partial(read_set_up, line, FRAMEWORKS, now=NOW, zone=LONDON), runs=2) < 0.5


@pytest.mark.parametrize("args", ["", "Anyshire ICS, local system, 24 to 27 Nov 2026"])
def test_a_set_up_lists_things(args: str) -> None:
    assert looks_like_a_set_up(args)


@pytest.mark.parametrize("args", ["models of care were described", "ideas, said the chair"])
def test_a_finding_about_new_challenges_is_no_set_up(args: str) -> None:
    assert not looks_like_a_set_up(args)


def test_dates_and_times_after_a_command_are_short() -> None:
    assert looks_like_dates("")
    assert looks_like_dates("24 to 27 Nov 2026")
    assert not looks_like_dates("are tight for staff")
    assert not looks_like_dates("are tight: the 3 community teams each lost two posts since March")


def test_days_are_said_back_in_words() -> None:
    assert days_said(read_days("24-27 Nov", now=NOW, zone=LONDON)) == (
        "Tuesday 24 to Friday 27 November 2026, four days"
    )
    assert days_said(read_days("10/3/27", now=NOW, zone=LONDON)) == "Wednesday 10 March 2027, one day"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("w/c 9 March", "Did you mean"),
        ("27 to 24 Nov 2026", "The last day comes before the first."),
        ("31 Nov to 2 Dec", "does not exist"),
        ("soonish", "not a date"),
        ("", "not a date"),
        ("24 to 27 Nov 2025", "which is over"),
        ("24 Nov 2026 to 27 Nov 2027", "first and the last day"),
    ],
)
def test_days_that_cannot_be_are_refused_with_a_reason(typed: str, why: str) -> None:
    with pytest.raises(Unclear, match=why):
        read_days(typed, now=NOW, zone=LONDON)


@pytest.mark.parametrize(
    ("days", "doubts"),
    [
        (ON_SITE, ()),
        (
            DayRange(date(2026, 11, 27), date(2026, 11, 30)),
            ("Saturday 28 November and Sunday 29 November: a weekend.",),
        ),
        (DayRange(date(2026, 11, 24), date(2026, 11, 24)), ("This programme is usually three to four days on site.",)),
        (DayRange(date(2026, 11, 11), date(2026, 11, 13)), ("The first day has already gone by.",)),
        (DayRange(date(2028, 3, 7), date(2028, 3, 9)), ("That is more than a year ahead.",)),
    ],
)
def test_what_is_odd_is_pointed_out_and_not_refused(days: DayRange, doubts: tuple[str, ...]) -> None:
    assert doubts_about(days, LOCAL, date(2026, 11, 14)) == doubts


def test_session_times_are_two_or_three_in_order() -> None:
    assert read_session_times("10.45, 1 and 4.15", least=2) == (time(10, 45), time(13), time(16, 15))
    assert read_session_times("none", least=0) == ()
    assert read_session_times("", least=0) == ()


@pytest.mark.parametrize("typed", ["", "none", "10:45", "10, 11, 12, 1", "10:45, 10:45", "after lunch"])
def test_other_session_times_are_refused(typed: str) -> None:
    with pytest.raises(Unclear):
        read_session_times(typed, least=2)


def test_the_catch_up_is_one_time() -> None:
    assert read_catch_up("half 5") == time(17, 30)
    for typed in ("5 and 6", "later"):
        with pytest.raises(Unclear):
            read_catch_up(typed)


def test_no_session_follows_the_final_feedback() -> None:
    assert read_last_day_times("9 and 11.30", LOCAL) == (time(9), time(11, 30))
    with pytest.raises(Unclear, match="14:00"):
        read_last_day_times("9 and 2 pm", LOCAL)


def test_a_time_that_the_spring_skips_is_refused() -> None:
    spring = DayRange(date(2027, 3, 26), date(2027, 3, 29))
    check_clock_has((time(0, 59), time(2)), spring, LONDON)
    with pytest.raises(Unclear, match="01:30 does not exist on Sunday 28 March"):
        check_clock_has((time(10), time(1, 30)), spring, LONDON)


def test_a_time_that_the_autumn_has_twice_is_asked_about() -> None:
    autumn = DayRange(date(2026, 10, 24), date(2026, 10, 26))
    assert times_that_come_twice((time(10),), autumn, LONDON) == ()
    (doubt,) = times_that_come_twice((time(10), time(1, 30)), autumn, LONDON)
    assert doubt.startswith("01:30 comes twice on Sunday 25 October")


def test_a_zone_is_known_by_its_city_too() -> None:
    assert [zone_named(typed) for typed in ("Europe/London", "london", "UK", "new york", "Mars")] == [
        "Europe/London", "Europe/London", "Europe/London", "America/New_York", None,
    ]  # fmt: skip
    with pytest.raises(Unclear, match="Europe/London"):
        read_zone("Mars")


def test_no_times_are_said_too() -> None:
    assert times_said(()) == "none"
