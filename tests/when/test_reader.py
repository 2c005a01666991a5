"""What holds for every phrase: nothing raises, nothing is slow, no day is guessed, and what was read is said back."""

import sys
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.when import (
    Day,
    DayRange,
    Moment,
    Reason,
    Unread,
    read_day,
    read_day_range,
    read_time,
    read_times,
    read_when,
    say,
    to_json,
    warm_up,
)
from handlers.when.holidays import bank_holidays, easter
from handlers.when.reader import LONGEST_PHRASE
from tests.timing import at_best
from tests.when import phrases
from tests.when.test_phrases import LONDON, WEDNESDAY, read

MOST_STEPS = 150_000  # calls: less than 50 milliseconds
ORDINAL = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}

STYLES = {
    "ISO": lambda day: day.isoformat(),
    "slashes": lambda day: f"{day.day}/{day.month}/{day.year}",
    "two-digit year": lambda day: f"{day:%d/%m/%y}",
    "dots": lambda day: f"{day:%d.%m.%Y}",
    "hyphens": lambda day: f"{day.day}-{day.month}-{day.year}",
    "short": lambda day: f"{day.day} {day:%b %Y}",
    "long": lambda day: f"{day:%A} {day.day} {day:%B %Y}",
    "weekday and comma": lambda day: f"{day:%a}, {day.day} {day:%b}, {day.year}",
    "ordinal": lambda day: f"the {day.day}{ORDINAL.get(day.day, 'th')} of {day:%B}, {day.year}",
    "month first": lambda day: f"{day:%B} {day.day}, {day.year}",
    "apostrophe": lambda day: f"{day.day} {day:%b} '{day:%y}",
    "run together": lambda day: f"{day.day}{day:%b%Y}".upper(),
}
DAYS = st.dates(date(2020, 1, 1), date(2055, 12, 31))


@given(day=DAYS, style=st.sampled_from(sorted(STYLES)))
@settings(deadline=None)
def test_a_full_date_is_read_alike_in_every_style(day, style):
    assert read_when(STYLES[style](day), now=WEDNESDAY) == Day(day)


@given(day=DAYS, length=st.integers(0, 60), joint=st.sampled_from([" to ", " - ", "–", " until ", " till ", " thro' "]))
@settings(deadline=None)
def test_both_ends_of_every_range_are_kept(day, length, joint):
    end = day + timedelta(length)
    text = f"{day.day} {day:%b %Y}{joint}{end.day} {end:%b %Y}"
    assert read_when(text, now=WEDNESDAY) == DayRange(day, end)


@given(day=st.dates(date(2026, 11, 18), date(2027, 11, 17)))
@settings(deadline=None)
def test_a_date_without_a_year_is_the_next_one(day):
    assert read_when(f"{day.day} {day:%B}", now=WEDNESDAY) == Day(day)


@given(day=st.dates(date(2025, 11, 19), date(2026, 11, 18)))
@settings(deadline=None)
def test_looking_back_a_date_without_a_year_is_the_last_one(day):
    assert read_when(f"{day.day} {day:%B}", now=WEDNESDAY, prefer="past") == Day(day)


@given(now=st.datetimes(datetime(2020, 1, 1), datetime(2050, 1, 1)), weekday=st.integers(0, 6))  # noqa: DTZ001 - wall clocks
@settings(deadline=None)
def test_a_weekday_is_within_the_week_to_come_or_questioned(now, weekday):
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
    reading = read_when(name, now=now)
    if now.weekday() == weekday:
        assert isinstance(reading, Unread)
        assert reading.reason is Reason.AMBIGUOUS
    else:
        assert isinstance(reading, Day)
        assert timedelta() < reading.day - now.date() < timedelta(7)
        assert reading.day.weekday() == weekday


@given(at=st.times().map(lambda at: at.replace(second=0, microsecond=0)), day=DAYS)
@settings(deadline=None)
def test_a_day_with_a_24_hour_time_is_that_moment(at, day):
    assert read_when(f"{day.day} {day:%B %Y} at {at:%H:%M}", now=WEDNESDAY) == Moment(datetime.combine(day, at))


