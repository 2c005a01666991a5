"""One app behind Slack's door and Teams' at once: what is done at one door is seen at the other, and who uses both is
reached where they last spoke."""

import asyncio
from pathlib import Path

from tests.mixed.served import ServedWorld, served_world
from tests.mixed.slack_door import SlackDoor, SlackHands
from tests.mixed.teams_door import TeamsDoor, TeamsHands
from tests.mixed.test_one_visit_everywhere import in_words
from tests.mixed.visit import START, at, in_a_minute, set_up

BOTH = ("slack", "teams")


async def test_a_fortnight_on_both(tmp_path: Path) -> None:
    """Mina and Priya sit on both; Tom, Ruth and Hana in Slack alone, Aled, Grace and Jo in Teams alone."""
    seats = {"mina": BOTH, "priya": BOTH, "aled": ("teams",), "grace": ("teams",), "jo": ("teams",)}
    async with served_world(tmp_path, start=START, **seats) as world:
        await set_up(world)
        await both_channels_are_bound(world)
        await what_nobody_asked_for_goes_where_they_last_spoke(world)
        await a_check_in_answered_at_one_door_is_answered_at_the_other(world)
        await world.until(at(24, "10:00"))
        await a_receipt_follows_what_is_done_at_the_other_door(world)
        await two_forms_over_one_finding_are_sent_in_one_moment(world)
        await a_lead_at_one_door_changes_the_day_at_both(world)
        await a_session_stands_in_both_channels_and_is_sorted_from_either(world)
        await the_day_in_numbers_is_the_same(world)


def slack(world: ServedWorld, handle: str) -> SlackHands:
    return slack_door(world).people[handle]


def teams(world: ServedWorld, handle: str) -> TeamsHands:
    return teams_door(world).people[handle]


def slack_door(world: ServedWorld) -> SlackDoor:
    assert world.slack
    return world.slack


def teams_door(world: ServedWorld) -> TeamsDoor:
    assert world.teams
    return world.teams


async def check_alike(world: ServedWorld, *words: str) -> None:
    """Both channels say the same, and these words are in what they say."""
    in_slack, in_teams = slack_door(world).in_channel(), teams_door(world).in_channel()
    assert in_words(in_slack) == in_words(in_teams)
    assert [one for one in words if one not in in_teams] == []


async def both_channels_are_bound(world: ServedWorld) -> None:
    await check_alike(world, "This is the Anyshire ICS team’s channel now.")
    await slack(world, "mina").asks("challenge")
    assert "Team channel: set on Slack, set on Teams" in " ".join((await slack(world, "mina").sees()).split())


async def what_nobody_asked_for_goes_where_they_last_spoke(world: ServedWorld) -> None:
    await world.until(in_a_minute(world))
    await teams(world, "priya").says("hello")
    await slack(world, "mina").asks("checkin send")
    await slack(world, "mina").fills_in(Please_answer_by="Friday 20 Nov 5pm")
    await slack(world, "mina").fills_in()
    assert "Please answer by" in await teams(world, "priya").sees()
    assert "Please answer by" not in await slack(world, "priya").sees()
    await slack(world, "priya").says("hello")
    await world.until(at(20, "12:00"))
    assert "Please answer by" in await slack(world, "priya").sees()
    assert (await teams(world, "priya").sees()).count("Please answer by") == 1


async def a_check_in_answered_at_one_door_is_answered_at_the_other(world: ServedWorld) -> None:
    priya = slack(world, "priya")
    await priya.presses("Answer")
    await priya.fills_in(
        What_are_your_first_impressions="Thin on finance", When_shall_the_challenge_manager="Thursday 4 pm"
    )
    while priya.has_form():
        await priya.fills_in()
    for account in (priya, teams(world, "priya")):
        assert "You answered on Friday 20 November" in (await account.sees()).split("Check-in before")[-1]


async def a_receipt_follows_what_is_done_at_the_other_door(world: ServedWorld) -> None:
    await slack(world, "priya").says("Nobody knows who owns the plan")
    receipt = slack(world, "priya").posts[-1]
    await teams(world, "priya").asks("finding edit 1")
    await teams(world, "priya").fills_in(Kind="Strength")
    assert "#1 saved · unsorted · strength" in slack(world, "priya").person.reads(receipt)
    await slack(world, "priya").presses("Ownership")
    await check_alike(world, "1 finding")


async def two_forms_over_one_finding_are_sent_in_one_moment(world: ServedWorld) -> None:
    """One is kept, and the other stays open with what is wrong with it."""
    await world.until(in_a_minute(world))
    in_slack, in_teams = slack(world, "mina"), teams(world, "priya")
    await in_slack.asks("finding edit 1")
    await in_teams.asks("finding edit 1")
    await asyncio.gather(
        in_slack.person.submits({"Kind": "Area to explore"}), in_teams.person.submits({"Kind": "Not said"})
    )
    await world.settled()
    assert [in_slack.has_form(), in_teams.has_form()].count(True) == 1


async def a_lead_at_one_door_changes_the_day_at_both(world: ServedWorld) -> None:
    mina = teams(world, "mina")
    await mina.says_in_channel("sessions")
    card = teams_door(world).teams.posts_in(mina.channel)[-1]
    await mina.person.looks_at(card)
    await mina.person.presses(card, "Skip 16:15", confirm="Skip it")
    await world.settled()
    await check_alike(world, "There is no 16:15 session today.")
    await slack(world, "ruth").says_in_channel("move 13:00 to 13:30")
    await check_alike(world, "The 13:00 session is at 13:30 today.")


async def a_session_stands_in_both_channels_and_is_sorted_from_either(world: ServedWorld) -> None:
    await slack(world, "tom").says("The minutes are thin")
    await teams(world, "grace").says("Partners share one plan #governance")
    await world.until(at(24, "10:45"))
    await check_alike(world, "10:45 session", "1 unsorted", "Sort them")
    grace = teams(world, "grace")
    await grace.person.presses(teams_door(world).posts()[-1], "Sort them")
    await grace.fills_in(Theme="🤝 Ownership")
    await check_alike(world, "10:45 session")
    assert "unsorted" not in slack(world, "tom").person.reads(slack_door(world).posts()[-1])


async def the_day_in_numbers_is_the_same(world: ServedWorld) -> None:
    await world.until(at(24, "20:00"))
    await check_alike(world, "The day in numbers", "3 findings")
