"""The day: people who say things and see things, and a clock that somebody moves.

await day.at("10:20").priya.says("Frontline staff describe the vision in their own words #vision")
assert "#1 saved" in day.priya.sees
await day.clock_strikes("13:00")
assert "Vision" in day.team_channel.sees
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App, build_app
from bot.clock import HandClock
from bot.ports import Target
from bot.settings import read_settings
from handlers.chat import (
    ChannelFacts,
    ChoiceField,
    Commanded,
    Deleted,
    Edited,
    Form,
    FormErrors,
    HomeOpened,
    Joined,
    Outcome,
    Person,
    Place,
    PlaceKind,
    PointedAt,
    Pressed,
    Quoted,
    Reacted,
    Said,
    Submitted,
    TextField,
)
from handlers.desk import Desk
from handlers.team.opening import Opening, add_member, open_challenge
from storage.keys import KeyStore, make_master_key
from storage.migrations import migrate
from storage.records import Account, Challenge, Finding, Member, Role, TeamChannel
from tests.fieldwork.platform import MemoryPlatform, Shown
from tests.fixtures.migrated import put_database

LONDON = ZoneInfo("Europe/London")
FIRST_DAY, LAST_DAY = date(2026, 11, 24), date(2026, 11, 27)
WORKSPACE = "T1"
WORKSPACES = {"slack": WORKSPACE, "teams": "tenant-1", "rehearsal": "room"}
TEAM_CHANNEL = "C-team"

TEAM = {
    "mina": ("Mina Okafor", Role.CHALLENGE_MANAGER, "challenge_manager"),
    "ruth": ("Ruth Calder", Role.LEAD_PEER, "lead_peer"),
    "priya": ("Priya Nair", Role.PEER, ""),
    "tom": ("Tom Sutton", Role.PEER, ""),
    "aled": ("Aled Pryce", Role.PEER, ""),
    "grace": ("Grace Mbeki", Role.PEER, ""),
    "jo": ("Jo Sandford", Role.PEER, ""),
}
STRANGER = "zed"


@dataclass
class Somebody:
    """An account at a platform. `message` ids are theirs, so that they can edit and delete what they said. Somebody who
    is on two platforms is two of these, with two handles and one name."""

    day: "Day"
    handle: str
    name: str
    moment: str = ""
    platform: str = "slack"
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    # ---- what they do

    async def says(self, words: str, *, thread: str = "", attachments: int = 0) -> str:
        """A direct message to Baseroom; returns its id."""
        return await self._say(words, self._dm(thread), attachments=attachments)

    async def says_in_channel(self, words: str, *, channel: str = TEAM_CHANNEL, thread: str = "") -> str:
        """A message in a channel that names Baseroom (the mention is cut out already)."""
        return await self._say(words, self._channel(channel, thread), facts=self.day.facts.get(channel))

    async def says_as(self, message: str, words: str) -> str:
        """A direct message whose id is known beforehand: one whose edit or deletion came first."""
        return await self._say(words, self._dm(), message=message)

    async def _say(
        self,
        words: str,
        place: Place,
        *,
        attachments: int = 0,
        facts: ChannelFacts | None = None,
        message: str = "",
    ) -> str:
        await self._be_there()
        message = message or self.day.new_id("m")
        said = Said(
            id=message, at=self.day.now, person=self.person, place=place, message=message, text=words,
            attachments=attachments, facts=facts,
        )  # fmt: skip
        await self.day.take(said)
        return message

    async def edits(self, message: str, words: str, *, channel: str = "", thread: str = "") -> None:
        await self._be_there()
        place = self._channel(channel, thread) if channel else self._dm(thread)
        await self.day.take(
            Edited(
                id=self.day.new_id("e"), at=self.day.now, person=self.person, place=place, message=message, text=words
            )
        )

    async def deletes(self, message: str, *, channel: str = "", thread: str = "") -> None:
        await self._be_there()
        place = self._channel(channel, thread) if channel else self._dm(thread)
        await self.day.take(
            Deleted(id=self.day.new_id("d"), at=self.day.now, person=self.person, place=place, message=message)
        )

    async def types(self, command: str, *, channel: str = "", people: tuple["Somebody", ...] = ()) -> Outcome:
        """A slash command, without its slash word: `types("summary today")`. A form that opens is in `form`."""
        await self._be_there()
        place = self._channel(channel) if channel else self._dm()
        return await self._open(
            Commanded(
                id=self.day.new_id("c"), at=self.day.now, person=self.person, place=place, text=command,
                people=tuple(other.person for other in people), facts=self.day.facts.get(channel),
            )
        )  # fmt: skip

    async def presses(self, label: str, on: Shown | None = None) -> Outcome:
        """A button of the card given, or of the newest post they can see that has one with that label."""
        await self._be_there()
        shown = on or next(
            (post for post in reversed(self.posts) if any(b.label.startswith(label) for b in post.buttons)), None
        )
        assert shown, f"{self.name} sees no button {label!r} in:\n{self.sees}"
        button = shown.button(label)
        in_dm = shown.target.conversation == f"D-{self.handle}"
        place = self._dm() if in_dm else self._channel(shown.target.conversation)
        return await self.presses_action(button.action, button.value, place=place, message=shown.id)

    async def presses_action(
        self, action: str, value: str = "", *, place: Place | None = None, message: str = ""
    ) -> Outcome:
        await self._be_there()
        return await self._open(
            Pressed(
                id=self.day.new_id("p"), at=self.day.now, person=self.person, place=place or self._dm(), action=action,
                value=value, message=message,
            )
        )  # fmt: skip

    async def sends(self, people: tuple["Somebody", ...] = (), **values: str | tuple[str, ...]) -> Outcome:
        """Sends the open form: what the form held, with these values in their place. What is wrong is in `errors`."""
        assert self.form, f"{self.name} has no form open"
        held: dict[str, str | tuple[str, ...]] = {}
        for part in self.form.fields:
            held[part.name] = _held(part)
        unknown = set(values) - set(held)
        assert not unknown, f"the form has no {unknown}; it has {sorted(held)}"
        missing = [part.name for part in self.form.fields if part.required and not (held | values)[part.name]]
        assert not missing, f"the platform would not send the form without {missing}"
        form = self.form
        return await self._open(
            Submitted(
                id=self.day.new_id("f"), at=self.day.now, person=self.person, place=self._dm(), form=form.name,
                values=held | values, carried=form.carried, people=tuple(other.person for other in people),
            )
        )  # fmt: skip

    async def points_at(self, shortcut: str, quoted: Quoted, *, channel: str = "", thread: str = "") -> Outcome:
        await self._be_there()
        place = self._channel(channel, thread) if channel else self._dm(thread)
        return await self._open(
            PointedAt(
                id=self.day.new_id("s"),
                at=self.day.now,
                person=self.person,
                place=place,
                shortcut=shortcut,
                quoted=quoted,
            )
        )

    async def reacts(self, emoji: str, quoted: Quoted, *, channel: str = "") -> None:
        await self._be_there()
        place = self._channel(channel) if channel else self._dm()
        await self.day.take(
            Reacted(
                id=self.day.new_id("r"), at=self.day.now, person=self.person, place=place, emoji=emoji, quoted=quoted
            )
        )

    async def opens_home(self) -> None:
        await self._be_there()
        await self.day.take(HomeOpened(id=self.day.new_id("h"), at=self.day.now, person=self.person, place=self._dm()))

    async def joins(self, channel: str, facts: ChannelFacts) -> None:
        await self._be_there()
        self.day.facts[channel] = facts
        await self.day.take(
            Joined(
                id=self.day.new_id("j"), at=self.day.now, person=self.person, place=self._channel(channel), facts=facts
            )
        )

    # ---- what they see

    @property
    def posts(self) -> list[Shown]:
        """What Baseroom shows them: their direct messages, and what is shown to them alone in a channel."""
        mine = f"D-{self.handle}"
        return [
            post
            for post in self.day.platforms[self.platform].shown
            if post.target.conversation == mine or post.target.only_to == self.handle
        ]

    @property
    def sees(self) -> str:
        return "\n".join(post.words for post in self.posts)

    @property
    def last(self) -> Shown:
        assert self.posts, f"{self.name} has seen nothing"
        return self.posts[-1]

    @property
    def home(self) -> str:
        return Shown("home", Target(""), self.day.platforms[self.platform].homes[self.handle], "").words

    # ---- who and where

    @property
    def person(self) -> Person:
        mail = f"{self.handle}@peers.example"
        return Person(self.platform, WORKSPACES[self.platform], self.handle, self.name, mail, "Europe/London")

    def quote(self, words: str, message: str = "") -> Quoted:
        """A message of theirs, for somebody to point at."""
        return Quoted(message or self.day.new_id("m"), words, self.person, self.day.now)

    def _dm(self, thread: str = "") -> Place:
        return Place(self.platform, WORKSPACES[self.platform], f"D-{self.handle}", PlaceKind.DM, thread)

    def _channel(self, channel: str, thread: str = "") -> Place:
        return Place(self.platform, WORKSPACES[self.platform], channel, PlaceKind.CHANNEL, thread)

    async def _be_there(self) -> None:
        if self.moment:
            await self.day.clock_strikes(self.moment)

    async def _open(self, incoming: Commanded | Pressed | Submitted | PointedAt) -> Outcome:
        outcome = await self.day.take(incoming)
        me = self.day.people[self.handle]
        match outcome:
            case Form():
                me.form, me.errors = outcome, {}
            case FormErrors(errors):
                me.errors = errors
            case None:
                me.form, me.errors = None, {}
        return outcome


def _held(part: object) -> str | tuple[str, ...]:
    if isinstance(part, TextField):
        return part.value
    if isinstance(part, ChoiceField):
        return part.chosen if part.several else (part.chosen[0] if part.chosen else "")
    return ()


@dataclass
class Channel:
    day: "Day"
    id: str
    platform: str = "slack"

    @property
    def posts(self) -> list[Shown]:
        shown = self.day.platforms[self.platform].shown
        return [post for post in shown if post.target.conversation == self.id and not post.target.only_to]

    @property
    def sees(self) -> str:
        return "\n".join(post.words for post in self.posts)

    @property
    def last(self) -> Shown:
        assert self.posts, "nothing has been posted in the channel"
        return self.posts[-1]


@dataclass
class Day:
    app: App
    clock: HandClock
    platform: MemoryPlatform  # that of its home; a second one is brought in by `opens_on`
    people: dict[str, Somebody] = field(default_factory=dict)
    facts: dict[str, ChannelFacts] = field(default_factory=dict)
    challenge: Challenge | None = None
    members: dict[str, Member] = field(default_factory=dict)
    platforms: dict[str, MemoryPlatform] = field(default_factory=dict)
    home: str = "slack"
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.platforms[self.home] = self.app.porters[self.home] = self.platform

    @property
    def at_home(self) -> tuple[str, str]:
        """The platform and the workspace where the team is."""
        return self.home, WORKSPACES[self.home]

    def opens_on(self, platform: str) -> MemoryPlatform:
        """Have Baseroom live on one more platform from now on."""
        porter = self.platforms[platform] = self.app.porters[platform] = MemoryPlatform()
        return porter

    def __getattr__(self, handle: str) -> Somebody:
        people = self.__dict__.get("people", {})
        if handle in people:
            return people[handle]
        raise AttributeError(handle)

    # ---- the clock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def at(self, wall: str) -> "Moment":
        """The same people at a wall time of today: `day.at("10:20").priya.says(…)`."""
        return Moment(self, wall)

    async def clock_strikes(self, wall: str) -> None:
        """Move the clock to a wall time of the day that it is (never back), doing what falls due on the way."""
        local = self.now.astimezone(LONDON)
        await self.until(datetime.combine(local.date(), time.fromisoformat(wall), tzinfo=LONDON))

    async def on(self, day: date, wall: str = "09:00") -> None:
        await self.until(datetime.combine(day, time.fromisoformat(wall), tzinfo=LONDON))

    async def pass_time(self, **how_long: float) -> None:
        await self.until(self.now + timedelta(**how_long))

    async def until(self, moment: datetime) -> None:
        """Go to the moment by way of everything that falls due before it."""
        assert moment >= self.now, f"the clock does not go back from {self.now} to {moment}"
        while (due := await self.app.scheduler.next_moment()) is not None and due <= moment:
            self.clock.move_to(max(due, self.now))
            await self.settle()
        self.clock.move_to(moment)
        await self.settle()

    # ---- what happens

    async def take(self, incoming: object) -> Outcome:
        outcome = await self.app.dispatch.handle(incoming)  # type: ignore[arg-type]  # one of AnyIncoming
        await self.app.delivery.drain()
        return outcome

    async def settle(self) -> None:
        await self.app.scheduler.do_due()
        await self.app.delivery.drain()

    def new_id(self, letter: str) -> str:
        return f"{letter}{next(self._ids)}"

    # ---- what is stored

    @property
    def team_channel(self) -> Channel:
        return Channel(self, TEAM_CHANNEL, self.home)

    async def wall(self) -> list[Finding]:
        """The findings that stand."""
        assert self.challenge
        async with self.app.database.reading() as uow:
            return await uow.findings.on_the_wall(self.challenge.id)

    async def finding(self, number: int) -> Finding:
        assert self.challenge
        async with self.app.database.reading() as uow:
            found = await uow.findings.by_number(self.challenge.id, number)
        assert found, f"there is no finding #{number}"
        return found

    async def finding_held(self, number: int) -> Finding:
        """A finding that may be sensitive."""
        assert self.challenge
        async with self.app.database.reading() as uow:
            found = await uow.findings.by_number(self.challenge.id, number, sensitive_too=True)
        assert found, f"there is no finding #{number}"
        return found

    async def themes_of(self, number: int) -> list[str]:
        """The short titles of a finding's themes."""
        assert self.challenge
        finding = await self.finding(number)
        async with self.app.database.reading() as uow:
            titles = {theme.id: theme.short for theme in await uow.themes.of_challenge(self.challenge.id)}
        return [titles[theme_id] for theme_id in finding.theme_ids]

    def team_facts(self, **changed: object) -> ChannelFacts:
        """A channel that is fit: private, not shared, everybody in it on the challenge."""
        members = tuple(person.person for person in self.people.values() if person.handle != STRANGER)
        values: dict[str, object] = {"name": "team", "private": True, "shared_outside": False, "members": members}
        return ChannelFacts(**(values | changed))  # type: ignore[arg-type]  # test values by name

    async def open_challenge(
        self,
        framework: str = "local_system",
        first: date = FIRST_DAY,
        last: date = LAST_DAY,
        host: str = "Anyshire ICS",
    ) -> Challenge:
        """A challenge with the whole team on it and its channel bound, as the manager would have left it."""
        house = self.app.house
        async with self.app.database.begin() as uow:
            desk = Desk(uow, self.now, house)
            accounts: dict[str, Account] = {}
            for handle in TEAM:
                known = await uow.accounts.find(*self.at_home, handle)
                accounts[handle] = known or await uow.accounts.add(*self.at_home, handle, self.now)
            opening = Opening(host, house.frameworks[framework], first, last, "Europe/London")
            challenge = await open_challenge(desk, opening, opened_by=accounts["mina"].person_id)
            for handle, (name, role, kind) in TEAM.items():
                person_id = accounts[handle].person_id
                self.members[handle] = await add_member(desk, challenge, person_id, name=name, role=role, kind=kind)
            await uow.channels.bind(TeamChannel(challenge.id, *self.at_home, TEAM_CHANNEL, self.now))
            await uow.commit()
        self.facts[TEAM_CHANNEL] = self.team_facts()
        self.challenge = challenge
        return challenge


