"""Every kind of post is drawn, every scheduled entry runs on time and late, help lists what each may use, and the logs
of two whole visits hold nobody's words."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from bot.app import build_registry
from bot.ports import Unsure
from handlers.access import MANAGER
from handlers.chat import ChoiceField, Form, Met, Pressed
from handlers.registry import Late
from storage.audit import verify
from storage.records import ChallengeId, Role, Run
from tests.completeness.pressing import Pressing, words_of
from tests.completeness.rows import TABLE, Way
from tests.completeness.town import HUSH, NEVER_NOTIFIED, Life, Town, live
from tests.fieldwork.day import TEAM_CHANNEL, WORKSPACES, Somebody

TownOf = Callable[[str], Awaitable[Town]]

REGISTRY = build_registry()

# ---------------------------------------------------------------- posts

ROWS = {
    "before": ("types checkin answers", "presses checkins.answer_with", "presses checkins.accept"),
    "visit": (
        "types themes", "types theme add", "types sessions", "types findings", "types summary", "types undo",
        "types home", "types help", "types privacy", "types challenge", "types challenge list", "types challenge team",
        "types challenge export", "presses help.topic", "presses themes.prompts", "presses triangulation.show",
        "presses summary.approve_flagged", "sends team.dates_check", "sends requests.erase", "types challenge health",
        "types screen",
    ),
    "after": ("types destruction export", "types challenge not signed off", "types challenge kept"),
}  # fmt: skip
LINES = (
    ("zed", "finding nobody knows who owns the plan"),
    ("mina", "finding 1"),
    ("mina", "theme retire governence"),
    ("mina", "xyzzy plugh"),
    ("mina", "challenge team remove TS"),
)


async def test_every_kind_of_post_is_drawn(life: Life, town_of: TownOf) -> None:
    drawn = set(life.drawn)
    for stage, rows in ROWS.items():
        town = await town_of(stage)
        for row in rows:
            way, _, name = row.partition(" ")
            pressing = Pressing(town, Way(way), name)
            pressing.start_again()
            await pressing.prepare()
            await pressing.do(pressing.row.may[0])
        town.back()
        await _say_the_rest(town, stage)
        drawn |= town.drawn
    assert set(REGISTRY.posts) - drawn == set()


async def _say_the_rest(town: Town, stage: str) -> None:
    """What no row of the table leads to."""
    day = town.day
    if stage == "before":
        await day.tom.presses_action("checkins.accept", town.value("{tom_share}|2026-11-20T10:00:00+00:00"))
        await day.on(date(2026, 11, 20), "09:30")
    if stage == "after":
        await day.on(date(2026, 12, 18), "10:30")
    if stage != "visit":
        return
    await _lose_the_answer_to_a_post(town)
    for who, line in LINES:
        await day.people[who].types(line)
    await day.mina.types("challenge request", channel=TEAM_CHANNEL)
    await day.priya.says("hello")
    await day.priya.opens_home()
    await day.mina.presses_action("summary.approve", town.value("{summary}"))
    await _word_with_a_name(town)
    pressed = Pressed(
        id="b",
        at=day.now,
        person=day.mina.person,
        place=day.mina._dm(),
        action="team.add",
        value=town.value("{challenge}"),
    )
    await day.app.dispatch.form_not_opened(pressed)
    await day.mina.types("challenge here", channel=TEAM_CHANNEL)
    fit, new = day.facts[TEAM_CHANNEL], "C-new"
    day.facts[new] = fit
    await day.mina.types("challenge here", channel=new)
    await day.zed.joins(new, replace(fit, members=(*fit.members, day.zed.person)))
    await day.mina.types("challenge here", channel=new)
    await day.mina.joins(new, fit)
    for number, place in enumerate((day.zed._dm(), day.zed._channel(new))):
        await day.take(Met(id=f"met{number}", at=day.now, person=day.zed.person, place=place))
    await day.olga.types("challenge team add @priya as peer", people=(day.priya,))
    await day.priya.types("theme retire vision")  # of which of her two visits?
    await _live_on_two_platforms(town)
    await _invite_a_newcomer_to_the_house(town)


async def _lose_the_answer_to_a_post(town: Town) -> None:
    """On a platform that cannot say whether it arrived."""
    day = town.day
    day.platform.keeps_keys, day.platform.raises = False, [Unsure("timeout")]
    await day.priya.types("themes")
    await day.pass_time(minutes=1)
    day.platform.keeps_keys = True


async def _live_on_two_platforms(town: Town) -> None:
    """The manager links an account in Teams and adds somebody there, who is asked before Priya's code is taken, and
    then cut off again."""
    day = town.day
    day.opens_on("teams")
    for handle, name in (("mina_t", "Mina Okafor"), ("uma", "Uma Twice")):
        day.people[handle] = Somebody(day, handle, name, platform="teams")
    await day.mina.says("link")
    await day.mina_t.says(day.mina.last.words.splitlines()[1])
    await day.mina_t.types("challenge team add @uma as peer", people=(day.uma,))
    await day.priya.says("link")
    await day.uma.says(day.priya.last.words.splitlines()[1])
    await day.uma.presses("Yes, both are mine")
    form = await day.mina.types("challenge unlink")
    assert isinstance(form, Form)
    [which] = form.fields
    assert isinstance(which, ChoiceField)
    await day.mina.sends(account=next(one.value for one in which.choices if "Priya" in one.label))


async def _word_with_a_name(town: Town) -> None:
    """The manager names somebody in the client's page: it is flagged before it is approved."""
    day = town.day
    await day.mina.presses_action("summary.edit", town.value("{challenge} {day}"))
    await day.mina.sends(line0="Priya Nair heard this")
    await day.mina.types("summary approve today")


