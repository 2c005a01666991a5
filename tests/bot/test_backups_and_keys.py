"""Backups that are tried, a restore that works, and a master key that can be changed."""

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.backing_up import back_up, backups_in, check_backups
from bot.clock import HandClock
from bot.serve import opened
from bot.settings import read_settings
from storage.errors import KeyDestroyed
from storage.keys import KeyStore, read_master_key
from storage.lock import changing_keys, only_process
from tests.bot.conftest import Installation
from tests.fieldwork.day import LONDON, Day, a_day
from tests.fixtures.postgres import Postgres

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MASTER = Path("var/master.key")


def test_a_backup_is_written_tried_and_only_its_owners(installed: Installation) -> None:
    said = installed.runs("backup")
    assert said.exit_code == 0, said.output
    [made] = backups_in(Path("var/backups"))
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.path.name in said.output
    assert not list(Path("var/backups").glob("*.unfinished"))


def test_a_backup_without_a_database_says_what_to_do(installation: Installation) -> None:
    assert "baseroom migrate" in installation.refuses("backup")


def test_a_folder_that_cannot_be_written_is_named_and_older_backups_stay(installed: Installation) -> None:
    installed.runs("backup")
    Path("var/elsewhere").write_text("a file where the folder should be")
    assert "var/elsewhere" in installed.refuses("backup", "--to", "var/elsewhere")
    assert len(backups_in(Path("var/backups"))) == 1


def test_a_damaged_database_makes_no_backup(installed: Installation) -> None:
    database = Path("var/baseroom.db")
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(database.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    database.write_bytes(content)
    installed.refuses("backup")
    assert backups_in(Path("var/backups")) == []


def test_backups_past_their_days_are_deleted_but_never_the_newest(installed: Installation) -> None:
    installed.set(BASEROOM_BACKUP_DAYS="7")
    settings = read_settings()
    folder = settings.backup_folder
    for age in (20, 8, 3):
        back_up(settings, folder, NOW - timedelta(days=age), say=print)
    (folder / "notes.txt").write_text("somebody's own")
    back_up(settings, folder, NOW, say=print)
    assert [(NOW - backup.made_at).days for backup in backups_in(folder)] == [3, 0]
    assert (folder / "notes.txt").exists()
    back_up(settings, folder, NOW - timedelta(days=400), say=print)
    assert backups_in(folder)[-1].made_at == NOW


def test_the_doctor_says_how_old_the_last_backup_is(installed: Installation) -> None:
    settings = read_settings()
    assert "baseroom backup" in check_backups(settings.backup_folder, NOW).words
    back_up(settings, settings.backup_folder, NOW, say=print)
    assert check_backups(settings.backup_folder, NOW + timedelta(hours=30)).words.startswith("the last is 30 hours old")
    assert not check_backups(settings.backup_folder, NOW + timedelta(days=3)).fine


def test_a_fault_of_baseroom_itself_is_one_line_without_the_words_of_the_error(installation: Installation) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("canary words")

    installation.environment.setattr("bot.backing_up.back_up", fail)
    said = installation.runs("backup")
    assert said.exit_code == 1
    assert "Baseroom itself failed (RuntimeError at test_backups_and_keys.py:" in " ".join(said.output.split())
    assert "canary" not in said.output
    assert "Traceback" not in said.output


def put_back(backup: Path, folder: Path) -> None:
    for file in folder.glob("baseroom.db*"):
        file.unlink()
    shutil.copy(backup, folder / "baseroom.db")


async def test_a_backup_taken_in_mid_visit_brings_every_finding_back(tmp_path: Path) -> None:
    """The restore drill of the README: the copy in the place of the database, today's keys beside it."""
    async with a_day(tmp_path, start=datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)) as day:
        await day.open_challenge()
        await day.priya.says("Frontline staff describe the vision in their own words #vision")
        writing = asyncio.create_task(_keep_talking(day))
        made = await asyncio.to_thread(back_up, day.app.settings, tmp_path / "backups", NOW, say=print)
        await writing
        stood = [finding.number for finding in await day.wall()]
    put_back(made, tmp_path)
    async with opened(day.app.settings, HandClock(NOW)) as app, app.database.reading() as uow:
        back = await uow.findings.on_the_wall(day.challenge.id)
    assert back[0].text.startswith("Frontline staff describe the vision")
    assert [finding.number for finding in back] == stood[: len(back)]


async def _keep_talking(day: Day) -> None:
    for number in range(20):
        await day.tom.says(f"Something that was heard at the same time, {number}")


async def test_an_old_backup_of_the_data_opens_nothing_that_was_destroyed(tmp_path: Path) -> None:
    async with a_day(tmp_path, start=datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)) as day:
        await day.open_challenge()
        await day.priya.says("Frontline staff describe the vision in their own words #vision")
        made = back_up(day.app.settings, tmp_path / "backups", NOW, say=print)
        day.app.database.keys.destroy(day.challenge.id)
    put_back(made, tmp_path)
    assert b"Frontline" not in made.read_bytes()
    async with day.app.database.reading() as uow:
        with pytest.raises(KeyDestroyed):
            await uow.findings.on_the_wall(day.challenge.id)
    await day.app.database.close()


# ---------------------------------------------------------------- the master key


