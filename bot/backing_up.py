"""`baseroom backup`: a copy of the database while Baseroom runs, tried before it counts; and how old the newest one is.

The keys are not in it. They have one backup of their own beside them, written anew whenever a key is made or destroyed:
an old copy of both together would bring back what was destroyed (RELIABILITY, 'Secrets').
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.found import Found
from bot.settings import CannotStart, Settings
from storage.flushing import flush
from storage.urls import file_of, for_postgresqls_programs

Say = Callable[[str], None]

STAMP = "%Y-%m-%dT%H%M%SZ"
SQLITES, POSTGRESQLS = ".db", ".dump"
STALE = timedelta(days=2)


class NotBackedUp(CannotStart):
    """There is no new backup; the message says why, and what to do. Older ones are as they were."""


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    made_at: datetime


def back_up(settings: Settings, folder: Path, now: datetime, *, say: Say) -> Path:
    """Write and try a new backup in `folder`, then delete those older than BASEROOM_BACKUP_DAYS. It may run beside a
    serving process. Raises `NotBackedUp`."""
    file = file_of(settings.database_url)
    path = folder / f"baseroom-{now.astimezone(UTC).strftime(STAMP)}{SQLITES if file else POSTGRESQLS}"
    unfinished = path.with_suffix(".unfinished")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished.touch(mode=0o600)
        if file:
            _copy_sqlite(file, unfinished)
        else:
            _dump_postgresql(settings.database_url, unfinished)
        flush(unfinished)
        unfinished.replace(path)
        flush(folder)
    except (OSError, sqlite3.Error) as exc:
        unfinished.unlink(missing_ok=True)
        raise NotBackedUp(f"No backup was written to {folder}: {exc}. Older backups are as they were.") from exc
    say(f"Written and tried: {path}")
    for old in _too_old(backups_in(folder), settings.backup_days, now):
        old.path.unlink()
        say(f"Deleted, as it is older than {settings.backup_days} days: {old.path}")
    return path


def backups_in(folder: Path) -> Sequence[Backup]:
    """The backups there, oldest first. Files of other names are let alone."""
    found = []
    for path in folder.glob("baseroom-*"):
        try:
            made_at = datetime.strptime(path.stem.removeprefix("baseroom-"), STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        if path.suffix in (SQLITES, POSTGRESQLS):
            found.append(Backup(path, made_at))
    return sorted(found, key=lambda backup: backup.made_at)


def check_backups(folder: Path, now: datetime) -> Found:
    """How old the newest backup is: a line of `baseroom doctor`."""
    backups = backups_in(folder)
    if not backups:
        return Found("Backup", False, f"there is none in {folder}. Run: baseroom backup, once a day.")
    age = now - backups[-1].made_at
    hours = int(age.total_seconds() // 3600)
    words = f"the last is {hours} hours old ({backups[-1].path.name})"
    return Found("Backup", age <= STALE, words if age <= STALE else f"{words}. Run: baseroom backup, once a day.")


def _too_old(backups: Sequence[Backup], days: int | None, now: datetime) -> list[Backup]:
    """Never the newest: a clock that is wrong must not delete the last one."""
    if days is None:
        return []
    return [backup for backup in backups[:-1] if now - backup.made_at > timedelta(days=days)]


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online backup: one moment of the database, whatever is written meanwhile."""
    if not source.exists():
        raise NotBackedUp(f"There is no database at {source}. Run: baseroom migrate")
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")
        verdict = writing.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise NotBackedUp(f"The copy is damaged ({verdict}): the database itself may be. Run: baseroom doctor")


def _dump_postgresql(database: str, target: Path) -> None:
    """pg_dump's own format, which pg_restore reads. The password goes by the environment: `ps` does not show it. No
    setting can be taken for an option: the file begins with a slash, the address stands behind `--dbname=`."""
    if shutil.which("pg_dump") is None or shutil.which("pg_restore") is None:
        raise NotBackedUp("pg_dump and pg_restore are not installed: they come with PostgreSQL's client programs.")
    file = target.absolute()
    address, password = for_postgresqls_programs(database)
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    dump = ["pg_dump", "--format=custom", f"--file={file}", f"--dbname={address}"]
    for command in (dump, ["pg_restore", "--list", str(file)]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # a list, so no shell reads it; its words are ours and the operator's
        if done.returncode:
            raise NotBackedUp(f"{command[0]} failed: {done.stderr.strip()}")
