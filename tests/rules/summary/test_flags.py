"""What in the manager's wording could point at somebody."""

from datetime import UTC, date, datetime

import pytest

from handlers.summary.flags import flags_in, flags_of
from storage.records import (
    ChallengeId,
    Member,
    MemberId,
    PersonId,
    Role,
    Summary,
    SummaryId,
    SummaryLine,
    SummaryState,
)
from tests.timing import at_best

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
CHALLENGE = ChallengeId("c1")


def a_member(name: str, initials: str) -> Member:
    return Member(MemberId(initials), CHALLENGE, PersonId(initials), name, initials, Role.PEER, "", NOW)


ROSTER = [
    a_member("Priya Nair", "PN"),
    a_member("Grace Mbeki", "GM"),
    a_member("Will Young", "WY"),
    a_member("Jo Sandford-Pryce", "JS2"),
    a_member("Zoë Ørsted", "ZO"),
]


def found(wording: str) -> list[str]:
    return [flag.found for flag in flags_in(wording, ROSTER)]


@pytest.mark.parametrize(
    ("wording", "flagged"),
    [
        ("Priya heard this", ["Priya"]),
        ("as PRIYA’s notes say", ["PRIYA"]),
        ("heard by Priya Nair twice", ["Priya Nair", "Priya", "Nair"]),
        ("Zoe and Sandford agree", ["Zoe", "Sandford"]),
        ("They will act with grace while they are young", []),
        ("Will said so with Grace", ["Will", "Grace"]),
        ("Jo is too short to be told from a word", []),
        ("GM and JS2 heard it", ["GM", "JS2"]),
        ("the gm of things, and PNX", []),
        ("See #12 and #3", ["#12", "#3"]),
        ("The chief executive is clear", ["chief executive"]),
        ("The Deputy Chief Executive's view", ["Deputy Chief Executive"]),
        ("Chief executives across the system agree", []),
        ("Leadership is shared, and leaders meet", []),
        ("The leader of the council agrees", ["The leader of the council"]),
        ("so the leader tells us", ["the leader"]),
        ("The director of public health leads", ["director of public health"]),
        ("Directors meet monthly", []),
        ("The Head of Commissioning left", ["Head of Commissioning"]),
        ("ahead of time, heads of service", []),
        ("The Chair thinks so", ["Chair"]),
        ("The section 151 officer and the CFO", ["section 151 officer", "CFO"]),
        ("Cllr Hart and Dr Osei spoke; we miss the point", ["Cllr Hart", "Dr Osei"]),
        ("write to a.person@council.example today", ["a.person@council.example"]),
        ("ring 01632 960 123 or +44 (0)1632 960124", ["01632 960 123", "+44 (0)1632 960124"]),
        ("in 2026, 24-27 November, 10:30", []),
        ("", []),
    ],
)
def test_what_points_at_somebody_is_flagged_and_nothing_else(wording: str, flagged: list[str]) -> None:
    assert sorted(found(wording)) == sorted(flagged)


def a_page(*wordings: str, note: str = "", count: int = 3, theme: str = "Vision") -> Summary:
    lines = tuple(SummaryLine("t1", "🧭", theme, None, count, "", wording) for wording in wordings)
    return Summary(SummaryId("s"), CHALLENGE, date(2026, 11, 24), 1, SummaryState.DRAFT, lines, note, NOW)


def own_words(page: Summary, *heard: str) -> list[str]:
    return [flag.found for flag in flags_of(page, [], heard) if flag.why == "somebody’s own words"]


def test_six_words_in_a_row_of_a_finding_are_somebodys_own() -> None:
    finding = "Nobody could tell us who decides about money in this place"
    page = a_page("We heard that nobody could tell us who DECIDES, about money.")
    assert own_words(page, finding) == ["nobody could tell us who DECIDES, about money"]
    assert own_words(a_page("nobody could tell us who owns it"), finding) == []


def test_a_short_finding_is_known_as_a_whole() -> None:
    page = a_page("Some said money is always late here.")
    assert own_words(page, "Money is always late") == ["money is always late"]
    assert own_words(page, "Always late") == []


def test_own_words_in_the_note_count_too() -> None:
    assert own_words(a_page("", note="money is always late"), "Money is always late") == ["money is always late"]


def test_wording_without_a_finding_behind_it_is_flagged() -> None:
    (flag,) = flags_of(a_page("Words that lost their finding.", count=0), [], [])
    assert (flag.found, flag.why) == ("Vision", "wording that no finding stands behind any more")


def test_a_page_that_points_at_nobody_has_no_flags() -> None:
    assert (
        flags_of(a_page("Records of decisions could say more.", note="Thank you."), ROSTER, ["Minutes are thin"]) == ()
    )


HOSTILE = ["a" * 100_000, "1" * 100_000, "(" * 100_000, "1(" * 50_000, "@" * 100_000, "a@" * 50_000, "#" * 100_000,
           "chief " * 16_000, "é" * 100_000, "Dr " * 33_000]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE, ids=[text[:2] for text in HOSTILE])
def test_hostile_wording_takes_no_time(hostile: str) -> None:
    assert at_best(lambda: flags_in(hostile, ROSTER)) < 0.4


def test_a_thousand_findings_are_compared_at_once() -> None:
    heard = [f"Finding {number} says that the board reads the risk register at every one of its meetings" * 2
             for number in range(1000)]  # fmt: skip
    page = a_page(*["Records of decisions could say more about who decides. " * 8] * 12)
    assert at_best(lambda: flags_of(page, ROSTER, heard)) < 0.2
