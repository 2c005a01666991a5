"""What a message says of its findings, read without guessing."""

import re
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.findings.division import LONG, MOST_PARTS, divide_long, divide_message, join_parts
from handlers.findings.reading import Part, Reader, has_words, nearest_themes, unknown_tags
from handlers.findings.sources import read_source
from handlers.findings.suggesting import likeliest, offer
from handlers.frameworks import load_frameworks
from handlers.text import clean, shorten
from storage.records import ChallengeId, Kind, SourceType, Theme, ThemeId
from tests.timing import at_best

FRAMEWORK = load_frameworks()["local_system"]
THEMES = [
    Theme(
        ThemeId(outline.key), ChallengeId("c"), outline.key, outline.title, outline.short, outline.emoji, outline.words,
        position,
    )
    for position, outline in enumerate(FRAMEWORK.themes)
]  # fmt: skip
READER = Reader(THEMES, FRAMEWORK.words)


def one(words: str) -> Part:
    (part,) = READER.read(words)
    return part


def changed(key: str, **values: object) -> list[Theme]:
    return [replace(theme, **values) if theme.key == key else theme for theme in THEMES]  # type: ignore[arg-type]  # by name


# ---------------------------------------------------------------- tags


@pytest.mark.parametrize(
    "words",
    [
        "it is clear #vision",
        "#Vision it is clear",
        "clear (#VISION)",
        "clear #vision.",
        "clear #vision_priorities",
        "#kloe1 x",
    ],
)
def test_a_tag_is_a_theme_wherever_it_stands(words: str) -> None:
    assert one(words).theme_ids == ("vision_priorities",)


@pytest.mark.parametrize("words", ["see #41", "C#vision", "a&#vision;", "##vision", "# vision", "vision"])
def test_what_only_looks_like_a_tag_is_none(words: str) -> None:
    assert one(words).theme_ids == ()
    assert unknown_tags(words, THEMES) == ()


def test_several_tags_stay_in_order_and_count_once() -> None:
    assert one("#governance and #vision and #accountability").theme_ids == ("governance", "vision_priorities")


def test_a_merged_themes_tag_leads_to_the_other_and_a_retired_one_nowhere() -> None:
    merged = Reader(changed("leadership", merged_into=ThemeId("governance")), FRAMEWORK.words)
    assert merged.tagged("#leaders") == ("governance",)
    retired = changed("leadership", retired_at=datetime(2026, 11, 24, tzinfo=UTC))
    assert Reader(retired, FRAMEWORK.words).tagged("#leaders") == ()
    assert unknown_tags("#leaders", retired) == ("leaders",)


def test_two_themes_merged_into_each_other_do_not_go_round_for_ever() -> None:
    circle = [
        replace(theme, merged_into=ThemeId("governance" if theme.key == "leadership" else "leadership"))
        for theme in THEMES
        if theme.key in ("leadership", "governance")
    ]
    assert Reader(circle, FRAMEWORK.words).tagged("#leaders #governance") == ()


def test_a_misspelt_tag_is_near_its_theme() -> None:
    assert nearest_themes("govrnance", THEMES)[0] == "governance"
    assert nearest_themes("leadrship", THEMES)[0] == "leadership"
    assert nearest_themes("xyzzy", THEMES) == ()


# ---------------------------------------------------------------- division


@pytest.mark.parametrize("bullet", ["-", "*", "•", "+", "–", "1.", "2)", "(3)", "a)"])
def test_every_common_bullet_divides_and_is_not_part_of_the_words(bullet: str) -> None:
    assert divide_message(f"{bullet} one thing\n  {bullet} another") == ("one thing", "another")


def test_lines_without_bullets_stay_together() -> None:
    assert divide_message("one thing\nand more of it\n\nanother") == ("one thing\nand more of it", "another")


@pytest.mark.parametrize("words", ["2.1% of spend\n14 boards", "-5% on last year\n-3% before", "e.g. this\ni.e. that"])
def test_figures_are_no_bullets(words: str) -> None:
    assert divide_message(words) == (words,)


