"""The keys with which Microsoft signs its requests, fetched in a thread before they are a day old.

The SDK fetches them in the event loop, and fails on a key that it does not know instead of fetching them anew: after
each rotation every request would fail until the next day.
"""

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from botframework.connector.auth import JwtTokenExtractor
from jwt.algorithms import RSAAlgorithm

from bot.teams.cloud import Cloud
from bot.teams.fresh import Fetched, Fresh

LAST = timedelta(days=1)  # how long Microsoft asks us to keep them at most
AT_MOST_EVERY = 300.0  # seconds; a forged key id must not make us ask each time


class KeysNotFetched(Exception):
    """Microsoft's keys cannot be had just now, so nobody's request can be checked."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key, and the channels for which it speaks; named as the SDK reads it."""

    public_key: Any
    endorsements: list[str]


class SigningKeys:
    """Stands in the SDK's own cache in place of its key set, under the address from which it is read."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self._fresh = Fresh("signing keys", self._fetch)

    def put_in_place(self) -> None:
        JwtTokenExtractor.metadataCache[self.cloud.openid_url] = self

    async def get(self, key_id: str | None) -> SigningKey:
        """The key, asked for by the SDK. Raises `KeysNotFetched`, PermissionError when there is no such key."""
        try:
            found = await self._found(str(key_id))
        except (requests.RequestException, OSError, ValueError, LookupError, TypeError) as exc:
            raise KeysNotFetched(type(exc).__name__) from exc
        if found is None:
            raise PermissionError("signed with a key that is not Microsoft's")
        return found

    async def fetch(self) -> None:
        """Have them ready. Raises `KeysNotFetched`."""
        try:
            await self._fresh.current()
        except (requests.RequestException, OSError, ValueError, LookupError, TypeError) as exc:
            raise KeysNotFetched(type(exc).__name__) from exc

    async def stop(self) -> None:
        await self._fresh.stop()

    async def _found(self, key_id: str) -> SigningKey | None:
        key = (await self._fresh.current()).get(key_id)
        if key is None and time.monotonic() - self._fresh.fetched_at > AT_MOST_EVERY:
            key = (await self._fresh.renewed()).get(key_id)
        return key

    def _fetch(self) -> Fetched[dict[str, SigningKey]]:
        with self.cloud.session() as session:
            address = _json(session, self.cloud.openid_url)["jwks_uri"]
            listed = _json(session, str(address))["keys"]
        keys = {str(key["kid"]): _read(key) for key in listed if key.get("kty") == "RSA"}
        if not keys:
            raise ValueError("no keys")
        return Fetched(keys, LAST)


def _json(session: requests.Session, url: str) -> dict[str, Any]:
    answer = session.get(url)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _read(key: dict[str, Any]) -> SigningKey:
    return SigningKey(RSAAlgorithm.from_jwk(json.dumps(key)), list(key.get("endorsements") or ()))
