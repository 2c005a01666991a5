"""What a code is, which seat stays, and when two people cannot be one."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall

import pytest

from handlers.access import Seat
from handlers.checkins.rules import joined_reply
from handlers.linking.rules import (
    CODE_LENGTH,
    LETTERS,
    NotesAreAsked,
    OneWasRemoved,
    code_said,
    gives_away,
    is_code,
    is_link,
    is_within,
    pairs_of,
    parts_of,
    read_code,
)
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

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def a_seat(
    challenge: str = "c1", initials: str = "PN", role: Role = Role.PEER, added_at: datetime = NOW, **changed: datetime
) -> Seat:
    visit = Challenge(
        ChallengeId(challenge), "Anyshire ICS", "local_system", date(2026, 11, 24), date(2026, 11, 27), "Europe/London",
        (), (), wall(17), PersonId("p"), NOW,
    )  # fmt: skip
    of_challenge = {name: value for name, value in changed.items() if name in ("signed_off_at", "ended_at")}
    of_member = {name: value for name, value in changed.items() if name not in of_challenge}
    member = Member(
        MemberId(f"{challenge}{initials}"), visit.id, PersonId(initials), "Priya Nair", initials, role, role.value,
        added_at,
    )  # fmt: skip
    return Seat(replace(visit, **of_challenge), replace(member, **of_member))  # type: ignore[arg-type]  # by name


# ---------------------------------------------------------------- codes


def test_a_code_is_read_as_it_is_said() -> None:
    code = LETTERS[:CODE_LENGTH]
    for typed in (code_said(code), code.lower(), f" {code[:4]} {code[4:]} ", code_said(code).replace("-", "–")):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "ABCD", "BCDF-GHJ1", "BCDF-GHJA", "BCDF-GHJKM", "x" * 100_000])
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


@pytest.mark.parametrize("args", ["", "BCDF-GHJK", "bcdf ghjk", "abcd-1234", "BCDF–GHJK"])
def test_what_is_meant_as_a_code_is_taken_for_one(args: str) -> None:
    assert is_code(args)


@pytest.mark.parametrize("args", ["workers", "road plan", "between health and housing", "roadside", "work long"])
def test_a_finding_about_links_is_not(args: str) -> None:
    assert not is_code(args)


@pytest.mark.parametrize("args", ["", "PN and PN2", "PN = @Priya Nair", "@a @b", "PN, TS"])
def test_the_managers_line_is_two_people(args: str) -> None:
    assert is_link(args)


@pytest.mark.parametrize("args", ["between wards and care", "PN", "PN and PN2 and TS", "workers and volunteers meet"])
def test_other_words_are_not(args: str) -> None:
    assert not is_link(args)


def test_a_line_is_read_into_two() -> None:
    assert parts_of("PN and PN2") == parts_of("PN PN2") == ("PN", "PN2")
    assert parts_of("PN = @Priya Nair") == ("PN", "@Priya Nair")


@pytest.mark.parametrize("read", [is_code, is_link, read_code, parts_of])
def test_a_hostile_line_is_read_quickly(read: object) -> None:
    for piece in ("@", " and ", "A ", "BCDF-", " " * 7):
        started = time.perf_counter()
        read(piece * 20_000)  # type: ignore[operator]  # each of the four takes a line
        assert time.perf_counter() - started < 0.2


# ---------------------------------------------------------------- two seats


def test_the_older_seat_is_kept_with_the_greater_role_and_the_first_agreement() -> None:
    old = a_seat(initials="PN2", agreed_at=LATER)
    young = a_seat(initials="PN", role=Role.LEAD_PEER, added_at=LATER, agreed_at=NOW)
    for pair in (*pairs_of([old], [young]), *pairs_of([young], [old])):
        assert (pair.kept.member.initials, pair.leading.role, pair.agreed_at) == ("PN2", Role.LEAD_PEER, NOW)


def test_of_two_seats_given_at_once_the_plainer_initials_stay() -> None:
    [pair] = pairs_of([a_seat(initials="PN2")], [a_seat(initials="PN")])
    assert pair.kept.member.initials == "PN"


def test_a_seat_that_was_taken_away_is_not_given_back() -> None:
    with pytest.raises(OneWasRemoved):
        pairs_of([a_seat()], [a_seat(initials="PN2", removed_at=NOW)])
    assert pairs_of([a_seat(removed_at=NOW)], [a_seat(initials="PN2", removed_at=NOW)])


def test_after_sign_off_two_seats_stay_two_and_on_a_challenge_that_is_over_they_are_left_alone() -> None:
    with pytest.raises(NotesAreAsked):
        pairs_of([a_seat(signed_off_at=NOW)], [a_seat(initials="PN2", signed_off_at=NOW)])
    over = {"signed_off_at": NOW, "ended_at": NOW}
    assert pairs_of([a_seat(**over)], [a_seat(initials="PN2", **over)]) == []  # type: ignore[arg-type]  # by name


def test_somebody_with_nothing_of_their_own_gives_nothing_away() -> None:
    assert not gives_away([], [a_seat()])
    assert gives_away([a_seat("c2")], [a_seat()])
    assert gives_away([a_seat(initials="PN2")], [a_seat()])


def test_a_manager_links_within_what_they_manage() -> None:
    assert is_within([a_seat("c1"), a_seat("c2")], [ChallengeId("c1"), ChallengeId("c2")])
    assert not is_within([a_seat("c1"), a_seat("c2")], [ChallengeId("c1")])


# ---------------------------------------------------------------- two replies


def reply(member: str, at: datetime | None, **answers: str) -> CheckInReply:
    return CheckInReply(CheckInId("k"), ChallengeId("c1"), MemberId(member), answers, 1, at)


def test_two_replies_become_one_and_no_word_of_either_is_lost() -> None:
    questions = (Question("worries", "Worries?"), Question("lead", "Lead on?", "choice", ("Money", "Vision")))
    check_in = CheckIn(CheckInId("k"), ChallengeId("c1"), "Before", questions, LATER, NOW, MemberId("mo"))
    mine = reply("pn", LATER, worries="The timetable", lead="Vision")
    theirs = reply("pn2", NOW, worries="Thin on finance", lead="Money")
    joined = joined_reply(check_in, mine, theirs)
    assert joined.answers == {"worries": "Thin on finance\nThe timetable", "lead": "Vision"}
    assert (joined.member_id, joined.answered_at, joined.version) == (MemberId("pn"), LATER, 2)
    half_filled_in = joined_reply(check_in, reply("pn", None, worries="Half"), theirs)
    assert half_filled_in.answered_at == NOW
    assert half_filled_in.answers["lead"] == "Money"
