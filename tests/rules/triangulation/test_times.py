"""Which sessions a visit has, what may be moved today, and what counts as asking for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from handlers.errors import Refusal
from handlers.triangulation.times import (
    AfterTheFeedback,
    AlreadySkipped,
    Move,
    NoSuchSession,
    NotSkipped,
    Plan,
    SessionIsOver,
    TimeComesTwice,
    TimeHasPassed,
    TimeIsTaken,
    TimeNeverComes,
    asks_to_move,
    check_movable,
    check_restorable,
    check_time,
    comes_twice,
    find_session,
    is_skipped_by_clock,
    names_a_time,
    plan_sessions,
    read_move,
)
from storage.records import Challenge, ChallengeId, PersonId, Session, SessionId, SessionState

LONDON = ZoneInfo("Europe/London")
TUESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)
EARLY = datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)


def t(wall: str) -> time:
    return time.fromisoformat(wall)


VISIT = Challenge(
    id=ChallengeId("c"),
    host="Anyshire",
    framework="local_system",
    first_day=TUESDAY,
    last_day=FRIDAY,
    zone="Europe/London",
    session_times=(t("10:45"), t("13:00"), t("16:15")),
    last_day_session_times=(t("09:00"), t("11:30")),
    catch_up_time=t("17:00"),
    created_by=PersonId("p"),
    created_at=EARLY,
)


def a_session(
    planned: str, day: date = TUESDAY, *, at: str = "", state: SessionState = SessionState.PLANNED
) -> Session:
    return Session(SessionId(f"{day} {planned}"), VISIT.id, day, t(planned), t(at or planned), state)


TODAY = [a_session("10:45"), a_session("13:00"), a_session("16:15")]

# ---------------------------------------------------------------- laying


def test_a_visit_of_four_days_has_three_sessions_a_day_and_its_own_on_the_last() -> None:
    plan = plan_sessions(VISIT, [], EARLY)
    assert len(plan.new) == 11
    assert [at for day, at in plan.new if day == FRIDAY] == [t("09:00"), t("11:30")]
    assert plan.gone == ()


def test_what_is_laid_already_is_not_laid_again() -> None:
    laid = [a_session(f"{at:%H:%M}", day) for day, at in plan_sessions(VISIT, [], EARLY).new]
    assert plan_sessions(VISIT, laid, EARLY) == Plan((), ())


def test_a_challenge_opened_in_the_middle_of_a_day_has_no_sessions_behind_it() -> None:
    plan = plan_sessions(VISIT, [], datetime(2026, 11, 24, 14, 0, tzinfo=LONDON))
    assert plan.new[0] == (TUESDAY, t("16:15"))


def test_new_times_replace_what_is_to_come_and_leave_what_was_held() -> None:
    held = a_session("10:45", state=SessionState.POSTED)
    laid = [held, a_session("13:00"), a_session("16:15", state=SessionState.SKIPPED)]
    changed = replace(VISIT, last_day=TUESDAY, first_day=TUESDAY, last_day_session_times=(t("13:00"), t("15:30")))
    plan = plan_sessions(changed, laid, datetime(2026, 11, 24, 12, 0, tzinfo=LONDON))
    assert plan.new == ((TUESDAY, t("15:30")),)
    assert [session.planned for session in plan.gone] == [t("16:15")]


def test_a_session_moved_today_is_not_doubled_by_a_new_time_at_the_same_minute() -> None:
    moved = a_session("13:00", at="13:30")
    one_day = replace(VISIT, last_day=TUESDAY, last_day_session_times=(t("13:00"), t("13:30")))
    assert plan_sessions(one_day, [moved], EARLY).new == ()


def test_a_challenge_that_is_over_has_no_sessions_to_come() -> None:
    plan = plan_sessions(replace(VISIT, ended_at=EARLY), TODAY, EARLY)
    assert (plan.new, plan.gone) == ((), tuple(TODAY))


# ---------------------------------------------------------------- finding and changing


def test_a_session_is_named_by_the_time_it_has_now_or_was_planned_for() -> None:
    moved = a_session("13:00", at="13:30")
    assert find_session([a_session("10:45"), moved], t("13:30")) is moved
    assert find_session([a_session("10:45"), moved], t("13:00")) is moved


def test_the_time_it_has_now_comes_first() -> None:
    moved, other = a_session("13:00", at="16:15"), a_session("16:15", at="17:00")
    assert find_session([moved, other], t("16:15")) is moved


def test_a_time_without_a_session_is_answered_with_todays_times() -> None:
    with pytest.raises(NoSuchSession, match=r"no 12:00 session today. Today’s are at 10:45, 13:00 and 16:15\."):
        find_session(TODAY, t("12:00"))
    with pytest.raises(NoSuchSession, match="There are no peer team sessions today"):
        find_session([], t("12:00"))


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (SessionState.POSTED, SessionIsOver),
        (SessionState.MISSED, SessionIsOver),
        (SessionState.SKIPPED, AlreadySkipped),
    ],
)
def test_only_a_session_to_come_can_be_moved_or_skipped(state: SessionState, refusal: type[Refusal]) -> None:
    check_movable(a_session("13:00"))
    with pytest.raises(refusal):
        check_movable(a_session("13:00", state=state))


@pytest.mark.parametrize(
    ("state", "refusal"),
    [(SessionState.POSTED, SessionIsOver), (SessionState.MISSED, SessionIsOver), (SessionState.PLANNED, NotSkipped)],
)
def test_only_a_skipped_session_can_be_held_after_all(state: SessionState, refusal: type[Refusal]) -> None:
    check_restorable(a_session("13:00", state=SessionState.SKIPPED))
    with pytest.raises(refusal):
        check_restorable(a_session("13:00", state=state))


def check(session: Session, to: str, *, now: datetime = EARLY, today: list[Session] = TODAY) -> None:
    check_time(session, t(to), today=today, challenge=VISIT, feedback=t("14:00"), now=now)


def test_a_session_can_be_moved_later_and_earlier() -> None:
    check(TODAY[1], "13:30")
    check(TODAY[1], "12:30")


def test_it_cannot_be_moved_into_the_past() -> None:
    for to in ("08:59", "09:00"):
        with pytest.raises(TimeHasPassed):
            check(TODAY[1], to)


def test_it_cannot_be_moved_onto_another_unless_that_is_skipped() -> None:
    with pytest.raises(TimeIsTaken):
        check(TODAY[1], "16:15")
    skipped = replace(TODAY[2], state=SessionState.SKIPPED)
    check(TODAY[1], "16:15", today=[*TODAY[:2], skipped])


def test_no_session_follows_the_final_feedback() -> None:
    with pytest.raises(AfterTheFeedback):
        check(a_session("11:30", FRIDAY), "14:00", today=[])
    check(a_session("11:30", FRIDAY), "13:45", today=[])


def test_a_time_in_the_spring_gap_is_refused_and_one_in_the_autumn_fold_is_asked_about() -> None:
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    now = datetime(2027, 3, 1, tzinfo=UTC)
    with pytest.raises(TimeNeverComes):
        check(a_session("13:00", spring), "01:30", now=now, today=[])
    with pytest.raises(TimeComesTwice, match="Which do you mean"):
        check(a_session("13:00", autumn), "01:30", now=now, today=[])


@pytest.mark.parametrize(
    ("local", "never", "twice"),
    [
        ("2027-03-28T00:59", False, False),
        ("2027-03-28T01:00", True, False),
        ("2027-03-28T01:59", True, False),
        ("2027-03-28T02:00", False, False),
        ("2027-10-31T00:59", False, False),
        ("2027-10-31T01:00", False, True),
        ("2027-10-31T01:59", False, True),
        ("2027-10-31T02:00", False, False),
    ],
)
def test_the_edges_of_the_clock_changes_are_known_to_the_minute(local: str, *, never: bool, twice: bool) -> None:
    moment = datetime.fromisoformat(local)
    assert (is_skipped_by_clock(moment, LONDON), comes_twice(moment, LONDON)) == (never, twice)


# ---------------------------------------------------------------- asking


@pytest.mark.parametrize(
    "words",
    ["13:00 to 13:30", "1pm to half 1", "the 13:00 session to 13.30 today", "13:00 to 1.30pm please", "1 to 1.30"],
)
def test_a_move_is_read_as_people_say_it(words: str) -> None:
    assert read_move(words) == Move(t("13:00"), t("13:30"))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "on from the past",
        "money to prevention",
        "13:00",
        "13:00 to",
        "to 13:30",
        "13:00 to a better model of care",
        "to 7-day working is welcomed",
        "people closer to home",
        "13:00 to 13:30 and tell the chief executive",
    ],
)
def test_a_finding_that_begins_with_move_is_not_a_move(words: str) -> None:
    assert not asks_to_move(words)


@pytest.mark.parametrize("words", ["16:15", "the 4.15 session", "quarter past 4", "16:15 today", "the 16:15"])
def test_a_session_is_named_as_people_name_it(words: str) -> None:
    assert names_a_time(words)


@pytest.mark.parametrize(
    "words", ["", "meals because of workload", "the queue", "generation", "lunch", "16:15 and 17:00", "today"]
)
def test_a_finding_that_begins_with_skip_is_not_a_skip(words: str) -> None:
    assert not names_a_time(words)


def test_a_hostile_text_is_refused_at_once() -> None:
    hostile = "the session today " * 6000
    assert not asks_to_move(hostile)
    assert not names_a_time(hostile)
