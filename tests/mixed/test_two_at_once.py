"""Two people act in the same moment on two platforms: one wins, the other is told, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.chat import AnyIncoming, Commanded, FormErrors, Outcome, Pressed, Said, Submitted
from storage.records import Kind, SessionState, SummaryState
from tests.fieldwork.day import FIRST_DAY, Day, Somebody
from tests.mixed.memory import MemoryWorld, memory_world
from tests.mixed.visit import START, at, in_a_minute, set_up

BOTH = ("slack", "teams")


@pytest.fixture
async def world(tmp_path: Path, database_url: str) -> AsyncIterator[MemoryWorld]:
    """The first day on site of a team on both: Mina manages from both, Tom is in Slack, Grace in Teams.

    On SQLite turns are taken one by one; on PostgreSQL they truly overlap, as those of two processes do.
    """
    seats = {"mina": BOTH, "grace": ("teams",), "jo": ("teams",)}
    url = "" if database_url.startswith("sqlite") else database_url
    async with memory_world(tmp_path, start=START, url=url, **seats) as world:
        await set_up(world)
        world.day.challenge = world.challenge
        await world.until(at(24, "10:00"))
        yield world


@pytest.fixture
def day(world: MemoryWorld) -> Day:
    return world.day


async def at_once(day: Day, *incoming: AnyIncoming) -> list[Outcome]:
    """All of them in one moment, as two platforms deliver them."""
    outcomes = await asyncio.gather(*(day.app.dispatch.handle(one) for one in incoming))
    await day.app.delivery.drain()
    return list(outcomes)


def pressed(who: Somebody, action: str, value: str) -> Pressed:
    return Pressed(
        id=who.day.new_id("p"), at=who.day.now, person=who.person, place=who._dm(), action=action, value=value
    )


def said(who: Somebody, words: str) -> Said:
    message = who.day.new_id("m")
    return Said(id=message, at=who.day.now, person=who.person, place=who._dm(), message=message, text=words)


def typed(who: Somebody, words: str) -> Commanded:
    return Commanded(id=who.day.new_id("c"), at=who.day.now, person=who.person, place=who._dm(), text=words)


def filled_in(who: Somebody, **values: str) -> Submitted:
    """The open form as it stands, with these values in it."""
    assert who.form
    held = {
        part.name: getattr(part, "value", "") or "".join(getattr(part, "chosen", ())[:1]) for part in who.form.fields
    }
    return Submitted(
        id=who.day.new_id("f"), at=who.day.now, person=who.person, place=who._dm(), form=who.form.name,
        values=held | values, carried=who.form.carried,
    )  # fmt: skip


async def test_findings_logged_in_one_moment_each_have_their_number(day: Day) -> None:
    people = [day.tom, day.grace, day.ruth, day.jo, day.priya, day.aled]
    await at_once(day, *(said(who, f"Heard by {who.name} #vision") for who in people))
    assert sorted(one.number for one in await day.wall()) == [1, 2, 3, 4, 5, 6]
    for who in people:
        assert " saved" in who.sees


async def test_two_retags_of_one_finding_both_stand(day: Day) -> None:
    """The author in Slack puts one theme on, the manager in Teams another: neither is lost."""
    await day.tom.says("Nobody knows who owns the plan")
    finding = await day.finding(1)
    async with day.app.database.reading() as uow:
        assert day.challenge
        themes = {theme.key: theme.id for theme in await uow.themes.of_challenge(day.challenge.id)}
    first, second = sorted(themes)[:2]
    await at_once(
        day,
        pressed(day.tom, "findings.theme", f"{finding.id} {themes[first]} on"),
        pressed(day.mina_teams, "findings.theme", f"{finding.id} {themes[second]} on"),
    )
    assert set((await day.finding(1)).theme_ids) == {themes[first], themes[second]}
    assert "#1 saved" in day.tom.last.words


async def test_of_two_forms_over_one_finding_the_second_is_given_back(day: Day) -> None:
    await day.tom.says("Nobody knows who owns the plan")
    for who in (day.tom, day.mina_teams):
        await who.types("finding edit 1")
    outcomes = await at_once(day, filled_in(day.tom, kind="strength"), filled_in(day.mina_teams, kind="improvement"))
    [told] = [outcome for outcome in outcomes if isinstance(outcome, FormErrors)]
    assert "It has changed since you opened this form." in told.errors[""]
    won = Kind.STRENGTH if outcomes[0] is None else Kind.IMPROVEMENT
    assert (await day.finding(1)).kind is won


async def test_of_two_wordings_of_the_clients_page_one_is_kept_and_the_other_given_back(
    world: MemoryWorld, day: Day
) -> None:
    await a_second_manager(day)
    await day.tom.says("Heard in Slack #vision")
    for who in (day.mina, day.grace):
        await who.types("summary edit today")
    outcomes = await at_once(
        day, filled_in(day.mina, line0="In Slack's words"), filled_in(day.grace, line0="In Teams'")
    )
    [told] = [outcome for outcome in outcomes if isinstance(outcome, FormErrors)]
    assert "has changed" in told.errors[""]
    async with day.app.database.reading() as uow:
        assert world.challenge
        latest = await uow.summaries.latest(world.challenge.id, FIRST_DAY)
    assert latest
    assert latest.lines[0].wording == ("In Slack's words" if outcomes[0] is None else "In Teams'")


async def test_a_page_is_approved_once_and_the_other_manager_is_told(world: MemoryWorld, day: Day) -> None:
    await a_second_manager(day)
    await day.tom.says("Heard in Slack #vision")
    await day.mina.types("summary edit today")
    await day.mina.sends(line0="Vision is known")
    await at_once(day, typed(day.mina, "summary approve today"), typed(day.grace, "summary approve today"))
    async with day.app.database.reading() as uow:
        assert world.challenge
        versions = await uow.summaries.of_challenge(world.challenge.id)
    assert [one.state for one in versions].count(SummaryState.APPROVED) == 1
    told = [who for who in (day.mina, day.grace) if "approved already" in who.sees or "has changed since" in who.sees]
    assert len(told) == 1


async def a_second_manager(day: Day) -> None:
    """Grace, in Teams, manages too."""
    await day.mina_teams.types("challenge team add @grace as challenge manager", people=(day.grace,))


async def test_a_session_moved_and_skipped_in_one_moment_is_one_of_the_two_and_both_are_told(day: Day) -> None:
    await at_once(day, typed(day.mina, "session skip 13:00"), typed(day.mina_teams, "session move 13:00 to 13:30"))
    assert day.challenge
    async with day.app.database.reading() as uow:
        sessions = await uow.sessions.of_challenge(day.challenge.id, FIRST_DAY)
        due = [
            run.subject for run in await uow.runs.of_challenge(day.challenge.id) if run.kind == "triangulation.session"
        ]
    [session] = [one for one in sessions if f"{one.planned:%H:%M}" == "13:00"]
    moved = session.state is SessionState.PLANNED
    assert (session.id in due) is moved
    said_to_all = day.platforms["slack"].shown[-1].words + day.mina.sees + day.mina_teams.sees
    assert "There is no" in said_to_all
    if not moved:
        assert "That session is skipped today" in said_to_all or "is at 13:30 today" in said_to_all


async def test_of_two_moves_of_one_session_the_second_is_told_when_it_is_now(day: Day) -> None:
    await at_once(
        day,
        typed(day.mina, "session move 13:00 to 13:30"),
        typed(day.mina_teams, "session move 13:00 to 14:00"),
    )
    stands = await time_of(day, "13:00")
    assert told_of(day, "The 13:00 session is at") == [f"The 13:00 session is at {stands} today."]
    loser = day.mina_teams if stands == "13:30" else day.mina
    assert f"The 13:00 session is at {stands} today already. To move it again, say" in loser.sees


async def test_of_two_forms_that_move_one_session_the_second_is_given_back(day: Day) -> None:
    for who in (day.mina, day.mina_teams):
        await who.types("session move")
    async with day.app.database.reading() as uow:
        assert day.challenge
        sessions = await uow.sessions.of_challenge(day.challenge.id, FIRST_DAY)
    [at_one] = [one.id for one in sessions if f"{one.planned:%H:%M}" == "13:00"]
    outcomes = await at_once(
        day,
        filled_in(day.mina, session=at_one, to="13:30"),
        filled_in(day.mina_teams, session=at_one, to="14:00"),
    )
    stands = await time_of(day, "13:00")
    [error] = [outcome for outcome in outcomes if isinstance(outcome, FormErrors)]
    assert f"It was moved meanwhile, to {stands}." in error.errors["session"]
    assert told_of(day, "The 13:00 session is at") == [f"The 13:00 session is at {stands} today."]


async def time_of(day: Day, planned: str) -> str:
    """When the session planned for a time is today."""
    async with day.app.database.reading() as uow:
        assert day.challenge
        sessions = await uow.sessions.of_challenge(day.challenge.id, FIRST_DAY)
    return next(f"{one.time:%H:%M}" for one in sessions if f"{one.planned:%H:%M}" == planned)


def told_of(day: Day, opening: str) -> list[str]:
    """What the team channel in Slack was told that begins so."""
    return [post.words for post in day.team_channel.posts if post.words.startswith(opening)]


async def test_one_code_typed_twice_in_one_moment_links_one_account(world: MemoryWorld, day: Day) -> None:
    await day.priya.says("link")
    line = next(line for line in day.priya.last.words.splitlines() if "link " in line)
    twins = [Somebody(day, handle, "Priya Nair", platform="teams") for handle in ("twin_1", "twin_2")]
    day.people |= {twin.handle: twin for twin in twins}
    await at_once(day, *(said(twin, line) for twin in twins))
    linked = [twin.handle for twin in twins if "one person now" in twin.last.words]
    refused = [twin.handle for twin in twins if "That code is" in twin.last.words]
    assert (len(linked), len(refused)) == (1, 1)
    await world.until(in_a_minute(world))


async def test_somebody_removed_while_they_log_is_told_and_nothing_is_half_done(day: Day) -> None:
    async with day.app.database.reading() as uow:
        assert day.challenge
        team = {one.initials: one for one in await uow.members.of_challenge(day.challenge.id)}
    await at_once(
        day, said(day.grace, "Heard at the door #vision"), pressed(day.mina, "team.remove_member", team["GM"].id)
    )
    logged = len(await day.wall())
    assert ("#1 saved" in day.grace.sees) is (logged == 1)
    assert "off the team" in day.mina.sees
