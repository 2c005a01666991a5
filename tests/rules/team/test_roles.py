"""Which role a manager means, and whether a typed line is about the team at all."""

from datetime import UTC, datetime

import pytest

from handlers.frameworks import load_frameworks
from handlers.team.rules import (
    is_addition,
    is_last_manager,
    is_removal,
    member_named,
    role_meant,
    role_outline,
    split_addition,
)
from storage.records import ChallengeId, Member, MemberId, PersonId, Role

LOCAL = load_frameworks()["local_system"]
PCI = load_frameworks()["peer_collaborative_improvement"]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("lead peer", "Lead peer"),
        ("Lead", "Lead peer"),
        ("peer", "Peer"),
        ("challenge manager", "Peer challenge manager"),
        ("manager", "Peer challenge manager"),
        ("trust chief executive", "Trust chief executive or former chief executive"),
        ("member peer", "Local authority elected member peer"),
        ("DASS", None),
        ("chief executive", None),
        ("", None),
        ("wizard", None),
    ],
)
def test_a_role_is_known_by_some_words_of_its_title(typed: str, title: str | None) -> None:
    meant = role_meant(LOCAL, typed)
    assert (meant.title if meant else None) == title


def test_every_role_of_every_framework_can_be_typed_in_full() -> None:
    for framework in load_frameworks().values():
        for outline in framework.roles:
            assert role_meant(framework, outline.title) == outline


def test_a_framework_has_its_own_word_for_its_lead_and_its_manager() -> None:
    assert role_outline(PCI, "", Role.LEAD_PEER).title == "Lead peer reviewer"
    assert role_outline(PCI, "", Role.CHALLENGE_MANAGER).title == "Improvement Service lead"
    assert role_outline(PCI, "of another framework", Role.PEER).title == "Peer"


@pytest.mark.parametrize("args", ["", "@tom as lead peer", "@tom", "Tom Sutton as trust chief executive"])
def test_an_addition_names_somebody(args: str) -> None:
    assert is_addition(args)


@pytest.mark.parametrize("args", ["value by asking good questions", "as " * 40, "capacity"])
def test_a_finding_that_begins_like_one_is_no_addition(args: str) -> None:
    assert not is_addition(args)


def test_a_removal_is_a_name_at_most() -> None:
    assert is_removal("@tom")
    assert not is_removal("barriers between health and care, say three directors")


def test_the_role_follows_the_last_as() -> None:
    assert split_addition("@tom as lead peer") == ("@tom", "lead peer")
    assert split_addition("Asa Bas as peer") == ("Asa Bas", "peer")
    assert split_addition("@tom") == ("@tom", "")


def a_member(name: str, initials: str, role: Role = Role.PEER) -> Member:
    added_at = datetime(2026, 11, 14, tzinfo=UTC)
    return Member(MemberId(name), ChallengeId("c"), PersonId(name), name, initials, role, "", added_at)


def test_a_member_is_known_by_initials_or_name_unless_two_would_do() -> None:
    team = [a_member("Jo Reed", "JR1"), a_member("Jim Rowe", "JR2"), a_member("Jo Reed", "JR3")]
    assert member_named(team, "jr2") == team[1]
    assert member_named(team, "Jim  Rowe") == team[1]
    assert member_named(team, "Jo Reed") is None
    assert member_named(team, "") is None


def test_the_last_manager_is_known() -> None:
    first, second = a_member("A", "A", Role.CHALLENGE_MANAGER), a_member("B", "B", Role.CHALLENGE_MANAGER)
    assert is_last_manager([first, a_member("C", "C")], first)
    assert not is_last_manager([first, second], first)