async def _invite_a_newcomer_to_the_house(town: Town) -> None:
    """Somebody appointed, on no challenge yet, asks how things stand, and for a check-in before any is sent."""
    day = town.day
    day.app.house = replace(day.app.house, managers=frozenset({"zed"}))
    day.app.dispatch.house = day.app.house
    await day.zed.types("challenge")
    await day.zed.types("challenge new Thirdton ICS, local system, 1 to 4 Dec 2026")
    await day.zed.sends()
    await day.zed.types("checkin")


# ---------------------------------------------------------------- by the clock


@dataclass(frozen=True, slots=True)
class ByTheClock:
    """Where a run of that kind waits, who reads what when it is in time, and when it is late."""

    stage: str
    who: str
    in_time: str
    late: str
    first: tuple[str, str] = ("", "")


CLOCK: Mapping[str, ByTheClock] = {
    "triangulation.session": ByTheClock("visit", "channel", "16:15 session", "16:15"),
    "summary.draft": ByTheClock("visit", "mina", "catch-up", "could not be sent in time"),
    "digests.morning": ByTheClock("visit", "channel", "Wednesday, day 2 of 4", "was not posted"),
    "digests.evening": ByTheClock("visit", "channel", "The day in numbers", "The day in numbers"),
    "checkins.remind": ByTheClock("before", "ruth", "heck-in", "heck-in"),
    "checkins.nudge": ByTheClock("before", "tom", "heck-in", "heck-in", first=("types", "remind me tomorrow")),
    "checkins.close": ByTheClock("before", "mina", "losed", "losed"),
    "checkins.call": ByTheClock("before", "tom", "today at 10:00", "10:00", first=("presses", "checkins.accept")),
    "disposal.remind": ByTheClock("after", "mina", "is to be destroyed", "is to be destroyed"),
    "destruction.remind": ByTheClock("after", "priya", "destroy", "destroy"),
}


def test_each_scheduled_entry_has_its_row() -> None:
    assert set(CLOCK) == set(REGISTRY.schedule)


