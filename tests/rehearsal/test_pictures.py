"""The pictures of the README, taken of the sample visit by a real browser.

BASEROOM_PICTURES=tests/pictures keeps them; otherwise they are taken and thrown away.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.rehearsal.screen import newest, opens, presses, presses_the_clock, reads, says, sets_the_clock

if TYPE_CHECKING:
    from playwright.async_api import Page, ViewportSize

WIDE: "ViewportSize" = {"width": 1200, "height": 800}
LOW: "ViewportSize" = {"width": 1200, "height": 640}
TALL: "ViewportSize" = {"width": 1200, "height": 1140}
PHONE: "ViewportSize" = {"width": 390, "height": 780}
SMALL_ENOUGH = 200_000  # bytes; people read the README on a train


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Where the pictures go."""
    folder = Path(os.environ.get("BASEROOM_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def takes(page: "Page", picture: Path) -> None:
    await page.mouse.move(0, 0)
    taken = await page.screenshot(path=picture, animations="disabled", caret="hide")
    assert len(taken) < SMALL_ENOUGH


async def test_the_pictures_of_the_readme_are_taken(page: "Page", address: str, album: Path) -> None:
    await page.set_viewport_size(WIDE)
    await of_receipts(page, address, album / "dm.png")
    await of_a_phone(page, address, album / "phone.png")
    await of_a_session(page, address, album / "session.png")
    await of_the_wall(page, address, album / "wall.png")
    await of_the_summary(page, address, album / "summary.png")


async def of_receipts(page: "Page", address: str, picture: Path) -> None:
    await opens(page, address, "/as/tom/dm")
    await says(page, "Chairs of both boards open every meeting with the same three priorities")
    await reads(newest(page), "#42 saved · unsorted")
    await presses(newest(page), "Vision")
    await reads(newest(page), "#42 saved · Vision")
    await takes(page, picture)


async def of_a_phone(page: "Page", address: str, picture: Path) -> None:
    await page.set_viewport_size(PHONE)
    await opens(page, address, "/as/priya/dm")
    await reads(newest(page), "#41 saved")
    await takes(page, picture)
    await page.set_viewport_size(WIDE)


async def of_a_session(page: "Page", address: str, picture: Path) -> None:
    await opens(page, address, "/as/ruth/team")
    await presses_the_clock(page, "Next session")
    await reads(newest(page), "10:45 session")
    await takes(page, picture)


async def of_the_wall(page: "Page", address: str, picture: Path) -> None:
    await opens(page, address, "/as/ruth/wall")
    await page.get_by_role("region", name="Vision").wait_for()
    await page.set_viewport_size(LOW)
    await takes(page, picture)


async def of_the_summary(page: "Page", address: str, picture: Path) -> None:
    await page.set_viewport_size(TALL)
    await opens(page, address, "/as/mina/dm")
    await sets_the_clock(page, "2026-11-25T16:05")
    draft = page.locator(".message", has_text="for the client · Wednesday 25 November").first
    await presses(draft, "Edit")
    form = page.get_by_role("dialog", name="The client’s page")
    await form.get_by_label("Vision").first.fill("Staff at every level tell the same story of the partnership.")
    await form.get_by_label("Ownership").first.fill("The finance director does not see the total as theirs.")
    await form.get_by_label("Leadership").first.fill("Leaders are trusted, and answer quickly.")
    await presses(form, "Save and go on")
    await presses(form, "Save")
    await form.wait_for(state="hidden")
    await reads(draft, "Leaders are trusted, and answer quickly.")
    await draft.evaluate("one => one.scrollIntoView({block: 'end'})")
    await takes(page, picture)
