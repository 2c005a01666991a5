"""Who Baseroom is in Teams, from the settings; and which addresses are Microsoft's.

Half-set credentials are refused by name. An empty app id would switch the SDK's checks off, so that anybody could
speak as anybody: that is only for practice, asked for in so many words, on an address nobody else can reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

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


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where Microsoft is: who signs requests and shows the keys, who gives us our token, which hosts may hear us.

    `loopback`: this machine counts as Microsoft too, for Agents Playground and for tests.
    """

    login_url: str = "https://login.microsoftonline.com/"
    openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    issuer: str = "https://api.botframework.com"
    scope: str = "https://api.botframework.com"
    services: Sequence[str] = ("smba.trafficmanager.net", ".botframework.com", ".teams.microsoft.com")
    file_hosts: Sequence[str] = (".sharepoint.com", ".svc.ms", ".1drv.com", ".onedrive.com")
    loopback: bool = False

    def is_service(self, url: str) -> bool:
        """Whether replies, which carry our token and people's words, may go there."""
        return self._is_known(url, self.services)

    def takes_files(self, url: str) -> bool:
        """Whether a file that somebody agreed to have may be put there."""
        return self._is_known(url, self.file_hosts)

    def _is_known(self, url: str, hosts: Sequence[str]) -> bool:
        try:
            address = urlsplit(url)
            host = (address.hostname or "").rstrip(".")
            with_port = address.port is not None
        except ValueError:
            return False
        if self.loopback and address.scheme in ("http", "https") and is_loopback(host):
            return True
        if address.scheme != "https" or address.username is not None or with_port:
            return False
        return any(host.endswith(known) if known.startswith(".") else host == known for known in hosts)


PUBLIC = Cloud()
PRACTICE = Cloud(loopback=True)


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
