"""For how long a visit is kept is known from its first day; later only with a reason; and a hold stops everything."""

from datetime import date

import pytest

from tests.fieldwork.day import Day


def reminders(day: Day) -> list[str]:
    """What stood on the manager's lock screen, of those that tell of the day."""
    notified = [post.content.notification for post in day.mina.posts]
    return [line for line in notified if "is to be destroyed" in line]


async def test_the_day_is_on_the_status_and_the_welcome_from_the_start(before: Day) -> None:
    await before.mina.types("challenge new Anyshire ICS, local system, 24 to 27 Nov 2026")
    await before.mina.sends()
    await before.mina.types("challenge")
    assert "Kept until: Thursday 25 February 2027" in before.mina.last.words
    await before.mina.types("challenge team add @priya as peer", people=(before.priya,))
    await before.pass_time(hours=1)
    assert "by Thursday 25 February 2027 or four weeks after the sign-off" in before.priya.sees


async def test_sign_off_brings_it_forward_and_taking_that_back_puts_it_off(after: Day) -> None:
    await after.mina.types("challenge kept")
    assert "To be destroyed by: Thursday 25 February 2027 (90 days after the visit)" in after.mina.last.words
    await after.mina.types("challenge signed off")
    await after.mina.sends()
    await after.mina.types("challenge kept")
    assert "To be destroyed by: Friday 1 January 2027 (28 days after sign-off)" in after.mina.last.words
    await after.mina.types("challenge not signed off")
    await after.mina.types("challenge kept")
    assert "Thursday 25 February 2027" in after.mina.last.words


async def test_the_manager_is_reminded_before_the_day_on_it_and_after(signed_off: Day) -> None:
    for day in ((2026, 12, 18), (2026, 12, 29), (2027, 1, 1), (2027, 1, 8), (2027, 1, 15)):
        await signed_off.on(date(*day), "10:01")
    ends = ("in 14 days", "in 3 days", "today", "7 days ago", "14 days ago")
    assert reminders(signed_off) == [f"What Baseroom keeps is to be destroyed {end}" for end in ends]


async def test_it_is_kept_longer_with_a_reason_and_the_reminders_follow(signed_off: Day) -> None:
    mina = signed_off.mina
    await mina.types("challenge keep")
    await mina.sends(until="yesterday", reason="The report is contested")
    assert "already" in mina.errors["until"] or "past" in mina.errors["until"]
    await mina.sends(until="1 January 2031", reason="The report is contested")
    assert "within a year" in mina.errors["until"]
    await mina.sends(until="31 March 2027", reason="  ")
    assert "Say why" in mina.errors["reason"]
    await mina.sends(until="31 March 2027", reason="The report is contested")
    assert "Wednesday 31 March 2027 (extended, with a reason)" in mina.last.words
    await signed_off.on(date(2027, 1, 2), "11:00")
    assert reminders(signed_off) == []
    await signed_off.on(date(2027, 3, 17), "10:01")
    assert reminders(signed_off) == ["What Baseroom keeps is to be destroyed in 14 days"]


async def test_nothing_is_purged_while_a_hold_stands(after: Day) -> None:
    await after.priya.presses("Undo")
    await after.mina.types("challenge hold A request for information has come")
    assert "On hold since Friday 4 December, by MO" in after.mina.last.words
    await after.pass_time(hours=72)
    assert "quillfeather" in (await after.finding(1)).text
    await after.mina.types("challenge unhold It was answered")
    await after.pass_time(hours=2)
    assert (await after.finding(1)).text == ""


async def test_a_hold_is_seen_on_the_status_and_stops_the_reminders(signed_off: Day) -> None:
    mina = signed_off.mina
    await mina.types("challenge hold")
    await mina.sends(reason="A complaint")
    await mina.types("challenge")
    assert "Kept until: on hold: nothing is destroyed" in mina.last.words
    await signed_off.on(date(2027, 1, 2), "12:00")
    assert reminders(signed_off) == []
    await mina.types("challenge unhold")
    await mina.sends(reason="It was settled")
    await signed_off.on(date(2027, 1, 9), "12:00")
    assert reminders(signed_off) == ["What Baseroom keeps is to be destroyed 7 days ago"]


async def test_a_hold_is_not_placed_twice_nor_lifted_twice(after: Day) -> None:
    await after.mina.types("challenge unhold Nothing")
    assert "is not on hold" in after.mina.last.words
    await after.ruth.types("challenge hold The lead peer may as well")
    await after.mina.types("challenge hold Again")
    assert "on hold already" in after.mina.last.words
    assert "The lead peer may as well" in after.mina.sees


async def test_whoever_was_asked_to_destroy_notes_is_told_to_keep_them(signed_off: Day) -> None:
    await signed_off.tom.presses("All of it is destroyed")
    await signed_off.mina.types("challenge hold A request for information has come")
    assert "please keep your notes for now" in signed_off.priya.last.words
    assert "please keep your notes for now" not in signed_off.tom.sees
    seen = len(signed_off.priya.posts)
    await signed_off.on(date(2026, 12, 12), "12:00")
    assert len(signed_off.priya.posts) == seen
    await signed_off.mina.types("challenge unhold It was answered")
    assert "can be destroyed now" in signed_off.priya.last.words


async def test_a_report_is_not_signed_off_under_a_hold(after: Day) -> None:
    await after.mina.types("challenge hold A complaint")
    await after.mina.types("challenge signed off")
    assert "on hold, so nobody can be asked" in after.mina.last.words


@pytest.mark.parametrize("line", ["challenge kept", "challenge keep", "challenge unhold x", "challenge destroy"])
async def test_a_peer_may_do_none_of_it(after: Day, line: str) -> None:
    await after.priya.types(line)
    assert "Only the challenge manager" in after.priya.last.words


async def test_all_of_it_works_when_the_visit_is_closed(signed_off: Day) -> None:
    await signed_off.mina.types("challenge close")
    await signed_off.mina.sends()
    await signed_off.mina.types("challenge")
    await signed_off.mina.presses("What is kept")
    await signed_off.mina.presses("Put it on hold")
    await signed_off.mina.sends(reason="A complaint")
    assert "On hold" in signed_off.mina.last.words


async def test_a_lead_peer_who_puts_it_on_hold_is_shown_no_button_of_the_managers(after: Day) -> None:
    await after.ruth.types("challenge hold A request for information has come")
    assert "On hold since Friday 4 December, by RC" in after.ruth.last.words
    assert [button.label for button in after.ruth.last.buttons] == []
    assert [button.label for button in after.mina.last.buttons] == ["Lift the hold", "Keep it longer"]


async def test_what_is_kept_is_counted_for_the_team_not_for_those_who_logged_it(after: Day) -> None:
    await after.mina.types("challenge kept")
    assert "2 findings from 2 kinds of source, by a team of 6 peers" in after.mina.last.words


async def test_what_is_sensitive_is_in_no_number_that_somebody_else_is_shown(after: Day) -> None:
    """A lead peer who confirms a destruction could otherwise compare it with the wall."""
    await after.priya.types("finding sensitive: staff at Willow House were told to keep quiet #vision")
    await after.ruth.types("challenge hold A request for information has come")
    assert "2 findings from 2 kinds of source, by a team of 6 peers" in after.ruth.last.words
