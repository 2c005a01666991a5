"""The SDK's adapter, with what it makes anew in each turn made once: credentials, keys, the connector's clients.

It authenticates a request and runs the turn; an invoke is answered through its own machinery. An activity goes past
it as plain JSON: its model of one is given only what the machinery itself reads.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import jwt
from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount
from botframework.connector.auth import BotFrameworkAuthentication, BotFrameworkAuthenticationFactory

from bot.teams.cloud import Cloud
from bot.teams.connector import Clients
from bot.teams.keys import SigningKeys
from bot.teams.payloads import InvokeAnswer, Payload, part, words
from bot.teams.tokens import Tokens

Take = Callable[[Payload], Awaitable[InvokeAnswer | None]]


class Authentication(BotFrameworkAuthentication):
    """The SDK's checks of a request, over keys and credentials that are kept."""

    def __init__(self, tokens: Tokens, clients: Clients, keys: SigningKeys, cloud: Cloud) -> None:
        keys.put_in_place()
        self._clients = clients
        self._issuer = cloud.issuer
        self._theirs = BotFrameworkAuthenticationFactory.create(
            to_channel_from_bot_login_url=cloud.login_url,
            to_channel_from_bot_oauth_scope=cloud.scope,
            to_bot_from_channel_token_issuer=cloud.issuer,
            to_bot_from_channel_open_id_metadata_url=cloud.openid_url,
            credential_factory=tokens,
        )

    async def authenticate_request(self, activity: Any, auth_header: str | None) -> Any:
        """Raises PermissionError, or whatever its parsing of a bad token raises. Without a header nothing is checked.

        Only Teams' own tokens are looked at: the SDK would ask elsewhere, in the event loop, for the keys of others.
        """
        if auth_header is not None and issuer_of(auth_header) != self._issuer:
            raise PermissionError("not issued for what a channel sends")
        result = await self._theirs.authenticate_request(activity, auth_header)
        result.connector_factory = self._clients
        return result

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> Any:
        """Nobody is let in that way: Teams posts each activity by itself, and Baseroom opens no web socket for it.

        The SDK asks that there be this method, and has no place from which it would call it. Raises PermissionError.
        """
        raise PermissionError("Teams streams nothing")

    def create_connector_factory(self, _claims_identity: Any) -> Clients:
        return self._clients

    async def create_user_token_client(self, _claims_identity: Any) -> None:
        """None: Baseroom asks nobody to sign in."""


def issuer_of(auth_header: str) -> str:
    """Who says to have made the token: that is yet to be checked. Raises PyJWTError when it is none."""
    claims = jwt.decode(auth_header.removeprefix("Bearer "), options={"verify_signature": False})
    return str(claims.get("iss", ""))


class Adapter(CloudAdapterBase):
    """The SDK's turn."""

    async def turn(self, authenticated: Any, activity: Payload, take: Take) -> InvokeAnswer | None:
        """Run `take` as a turn of the SDK. None unless it was an invoke; one that nobody took is answered with 501."""

        async def logic(context: TurnContext) -> None:
            answer = await take(activity)
            if answer is not None:
                value = InvokeResponse(status=answer.status, body=answer.body)
                await context.send_activity(Activity(type=ActivityTypes.invoke_response, value=value))

        answered = await self.process_activity(authenticated, as_model(activity), logic)
        return None if answered is None else InvokeAnswer(int(answered.status), answered.body)


def as_model(activity: Payload) -> Any:
    """The little of an activity that the SDK's own machinery reads."""
    return Activity(
        type=words(activity, "type"),
        id=words(activity, "id"),
        channel_id=words(activity, "channelId"),
        service_url=words(activity, "serviceUrl") or None,
        conversation=ConversationAccount(id=words(part(activity, "conversation"), "id")),
        from_property=ChannelAccount(id=words(part(activity, "from"), "id")),
        recipient=ChannelAccount(id=words(part(activity, "recipient"), "id")),
    )
