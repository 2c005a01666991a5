"""The report is signed off: everybody destroys their notes, item by item, and the manager can prove it."""

import io
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.ports import Target
from handlers.chat import Card, File, Form, Pressed
from storage.records import Challenge, NoteDestruction
from tests.fieldwork.day import LONDON, STRANGER, TEAM, Day, a_day

ITEMS = ("notebook", "devices", "photographs", "host_papers")


@pytest.fixture
async def after(tmp_path: Path) -> AsyncIterator[Day]:
    """Friday 4 December 2026, 10:00, a week after the visit."""
    async with a_day(tmp_path, start=datetime(2026, 12, 4, 10, 0, tzinfo=LONDON)) as day:
        await day.open_challenge()
        yield day


@pytest.fixture
async def signed_off(after: Day) -> Day:
    await after.mina.types("challenge signed off")
    await after.mina.sends()
    return after


async def register_of(day: Day, handle: str = "") -> list[NoteDestruction]:
    assert day.challenge
    async with day.app.database.reading() as uow:
        rows = await uow.destruction.of_challenge(day.challenge.id)
    return [row for row in rows if not handle or row.member_id == day.members[handle].id]


async def challenge_of(day: Day) -> Challenge:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return await uow.challenges.get(day.challenge.id)


async def confirm_all(day: Day, *handles: str) -> None:
    for handle in handles:
        await day.people[handle].presses("All of it is destroyed")


def tom_destroys_all(day: Day) -> Pressed:
    """The press alone, without what comes of it."""
    value = f"{day.members['tom'].id}:all:destroyed"
    return Pressed(
        id="at-the-same-moment", at=day.now, person=day.tom.person, place=day.tom._dm(), action="destruction.confirm",
        value=value,
    )  # fmt: skip


async def test_a_press_while_the_managers_card_is_on_its_way_is_counted_on_it(
    after: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry = after.platform.post

    async def slowly(target: Target, page: object, *, key: str) -> str:
        """The platform takes its time over the manager's card; meanwhile a peer is quicker."""
        if isinstance(page, Card) and page.notification.startswith("Notes destroyed"):
            monkeypatch.setattr(after.platform, "post", carry)
            await after.app.dispatch.handle(tom_destroys_all(after))
        return await carry(target, page, key=key)

    monkeypatch.setattr(after.platform, "post", slowly)
    await after.mina.types("challenge signed off")
    await after.mina.sends()
    assert "1 of 7 have destroyed their notes" in after.mina.sees


async def test_everybody_with_notes_is_asked_item_by_item(signed_off: Day) -> None:
    for handle in TEAM:
        asked = signed_off.people[handle]
        request = next(post for post in asked.posts if "Your notes" in post.words)
        assert "Please destroy your notes now" in request.words
        assert "0 of 4" in request.words
        assert [button.label for button in request.buttons].count("Destroyed") == len(ITEMS)
        assert len({button.spoken for button in request.buttons}) == len(request.buttons)
    assert "Note destruction" not in signed_off.team_channel.sees
    assert "0 of 7 have destroyed their notes. The report was signed off on Friday 4 December" in signed_off.mina.sees


async def test_what_will_happen_is_said_before_it_does(after: Day) -> None:
    await after.mina.says("signed off")
    assert isinstance(await after.mina.presses("The report is signed off"), Form)
    assert after.mina.form
    assert "I will ask 7 people" in str(after.mina.form.parts)
    assert (await challenge_of(after)).signed_off_at is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [("tomorrow", "still to come"), ("20 Nov 2026", "The visit ended on 27 November"), ("whenever", "not a date")],
)
async def test_a_day_that_cannot_be_is_said_beside_it(after: Day, typed: str, said: str) -> None:
    await after.mina.types("challenge signed off")
    await after.mina.sends(day=typed)
    assert said in after.mina.errors["day"]
    assert (await challenge_of(after)).signed_off_at is None


async def test_an_earlier_day_of_sign_off_is_kept(after: Day) -> None:
    await after.mina.types("challenge signed off")
    await after.mina.sends(day="2 December")
    signed = (await challenge_of(after)).signed_off_at
    assert signed
    assert signed.date() == date(2026, 12, 2)


