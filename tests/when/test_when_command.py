"""`baseroom when "TEXT" --now …` prints one JSON object, or says what is wrong with an option."""

import json

import pytest
import typer
from typer.testing import CliRunner

from bot.when_command import when

NOW = "2026-11-18T10:15"


def run(*arguments):
    app = typer.Typer()
    app.command()(when)
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("24 to 27 Nov 2026", {"start": "2026-11-24", "end": "2026-11-27"}),
        ("half 4", {"time": "16:30"}),
        ("Tuesday week", {"date": "2026-12-01"}),
        ("24 & 26 Nov", {"dates": ["2026-11-24", "2026-11-26"]}),
    ],
)
def test_the_reading_is_one_json_object(text, printed):
    result = run(text, "--now", NOW)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == printed


def test_a_refusal_gives_its_reason_options_and_message():
    printed = json.loads(run("next Friday", "--now", NOW).stdout)
    assert printed["date"] is None
    assert printed["reason"] == "ambiguous"
    assert printed["options"] == ["2026-11-20", "2026-11-27"]
    assert printed["message"]


def test_now_may_carry_an_offset():
    assert json.loads(run("today", "--now", "2026-07-18T23:30:00+00:00").stdout) == {"date": "2026-07-19"}


def test_without_now_it_is_read_as_of_the_present():
    assert "date" in json.loads(run("today").stdout)


@pytest.mark.parametrize(
    ("option", "value", "says"), [("--now", "soon", "2026-11-18T10:15"), ("--zone", "Atlantis", "Europe/London")]
)
def test_an_option_that_cannot_be_read_is_named_with_an_example(option, value, says):
    result = run("today", option, value)
    assert result.exit_code == 2
    assert option in result.output
    assert says in result.output
