"""The town: two live visits side by side, lived once from the check-in to the sign-off and kept at four moments.

Every offer is pressed on a copy of one of those moments, so that a press takes milliseconds and finds real records.
The words, sources, names, answers and wording of both visits hold canaries: made-up words that show where they flew.
"""

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App, build_app
from bot.clock import HandClock
from bot.settings import read_settings
from handlers.chat import Card, ChannelFacts, Form
from handlers.desk import Desk
from handlers.team.opening import Opening, add_member, open_challenge
from storage.keys import KeyStore, make_master_key
from storage.outbox import NOT_KNOWN
from storage.records import Address, Challenge, Intent, Member, OutboxState, Role, SessionState, TeamChannel
from tests.fieldwork.day import FIRST_DAY, LAST_DAY, LONDON, TEAM_CHANNEL, WORKSPACES, Day, Somebody, a_day
from tests.fieldwork.platform import MemoryPlatform, Shown

# ---------------------------------------------------------------- who and what may be seen

TEXT, SOURCE, ANSWER, WORDING = "quillfeather", "brasswick", "thistledown", "marrowbone"
TEXT_B, SOURCE_B, ANSWER_B, WORDING_B = "oystershell", "candlewax", "hazelgrove", "saddleback"
NAMES = ("Okafor", "Calder", "Nair", "Sutton", "Pryce", "Mbeki", "Sandford")
NAMES_B = ("Petrenko", "Whitlock", "Ferreira")
HOST, HOST_B = "Anyshire", "Otherton"
HUSH = "nightjar"
"""It stands in a sensitive finding of Priya's: for her and for the manager, and only where they ask for it."""
CANARIES = (TEXT, SOURCE, ANSWER, WORDING, *NAMES, HOST)
CANARIES_B = (TEXT_B, SOURCE_B, ANSWER_B, WORDING_B, *NAMES_B, HOST_B)
NEVER_NOTIFIED = (HUSH, TEXT, SOURCE, ANSWER, WORDING, *NAMES, TEXT_B, SOURCE_B, ANSWER_B, WORDING_B, *NAMES_B)

OTHERS = {
    "olga": ("Olga Petrenko", Role.CHALLENGE_MANAGER, "challenge_manager"),
    "oran": ("Oran Whitlock", Role.PEER, ""),
    "opal": ("Opal Ferreira", Role.PEER, ""),
}
PEOPLE = ("mina", "ruth", "priya", "tom", "jo", "olga", "zed")
"""The manager, the lead peer, the owner, another peer, one who was removed, the other visit's manager, a stranger."""

FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "mina": CANARIES_B,
    "ruth": (*CANARIES_B, ANSWER, WORDING),
    "priya": (*CANARIES_B, WORDING),
    "tom": (*CANARIES_B, ANSWER, WORDING),
    "jo": (*CANARIES_B, TEXT, SOURCE, ANSWER, WORDING, *NAMES[:-1]),
    "olga": CANARIES,
    "zed": (*CANARIES, *CANARIES_B),
}
"""What each may not be shown. The answer and the words are Priya's; the wording is the manager's until approved. Jo
was on the visit, and may hear its name when told that he is not any more."""

HOUSEKEEPING = frozenset(
    {
        "seen",
        "inbox",
        "early",
        "outbox",
        "posts",
        "accounts",
        "people",
        "asides",
        "receipts",
        "alembic_version",
        "audit",
    }
)
"""Tables that say what was received and what was answered, not what is known."""

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


@dataclass(frozen=True)
class Stage:
    """Everything as it stood at one moment, in a folder of its own."""

    folder: Path
    home: str
    now: datetime
    shown: tuple[Shown, ...]
    homes: Mapping[str, Card]
    names: Mapping[str, str]
    challenge: Challenge
    members: Mapping[str, Member]
    facts: Mapping[str, ChannelFacts]


@dataclass
class Life:
    """The stages, and the kinds of post that were drawn on the way."""

    stages: dict[str, Stage] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)


# ---------------------------------------------------------------- living


