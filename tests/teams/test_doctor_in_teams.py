"""`baseroom doctor` about Teams: all fine, and each thing that is not, by name."""

from collections.abc import Iterator

import pytest

from bot.doctor import examine
from bot.found import Found
from bot.settings import read_settings
from bot.teams.checkup import check_teams
from tests.bot.conftest import Installation
from tests.bot.conftest import installation as installation  # the fixture
from tests.bot.conftest import installed as installed  # the fixture
from tests.teams.microsoft import PASSWORD, Microsoft, microsoft_running
from tests.teams.test_credentials import WHOLE


@pytest.fixture
def microsoft() -> Iterator[Microsoft]:
    with microsoft_running() as microsoft:
        yield microsoft


async def told(installation: Installation, microsoft: Microsoft, **settings: str) -> dict[str, Found]:
    installation.set(**WHOLE | {"MicrosoftAppPassword": PASSWORD} | settings)
    return {found.what: found for found in await check_teams(read_settings(), microsoft.cloud())}


async def test_all_is_well(installation: Installation, microsoft: Microsoft) -> None:
    found = await told(installation, microsoft, BASEROOM_PUBLIC_URL="https://baseroom.example")
    assert [one.words for one in found.values() if not one.fine] == []
    assert set(found) == {"Teams settings", "Teams token", "Teams keys", "Clock"}
    assert "https://baseroom.example/api/messages" in found["Teams settings"].words
    assert microsoft.calls == []


async def test_a_secret_that_has_run_out(installation: Installation, microsoft: Microsoft) -> None:
    found = await told(installation, microsoft, MicrosoftAppPassword="of-last-year")
    assert not found["Teams token"].fine
    assert "invalid_client" in found["Teams token"].words
    assert "MicrosoftAppPassword" in found["Teams token"].words
    assert "of-last-year" not in str(found)


async def test_a_tenant_that_entra_does_not_know(installation: Installation, microsoft: Microsoft) -> None:
    found = await told(installation, microsoft, MicrosoftAppTenantId="99999999-2222-4333-8444-555555555555")
    assert not found["Teams token"].fine
    assert "MicrosoftAppTenantId" in found["Teams token"].words


async def test_microsoft_out_of_reach(installation: Installation, microsoft: Microsoft) -> None:
    microsoft.down = True
    found = await told(installation, microsoft)
    assert not found["Teams token"].fine
    assert not found["Teams keys"].fine
    assert "proxy" in found["Teams keys"].words


async def test_a_multi_tenant_registration_is_warned_of(installation: Installation, microsoft: Microsoft) -> None:
    found = await told(installation, microsoft, MicrosoftAppType="MultiTenant")
    assert "SingleTenant" in found["Teams settings"].words


async def test_half_set_credentials_are_named_and_slack_is_not_asked_for(installed: Installation) -> None:
    installed.set(MicrosoftAppId=WHOLE["MicrosoftAppId"])
    said: list[Found] = []
    assert not await examine(say=said.append)
    found = {one.what: one for one in said}
    assert "MicrosoftAppPassword" in found["Teams"].words
    assert "Slack" not in found


async def test_practice_says_so(installed: Installation) -> None:
    installed.set(BASEROOM_TEAMS_ANONYMOUS="1", BASEROOM_MANAGERS="mina@example.org")
    said: list[Found] = []
    await examine(say=said.append)
    [teams] = [one for one in said if one.what == "Teams"]
    assert teams.fine
    assert "anybody" in teams.words