async def test_a_report_is_not_signed_off_during_the_visit_or_twice(day: Day) -> None:
    await day.mina.types("challenge signed off")
    assert "The visit is not over yet" in day.mina.last.words
    await day.on(date(2026, 12, 4), "10:00")
    await day.mina.types("challenge signed off")
    form = day.mina.form
    await day.mina.sends()
    day.mina.form = form
    await day.mina.sends()
    assert "signed off already" in day.mina.errors[""]
    assert len(await register_of(day)) == 7 * len(ITEMS)


async def test_each_item_is_confirmed_in_its_place_and_taken_back(signed_off: Day) -> None:
    priya = signed_off.priya
    many = len(priya.posts)
    await priya.presses("Destroyed")
    await priya.presses("I had none")
    assert len(priya.posts) == many
    assert "✓ Notebook and any other handwritten notes: destroyed, Friday 4 December" in priya.last.words
    assert "✓ Notes and files on laptop, tablet and phone: none held" in priya.last.words
    assert "2 of 4" in priya.last.words
    await priya.presses("Not yet")
    assert "1 of 4" in priya.last.words
    rows = {row.item: row for row in await register_of(signed_off, "priya")}
    assert rows["notebook"].confirmed_at is None
    assert rows["devices"].none_held
    assert "0 of 7" in signed_off.mina.sees


async def test_all_of_it_keeps_what_was_said_before(signed_off: Day) -> None:
    await signed_off.priya.presses("I had none")
    await signed_off.priya.presses("All of it is destroyed")
    rows = {row.item: row for row in await register_of(signed_off, "priya")}
    assert rows["notebook"].none_held
    assert all(row.confirmed_at for row in rows.values())
    assert "Thank you: all your notes are destroyed" in signed_off.priya.last.words
    assert "what you typed still stands in our chat" in signed_off.priya.last.words


async def test_deleting_what_one_typed_after_the_sign_off_takes_nothing_off_the_wall(day: Day) -> None:
    message = await day.priya.says("Partners share one plan #vision")
    await day.on(date(2026, 11, 27), "18:00")
    await day.mina.types("challenge signed off")
    await day.mina.sends()
    await day.priya.deletes(message)
    assert [finding.number for finding in await day.wall()] == [1]


async def test_the_manager_sees_six_of_seven_and_who_is_missing(signed_off: Day) -> None:
    await confirm_all(signed_off, "mina", "ruth", "priya", "aled", "grace", "jo")
    await signed_off.mina.says("destruction")
    assert "6 of 7 have destroyed their notes" in signed_off.mina.last.words
    assert "Missing: Tom Sutton (TS)." in signed_off.mina.last.words
    assert "Tom" not in signed_off.mina.last.content.notification
    await signed_off.mina.says("challenge")
    assert "Notes: 1 of 7 have not confirmed" in signed_off.mina.last.words


async def test_a_peer_sees_their_own_notes_and_nobody_elses(signed_off: Day) -> None:
    await signed_off.priya.says("destruction")
    assert "0 of 4" in signed_off.priya.last.words
    assert "of 7" not in signed_off.priya.sees
    assert "Tom" not in signed_off.priya.sees


async def test_nobody_confirms_for_somebody_else(signed_off: Day) -> None:
    toms = f"{signed_off.members['tom'].id}:notebook:destroyed"
    for handle in ("priya", "mina", STRANGER):
        await signed_off.people[handle].presses_action("destruction.confirm", toms)
        assert "Only the person who held the notes" in signed_off.people[handle].last.words
        await signed_off.people[handle].presses_action("destruction.own", signed_off.members["tom"].id)
        assert "Only the person who held the notes" in signed_off.people[handle].last.words
    assert not any(row.confirmed_at for row in await register_of(signed_off))


async def test_who_left_the_team_is_asked_and_may_confirm_their_own(after: Day) -> None:
    async with after.app.database.begin() as uow:
        await uow.members.set_removed(after.members["tom"].id, after.now)
        await uow.commit()
    await after.mina.types("challenge signed off")
    await after.mina.sends()
    await after.mina.says("destruction")
    assert "Tom Sutton (TS, left the team)" in after.mina.last.words
    await after.tom.says("destruction")
    await after.tom.presses("All of it is destroyed")
    assert all(row.confirmed_at for row in await register_of(after, "tom"))
    await after.tom.types("challenge")
    assert "You are not on a peer challenge" in after.tom.last.words


