"""A bad setting is named back, with what to write instead."""

import pytest

from bot.settings import BadSetting, read_settings
from tests.bot.conftest import Installation

BAD = [
    ("BASEROOM_ZONE", "Mars", "write one like Europe/London"),
    ("BASEROOM_DATABASE_URL", "mysql://baseroom@host/baseroom", "only sqlite and postgresql"),
    ("BASEROOM_DATABASE_URL", "baseroom", "write it like sqlite:///"),
    ("BASEROOM_KEYS_URL", "mysql://baseroom@host/keys", "only sqlite and postgresql"),
    ("BASEROOM_PORT", "eighty", "write a number from 0"),
    ("BASEROOM_PORT", "70000", "write a number from 0"),
    ("BASEROOM_PORT", "-1", "write a number from 0"),
    ("BASEROOM_LOG_LEVEL", "LOUD", "use DEBUG, INFO, WARNING or ERROR"),
    ("BASEROOM_PUBLIC_URL", "http://baseroom.example", "beginning with https://"),
    ("SLACK_BOT_TOKEN", "xapp-1-taken-for-the-other", "should begin with xoxb-"),
    ("SLACK_APP_TOKEN", "xoxb-1-taken-for-the-other", "should begin with xapp-"),
]


@pytest.mark.parametrize(("name", "value", "advice"), BAD)
@pytest.mark.parametrize("command", ["migrate", "serve", "doctor"])
def test_a_bad_setting_is_named_with_what_to_write(
    installation: Installation, command: str, name: str, value: str, advice: str
) -> None:
    installation.set(**{name: value})
    said = installation.refuses(command)
    assert name in said
    assert advice in said
    assert list(installation.folder.iterdir()) == []


def test_all_bad_settings_are_named_at_once(installation: Installation) -> None:
    installation.set(BASEROOM_ZONE="Mars", BASEROOM_PORT="eighty")
    said = installation.refuses("migrate")
    assert "BASEROOM_ZONE" in said
    assert "BASEROOM_PORT" in said


def test_a_secret_that_is_wrong_is_not_shown(installation: Installation) -> None:
    installation.set(SLACK_BOT_TOKEN="xapp-1-canary")
    assert "canary" not in installation.refuses("migrate")


def test_postgresql_wants_to_know_where_the_keys_are(installation: Installation) -> None:
    installation.set(BASEROOM_DATABASE_URL="postgresql://baseroom@127.0.0.1:1/baseroom")
    assert "BASEROOM_KEYS_URL" in installation.refuses("migrate")


@pytest.mark.parametrize(
    ("database", "keys"),
    [
        ("postgresql://baseroom@one/baseroom", "postgresql://keeper:secret@one:5432/baseroom"),
        ("postgresql:///baseroom?host=/run/one", "postgresql:///baseroom?host=/run/one"),
        ("sqlite:///var/baseroom.db", "sqlite:///var/baseroom.db"),
    ],
)
def test_the_keys_are_never_kept_in_the_database_itself(installation: Installation, database: str, keys: str) -> None:
    installation.set(BASEROOM_DATABASE_URL=database, BASEROOM_KEYS_URL=keys)
    said = installation.refuses("migrate")
    assert "BASEROOM_KEYS_URL" in said
    assert "of their own" in said


def test_a_database_that_is_not_there_is_named_without_its_password(installation: Installation) -> None:
    address = "postgresql://baseroom:canary@127.0.0.1:1/"
    installation.set(BASEROOM_DATABASE_URL=f"{address}baseroom", BASEROOM_KEYS_URL=f"{address}keys")
    said = installation.refuses("migrate")
    assert "127.0.0.1:1" in said
    assert "cannot be opened" in said
    assert "canary" not in said


def test_an_empty_setting_counts_as_not_set(installation: Installation) -> None:
    installation.set(BASEROOM_ZONE="", BASEROOM_PORT="")
    settings = read_settings()
    assert (settings.zone, settings.port) == ("Europe/London", 8080)


def test_managers_are_known_by_id_or_address_however_they_are_written(installation: Installation) -> None:
    installation.set(BASEROOM_MANAGERS=" Mina@Example.org; U012AB ,,")
    assert read_settings().manager_names == {"mina@example.org", "u012ab"}


def test_databases_get_the_driver_that_each_use_needs(installation: Installation) -> None:
    installation.set(
        BASEROOM_DATABASE_URL="postgresql://baseroom@one/baseroom", BASEROOM_KEYS_URL="sqlite:///var/keys.db"
    )
    settings = read_settings()
    assert settings.database_url == "postgresql+psycopg://baseroom@one/baseroom"
    assert settings.keys_database == "sqlite:///var/keys.db"


def test_the_public_address_ends_without_a_slash(installation: Installation) -> None:
    installation.set(BASEROOM_PUBLIC_URL="https://baseroom.example/")
    assert read_settings().public_url == "https://baseroom.example"


def test_the_error_names_the_variable_and_not_our_own_name_for_it(installation: Installation) -> None:
    installation.set(BASEROOM_LOG_LEVEL="LOUD")
    with pytest.raises(BadSetting, match=r"^BASEROOM_LOG_LEVEL: "):
        read_settings()
