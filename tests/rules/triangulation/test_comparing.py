"""When a theme is triangulated, and when it rests on one voice: by peers and by sources, and never on a guess."""

from datetime import UTC, datetime

import pytest

from handlers.triangulation.rules import Standing, compare, folded, stand
from storage.records import ChallengeId, Kind, MemberId, SourceType, Theme, ThemeId, Voice

PLUS, MINUS = Kind.STRENGTH, Kind.IMPROVEMENT
FOCUS, ONE_TO_ONE = SourceType.FOCUS_GROUP, SourceType.INTERVIEW


def a_theme(key: str = "vision", *, retired_at: datetime | None = None) -> Theme:
    return Theme(
        ThemeId(key), ChallengeId("c"), key, key.title(), key.title(), "🧭", (), 0, retired_at=retired_at
    )  # fmt: skip


def heard(
    by: str, source_type: SourceType | None = None, source: str = "", kind: Kind | None = None, number: int = 1
) -> Voice:
    return Voice(number, MemberId(by), (ThemeId("vision"),), kind, source_type, source)


def standing_of(*voices: Voice) -> Standing:
    return stand(a_theme(), voices, after_number=0)


# ---------------------------------------------------------------- triangulated


def test_two_peers_who_heard_it_from_two_kinds_of_source_have_triangulated_it() -> None:
    assert standing_of(heard("priya", FOCUS), heard("tom", ONE_TO_ONE)).status == "triangulated"


def test_two_peers_who_heard_it_from_two_people_have_triangulated_it() -> None:
    both = (heard("priya", ONE_TO_ONE, "Trust CEO"), heard("tom", ONE_TO_ONE, "Council leader"))
    assert standing_of(*both).is_triangulated


def test_a_pair_in_one_meeting_have_one_source_between_them() -> None:
    standing = standing_of(heard("priya", FOCUS, "frontline staff"), heard("tom", FOCUS, "The frontline staff."))
    assert (standing.is_triangulated, standing.status) == (False, "one source")


def test_one_peer_with_two_sources_is_one_voice() -> None:
    assert standing_of(heard("priya", FOCUS), heard("priya", ONE_TO_ONE)).status == "one peer"


def test_one_peer_and_one_source_is_said_in_full() -> None:
    assert standing_of(heard("priya", FOCUS)).status == "one peer, one source"


def test_a_strength_and_an_area_to_explore_do_not_bear_each_other_out() -> None:
    standing = standing_of(heard("priya", FOCUS, kind=PLUS), heard("tom", ONE_TO_ONE, kind=MINUS))
    assert standing.is_mixed
    assert not standing.is_triangulated
    assert standing.status == "not yet on the same point"


def test_an_unmarked_finding_does_not_bear_out_a_strength() -> None:
    assert not standing_of(heard("priya", FOCUS, kind=PLUS), heard("tom", ONE_TO_ONE)).is_triangulated


def test_a_theme_may_be_mixed_and_its_strength_triangulated() -> None:
    standing = standing_of(
        heard("priya", FOCUS, kind=PLUS), heard("tom", ONE_TO_ONE, kind=PLUS), heard("jo", FOCUS, kind=MINUS)
    )
    assert [(side.kind, side.triangulated) for side in standing.sides] == [(PLUS, True), (MINUS, False)]
    assert standing.is_mixed
    assert standing.status == "triangulated"


# ---------------------------------------------------------------- what is not known proves nothing


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((None, ""), (None, "")),
        ((FOCUS, ""), (None, "")),
        ((FOCUS, ""), (FOCUS, "frontline staff")),
        ((None, "frontline staff"), (FOCUS, "")),
        ((SourceType.OTHER, ""), (FOCUS, "")),
        ((FOCUS, "…"), (FOCUS, "frontline staff")),
    ],
)
def test_a_source_that_may_be_the_same_is_not_a_second_source(
    one: tuple[SourceType | None, str], other: tuple[SourceType | None, str]
) -> None:
    standing = standing_of(heard("priya", *one), heard("tom", *other))
    assert standing.one_source
    assert not standing.is_triangulated


def test_no_source_at_all_is_said_so() -> None:
    assert standing_of(heard("priya"), heard("tom")).status == "no source named"


def test_the_second_source_must_be_another_peers() -> None:
    """One peer heard two sources; the other's source may be either of them."""
    voices = (heard("priya", FOCUS), heard("priya", ONE_TO_ONE), heard("tom"))
    assert not standing_of(*voices).is_triangulated


def test_a_source_is_the_same_however_it_is_typed() -> None:
    assert folded(" The Trust C.E.O. ") == folded("trust c e o")
    assert folded("Trust CEO") != folded("Trust chair")


# ---------------------------------------------------------------- the whole wall


def test_the_wall_is_compared_theme_by_theme_in_its_order() -> None:
    vision, leadership, closed = a_theme(), a_theme("leadership"), a_theme("old", retired_at=datetime.now(UTC))
    both = Voice(3, MemberId("tom"), (vision.id, leadership.id))
    loose = Voice(4, MemberId("tom"))
    wall = compare([heard("priya", number=2), both, loose], [leadership, vision, closed], after_number=2)
    assert [(each.theme.key, len(each.voices), len(each.fresh)) for each in wall.standings] == [
        ("leadership", 1, 1),
        ("vision", 2, 1),
    ]
    assert [voice.number for voice in wall.fresh] == [3, 4]
    assert [voice.number for voice in wall.unsorted] == [4]
    assert wall.silent == ()


def test_an_open_theme_that_nobody_has_spoken_of_is_named() -> None:
    silent = a_theme("leadership")
    assert compare([heard("priya")], [a_theme(), silent], after_number=0).silent == (silent,)
