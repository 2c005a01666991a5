"""Somebody asks for help, says hello or mistypes a command: a short, useful answer, and never a finding."""

from datetime import datetime
from pathlib import Path

import pytest

from handlers.chat import Card, Form
from tests.fieldwork.day import LONDON, STRANGER, TEAM, Day, a_day

PEERS = [handle for handle in TEAM if handle != "mina"]
EVERYBODY = [*TEAM, STRANGER]


async def test_a_peer_reads_first_what_they_need_first(day: Day) -> None:
    await day.priya.says("help")
    lines = day.priya.last.words.splitlines()
    assert lines[0] == "• Type what you heard. Each message is a finding; you get its number back."
    assert lines[1].startswith("• #theme puts it on a flip chart.")
    assert lines[2] == "• Edit or delete your message and the finding follows."


BEFORE, ON_SITE, AFTER = (datetime(2026, 11, day, 9, 0, tzinfo=LONDON) for day in (14, 24, 30))


@pytest.mark.parametrize(
    ("moment", "heading", "managers_own", "not_now"),
    [
        (BEFORE, "Before the visit you can type:\n", "• challenge team add: add people", "summary approve"),
        (ON_SITE, "On site you can also type:\n", "• summary approve: approve the client’s page", "challenge team add"),
        (AFTER, "After the visit you can type:\n", "• challenge signed off: the report", "• sessions"),
    ],
)
async def test_it_names_what_matters_at_this_point_of_the_visit_and_fits_on_a_phone(
    tmp_path: Path, moment: datetime, heading: str, managers_own: str, not_now: str
) -> None:
    async with a_day(tmp_path, start=moment) as day:
        await day.open_challenge()
        for handle in TEAM:
            await day.people[handle].says("help")
            words = day.people[handle].last.words
            assert heading in words
            assert (managers_own in words) == (handle == "mina")
            assert not_now not in words
            assert len(words.splitlines()) <= 16
            assert len(words) < 900


@pytest.mark.parametrize("handle", TEAM)
async def test_the_rest_stands_behind_one_button(day: Day, handle: str) -> None:
    somebody = day.people[handle]
    await somebody.says("help")
    assert [one.label for one in somebody.last.buttons if one.action == "help.topic"] == ["Everything you can type"]
    await somebody.presses("Everything you can type")
    pressed = somebody.last.words
    await somebody.types("help all")
    assert somebody.last.words == pressed
    assert "Findings: finding · findings · practice" in pressed


@pytest.mark.parametrize(("home", "after"), [("slack", "/baseroom"), ("teams", "@Baseroom in the team channel")])
async def test_it_says_where_else_the_words_are_typed_on_that_platform(tmp_path: Path, home: str, after: str) -> None:
    async with a_day(tmp_path, start=datetime(2026, 11, 24, 9, 0, tzinfo=LONDON), home=home) as day:
        await day.open_challenge()
        await day.priya.says("help")
        assert f"Type these words here, or after {after}." in day.priya.last.words


@pytest.mark.parametrize("handle", PEERS)
async def test_a_peer_is_not_shown_what_only_a_manager_may_do(day: Day, handle: str) -> None:
    await day.people[handle].says("help all")
    assert "The team: challenge team" in day.people[handle].last.words
    assert "The challenge: challenge · challenge list" in day.people[handle].last.words
    assert "challenge export" not in day.people[handle].last.words


async def test_a_manager_is_shown_set_up_and_export_too(day: Day) -> None:
    await day.mina.says("help all")
    for words in ("challenge new", "challenge here", "challenge team add", "challenge export", "checkin send"):
        assert words in day.mina.last.words


async def test_a_stranger_is_told_what_it_is_and_whom_to_ask(day: Day) -> None:
    await day.zed.says("help")
    assert "Ask your challenge manager to add you." in day.zed.last.words
    assert "#theme" not in day.zed.last.words


async def test_an_appointed_manager_without_a_challenge_is_offered_to_set_one_up(before: Day) -> None:
    await before.mina.says("help")
    assert isinstance(await before.mina.presses("Set up a challenge"), Form)


async def test_every_command_stands_in_the_help_of_somebody(day: Day) -> None:
    """It is made from the registry, so nothing that is offered is left out."""
    await day.mina.says("help all")
    overview = day.mina.last.words
    commands = day.app.house.registry.commands.values()
    assert [one.words for one in commands if one.summary and one.words not in overview] == []


@pytest.mark.parametrize("words", ["help themes", "help flip charts", "/help theme"])
async def test_a_topic_says_what_to_type_and_what_comes_of_it(day: Day, words: str) -> None:
    await day.priya.says(words)
    assert day.priya.last.words.startswith("Themes\n")
    assert "• theme add Transport: put up a flip chart of the team’s own" in day.priya.last.words


@pytest.mark.parametrize("handle", EVERYBODY)
async def test_every_topic_button_answers_whoever_sees_it(day: Day, handle: str) -> None:
    somebody = day.people[handle]
    await somebody.says("help all")
    everything = somebody.last
    for button in [one for one in everything.buttons if one.action == "help.topic"]:
        await somebody.presses(button.label, on=everything)
        assert somebody.last.words.startswith(button.label)
        assert 0 < somebody.last.words.count("•") <= 10


@pytest.mark.parametrize("handle", EVERYBODY)
async def test_a_topic_that_is_not_theirs_or_never_was_shows_nothing_of_others(day: Day, handle: str) -> None:
    somebody = day.people[handle]
    await somebody.presses_action("help.topic", "nonsense")
    await somebody.presses_action("help.topic", "challenge")
    assert ("challenge export" in somebody.sees) == (handle == "mina")


