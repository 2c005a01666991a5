"""Who is asked to destroy their notes, when they are reminded, and how the register stands."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from handlers.destruction.rules import (
    TooLateToTakeBack,
    Unclear,
    VisitNotOver,
    check_may_sign_off,
    check_may_take_back,
    holds_notes,
    may_be_reminded,
    next_reminder,
    progress_of,
    read_sign_off,
)
from storage.records import Challenge, ChallengeId, Member, MemberId, NoteDestruction, PersonId, Role

NOW = datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
CHALLENGE = Challenge(
    ChallengeId("c"), "Anyshire ICS", "local_system", date(2026, 11, 24), date(2026, 11, 27), "Europe/London", (), (),
    time(17), PersonId("p"), NOW,
)  # fmt: skip
TOM = Member(MemberId("tom"), CHALLENGE.id, PersonId("tom"), "Tom", "TS", Role.PEER, "", NOW)
MINA = replace(TOM, id=MemberId("mina"), name="Mina", role=Role.CHALLENGE_MANAGER)
NOTEBOOK = NoteDestruction(CHALLENGE.id, TOM.id, "notebook", NOW - timedelta(days=2))
DEVICES = replace(NOTEBOOK, item="devices")


@pytest.mark.parametrize(
    ("member", "holds"),
    [
        (TOM, True),
        (MINA, True),
        (replace(TOM, removed_at=datetime(2026, 11, 25, tzinfo=UTC)), True),
        (replace(TOM, removed_at=datetime(2026, 11, 10, tzinfo=UTC)), False),
        (replace(TOM, removed_at=datetime(2026, 11, 10, tzinfo=UTC), agreed_at=NOW), True),
    ],
    ids=["a peer", "the manager", "left on site", "added by mistake", "agreed and left before the visit"],
)
def test_who_holds_notes(member: Member, holds: bool) -> None:
    assert holds_notes(member, CHALLENGE) is holds


def test_somebody_is_done_when_every_item_is() -> None:
    minas = replace(NOTEBOOK, member_id=MINA.id, confirmed_at=NOW)
    half = progress_of([TOM, MINA], [replace(NOTEBOOK, confirmed_at=NOW), DEVICES, minas])
    assert (half.in_numbers, half.missing, half.is_done) == ("1 of 2", (TOM,), False)
    done = progress_of([TOM, MINA], [replace(NOTEBOOK, confirmed_at=NOW), minas])
    assert (done.in_numbers, done.is_done) == ("2 of 2", True)
    assert not progress_of([TOM, MINA], []).is_done


@pytest.mark.parametrize(
    ("changed", "may"),
    [
        ({}, True),
        ({"confirmed_at": NOW}, False),
        ({"asked_at": NOW}, False),
        ({"reminded_at": NOW - timedelta(hours=1)}, False),
        ({"reminded_at": NOW - timedelta(days=1)}, True),
    ],
)
def test_who_may_be_reminded(changed: dict[str, datetime], may: bool) -> None:
    row = replace(NOTEBOOK, **changed)  # type: ignore[arg-type]  # a field by its name
    assert may_be_reminded([row], CHALLENGE, NOW) is may


def test_a_reminder_is_at_ten_on_the_hosts_clock() -> None:
    assert str(next_reminder(CHALLENGE, NOW, timedelta(days=2))) == "2026-12-06 10:00:00"


def test_a_sign_off_is_today_or_an_earlier_day_after_the_visit() -> None:
    assert read_sign_off("today", challenge=CHALLENGE, now=NOW) == NOW
    assert read_sign_off("2 December", challenge=CHALLENGE, now=NOW) == datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
    for typed in ("5 December 2026", "26 November 2026", "soon"):
        with pytest.raises(Unclear):
            read_sign_off(typed, challenge=CHALLENGE, now=NOW)


def test_nobody_signs_off_before_the_last_day() -> None:
    with pytest.raises(VisitNotOver):
        check_may_sign_off(CHALLENGE, date(2026, 11, 26), None)
    check_may_sign_off(CHALLENGE, date(2026, 11, 27), None)


def test_a_sign_off_may_be_taken_back_for_a_day() -> None:
    signed = replace(CHALLENGE, signed_off_at=NOW)
    check_may_take_back([replace(NOTEBOOK, asked_at=NOW - timedelta(hours=24))], signed, NOW, None)
    with pytest.raises(TooLateToTakeBack):
        check_may_take_back([replace(NOTEBOOK, asked_at=NOW - timedelta(hours=25))], signed, NOW, None)
