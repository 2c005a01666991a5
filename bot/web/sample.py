"""The sample visit: a challenge in its second morning, so that whoever opens the rehearsal room finds it alive.

It is not painted on. The challenge is opened as a manager opens one, and every line is said through dispatch with the
clock moved on the way, so that receipts, sessions, digests and summaries are what they would have been.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.web.room import Room
from bot.web.workspace import BY_ID, MANAGER, RESIDENTS, TEAM_CHANNEL, WORKSPACE, ZONE, Resident
from handlers.chat import Platform
from handlers.desk import Desk
from handlers.team.opening import Opening, add_member, open_challenge
from storage.records import TeamChannel

SAMPLE = Path(__file__).with_name("sample.toml")
EMPTY_START = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo(ZONE))

Progress = Callable[[int, int], None]
"""Told how many lines have been said, of how many."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that somebody says at a moment."""

    at: datetime
    who: Resident
    conversation: str
    words: str


@dataclass(frozen=True, slots=True)
class Sample:
    opening_at: datetime
    now: datetime
    host: str
    framework: str
    first_day: date
    last_day: date
    lines: tuple[Line, ...]


def read_sample(path: Path = SAMPLE) -> Sample:
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    zone = ZoneInfo(ZONE)
    return Sample(
        opening_at=written["opened"].replace(tzinfo=zone),
        now=written["now"].replace(tzinfo=zone),
        host=written["host"],
        framework=written["framework"],
        first_day=written["first_day"],
        last_day=written["last_day"],
        lines=tuple(_line(day["date"], line, zone) for day in written["day"] for line in day["lines"]),
    )


def _line(day: date, written: list[str], zone: ZoneInfo) -> Line:
    wall, who, where, words = written
    at = datetime.combine(day, time.fromisoformat(wall), tzinfo=zone)
    resident = BY_ID[who]
    return Line(at, resident, TEAM_CHANNEL if where == "team" else resident.dm, words)


async def play(room: Room, sample: Sample, progress: Progress) -> None:
    """1 open the challenge; 2 say every line at its time; 3 set the clock to the second morning."""
    await _open_challenge(room, sample)
    for number, line in enumerate(sample.lines, start=1):
        await _pass_to(room, line.at)
        await room.say(line.who, line.conversation, line.words)
        progress(number, len(sample.lines))
    await room.go_through(sample.now)


async def _pass_to(room: Room, moment: datetime) -> None:
    """On to the next line, by way of the sessions and digests that fall due. A post that waits for its minute goes with
    the next one: nobody is watching yet, and looking at every minute took a fifth of the time."""
    async with room.app.database.reading() as uow:
        due_at = await uow.runs.next_due_at()
    if due_at is not None and due_at <= moment:
        await room.go_through(moment)
    room.clock.move_to(moment)


async def _open_challenge(room: Room, sample: Sample) -> None:
    house, now = room.app.house, room.clock.now()
    async with room.app.database.begin() as uow:
        desk = Desk(uow, now, house)
        accounts = {one.id: await uow.accounts.add(Platform.REHEARSAL, WORKSPACE, one.id, now) for one in RESIDENTS}
        opening = Opening(sample.host, house.frameworks[sample.framework], sample.first_day, sample.last_day, ZONE)
        challenge = await open_challenge(desk, opening, opened_by=accounts[MANAGER.id].person_id)
        for one in RESIDENTS:
            person_id = accounts[one.id].person_id
            member = await add_member(desk, challenge, person_id, name=one.name, role=one.role, kind=one.kind)
            await uow.members.set_agreed(member.id, now)
        await uow.channels.bind(TeamChannel(challenge.id, Platform.REHEARSAL, WORKSPACE, TEAM_CHANNEL, now))
        await uow.commit()
