"""A copy of the database from before a destruction is put back: what was destroyed goes again, the rest works on."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from bot.backing_up import back_up
from bot.clock import SystemClock
from bot.restoring import HasItsKey, StillHeld
from bot.serve import opened
from bot.settings import Settings
from bot.upkeep import give_challenge_up, migrate_database
from storage.errors import KeysMissing
from storage.records import AccountId, ChallengeId, Disposal, Hold, HoldId
from storage.unit_of_work import Database, UnitOfWork
from tests.fieldwork.day import LONDON, Day, a_day
from tests.slack.test_after_an_outage import catch_up_of
from tests.slack.world import a_slack_day

START = datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)
LATER = datetime(2026, 11, 24, 14, 0, tzinfo=LONDON)


async def backed_up_and_destroyed(folder: Path) -> Day:
    """Anyshire has a finding, the same team goes on to Otherton, a backup is made, and then Anyshire is destroyed."""
    async with a_day(folder, start=START) as day:
        anyshire = await day.open_challenge()
        await day.priya.says("Frontline staff describe the vision in their own words #vision")
        await day.open_challenge(host="Otherton ICS")
        await day.pass_time(hours=1, minutes=1)
        back_up(day.app.settings, folder / "backups", day.now, say=print)
        day.app.database.keys.destroy(anyshire.id)
    return day


async def put_back(settings: Settings, folder: Path) -> str:
    """As the README says: away with the database, the copy in its place, `baseroom migrate`; returns what that says."""
    exchange(folder)
    return await migrated(settings)


def exchange(folder: Path) -> None:
    for file in folder.glob("baseroom.db*"):
        file.unlink()
    [backup] = (folder / "backups").iterdir()
    shutil.copy(backup, folder / "baseroom.db")


async def migrated(settings: Settings) -> str:
    said: list[str] = []
    await migrate_database(settings, say=said.append)
    return "\n".join(said)


async def left_in(settings: Settings) -> dict[str, int]:
    """How many findings each challenge has that was not destroyed."""
    async with opened(settings, SystemClock()) as app:
        return await left_standing(app.database)


async def left_standing(database: Database) -> dict[str, int]:
    async with database.reading() as uow:
        standing = [one for one in await uow.challenges.all() if one.destroyed_at is None]
        return {one.host: (await uow.disposals.count(one.id)).findings for one in standing}


async def test_before_migrate_the_copy_is_not_taken_for_the_database(tmp_path: Path) -> None:
    day = await backed_up_and_destroyed(tmp_path)
    exchange(tmp_path)
    with pytest.raises(
        KeysMissing, match=r"^Anyshire ICS stands in .*/baseroom\.db and has no key in .* run: baseroom migrate"
    ):
        await left_in(day.app.settings)
    await migrated(day.app.settings)
    assert await left_in(day.app.settings) == {"Otherton ICS": 0}


async def test_a_destruction_that_was_cut_off_after_its_key_is_gone_on_with(tmp_path: Path) -> None:
    async with a_day(tmp_path, start=START) as day:
        anyshire = await day.open_challenge()
        async with day.app.database.begin() as uow:
            await uow.disposals.ask(Disposal(anyshire.id, AccountId("a1"), "Challenge manager, MO", day.now))
            await uow.disposals.confirm(anyshire.id, AccountId("a2"), named="Lead peer, RC", at=day.now)
            await uow.commit()
        day.app.database.keys.destroy(anyshire.id)
    async with opened(day.app.settings, SystemClock()) as app, app.database.reading() as uow:
        assert await uow.disposals.due(day.now) == [anyshire.id]


async def test_what_was_destroyed_since_the_copy_is_deleted_from_it_again_and_named(tmp_path: Path) -> None:
    day = await backed_up_and_destroyed(tmp_path)
    said = await put_back(day.app.settings, tmp_path)
    assert "Anyshire ICS" in said
    assert "Otherton" not in said
    assert await left_in(day.app.settings) == {"Otherton ICS": 0}
    assert "Anyshire" not in await migrated(day.app.settings)


async def test_the_team_works_on_in_its_other_challenge(tmp_path: Path) -> None:
    day = await backed_up_and_destroyed(tmp_path)
    await put_back(day.app.settings, tmp_path)
    async with a_day(tmp_path, start=LATER, url=day.app.settings.database_url) as day:
        day._ids = count(1000)  # as the platform would: no message has the id of an earlier one
        await day.priya.says("The board meets in public #governance")
        assert "#1 saved" in day.priya.sees
        await day.mina.says("challenge")
        assert "Otherton ICS" in day.mina.sees
        await day.pass_time(hours=1, minutes=1)


async def test_what_was_said_on_slack_since_the_copy_is_read_back(tmp_path: Path) -> None:
    """As after an outage that began with the copy: what the copy does not hold is logged anew, once."""
    async with a_slack_day(tmp_path, "http") as day:
        await day.open_challenge()
        await day.after(day.priya.dm("Staff describe the vision alike #vision"))
        await (await catch_up_of(day)).attend()
        copy = back_up(day.app.settings, tmp_path / "backups", day.clock.now(), say=print)
        await day.pass_time(minutes=10)
        await day.after(day.priya.dm("Carers wait too long"))
        await day.pass_time(minutes=10)
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(tmp_path / "baseroom.db")) as target:
            source.backup(target)
        assert [finding.text for finding in await day.wall()] == ["Staff describe the vision alike #vision"]
        for _ in range(2):
            await (await catch_up_of(day)).attend()
            await day.pass_time(minutes=10)
        assert [finding.text for finding in await day.wall()] == [
            "Staff describe the vision alike #vision",
            "Carers wait too long",
        ]


async def test_keys_that_were_lost_are_no_destruction(tmp_path: Path) -> None:
    """An empty key database in the place of the real one knows of no destruction: nothing may be deleted for it."""
    day = await backed_up_and_destroyed(tmp_path)
    lose_keys(tmp_path)
    with pytest.raises(KeysMissing, match=r"^Anyshire ICS, Otherton ICS stand in .* put the right keys back"):
        await put_back(day.app.settings, tmp_path)
    database = Database(day.app.settings.database_url, day.app.database.keys)
    assert await left_standing(database) == {"Anyshire ICS": 1, "Otherton ICS": 0}
    await database.close()


async def test_a_challenge_whose_key_is_lost_for_good_is_given_up_by_its_name_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    settings = await settings_without_the_key_of_anyshire(tmp_path)
    with pytest.raises(
        KeysMissing, match=r"^Anyshire ICS stands in .* give that challenge up: baseroom keys give-up HOST"
    ):
        await migrated(settings)
    with pytest.raises(HasItsKey):
        await given_up(settings, "Otherton ICS")
    with pytest.raises(HasItsKey):
        await given_up(settings, "Anyshire")
    assert "Anyshire ICS is given up" in await given_up(settings, "Anyshire ICS")
    await migrated(settings)
    assert await left_in(settings) == {"Otherton ICS": 0}
    async with opened(settings, SystemClock()) as app, app.database.reading() as uow:
        acts = [entry.action for entry in await uow.audit.of_challenge(await id_of(uow, "Anyshire ICS"))]
    assert acts[-1] == "challenge.given_up"


async def test_under_a_hold_a_challenge_is_given_up_only_when_a_copy_is_kept(tmp_path: Path) -> None:
    settings = await settings_without_the_key_of_anyshire(tmp_path, hold="A request for information")
    with pytest.raises(StillHeld, match="copy of the database"):
        await given_up(settings, "Anyshire ICS")
    with pytest.raises(KeysMissing):
        await migrated(settings)
    assert "Anyshire ICS is given up" in await given_up(settings, "Anyshire ICS", copy_is_safe=True)
    assert await left_in(settings) == {"Otherton ICS": 0}


async def settings_without_the_key_of_anyshire(folder: Path, hold: str = "") -> Settings:
    """An older key database, from when only Otherton was there, stands in the place of the real one."""
    async with a_day(folder, start=START) as day:
        await day.open_challenge(host="Otherton ICS")
        shutil.copy(folder / "keys.db", folder / "older.db")
        anyshire = await day.open_challenge()
        if hold:
            async with day.app.database.begin() as uow:
                [mina, *_] = await uow.members.of_challenge(anyshire.id)
                await uow.keeping.place(Hold(HoldId("h1"), anyshire.id, hold, mina.id, day.now))
                await uow.commit()
    lose_keys(folder)
    shutil.copy(folder / "older.db", folder / "keys.db")
    return day.app.settings


async def given_up(settings: Settings, host: str, *, copy_is_safe: bool = False) -> str:
    said: list[str] = []
    await give_challenge_up(settings, host, copy_is_safe=copy_is_safe, say=said.append)
    return "\n".join(said)


async def id_of(uow: UnitOfWork, host: str) -> ChallengeId:
    [challenge] = [one for one in await uow.challenges.all() if one.host == host]
    return challenge.id


def lose_keys(folder: Path) -> None:
    for file in folder.glob("keys.db*"):
        file.unlink()
