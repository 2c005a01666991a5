"""However posts come, no stretch of time ever holds more of them than Teams takes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import HandClock
from bot.teams.pace import LIMITS, Pace

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
GAPS = st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=200)


@settings(deadline=None, max_examples=60)
@given(GAPS)
def test_it_is_never_over_and_never_waits_longer_than_it_must(gaps: list[float]) -> None:
    clock = HandClock(START)
    pace, sent = Pace(clock), list[datetime]()
    for gap in gaps:
        clock.move_to(clock.now() + timedelta(seconds=gap))
        waiting = pace.take("a")
        if waiting:
            assert is_full(sent, clock.now() + waiting - timedelta(microseconds=2))
            clock.move_to(clock.now() + waiting)
            assert not pace.take("a")
        sent.append(clock.now())
    for most, stretch in LIMITS:
        assert all(len([one for one in sent if moment - stretch <= one <= moment]) <= most for moment in sent)


def is_full(sent: list[datetime], moment: datetime) -> bool:
    return any(len([one for one in sent if moment - one < stretch]) >= most for most, stretch in LIMITS)


def test_eight_at_once_wait_for_the_second_to_pass() -> None:
    pace = Pace(HandClock(START))
    assert [pace.take("a") for _ in range(7)] == [timedelta(0)] * 7
    assert timedelta(seconds=1) < pace.take("a") < timedelta(seconds=1.01)
    assert pace.take("another conversation") == timedelta(0)


def test_an_hour_takes_eighteen_hundred() -> None:
    clock = HandClock(START)
    pace = Pace(clock)
    for _ in range(1800):
        assert not pace.take("a")
        clock.move_to(clock.now() + timedelta(seconds=1.9))
    assert timedelta(minutes=2) < pace.take("a") <= timedelta(minutes=3, seconds=1)


def test_a_conversation_that_has_been_silent_is_forgotten() -> None:
    clock = HandClock(START)
    pace = Pace(clock)
    for number in range(100):
        pace.take(f"chat {number}")
    clock.move_to(START + timedelta(hours=2))
    pace.take("a")
    assert list(pace._sent) == ["a"]
