"""What a person does at a browser window of the rehearsal room, and what they wait to read there."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


async def opens(page: "Page", address: str, path: str = "/") -> None:
    """Opens a page of the room, and waits until it is told of what happens."""
    await page.goto(address + path)
    await page.wait_for_selector("body[data-live=yes]")


def newest(page: "Page") -> "Locator":
    return page.get_by_role("log").locator(".message").last


async def says(page: "Page", words: str) -> None:
    await page.get_by_role("combobox", name="Message to").fill(words)
    await page.keyboard.press("Enter")


async def presses(place: "Page | Locator", label: str) -> None:
    await place.get_by_role("button", name=label, exact=True).click()


async def reads(place: "Locator", words: str) -> None:
    """Waits until the place holds the words."""
    await place.filter(has_text=words).first.wait_for()


async def presses_the_clock(page: "Page", name: str) -> None:
    """The buttons of the clock carry the time to which they lead as well. Whatever falls due on the way has happened
    when this returns: the room answers the press after that, while its clock may be seen to move before."""
    async with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/clock")):
        await page.get_by_role("group", name="Move the clock").get_by_role("button", name=name).click()


async def sets_the_clock(page: "Page", wall: str) -> None:
    await presses(page, "Set the clock…")
    dialog = page.get_by_role("dialog", name="Set the clock")
    await dialog.get_by_label("Day and time").fill(wall)
    await presses(dialog, "Go there")
