"""What the client may read of a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.summary.rules import (
    FEW,
    VARIOUS,
    DayNotOnSite,
    DayNotRead,
    counts_differ,
    day_asked,
    draft_moments,
    drafted,
    is_a_day,
    reworded,
    sources_for_client,
)
from storage.records import Challenge, ChallengeId, Kind, PersonId, SourceType, Theme, ThemeId
from storage.summaries import SourceTally

CHALLENGE = Challenge(
    ChallengeId("c1"), "Anyshire ICS", "local_system", date(2026, 11, 24), date(2026, 11, 27), "Europe/London", (), (),
    time(17, 0), PersonId("p"), datetime(2026, 11, 1, tzinfo=UTC),
)  # fmt: skip
VISION = Theme(ThemeId("v"), CHALLENGE.id, "vision", "Vision", "Vision", "🧭", ("vision",), 0)
MONEY = Theme(ThemeId("m"), CHALLENGE.id, "money", "Money", "Money", "💷", ("money",), 1)
GOOD, BETTER = Kind.STRENGTH, Kind.IMPROVEMENT


def tally(theme: Theme | None, kind: Kind | None, count: int, source: SourceType | None = None) -> SourceTally:
    return SourceTally(theme.id if theme else None, kind, source, count)


def test_lines_stand_in_wall_order_and_what_is_unsorted_last() -> None:
    lines = drafted(
        [tally(None, None, 1), tally(MONEY, GOOD, 2), tally(VISION, None, 1), tally(VISION, BETTER, 1),
         tally(VISION, GOOD, 4)],
        [VISION, MONEY],
    )  # fmt: skip
    assert [(line.theme, line.kind, line.count) for line in lines] == [
        ("Vision", GOOD, 4),
        ("Vision", BETTER, 1),
        ("Vision", None, 1),
        ("Money", GOOD, 2),
        ("Other observations", None, 1),
    ]


def test_wording_follows_its_line_into_the_next_version() -> None:
    first = drafted([tally(VISION, GOOD, 1)], [VISION])
    worded = reworded(first, {("v", GOOD): "Shared aims."})
    renamed = replace(VISION, short="Direction")
    (line,) = drafted([tally(VISION, GOOD, 5)], [renamed], worded)
    assert (line.theme, line.count, line.wording) == ("Direction", 5, "Shared aims.")


def test_wording_is_not_lost_when_its_findings_are_withdrawn() -> None:
    worded = reworded(drafted([tally(VISION, GOOD, 1), tally(MONEY, GOOD, 1)], [VISION, MONEY]), {("v", GOOD): "Aims."})
    lines = drafted([], [VISION, MONEY], worded)
    assert [(line.theme, line.count, line.wording) for line in lines] == [("Vision", 0, "Aims.")]
    assert reworded(lines, {("v", GOOD): ""}) == ()


def test_a_merged_flip_chart_counts_with_the_one_it_was_merged_into() -> None:
    merged = replace(VISION, merged_into=MONEY.id)
    (line,) = drafted([tally(VISION, GOOD, 1), tally(MONEY, GOOD, 2)], [merged, MONEY])
    assert (line.theme, line.count) == ("Money", 3)


def test_a_change_of_wording_is_no_change_of_the_wall() -> None:
    lines = drafted([tally(VISION, GOOD, 1)], [VISION])
    assert not counts_differ(lines, reworded(lines, {("v", GOOD): "Aims."}))
    assert counts_differ(lines, drafted([tally(VISION, GOOD, 2)], [VISION]))


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({SourceType.INTERVIEW: 4, SourceType.FOCUS_GROUP: 3}, "1:1 (4), focus group (3)"),
        ({SourceType.INTERVIEW: 4, SourceType.FOCUS_GROUP: 2, SourceType.DOCUMENT: 1}, "1:1 (4), other sources (3)"),
        ({SourceType.INTERVIEW: 4, SourceType.FOCUS_GROUP: 2}, VARIOUS),
        ({SourceType.INTERVIEW: 4, None: 1}, VARIOUS),
        ({SourceType.INTERVIEW: 4, None: 3}, "1:1 (4), other sources (3)"),
        ({SourceType.INTERVIEW: 2, SourceType.DOCUMENT: 1}, VARIOUS),
        ({SourceType.INTERVIEW: 3}, "1:1 (3)"),
        ({SourceType.INTERVIEW: 2}, ""),
        ({SourceType.INTERVIEW: 1, SourceType.DOCUMENT: 1}, ""),
        ({}, ""),
    ],
)
def test_kinds_of_source_with_few_findings_are_merged(counts: Mapping[SourceType | None, int], shown: str) -> None:
    assert sources_for_client(counts) == shown


@given(st.dictionaries(st.sampled_from([*SourceType, None]), st.integers(1, 6)))
def test_no_kind_of_source_with_few_findings_can_be_made_out(counts: dict[SourceType | None, int]) -> None:
    shown = sources_for_client(counts)
    for kind, many in counts.items():
        if kind and many < FEW:
            assert kind.value not in shown.replace("other sources", "")
    numbers = [int(part.rpartition("(")[2].rstrip(")")) for part in shown.split(", ") if part.endswith(")")]
    assert all(number >= FEW for number in numbers)
    assert not numbers or sum(numbers) == sum(counts.values())


WEDNESDAY = datetime(2026, 11, 25, 10, 0)  # noqa: DTZ001  # the challenge's wall clock


@pytest.mark.parametrize(
    ("args", "day"),
    [
        ("", 25),
        ("today", 25),
        ("yesterday", 24),
        ("Tuesday", 24),
        ("last tuesday", 24),
        ("24 Nov 2026", 24),
        ("24/11", 24),
        ("friday", 27),
        ("tomorrow", 26),
    ],
)
def test_a_day_on_site_is_read(args: str, day: int) -> None:
    assert is_a_day(args)
    assert day_asked(args, WEDNESDAY, CHALLENGE) == date(2026, 11, day)


@pytest.mark.parametrize(
    "args", ["blursday", "31 feb", "24 Nov or so they say at least in the corridors", "x" * 100_000]
)
def test_a_day_that_cannot_be_read_is_shown_back(args: str) -> None:
    with pytest.raises(DayNotRead) as refused:
        day_asked(args, WEDNESDAY, CHALLENGE)
    assert args[:40] in str(refused.value)
    assert "summary yesterday" in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("args", ["20 Nov", "24 Nov 2025", "28/11/2026"])
def test_a_day_that_is_not_on_site_says_which_days_are(args: str) -> None:
    with pytest.raises(DayNotOnSite, match="Tuesday 24 November to Friday 27 November"):
        day_asked(args, WEDNESDAY, CHALLENGE)


@pytest.mark.parametrize("args", ["of the strategy was shared", "today the chief executive left", "line\nof text"])
def test_the_rest_of_something_heard_is_not_a_day(args: str) -> None:
    assert not is_a_day(args)


def test_a_draft_goes_out_an_hour_before_each_catch_up_but_after_the_feedback() -> None:
    moments = draft_moments(CHALLENGE, time(14, 0))
    assert [moment.strftime("%d %H:%M") for moment in moments] == ["24 16:00", "25 16:00", "26 16:00"]
    early = replace(CHALLENGE, catch_up_time=time(12, 30))
    assert len(draft_moments(early, time(14, 0))) == 4
