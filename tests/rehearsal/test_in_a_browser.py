"""The rehearsal room in a real browser: by mouse, by keyboard, on a phone, and in two windows at once."""

import re
from typing import TYPE_CHECKING

from tests.rehearsal.screen import newest, opens, reads, says, sets_the_clock

if TYPE_CHECKING:
    from playwright.async_api import Page, Route, ViewportSize

VIEWS = ("dm", "team", "home", "wall", "people")
PHONE: "ViewportSize" = {"width": 390, "height": 844}


async def test_the_first_page_is_alive(page: "Page", address: str) -> None:
    await opens(page, address)
    await reads(page.get_by_role("log"), "saved · Vision")
    await reads(page.get_by_label("The rehearsal clock"), "day 2 of 4")


async def test_somebody_chooses_who_they_are_and_logs_a_finding(page: "Page", address: str) -> None:
    await opens(page, address)
    await page.get_by_role("link", name="Tom Sutton").click()
    await page.wait_for_url("**/as/tom/dm")
    await says(page, "Partners share one plan #vision")
    await reads(newest(page), "#42 saved · Vision")
    assert await page.get_by_role("combobox", name="Message to").input_value() == ""


async def test_a_theme_is_changed_in_one_tap(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/dm")
    await says(page, "The board reads the risk register")
    await reads(newest(page), "unsorted")
    await newest(page).get_by_role("button", name="Vision").click()
    await reads(newest(page), "saved · Vision")


async def test_a_message_is_edited_where_it_stands(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/team")
    await says(page, "The car park is full")
    await reads(newest(page), "The car park is full")
    await newest(page).get_by_role("button", name="More for the message").click()
    await page.get_by_role("button", name="Edit", exact=True).click()
    await page.get_by_role("textbox", name="Edit your message").fill("The car park is empty")
    await page.keyboard.press("Enter")
    await reads(newest(page), "The car park is empty")
    await reads(newest(page), "edited")


async def test_a_message_is_taken_back(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/team")
    await says(page, "The car park is full")
    await reads(newest(page), "The car park is full")
    await newest(page).get_by_role("button", name="More for the message").click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_text("The car park is full").wait_for(state="detached")


async def test_a_form_is_filled_in_by_keyboard_alone(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/dm")
    await page.get_by_role("combobox", name="Message to").focus()
    await page.keyboard.type("/finding")
    await page.get_by_role("listbox", name="Commands").wait_for()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.wait_for()
    await page.keyboard.type("Typed without a mouse #vision")
    for _ in range(40):
        if await page.evaluate("document.activeElement.type") == "submit":
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await dialog.wait_for(state="hidden")
    await reads(newest(page), "#42 saved")


async def test_a_command_is_completed_with_the_arrows(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/dm")
    field = page.get_by_role("combobox", name="Message to")
    await field.fill("/baseroom h")
    await field.press("ArrowDown")
    await field.press("Enter")
    assert await field.input_value() == "/baseroom help "


async def test_the_clock_moves_to_the_next_session(page: "Page", address: str) -> None:
    await opens(page, address, "/as/ruth/team")
    await page.get_by_role("button", name="Next session").click()
    await reads(page.get_by_label("The rehearsal clock"), "10:45")
    await reads(newest(page), "10:45")


async def test_two_windows_see_each_other_at_once(page: "Page", address: str) -> None:
    await opens(page, address, "/as/ruth/team")
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="Open a second window").click()
    second = await opened.value
    await second.wait_for_selector("body[data-live=yes]")
    await says(page, "Can you hear me?")
    await reads(newest(second), "Can you hear me?")
    await says(second, "Loud and clear")
    await reads(newest(page), "Loud and clear")


async def test_what_is_said_while_a_page_still_loads_stands_on_it(page: "Page", address: str) -> None:
    async def speaks_first(script: "Route") -> None:
        await says(page, "The car park is full")
        await reads(newest(page), "The car park is full")
        await script.continue_()

    await opens(page, address, "/as/tom/team")
    late = await page.context.new_page()
    await late.route("**/static/room.js", speaks_first)
    await opens(late, address, "/as/ruth/team")
    await reads(newest(late), "The car park is full")


async def test_what_waits_elsewhere_is_counted(page: "Page", address: str) -> None:
    await opens(page, address, "/as/ruth/home")
    other = await page.context.new_page()
    await opens(other, address, "/as/tom/team")
    await says(other, "The car park is full")
    await page.get_by_role("link", name=re.compile("Team channel.*1")).wait_for()


async def test_the_wall_fills_while_it_is_watched(page: "Page", address: str) -> None:
    await opens(page, address, "/as/ruth/wall")
    other = await page.context.new_page()
    await opens(other, address, "/as/tom/dm")
    await says(other, "Fresh from the meeting #vision")
    await page.get_by_role("region", name="Vision").get_by_text("Fresh from the meeting").wait_for()


async def test_starting_with_nothing_asks_first(page: "Page", address: str) -> None:
    await opens(page, address, "/as/mina/wall")
    await page.get_by_role("button", name="Start again…").first.click()
    await page.get_by_role("dialog", name="Start again?").get_by_role("button", name="Cancel").click()
    await page.get_by_role("region", name="Vision").wait_for()
    await page.get_by_role("button", name="Start again…").first.click()
    await page.get_by_role("button", name="Start with nothing: set up a challenge").click()
    await page.get_by_text("There is no challenge yet").wait_for()


async def test_words_stay_when_the_room_cannot_be_reached(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/dm")
    await page.route("**/say", lambda route: route.abort())
    await says(page, "Something heard")
    await page.get_by_role("alert").filter(has_text="What you typed is still here").wait_for()
    assert await page.get_by_role("combobox", name="Message to").input_value() == "Something heard"
    await page.reload()
    assert await page.get_by_role("combobox", name="Message to").input_value() == "Something heard"


async def test_a_phone_never_scrolls_sideways_and_a_thumb_hits_every_control(page: "Page", address: str) -> None:
    await page.set_viewport_size(PHONE)
    for view in VIEWS:
        await opens(page, address, f"/as/priya/{view}")
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], view
        assert await page.evaluate(TOO_SMALL) == [], view


TOO_SMALL = """() => [...document.querySelectorAll('button, a, input, select')]
    .filter((one) => one.checkVisibility() && !one.closest('.visually-hidden, .skip, p'))
    .map((one) => [one.textContent.trim(), one.getBoundingClientRect().height])
    .filter(([, height]) => height < 43.5)"""


async def test_every_control_has_a_name(page: "Page", address: str) -> None:
    for view in VIEWS:
        await opens(page, address, f"/as/mina/{view}")
        assert nameless(await page.locator("body").aria_snapshot()) == [], view


def nameless(snapshot: str) -> list[str]:
    """The controls in an accessibility tree that a screen reader could not name."""
    assert "- button" in snapshot
    roles = "button|link|textbox|combobox|checkbox|radio|listbox|group|dialog"
    return re.findall(rf"^\s*- (?:{roles})(?::|$).*", snapshot, re.MULTILINE)


async def test_every_field_of_a_form_has_a_name(page: "Page", address: str) -> None:
    await opens(page, address, "/as/tom/dm")
    await says(page, "/finding")
    dialog = page.get_by_role("dialog")
    await dialog.wait_for()
    assert nameless(await dialog.aria_snapshot()) == []


async def test_nothing_of_the_top_is_cut_off(page: "Page", address: str) -> None:
    """After the visit the buttons of the clock say the day as well, and are at their widest."""
    await opens(page, address, "/as/priya/dm")
    await sets_the_clock(page, "2026-11-28T09:00")
    await reads(page.get_by_label("The rehearsal clock"), "after the visit")
    for width in (1200, 1181, 1180, 390):
        await page.set_viewport_size({"width": width, "height": 800})
        cut = await page.locator(".time small").evaluate("said => said.scrollWidth - said.clientWidth")
        assert cut <= 0, f"{width} pixels wide, {cut} are cut off"


async def test_every_button_of_the_clock_is_in_sight_on_a_phone(page: "Page", address: str) -> None:
    """After the visit too, when they are at their widest; nothing has to be pushed aside for them."""
    await opens(page, address, "/as/priya/dm")
    await sets_the_clock(page, "2026-12-14T09:00")
    await reads(page.get_by_label("The rehearsal clock"), "after the visit")
    for width in (320, 360, 390, 760, 761):
        await page.set_viewport_size({"width": width, "height": 844})
        assert await page.evaluate(OUT_OF_SIGHT) == [], f"{width} pixels wide"


OUT_OF_SIGHT = """() => [...document.querySelectorAll('.moves button')]
    .filter((one) => one.getBoundingClientRect().left < 0 || one.scrollWidth > one.clientWidth
        || one.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map((one) => one.textContent)"""
