"""`installation`: an empty folder to work in, with no setting of this machine's environment."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app


@dataclass(frozen=True)
class Installation:
    """A folder in which somebody installs Baseroom, and their environment."""

    folder: Path
    environment: pytest.MonkeyPatch

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.environment.setenv(name, value)

    def runs(self, *command: str) -> Result:
        return CliRunner().invoke(app, list(command))

    def refuses(self, *command: str) -> str:
        """What the command says as it refuses: never a traceback."""
        result = self.runs(*command)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
        assert "itself failed" not in result.output
        return result.output


def no_logs(_level: str, *, as_json: bool) -> None:
    """Logs are set up for a whole process, and would outlive the command that is run here; `test_logs` has its own."""


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for name in os.environ:
        if name.startswith(("BASEROOM_", "SLACK_", "MicrosoftApp")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.set_up_logging", no_logs)
    return Installation(tmp_path, monkeypatch)


@pytest.fixture
def installed(installation: Installation) -> Installation:
    """The same with its database and keys made."""
    assert installation.runs("migrate").exit_code == 0
    return installation
