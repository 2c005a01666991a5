"""How the cost of one finding grows with those already stored, and what a session post and a summary cost."""

import sqlite3
import statistics
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from handlers.desk import Desk
from storage.records import Address, Finding, FindingId, Intent, Kind, SourceType, new_id
from storage.sqlite import NearConnection
from storage.tables import metadata
from tests.fieldwork.day import LONDON, Day, a_day

START = datetime(2026, 11, 24, 10, 0, tzinfo=LONDON)
WORDS = "Frontline staff describe the vision in their own words and say partners share it #vision, focus group"
SMALL = frozenset({"challenges", "members", "accounts", "team_channels", "themes", "runs", "sessions"})


@dataclass(frozen=True, slots=True)
class OneFinding:
    """Median CPU milliseconds and statements of one finding, receipt included; big tables that were scanned."""

    ms: float
    statements: int
    scanned: frozenset[str]


async def one_finding(folder: Path, *, stored: int, rounds: int = 40) -> OneFinding:
    async with a_day(folder, start=START) as day:
        await day.open_challenge()
        await store_findings(day, stored)
        for _ in range(8):
            await _say(day)
        statements: list[str] = []
        for file in await _files(day):
            file.set_trace_callback(statements.append)
        times, counts = [], []
        for _ in range(rounds):
            statements.clear()
            began = time.process_time()
            await _say(day)
            times.append(1000 * (time.process_time() - began))
            counts.append(len(statements))
        scanned = await _scans(day, set(statements))
    return OneFinding(statistics.median(times), int(statistics.median(counts)), scanned)


async def session_and_summary(folder: Path, *, stored: int = 1000) -> tuple[float, float]:
    """CPU milliseconds of drawing a session's post, and the draft of the day's summary, for so many findings."""
    async with a_day(folder, start=START) as day:
        await day.open_challenge()
        await store_findings(day, stored)
        await day.clock_strikes("16:30")
        session = next(post for post in day.team_channel.posts if "session" in post.words.casefold())
        record = await _record_of(day, session.id)
        session_post = Intent("triangulation.session", Address("slack", "T1", conversation="C-team"), record=record)
        times = [await _time_post(day, session_post) for _ in range(5)]
        draft = [await _time_command(day, "summary") for _ in range(5)]
    return statistics.median(times), statistics.median(draft)


async def store_findings(day: Day, count: int) -> None:
    """So many findings on the wall, by seven peers, over the themes, put there through the store."""
    assert day.challenge
    challenge, members = day.challenge, list(day.members.values())
    async with day.app.database.begin() as uow:
        themes = await uow.themes.of_challenge(challenge.id)
        numbers = await uow.challenges.next_numbers(challenge.id, count)
        kinds, types = [*Kind, None], [*SourceType, None]
        for number in numbers:
            author = members[number % len(members)].id
            heard = START - timedelta(days=number % 3, minutes=number % 300)
            finding = Finding(
                id=FindingId(new_id()), challenge_id=challenge.id, number=number, author_id=author, logged_by=author,
                text=WORDS, day=heard.date(), heard_at=heard, logged_at=heard, kind=kinds[number % 3],
                source_type=types[number % len(types)], theme_ids=(themes[number % len(themes)].id,),
            )  # fmt: skip
            await uow.findings.add(finding)
        await uow.commit()


async def _say(day: Day) -> None:
    day.clock.move_to(day.now + timedelta(seconds=12))
    await day.priya.says(WORDS)


async def _files(day: Day) -> list[sqlite3.Connection]:
    """The two connections that a day on SQLite uses: the one that writes, and the one that reads."""
    async with day.app.database.begin() as writing, day.app.database.reading() as reading:
        return [uow.connection.file for uow in (writing, reading) if isinstance(uow.connection, NearConnection)]


async def _scans(day: Day, statements: set[str]) -> frozenset[str]:
    """The tables that SQLite's plan for a statement reads from end to end, those that stay small left out."""
    scanned = set()
    _, file = await _files(day)
    file.set_trace_callback(None)
    for sql in statements:
        if sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
            for row in file.execute(f"EXPLAIN QUERY PLAN {sql}"):
                detail = str(row[3])
                if detail.startswith("SCAN ") and "USING" not in detail:
                    scanned.add(detail.split()[1])
    return frozenset(scanned & set(metadata.tables) - SMALL)


async def _record_of(day: Day, message: str) -> str:
    async with day.app.database.reading() as uow:
        post = await uow.posts.find("slack", "T1", "C-team", message)
    assert post
    return post.record


async def _time_post(day: Day, intent: Intent) -> float:
    began = time.process_time()
    async with day.app.database.reading() as uow:
        entry = day.app.house.registry.posts[intent.kind]
        await entry.build(Desk(uow, day.now, day.app.house), intent)
    return 1000 * (time.process_time() - began)


async def _time_command(day: Day, words: str) -> float:
    began = time.process_time()
    await day.mina.types(words)
    return 1000 * (time.process_time() - began)
