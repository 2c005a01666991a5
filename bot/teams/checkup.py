"""What `baseroom doctor` asks Microsoft: does Entra give us a token, are its keys to be had, does the clock agree."""

import asyncio
from collections.abc import Sequence

import requests

from bot.found import Found, clock_beside
from bot.settings import BadSetting, Settings
from bot.teams.cloud import PUBLIC, Cloud
from bot.teams.credentials import AppType, TeamsCredentials, read_credentials
from bot.teams.keys import KeysNotFetched, SigningKeys
from bot.teams.tokens import NoToken, Tokens

WHAT_TO_DO = {
    "invalid_client": "MicrosoftAppPassword is wrong or has run out: make a new secret for the app in Entra",
    "unauthorized_client": "MicrosoftAppId is not known in this tenant: compare both ids with the registration",
    "invalid_tenant": "MicrosoftAppTenantId is not a tenant: compare it with the overview page of Entra",
    "invalid_request": "compare MicrosoftAppId and MicrosoftAppTenantId with the registration in Entra",
}


async def check_teams(settings: Settings, cloud: Cloud = PUBLIC) -> Sequence[Found]:
    """What is right and what is not with Teams; nothing when it is not set up."""
    try:
        credentials = read_credentials(settings)
    except BadSetting as exc:
        return [Found("Teams", False, str(exc))]
    if credentials is None:
        return []
    if credentials.anonymous:
        return [Found("Teams", True, "practice without Entra: whoever reaches this machine can speak as anybody")]
    return [
        _settings(credentials, settings),
        await _token(credentials, cloud),
        await _keys(cloud),
        await asyncio.to_thread(_clock, cloud),
    ]


def _settings(credentials: TeamsCredentials, settings: Settings) -> Found:
    if credentials.app_type is AppType.MULTI_TENANT:
        return Found("Teams settings", True, "MultiTenant: Azure makes no more of these; plan for SingleTenant")
    where = f"{settings.public_url or 'https://<your address>'}/api/messages"
    return Found("Teams settings", True, f"{credentials.app_type.value}; the bot's messaging endpoint must be {where}")


async def _token(credentials: TeamsCredentials, cloud: Cloud) -> Found:
    tokens = Tokens(credentials, cloud)
    try:
        await tokens.current()
    except NoToken as exc:
        return Found("Teams token", False, f"Entra answers {exc}: {WHAT_TO_DO.get(str(exc), 'is there a proxy?')}.")
    return Found("Teams token", True, "given by Entra")


async def _keys(cloud: Cloud) -> Found:
    try:
        await SigningKeys(cloud).fetch()
    except KeysNotFetched as exc:
        words = f"cannot be read ({exc}): nobody's messages could be checked. Let {cloud.openid_url} through the proxy."
        return Found("Teams keys", False, words)
    return Found("Teams keys", True, "can be read")


def _clock(cloud: Cloud) -> Found:
    try:
        with cloud.session() as session:
            date = session.get(cloud.openid_url).headers.get("Date", "")
    except requests.RequestException:
        date = ""
    return clock_beside("Microsoft", date)