def test_a_new_master_key_opens_everything_and_the_old_one_nothing(installed: Installation) -> None:
    old = read_master_key(MASTER)
    settings = read_settings()
    keys = KeyStore(settings.keys_database, old)
    sealed = keys.make("challenge", NOW).close("words", table="t", column="c", row="r")
    keys.close()
    said = installed.runs("keys", "rotate")
    assert "destroy every copy of the old one" in said.output
    assert read_master_key(MASTER) != old
    assert stat.S_IMODE(MASTER.stat().st_mode) == 0o600
    keys = KeyStore(settings.keys_database, read_master_key(MASTER))
    assert keys.of("challenge").open(sealed, table="t", column="c", row="r") == "words"
    keys.close()
    MASTER.write_text(old.hex())
    assert "belongs to another installation" in installed.refuses("export", "Anyshire")


@pytest.mark.parametrize(
    "cut_off", ["as the key was written", "before the keys were wrapped", "after the keys were wrapped"]
)
def test_a_rotation_that_was_cut_off_is_run_again(
    installed: Installation, monkeypatch: pytest.MonkeyPatch, cut_off: str
) -> None:
    class Cut(Exception):
        pass

    def cut(*_args: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        match cut_off.split()[0]:
            case "as":
                patch.setattr("storage.keys.secrets.token_hex", cut)
            case "before":
                patch.setattr(KeyStore, "wrap_anew", cut)
            case _:
                patch.setattr(Path, "replace", cut)
        installed.runs("keys", "rotate")
    if cut_off.startswith("after"):
        installed.set(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
        for command in ("serve", "migrate", "export Anyshire"):
            assert "Run again: baseroom keys rotate" in installed.refuses(*command.split())
    assert installed.runs("keys", "rotate").exit_code == 0
    assert not list(Path("var").glob("master.key.next"))
    assert "No challenge fits" in installed.refuses("export", "Anyshire")


def test_the_key_is_not_changed_under_a_running_baseroom(installed: Installation) -> None:
    before = MASTER.read_text()
    with only_process(read_settings().database_url):
        assert "Stop it first" in installed.refuses("keys", "rotate")
    assert MASTER.read_text() == before


def test_nobody_starts_while_the_key_is_changed(installed: Installation) -> None:
    installed.set(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    with changing_keys(read_settings().keys_database):
        assert "being changed just now" in installed.refuses("serve")


def test_the_new_key_and_its_name_are_on_the_disk_before_the_keys_need_it(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int | str] = []  # which file or folder was flushed, and when the keys were wrapped
    fsync, wrap_anew = os.fsync, KeyStore.wrap_anew

    def flush(handle: int) -> None:
        written.append(os.fstat(handle).st_ino)
        fsync(handle)

    def wrap(keys: KeyStore, master_key: bytes) -> None:
        written.append("wrapping")
        wrap_anew(keys, master_key)
        written.append("wrapped")

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(KeyStore, "wrap_anew", wrap)
    assert installed.runs("keys", "rotate").exit_code == 0
    before, after = written[: written.index("wrapping")], written[written.index("wrapped") :]
    key, folder = MASTER.stat().st_ino, MASTER.parent.stat().st_ino
    assert key in before
    assert folder in before[before.index(key) :]
    assert folder in after


async def test_postgresql_is_backed_up_by_its_own_means_and_restored(
    postgres: Postgres, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{postgres.programs}{os.pathsep}{os.environ['PATH']}")
    async with a_day(tmp_path, start=datetime(2026, 11, 24, 9, 0, tzinfo=LONDON), url=postgres_url) as day:
        await day.open_challenge()
        await day.priya.says("Frontline staff describe the vision in their own words #vision")
        made = await asyncio.to_thread(back_up, day.app.settings, tmp_path / "backups", NOW, say=print)
        await day.priya.says("Said after the backup #vision")
        address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
        await day.app.database.engine.dispose()
        restore = ["pg_restore", "--clean", "--if-exists", f"--dbname={address}", str(made)]
        await asyncio.to_thread(subprocess.run, restore, check=True)
        assert [finding.number for finding in await day.wall()] == [1]


@pytest.fixture
def asked(installation: Installation) -> Path:
    """Programs in the place of PostgreSQL's; in the file stands how they were called, and with which password."""
    file = installation.folder / "asked.txt"
    programs = installation.folder / "programs"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        program = programs / name
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" {name} "$@" "password=$PGPASSWORD" >> {file}\n')
        program.chmod(0o700)
    installation.set(PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")
    return file


def test_an_odd_folder_or_address_is_no_option_of_postgresqls_programs(installation: Installation, asked: Path) -> None:
    settings = read_settings(
        database_url="postgresql://--file=elsewhere@127.0.0.1/--jobs=9", keys_url="sqlite:///keys.db"
    )
    back_up(settings, Path("--clean"), NOW, say=print)
    words = asked.read_text().splitlines()
    assert [word.partition("=")[0] for word in words if word.startswith("-")] == [
        "--format", "--file", "--dbname", "--list",
    ]  # fmt: skip
    assert words[-2].startswith(f"{installation.folder}/--clean/baseroom-")


@pytest.mark.parametrize("address", ["me:canary@127.0.0.1/baseroom", "me@127.0.0.1/baseroom?password=canary"])
def test_the_databases_password_goes_where_ps_does_not_show_it(
    installation: Installation, asked: Path, address: str
) -> None:
    settings = read_settings(database_url=f"postgresql://{address}", keys_url="sqlite:///keys.db")
    back_up(settings, Path("backups"), NOW, say=print)
    assert [word for word in asked.read_text().splitlines() if "canary" in word] == ["password=canary"] * 2


def test_without_postgresqls_programs_it_says_what_is_missing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.set(BASEROOM_DATABASE_URL="postgresql://nobody@127.0.0.1/baseroom", PATH="/nowhere")
    assert "pg_dump and pg_restore are not installed" in installation.refuses("backup")
