"""Whether a channel is fit for a team's findings, and what stage a visit has reached."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from handlers.chat import ChannelFacts, Person
from handlers.frameworks import load_frameworks
from handlers.team.rules import Unfit, days_in_words, judge_channel, stage_of, what_to_mend
from storage.records import Challenge, ChallengeId, PersonId

TOM, ZED = Person("slack", "T1", "tom", "Tom"), Person("slack", "T1", "zed", "Zed")


def test_a_private_channel_of_the_team_is_fit() -> None:
    assert not judge_channel(ChannelFacts("team", True, False, (TOM,)), {"tom", "priya"})


@pytest.mark.parametrize(
    ("facts", "unfit"),
    [
        (ChannelFacts("team", False, False, (TOM,)), Unfit(public=True)),
        (ChannelFacts("team", True, True, (TOM,)), Unfit(shared_outside=True)),
        (ChannelFacts("team", True, False, (TOM, ZED)), Unfit(strangers=("zed",))),
        (ChannelFacts("team", False, True, (ZED,)), Unfit(True, True, ("zed",))),
    ],
)
def test_anything_else_is_not(facts: ChannelFacts, unfit: Unfit) -> None:
    assert judge_channel(facts, {"tom"}) == unfit
    assert unfit
    assert Unfit.from_words(unfit.to_words()) == unfit
    assert len(what_to_mend(unfit, ["Zed"] * len(unfit.strangers))) == len(unfit.to_words().split())


def test_only_something_new_is_worse() -> None:
    assert Unfit(strangers=("zed", "yan")).is_worse_than(Unfit(strangers=("zed",)))
    assert Unfit(public=True).is_worse_than(Unfit(strangers=("zed",)))
    assert not Unfit(strangers=("zed",)).is_worse_than(Unfit(strangers=("yan", "zed")))


def test_a_stranger_who_is_told_twice_counts_once() -> None:
    assert Unfit().with_stranger("zed").with_stranger("zed") == Unfit(strangers=("zed",))
    assert not Unfit(strangers=("zed",)).without("zed")


CHALLENGE = Challenge(
    ChallengeId("c"), "Anyshire ICS", "local_system", date(2026, 11, 24), date(2026, 11, 27), "Europe/London",
    (time(10, 45),), (), time(17), PersonId("p"), datetime(2026, 11, 14, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("today", "there", "stage", "words"),
    [
        (date(2026, 11, 14), False, "Peers confirmed", "10 days to go"),
        (date(2026, 11, 14), True, "Pre on-site", "10 days to go"),
        (date(2026, 11, 23), True, "Pre on-site", "the visit begins tomorrow"),
        (date(2026, 11, 24), True, "On-site", "day 1 of 4"),
        (date(2026, 11, 27), True, "On-site", "day 4 of 4"),
        (date(2026, 11, 28), True, "Post on-site", "the visit is over"),
    ],
)
def test_the_stage_follows_the_dates(today: date, there: bool, stage: str, words: str) -> None:
    framework = load_frameworks()["local_system"]
    assert stage_of(CHALLENGE, framework, today=today, team_is_there=there).title == stage
    assert days_in_words(CHALLENGE, today) == words


def test_every_framework_has_a_stage_for_every_day() -> None:
    for framework in load_frameworks().values():
        for signed_off_at in (None, CHALLENGE.created_at):
            challenge = replace(CHALLENGE, signed_off_at=signed_off_at)
            for day in (1, 24, 27, 30):
                stage = stage_of(challenge, framework, today=date(2026, 11, day), team_is_there=True)
                assert stage in framework.stages


def test_a_framework_without_a_stage_before_the_visit_shows_the_nearest() -> None:
    framework = load_frameworks()["local_system"]
    on_site = tuple(stage for stage in framework.stages if stage.when == "on_site")
    bare = replace(framework, stages=on_site)
    for day in (1, 30):
        assert stage_of(CHALLENGE, bare, today=date(2026, 11, day), team_is_there=True) == on_site[0]
