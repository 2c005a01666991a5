"""Who is who: the keys with which Microsoft signs what it sends to a bot, and the tokens that a bot needs to answer.

The key set, the OpenID metadata and the token endpoint are served on loopback, so that Baseroom's own checks run as
they would against Microsoft's.
"""

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import uuid4

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

Json = dict[str, Any]

ISSUER = "https://api.botframework.com"
LOGIN = "https://login.microsoft.invalid/"  # MSAL speaks only to https; tests/teams/microsoft.py takes it to loopback
SCOPE = "https://api.botframework.com/.default"


class Signer:
    """Signs with one key at a time; `rotate` takes a new one, and the old one is no longer in the key set.

    `channels` and `kty` are what the set says of the key; `beside` is what else stands in the set, whatever it is.
    """

    def __init__(self, app_id: str, now: Callable[[], float] = time.time) -> None:
        self._app_id, self._now = app_id, now
        self._key, self.kid = _first_key(), "first"
        self.channels: Any = ["msteams", "webchat"]
        self.kty = "RSA"
        self.beside: list[Any] = []

    def rotate(self) -> None:
        self._key, self.kid = rsa.generate_private_key(public_exponent=65537, key_size=2048), uuid4().hex[:12]

    def key_set(self) -> Json:
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        shown = public | {"kty": self.kty, "kid": self.kid, "use": "sig", "endorsements": self.channels}
        return {"keys": [*self.beside, shown]}

    def sign(self, service_url: str, **claims: Any) -> str:
        """The token of one request. `claims` stand in place of the right ones: `aud`, `iss`, `exp`, …"""
        now = int(self._now())
        right = {"iss": ISSUER, "aud": self._app_id, "nbf": now - 60, "exp": now + 3600, "serviceurl": service_url}
        return jwt.encode(right | claims, self._key, algorithm="RS256", headers={"kid": self.kid})


@cache
def _first_key() -> rsa.RSAPrivateKey:
    """Made once for all tests: it takes longer than most of them."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Entra:
    """Gives tokens to the app, and shows the keys of the signer. `asked` counts what was asked of each."""

    def __init__(self, app_id: str, password: str, tenant: str) -> None:
        self.app_id, self.password, self.tenant = app_id, password, tenant
        self.signer = Signer(app_id)
        self.tokens: dict[str, float] = {}
        self.lifetime = 3600
        self.asked: dict[str, int] = {"keys": 0, "tokens": 0}
        self.address = ""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/openid/.well-known/openidconfiguration", self._metadata),
            web.get("/openid/keys", self._keys),
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._discovery),
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
        ]

    @property
    def openid_url(self) -> str:
        return f"{self.address}/openid/.well-known/openidconfiguration"

    @property
    def token_url(self) -> str:
        return f"{self.address}/{self.tenant}/oauth2/v2.0/token"

    def is_good(self, header: str | None) -> bool:
        """Whether the bearer of this header was given its token here, and not too long ago."""
        kind, _, token = (header or "").partition(" ")
        return kind == "Bearer" and self.tokens.get(token, 0.0) > time.monotonic()

    def revoke(self) -> None:
        """Every token that was given is worth nothing from now on."""
        self.tokens.clear()

    async def _discovery(self, request: web.Request) -> web.Response:
        """Where MSAL finds its ways: as it knows them by, over https."""
        base = f"{LOGIN}{request.match_info['tenant']}/oauth2/v2.0"
        found = {"authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token", "issuer": base}
        return web.json_response(found)

    async def _metadata(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": ISSUER,
                "jwks_uri": f"{self.address}/openid/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        self.asked["keys"] += 1
        return web.json_response(self.signer.key_set())

    async def _token(self, request: web.Request) -> web.Response:
        self.asked["tokens"] += 1
        form = await request.post()
        right = {"grant_type": "client_credentials", "client_id": self.app_id, "client_secret": self.password}
        if request.match_info["tenant"] != self.tenant:
            return web.json_response({"error": "invalid_request"}, status=400)
        if any(form.get(name) != value for name, value in right.items()):
            return web.json_response({"error": "invalid_client"}, status=401)
        if SCOPE not in str(form.get("scope", "")).split():
            return web.json_response({"error": "invalid_scope"}, status=400)
        token = f"token-{uuid4().hex}"
        self.tokens[token] = time.monotonic() + self.lifetime
        return web.json_response({"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token})