async def test_reminders_go_to_those_missing_until_it_is_done(signed_off: Day) -> None:
    await confirm_all(signed_off, "priya")
    priyas, toms = len(signed_off.priya.posts), len(signed_off.tom.posts)
    await signed_off.on(date(2026, 12, 5), "18:00")
    assert len(signed_off.tom.posts) == toms
    await signed_off.on(date(2026, 12, 6), "10:30")
    assert len(signed_off.tom.posts) == toms + 1
    await signed_off.mina.says("destruction remind")
    assert "Nobody was reminded" in signed_off.mina.last.words
    await signed_off.on(date(2026, 12, 9), "10:30")
    assert len(signed_off.tom.posts) == toms + 2
    assert len(signed_off.priya.posts) == priyas
    await confirm_all(signed_off, "mina", "ruth", "tom", "aled", "grace", "jo")
    await signed_off.on(date(2026, 12, 20), "10:30")
    assert len(signed_off.tom.posts) == toms + 2


async def test_the_manager_stops_and_starts_the_reminders(signed_off: Day) -> None:
    toms = len(signed_off.tom.posts)
    await signed_off.mina.presses("Stop reminders")
    assert "Reminders are stopped" in signed_off.mina.sees
    await signed_off.on(date(2026, 12, 8), "11:00")
    assert len(signed_off.tom.posts) == toms
    await signed_off.mina.presses("Remind them now")
    assert "Reminded 7, privately." in signed_off.mina.sees
    assert len(signed_off.tom.posts) == toms + 1
    await signed_off.mina.presses("Start reminders again")
    await signed_off.on(date(2026, 12, 11), "11:00")
    assert len(signed_off.tom.posts) == toms + 2


async def test_a_sign_off_by_mistake_is_taken_back_at_once_even_at_night(signed_off: Day) -> None:
    await confirm_all(signed_off, "priya")
    await signed_off.clock_strikes("21:00")
    await signed_off.mina.says("challenge not signed off")
    assert "Taken back" in signed_off.mina.last.words
    assert "Please keep your notes for now" in signed_off.priya.last.words
    assert "Please keep your notes for now" in signed_off.tom.last.words
    assert (await challenge_of(signed_off)).signed_off_at is None
    await signed_off.tom.presses("Destroyed")
    assert "Please keep your notes" in signed_off.tom.last.words
    await signed_off.on(date(2026, 12, 7), "11:00")
    await signed_off.mina.types("challenge signed off")
    await signed_off.mina.sends()
    assert len([row for row in await register_of(signed_off) if row.confirmed_at is None]) == 7 * len(ITEMS)
    toms = len(signed_off.tom.posts)
    await signed_off.on(date(2026, 12, 9), "11:00")
    assert len(signed_off.tom.posts) == toms + 1


async def test_after_a_day_a_sign_off_stands(signed_off: Day) -> None:
    await signed_off.pass_time(hours=25)
    await signed_off.mina.says("challenge not signed off")
    assert "so it stands" in signed_off.mina.last.words
    assert (await challenge_of(signed_off)).signed_off_at


async def test_when_all_have_confirmed_the_manager_hears_and_may_close(signed_off: Day) -> None:
    await confirm_all(signed_off, *TEAM)
    assert "7 of 7 have destroyed their notes" in signed_off.mina.last.words
    assert "What Baseroom itself holds is destroyed apart from it" in signed_off.mina.last.words
    await signed_off.mina.presses("Close the challenge")
    assert signed_off.mina.form
    assert "This cannot be undone" in str(signed_off.mina.form.parts)
    told = [post.words for post in signed_off.mina.posts if "have destroyed their notes" in post.words]
    assert [words for words in told if "7 of 7" not in words] == [], "a card that stands above says the same"
    await signed_off.mina.sends()
    assert (await challenge_of(signed_off)).ended_at
    assert "is closed" in signed_off.mina.last.words
    await signed_off.priya.presses("Not yet")
    assert "This challenge is closed" in signed_off.priya.last.words
    await signed_off.mina.says("destruction export")
    assert isinstance(signed_off.mina.last.content, File)


