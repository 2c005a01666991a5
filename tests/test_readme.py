"""What the README says is true: its commands run, its tables are the registry's, its links lead somewhere."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import CAPABILITIES, build_registry
from bot.cli import app
from bot.settings import Settings
from handlers.access import ANYONE, APPOINTED, MANAGER, TEAM
from handlers.registry import Command
from manifests.slack import ALIASES, SCOPES
from storage.records import Role
from tests.fixtures.shared import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
Row = tuple[str, ...]

WHO = {
    ANYONE: "anyone",
    TEAM | APPOINTED: "the team, appointed managers",
    TEAM: "the team",
    MANAGER | {Role.LEAD_PEER}: "lead peer, challenge manager",
    MANAGER | APPOINTED: "challenge manager, appointed managers",
    MANAGER: "challenge manager",
    APPOINTED: "appointed managers",
}


def section(name: str) -> str:
    """What stands between the markers of that name."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found, f"the README has lost its markers <!-- {name} -->"
    return found[1]


def rows(table: str) -> list[Row]:
    """The rows of a Markdown table under its heading, without backticks."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    cells = [re.split(r"(?<!\\)\|", line.strip()[1:-1]) for line in lines[2:]]
    return [tuple(cell.strip().replace("`", "").replace("\\|", "|") for cell in row) for row in cells]


def command_rows() -> list[Row]:
    """What the table of commands has to say, from the registry."""
    return [(_as_typed(entry), WHO[entry.allowed], entry.summary) for entry in build_registry().commands.values()]


def _as_typed(entry: Command) -> str:
    """The command with what may follow it; a usage that already begins with it stands for itself."""
    if entry.usage.startswith(entry.words.split()[0]):
        return entry.usage
    return f"{entry.words} {entry.usage}".strip()


def scope_rows() -> list[Row]:
    return [(scope, " ".join(reason.split())) for scope, reason in SCOPES.items()]


def test_the_table_of_commands_is_the_registrys() -> None:
    assert rows(section("commands")) == command_rows()


def test_the_table_of_scopes_is_the_manifests() -> None:
    assert rows(section("scopes")) == scope_rows()


def test_the_table_of_settings_names_each_with_its_default() -> None:
    settings = Settings.model_construct()
    expected = {
        str(field.validation_alias): _plain(getattr(settings, name)) for name, field in Settings.model_fields.items()
    }
    assert {name: default for name, default, _ in rows(section("settings"))} == expected


def _plain(default: object) -> str:
    secret = getattr(default, "get_secret_value", None)
    return "" if default is None else str(secret() if secret else default)


def test_every_library_of_the_project_has_its_reason() -> None:
    pyproject = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    asked = [re.split(r"[^a-z-]", requirement)[0] for requirement in pyproject["project"]["dependencies"]]
    reasons = README.split("## Why these libraries")[1].split("\n## ")[0].casefold()
    assert [name for name in asked if name not in reasons] == []


def test_links_and_pictures_lead_somewhere() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#\s]+)", README)
    assert linked
    assert [link for link in linked if not (REPOSITORY / link).is_file()] == []


def test_what_is_named_as_a_path_is_there() -> None:
    named = re.findall(r"`((?:bot|handlers|storage|manifests|tests)/[\w./]+)`", README)
    assert named
    assert [path for path in named if not (REPOSITORY / path).exists()] == []


def mapped() -> list[str]:
    """The paths on the map: an indented one lies in the folder above it."""
    paths, folder = [], ""
    for line in section("map").splitlines():
        if found := re.match(r"( *)([\w.]+/?)  ", line + "  "):
            folder = folder if found[1] else found[2]
            paths.append(found[2] if not found[1] else folder + found[2])
    return paths


def test_the_map_of_the_folders_is_true_and_leaves_no_capability_out() -> None:
    paths = mapped()
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []
    assert {capability.__name__.replace(".", "/") + "/" for capability in CAPABILITIES} - set(paths) == set()
    folders = {f"handlers/{path.parent.name}/" for path in (REPOSITORY / "handlers").glob("*/__init__.py")}
    assert folders - set(paths) == set()


def played() -> list[tuple[str, str]]:
    """Each `baseroom when` of the README with the answer that it shows."""
    lines = [line for line in section("when").splitlines() if not line.startswith("```")]
    return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.parametrize(("command", "answer"), played())
def test_dates_are_read_as_the_readme_shows(command: str, answer: str) -> None:
    result = CliRunner().invoke(app, shlex.split(command.removeprefix("$ baseroom ")))
    assert json.loads(result.output) == json.loads(answer)


def spoken_of() -> set[str]:
    """The sub-commands that the README uses."""
    return set(re.findall(r"^\s*baseroom ([a-z]+(?: slack| teams)?)", README, re.MULTILINE)) | set(
        re.findall(r"`baseroom ([a-z]+(?: slack| teams)?)", README)
    )


@pytest.mark.parametrize("command", sorted(spoken_of()))
def test_every_command_of_the_readme_exists_and_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Usage: " in result.output


def test_the_options_of_the_manifest_are_as_the_readme_says() -> None:
    told = ["manifest", "slack", "--public-url", "https://baseroom.example.org", "--no-aliases"]
    result = CliRunner().invoke(app, told)
    manifest = json.loads(result.stdout)
    assert [command["command"] for command in manifest["features"]["slash_commands"]] == ["/baseroom"]
    assert manifest["settings"]["event_subscriptions"]["request_url"] == "https://baseroom.example.org/slack/events"
    assert all(f"/{alias}" not in result.stdout for alias in ALIASES)


def test_the_set_up_can_be_followed_command_by_command(tmp_path: Path) -> None:
    """As an IT officer without tokens yet would: the database is made, the rest says what is still missing."""
    made = baseroom("migrate", tmp_path)
    assert made.returncode == 0
    assert "Back it up apart from the database" in made.stderr
    checked = baseroom("doctor", tmp_path)
    assert checked.returncode == 1
    assert "✓ Database: up to date" in checked.stderr
    assert "✗ Managers: nobody can set up a challenge" in checked.stderr
    assert "✗ Slack: SLACK_BOT_TOKEN is not set" in checked.stderr
    started = baseroom("serve", tmp_path)
    assert started.returncode == 1
    assert "SLACK_BOT_TOKEN" in started.stderr


def baseroom(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as it is installed, in an empty folder and with an empty environment."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *command.split()],
        cwd=folder,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_two_commands_of_make_are_there() -> None:
    targets = re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    shown = re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE)
    assert {"run", "test"} <= set(shown) <= set(targets)
