"""The wall on the base-room screen: by a link that works once, in one browser, for whoever is on the team."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.audit import verify
from storage.records import Disposal
from tests.fieldwork.conftest import day as day
from tests.fieldwork.day import Day
from tests.pages.conftest import PUBLIC, Screen


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("baseroom.db*"))


async def test_a_link_opens_the_wall_in_one_browser(screen: Screen) -> None:
    await screen.day.priya.says("Frontline staff describe the vision in their own words #vision")
    browser = screen.browser()
    wall = await browser.opens(await screen.link_for(screen.day.ruth))
    assert wall.status == 200
    assert "Frontline staff describe the vision in their own words" in wall.page
    assert "Anyshire ICS" in wall.page


async def test_a_link_works_once(screen: Screen) -> None:
    link = await screen.link_for(screen.day.ruth)
    await screen.browser().opens(link)
    second = await screen.browser().opens(link)
    assert second.status == 410
    assert "type “screen”" in second.page


async def test_what_looks_at_a_link_first_does_not_use_it_up(screen: Screen) -> None:
    link = await screen.link_for(screen.day.ruth)
    preview = await screen.browser().get(link.removeprefix(PUBLIC))
    assert "Anyshire" not in preview.page
    assert (await screen.browser().opens(link)).status == 200


async def test_a_link_is_worth_nothing_after_ten_minutes(screen: Screen) -> None:
    link = await screen.link_for(screen.day.ruth)
    screen.day.clock.move_to(screen.day.clock.now() + timedelta(minutes=11))
    assert (await screen.browser().opens(link)).status == 410


async def test_a_browser_stays_for_twelve_hours_and_no_longer(screen: Screen) -> None:
    browser = screen.browser()
    await browser.opens(await screen.link_for(screen.day.ruth))
    began = screen.day.clock.now()
    screen.day.clock.move_to(began + timedelta(hours=11, minutes=59))
    assert (await browser.get("/wall")).status == 200
    screen.day.clock.move_to(began + timedelta(hours=12, minutes=1))
    assert (await browser.get("/wall")).status == 401


async def test_somebody_taken_off_the_team_sees_nothing_from_that_moment(screen: Screen) -> None:
    browser = screen.browser()
    await browser.opens(await screen.link_for(screen.day.priya))
    link = await screen.link_for(screen.day.priya)
    await screen.day.mina.types("challenge team remove @priya", people=(screen.day.priya,))
    await screen.day.mina.presses("Remove")
    assert (await browser.get("/wall/charts")).status == 401
    assert (await screen.browser().opens(link)).status == 410


async def test_nothing_is_shown_of_a_challenge_from_the_moment_that_it_is_being_destroyed(screen: Screen) -> None:
    wall, workbook = screen.browser(), screen.browser()
    await wall.opens(await screen.link_for(screen.day.ruth))
    await workbook.opens(await screen.link_for(screen.day.mina, "workbook link"))
    link = await screen.link_for(screen.day.ruth)
    challenge = screen.day.challenge
    assert challenge
    async with screen.day.app.database.begin() as uow:
        [manager] = [one for one in await uow.members.of_challenge(challenge.id) if one.initials == "MO"]
        [account] = await uow.accounts.of_person(manager.person_id)
        await uow.disposals.ask(Disposal(challenge.id, account.id, "challenge manager, MO", screen.day.now))
        await uow.disposals.confirm(challenge.id, account.id, named="lead peer, RA", at=screen.day.now)
        await uow.commit()
    for browser, path in ((wall, "/wall"), (wall, "/wall/charts"), (workbook, "/workbook")):
        assert (await browser.get(path)).status == 401
    assert (await screen.browser().opens(link)).status == 410


async def test_screen_off_closes_a_peers_own_browsers_and_a_managers_everybodys(screen: Screen) -> None:
    ruths, toms = screen.browser(), screen.browser()
    await ruths.opens(await screen.link_for(screen.day.ruth))
    await toms.opens(await screen.link_for(screen.day.tom))
    await screen.day.ruth.says("screen off")
    assert ((await ruths.get("/wall")).status, (await toms.get("/wall")).status) == (401, 200)
    waiting = await screen.link_for(screen.day.tom)
    await screen.day.mina.says("screen off")
    assert "1 browser is closed" in screen.day.mina.sees
    assert (await toms.get("/wall")).status == 401
    assert (await screen.browser().opens(waiting)).status == 410


async def test_closing_it_here_forgets_this_browser(screen: Screen) -> None:
    browser = screen.browser()
    await browser.opens(await screen.link_for(screen.day.ruth))
    kept = browser.cookie
    assert (await browser.post("/leave")).status == 200
    browser.cookie = kept
    assert (await browser.get("/wall")).status == 401


async def test_without_a_link_there_is_no_wall(screen: Screen) -> None:
    for path in ("/wall", "/wall/charts", "/workbook"):
        answer = await screen.browser().get(path)
        assert answer.status == 401
        assert "Anyshire" not in answer.page


@pytest.mark.parametrize("path", ["/leave", "/open/guessed"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
async def test_a_press_from_another_page_is_refused(screen: Screen, path: str, origin: str) -> None:
    assert (await screen.browser().post(path, origin=origin)).status == 403


async def test_whoever_tries_links_is_made_to_wait(screen: Screen) -> None:
    guesser = screen.browser()
    answers = [await guesser.post(f"/open/guess-{number}") for number in range(22)]
    assert {answer.status for answer in answers[:20]} == {410}
    assert {answer.status for answer in answers[20:]} == {429}
    screen.day.clock.move_to(screen.day.clock.now() + timedelta(minutes=2))
    assert (await screen.browser().opens(await screen.link_for(screen.day.ruth))).status == 200


async def test_a_right_link_is_let_in_whoever_else_tries_from_there(screen: Screen) -> None:
    """Behind a proxy everybody has one address."""
    link = await screen.link_for(screen.day.ruth)
    guesser = screen.browser()
    answers = [await guesser.post(f"/open/guess-{number}") for number in range(25)]
    assert answers[-1].status == 429
    assert (await screen.browser().opens(link)).status == 200
    assert (await screen.browser().post(link.removeprefix(PUBLIC))).status == 429, "it worked once"


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_plain_http(screen: Screen) -> None:
    browser = screen.browser()
    await browser.opens(await screen.link_for(screen.day.ruth))
    assert browser.cookie.startswith("__Host-baseroom=")
    for attribute in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert attribute in browser.attributes


ANSWERS = {
    "/wall": 401,
    "/open/x": 200,
    "/privacy": 200,
    "/assets/pages.css": 200,
    "/assets/nothing.css": 404,
    "/static/room.css": 200,
    "/nowhere": 404,
}
PRESSES = {"/leave": 403, "/wall": 405, "/nowhere": 404}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [*(("GET", *asked) for asked in ANSWERS.items()), *(("POST", *asked) for asked in PRESSES.items())],
)
async def test_every_answer_forbids_framing_and_foreign_scripts(
    screen: Screen, method: str, path: str, status: int
) -> None:
    browser = screen.browser()
    answer = await (browser.post(path, origin="https://evil.example") if method == "POST" else browser.get(path))
    assert answer.status == status
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Server"] == "Baseroom"


async def test_the_numbers_of_those_who_operate_it_are_not_on_the_web(screen: Screen) -> None:
    assert (await screen.browser().get("/metrics")).status == 404


async def test_words_on_the_wall_are_only_ever_words(screen: Screen) -> None:
    await screen.day.priya.says("<script>alert(1)</script> heard in the corridor #vision")
    browser = screen.browser()
    wall = await browser.opens(await screen.link_for(screen.day.ruth))
    assert "<script>alert" not in wall.page
    assert "&lt;script&gt;alert(1)" in wall.page


async def test_the_notification_of_a_link_says_nothing(screen: Screen) -> None:
    await screen.day.ruth.says("screen")
    card = screen.day.ruth.last.content
    assert card.notification == "The wall: a link that works once"


async def test_where_there_is_no_web_address_it_says_what_to_do_instead(day: Day) -> None:
    await day.ruth.says("screen")
    assert "not on the web here" in day.ruth.sees


async def test_a_link_asked_for_in_the_channel_comes_in_private(screen: Screen) -> None:
    await screen.day.ruth.types("screen", channel="C-team")
    said = [shown.words for shown in screen.day.team_channel.posts]
    assert not any("/open/" in words for words in said)
    assert any(button.url for button in screen.day.ruth.last.buttons)


async def test_neither_link_nor_cookie_stands_in_the_database(screen: Screen, tmp_path: Path) -> None:
    browser = screen.browser()
    link = await screen.link_for(screen.day.ruth)
    await browser.opens(link)
    unused = await screen.link_for(screen.day.ruth)
    kept = everything_in(tmp_path)
    for secret in (link.rpartition("/")[2], unused.rpartition("/")[2], browser.cookie.partition("=")[2]):
        assert secret.encode() not in kept


async def test_the_workbook_is_for_the_manager_alone(screen: Screen) -> None:
    await screen.day.priya.says("Frontline staff describe the vision #vision")
    manager = screen.browser()
    book = await manager.opens(await screen.link_for(screen.day.mina, "workbook link"))
    assert book.content[:2] == b"PK"
    assert "attachment" in book.headers["Content-Disposition"]
    peer = screen.browser()
    await peer.opens(await screen.link_for(screen.day.priya))
    refused = await peer.get("/workbook")
    assert refused.status == 403
    assert "challenge manager" in refused.page


async def test_who_takes_what_away_stands_in_the_audit_trail(screen: Screen) -> None:
    manager, peer = screen.browser(), screen.browser()
    await manager.opens(await screen.link_for(screen.day.mina, "workbook link"))
    await peer.opens(await screen.link_for(screen.day.priya))
    await peer.get("/workbook")
    assert screen.day.challenge
    async with screen.day.app.database.reading() as uow:
        told = await uow.audit.told_of(screen.day.challenge.id)
        done = [
            (one.entry.action, account.user_id)
            for one in told
            if one.by and (account := await uow.accounts.get(one.by)) is not None
        ]
    assert verify([one.entry for one in told]).broken_at is None
    assert [(action, who) for action, who in done if action.startswith(("link.used", "workbook."))] == [
        ("link.used.workbook", "mina"),
        ("workbook.downloaded", "mina"),
        ("link.used.wall", "priya"),
    ]
