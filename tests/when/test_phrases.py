"""Each phrase of phrases.py is read as agreed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.when import read_when, to_json
from tests.when import phrases

WEDNESDAY = datetime(2026, 11, 18, 10, 15)  # noqa: DTZ001 - a wall clock, as people have
LONDON = ZoneInfo("Europe/London")


def read(text, now=WEDNESDAY, **how):
    found = to_json(read_when(text, now=now, zone=LONDON, **how))
    found.pop("message", None)
    return found


def halves(value, *keys):
    return dict(zip(keys, value.split("/"), strict=True))


@pytest.mark.parametrize(("text", "day"), phrases.DAYS.items())
def test_a_day_is_read(text, day):
    assert read(text) == {"date": day}


@pytest.mark.parametrize(("text", "days"), phrases.SEVERAL_DAYS.items())
def test_separate_days_are_read(text, days):
    assert read(text) == {"dates": days}


@pytest.mark.parametrize(("text", "span"), phrases.RANGES.items())
def test_both_ends_of_a_range_are_read(text, span):
    assert read(text) == halves(span, "start", "end")


@pytest.mark.parametrize(("text", "time"), phrases.TIMES.items())
def test_a_time_is_read(text, time):
    assert read(text) == {"time": time}


@pytest.mark.parametrize(("text", "hours"), phrases.HOURS.items())
def test_the_start_and_end_of_a_stretch_of_hours_are_read(text, hours):
    assert read(text) == halves(hours, "start_time", "end_time")


@pytest.mark.parametrize(("text", "moment"), phrases.MOMENTS.items())
def test_a_day_with_its_time_is_read(text, moment):
    assert read(text) == {"datetime": moment}


@pytest.mark.parametrize(("text", "length"), phrases.DURATIONS.items())
def test_a_length_of_time_is_read(text, length):
    assert read(text) == {"duration": length}


@pytest.mark.parametrize(("text", "rule"), phrases.RECURRENCES.items())
def test_what_comes_round_again_is_read(text, rule):
    assert read(text) == {"rrule": rule[0], "times": list(rule[1:])}


@pytest.mark.parametrize(("text", "parts"), phrases.OTHER.items())
def test_days_with_hours_parts_and_bounds_are_read(text, parts):
    assert read(text) == parts


@pytest.mark.parametrize(("text", "options"), phrases.AMBIGUOUS.items())
def test_what_may_mean_two_things_is_never_guessed(text, options):
    offered = {"options": options} if options else {}
    assert read(text) == {"date": None, "reason": "ambiguous", **offered}


@pytest.mark.parametrize(("text", "options"), phrases.NOT_THERE.items())
def test_what_cannot_be_is_refused(text, options):
    offered = {"options": options} if options else {}
    assert read(text) == {"date": None, "reason": "does not exist", **offered}


@pytest.mark.parametrize("text", phrases.NOT_A_DATE)
def test_prose_and_numbers_are_no_dates(text):
    assert read(text) == {"date": None, "reason": "not a date"}
