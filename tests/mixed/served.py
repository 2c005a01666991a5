"""Worlds whose doors are real: one app, served on the fake Slack (Socket Mode), on the fake Teams (signed requests), or
on both at once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, build_app
from bot.clock import HandClock
from bot.serve import Presence, running
from bot.settings import Settings, read_settings
from bot.slack.wiring import build_slack
from bot.teams.wiring import build_teams
from storage.keys import KeyStore, make_master_key
from storage.migrations import migrate
from tests.mixed.driving import Hands
from tests.mixed.seats import Seated
from tests.mixed.slack_door import SlackDoor, slack_door
from tests.mixed.teams_door import TeamsDoor, teams_door
from tests.mixed.visit import TEAM
from tests.teams.microsoft import cloud_at


@dataclass
class ServedWorld(Seated):
    """`World` over one served app and the fakes in front of it."""

    clock: HandClock = field(kw_only=True)
    slack: SlackDoor | None = None
    teams: TeamsDoor | None = None

    @property
    def doors(self) -> dict[str, SlackDoor | TeamsDoor]:
        every = {"slack": self.slack, "teams": self.teams}
        return {platform: door for platform, door in every.items() if door}

    def at(self, handle: str, platform: str) -> Hands:
        return self.doors[platform].people[handle]

    async def channels(self) -> dict[str, str]:
        return {platform: door.in_channel() for platform, door in self.doors.items()}

    async def until(self, moment: datetime) -> None:
        """Go there by way of everything that falls due before."""
        while (due := await self.app.scheduler.next_moment()) is not None and due <= moment:
            await self._set(max(due, self.clock.now()))
        await self._set(moment)

    async def _set(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        await self.app.scheduler.do_due()
        await self.settled()

    async def settled(self) -> None:
        """Everything that people did has reached Baseroom, and everything that it had to say has been said."""
        calls = -1
        while calls != (calls := await self._calls()):
            await self.app.delivery.drain()

    async def _calls(self) -> int:
        return sum([await door.settled() for door in self.doors.values()])


@asynccontextmanager
async def served_world(folder: Path, *, start: datetime, **seats: tuple[str, ...]) -> AsyncIterator[ServedWorld]:
    """A team of eight; whoever is not named sits where the manager does first."""
    sitting = {handle: seats.get(handle, seats["mina"][:1]) for handle in TEAM}
    clock = HandClock(start.astimezone(UTC))
    async with AsyncExitStack() as on_the_way_out:

        async def settled() -> None:
            await world.settled()

        slack, teams = None, None
        if "slack" in seats["mina"]:
            slack = await slack_door(_at(sitting, "slack"), clock, settled)
            on_the_way_out.push_async_callback(slack.slack.stop)
        if "teams" in seats["mina"]:
            teams = await teams_door(_at(sitting, "teams"), clock, settled)
            on_the_way_out.push_async_callback(teams.teams.stop)
        app = await _app(folder, clock, slack, teams)
        world = ServedWorld(app, sitting, clock=clock, slack=slack, teams=teams)
        address = await on_the_way_out.enter_async_context(running(app, _presences(app, slack, teams)))
        await _move_in(world, address)
        yield world
        for door in world.doors.values():
            door.check_content()


def _at(sitting: dict[str, tuple[str, ...]], platform: str) -> list[str]:
    return [handle for handle, platforms in sitting.items() if platform in platforms]


async def _app(folder: Path, clock: HandClock, slack: SlackDoor | None, teams: TeamsDoor | None) -> App:
    settings = _settings(folder, slack, teams)
    keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
    keys.prepare(clock.now())
    app = build_app(settings, clock, keys=keys, pace=timedelta(0))
    app.dispatch.patience = 60.0  # a busy test machine is not a broken one
    await migrate(app.database.engine)
    return app


def _settings(folder: Path, slack: SlackDoor | None, teams: TeamsDoor | None) -> Settings:
    managers: list[str] = []
    more: dict[str, str] = {}
    if slack:
        managers.append(slack.people["mina"].person.user.email)
        more |= {"slack_bot_token": slack.slack.bot_token, "slack_app_token": slack.slack.app_token}
        more |= {"slack_api_url": slack.slack.api_url}
    if teams:
        managers.append(teams.people["mina"].person.user.aad)
        more |= {"microsoft_app_id": teams.teams.app_id, "microsoft_app_password": teams.teams.password}
        more |= {"microsoft_app_type": "SingleTenant", "microsoft_app_tenant_id": teams.teams.tenant_id}
    return read_settings(
        database_url=f"sqlite:///{folder / 'baseroom.db'}",
        keys_url=f"sqlite:///{folder / 'keys.db'}",
        master_key_file=folder / "master.key",
        managers=",".join(managers),
        port=0,
        **more,
    )


def _presences(app: App, slack: SlackDoor | None, teams: TeamsDoor | None) -> list[Presence]:
    presences: list[Presence] = [build_slack(app)] if slack else []
    if teams:
        cloud = cloud_at(f"{teams.teams.address}/", openid_url=teams.teams.entra.openid_url)
        presences.append(build_teams(app, cloud=cloud))
    return presences


async def _move_in(world: ServedWorld, address: str) -> None:
    """In Teams Baseroom is added to everybody's chats and to the team; in Slack it is there once it is installed."""
    if world.teams:
        world.teams.teams.app_address = address
        for hands in world.teams.people.values():
            await hands.person.installs()
        await world.teams.people["mina"].person.installs_in(world.teams.channel)
    await world.settled()