@pytest.mark.parametrize("handle", EVERYBODY)
async def test_anybody_can_ask_who_sees_what_they_log(day: Day, handle: str) -> None:
    await day.people[handle].says("who can see this?")
    assert "What you log is for this challenge’s team." in day.people[handle].last.words
    assert await day.wall() == []


@pytest.mark.parametrize("words", ["help", "hello", "thanks!", "privacy", "undo", "sumary", "help themes", "home"])
async def test_no_answer_loses_what_was_typed(day: Day, words: str) -> None:
    await day.priya.says(words)
    assert await day.wall() == []
    await day.priya.presses("Log what I typed as a finding")
    assert [finding.text for finding in await day.wall()] == [words]


# ---------------------------------------------------------------- greetings


async def test_a_greeting_is_answered_with_what_is_next(day: Day) -> None:
    await day.at("09:30").priya.says("good morning")
    assert day.priya.last.words.startswith("Hello. Next: Peer team session: today at 10:45. Type what you heard")
    assert await day.wall() == []


async def test_a_stranger_who_says_hello_is_told_whom_to_ask(day: Day) -> None:
    await day.zed.says("hello")
    assert day.zed.last.words == (
        "Hello. You are on no peer challenge in Baseroom yet. Ask your challenge manager to add you."
    )


async def test_an_appointed_manager_who_says_hello_first_is_offered_to_set_a_challenge_up(before: Day) -> None:
    await before.mina.says("hello")
    assert "Ask your challenge manager" not in before.mina.last.words
    assert isinstance(await before.mina.presses("Set up a challenge"), Form)


# ---------------------------------------------------------------- slips


async def test_what_was_nearly_typed_is_done_with_a_press(day: Day) -> None:
    await day.priya.says("themse")
    assert "Did you mean themes?" in day.priya.last.words
    await day.priya.presses("Yes, themes")
    assert "Vision" in day.priya.last.words
    assert await day.wall() == []


async def test_its_arguments_are_not_lost(day: Day) -> None:
    await day.priya.says("Something #vision")
    await day.priya.says("finndings today")
    assert "Did you mean findings today?" in day.priya.last.words
    await day.priya.presses("Yes, findings")
    assert "24 November" in day.priya.last.words


async def test_a_misspelt_command_that_opens_a_form_opens_it(day: Day) -> None:
    await day.mina.types("chalenge new")
    assert isinstance(await day.mina.presses("Yes, challenge new"), Form)


async def test_a_misspelt_slash_command_is_answered_the_same(day: Day) -> None:
    await day.priya.types("sumary")
    assert "Did you mean summary?" in day.priya.last.words


async def test_what_a_role_may_not_do_is_refused_when_it_was_misspelt_too(day: Day) -> None:
    await day.priya.says("expot to excell")
    await day.priya.presses("Yes, challenge export")
    assert "Only the challenge manager can do that" in day.priya.last.words


@pytest.mark.parametrize("value", ["", "nonsense"])
@pytest.mark.parametrize("handle", EVERYBODY)
async def test_the_button_of_an_old_card_changes_nothing(day: Day, handle: str, value: str) -> None:
    await day.people[handle].presses_action("help.run", value)
    assert "no longer there" in day.people[handle].last.words


async def test_nobody_else_can_do_what_somebody_nearly_typed(day: Day) -> None:
    await day.priya.says("themse")
    button = day.priya.last.button("Yes, themes")
    await day.tom.presses_action(button.action, button.value)
    assert "no longer there" in day.tom.last.words


async def test_the_button_of_words_that_were_no_slip_is_refused(day: Day) -> None:
    await day.priya.says("help")
    aside = day.priya.last.button("Log what I typed as a finding").value
    await day.priya.presses_action("help.run", aside)
    assert "no longer there" in day.priya.last.words


async def test_a_stranger_who_mistypes_is_asked_without_a_button(day: Day) -> None:
    await day.zed.says("hlep")
    assert "Did you mean help?" in day.zed.last.words
    assert day.zed.last.buttons == []


async def test_a_command_that_nobody_knows_is_answered(day: Day) -> None:
    await day.priya.types("frobnicate the wall")
    assert "I do not know that command" in day.priya.last.words
    assert await day.wall() == []


async def test_nothing_after_the_slash_is_help(day: Day) -> None:
    await day.priya.types("")
    assert "Type what you heard." in day.priya.last.words


# ---------------------------------------------------------------- taking back


async def test_undo_offers_to_withdraw_the_newest_finding(day: Day) -> None:
    await day.priya.says("First #vision")
    await day.pass_time(minutes=1)
    await day.priya.says("Second #vision")
    await day.pass_time(minutes=1)
    await day.priya.says("scrap that last one")
    await day.priya.presses("Withdraw #2")
    assert [finding.number for finding in await day.wall()] == [1]


async def test_undo_with_nothing_to_take_back_says_how_it_is_done(day: Day) -> None:
    await day.priya.says("undo")
    assert "press Undo under its number" in day.priya.last.words
    assert [button.label for button in day.priya.last.buttons] == ["Log what I typed as a finding"]


async def test_undo_is_for_those_on_a_team(day: Day) -> None:
    await day.zed.says("undo")
    assert "You are not on a peer challenge" in day.zed.last.words


async def test_no_help_says_a_name_or_a_finding_on_a_lock_screen(day: Day) -> None:
    await day.priya.says("A canary #vision")
    for words in ("help", "help themes", "undo", "privacy", "hello", "sumary"):
        await day.priya.says(words)
    cards = [post.content for post in day.priya.posts]
    assert not [card for card in cards if isinstance(card, Card) and "canary" in card.notification]


async def test_privacy_promises_no_deletion_that_does_not_happen(day: Day) -> None:
    await day.priya.says("privacy")
    assert "What Baseroom itself holds is destroyed too, by a day that is known from the start" in day.priya.last.words
