"""`baseroom rehearse`, where it refuses before any room is opened."""

from tests.bot.conftest import Installation


def test_a_port_that_no_machine_has_is_refused_in_a_sentence(installation: Installation) -> None:
    result = installation.runs("rehearse", "--port", "70000")
    assert result.exit_code == 2
    assert "65535" in result.output
    assert list(installation.folder.iterdir()) == []