WORDS = st.sampled_from(
    [
        "24",
        "27",
        "9",
        "2026",
        "1300",
        "half",
        "to",
        "past",
        "-",
        "/",
        ":",
        ".",
        ",",
        "and",
        "the",
        "of",
        "on",
        "at",
        "in",
        "a",
        "an",
        "am",
        "pm",
        "every",
        "next",
        "last",
        "week",
        "weeks",
        "month",
        "day",
        "days",
        "fortnight",
        "Tuesday",
        "Wednesday",
        "Fridays",
        "Nov",
        "March",
        "may",
        "noon",
        "midnight",
        "tonight",
        "tomorrow",
        "w/c",
        "first",
        "last",
        "Easter",
        "bank",
        "holiday",
        "24/11",
        "10/3/27",
        "9.30",
        "31st",
        "99999",
        "before",
        "after",
        "from",
        "between",
        "until",
        "ago",
        "today",
        "hour",
        "minutes",
        "weekdays",
        "daily",
    ]
)


@given(text=st.one_of(st.text(max_size=210), st.lists(WORDS, max_size=12).map(" ".join)))
@settings(deadline=None, max_examples=400)
def test_no_text_makes_the_reader_fail(text):
    for prefer in ("future", "past"):
        reading = read_when(text, now=WEDNESDAY, zone=LONDON, prefer=prefer)
        assert say(reading)
        assert to_json(reading)


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 50_000,
        "monday " * 15_000,
        "24-" * 30_000,
        "every " * 33,
        "1,2,3,4," * 25,
        "mon and " * 25,
        "9 to " * 40,
        "every mon and " * 14,
        "every day at 9, 10, 11, " * 8,
        "day after " * 19 + "today",
        "a week on " * 19 + "today",
        " " * 199 + "x",
        "24 nov to " * 19,
        "1/1/1" * 39,
        "half " * 40,
        "a" * 200,
    ],
)
def test_hostile_text_is_answered_at_once(text):
    assert at_best(lambda: read_when(text, now=WEDNESDAY, zone=LONDON)) < 0.3  # a polite phrase: a millisecond or two


def calls_of(act):
    """How many calls something makes, which is the same on an idle machine and on a busy one."""
    made = Counter()
    sys.setprofile(lambda _frame, event, _argument: made.update((event,)))
    try:
        act()
    finally:
        sys.setprofile(None)
    return made["call"] + made["c_call"]


@pytest.mark.parametrize(
    "unit",
    [
        *("until ", "thro' ", "fifteenth or ", "Saturday or 5/2/27 ", "mon before ", "every ", "midnight thru "),
        *("24th, Sep fourteenth until ", "thru Nov, ", "8th 10-12/11 thro' ", "Feb, 23rd ", "tonight and "),
    ],
)
def test_a_phrase_of_the_greatest_length_takes_no_more_than_so_many_steps(unit):
    text = unit * (LONGEST_PHRASE // len(unit))
    read_when(text, now=WEDNESDAY, zone=LONDON)  # what is compiled at its first use is not counted
    assert calls_of(lambda: read_when(text, now=WEDNESDAY, zone=LONDON)) < MOST_STEPS


@pytest.mark.parametrize("text", [*phrases.DAYS, *phrases.RANGES, *phrases.MOMENTS])
def test_what_is_said_back_is_read_as_the_same(text):
    reading = read_when(text, now=WEDNESDAY, zone=LONDON)
    assert read_when(say(reading), now=WEDNESDAY, zone=LONDON) == reading


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24-27 Nov", "Tuesday 24 to Friday 27 November 2026"),
        ("28 Dec - 2 Jan", "Monday 28 December 2026 to Saturday 2 January 2027"),
        ("30 Nov - 3 Dec", "Monday 30 November to Thursday 3 December 2026"),
        ("half 4 on Thursday", "Thursday 19 November 2026 at 16:30"),
        ("24 & 26 Nov", "Tuesday 24 November 2026 and Thursday 26 November 2026"),
        ("weekdays at 10:30 and 4", "every week on Monday, Tuesday, Wednesday, Thursday and Friday at 10:30 and 16:00"),
        ("monthly on the first Monday", "every month on the first Monday"),
        ("last working day of each month", "every month on the last working day"),
        ("annually on 24 Nov", "every year on 24 November"),
        ("every day until 27 Nov at 9", "every day at 09:00, until Friday 27 November 2026"),
        ("an hour and a half", "1 hour and 30 minutes"),
        ("18 months", "1 year and 6 months"),
        ("tomorrow morning", "Thursday 19 November 2026, morning"),
        ("24-27 Nov 9-5", "Tuesday 24 to Friday 27 November 2026, 09:00 to 17:00 each day"),
        (
            "next Friday",
            (
                "“Next Friday” may be the first to come or the one of next week. "
                "Did you mean Friday 20 November 2026 or Friday 27 November 2026?"
            ),
        ),
        (
            "Mon 24 Nov 2026",
            (
                "24 November 2026 is a Tuesday, not a Monday. "
                "Did you mean Tuesday 24 November 2026 or Monday 23 November 2026?"
            ),
        ),
    ],
)
def test_a_reading_is_said_back_in_words(text, said):
    assert say(read_when(text, now=WEDNESDAY)) == said


