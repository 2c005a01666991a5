"""Initials stand on every post-it: unique on the challenge, and nobody's ever change."""

import pytest

from handlers.team.rules import initials_for_all


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Jo Sandford", "JS"),
        ("Anne-Marie O'Dowd", "AMO"),
        ("Cllr Dr Sam Reed", "SR"),
        ("Prof. Ifan ap Huw", "IAH"),
        ("Édith Żak", "ÉŻ"),
        ("Jo Sandford (Borset)", "JS"),
        ("A B C D E F", "ABCD"),
        ("Dame", "D"),
        ("", "P"),
        ("💬 42", "P"),
    ],
)
def test_initials_are_those_of_the_name_without_its_titles(name: str, initials: str) -> None:
    assert initials_for_all((name,), taken=()) == (initials,)


def test_namesakes_added_together_are_both_numbered() -> None:
    assert initials_for_all(("Jo Sandford", "Tom Reed", "Jim Shaw"), taken=()) == ("JS1", "TR", "JS2")


def test_a_namesake_who_comes_later_is_the_second() -> None:
    assert initials_for_all(("Jim Shaw",), taken={"JS", "TR"}) == ("JS2",)


def test_a_third_namesake_follows_the_two() -> None:
    assert initials_for_all(("Jean Smith",), taken={"JS1", "JS2"}) == ("JS3",)
    assert initials_for_all(("Jean Smith",), taken={"JS", "JS2"}) == ("JS3",)


def test_two_more_namesakes_follow_one_who_was_there() -> None:
    assert initials_for_all(("Jim Shaw", "Jean Smith"), taken={"JS"}) == ("JS2", "JS3")


def test_initials_that_merely_begin_alike_are_no_clash() -> None:
    assert initials_for_all(("Jo Sandford",), taken={"JSR", "JSB2"}) == ("JS",)
