"""The Teams app package offers what the handlers answer, asks for little, and is what Teams takes."""

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.app import build_registry
from manifests.teams import PERMISSIONS, teams_manifest, teams_package
from tests.bot.conftest import Installation, installation

__all__ = ["installation"]  # a fixture, lent by the tests of the commands

Json = dict[str, Any]
APP = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def manifest() -> Json:
    return teams_manifest(build_registry(), app_id=APP, public_url="https://baseroom.example/")


def test_it_is_what_the_published_schema_asks_for(manifest: Json, schemas: Path) -> None:
    schema = json.loads((schemas / "teams-manifest-1.22.json").read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft4Validator(schema).iter_errors(manifest)] == []


def test_a_message_action_is_there_for_each_shortcut_of_the_registry(manifest: Json) -> None:
    (extension,) = manifest["composeExtensions"]
    offered = {action["id"]: action["context"] for action in extension["commands"]}
    assert offered == {name: ["message"] for name in build_registry().shortcuts}


def test_every_command_that_it_lists_is_one_that_baseroom_answers(manifest: Json) -> None:
    commands = build_registry().commands
    listed = [command for each in manifest["bots"][0]["commandLists"] for command in each["commands"]]
    assert [one for one in listed if commands[one["title"]].summary != one["description"]] == []
    assert {scope for each in manifest["bots"][0]["commandLists"] for scope in each["scopes"]} == {
        *manifest["bots"][0]["scopes"]
    }


def test_it_asks_for_no_more_than_it_has_reasons_for(manifest: Json) -> None:
    asked = [one["name"] for one in manifest["authorization"]["permissions"]["resourceSpecific"]]
    assert asked == list(PERMISSIONS)
    assert all(PERMISSIONS.values())
    assert manifest["validDomains"] == ["baseroom.example"]


def test_the_package_holds_the_manifest_and_icons_of_the_right_size(manifest: Json) -> None:
    package = zipfile.ZipFile(io.BytesIO(teams_package(manifest)))
    assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
    assert json.loads(package.read("manifest.json")) == manifest
    assert size_of(package.read(manifest["icons"]["color"])) == (192, 192)
    assert size_of(package.read(manifest["icons"]["outline"])) == (32, 32)
    assert teams_package(manifest) == teams_package(manifest)


def size_of(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def test_the_command_writes_the_package_and_says_which_pages_it_names(installation: Installation) -> None:
    said = installation.runs("manifest", "teams", "--app-id", APP, "--public-url", "https://baseroom.example")
    assert said.exit_code == 0
    assert "/privacy" in said.output
    package = zipfile.ZipFile(installation.folder / "baseroom-teams.zip")
    assert json.loads(package.read("manifest.json"))["id"] == APP


@pytest.mark.parametrize(
    ("app_id", "address", "advice"),
    [("baseroom", "https://baseroom.example", "--app-id"), (APP, "http://baseroom.example", "--public-url")],
)
def test_a_wrong_id_or_address_is_named(installation: Installation, app_id: str, address: str, advice: str) -> None:
    said = installation.runs("manifest", "teams", "--app-id", app_id, "--public-url", address)
    assert said.exit_code == 2
    assert advice in said.output
    assert list(installation.folder.iterdir()) == []
