"""The two replicas of manifests/compose.yaml are Baseroom as it is: its settings, its commands, its doors.

There is no Docker where the tests run; the replicas themselves are played in tests/chaos, on a real PostgreSQL.
"""

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.serve import web_application
from bot.settings import Settings, read_settings
from storage.outbox import LEASE
from tests.fieldwork.day import LONDON, a_day
from tests.fixtures.shared import REPOSITORY

FILE = REPOSITORY / "manifests" / "compose.yaml"
GIVEN = {
    "BASEROOM_IMAGE": "baseroom:1",
    "BASEROOM_DATABASE_PASSWORD": "d4ta",
    "BASEROOM_KEYS_PASSWORD": "k3ys",
    "BASEROOM_MASTER_KEY": "/secure/master.key",
}
TAKEN = re.compile(r"\$\{(?P<name>\w+)(?::(?P<how>[-?])(?P<word>[^}]*))?\}")


@cache
def composed() -> dict[str, Any]:
    """The file as Compose reads it with `GIVEN` in the environment: `${NAME:?}` must be given, `${NAME:-}` may be."""
    return yaml.safe_load(TAKEN.sub(_taken, FILE.read_text(encoding="utf-8")))


def _taken(match: re.Match[str]) -> str:
    if match["how"] == "?":
        return GIVEN[match["name"]]
    return GIVEN.get(match["name"], match["word"] or "")


def environment() -> dict[str, str]:
    return {name: str(value or "") for name, value in composed()["services"]["replica"]["environment"].items()}


def seconds(written: str) -> timedelta:
    return timedelta(seconds=int(written.removesuffix("s")))


def test_every_setting_of_the_replicas_is_one_that_baseroom_reads() -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert set(environment()) - known == set()
    passed_on = {match["name"] for match in TAKEN.finditer(FILE.read_text(encoding="utf-8"))} - set(GIVEN)
    assert passed_on - known == set()


def test_baseroom_takes_the_settings_and_keeps_the_keys_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.database_url == "postgresql+psycopg://baseroom:d4ta@data/baseroom"
    assert settings.keys_database == "postgresql+psycopg://baseroom:k3ys@keys/keys"
    assert settings.master_key_file.as_posix() == "/run/secrets/master_key"


def test_the_addresses_name_the_databases_that_are_started() -> None:
    for name, address in (("data", "BASEROOM_DATABASE_URL"), ("keys", "BASEROOM_KEYS_URL")):
        made = composed()["services"][name]["environment"]
        expected = f"postgresql://{made['POSTGRES_USER']}:{made['POSTGRES_PASSWORD']}@{name}/{made['POSTGRES_DB']}"
        assert environment()[address] == expected


def test_what_is_named_is_there() -> None:
    """A volume or a secret that is used and not declared is refused by Compose; one that is not used is forgotten."""
    services = composed()["services"].values()
    mounted = {volume.partition(":")[0] for service in services for volume in service.get("volumes", [])}
    assert mounted == set(composed()["volumes"])
    assert {name for service in services for name in service.get("secrets", [])} == set(composed()["secrets"])
    waited_for = {name for service in services for name in service.get("depends_on", {})}
    assert waited_for <= set(composed()["services"])


@pytest.mark.parametrize("service", ["migrate", "replica"])
def test_what_the_containers_run_is_a_command_of_baseroom(service: str) -> None:
    program, *command = composed()["services"][service]["command"]
    assert program == "baseroom"
    assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0


async def test_a_replica_is_asked_whether_it_can_be_used_at_a_door_that_it_has(tmp_path: Path) -> None:
    replica = composed()["services"]["replica"]
    [address] = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", replica["healthcheck"]["test"][-1])
    async with a_day(tmp_path, start=datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)) as day:
        doors = {resource.canonical for resource in web_application(day.app, ()).router.resources()}
    assert address[1] in doors
    assert replica["expose"] == [address[0]] == [str(Settings.model_fields["port"].default)]


def test_there_are_two_and_a_stopped_one_has_as_long_as_its_claims_last() -> None:
    replica = composed()["services"]["replica"]
    assert replica["deploy"]["replicas"] == 2
    assert seconds(replica["stop_grace_period"]) >= LEASE
    assert replica["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_what_is_destroyed_in_the_database_of_the_keys_is_in_no_archive() -> None:
    assert {"archive_mode=off", "wal_level=minimal"} <= set(composed()["services"]["keys"]["command"])