async def live(folder: Path, home: str) -> Life:
    """Two visits on the platform `home`, from check-in to the end of one; what matters is kept as `before`, `visit`,
    `after`, `over`, `asked` (its destruction is asked for) and `gone`."""
    life, names = Life(), dict[str, str]()
    (folder / "life").mkdir()
    async with a_day(folder / "life", start=datetime(2026, 11, 16, 10, 0, tzinfo=LONDON), home=home) as day:
        note_what_is_drawn(day.app, life.drawn)
        await _set_up(day, names)
        await _before(day, names)
        await _keep(life, "before", day, names, folder)
        await _on_site(day, names)
        await _keep(life, "visit", day, names, folder)
        await _sign_off(day)
        await _keep(life, "after", day, names, folder)
        await _close(day)
        await _keep(life, "over", day, names, folder)
        await _ask_for_the_end(day)
        await _keep(life, "asked", day, names, folder)
        await _confirm_the_end(day)
        await _keep(life, "gone", day, names, folder)
    return life


def note_what_is_drawn(app: App, drawn: set[str]) -> None:
    """Have every post builder leave its kind in `drawn` when it draws something."""
    posts = app.house.registry.posts
    for kind, entry in list(posts.items()):

        async def build(desk: Desk, intent: Intent, *, inner: Any = entry.build, name: str = kind) -> Any:
            content = await inner(desk, intent)
            if content is not None:
                drawn.add(name)
            return content

        posts[kind] = type(entry)(kind, build)


async def _set_up(day: Day, names: dict[str, str]) -> None:
    challenge = await day.open_challenge()
    names |= {"challenge": challenge.id} | {f"{handle}_id": member.id for handle, member in day.members.items()}
    for handle, (name, _, _) in OTHERS.items():
        day.people[handle] = Somebody(day, handle, name, platform=day.home)
    async with day.app.database.begin() as uow:
        desk = Desk(uow, day.now, day.app.house)
        ids = {one: (await uow.accounts.add(*day.at_home, one, day.now)).person_id for one in OTHERS}
        opening = Opening(
            "Otherton ICS", day.app.house.frameworks["local_system"], FIRST_DAY, LAST_DAY, "Europe/London"
        )
        other = await open_challenge(desk, opening, opened_by=ids["olga"])
        for handle, (name, role, kind) in OTHERS.items():
            await add_member(desk, other, ids[handle], name=name, role=role, kind=kind)
        await uow.channels.bind(TeamChannel(other.id, *day.at_home, "C-other", day.now))
        for theme in await uow.themes.of_challenge(challenge.id):
            names[f"theme_{theme.key}"] = theme.id
        names["tom_elsewhere"] = await _tom_is_elsewhere_too(desk, day)
        await uow.commit()
    names["other"] = other.id


async def _tom_is_elsewhere_too(desk: Desk, day: Day) -> str:
    """He has linked an account on another platform and last spoke on this one; returns that account."""
    here = await desk.uow.accounts.find(*day.at_home, "tom")
    assert here
    other = next(one for one in WORKSPACES if one != day.home)
    there = await desk.uow.accounts.add(other, WORKSPACES[other], "tom_t", desk.now)
    await desk.uow.accounts.move(there.id, here.person_id)
    await desk.uow.accounts.set_last_spoke(here.id, desk.now)
    return there.id


async def _before(day: Day, names: dict[str, str]) -> None:
    """The check-in is out: the owner has answered, the other peer has been offered a time; Jo leaves the team."""
    for manager in (day.mina, day.olga):
        await manager.types("checkin send")
        await manager.sends()
        await manager.sends()
    await _answer(day.priya, f"It looks {ANSWER}")
    await _answer(day.oran, f"It looks {ANSWER_B}")
    await day.priya.presses_action("team.agree", names["priya_id"])
    async with day.app.database.reading() as uow:
        check_in = await uow.checkins.newest(day.challenge.id)  # type: ignore[union-attr]  # opened above
    assert check_in
    names |= {"check_in": check_in.id, "share": f"{check_in.id}:{names['priya_id']}"}
    for who in ("priya", "tom"):
        share = next(b.value for p in day.people[who].posts for b in p.buttons if b.action == "checkins.answer")
        names[f"{who}_share"] = share
    await day.mina.presses_action("checkins.set_call", names["tom_share"])
    await day.mina.sends(at="Friday 10 am")
    await day.mina.presses_action("team.remove_member", names["jo_id"])
    await day.on(date(2026, 11, 17), "12:00")


