"""The master key and the database: what is missing, wrong, old, new or taken is said in a sentence."""

import shutil
import sqlite3
import stat
from pathlib import Path

import psycopg
import pytest

from storage.lock import only_process
from tests.bot.conftest import Installation

MASTER, KEYS, BACKUP = Path("var/master.key"), Path("var/keys.db"), Path("var/keys.db.backup")


def test_migrate_makes_a_master_key_that_only_its_owner_can_read(installation: Installation) -> None:
    said = installation.runs("migrate")
    assert "Back it up apart from the database" in said.output
    assert stat.S_IMODE(MASTER.stat().st_mode) == 0o600
    assert len(bytes.fromhex(MASTER.read_text())) == 32


def test_migrate_may_be_run_again_and_keeps_the_key(installed: Installation) -> None:
    before = MASTER.read_text()
    said = installed.runs("migrate")
    assert said.exit_code == 0
    assert "new master key" not in said.output
    assert MASTER.read_text() == before


@pytest.mark.parametrize("content", ["", "not hexadecimal", "abcd"])
def test_a_master_key_file_that_holds_no_key_is_named(installed: Installation, content: str) -> None:
    MASTER.write_text(content)
    for command in ("migrate", "export Anyshire"):
        said = installed.refuses(*command.split())
        assert "var/master.key" in said
        assert "64 hexadecimal digits" in said


def test_a_master_key_of_another_installation_opens_nothing(installed: Installation) -> None:
    installed.set(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    MASTER.write_text("ab" * 32)
    for command in ("export Anyshire", "migrate", "serve", "keys rotate", "keys give-up Anyshire"):
        said = installed.refuses(*command.split())
        assert "var/master.key" in said
        assert "belongs to another installation" in said
    assert not MASTER.with_name("master.key.next").exists()


def test_a_master_key_that_is_gone_is_asked_for(installed: Installation) -> None:
    MASTER.unlink()
    said = installed.refuses("export", "Anyshire")
    assert "var/master.key cannot be read" in said
    assert "backup" in said


def test_migrate_never_makes_a_new_key_for_an_old_installation(installed: Installation) -> None:
    MASTER.unlink()
    installed.refuses("migrate")
    assert not MASTER.exists()


def test_a_challenge_that_lacks_no_key_is_not_given_up(installed: Installation) -> None:
    assert "Nothing was deleted" in installed.refuses("keys", "give-up", "Anyshire ICS")


@pytest.mark.parametrize("left", [None, b""])
@pytest.mark.parametrize("command", ["migrate", "serve", "audit verify", "keys rotate", "keys give-up Anyshire"])
def test_a_lost_key_database_is_asked_for_and_its_backup_let_be(
    installed: Installation, command: str, left: bytes | None
) -> None:
    installed.set(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    before = BACKUP.read_bytes()
    KEYS.unlink()
    if left is not None:
        KEYS.write_bytes(left)
    assert "cp var/keys.db.backup var/keys.db" in installed.refuses(*command.split())
    assert BACKUP.read_bytes() == before
    shutil.copy(BACKUP, KEYS)
    assert installed.runs("audit", "verify").exit_code == 0


def test_a_folder_that_cannot_be_made_is_named(installation: Installation) -> None:
    (installation.folder / "var").write_text("a file where the folder should be")
    assert "var" in installation.refuses("migrate")


def test_a_database_that_was_never_made_asks_for_migrate(installed: Installation) -> None:
    installed.set(BASEROOM_DATABASE_URL="sqlite:///var/other.db")
    assert "Run: baseroom migrate" in installed.refuses("export", "Anyshire")


def test_a_database_of_a_newer_version_is_left_alone(installed: Installation) -> None:
    with sqlite3.connect("var/baseroom.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'from_tomorrow'")
    database.close()
    assert "newer Baseroom" in installed.refuses("export", "Anyshire")
    assert "newer Baseroom" in installed.refuses("migrate")


def test_a_second_process_on_the_same_file_is_refused(installed: Installation) -> None:
    installed.set(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    with only_process("sqlite+aiosqlite:///var/baseroom.db"):
        for command in ("serve", "migrate"):
            assert "already using this database file" in installed.refuses(command)


@pytest.mark.parametrize("missing", ["everything", "the keys", "the database"])
@pytest.mark.parametrize("command", ["doctor", "audit verify"])
def test_whoever_only_looks_makes_nothing(installation: Installation, command: str, missing: str) -> None:
    if missing != "everything":
        assert installation.runs("migrate").exit_code == 0
    if missing == "the keys":
        KEYS.unlink()
        BACKUP.unlink()
    if missing == "the database":
        installation.set(
            BASEROOM_DATABASE_URL="sqlite:///elsewhere/baseroom.db", BASEROOM_KEYS_URL="sqlite:///var/keys.db"
        )
    before = files_in(installation)
    assert "baseroom migrate" in installation.refuses(*command.split())
    assert files_in(installation) == before


def files_in(installation: Installation) -> list[Path]:
    return sorted(installation.folder.rglob("*"))


def test_a_workbook_of_nobody_is_not_written(installed: Installation) -> None:
    said = installed.refuses("export", "Anyshire")
    assert "No challenge fits “Anyshire”" in said
    assert not Path("baseroom.xlsx").exists()


def test_a_database_that_is_not_in_utf_8_is_refused_before_anything_is_written(
    installed: Installation, ascii_url: str
) -> None:
    """People type in every script; what a cluster without a language makes would keep bytes, and count them."""
    installed.set(BASEROOM_DATABASE_URL=ascii_url, BASEROOM_KEYS_URL=f"sqlite:///{KEYS}")
    said = installed.refuses("migrate")
    assert "is in SQL_ASCII" in said
    assert "createdb --encoding=UTF8" in said
    with psycopg.connect(ascii_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_keys_are_kept_whatever_the_encoding_of_their_database(
    installation: Installation, ascii_url: str, postgres_url: str
) -> None:
    installation.set(BASEROOM_DATABASE_URL=postgres_url, BASEROOM_KEYS_URL=ascii_url)
    assert installation.runs("migrate").exit_code == 0
    assert installation.runs("keys", "rotate").exit_code == 0