async def test_taking_back_the_last_item_starts_the_reminders_again(signed_off: Day) -> None:
    await confirm_all(signed_off, *TEAM)
    await signed_off.tom.presses("Not yet")
    await signed_off.mina.says("destruction")
    assert "6 of 7" in signed_off.mina.last.words
    toms = len(signed_off.tom.posts)
    await signed_off.on(date(2026, 12, 7), "11:00")
    assert len(signed_off.tom.posts) == toms + 1


async def test_the_register_is_exported_to_the_manager_alone(signed_off: Day) -> None:
    await confirm_all(signed_off, "priya")
    await signed_off.mina.says_in_channel("destruction export")
    assert not any(isinstance(post.content, File) for post in signed_off.team_channel.posts)
    handed = signed_off.mina.last.content
    assert isinstance(handed, File)
    assert handed.name == "Anyshire ICS note destruction 2026-12-04.xlsx"
    assert handed.notification == "The register of note destruction: 1 of 7"
    page = load_workbook(io.BytesIO(handed.content)).worksheets[0]
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    priyas = [row for row in cells if row[0] == "Priya Nair"]
    assert [row[-1] for row in priyas] == ["destroyed"] * len(ITEMS)
    assert [row[-1] for row in cells if row[0] == "Tom Sutton"] == ["not yet confirmed"] * len(ITEMS)


async def test_before_the_sign_off_nobody_is_asked_for_anything(after: Day) -> None:
    for handle in ("mina", "priya", STRANGER):
        await after.people[handle].types("destruction")
        assert "The report has not been signed off" in after.people[handle].last.words
    for words in ("destruction remind", "destruction export", "challenge not signed off"):
        await after.mina.types(words)
        assert "The report has not been signed off" in after.mina.last.words


WORDS = ("challenge signed off", "challenge not signed off", "destruction remind", "destruction export",
         "challenge close")  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("who", ["ruth", "priya", STRANGER])
async def test_only_the_manager_signs_off_reminds_exports_and_closes(signed_off: Day, words: str, who: str) -> None:
    before = await register_of(signed_off)
    assert await signed_off.people[who].types(words) is None
    said = signed_off.people[who].last.words
    assert "Only the challenge manager can do that" in said or "You are not on a peer challenge" in said
    assert await register_of(signed_off) == before
    assert (await challenge_of(signed_off)).ended_at is None


@pytest.mark.parametrize("verb", ["remind", "stop", "start", "export", "close"])
async def test_the_managers_buttons_are_the_managers(signed_off: Day, verb: str) -> None:
    assert signed_off.challenge
    for who, said in (("ruth", "Only the challenge manager"), ("priya", "Only the challenge manager"),
                      (STRANGER, "You are not on a peer challenge")):  # fmt: skip
        assert await signed_off.people[who].presses_action(f"destruction.{verb}", signed_off.challenge.id) is None
        assert said in signed_off.people[who].last.words
    await signed_off.mina.presses_action(f"destruction.{verb}", "gone")
    assert "no longer there" in signed_off.mina.last.words


@pytest.mark.parametrize("form", ["destruction.sign_off", "destruction.close"])
async def test_a_managers_form_in_other_hands_does_nothing(after: Day, form: str) -> None:
    await after.mina.types("challenge signed off" if form.endswith("off") else "challenge close")
    assert after.mina.form
    after.priya.form = after.mina.form
    await after.priya.sends()
    assert "Only the challenge manager" in after.priya.errors[""]
    now = await challenge_of(after)
    assert (now.signed_off_at, now.ended_at) == (None, None)


async def test_a_reply_under_the_request_is_no_finding_and_confirms_nothing(signed_off: Day) -> None:
    request = next(post for post in signed_off.priya.posts if "Your notes" in post.words)
    await signed_off.priya.says("All shredded, done", thread=request.id)
    assert await signed_off.wall() == []
    assert "Press what is destroyed. Nothing was logged." in signed_off.priya.sees
    assert "0 of 4" in signed_off.priya.last.words
    assert all(row.confirmed_at is None for row in await register_of(signed_off, "priya"))