@pytest.mark.parametrize("kind", sorted(REGISTRY.schedule))
@pytest.mark.parametrize("is_late", [False, True], ids=["in time", "late"])
async def test_a_scheduled_entry_runs(kind: str, is_late: bool, town_of: TownOf) -> None:
    row, entry = CLOCK[kind], REGISTRY.schedule[kind]
    town = await town_of(row.stage)
    if row.first[0]:
        await Pressing(town, Way(row.first[0]), row.first[1]).do(row.who)
    run = await _next_run(town, kind)
    was = town.mark()
    if is_late:
        town.day.clock.move_to(run.due_at + entry.grace + timedelta(minutes=15))
        await town.day.settle()
    else:
        await town.day.until(run.due_at + timedelta(minutes=1))
    assert await _state(town, run) == ("late" if is_late and entry.late is Late.TELL_MANAGER else "done")
    await town.day.pass_time(hours=24)  # what fell into the quiet hours is told in the morning
    reader = TEAM_CHANNEL if row.who == "channel" else row.who
    reader = "mina" if is_late and entry.late is Late.TELL_MANAGER else reader
    news = town.news(was, reader)
    assert (row.late if is_late else row.in_time) in "\n".join(post.words for post in news)
    notified = "\n".join(post.content.notification for post in town.day.platform.shown if post not in was)
    assert [canary for canary in NEVER_NOTIFIED if canary in notified] == []
    assert [post.target for post in town.day.platform.shown if post not in was and HUSH in words_of(post)] == []


async def _next_run(town: Town, kind: str) -> Run:
    async with town.day.app.database.reading() as uow:
        runs = await uow.runs.of_challenge(town.stage.challenge.id)
    return min((run for run in runs if run.kind == kind), key=lambda run: run.due_at)


async def _state(town: Town, run: Run) -> str:
    return str(town.stored()["runs"][(run.id,)]["state"])


# ---------------------------------------------------------------- help and the logs


@pytest.mark.parametrize(
    ("who", "roles"), [("mina", MANAGER | {Role.APPOINTED}), ("ruth", {Role.LEAD_PEER}), ("tom", {Role.PEER})]
)
async def test_help_lists_every_command_that_the_role_may_use_and_no_other(
    who: str, roles: set[Role], town_of: TownOf
) -> None:
    town = await town_of("visit")
    await town.day.people[who].types("help all")
    listed = {
        word.strip() for word in town.day.people[who].last.words.replace("\n", " · ").replace(": ", " · ").split(" · ")
    }
    listed = {word.removeprefix("• ") for word in listed}
    may = {words for words, command in REGISTRY.commands.items() if command.allowed & roles}
    may_not = set(REGISTRY.commands) - may
    assert may - listed == set()
    assert listed & may_not == set()


@pytest.mark.parametrize("home", list(WORKSPACES))
async def test_the_logs_of_two_whole_visits_hold_nobodys_words(
    home: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for library in ("sqlalchemy", "aiosqlite", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=library)
    with structlog.testing.capture_logs() as ours:
        await live(tmp_path, home)
    said = "\n".join(
        [*map(str, ours), *(record.getMessage() for record in caplog.records if record.name != "aiosqlite")]
    )
    assert len(said) > 1000
    assert [canary for canary in NEVER_NOTIFIED if canary in said] == []


@pytest.mark.parametrize("visit", ["challenge", "other"])
async def test_the_audit_trail_of_a_whole_visit_is_intact_and_names_nobody_in_clear(
    visit: str, life: Life, town_of: TownOf
) -> None:
    town = await town_of("over")
    async with town.day.app.database.reading() as uow:
        told = await uow.audit.told_of(ChallengeId(town.stage.names[visit]))
    done = [one.entry.action for one in told]
    assert verify([one.entry for one in told]).broken_at is None
    assert {"challenge.opened", "member.added.peer", "challenge.signed_off", "challenge.closed"} <= set(done)
    assert [one.entry.action for one in told if one.entry.people and not (one.by or one.about)] == []
    people = {one.by for one in told} | {one.about for one in told} - {None}
    in_clear = str([(one.entry.action, one.entry.counts, one.entry.record.hex()) for one in told])
    assert [person for person in people if person and person in in_clear] == []


def test_the_moments_are_in_order(life: Life) -> None:
    moments: list[datetime] = [stage.now for stage in life.stages.values()]
    assert moments == sorted(moments)
    assert set(life.stages) >= {row.stage for table in TABLE.values() for row in table.values()}
