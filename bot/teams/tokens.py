"""The token that shows Teams who we are: one MSAL application, asked in a thread before the token runs out.

The SDK makes an MSAL application for each turn, which then has nothing cached and asks Entra each time.
"""

from datetime import timedelta
from typing import Any

import msal
import requests
from botframework.connector.auth import MicrosoftAppCredentials, ServiceClientCredentialsFactory
from msal.exceptions import MsalError

from bot.teams.cloud import Cloud
from bot.teams.credentials import AppType, TeamsCredentials
from bot.teams.fresh import Fetched, Fresh

MULTI_TENANT_LOGIN = "botframework.com"


class NoToken(Exception):
    """Entra gives no token; the argument is its own word ("invalid_client"), or the kind of the error."""


class Tokens(ServiceClientCredentialsFactory):
    """Our token, kept fresh; and to the SDK, the maker of credentials: it makes them once."""

    def __init__(self, credentials: TeamsCredentials, cloud: Cloud) -> None:
        self.ours = credentials
        self.cloud = cloud
        self.credentials = MicrosoftAppCredentials(
            credentials.app_id, credentials.password, _login_tenant(credentials), cloud.scope
        )
        self._app: Any = None
        self._fresh = Fresh("token", self._fetch)

    async def current(self) -> str:
        """The token; "" in practice without Entra. Raises `NoToken`."""
        return "" if self.ours.anonymous else await self._fresh.current()

    def doubt(self) -> None:
        """Teams does not take it: fetch another at the next use."""
        self._fresh.forget()

    async def stop(self) -> None:
        await self._fresh.stop()

    # ---- what the SDK asks

    async def is_valid_app_id(self, app_id: str) -> bool:
        return bool(app_id) and app_id == self.ours.app_id

    async def is_authentication_disabled(self) -> bool:
        return self.ours.anonymous

    async def create_credentials(self, app_id: str, *_scope_and_login: Any, **_named: Any) -> Any:
        if not (self.ours.anonymous or await self.is_valid_app_id(app_id)):
            raise PermissionError("a token for another bot")
        return self.credentials

    # ---- in a thread

    def _fetch(self) -> Fetched[str]:
        try:
            answer = self._ask()
        except (requests.RequestException, OSError, ValueError, MsalError) as exc:
            raise NoToken(type(exc).__name__) from exc
        if "access_token" not in answer:
            raise NoToken(str(answer.get("error") or "unknown"))
        return Fetched(str(answer["access_token"]), timedelta(seconds=float(answer.get("expires_in", 0))))

    def _ask(self) -> dict[str, Any]:
        """Ask Entra itself: MSAL would give the old token back until it has all but run out."""
        if self._app is None:
            self._app = self._made()
        answer: dict[str, Any]
        if self.ours.app_type is AppType.MANAGED_IDENTITY:
            answer = self._app.acquire_token_for_client(resource=self.cloud.scope)
        else:
            self._app.remove_tokens_for_client()
            answer = self._app.acquire_token_for_client(scopes=[f"{self.cloud.scope}/.default"])
        return answer

    def _made(self) -> Any:
        if self.ours.app_type is AppType.MANAGED_IDENTITY:
            identity = msal.UserAssignedManagedIdentity(client_id=self.ours.app_id)
            return msal.ManagedIdentityClient(identity, http_client=self.cloud.session())
        try:
            return msal.ConfidentialClientApplication(
                self.ours.app_id,
                client_credential=self.ours.password,
                authority=self.cloud.login_url + _login_tenant(self.ours),
                instance_discovery=False,
                http_client=self.cloud.session(),
            )
        except ValueError as exc:  # MSAL's way of saying so
            raise NoToken("invalid_tenant") from exc


def _login_tenant(credentials: TeamsCredentials) -> str:
    return MULTI_TENANT_LOGIN if credentials.app_type is AppType.MULTI_TENANT else credentials.tenant
