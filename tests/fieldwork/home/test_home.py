"""Somebody opens their home page: what they have said, what is next, what is asked of them."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.ports import Target
from handlers.chat import Button, Card, Form
from storage.records import CheckIn, CheckInId, Question, new_id
from tests.fieldwork.day import LONDON, STRANGER, TEAM, Day, a_day
from tests.fieldwork.platform import Shown

PEERS = [handle for handle in TEAM if handle != "mina"]
EVERYBODY = [*TEAM, STRANGER]


def _buttons(card: Card) -> list[Button]:
    return Shown("home", Target(""), card, "").buttons


def home_of(day: Day, handle: str) -> Card:
    return day.platform.homes[handle]


async def test_a_peer_sees_their_own_findings_newest_first_and_how_many_the_team_has(day: Day) -> None:
    await day.priya.says("Staff describe the vision in their own words #vision (focus group)")
    await day.tom.says("A canary that only Tom heard")
    await day.pass_time(minutes=1)
    await day.priya.says("strength: The board walks the wards #leadership")
    await day.priya.opens_home()
    home = day.priya.home
    assert "Your findings: 2 today, 2 in all\nThe whole team’s: 3 today, 3 in all" in home
    assert home.index("• #3 · Leadership · strength: The board walks the wards") < home.index("• #1 · Vision")
    assert "canary" not in home


async def test_only_the_newest_five_are_shown_and_the_rest_are_a_press_away(day: Day) -> None:
    for number in range(7):
        await day.priya.says(f"Something heard in interview {number}")
        await day.pass_time(minutes=1)
    await day.priya.opens_home()
    assert day.priya.home.count("• #") == 5
    button = next(b for b in _buttons(home_of(day, "priya")) if b.label == "All my findings")
    await day.priya.presses_action(button.action, button.value)
    assert "Your findings: 7" in day.priya.last.words


async def test_practice_and_withdrawn_findings_are_not_counted(day: Day) -> None:
    await day.priya.types("practice")
    await day.priya.says("A practice canary")
    await day.pass_time(minutes=1)
    await day.priya.deletes(await day.priya.says("A withdrawn canary"))
    await day.priya.opens_home()
    assert "Your findings: 0 today, 0 in all" in day.priya.home
    assert "canary" not in day.priya.home


async def test_what_is_next_are_the_sessions_and_the_catch_up(day: Day) -> None:
    await day.priya.opens_home()
    assert "Next\n• Peer team session: today at 10:45" in day.priya.home
    assert "• Catch-up: today at " in day.priya.home


async def test_before_the_visit_it_says_when_it_begins(before: Day) -> None:
    await before.open_challenge()
    await before.priya.opens_home()
    assert "• On site from Tuesday 24 November" in before.priya.home


async def test_whoever_has_not_agreed_to_the_ground_rules_can_do_so_there(day: Day) -> None:
    await day.priya.opens_home()
    assert "Asked of you\nRead the ground rules and say that you agree:" in day.priya.home
    agree = next(b for b in _buttons(home_of(day, "priya")) if b.label == "I agree")
    await day.priya.presses_action(agree.action, agree.value)
    await day.priya.opens_home()
    assert "Asked of you" not in day.priya.home


async def test_what_other_capabilities_ask_stands_there_until_it_is_done(before: Day) -> None:
    challenge = await before.open_challenge()
    check_in = CheckIn(
        CheckInId(new_id()), challenge.id, "Before the visit", (Question("diet", "What do you not eat?"),),
        challenge.created_at.replace(day=20), before.now, before.members["mina"].id,
    )  # fmt: skip
    async with before.app.database.begin() as uow:
        await uow.checkins.add(check_in)
        await uow.commit()
    await before.tom.opens_home()
    assert "Before the visit: please answer by" in before.tom.home
    await before.mina.opens_home()
    assert "please answer" not in before.mina.home


async def test_the_manager_sees_what_is_missing_and_nobody_else_does(day: Day) -> None:
    for handle in TEAM:
        await day.people[handle].opens_home()
    assert "Missing\n• Yet to agree to the ground rules: " in day.mina.home
    assert [handle for handle in PEERS if "Missing" in day.people[handle].home] == []


async def test_the_manager_can_export_from_there_and_nobody_else_sees_the_button(day: Day) -> None:
    await day.mina.opens_home()
    await day.ruth.opens_home()
    assert "[Export the workbook]" in day.mina.home
    assert "[Export the workbook]" not in day.ruth.home


async def test_the_same_page_comes_as_a_card_when_asked_for(day: Day) -> None:
    await day.priya.says("Something #vision")
    await day.priya.says("home")
    card = day.priya.last
    await day.priya.opens_home()
    assert card.words.startswith(day.priya.home)
    assert card.words.endswith("[Log what I typed as a finding]")
    assert isinstance(card.content, Card)
    assert card.content.notification == "Your home page"


async def test_asked_for_in_a_channel_it_comes_to_the_person_alone(day: Day) -> None:
    await day.priya.says("A canary #vision")
    await day.priya.says_in_channel("home")
    assert "canary" not in day.team_channel.sees
    assert "Your home page is in your direct messages." in day.team_channel.sees
    assert "canary" in day.priya.sees


async def test_two_challenges_have_a_heading_each(day: Day) -> None:
    first = day.challenge
    await day.open_challenge(host="Borsetshire", first=date(2026, 12, 8), last=date(2026, 12, 11))
    await day.priya.opens_home()
    home = day.priya.home
    assert home.index("Anyshire ICS\nTuesday, day 1 of 4") < home.index("Borsetshire\n")
    assert home.count("Your findings: 0 today") == 2
    assert first
    values = {button.value for button in _buttons(home_of(day, "priya")) if button.label == "Status"}
    assert day.challenge
    assert values == {first.id, day.challenge.id}


async def test_a_challenge_that_is_over_is_not_shown(day: Day) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.challenges.change(day.challenge.id, ended_at=day.now)
        await uow.commit()
    await day.priya.opens_home()
    assert "Anyshire" not in day.priya.home


async def test_somebody_taken_off_the_team_sees_nothing_of_it(day: Day) -> None:
    async with day.app.database.begin() as uow:
        await uow.members.set_removed(day.members["priya"].id, day.now)
        await uow.commit()
    await day.priya.opens_home()
    assert "Anyshire" not in day.priya.home
    assert "Ask your challenge manager to add you" in day.priya.home


async def test_a_stranger_learns_what_it_is_and_whom_to_ask(day: Day) -> None:
    await day.zed.opens_home()
    assert "Baseroom is a peer challenge team’s base room." in day.zed.home
    assert "Ask your challenge manager to add you." in day.zed.home
    await day.zed.says("home")
    assert "Ask your challenge manager to add you." in day.zed.last.words


async def test_an_appointed_manager_without_a_challenge_can_set_one_up(before: Day) -> None:
    await before.mina.opens_home()
    button = _buttons(before.platform.homes["mina"])[0]
    assert button.label == "Set up a challenge"
    assert isinstance(await before.mina.presses_action(button.action, button.value), Form)
    await before.mina.says("home")
    assert "[Set up a challenge]" in before.mina.last.words


@pytest.mark.parametrize("handle", EVERYBODY)
async def test_every_button_of_a_home_page_does_something_for_whoever_sees_it(day: Day, handle: str) -> None:
    somebody = day.people[handle]
    await somebody.says("Something that was heard #vision")
    await somebody.opens_home()
    for button in _buttons(home_of(day, handle)):
        shown = len(somebody.posts)
        outcome = await somebody.presses_action(button.action, button.value)
        assert isinstance(outcome, Form) if button.opens else len(somebody.posts) > shown or "agree" in button.action
        assert "Something went wrong" not in somebody.sees


@pytest.mark.parametrize("action", ["home.findings", "home.summary"])
async def test_a_stranger_who_presses_a_button_is_told_whom_to_ask(day: Day, action: str) -> None:
    assert day.challenge
    await day.zed.presses_action(action, day.challenge.id)
    assert "You are not on a peer challenge" in day.zed.last.words


async def test_a_button_with_a_challenge_that_never_was_is_refused(day: Day) -> None:
    await day.priya.presses_action("home.findings", "nonsense")
    assert "no longer there" in day.priya.last.words


async def test_in_teams_it_is_said_to_be_in_the_chat(tmp_path: Path) -> None:
    async with a_day(tmp_path, start=datetime(2026, 11, 24, 9, 0, tzinfo=LONDON), home="teams") as day:
        await day.open_challenge()
        await day.priya.says_in_channel("home")
        await day.priya.says_in_channel("my findings")
        assert "Your home page is in your chat." in day.team_channel.sees
        assert "direct message" not in day.team_channel.sees
        await day.mina.says_in_channel("export")
        assert "The workbook is in your chat: it is not for a channel." in day.team_channel.sees