# --- on other days ---------------------------------------------------------------------------------------------------


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "text", "found"),
    [
        ("2026-01-12T09:00", "w/c 9 March", {"start": "2026-03-09", "end": "2026-03-15"}),
        ("2026-11-26T09:00", "24-27 Nov", {"start": "2026-11-24", "end": "2026-11-27"}),
        ("2026-11-28T09:00", "24-27 Nov", {"start": "2027-11-24", "end": "2027-11-27"}),
        ("2027-01-01T09:00", "28 Dec to 2 Jan", {"start": "2026-12-28", "end": "2027-01-02"}),
        ("2027-01-03T09:00", "28 Dec to 2 Jan", {"start": "2027-12-28", "end": "2028-01-02"}),
        ("2026-12-31T23:00", "tomorrow", {"date": "2027-01-01"}),
        (
            "2026-11-16T09:00",
            "next Friday",
            {"date": None, "reason": "ambiguous", "options": ["2026-11-20", "2026-11-27"]},
        ),
        (
            "2026-11-22T09:00",
            "next Monday",
            {"date": None, "reason": "ambiguous", "options": ["2026-11-23", "2026-11-30"]},
        ),
        ("2026-11-20T09:00", "next Monday", {"date": "2026-11-23"}),
        ("2027-01-30T09:00", "in a month", {"date": "2027-02-28"}),
        ("2028-02-29T09:00", "in a year", {"date": "2029-02-28"}),
        ("2027-12-01T09:00", "29 Feb", {"date": "2028-02-29"}),
        ("2026-11-30T09:00", "Mon 23 Nov", {"date": "2026-11-23"}),
        ("2026-12-31T09:00", "the 31st", {"date": "2026-12-31"}),
        ("2027-12-20T09:00", "next working day", {"date": "2027-12-21"}),
        ("2027-12-24T09:00", "next working day", {"date": "2027-12-29"}),
    ],
)
def test_the_day_of_asking_counts(now, text, found):
    assert read(text, now=at(now)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Friday", {"date": "2026-11-13"}),
        ("on Monday", {"date": "2026-11-16"}),
        ("yesterday", {"date": "2026-11-17"}),
        ("10 March", {"date": "2026-03-10"}),
        ("the 24th", {"date": "2026-10-24"}),
        ("16-17 Nov", {"start": "2026-11-16", "end": "2026-11-17"}),
        ("24-27 Nov", {"start": "2025-11-24", "end": "2025-11-27"}),
        ("last Friday of January", {"date": "2026-01-30"}),
    ],
)
def test_a_summary_looks_back(text, found):
    assert read(text, prefer="past") == found


