"""Until when a challenge is kept, who may have it destroyed, and what the certificate says of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from handlers.disposal.certificate import ELSEWHERE, Certificate, Databases, certify
from handlers.disposal.rules import (
    MayNotConfirm,
    SamePerson,
    Unclear,
    check_second_person,
    check_until,
    days_left_said,
    host_is,
    is_awake,
    reminders_of,
    why_that_day,
)
from handlers.keeping import usual_day
from storage.records import AccountId, ChallengeId, Disposal, DisposalStep, PersonId, Role, Tally
from tests.rules.destruction.test_destruction_rules import CHALLENGE, TOM

MANAGER, LEAD, PEER = PersonId("manager"), PersonId("lead"), PersonId("peer")
SIGNED_OFF = datetime(2026, 12, 4, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("signed_off_at", "day", "why"),
    [
        (None, date(2027, 2, 25), "90 days after the visit"),
        (SIGNED_OFF, date(2027, 1, 1), "28 days after sign-off"),
        (SIGNED_OFF + timedelta(days=80), date(2027, 2, 25), "90 days after the visit"),
    ],
)
def test_the_day_is_the_earlier_of_two(signed_off_at: datetime | None, day: date, why: str) -> None:
    challenge = replace(CHALLENGE, signed_off_at=signed_off_at)
    assert usual_day(challenge) == day
    assert why_that_day(challenge, day) == why
    assert why_that_day(challenge, day + timedelta(days=1)) == "extended, with a reason"


@pytest.mark.parametrize(
    ("until", "said"), [(date(2027, 1, 1), "already"), (date(2026, 12, 25), "already"), (date(2028, 1, 2), "a year")]
)
def test_it_is_extended_to_a_later_day_within_a_year(until: date, said: str) -> None:
    with pytest.raises(Unclear, match=said):
        check_until(until, now_until=date(2027, 1, 1), today=date(2026, 12, 5))
    check_until(date(2027, 1, 2), now_until=date(2027, 1, 1), today=date(2026, 12, 5))


@pytest.mark.parametrize(
    ("person", "role", "is_appointed", "refusal"),
    [
        (LEAD, Role.LEAD_PEER, False, None),
        (LEAD, Role.CHALLENGE_MANAGER, False, None),
        (PEER, None, True, None),
        (PEER, Role.PEER, False, MayNotConfirm),
        (PEER, None, False, MayNotConfirm),
        (MANAGER, Role.CHALLENGE_MANAGER, True, SamePerson),
    ],
)
def test_the_second_person_is_another_and_may(
    person: PersonId, role: Role | None, is_appointed: bool, refusal: type[Exception] | None
) -> None:
    seat = replace(TOM, person_id=person, role=role) if role else None
    if refusal is None:
        check_second_person(MANAGER, person, seat, is_appointed=is_appointed)
        return
    with pytest.raises(refusal):
        check_second_person(MANAGER, person, seat, is_appointed=is_appointed)


def test_somebody_removed_confirms_nothing_nor_anybody_when_the_asker_is_unknown() -> None:
    removed = replace(TOM, person_id=LEAD, role=Role.LEAD_PEER, removed_at=SIGNED_OFF)
    with pytest.raises(MayNotConfirm):
        check_second_person(MANAGER, LEAD, removed, is_appointed=False)
    with pytest.raises(SamePerson):
        check_second_person(None, LEAD, removed, is_appointed=True)


@pytest.mark.parametrize(
    ("typed", "is_it"), [("Anyshire ICS", True), ("  anyshire   ics", True), ("Anyshire", False), ("", False)]
)
def test_the_hosts_name_is_typed_out(typed: str, is_it: bool) -> None:
    assert host_is(CHALLENGE, typed) is is_it


def test_reminders_and_what_they_say() -> None:
    assert [local.date() for _, local in reminders_of(date(2027, 1, 1))] == [
        date(2026, 12, 18), date(2026, 12, 29), date(2027, 1, 1),
    ]  # fmt: skip
    by = date(2027, 1, 1)
    said = [days_left_said(by, by + timedelta(days=days)) for days in (-14, -1, 0, 1, 7)]
    assert said == ["in 14 days", "in 1 day", "today", "1 day ago", "7 days ago"]


def test_who_pressed_half_an_hour_ago_is_awake() -> None:
    assert is_awake(SIGNED_OFF, SIGNED_OFF + timedelta(minutes=30))
    assert not is_awake(SIGNED_OFF, SIGNED_OFF + timedelta(minutes=31))


def disposal(**values: Any) -> Disposal:
    made = Disposal(
        ChallengeId("c"), AccountId("a"), "Challenge manager, MO", SIGNED_OFF,
        confirmed_by=AccountId("b"), confirmed_as="Lead peer, RC", confirmed_at=SIGNED_OFF,
    )  # fmt: skip
    return replace(made, **values)


def certified(about: Disposal, *, records_in_file: bool = True, keys_in_file: bool = True) -> Certificate:
    return certify(CHALLENGE, about, Databases(records_in_file, keys_in_file))


def test_the_certificate_is_one_only_when_everything_is_done() -> None:
    half = certified(disposal(done={DisposalStep.STOP: SIGNED_OFF}))
    assert (half.is_done, half.title) == (False, "Destruction under way")
    assert [said for _, said in half.steps] == ["4 December 2026 at 23:30", *["not yet"] * 6]
    whole = certified(disposal(done=dict.fromkeys(DisposalStep, SIGNED_OFF)))
    assert (whole.is_done, whole.title) == (True, "Certificate of destruction")


UNTIL_MONDAY = (
    "2 people are still to be told; how they are reached is kept for that, until 7 December 2026 at 23:30 at most"
)


@pytest.mark.parametrize(
    ("steps", "tally", "still_to_tell", "said"),
    [
        (3, Tally(), 0, "not yet"),
        (6, Tally(), 0, "nobody else was to be told"),
        (
            6, Tally(telling=5), 2,
            UNTIL_MONDAY,
        ),
        (
            6, Tally(telling=1), 0,
            "1 person told, as far as they can be; how they were reached is deleted within minutes",
        ),
        (7, Tally(telling=5, told=4), 0, "4 December 2026 at 23:30; 4 of 5 people are known to have been told"),
    ],
)  # fmt: skip
def test_the_certificate_says_who_is_still_to_be_told_and_what_is_kept_for_that(
    steps: int, tally: Tally, still_to_tell: int, said: str
) -> None:
    about = disposal(done=dict.fromkeys(list(DisposalStep)[:steps], SIGNED_OFF), tally=tally)
    certificate = certify(CHALLENGE, about, Databases(True, True), still_to_tell=still_to_tell)
    assert certificate.steps[-1] == ("The rest of the team told, and how they are reached deleted", said)
    assert certificate.is_done is (steps >= 6)


def test_every_place_that_baseroom_cannot_reach_has_somebody_who_must_act() -> None:
    certificate = certified(disposal())
    assert len(certificate.elsewhere) == len(ELSEWHERE) + 2
    assert all(where and who for where, who in certificate.elsewhere)
    said = str(certificate.elsewhere)
    for place in ("typed themselves", "e-mails", "phones", "eDiscovery", "AI features", "Snapshots", "workbooks"):
        assert place in said


def test_when_the_last_backup_expires_is_said_where_it_is_known() -> None:
    assert "not known to Baseroom" in certified(disposal()).elsewhere[0][1]
    known = certified(disposal(tally=Tally(backup_days=30)))
    assert "the last one expires on Sunday 3 January 2027" in known.elsewhere[0][1]


def test_backups_with_the_chats_of_those_still_to_be_told_count_too() -> None:
    done = dict.fromkeys(list(DisposalStep)[:6], SIGNED_OFF)
    for telling, last in ((0, "Sunday 3 January 2027"), (5, "Wednesday 6 January 2027")):
        about = disposal(done=done, tally=Tally(backup_days=30, telling=telling))
        assert last in certified(about).elsewhere[0][1]
    told = {**done, DisposalStep.FORGET: SIGNED_OFF + timedelta(days=1)}
    about = disposal(done=told, tally=Tally(backup_days=30, telling=5))
    assert "Monday 4 January 2027" in certified(about).elsewhere[0][1]


def test_what_the_platform_refused_is_counted_by_its_own_word() -> None:
    tally = Tally(posts=40, refused={"cant_delete_message": 2, "not connected": 1})
    deleted = dict(certified(disposal(tally=tally)).numbers)["Posts and files deleted"]
    assert deleted == "40; 2 refused by the platform (cant_delete_message); 1 refused by the platform (not connected)"


def test_only_of_sqlites_file_is_it_said_that_nothing_sealed_is_left_in_it() -> None:
    own, shared = certified(disposal()), certified(disposal(), records_in_file=False)
    assert "not even sealed words" in str(own.steps)
    assert "not even sealed words" not in str(shared.steps)
    assert "freed, to be written over by PostgreSQL" in str(shared.steps)
    assert "PostgreSQL’s files, write-ahead log and replicas" in str(shared.elsewhere)
    assert "PostgreSQL" not in str(own)


def test_only_of_sqlites_keys_is_it_said_that_their_backup_lost_the_key_too() -> None:
    own, shared = certified(disposal()), certified(disposal(), keys_in_file=False)
    assert "and in the keys’ own backup" in str(own.steps)
    assert "own backup" not in str(shared.steps)
    assert "from which the key could be brought back" in str(shared.elsewhere)
