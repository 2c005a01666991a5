"""A destruction that is cut off, at any point and as often as may be, is carried through; and what was copied before it
cannot be read with the keys that are left."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app import build_app
from bot.disposal import SETTLES
from bot.ports import NotSent, Unsure
from storage.errors import KeyDestroyed, Unreadable
from storage.keys import KeyStore, Seal, make_master_key
from storage.keys_backup import held_in
from storage.outbox import OutboxStore
from storage.records import Address, ChallengeId, Disposal, DisposalStep, Intent, OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.completeness.town import copy_database
from tests.fieldwork.day import LONDON, TEAM_CHANNEL, WORKSPACE, Day, a_day
from tests.fieldwork.disposal.conftest import CHART, SECRET, SOURCE, live_through
from tests.fieldwork.disposal.test_destroying import OTHERS, asks, confirms, disposal_of

REASON = "saddleback"
STRIDE = 4  # from one commit to the next that is tried; 1 tries them all
CANARIES = (SECRET, SOURCE, CHART, REASON, "Okafor", "Nair", "D-priya")


class Killed(BaseException):
    """The process ends here. Nothing handles it but whoever keeps the process."""


@contextmanager
def killed_at(commit: int, *, after: bool) -> Iterator[list[int]]:
    """The process ends at that commit (counted from 0), before it is done or just after. The commit at which it ended
    is in the list."""
    real, many, ended = UnitOfWork.commit, count(), list[int]()

    async def commit_or_end(self: UnitOfWork) -> None:
        number = next(many)
        if number < commit or after:
            await real(self)
        if number >= commit:
            ended.append(number)
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UnitOfWork, "commit", commit_or_end)
        yield ended


async def starts_again(day: Day) -> None:
    """Another process over the same files, some minutes later. What the last one was sending may have arrived."""
    old = day.app
    await old.database.close()
    keys = KeyStore(old.settings.keys_database, make_master_key(old.settings.master_key_file))
    keys.prepare(day.now)
    day.app = build_app(old.settings, day.clock, keys=keys, pace=timedelta(0))
    day.app.porters["slack"] = day.platform
    await day.app.delivery.recover()
    day.clock.move_to(day.now + timedelta(minutes=3))


@asynccontextmanager
async def confirmed(folder: Path, url: str = "") -> AsyncIterator[Day]:
    """A visit whose destruction has been confirmed, and not begun."""
    async with a_day(folder, start=datetime(2026, 12, 4, 9, 58, tzinfo=LONDON), url=url) as day:
        await live_through(day)
        await day.mina.types(f"challenge hold A {REASON} was received")
        await day.mina.types(f"challenge unhold The {REASON} was answered")
        await asks(day, reason=f"The {REASON} asked for it")
        await confirms(day)
        try:
            yield day
        finally:
            await day.app.database.close()


async def is_done(day: Day) -> bool:
    disposal = await disposal_of(day)
    return disposal is not None and disposal.next_step is None


async def carry_on(day: Day) -> None:
    """Go on as far as this process lives: destroy, tell the others, and forget how they were reached."""
    with suppress(Killed):
        for _ in range(2):
            await day.app.delivery.reconcile()
            await day.app.scheduler.disposer.go_on()
            await day.app.delivery.drain()
            day.clock.move_to(day.now + SETTLES)
    if calls := set(day.app.delivery._going):
        await asyncio.wait(calls)  # what has left the process arrives, whatever becomes of it


async def count_of_commits(folder: Path) -> int:
    real, many = UnitOfWork.commit, [0]

    async def counted(self: UnitOfWork) -> None:
        many[0] += 1
        await real(self)

    async with confirmed(folder) as day:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(UnitOfWork, "commit", counted)
            await carry_on(day)
        assert await is_done(day)
    return many[0]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_killed_at_each_commit_it_is_carried_through_by_the_next_process(tmp_path: Path, after: bool) -> None:
    """At commits all along an undisturbed destruction, each time on a copy of the same confirmed visit."""
    folder = tmp_path / "first"
    folder.mkdir()
    commits = await count_of_commits(folder)
    assert commits > 2 * len(DisposalStep)
    kept = tmp_path / "kept"
    kept.mkdir()
    (tmp_path / "life").mkdir()
    async with confirmed(tmp_path / "life") as day:
        shown = list(day.platform.shown)
        begun = day.now
        for name in ("baseroom.db", "keys.db"):
            copy_database(tmp_path / "life" / name, kept / name)
        for commit in range(int(after), commits, STRIDE):
            day.platform.shown[:] = shown
            await day.app.database.close()
            for name in ("baseroom.db", "keys.db"):
                copy_database(kept / name, tmp_path / "life" / name)
            day.clock.move_to(begun)
            await starts_again(day)
            with killed_at(commit, after=after) as ended:
                await carry_on(day)
            assert ended == [commit] or await is_done(day), commit
            await starts_again(day)
            await day.pass_time(minutes=2)
            assert await is_done(day), commit
            assert [type(post.content).__name__ for post in day.platform.shown].count("File") == 2, commit
            assert [len(day.people[handle].posts) for handle in OTHERS] == [1] * len(OTHERS), commit
            with pytest.raises(KeyDestroyed):
                day.app.database.keys.of(day.challenge.id)  # type: ignore[union-attr]  # opened above


@pytest.mark.parametrize("seed", range(3))
async def test_killed_again_and_again_on_either_database_it_ends(tmp_path: Path, migrated_url: str, seed: int) -> None:
    """With PostgreSQL the dead are missed at once, as if each lease had been over."""
    chance = random.Random(seed)
    url = "" if migrated_url.startswith("sqlite") else migrated_url
    lives = 0
    async with confirmed(tmp_path, url) as day:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("storage.outbox.LEASE", timedelta(0))
            while not await is_done(day):
                lives += 1
                assert lives < 500, "it does not come to its end"
                with killed_at(chance.randrange(2, 6), after=chance.random() < 0.5):
                    await carry_on(day)
                await starts_again(day)
        await day.settle()
        assert lives > 3
        assert "Certificate of destruction" in day.mina.sees
        assert ("written over by PostgreSQL" in day.mina.sees) is bool(url)
        async with day.app.database.engine.connect() as connection:
            left = await connection.execute(text("SELECT count(*) FROM findings"))
            assert left.scalar_one() == 0


async def test_a_key_deleted_and_a_backup_not_yet_rewritten_is_mended(tmp_path: Path) -> None:
    async with confirmed(tmp_path) as day:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(KeyStore, "back_up", lambda _self: (_ for _ in ()).throw(Killed()))
            await carry_on(day)
            assert not await is_done(day)
        assert day.challenge
        assert day.challenge.id in names_in(tmp_path / "keys.db.backup")
        await starts_again(day)
        await day.pass_time(minutes=1)
        assert await is_done(day)
        assert day.challenge.id not in names_in(tmp_path / "keys.db.backup")
        disposal = await disposal_of(day)
        assert disposal
        assert len(disposal.tally.fingerprint) == 16


def names_in(backup: Path) -> set[str]:
    return set(held_in(backup, lambda _name, wrapped: wrapped))


async def test_a_platform_that_is_slow_or_silent_is_asked_again(tmp_path: Path) -> None:
    async with confirmed(tmp_path) as day:
        day.platform.raises += [NotSent("rate limited", timedelta(seconds=30)), Unsure("timeout")]
        await day.settle()
        disposal = await disposal_of(day)
        assert disposal
        assert disposal.next_step is DisposalStep.POSTS
        await day.pass_time(minutes=2)
        assert await is_done(day)


async def test_a_post_that_nobody_can_tell_of_holds_nothing_up_once_the_key_is_gone(tmp_path: Path) -> None:
    """Teams cannot say whether it arrived, and there is nobody left who could be asked."""
    async with confirmed(tmp_path) as day:
        assert day.challenge
        day.platform.keeps_keys = False
        async with day.app.database.begin() as uow:
            to = Address("slack", WORKSPACE, TEAM_CHANNEL)
            await uow.outbox.add(
                Intent("notice", to, challenge_id=day.challenge.id, params={"text": "A word"}), day.now
            )
            await uow.commit()
        day.platform.raises.append(Unsure("timeout"))
        await day.app.delivery.drain()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(day.platform, "delete", not_now)
            with pytest.MonkeyPatch.context() as cut_off:
                cut_off.setattr(OutboxStore, "take_unsure", nothing_yet)
                await day.pass_time(minutes=11)
            disposal = await disposal_of(day)
            assert disposal
            assert disposal.next_step is DisposalStep.POSTS
            await day.settle()
            await day.zed.says("help")
            assert "You are on no peer challenge" in day.zed.sees
            async with day.app.database.reading() as uow:
                assert (await uow.health.now(day.now)).outbox == {}
        await day.pass_time(hours=2)
        assert await is_done(day)


async def not_now(*_args: object) -> None:
    raise NotSent("rate limited", timedelta(hours=1))


async def nothing_yet(*_args: object) -> list[OutboxRow]:
    return []


async def confirmed_besides(day: Day) -> ChallengeId:
    """Another visit of the same people, whose destruction is confirmed after the first."""
    first, members = day.challenge, dict(day.members)
    other = await day.open_challenge(host="Otherton ICS")
    day.challenge, day.members = first, members
    async with day.app.database.begin() as uow:
        mina, ruth = [await uow.accounts.find("slack", WORKSPACE, handle) for handle in ("mina", "ruth")]
        assert mina
        assert ruth
        later = day.now + timedelta(seconds=1)
        await uow.disposals.ask(Disposal(other.id, mina.id, "Peer challenge manager, MO", later))
        await uow.disposals.confirm(other.id, ruth.id, named="Lead peer, RC", at=later)
        await uow.commit()
    day.clock.move_to(later)
    return other.id


async def test_one_that_fails_is_tried_again_and_holds_up_no_other(tmp_path: Path) -> None:
    async with confirmed(tmp_path) as day:
        other = await confirmed_besides(day)
        day.platform.raises.append(RuntimeError(f"{SECRET} in the words of an error"))
        with capture_logs() as logs:
            await carry_on(day)
        assert not await is_done(day)
        async with day.app.database.reading() as uow:
            assert (await uow.disposals.get(other)).is_certified
        assert [line["error"] for line in logs if line["event"] == "a destruction waits"] == ["RuntimeError"]
        assert SECRET not in str(logs)
        await day.pass_time(minutes=2)
        assert await is_done(day)


# ---------------------------------------------------------------- what was copied before


def opens(backup: Path, seals: dict[str, Seal]) -> int:
    """How many sealed texts of a copy of the database any of these keys opens."""
    many = 0
    with closing(sqlite3.connect(backup)) as connection:
        connection.row_factory = sqlite3.Row
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f"SELECT * FROM {table}").fetchall():
                sealed = [name for name in row.keys() if name.endswith("_sealed") and row[name]]  # noqa: SIM118  # of a Row
                many += sum(_opens(row, table, name, seal) for name in sealed for seal in seals.values())
    return many


def _opens(row: sqlite3.Row, table: str, sealed: str, seal: Seal) -> bool:
    version = row["version"] if "version" in row.keys() else 0  # noqa: SIM118  # a Row is no dict
    rows = [str(row[name]) for name in row.keys() if name in ("id", "seq", "challenge_id")]  # noqa: SIM118  # nor here
    for about in rows:
        for number in {0, version}:
            try:
                seal.open(row[sealed], table=table, column=sealed.removesuffix("_sealed"), row=about, version=number)
            except Unreadable:
                continue
            return True
    return False


def seals_in(keys: Path, master: Path) -> dict[str, Seal]:
    store = KeyStore(f"sqlite:///{keys}", make_master_key(master))
    found = {name: Seal(name, key) for name, key in store._held().items()}
    store.close()
    return found


async def test_a_backup_of_the_data_restored_with_todays_keys_opens_nothing(tmp_path: Path) -> None:
    backup, old_keys, master = tmp_path / "backup.db", tmp_path / "old_keys.db", tmp_path / "master.key"
    async with confirmed(tmp_path) as day:
        await day.priya.says("sumary")  # words that belong to no challenge stand under the key of their day
        copy_database(tmp_path / "baseroom.db", backup)
        copy_database(tmp_path / "keys.db", old_keys)
        assert opens(backup, seals_in(old_keys, master)) > 8
        await day.settle()
        await day.pass_time(days=8, hours=2)
        assert opens(backup, seals_in(tmp_path / "keys.db", master)) == 0
        assert opens(backup, seals_in(tmp_path / "keys.db.backup", master)) == 0


def left_in(folder: Path) -> set[str]:
    """Which canaries stand in any file: database, log, keys, backup or whatever else lies there."""
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    return {word for word in CANARIES if word.encode() in content}


async def test_none_of_its_words_are_left_in_any_file_or_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    with capture_logs() as logs:
        async with confirmed(tmp_path) as day:
            assert left_in(tmp_path) >= {CHART, "D-priya"}  # these two stand in clear
            await day.settle()
            assert left_in(tmp_path) == {"D-priya"}, "where she is told that it is destroyed"
            await day.pass_time(minutes=1)
            assert await is_done(day)
            assert left_in(tmp_path) == set()
    ours = [*map(str, logs), *(record.getMessage() for record in caplog.records if record.name.startswith("baseroom"))]
    said = "\n".join([*ours, *capfd.readouterr()])
    assert "a destruction is done" in said
    assert [word for word in CANARIES[:-1] if word in said] == []