def test_a_line_of_tags_or_a_source_alone_marks_every_finding() -> None:
    parts = READER.read("- the plan is clear\n- the money is not\n#vision (focus group, carers)")
    assert [part.theme_ids for part in parts] == [("vision_priorities",)] * 2
    assert [(part.source_type, part.source) for part in parts] == [(SourceType.FOCUS_GROUP, "carers")] * 2
    assert parts[1].text == "the money is not\n#vision (focus group, carers)"


def test_a_document_pasted_in_stays_whole() -> None:
    words = "\n".join(f"- line {number}" for number in range(MOST_PARTS + 1))
    assert divide_message(words) == (words,)


def test_a_long_text_divides_at_sentences_and_a_short_one_does_not() -> None:
    words = " ".join(["Nobody knows who decides, so nobody does."] * 100)
    assert len(words) > LONG
    assert len(divide_long(words)) > 1
    assert " ".join(divide_long(words)) == words
    assert divide_long("One. Two. Three.") == ("One. Two. Three.",)


@pytest.mark.parametrize(
    "parts",
    [("one", "two"), ("Carers said:\none", "Carers said:\ntwo"), ("one\nand more", "two"), ("one", "two", "three")],
)
def test_parts_that_are_joined_divide_as_they_did(parts: tuple[str, ...]) -> None:
    assert divide_message(join_parts(parts)) == parts


WORDS = st.text(st.sampled_from("ab:. \n-*#1)("), max_size=60)


@given(WORDS)
def test_nothing_that_was_typed_is_left_out_but_bullets(words: str) -> None:
    read = READER.read(clean(words).strip())
    letters = Counter(re.sub(r"[^ab]", "", words))
    kept = Counter(re.sub(r"[^ab]", "", "".join(part.text for part in read)))
    lettered_bullets = len(re.findall(r"(?m)^[ ]{0,20}[ab]\) ", words))
    assert sum((letters - kept).values()) <= lettered_bullets


# ---------------------------------------------------------------- kinds and sources


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Strength - shared outcomes", Kind.STRENGTH),
        ("STRENGTHS: many", Kind.STRENGTH),
        ("AtE: who decides", Kind.IMPROVEMENT),
        ("areas to explore: who decides", Kind.IMPROVEMENT),
        ("area for improvement: who decides", Kind.IMPROVEMENT),
        ("they decide, afi : nobody knows", Kind.IMPROVEMENT),
        ("strength in depth", None),
        ("-5% spent", None),
        ("+44 is their prefix", None),
    ],
)
def test_a_label_says_the_kind(words: str, kind: Kind | None) -> None:
    assert one(words).kind is kind


@pytest.mark.parametrize(
    ("words", "kind", "name"),
    [
        ("x (focus group, frontline staff)", SourceType.FOCUS_GROUP, "frontline staff"),
        ("x (frontline staff, focus group)", SourceType.FOCUS_GROUP, "frontline staff"),
        ("x (FG with carers) y", SourceType.FOCUS_GROUP, "carers"),
        ("x (carers focus group)", SourceType.FOCUS_GROUP, "carers"),
        ("x (1:1)", SourceType.INTERVIEW, ""),
        ("x (one to one, trust director)", SourceType.INTERVIEW, "trust director"),
        ("x (board minutes)", SourceType.DOCUMENT, "board"),
        ("x (staff survey)", SourceType.SURVEY, "staff"),
        ("x #vision, focus group", SourceType.FOCUS_GROUP, ""),
        ("x, 1:1 #vision", SourceType.INTERVIEW, ""),
        ("x - walkabout.", SourceType.OBSERVATION, ""),
        ("nurses FG: handover is smoother", SourceType.FOCUS_GROUP, "nurses"),
        ("x, from the board papers", SourceType.DOCUMENT, "board"),
        ("x from a focus group with frontline staff", SourceType.FOCUS_GROUP, "frontline staff"),
    ],
)
def test_a_known_kind_of_source_is_read(words: str, kind: SourceType, name: str) -> None:
    source = read_source(words)
    assert source
    assert (source.type, source.name) == (kind, name)


@pytest.mark.parametrize(
    "words",
    [
        "they work in (a lovely building)",
        "(see above) it is clear",
        "money comes from Leeds",
        "staff moved from pillar to post",
        "a report",
        "it was observed that nobody came",
        "surveys are ignored",
        "(in confidence)",
    ],
)
def test_anything_else_is_not_a_source(words: str) -> None:
    assert read_source(words) is None


