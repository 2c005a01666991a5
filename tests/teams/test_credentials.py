"""The settings for Teams: what is missing or wrong is named, and nothing is served that anybody could speak through."""

from typing import Any

import pytest

from bot.serve import check_credentials
from bot.settings import BadSetting, read_settings
from bot.teams.credentials import AppType, TeamsCredentials, read_credentials
from tests.bot.conftest import Installation
from tests.bot.conftest import installation as installation  # the fixture
from tests.fakes.teams.tenant import APP, TENANT

WHOLE = {
    "MicrosoftAppId": APP,
    "MicrosoftAppPassword": "a-secret-of-tests",
    "MicrosoftAppType": "SingleTenant",
    "MicrosoftAppTenantId": TENANT,
}


def read(installation: Installation, **settings: str) -> TeamsCredentials | None:
    installation.set(**settings)
    return read_credentials(read_settings())


def test_a_single_tenant_registration(installation: Installation) -> None:
    assert read(installation, **WHOLE) == TeamsCredentials(APP, "a-secret-of-tests", AppType.SINGLE_TENANT, TENANT)
    check_credentials(read_settings())  # Teams alone is enough to serve


def test_a_managed_identity_has_no_password(installation: Installation) -> None:
    found = read(installation, **WHOLE | {"MicrosoftAppType": "userassignedmsi", "MicrosoftAppPassword": ""})
    assert found is not None
    assert (found.app_type, found.password) == (AppType.MANAGED_IDENTITY, "")


def test_without_any_of_them_there_is_no_teams(installation: Installation) -> None:
    assert read(installation) is None
    with pytest.raises(BadSetting, match=r"SLACK_BOT_TOKEN.*MicrosoftAppId"):
        check_credentials(read_settings())


@pytest.mark.parametrize("missing", WHOLE)
def test_half_set_credentials_are_refused_and_named(installation: Installation, missing: str) -> None:
    installation.set(**WHOLE | {missing: ""})
    with pytest.raises(BadSetting, match=f"^{missing}: not set"):
        check_credentials(read_settings())


def test_the_secret_is_in_no_words_about_it(installation: Installation) -> None:
    installation.set(**WHOLE | {"MicrosoftAppType": ""})
    with pytest.raises(BadSetting) as told:
        read_credentials(read_settings())
    assert "a-secret-of-tests" not in f"{told.value} {read_settings()!r}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MicrosoftAppId", "baseroom"),
        ("MicrosoftAppTenantId", "programme.onmicrosoft.com"),
        ("MicrosoftAppType", "Multi"),
        ("BASEROOM_TEAMS_ANONYMOUS", "perhaps"),
    ],
)
def test_what_cannot_be_one_is_named(installation: Installation, name: str, value: str) -> None:
    installation.set(**WHOLE | {name: value})
    with pytest.raises(BadSetting, match=f"^{name}: "):
        read_settings()


def test_ids_may_be_in_capitals(installation: Installation) -> None:
    found = read(installation, **WHOLE | {"MicrosoftAppId": APP.upper(), "MicrosoftAppTenantId": TENANT.upper()})
    assert found is not None
    assert (found.app_id, found.tenant) == (APP, TENANT)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_practice_without_entra_is_for_this_machine(installation: Installation, host: str) -> None:
    found = read(installation, BASEROOM_TEAMS_ANONYMOUS="1", BASEROOM_HOST=host)
    assert found is not None
    assert found.anonymous


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "baseroom.example"])
def test_practice_without_entra_is_refused_where_others_could_reach_it(installation: Installation, host: str) -> None:
    with pytest.raises(BadSetting, match=r"BASEROOM_TEAMS_ANONYMOUS.*anybody"):
        read(installation, BASEROOM_TEAMS_ANONYMOUS="1", BASEROOM_HOST=host)


def test_practice_and_credentials_are_not_mixed(installation: Installation) -> None:
    with pytest.raises(BadSetting, match=r"BASEROOM_TEAMS_ANONYMOUS: MicrosoftAppId is set too"):
        read(installation, BASEROOM_TEAMS_ANONYMOUS="1", **WHOLE)


@pytest.mark.parametrize("settings", [{"BASEROOM_TEAMS_ANONYMOUS": ""}, {"BASEROOM_TEAMS_ANONYMOUS": "0"}])
def test_an_anonymous_setting_that_is_off_is_off(installation: Installation, settings: dict[str, Any]) -> None:
    assert read(installation, **settings) is None