async def _post_in_doubt(day: Day) -> str:
    """Something said to the team channel of which nobody knows whether it arrived. Its question is not posted yet."""
    assert day.challenge
    async with day.app.database.begin() as uow:
        to = Address(*day.at_home, conversation=TEAM_CHANNEL)
        intent = Intent("notice", to, challenge_id=day.challenge.id, params={"text": "The bus leaves at five."})
        await uow.outbox.add(intent, day.now)
        row = (await uow.outbox.in_state(OutboxState.PENDING))[-1]
        await uow.outbox.mark(row.id, OutboxState.PARKED, now=day.now, why=NOT_KNOWN)
        await uow.commit()
    return row.id


async def _answer(who: Somebody, words: str) -> None:
    form = await who.presses("Answer")
    while isinstance(form, Form):
        held = {part.name for part in form.fields}
        wanted = {"initial_perceptions": words, "call_time": "Thursday 4 pm or Friday 9 am"}
        form = await who.sends(**{name: value for name, value in wanted.items() if name in held})  # type: ignore[arg-type]  # values and ids of the test, by name


FINDINGS = {
    "plain": f"Nobody knows who owns the {TEXT} plan (focus group, {SOURCE} staff)",
    "tagged": f"The {TEXT} board meets monthly #governance strength: well led",
    "unsorted": f"People spoke of the {TEXT} and did not explain",
    "gone": f"A {TEXT} that was a mistake",
}


async def _on_site(day: Day, names: dict[str, str]) -> None:
    """The first day on site until half past three: findings, a session held, one missed, one to come, a draft."""
    await day.on(FIRST_DAY, "09:30")
    for key, words in FINDINGS.items():
        await day.priya.says(words)
        await day.pass_time(minutes=1)
        names[key] = await _newest(day)
    await day.priya.presses_action("findings.withdraw", names["gone"])
    await day.priya.says(f"Three things about the {TEXT}:\n- it is late\n- it is thin\n- it is dear")
    names["parts"] = " ".join([one.id for one in await day.wall()][-3:])
    names["message"] = (await day.finding(5)).message_id or ""
    await day.pass_time(minutes=1)
    async with day.app.database.reading() as uow:
        message = await uow.messages.get((await day.finding(5)).message_id)  # type: ignore[arg-type]  # it was said
    names["receipt"] = message.receipt_id
    await day.priya.says(f"Carers say:\n- the {TEXT} works\n- it is kind")
    names["joined"] = (await day.finding(8)).message_id or ""
    await day.priya.presses("Keep as one")
    await day.pass_time(minutes=1)
    await day.ruth.says(f"Ruth heard of the {TEXT} too #governance (1:1, {SOURCE} lead)")
    await day.olga.says(f"Olga heard of the {TEXT_B} #governance (1:1, {SOURCE_B} lead)")
    await day.oran.says(f"Oran heard of {TEXT_B}, unsorted")
    await day.clock_strikes("12:55")
    day.clock.move_to(day.now + timedelta(minutes=40))  # nobody was at home at 13:00
    await day.settle()
    async with day.app.database.reading() as uow:
        held = await uow.sessions.of_challenge(names["challenge"], FIRST_DAY)  # type: ignore[arg-type]  # values and ids of the test, by name
    names |= {one.state.value: one.id for one in held}
    assert {one.state for one in held} == {SessionState.POSTED, SessionState.MISSED, SessionState.PLANNED}
    await day.clock_strikes("15:30")
    for manager, words in ((day.mina, WORDING), (day.olga, WORDING_B)):
        form = await manager.types("summary edit today")
        while isinstance(form, Form):
            lines = {part.name: f"{words} is emerging" for part in form.fields if part.name.startswith("line")}
            form = await manager.sends(**lines)  # type: ignore[arg-type]  # values and ids of the test, by name
    async with day.app.database.reading() as uow:
        draft = await uow.summaries.latest(names["challenge"], FIRST_DAY)  # type: ignore[arg-type]  # values and ids of the test, by name
    assert draft
    names |= {"summary": draft.id, "day": FIRST_DAY.isoformat()}
    await day.priya.says(f"Sensitive: a {HUSH} at the day centre #governance (1:1, {HUSH} worker)")
    async with day.app.database.reading() as uow:
        [hushed] = await uow.findings.sensitive_of(names["challenge"])  # type: ignore[arg-type]  # values and ids of the test, by name
    names["hushed"] = hushed.id
    names["doubt"] = await _post_in_doubt(day)