# ---------------------------------------------------------------- suggestions


def test_the_likeliest_theme_comes_first_and_every_open_one_comes_at_all() -> None:
    prompts = {outline.key: " ".join(outline.prompts) for outline in FRAMEWORK.themes}
    ranked = likeliest("Nobody can say who answers for delivery or governance", THEMES, prompts, Counter())
    assert ranked[0] == "governance"
    assert len(ranked) == len(THEMES)


def test_what_is_used_most_breaks_ties() -> None:
    ranked = likeliest("xyzzy", THEMES, {}, Counter({ThemeId("engagement"): 3, ThemeId("leadership"): 1}))
    assert ranked[:2] == ["engagement", "leadership"]


def test_buttons_make_room_for_the_themes_a_finding_has_and_do_not_change_places() -> None:
    ranked = [ThemeId(letter) for letter in "abcdef"]
    assert offer(ranked, []) == ("a", "b", "c")
    assert offer(ranked, [ThemeId("b")]) == ("a", "b", "c")
    assert offer(ranked, [ThemeId("f")]) == ("f", "a", "b")
    assert offer(ranked, [ThemeId("b"), ThemeId("f"), ThemeId("e")]) == ("f", "e", "b")


# ---------------------------------------------------------------- hostile texts


HOSTILE = {
    "brackets": "(" * 100_000,
    "open brackets": "(a," * 33_000,
    "from": "from a a a a a a " * 6_000,
    "tags": "#a " * 33_000,
    "hashes": "#" * 100_000,
    "labels": "AFI: strength: " * 6_600,
    "bullets": "- a\n" * 25_000,
    "lead-ins": "a:\n" * 33_000,
    "newlines": "\n" * 100_000,
    "spaces": " " * 100_000,
    "kinds of source": "(fg of " * 14_000,
    "hyphens": "a-" * 50_000,
    "surrogates": "\ud800" * 100_000,
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_takes_more_than_its_length_to_read(words: str) -> None:
    """Ten times the text takes about ten times as long, never a hundred: what a bad regular expression would take."""

    def seconds(text: str) -> float:
        began = time.process_time()
        READER.read(clean(text), finely=True)
        has_words(text)
        unknown_tags(text, THEMES)
        return time.process_time() - began

    small = min(seconds(words[: len(words) // 10]) for _ in range(3))
    large = min(seconds(words) for _ in range(2))
    assert large < max(0.05, 40 * small)


def test_clean_keeps_words_and_whole_emoji() -> None:
    assert clean("naïve 👩‍👩‍👧 café\tand\n£5") == "naïve 👩‍👩‍👧 café\tand\n£5"
    assert clean("\ud83d\ude00") == "😀"
    assert clean("a\ud83db\x00\x07\r\nc\u2028d\ufeff\uffff") == "a\ufffdb\nc\nd"


@given(st.text())
def test_clean_words_can_always_be_stored(words: str) -> None:
    assert clean(clean(words)).encode() == clean(words).encode()


def test_shorten_says_that_it_shortened() -> None:
    assert shorten("one two three", 20) == "one two three"
    assert shorten("one two three", 9) == "one two…"
    assert len(shorten("a" * 100, 10)) == 10


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("strength: Staff quote the vision #vision (focus group, nurses)", "Staff quote the vision"),
        ("AtE: Nobody reports on it (1:1, director) #governance.", "Nobody reports on it"),
        ("The #vision is on every wall", "The #vision is on every wall"),
        ("Told twice (and we asked)", "Told twice (and we asked)"),
        ("They call it #homefirst", "They call it #homefirst"),
        ("strength: #vision", "strength: #vision"),
    ],
)
def test_a_post_it_shows_no_marks_that_its_chart_and_foot_show(typed: str, shown: str) -> None:
    assert READER.without_marks(typed) == shown


@pytest.mark.parametrize("hostile", ["#vision " * 12_000, "(1:1) " * 16_000, "(" * 100_000, "strength:" * 11_000])
def test_marks_are_taken_off_hostile_words_at_once(hostile: str) -> None:
    assert at_best(lambda: READER.without_marks(hostile)) < 0.05