# --- clock changes ---------------------------------------------------------------------------------------------------


def test_the_hour_the_clocks_skip_does_not_exist():
    skipped = read_when("28/3/27 at 01:30", now=WEDNESDAY, zone=LONDON)
    assert isinstance(skipped, Unread)
    assert skipped.reason is Reason.DOES_NOT_EXIST
    assert "clocks go forward" in skipped.message


def test_the_hour_the_clocks_repeat_is_offered_twice_with_its_offsets():
    assert read("31/10/27 at 01:30")["options"] == ["2027-10-31T01:30+01:00", "2027-10-31T01:30+00:00"]


def test_without_a_zone_no_hour_is_questioned():
    assert read_when("28/3/27 at 01:30", now=WEDNESDAY) == Moment(at("2027-03-28T01:30"))


def test_an_aware_now_is_turned_to_the_wall_clock_of_the_zone():
    late_evening_in_london = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    tokyo = ZoneInfo("Asia/Tokyo")
    assert read_when("today", now=late_evening_in_london, zone=tokyo) == Day(date(2026, 11, 19))


def test_a_moment_in_universal_time_is_turned_to_the_wall_clock_of_the_zone():
    assert read_when("2027-06-24T09:30:00Z", now=WEDNESDAY, zone=LONDON) == Moment(at("2027-06-24T10:30"))


# --- fields of a form ------------------------------------------------------------------------------------------------


def test_a_field_for_a_range_takes_one_day_or_days_in_a_row():
    one, last = date(2026, 11, 24), date(2026, 11, 25)
    assert read_day_range("24 Nov", now=WEDNESDAY) == DayRange(one, one)
    assert read_day_range("24 & 25 Nov", now=WEDNESDAY) == DayRange(one, last)


def test_a_field_for_a_range_questions_days_with_a_gap():
    gap = read_day_range("24 and 27 Nov", now=WEDNESDAY)
    assert isinstance(gap, Unread)
    assert gap.options == (DayRange(date(2026, 11, 24), date(2026, 11, 27)),)


def test_a_field_for_a_day_says_what_it_read_instead():
    refusal = read_day("24-27 Nov", now=WEDNESDAY)
    assert isinstance(refusal, Unread)
    assert refusal.message == ("I read that as Tuesday 24 to Friday 27 November 2026. Give one day, as Tues 24 Nov.")


def test_a_field_for_a_day_takes_the_day_of_a_moment():
    assert read_day("Tues 24 Nov at 9.30", now=WEDNESDAY) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "found"), [("9", time(9)), ("9.30", time(9, 30)), ("half 4", time(16, 30)), ("1345", time(13, 45))]
)
def test_a_field_for_a_time_takes_a_plain_hour(text, found):
    assert read_time(text) == found


def test_a_field_for_times_takes_several_in_the_order_of_the_day():
    assert read_times("4.15, 10.30 and 1") == (time(10, 30), time(13), time(16, 15))


def test_a_field_for_one_time_refuses_several():
    assert isinstance(read_time("9 and 5"), Unread)
    assert isinstance(read_time("tomorrow"), Unread)


# --- the calendar ----------------------------------------------------------------------------------------------------


def test_easter_and_the_bank_holidays_fall_as_published():
    assert [easter(year) for year in (2025, 2026, 2027, 2038)] == [
        date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25),
    ]  # fmt: skip
    assert [f"{day:%d %b}" for day in bank_holidays(2027)] == [
        "01 Jan", "26 Mar", "29 Mar", "03 May", "31 May", "30 Aug", "27 Dec", "28 Dec",
    ]  # fmt: skip
    assert [f"{day:%d %b}" for day in bank_holidays(2022)][:1] == ["03 Jan"]


def test_warming_up_leaves_the_reader_ready():
    warm_up()
    assert read_when("Tue, 24 Nov 2026 09:30:00 GMT", now=WEDNESDAY, zone=LONDON) == Moment(at("2026-11-24T09:30"))
