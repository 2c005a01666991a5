"""The sample visit played to its end in a real browser, and a visit begun from nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from bot.web.workspace import RESIDENTS
from tests.rehearsal.screen import newest, opens, presses, presses_the_clock, reads, says, sets_the_clock

if TYPE_CHECKING:
    from playwright.async_api import Page


async def test_the_sample_visit_is_played_to_its_end(page: "Page", address: str, tmp_path: Path) -> None:
    await a_finding_is_logged_moved_and_mended(page, address)
    await the_session_compares_it(page, address)
    await the_client_page_is_worded_and_approved(page, address)
    await the_report_is_signed_off(page, address)
    await everybody_destroys_their_notes(page, address)
    await the_workbook_holds_the_finding(page, address, tmp_path / "visit.xlsx")


async def a_finding_is_logged_moved_and_mended(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/dm")
    await says(page, "The board reads the risk register")
    await reads(newest(page), "#42 saved · unsorted")
    await presses(newest(page), "Ownership")
    await reads(newest(page), "#42 saved · Ownership")
    heard = page.locator(".message.own").last
    await heard.get_by_role("button", name="More for the message").click()
    await presses(heard, "Edit")
    await heard.get_by_role("textbox", name="Edit your message").fill("The board owns the risk register (document)")
    await presses(heard, "Save")
    await reads(newest(page), "#42 saved · Ownership · document")


async def the_session_compares_it(page: "Page", address: str) -> None:
    await opens(page, address, "/as/ruth/team")
    await presses_the_clock(page, "Next session")
    await reads(newest(page), "10:45 session")
    await reads(newest(page), "#42")
    await presses(newest(page), "Show the findings")
    await reads(page.get_by_role("log"), "The board owns the risk register")


async def the_client_page_is_worded_and_approved(page: "Page", address: str) -> None:
    await opens(page, address, "/as/mina/dm")
    await sets_the_clock(page, "2026-11-25T16:05")
    draft = page.locator(".message", has_text="for the client · Wednesday 25 November").first
    await reads(draft, "Draft")
    await presses(draft, "Edit")
    form = page.get_by_role("dialog", name="The client’s page")
    await form.get_by_label("Ownership").first.fill("Boards read the risk register together.")
    await presses(form, "Save and go on")
    await presses(form, "Save")
    await reads(draft, "Boards read the risk register together.")
    await presses(draft, "Approve")
    await reads(draft, "Approved")
    await opens(page, address, "/as/ruth/team")
    await reads(newest(page), "For the client · Wednesday 25 November")
    await reads(newest(page), "Boards read the risk register together.")


async def the_report_is_signed_off(page: "Page", address: str) -> None:
    for evening in ("Wed 25 Nov 2026, 19:00", "Thu 26 Nov 2026, 19:00", "Fri 27 Nov 2026, 19:00"):
        await presses_the_clock(page, "End of day")
        await reads(page.get_by_label("The rehearsal clock"), evening)
    await opens(page, address, "/as/mina/dm")
    await says(page, "/signed off")
    form = page.get_by_role("dialog", name="The report is signed off")
    await presses(form, "It is signed off")
    await reads(newest(page), "0 of 8 have destroyed their notes")


async def everybody_destroys_their_notes(page: "Page", address: str) -> None:
    await presses_the_clock(page, "Next morning")
    await reads(
        page.get_by_label("The rehearsal clock"), "Sat 28 Nov 2026"
    )  # leaving earlier would take the press back
    for one in RESIDENTS:
        await opens(page, address, f"/as/{one.id}/dm")
        asked = page.locator(".message", has_text="Please destroy your notes now").last
        await presses(asked, "All of it is destroyed")
        await page.get_by_role("dialog").locator("#confirm-yes").click()
        await reads(page.get_by_role("log").locator(".message"), "all your notes are destroyed")
    await opens(page, address, "/as/mina/dm")
    await reads(page.get_by_role("log").locator(".message"), "8 of 8 have destroyed their notes")


async def the_workbook_holds_the_finding(page: "Page", address: str, kept: Path) -> None:
    await says(page, "/challenge export")
    async with page.expect_download() as downloading:
        await newest(page).get_by_role("link", name="Download").click()
    await (await downloading.value).save_as(kept)
    book = load_workbook(kept)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "The board owns the risk register (document)" in cells


async def test_a_visit_is_begun_from_nothing(page: "Page", address: str) -> None:
    await everything_is_forgotten(page, address)
    await a_challenge_is_set_up(page)
    await the_team_is_brought_in(page, address)
    await a_peer_agrees_and_logs(page, address)
    await the_check_in_is_sent(page, address)
    await a_peer_answers_it(page, address)
    await the_manager_reads_the_answer(page, address)


async def everything_is_forgotten(page: "Page", address: str) -> None:
    await opens(page, address, "/as/mina/dm")
    await presses(page, "Start again…")
    await presses(page, "Start with nothing: set up a challenge")
    await page.get_by_text("Nobody has set up a challenge.").wait_for()
    await page.wait_for_selector("body[data-live=yes]")


async def a_challenge_is_set_up(page: "Page") -> None:
    await says(page, "/challenge new")
    form = page.get_by_role("dialog", name="Set up a challenge")
    await form.get_by_label("Who is being challenged?").fill("Westmere Partnership")
    await form.get_by_label("Framework").select_option("Local system peer challenge (ICS)")
    await form.get_by_label("First and last day on site").fill("24 to 27 Nov 2026")
    await presses(form, "Next")
    await reads(form, "Tuesday 24 to Friday 27 November 2026, four days")
    await presses(form, "Continue")
    await reads(newest(page), "The team channel is not set")


async def the_team_is_brought_in(page: "Page", address: str) -> None:
    await presses(newest(page), "Add people")
    form = page.get_by_role("dialog", name="Add people")
    for one in RESIDENTS[1:]:
        await form.get_by_label(one.name).check()
    await presses(form, "Add")
    await reads(newest(page), "Added as Peer")
    await opens(page, address, "/as/mina/team")
    await says(page, "@Baseroom challenge here")
    await reads(newest(page), "This is the Westmere Partnership team’s channel now")


async def a_peer_agrees_and_logs(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/dm")
    await presses(page.get_by_role("log"), "I agree")
    await reads(newest(page), "You agreed to the ground rules")
    await says(page, "Partners share one plan #vision")
    await presses(newest(page), "Pre-reading, document")
    await reads(newest(page), "#1 saved · Vision")


async def the_check_in_is_sent(page: "Page", address: str) -> None:
    await opens(page, address, "/as/mina/dm")
    await says(page, "/checkin send")
    form = page.get_by_role("dialog", name="Send a check-in")
    await presses(form, "Next")
    await reads(form, "8 questions to 7 peers")
    await presses(form, "Send")
    await reads(newest(page), "0 of 7 answered")


async def a_peer_answers_it(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/dm")
    await presses(newest(page), "Answer")
    form = page.get_by_role("dialog", name="Check-in")
    await form.get_by_label("All of it").check()
    await form.get_by_label("What are your first impressions").fill("A plan that people quote")
    await form.get_by_label("When shall the challenge manager call").fill("Thursday 4 pm")
    await presses(form, "Send")
    await form.wait_for(state="hidden")


async def the_manager_reads_the_answer(page: "Page", address: str) -> None:
    await opens(page, address, "/as/mina/dm")
    sent = page.locator(".message", has_text="Check-in before the visit").last
    await reads(sent, "1 of 7 answered")
    await presses(sent, "Read the answers")
    await reads(newest(page), "A plan that people quote")
