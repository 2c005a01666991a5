"""What a check-in understands of what people type, and whom it reminds."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from handlers.checkins.rules import (
    Unclear,
    default_by,
    may_be_reminded,
    read_answer,
    read_by,
    read_questions,
    reminder_times,
    standing_of,
    tomorrow_at_ten,
    with_answers,
)
from handlers.frameworks import Framework, load_frameworks
from storage.records import (
    Challenge,
    ChallengeId,
    CheckIn,
    CheckInId,
    CheckInReply,
    Member,
    MemberId,
    PersonId,
    Question,
    Role,
)
from tests.timing import at_best

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
FRAMEWORK = load_frameworks()["local_system"]
CHALLENGE = Challenge(
    ChallengeId("c"), "Anyshire ICS", "local_system", date(2026, 11, 24), date(2026, 11, 27), "Europe/London", (), (),
    time(17), PersonId("p"), NOW,
)  # fmt: skip
CHECK_IN = CheckIn(
    CheckInId("k"), CHALLENGE.id, "", (Question("worry", "?"), Question("call_time", "?", "time")),
    by=datetime(2026, 11, 20, 17, 0, tzinfo=UTC), sent_at=NOW, sent_by=MemberId("mina"),
)  # fmt: skip
REPLY = CheckInReply(CHECK_IN.id, CHALLENGE.id, MemberId("priya"))


@pytest.mark.parametrize("framework", load_frameworks().values(), ids=lambda one: one.key)
def test_every_framework_can_be_sent_as_it_stands(framework: Framework) -> None:
    typed = "\n".join(question.text for question in framework.checkin)
    assert [one.key for one in read_questions(typed, framework)] == [one.key for one in framework.checkin]


def test_bullets_and_repeated_questions_make_no_difference() -> None:
    read = read_questions("- Who drives?\n2. Who drives?\n\n* Who drives? ", FRAMEWORK)
    assert [question.text for question in read] == ["Who drives?"]


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ("Friday", datetime(2026, 11, 20, 17, 0, tzinfo=UTC)),
        ("23 Nov at 5pm", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("tomorrow noon", datetime(2026, 11, 17, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_date_by_which(typed: str, by: datetime) -> None:
    assert read_by(typed, challenge=CHALLENGE, now=NOW) == by


def test_summer_time_is_the_hosts() -> None:
    summer = replace(CHALLENGE, first_day=date(2026, 7, 14), last_day=date(2026, 7, 16))
    by = read_by("10 July 2026", challenge=summer, now=datetime(2026, 7, 1, tzinfo=UTC))
    assert by == datetime(2026, 7, 10, 16, 0, tzinfo=UTC)


def test_the_usual_date_moves_up_when_it_is_over_and_goes_when_it_is_too_late() -> None:
    assert default_by(CHALLENGE, FRAMEWORK, NOW) == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    late = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    assert default_by(CHALLENGE, FRAMEWORK, late) == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert default_by(CHALLENGE, FRAMEWORK, late + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("first_day", "today", "proposed"),
    [
        ("2026-11-24", "2026-11-16", "2026-11-20"),  # three days before is a Saturday: the Friday
        ("2026-11-25", "2026-11-16", "2026-11-20"),  # a Sunday: the Friday
        ("2026-11-26", "2026-11-16", "2026-11-23"),  # a Monday
        ("2026-11-24", "2026-11-20", "2026-11-23"),  # the Friday is today: the Monday, which is still before the visit
        ("2026-11-25", "2026-11-20", "2026-11-23"),
        ("2026-11-23", "2026-11-20", None),  # only the weekend is left: the manager says
    ],
)
def test_the_usual_date_is_a_working_day(first_day: str, today: str, proposed: str | None) -> None:
    challenge = replace(CHALLENGE, first_day=date.fromisoformat(first_day))
    by = default_by(challenge, FRAMEWORK, datetime.fromisoformat(f"{today}T10:00+00:00"))
    assert (str(by.date()) if by else None) == proposed


def test_reminders_are_two_days_before_the_day_before_and_on_the_day() -> None:
    days = [str(at) for at in reminder_times(CHECK_IN, CHALLENGE.tz).values()]
    assert days == ["2026-11-18 10:00:00", "2026-11-19 10:00:00", "2026-11-20 10:00:00"]
    early = replace(CHECK_IN, sent_at=datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
    assert [str(at) for at in reminder_times(early, CHALLENGE.tz).values()] == ["2026-11-20 10:00:00"]
    before_ten = replace(early, by=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    assert reminder_times(before_ten, CHALLENGE.tz) == {}


@pytest.mark.parametrize(
    ("changed", "may"),
    [
        ({}, True),
        ({"answered_at": NOW}, False),
        ({"reminded_at": NOW - timedelta(hours=2)}, False),
        ({"reminded_at": NOW - timedelta(days=1)}, True),
        ({"remind_at": NOW + timedelta(days=1)}, False),
        ({"remind_at": NOW}, True),
    ],
)
def test_who_may_be_reminded(changed: dict[str, datetime], may: bool) -> None:
    assert may_be_reminded(replace(REPLY, **changed), NOW, CHALLENGE.tz) is may  # type: ignore[arg-type]  # by name


def test_tomorrow_is_at_ten_on_the_hosts_clock() -> None:
    assert str(tomorrow_at_ten(NOW, CHALLENGE)) == "2026-11-17 10:00:00"


def test_the_manager_and_those_who_left_are_not_missing() -> None:
    peer = Member(MemberId("a"), CHALLENGE.id, PersonId("a"), "Aled", "AP", Role.PEER, "", NOW)
    lead = replace(peer, id=MemberId("b"), name="Ruth", role=Role.LEAD_PEER)
    manager = replace(peer, id=MemberId("c"), role=Role.CHALLENGE_MANAGER)
    left = replace(peer, id=MemberId("d"), removed_at=NOW)
    standing = standing_of([lead, manager, left, peer], {peer.id: replace(REPLY, answered_at=NOW)})
    assert [member.name for member in standing.asked] == ["Aled", "Ruth"]
    assert [member.name for member in standing.missing] == ["Ruth"]
    assert standing.in_numbers == "1 of 2 answered"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Thursday 4 pm", "Thursday 19 November 2026 at 16:00"),
        ("Thurs 4pm or Fri 9am", "Thursday 19 November 2026 at 16:00 or Friday 20 November 2026 at 09:00"),
        ("Thursday afternoon", "Thursday 19 November 2026, afternoon"),
        ("any time, I am on leave", "any time, I am on leave"),
        ("", ""),
    ],
)
def test_a_time_keeps_its_date(typed: str, kept: str) -> None:
    question = Question("call_time", "?", "time")
    assert read_answer(question, typed, now=NOW, zone=CHALLENGE.tz) == kept
    assert read_answer(question, kept, now=NOW + timedelta(days=2), zone=CHALLENGE.tz) == kept


def test_a_choice_takes_only_its_options() -> None:
    question = Question("read", "?", "choice", ("None", "All"))
    assert read_answer(question, "All", now=NOW, zone=CHALLENGE.tz) == "All"
    with pytest.raises(Unclear):
        read_answer(question, "Some", now=NOW, zone=CHALLENGE.tz)


def test_an_agreed_call_stands_until_the_peer_offers_other_times() -> None:
    agreed = replace(REPLY, answers={"call_time": "Thursday"}, call_at=NOW, call_agreed_at=NOW)
    assert with_answers(agreed, CHECK_IN, {"worry": "none"}, NOW).call_at == NOW
    assert with_answers(agreed, CHECK_IN, {"call_time": "Friday"}, NOW).call_at is None
    named_by_the_manager = replace(REPLY, call_at=NOW, call_agreed_at=NOW)
    assert with_answers(named_by_the_manager, CHECK_IN, {"call_time": "as agreed"}, NOW).call_at == NOW


@pytest.mark.parametrize("piece", ["or ", "- ", "1. ", "Thursday or ", ";", "\n", " "])
def test_adversarial_text_is_read_quickly(piece: str) -> None:
    hostile = piece * (100_000 // len(piece))

    def read() -> None:
        with suppress(Unclear):
            read_questions(hostile, FRAMEWORK)

    assert at_best(read, runs=2) < 0.5
