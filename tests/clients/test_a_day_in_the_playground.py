"""A whole visit in Microsoft's own client: installed, set up, played, looked at, its notes destroyed.

BASEROOM_PICTURES=tests/pictures keeps the picture of the README; otherwise it is taken and thrown away.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.clients.conftest import Visit
from tests.clients.playground import CHANNEL, PEOPLE, object_id
from tests.fieldwork.day import LONDON

if TYPE_CHECKING:
    from playwright.async_api import Page

HEARD = "Frontline staff describe the vision in their own words"
PEERS = [handle for handle in PEOPLE if handle != "mina"]
SMALL_ENOUGH = 250_000  # bytes; people read the README on a train


def at(day: int, wall: str, month: int = 11) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02}-{day:02}T{wall}").replace(tzinfo=LONDON)


async def test_a_visit_from_installing_baseroom_to_the_last_notes_destroyed(
    visit: Visit, page: "Page", tmp_path: Path
) -> None:
    album = Path(os.environ.get("BASEROOM_PICTURES") or tmp_path)
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.route(lambda url: not url.startswith(visit.client.address), lambda route: route.abort())
    await page.goto(visit.client.address, wait_until="domcontentloaded")
    await set_up(visit)
    await check_in(visit, page)
    await visit.until(at(24, "10:00"))
    await log_and_put_right(visit, page)
    await looks_right(page, album / "teams.png", "#1 saved · Vision · Engagement")
    await meet(visit)
    await looks_right(page, tmp_path / "channel.png", "The 13:00 session is at 13:30 today.", channel="Base room")
    await tell_the_client(visit)
    await destroy_notes(visit)


async def set_up(visit: Visit) -> None:
    """Installed, greeted; a challenge from one line; the team; the channel."""
    client = visit.client
    await client.installs()
    await client.sees("You are on no peer challenge yet")
    await client.says("challenge new Anyshire ICS, local system, 24 to 27 Nov 2026")
    checked = await client.presses(await client.sees("Open the form"), "Set up a challenge")
    await client.sends(checked)
    status = await client.sees("Nobody is lead peer yet")
    await client.installs(CHANNEL)
    await client.sees("@Baseroom challenge here", channel=True)
    await client.sends(await client.presses(status, "Add people"), {"who": "ruth", "role": "lead_peer"})
    others = await client.presses(status, "Add people")
    await client.sends(others, {"who": "priya,tom,grace,aled", "role": "plain_peer"})
    await client.mentions("challenge here")
    await client.sees("This is the Anyshire ICS team’s channel now.", channel=True)


async def check_in(visit: Visit, page: "Page") -> None:
    """The questions go to every peer; one answers in the dialog, and the manager reads it."""
    client = visit.client
    await client.says("checkin send")
    asked = await client.presses(await client.sees("[Send a check-in]"), "Send a check-in")
    understood = await client.sends(asked, {"by": "Friday 20 Nov 5pm"})
    await client.sends(understood)
    await visit.settled()
    dialog = await client.invokes("task/fetch", {"data": await visit.button_of("priya", "Answer")}, by="priya")
    answers = {
        labelled(dialog, "What are your first impressions"): "Thin on finance",
        labelled(dialog, "When shall the challenge manager call you"): "Thursday 4 pm",
    }
    assert await client.sends(dialog, answers, by="priya") == {}
    composer = page.get_by_role("textbox").last
    await composer.fill("checkin answers")
    await composer.press("Enter")
    await client.sees("Thin on finance")


async def log_and_put_right(visit: Visit, page: "Page") -> None:
    """A finding, retagged by a click in the page; one edited, one deleted; a colleague's message logged for them."""
    client = visit.client
    # The page stamps what is typed in it with the real date, which is not the visit's: findings come as activities.
    await client.does("message", text=f"{HEARD} #vision", textFormat="plain")
    receipt = await client.sees("#1 saved · Vision")
    assert receipt.action("Engagement")["type"] == "Action.Execute"
    await page.get_by_role("button", name="Engagement").last.click()
    await client.sees("#1 saved · Vision · Engagement")
    await visit.pass_time(20)
    said = uuid4().hex
    await client.does("message", activity_id=said, text="Carers wait to long", textFormat="plain")
    await client.sees("#2 saved")
    await client.does(
        "messageUpdate", activity_id=said, text="Carers wait too long", textFormat="plain", event="editMessage"
    )
    await visit.hangs({1: f"{HEARD} #vision", 2: "Carers wait too long"})
    await client.does("messageDelete", activity_id=said, event="softDeleteMessage")
    await client.sees("#2 withdrawn")
    await client.does("message", by="priya", text="Minutes are kept for a year #governance", textFormat="plain")
    await visit.settled()
    logged = await client.invokes("composeExtension/fetchTask", message_action("tom", "Nobody reads the minutes"))
    assert "#4 saved for TS" in str(logged) + (await client.sees("#4 saved")).words
    assert [finding.number for finding in await visit.wall()] == [1, 3, 4]


