"""Baseroom as it is served, against the strict fake Teams on loopback: signed requests in, the Bot Connector out."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.app import App, build_app, build_registry
from bot.clock import HandClock
from bot.serve import running
from bot.settings import read_settings
from bot.teams.wiring import Teams, build_teams
from handlers.desk import Desk
from handlers.team.opening import Opening, add_member, open_challenge
from manifests.teams import teams_manifest
from storage.keys import KeyStore, make_master_key
from storage.records import Challenge, Finding, Role
from tests.fakes.teams import APP, TENANT, Conversation, FakeTeams, Message, Person
from tests.fakes.teams import HandClock as FakeClock
from tests.fieldwork.day import FIRST_DAY, LAST_DAY, LONDON, TEAM
from tests.fixtures.migrated import put_database
from tests.teams.microsoft import cloud_at

T = TypeVar("T")
ON_SITE = datetime(2026, 11, 24, 10, 0, tzinfo=LONDON)


def the_manifest() -> dict[str, Any]:
    """What `baseroom manifest teams` builds."""
    return teams_manifest(build_registry(), app_id=APP, public_url="https://baseroom.example")


@dataclass
class TeamsDay:
    """The fake tenant, the served app, and one clock for both."""

    teams: FakeTeams
    app: App
    wired: Teams
    clock: HandClock
    fake_clock: FakeClock
    people: Mapping[str, Person]
    team_channel: Conversation
    challenge: Challenge | None = None

    def __getattr__(self, handle: str) -> Person:
        people: Mapping[str, Person] = self.__dict__.get("people", {})
        if handle in people:
            return people[handle]
        raise AttributeError(handle)

    # ---- time and quiet

    async def settled(self) -> None:
        """Everything that people did has reached Baseroom, and everything that it had to say has been said."""
        while True:
            await self.teams.settled()
            before = len(self.teams.calls)
            await self.app.delivery.drain()
            await self.teams.settled()
            if len(self.teams.calls) == before:
                return

    async def after(self, act: Awaitable[T]) -> T:
        """What a person does, and everything that comes of it: `await day.after(day.priya.dm("…"))`."""
        done = await act
        await self.settled()
        return done

    async def until(self, moment: datetime) -> None:
        """Move both clocks there by way of everything that falls due before."""
        while (due := await self.app.scheduler.next_moment()) is not None and due <= moment:
            await self._set(max(due, self.clock.now()))
        await self._set(moment)

    async def pass_time(self, **how_long: float) -> None:
        await self.until(self.clock.now() + timedelta(**how_long))

    async def _set(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        self.fake_clock.advance(moment - self.fake_clock.now())
        await self.app.scheduler.do_due()
        await self.settled()

    # ---- what people see

    def from_baseroom(self, handle: str) -> list[Message]:
        """What Baseroom has said in the person's personal chat, oldest first."""
        return self.teams.posts_in(self.people[handle].chat)

    def last_dm(self, handle: str) -> Message:
        mine = self.from_baseroom(handle)
        assert mine, f"{handle} has had nothing from Baseroom"
        return mine[-1]

    def reads(self, handle: str) -> str:
        """The words of the newest message from Baseroom in the personal chat, as the person sees it."""
        return self.people[handle].sees(self.last_dm(handle))

    def newest(self, handle: str, words: str) -> Message:
        """The newest message from Baseroom in the personal chat that shows these words."""
        found = [post for post in self.from_baseroom(handle) if words in self.people[handle].sees(post)]
        assert found, f"{handle} was not told {words!r}"
        return found[-1]

    def in_channel(self) -> list[Message]:
        """What Baseroom has posted in the team channel, outside threads."""
        return [post for post in self.teams.posts_in(self.team_channel) if not post.thread]

    # ---- what is stored

    async def finding(self, number: int) -> Finding:
        assert self.challenge
        async with self.app.database.reading() as uow:
            found = await uow.findings.by_number(self.challenge.id, number)
        assert found, f"there is no finding #{number}"
        return found

    async def wall(self) -> list[Finding]:
        assert self.challenge
        async with self.app.database.reading() as uow:
            return await uow.findings.on_the_wall(self.challenge.id)

    async def join_newest_challenge(self) -> None:
        """Look from now on at the challenge that was set up last."""
        async with self.app.database.reading() as uow:
            self.challenge = (await uow.challenges.all())[-1]

    async def open_challenge(self) -> Challenge:
        """A challenge with the whole team on it and the channel bound by its manager; everybody has Baseroom."""
        for handle in TEAM:
            await self.people[handle].installs()
        await self.people["mina"].installs_in(self.team_channel)
        await self.settled()
        house = self.app.house
        async with self.app.database.begin() as uow:
            desk = Desk(uow, self.clock.now(), house)
            accounts = {}
            for handle in TEAM:
                user = self.people[handle].user
                known = await uow.accounts.find("teams", TENANT, user.id)
                accounts[handle] = known or await uow.accounts.add("teams", TENANT, user.id, desk.now)
            opening = Opening("Anyshire ICS", house.frameworks["local_system"], FIRST_DAY, LAST_DAY, "Europe/London")
            challenge = await open_challenge(desk, opening, opened_by=accounts["mina"].person_id)
            for handle, (name, role, kind) in TEAM.items():
                person_id = accounts[handle].person_id
                await add_member(desk, challenge, person_id, name=name, role=Role(role), kind=kind)
            await uow.commit()
        self.challenge = challenge
        await self.after(self.people["mina"].says(self.team_channel, "@Baseroom challenge here"))
        return challenge


@asynccontextmanager
async def a_teams_day(folder: Path, *, start: datetime = ON_SITE) -> AsyncIterator[TeamsDay]:
    """A served Baseroom whose platform is the fake."""
    fake_clock = FakeClock(start.astimezone(UTC))
    teams = await FakeTeams.start(manifest=the_manifest(), clock=fake_clock)
    people = {handle: teams.user(name) for handle, (name, _, _) in TEAM.items()}
    people["zed"] = teams.user("Zed Stranger")
    team = teams.team("Anyshire peer challenge", [people[handle] for handle in TEAM])
    channel = teams.channel(team, "Peer team")
    settings = read_settings(
        database_url=f"sqlite:///{folder / 'baseroom.db'}",
        keys_url=f"sqlite:///{folder / 'keys.db'}",
        master_key_file=folder / "master.key",
        managers=people["mina"].user.aad,
        port=0,
        microsoft_app_id=teams.app_id,
        microsoft_app_password=teams.password,
        microsoft_app_type="SingleTenant",
        microsoft_app_tenant_id=teams.tenant_id,
    )
    keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
    keys.prepare(start)
    clock = HandClock(start.astimezone(UTC))
    app = build_app(settings, clock, keys=keys, pace=timedelta(0))
    app.dispatch.patience = 60.0  # a busy test machine is not a broken one
    put_database(folder)
    try:
        wired = build_teams(app, cloud=cloud_at(f"{teams.address}/", openid_url=teams.entra.openid_url))
        async with running(app, [wired]) as address:
            teams.app_address = address
            yield TeamsDay(teams, app, wired, clock, fake_clock, people, channel)
    finally:
        await teams.stop()
