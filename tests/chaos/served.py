"""Two `baseroom serve` on one PostgreSQL, started as an operator starts them, before the strict fake Slack and by the
machine's own clock. Every minute one of them is killed and started again, as an orchestrator would; leases, waits and
Slack's retries are as long as they are for real.
"""

import asyncio
import os
import random
import re
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from handlers.desk import Desk
from handlers.team.opening import Opening, add_member, open_challenge
from storage.migrations import migrate
from storage.records import ChallengeId, Role
from tests.chaos.places import Place, Places
from tests.chaos.rows import Row
from tests.fakes.slack import FakeSlack, Person, visible_text
from tests.fakes.slack.workspace import TEAM as TEAM_ID
from tests.fieldwork.day import TEAM
from tests.slack.world import manifest_for

MINUTE = 60.0
BETWEEN = 2.0  # seconds from one message to the next
COMES_TO_REST = 420.0  # seconds: a lease, a wait for what is in doubt, and Slack's last retry after five minutes
WORDS = re.compile(r"number (\d+)x")


@dataclass(slots=True)
class Replica:
    """One `baseroom serve` and where it listens."""

    port: int
    environment: dict[str, str]
    process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"),
            env={**os.environ, **self.environment, "BASEROOM_PORT": str(self.port)},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def ready(self) -> None:
        """Returns when it is."""
        while True:
            if await self._is_ready():
                return
            await asyncio.sleep(0.1)

    async def _is_ready(self) -> bool:
        """What a load balancer asks."""
        with suppress(aiohttp.ClientError, TimeoutError):
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as web,
                web.get(f"{self.address}/readyz") as answer,
            ):
                return answer.status == 200
        return False

    async def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@dataclass
class Visit:
    """The workspace, its people, the two replicas, and what was said."""

    slack: FakeSlack
    people: dict[str, Person]
    challenge_id: ChallengeId
    replicas: tuple[Replica, Replica]
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    said: int = 0
    kills: int = 0

    async def say_something(self) -> None:
        """Somebody speaks, and the load balancer hands it to a replica that was there a moment ago."""
        self.slack.app_address = self.chance.choice(self.replicas).address
        peer = list(TEAM)[self.said % len(TEAM)]
        await self.people[peer].dm(f"Words number {self.said}x #vision")
        self.said += 1
        await self.slack.retry_due()

    async def kill_one(self) -> None:
        doomed = self.chance.choice(self.replicas)
        await doomed.kill()
        self.kills += 1
        await doomed.start()


def served(places: Places, size: int) -> Row:
    """`size` minutes, and as many kills."""
    with places.new() as place:
        return asyncio.run(_served(place, size))


async def _served(place: Place, minutes: int) -> Row:
    async with a_visit(place) as visit:
        end = time.monotonic() + minutes * MINUTE
        next_kill = time.monotonic() + visit.chance.uniform(0, MINUTE)
        while time.monotonic() < end:
            await visit.say_something()
            if time.monotonic() > next_kill:
                await visit.kill_one()
                next_kill += MINUTE
            await asyncio.sleep(BETWEEN)
        bad = await _at_rest(place, visit)
    return Row(f"{visit.kills} kills in {minutes} minutes, {visit.said:,} messages", bad)


async def _at_rest(place: Place, visit: Visit) -> Counter[str]:
    """What is wrong once nothing is under way any more, or at the end of our patience."""
    visit.slack.app_address = visit.replicas[0].address
    until = time.monotonic() + COMES_TO_REST
    while any((bad := await _reckon(place, visit)).values()) and time.monotonic() < until:
        await visit.slack.retry_due()
        await asyncio.sleep(BETWEEN)
    return bad


async def _reckon(place: Place, visit: Visit) -> Counter[str]:
    app = place.open(datetime.now(UTC))
    async with app.database.reading() as uow:
        wall = await uow.findings.on_the_wall(visit.challenge_id)
        members = {member.id: member for member in await uow.members.of_challenge(visit.challenge_id)}
    await app.database.close()
    stored = Counter(WORDS.findall(" ".join(finding.text for finding in wall)))
    posts = [post for post in visit.slack.workspace.messages if post.by_app and not post.deleted]
    keys = Counter(str(post.metadata["event_payload"]) for post in posts if post.metadata)
    told = {name: _numbers_shown(visit.people[handle]) for handle, (name, _, _) in TEAM.items()}
    return Counter(
        {
            "lost": visit.said - len(stored),
            "duplicated": sum(many - 1 for many in (*stored.values(), *keys.values())),
            "not answered": sum(finding.number not in told[members[finding.author_id].name] for finding in wall),
        }
    )


def _numbers_shown(person: Person) -> set[int]:
    words = "\n".join(visible_text(post) for post in person.dm_messages() if post.by_app)
    return {int(number) for number in re.findall(r"#(\d+)\b", words)}


@asynccontextmanager
async def a_visit(place: Place) -> AsyncIterator[Visit]:
    """A visit that has begun today, before two replicas that are ready."""
    async with AsyncExitStack() as stack:
        slack = await FakeSlack.start(manifest=manifest_for("http"))
        stack.push_async_callback(slack.stop)
        people = {handle: slack.user(name) for handle, (name, _, _) in TEAM.items()}
        challenge_id = await _opened(place, people)
        environment = _environment(place, slack)
        one, other = Replica(_free_port(), environment), Replica(_free_port(), environment)
        for replica in (one, other):
            stack.push_async_callback(replica.kill)
            await replica.start()
        async with asyncio.timeout(MINUTE):
            await asyncio.gather(one.ready(), other.ready())
        yield Visit(slack, people, challenge_id, (one, other))


async def _opened(place: Place, people: dict[str, Person]) -> ChallengeId:
    app = place.open(datetime.now(UTC))
    await migrate(app.database.engine)
    async with app.database.begin() as uow:
        desk = Desk(uow, datetime.now(UTC), app.house)
        today = desk.now.date()
        accounts = {one: await uow.accounts.add("slack", TEAM_ID, people[one].user.id, desk.now) for one in TEAM}
        framework = app.house.frameworks["local_system"]
        opening = Opening(
            "Anyshire ICS", framework, today - timedelta(days=1), today + timedelta(days=2), "Europe/London"
        )
        challenge = await open_challenge(desk, opening, opened_by=accounts["mina"].person_id)
        for handle, (name, role, kind) in TEAM.items():
            await add_member(desk, challenge, accounts[handle].person_id, name=name, role=Role(role), kind=kind)
        await uow.commit()
    await app.database.close()
    return challenge.id


def _environment(place: Place, slack: FakeSlack) -> dict[str, str]:
    return {
        "BASEROOM_DATABASE_URL": place.url,
        "BASEROOM_KEYS_URL": place.keys_url,
        "BASEROOM_MASTER_KEY_FILE": str(place.folder / "master.key"),
        "BASEROOM_BACKUP_FOLDER": str(place.folder / "backups"),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