async def meet(visit: Visit) -> None:
    """The session is posted at its minute in the channel, and one is moved by a mention there."""
    client = visit.client
    await visit.until(at(24, "10:44"))
    assert not [post for post in client.in_channel() if "10:45 session" in post.words]
    await visit.until(at(24, "10:45"))
    await client.sees("10:45 session · Tuesday, day 1 of 4", channel=True)
    await client.mentions("move 13:00 to 13:30")
    await client.sees("The 13:00 session is at 13:30 today.", channel=True)
    await visit.until(at(24, "13:30"))
    await client.sees("13:30 session", channel=True)


async def tell_the_client(visit: Visit) -> None:
    """The draft before the catch-up, in the manager's words, approved."""
    client = visit.client
    await visit.until(at(24, "16:00"))
    draft = await client.sees("Draft · for the client")
    dialog = await client.presses(draft, "Edit")
    await client.sends(dialog, {labelled(dialog, "🧭 Vision"): "People put the vision into words of their own"})
    await client.presses(await client.sees("People put the vision into words of their own"), "Approve")
    approved = await client.sees("For the client · Tuesday 24 November")
    assert "People put the vision into words of their own" in approved.words
    assert HEARD not in approved.words


async def destroy_notes(visit: Visit) -> None:
    client = visit.client
    await visit.until(at(4, "10:00", month=12))
    await client.says("challenge signed off")
    await client.sends(await client.presses(await client.sees("[The report is signed off]"), "The report"))
    await client.presses(await client.sees("Please destroy your notes now"), "All of it is destroyed")
    await client.sees("1 of 6 have destroyed their notes")
    for count, handle in enumerate(PEERS, start=2):
        data = await visit.button_of(handle, "All of it is destroyed")
        action = {"action": {"type": "Action.Execute", "verb": data["action"], "data": data}}
        await client.invokes("adaptiveCard/action", action, by=handle, conversation={"id": await visit.chat_of(handle)})
        await client.sees(f"{count} of 6 have destroyed their notes")


# ---------------------------------------------------------------- what forms and messages are made of


def labelled(dialog: object, label: str) -> str:
    """The field whose label begins so."""
    fields = {part["label"]: part["id"] for part in inputs_of(dialog)}
    found = [name for said, name in fields.items() if said.startswith(label)]
    assert found, f"no {label!r} among {list(fields)}"
    return found[0]


def inputs_of(part: object) -> list[dict[str, str]]:
    if isinstance(part, list):
        return [found for inner in part for found in inputs_of(inner)]
    if not isinstance(part, dict):
        return []
    own = [part] if str(part.get("type", "")).startswith("Input.") else []
    return own + [found for inner in part.values() for found in inputs_of(inner)]


def message_action(author: str, text: str) -> dict[str, object]:
    """ "Log as finding" on somebody's message in the channel, as Teams tells of it."""
    user = {"id": object_id(author), "displayName": PEOPLE[author], "userIdentityType": "aadUser"}
    message = {
        "id": "1795514400000",
        "createdDateTime": "2026-11-24T10:00:00.000Z",
        "body": {"contentType": "html", "content": f"<p>{text}</p>"},
        "from": {"user": user, "application": None, "device": None, "conversation": None},
        "attachments": [],
        "mentions": [],
        "reactions": [],
    }
    return {"commandId": "findings.log", "commandContext": "message", "messagePayload": message}


# ---------------------------------------------------------------- what the page shows


async def looks_right(page: "Page", picture: Path, words: str, *, channel: str = "") -> None:
    """The page itself shows our card: its words can be read, and nothing stands there raw."""
    if channel:
        await page.get_by_text(channel, exact=True).first.click()
    await page.get_by_text(words).last.wait_for()
    taken = await page.screenshot(path=picture)
    assert len(taken) < SMALL_ENOUGH
