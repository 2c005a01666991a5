"""Who Baseroom is in Teams, from the settings.

Half-set credentials are refused by name. An empty app id would switch the SDK's checks off, so that anybody could
speak as anybody: that is only for practice, asked for in so many words, on an address nobody else can reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.settings import BadSetting, Settings
from bot.web.guard import is_loopback


class AppType(StrEnum):
    """The kinds of registration that Azure knows. New ones cannot be multi-tenant since 31 July 2025."""

    SINGLE_TENANT = "SingleTenant"
    MANAGED_IDENTITY = "UserAssignedMSI"
    MULTI_TENANT = "MultiTenant"


@dataclass(frozen=True, slots=True)
class TeamsCredentials:
    """A registration in Entra. `tenant` is the one whose people may speak to Baseroom.

    Everything is empty in practice without Entra (`anonymous`).
    """

    app_id: str = ""
    password: str = ""
    app_type: AppType = AppType.SINGLE_TENANT
    tenant: str = ""

    @property
    def anonymous(self) -> bool:
        return not self.app_id


def read_credentials(settings: Settings) -> TeamsCredentials | None:
    """The credentials for Teams; None when none are set. Raises `BadSetting`, naming what is missing or wrong."""
    password = settings.microsoft_app_password.get_secret_value()
    given = {
        "MicrosoftAppId": settings.microsoft_app_id,
        "MicrosoftAppPassword": password,
        "MicrosoftAppType": settings.microsoft_app_type,
        "MicrosoftAppTenantId": settings.microsoft_app_tenant_id,
    }
    if settings.teams_anonymous:
        return _anonymous(settings, [name for name, value in given.items() if value])
    if not any(given.values()):
        return None
    needed = [
        name
        for name in given
        if name != "MicrosoftAppPassword" or settings.microsoft_app_type != AppType.MANAGED_IDENTITY
    ]
    missing = [name for name in needed if not given[name]]
    if missing:
        raise BadSetting(f"{' and '.join(missing)}: not set. Teams needs {', '.join(needed)}; see README, 'Teams'.")
    app_type = AppType(settings.microsoft_app_type)
    return TeamsCredentials(settings.microsoft_app_id, password, app_type, settings.microsoft_app_tenant_id)


def _anonymous(settings: Settings, given: Sequence[str]) -> TeamsCredentials:
    if given:
        raise BadSetting(f"BASEROOM_TEAMS_ANONYMOUS: {given[0]} is set too. Use one or the other.")
    if not is_loopback(settings.host):
        raise BadSetting(
            f"BASEROOM_TEAMS_ANONYMOUS: not with BASEROOM_HOST={settings.host}. Without credentials anybody who can "
            "reach Baseroom can speak as anybody, so it is only for 127.0.0.1."
        )
    return TeamsCredentials()
