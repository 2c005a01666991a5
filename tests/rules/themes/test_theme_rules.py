"""Which flip chart somebody means, and what one may be called."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.themes.rules import (
    LONGEST_SHORT,
    MOST_ON_THE_WALL,
    ThemeRefused,
    Title,
    check_merge,
    find_theme,
    made,
    read_pair,
    read_title,
    renamed,
    restored,
    retired,
)
from storage.records import ChallengeId, Theme, ThemeId
from tests.timing import at_best

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CHALLENGE = ChallengeId("c1")


def a_theme(short: str, *words: str, key: str = "", title: str = "") -> Theme:
    name = key or short.casefold()
    return Theme(ThemeId(name), CHALLENGE, name, title or short, short, "🧭", words or (short.casefold(),), 0)


VISION = a_theme("Vision", "vision", "priorities", key="vision_priorities", title="How well is the vision articulated?")
GOVERNANCE = a_theme("Governance", "governance", "accountability")
PLACE = a_theme("System and place", "place", "system", key="system_place")
WALL = (VISION, GOVERNANCE, PLACE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vision", VISION),
        ("#Vision", VISION),
        ("PRIORITIES", VISION),
        ("vision_priorities", VISION),
        ("how well is the vision articulated", VISION),
        ("System-and-Place", PLACE),
        ("  governance. ", GOVERNANCE),
    ],
)
def test_a_flip_chart_is_known_by_any_of_its_names(typed: str, meant: Theme) -> None:
    assert find_theme(typed, WALL) == meant


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("govrnance", GOVERNANCE), ("gover", GOVERNANCE), ("priorites", VISION), ("acountability", GOVERNANCE)],
)
def test_a_misspelt_flip_chart_offers_the_nearest(typed: str, nearest: Theme) -> None:
    found = find_theme(typed, WALL)
    assert isinstance(found, tuple)
    assert found[0] == nearest


@pytest.mark.parametrize("typed", ["", "#", "🚌", "zzzzqqq", "…"])
def test_what_is_like_no_flip_chart_offers_none(typed: str) -> None:
    assert find_theme(typed, WALL) == ()


def test_one_word_of_a_short_name_is_enough_when_only_one_has_it() -> None:
    about = a_theme("Getting about", "getting-about", key="getting_about")
    assert find_theme("about", (*WALL, about)) == about
    twins = (about, a_theme("Thinking about", "thinking-about", key="thinking_about"))
    assert find_theme("about", twins) == twins


def test_a_merged_flip_chart_leads_to_the_last_of_its_merges() -> None:
    transport = replace(a_theme("Transport"), merged_into=PLACE.id)
    place = replace(PLACE, merged_into=GOVERNANCE.id)
    assert find_theme("transport", (VISION, GOVERNANCE, place, transport)) == GOVERNANCE


def test_merges_in_a_ring_do_not_hang() -> None:
    one = replace(a_theme("One"), merged_into=ThemeId("two"))
    two = replace(a_theme("Two"), merged_into=ThemeId("one"))
    assert find_theme("one", (one, two)) in (one, two)


def test_a_retired_flip_chart_is_found_but_never_offered() -> None:
    gone = retired(GOVERNANCE, WALL, NOW)
    assert find_theme("governance", (VISION, gone)) == gone
    assert find_theme("governnance", (VISION, gone)) == ()


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Transport", Title("Transport")),
        ("  Getting \n about ", Title("Getting about")),
        ("🚌 Transport", Title("Transport", "🚌")),
        ("🚌Transport", Title("Transport", "🚌")),
        ("🏛️ Who decides", Title("Who decides", "🏛️")),
        ("👩‍👩‍👧‍👦 Families", Title("Families", "👩‍👩‍👧‍👦")),
        (":bus: Transport", Title("Transport", "🚌")),
        (":no_such_emoji: Transport", Title("Transport")),
        ("#Transport", Title("Transport")),
        ("\u202eTrans\u200bport\x07", Title("Transport")),
        ("Iechyd a lles", Title("Iechyd a lles")),
    ],
)
def test_a_title_is_read_as_it_will_stand_on_the_wall(typed: str, title: Title) -> None:
    assert read_title(typed) == title


@pytest.mark.parametrize("typed", ["", "   ", "🚌", "#!?", "12", "x" * 101, "Unsorted", "#none"])
def test_a_title_that_would_not_do_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ThemeRefused, match=r"\.$"):
        read_title(typed)


def test_a_new_flip_chart_hangs_at_the_end_under_a_word_of_its_own() -> None:
    theme = made(Title("Getting about"), ThemeId("new"), CHALLENGE, [replace(VISION, position=7)])
    assert (theme.short, theme.words, theme.position, theme.emoji) == ("Getting about", ("getting-about",), 8, "📌")
    assert theme.added_by_team


def test_a_long_title_is_shortened_between_words_and_numbered_when_taken() -> None:
    first = made(Title("Voluntary and community sector partners"), ThemeId("1"), CHALLENGE, WALL)
    second = made(Title("Voluntary and community organisations"), ThemeId("2"), CHALLENGE, (*WALL, first))
    assert first.short == "Voluntary and community"
    assert first.title == "Voluntary and community sector partners"
    assert second.short == "Voluntary and communi 2"
    assert max(len(first.short), len(second.short)) <= LONGEST_SHORT


@pytest.mark.parametrize("name", ["vision", "Priorities", "Vision priorities", "SYSTEM AND PLACE"])
def test_every_word_leads_to_one_flip_chart(name: str) -> None:
    with pytest.raises(ThemeRefused, match="already"):
        made(Title(name), ThemeId("new"), CHALLENGE, WALL)


def test_the_name_of_a_retired_flip_chart_says_how_to_have_it_back() -> None:
    with pytest.raises(ThemeRefused, match="theme restore Governance"):
        made(Title("Governance"), ThemeId("new"), CHALLENGE, (VISION, retired(GOVERNANCE, WALL, NOW)))


def test_a_full_wall_takes_no_more() -> None:
    full = [a_theme(f"Chart {number}") for number in range(MOST_ON_THE_WALL)]
    with pytest.raises(ThemeRefused, match="Merge or retire"):
        made(Title("One too many"), ThemeId("new"), CHALLENGE, full)


def test_a_renamed_flip_chart_keeps_its_old_words_and_its_emoji() -> None:
    new = renamed(GOVERNANCE, Title("Who decides"), WALL)
    assert new.short == "Who decides"
    assert new.emoji == GOVERNANCE.emoji
    assert {"who-decides", "governance", "accountability"} <= set(new.words)
    assert renamed(new, Title("Governance"), (VISION, new)).short == "Governance"


def test_a_flip_chart_cannot_be_merged_into_itself_or_into_a_retired_one() -> None:
    with pytest.raises(ThemeRefused, match="itself"):
        check_merge(VISION, VISION)
    with pytest.raises(ThemeRefused, match="retired"):
        check_merge(VISION, retired(GOVERNANCE, WALL, NOW))


def test_the_last_flip_chart_stays_on_the_wall() -> None:
    with pytest.raises(ThemeRefused, match="last flip chart"):
        retired(VISION, [VISION], NOW)
    with pytest.raises(ThemeRefused, match="already"):
        retired(retired(VISION, WALL, NOW), WALL, NOW)
    with pytest.raises(ThemeRefused, match="already"):
        restored(VISION)


@pytest.mark.parametrize(
    ("args", "joint", "pair"),
    [
        ("transport to Getting about", "to", ("transport", "Getting about")),
        ("access to care to Access", "to", ("access to care", "Access")),
        ("nowhere to be seen to Seen", "to", ("nowhere", "be seen to Seen")),
        ("vision INTO governance", "into", ("vision", "governance")),
        ("vision", "to", None),
        ("to vision", "to", None),
        ("vision to", "to", None),
    ],
)
def test_two_names_in_one_line_are_told_apart(args: str, joint: str, pair: tuple[str, str] | None) -> None:
    wall = (*WALL, a_theme("Access to care", "access-to-care"))
    assert read_pair(args, joint, wall) == pair


@pytest.mark.parametrize("hostile", ["a" * 100_000, "-" * 100_000, "to " * 33_000, "🚌" * 50_000, ":a" * 50_000])
def test_hostile_words_take_no_time(hostile: str) -> None:
    def read() -> None:
        find_theme(hostile, WALL)
        with pytest.raises(ThemeRefused):
            read_title(f"{hostile}a" * 2)

    assert at_best(read) < 0.2
