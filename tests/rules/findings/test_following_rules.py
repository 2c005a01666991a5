"""How an edited message finds its findings, and which of two challenges a message is for."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from handlers.access import Seat, choose_seat
from handlers.findings.asking import Asked, Asker, answers, is_a_question, read_question
from handlers.findings.reading import Part
from handlers.findings.rules import (
    current_of,
    joined,
    match_parts,
    reread,
    set_by_hand,
    taken_back_last,
    with_theme,
)
from storage.records import (
    Challenge,
    ChallengeId,
    Finding,
    FindingId,
    Kind,
    Member,
    MemberId,
    PersonId,
    Role,
    SourceType,
    ThemeId,
)

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PN, TS = MemberId("pn"), MemberId("ts")
VISION, MONEY = ThemeId("vision"), ThemeId("money")


def finding(number: int, text: str = "", **values: object) -> Finding:
    fields: dict[str, object] = {"author_id": PN, "logged_by": PN, "part": number} | values
    return Finding(
        id=FindingId(str(number)), challenge_id=ChallengeId("c"), number=number, text=text, day=NOW.date(),
        heard_at=NOW, logged_at=NOW, **fields,  # type: ignore[arg-type]  # test values by name
    )  # fmt: skip


def matched(before: list[str], after: list[str]) -> tuple[dict[int, str], list[str], list[int]]:
    """Which number has which text now; what is new; which numbers are gone."""
    result = match_parts(
        [finding(number, text) for number, text in enumerate(before, 1)], [Part(text) for text in after]
    )
    texts = {one.number: part.text for one, part in result.changed}
    return texts, [part.text for part in result.added], [one.number for one in result.gone]


@pytest.mark.parametrize(
    ("before", "after", "texts", "new", "gone"),
    [
        (["one plan"], ["quite other words"], {1: "quite other words"}, [], []),
        (["one plan", "no money"], ["no money", "one plan"], {1: "one plan", 2: "no money"}, [], []),
        (["one plan", "no money"], ["no money at all"], {2: "no money at all"}, [], [1]),
        (["one plan"], ["a word before", "one plan"], {1: "one plan"}, ["a word before"], []),
        (["same", "same"], ["same"], {1: "same"}, [], [2]),
        (["one plan"], [], {}, [], [1]),
        ([], ["one plan"], {}, ["one plan"], []),
    ],
)
def test_numbers_stay_with_what_they_stood_for(
    before: list[str], after: list[str], texts: dict[int, str], new: list[str], gone: list[int]
) -> None:
    assert matched(before, after) == (texts, new, gone)


def test_rereading_changes_only_what_nobody_set() -> None:
    one = set_by_hand(finding(1, "one", theme_ids=(VISION,)), NOW, kind=Kind.STRENGTH, themes=(VISION,))
    assert one.set_by_hand == {"kind"}, "the themes were that already"
    after = reread(one, Part("two", (MONEY,), Kind.IMPROVEMENT, "staff", SourceType.SURVEY), NOW)
    assert (after.text, after.theme_ids, after.kind, after.source) == ("two", (MONEY,), Kind.STRENGTH, "staff")
    assert after.version == one.version + 1


def test_setting_what_is_set_already_changes_nothing() -> None:
    one = finding(1, "one", kind=Kind.STRENGTH)
    assert set_by_hand(one, NOW, kind=Kind.STRENGTH) is one
    assert with_theme((VISION,), VISION, on=True) == (VISION,)
    assert with_theme((), VISION, on=False) == ()


def test_the_buttons_are_about_the_first_without_a_theme_else_the_newest() -> None:
    tagged, bare = finding(1, "a", theme_ids=(VISION,)), finding(2, "b")
    last = finding(3, "c", theme_ids=(MONEY,))
    assert current_of([tagged, bare, last]) == bare
    assert current_of([tagged, last]) == last
    assert current_of([finding(4, "d", withdrawn_at=NOW)]) is None


def test_put_back_is_about_what_was_withdrawn_last_and_still_has_words() -> None:
    early = finding(1, "a", withdrawn_at=NOW)
    late = [finding(2, "b", withdrawn_at=NOW + timedelta(minutes=1)), finding(3, "", withdrawn_at=NOW)]
    assert [one.number for one in taken_back_last([early, *late])] == [2]
    assert taken_back_last([]) == ()


def test_what_is_joined_keeps_its_first_number_every_theme_and_a_kind_only_when_all_agree() -> None:
    parts = [
        finding(1, "a", theme_ids=(VISION,), kind=Kind.STRENGTH),
        finding(
            2, "b", theme_ids=(MONEY, VISION), kind=Kind.IMPROVEMENT, source_type=SourceType.SURVEY, source="staff"
        ),
    ]
    whole = joined(parts, "a\nb", NOW)
    assert (whole.number, whole.theme_ids, whole.kind, whole.source) == (1, (VISION, MONEY), None, "staff")


# ---------------------------------------------------------------- two challenges


def seat(name: str, first: date, last: date) -> Seat:
    challenge = Challenge(
        ChallengeId(name), name, "local_system", first, last, "Europe/London", (), (), time(17), PersonId("m"), NOW
    )
    return Seat(challenge, Member(MemberId(name), challenge.id, PersonId("p"), "P N", "PN", Role.PEER, "", NOW))


TODAY = NOW.date()
WEEK = timedelta(days=7)


def test_the_challenge_on_site_today_is_the_one_meant() -> None:
    here, later = seat("here", TODAY, TODAY), seat("later", TODAY + WEEK, TODAY + WEEK)
    assert choose_seat([later, here], NOW, {later.member.id: NOW}) is here


def test_of_two_on_site_the_one_last_logged_to_is_meant() -> None:
    one, two = seat("one", TODAY, TODAY), seat("two", TODAY, TODAY)
    assert choose_seat([one, two], NOW, {one.member.id: NOW - WEEK, two.member.id: NOW}) is two


def test_with_none_on_site_the_nearest_is_meant() -> None:
    soon, later = seat("soon", TODAY + WEEK, TODAY + WEEK), seat("later", TODAY + 3 * WEEK, TODAY + 3 * WEEK)
    assert choose_seat([later, soon], NOW, {}) is soon


# ---------------------------------------------------------------- asking


ASKER = Asker(PN, TODAY, (), {"PN": PN, "TS": TS})


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        ("", Asked(author_id=PN)),
        ("mine", Asked(author_id=PN)),
        ("all", Asked(everyone=True)),
        ("by ts", Asked(author_id=TS)),
        ("yesterday", Asked(day=TODAY - timedelta(days=1))),
        ("strengths today", Asked(day=TODAY, kind=Kind.STRENGTH)),
        ("Unsorted mine", Asked(author_id=PN, unsorted=True)),
        ("ward rotas", Asked(words="ward rotas")),
        ("by nobody", Asked(words="nobody")),
    ],
)
def test_what_is_asked_is_understood(args: str, asked: Asked) -> None:
    assert read_question(args, ASKER) == asked


@pytest.mark.parametrize("args", ["", "today", "mine today", "#vision", "by TS", "rotas", "about rotas", "all #money"])
def test_a_question_is_a_question(args: str) -> None:
    assert is_a_question(args)


@pytest.mark.parametrize(
    "args",
    ["of the audit were shared", "were mixed", "today were all about money and rotas", "by the auditors are late"],
)
def test_a_sentence_is_not(args: str) -> None:
    assert not is_a_question(args)


def test_words_are_looked_for_in_text_and_source_newest_first() -> None:
    wall = [finding(1, "Rotas"), finding(2, "x", source="ward ROTA team"), finding(3, "y")]
    assert [one.number for one in answers(wall, Asked(words="rota"))] == [2, 1]