@dataclass
class Moment:
    day: Day
    wall: str

    def __getattr__(self, handle: str) -> Somebody:
        somebody = self.day.people[handle]
        return replace(somebody, moment=self.wall)


@asynccontextmanager
async def a_day(
    folder: Path, *, start: datetime, url: str = "", public_url: str = "", home: str = "slack"
) -> AsyncIterator[Day]:
    """A Baseroom with nobody on any challenge yet; `mina` is named in BASEROOM_MANAGERS. `home`: the platform where
    everybody is."""
    settings = read_settings(
        database_url=url or f"sqlite:///{folder / 'baseroom.db'}",
        keys_url=f"sqlite:///{folder / 'keys.db'}",
        master_key_file=folder / "master.key",
        managers="mina@peers.example",
        public_url=public_url,
    )
    keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
    keys.prepare(start)
    clock = HandClock(start.astimezone(UTC))
    app = build_app(settings, clock, keys=keys, pace=timedelta(0))
    app.dispatch.patience = 60.0  # a busy test machine is not a broken one
    if url:
        await migrate(app.database.engine)
    else:
        put_database(folder)
    day = Day(app, clock, MemoryPlatform(), home=home)
    day.people = {handle: Somebody(day, handle, name, platform=home) for handle, (name, _, _) in TEAM.items()}
    day.people[STRANGER] = Somebody(day, STRANGER, "Zed Stranger", platform=home)
    try:
        yield day
    finally:
        await app.delivery.stop()
        await app.database.close()