async def _sign_off(day: Day) -> None:
    await day.on(date(2026, 12, 4), "10:00")
    for manager in (day.mina, day.olga):
        await manager.types("challenge signed off")
        await manager.sends()


async def _close(day: Day) -> None:
    await day.on(date(2026, 12, 7), "10:00")
    for manager in (day.mina, day.olga):
        await manager.types("challenge close")
        await manager.sends()


async def _ask_for_the_end(day: Day) -> None:
    await day.mina.types("challenge destroy")
    await day.mina.sends(host="Anyshire ICS")


async def _confirm_the_end(day: Day) -> None:
    await day.ruth.presses("Read and confirm")
    await day.ruth.sends(host="Anyshire ICS")
    await day.settle()


async def _newest(day: Day) -> str:
    return max(await day.wall(), key=lambda one: one.number).id


async def _keep(life: Life, name: str, day: Day, names: dict[str, str], folder: Path) -> None:
    """Copy everything as it stands. A kept line of each peer lets the buttons under typed words be pressed."""
    if name in ("before", "visit", "after"):
        for words, key in (("sumary", "near_aside"), ("theme add", "form_aside")):
            await day.priya.says(words)
            names[key] = _aside_of(day.priya)
    if name == "before":
        await day.priya.says(f"The plan speaks of a {TEXT}")
        names["pre_aside"] = next(b.value for b in day.priya.last.buttons if b.action == "findings.pre_reading")
    if name == "visit":
        await day.priya.presses_action("findings.practice", names["challenge"])
        await day.priya.says(f"A practice {TEXT} heard")
        names["practice"] = next(b.value for b in day.priya.last.buttons if b.action == "findings.for_real")
    target = folder / name
    target.mkdir()
    for file in ("baseroom.db", "keys.db"):
        copy_database(folder / "life" / file, target / file)
    (target / "master.key").write_text((folder / "life" / "master.key").read_text())
    assert day.challenge
    life.stages[name] = Stage(
        target, day.home, day.now, tuple(day.platform.shown), dict(day.platform.homes), dict(names), day.challenge,
        dict(day.members), dict(day.facts),
    )  # fmt: skip


def _aside_of(who: Somebody) -> str:
    return next(b.value for b in who.last.buttons if b.action in ("findings.log_aside", "form.open", "help.run"))


# ---------------------------------------------------------------- a copy to press on


@dataclass
class Town:
    """One of the stages, come to life; `back` puts everything as it was. `faults` are the references in the log."""

    stage: Stage
    day: Day
    drawn: set[str]

    def value(self, pattern: str) -> str:
        """What a button carries: `{plain} {theme_governance} on` with the ids of this town in it."""
        return pattern.format_map(self.stage.names)

    def stored(self) -> Rows:
        """Every row that is known, sealed texts as they stand."""
        return _rows(self._live)

    def trail(self) -> list[str]:
        """The actions in the audit trails, in order."""
        with closing(sqlite3.connect(self._live)) as connection:
            return [row[0] for row in connection.execute("select action from audit order by challenge_id, seq")]

    def mark(self) -> list[Shown]:
        """What everybody sees now, to be compared with `news`."""
        return list(self.day.platform.shown)

    def news(self, before: list[Shown], conversation: str) -> list[Shown]:
        """Posts in a conversation (or shown to that person) that are new or were drawn again since `before`."""
        old = {(post.id, post.edits) for post in before}
        fresh = [post for post in self.day.platform.shown if (post.id, post.edits) not in old]
        return [
            post for post in fresh
            if (post.target.only_to or post.target.conversation) in (conversation, f"D-{conversation}")
        ]  # fmt: skip

    @property
    def _live(self) -> Path:
        return Path(self.day.app.database.engine.url.database or "")

    def back(self) -> None:
        copy_database(self.stage.folder / "baseroom.db", self._live)
        self.day.app.database.memory.forget()
        self._show_again()

    def _show_again(self) -> None:
        self.day.platform.shown[:] = self.stage.shown
        self.day.platform.homes = dict(self.stage.homes)
        for person in self.day.people.values():
            person.form, person.errors = None, {}


