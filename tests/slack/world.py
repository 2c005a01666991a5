"""Baseroom as it is served, against the strict fake Slack on loopback: over Socket Mode or over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.app import App, build_app, build_registry
from bot.clock import HandClock
from bot.serve import running
from bot.settings import read_settings
from bot.slack.wiring import build_slack
from handlers.desk import Desk
from handlers.team.opening import Opening, add_member, open_challenge
from manifests.slack import slack_manifest
from storage.keys import KeyStore, make_master_key
from storage.records import Challenge, Finding, Role, TeamChannel
from tests.fakes.slack import Channel, FakeSlack, Message, Person, visible_text
from tests.fakes.slack import HandClock as FakeClock
from tests.fakes.slack.workspace import TEAM as TEAM_ID
from tests.fieldwork.day import FIRST_DAY, LAST_DAY, LONDON, TEAM
from tests.fixtures.migrated import put_database

T = TypeVar("T")
ON_SITE = datetime(2026, 11, 24, 10, 0, tzinfo=LONDON)


def manifest_for(mode: str) -> dict[str, Any]:
    """The manifest that `baseroom manifest slack` prints, for "socket" or "http"."""
    return slack_manifest(build_registry(), public_url="" if mode == "socket" else "https://baseroom.example")


@dataclass
class SlackDay:
    """The fake workspace, the served app, and one clock for both."""

    slack: FakeSlack
    app: App
    clock: HandClock
    fake_clock: FakeClock
    people: Mapping[str, Person]
    team_channel: Channel
    challenge: Challenge | None = None
    seen: list[str] = field(default_factory=list)

    def __getattr__(self, handle: str) -> Person:
        people: Mapping[str, Person] = self.__dict__.get("people", {})
        if handle in people:
            return people[handle]
        raise AttributeError(handle)

    async def settled(self) -> None:
        """Everything that people did has reached Baseroom, and everything that it had to say has been said."""
        while True:
            await self.slack.settled()
            before = len(self.slack.calls)
            await self.app.delivery.drain()
            await self.slack.settled()
            if len(self.slack.calls) == before:
                return

    async def after(self, act: Awaitable[T]) -> T:
        """What a person does, and everything that comes of it: `await day.after(day.priya.dm("…"))`."""
        done = await act
        await self.settled()
        return done

    async def asks(self, handle: str, words: str, *, channel: Channel | None = None) -> None:
        """Type `/baseroom` and these words."""
        await self.after(self.people[handle].types_command("/baseroom", words, channel=channel))

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

    def last_dm(self, handle: str) -> Message:
        """The newest message from Baseroom in the person's direct messages."""
        mine = [post for post in self.people[handle].dm_messages() if post.user == self.slack.bot.id]
        assert mine, f"{handle} has had nothing from Baseroom"
        return mine[-1]

    def newest(self, handle: str, words: str) -> Message:
        """The newest message from Baseroom in the person's direct messages that shows these words."""
        found = [post for post in self.people[handle].dm_messages() if post.by_app and words in visible_text(post)]
        assert found, f"{handle} was not told {words!r}"
        return found[-1]

    def in_channel(self) -> list[Message]:
        """What Baseroom has posted in the team channel, outside threads, for all to see."""
        posts = self.people["mina"].messages_in(self.team_channel)
        return [post for post in posts if post.by_app and not post.seen_only_by and post.thread_ts in (None, post.ts)]

    def form(self, handle: str) -> str:
        """The words of the form that the person has open; empty when none is."""
        modal = self.people[handle].modal
        return visible_text(modal) if modal else ""

    def lock_screens(self) -> list[str]:
        """Every notification that Baseroom has caused, edits included."""
        texts = [call.arguments.get(name) for call in self.slack.calls for name in ("text", "initial_comment")]
        return [str(text) for text in texts if text]

    def reads(self, handle: str) -> str:
        """The words of the newest message from Baseroom."""
        return visible_text(self.last_dm(handle))

    async def join_newest_challenge(self) -> None:
        """Look from now on at the challenge that was set up last."""
        async with self.app.database.reading() as uow:
            self.challenge = (await uow.challenges.all())[-1]

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

    async def open_challenge(self) -> Challenge:
        """A challenge with the whole team on it and the channel bound."""
        house = self.app.house
        async with self.app.database.begin() as uow:
            desk = Desk(uow, self.clock.now(), house)
            accounts = {}
            for handle in TEAM:
                user = self.people[handle]
                accounts[handle] = await uow.accounts.add("slack", TEAM_ID, user.id, desk.now)
            opening = Opening("Anyshire ICS", house.frameworks["local_system"], FIRST_DAY, LAST_DAY, "Europe/London")
            challenge = await open_challenge(desk, opening, opened_by=accounts["mina"].person_id)
            for handle, (name, role, kind) in TEAM.items():
                person_id = accounts[handle].person_id
                await add_member(desk, challenge, person_id, name=name, role=Role(role), kind=kind)
            await uow.channels.bind(TeamChannel(challenge.id, "slack", TEAM_ID, self.team_channel.id, desk.now))
            await uow.commit()
        self.challenge = challenge
        return challenge


@asynccontextmanager
async def a_slack_day(
    folder: Path, mode: str, *, manifest: Mapping[str, Any] | None = None, start: datetime = ON_SITE
) -> AsyncIterator[SlackDay]:
    """A served Baseroom whose platform is the fake. `mode` is "socket" or "http"."""
    fake_clock = FakeClock(start.astimezone(UTC))
    slack = await FakeSlack.start(manifest=manifest or manifest_for(mode), clock=fake_clock)
    people = {handle: slack.user(name) for handle, (name, _, _) in TEAM.items()}
    people["zed"] = slack.user("Zed Stranger")
    channel = slack.channel("team", private=True, members=[people[handle] for handle in TEAM])
    settings = read_settings(
        database_url=f"sqlite:///{folder / 'baseroom.db'}",
        keys_url=f"sqlite:///{folder / 'keys.db'}",
        master_key_file=folder / "master.key",
        managers=people["mina"].user.email,
        port=0,
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token if mode == "socket" else "",
        slack_signing_secret=slack.signing_secret if mode == "http" else "",
        slack_api_url=slack.api_url,
    )
    keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
    keys.prepare(start)
    clock = HandClock(start.astimezone(UTC))
    app = build_app(settings, clock, keys=keys, pace=timedelta(0))
    app.dispatch.patience = 60.0  # a busy test machine is not a broken one
    put_database(folder)
    try:
        async with running(app, [build_slack(app)]) as address:
            slack.app_address = address
            if mode == "socket":
                await slack.settled()
            yield SlackDay(slack, app, clock, fake_clock, people, channel)
    finally:
        await slack.stop()