@asynccontextmanager
async def town_at(life: Life, name: str, folder: Path) -> AsyncIterator[Town]:
    """A copy of that stage in `folder`, with a Baseroom of its own."""
    stage = life.stages[name]
    for file in ("baseroom.db", "keys.db"):
        copy_database(stage.folder / file, folder / file)
    settings = read_settings(
        database_url=f"sqlite:///{folder / 'baseroom.db'}",
        keys_url=f"sqlite:///{folder / 'keys.db'}",
        master_key_file=stage.folder / "master.key",
        managers="mina@peers.example",
        public_url="https://baseroom.example.org",
    )
    app = build_app(
        settings, HandClock(stage.now.astimezone(UTC)), pace=timedelta(0),
        keys=KeyStore(settings.keys_database, make_master_key(settings.master_key_file)),
    )  # fmt: skip
    day = Day(
        app, app.clock, MemoryPlatform(), facts=dict(stage.facts), challenge=stage.challenge,  # type: ignore[arg-type]  # the hand clock of above
        members=dict(stage.members), home=stage.home,
    )  # fmt: skip
    everybody = {handle: member.name for handle, member in stage.members.items()}
    everybody |= {handle: name for handle, (name, _, _) in OTHERS.items()} | {"zed": "Zed Stranger"}
    day.people = {handle: Somebody(day, handle, called, platform=stage.home) for handle, called in everybody.items()}
    day.facts[TEAM_CHANNEL] = day.team_facts(
        members=tuple(day.people[one].person for one in stage.members if one != "jo")
    )
    day.platform._ids = iter(range(100_000, 200_000))
    day._ids = iter(range(100_000, 200_000))
    town = Town(stage, day, set())
    note_what_is_drawn(app, town.drawn)
    town._show_again()
    try:
        yield town
    finally:
        await app.delivery.stop()
        await app.database.close()


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be open at either end."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        new.execute("pragma synchronous = off")  # a copy for a test need not outlive a power cut
        old.backup(new)


def _rows(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        found: Rows = {}
        for table in sorted(set(tables) - HOUSEKEEPING):
            if table.startswith("sqlite_"):
                continue
            keys = [row["name"] for row in connection.execute(f"pragma table_info({table})") if row["pk"]]
            found[table] = {
                tuple(row[key] for key in keys): dict(row) for row in connection.execute(f"select * from {table}")
            }
    return found


# ---------------------------------------------------------------- what a press did


QUIET_COLUMNS = frozenset({"version", "changed_at", "set_by_hand", "last_number", "part"})


def difference(before: Rows, after: Rows) -> str:
    """What was stored, in a few words: "+findings" for a new row, "findings.kind" for a changed column.

    Sealed texts are named only where nothing else of the row changed: sealing the same words anew changes them."""
    said = set[str]()
    for table, rows in after.items():
        said |= {f"+{table}" for key in rows if key not in before[table]}
        said |= {f"-{table}" for key in before[table] if key not in rows}
        for key, row in rows.items():
            old = before[table].get(key, row)
            columns = {name for name, value in row.items() if value != old[name]} - QUIET_COLUMNS
            open_ = {name for name in columns if not isinstance(row[name] or old[name], bytes)}
            said |= {f"{table}.{name}" for name in open_ or columns}
    return " ".join(sorted(said))


def challenges_touched(before: Rows, after: Rows) -> set[str]:
    """The challenges whose rows differ."""
    touched = set[str]()
    for table, rows in after.items():
        for key in rows.keys() | before[table].keys():
            new, old = rows.get(key), before[table].get(key)
            if new != old:
                row = new or old or {}
                touched.add(str(row.get("challenge_id") or (row.get("id") if table == "challenges" else "") or ""))
    return touched - {""}
