"""The keys with which Microsoft signs its requests, fetched in a thread before they are a day old.

The SDK fetches them in the event loop, and fails on a key that it does not know instead of fetching them anew: after
each rotation every request would fail until the next day.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
import structlog
from botframework.connector.auth import JwtTokenExtractor
from jwt.algorithms import RSAAlgorithm

from bot.teams.cloud import Cloud
from bot.teams.fresh import Fetched, Fresh

log = structlog.get_logger("baseroom.teams")

LAST = timedelta(days=1)  # how long Microsoft asks us to keep them at most
AT_MOST_EVERY = 300.0  # seconds; a forged key id must not make us ask each time
NOT_FETCHED = (requests.RequestException, OSError, ValueError, LookupError, TypeError)


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
        except NOT_FETCHED as exc:
            raise KeysNotFetched(type(exc).__name__) from exc
        if found is None:
            raise PermissionError("signed with a key that is not Microsoft's")
        return found

    async def fetch(self) -> None:
        """Have them ready. Raises `KeysNotFetched`."""
        try:
            await self._fresh.current()
        except NOT_FETCHED as exc:
            raise KeysNotFetched(type(exc).__name__) from exc

    async def stop(self) -> None:
        await self._fresh.stop()

    async def _found(self, key_id: str) -> SigningKey | None:
        """None when Microsoft lists no such key. Raises ValueError when it does, and the key cannot be read: whoever
        signed with it is to come again."""
        keys = await self._fresh.current()
        if keys.get(key_id) is None and time.monotonic() - self._fresh.fetched_at > AT_MOST_EVERY:
            keys = await self._fresh.renewed()
        found = keys.get(key_id)
        if found is None and key_id in keys:
            raise ValueError("a key that cannot be read")
        return found

    def _fetch(self) -> Fetched[dict[str, SigningKey | None]]:
        with self.cloud.session() as session:
            address = _json(session, self.cloud.openid_url)["jwks_uri"]
            listed = _json(session, str(address))["keys"]
        keys = read_keys(listed)
        if not any(keys.values()):
            raise ValueError("no keys")
        return Fetched(keys, LAST)


def _json(session: requests.Session, url: str) -> dict[str, Any]:
    answer = session.get(url)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def read_keys(listed: Iterable[Any]) -> dict[str, SigningKey | None]:
    """The RSA keys of Microsoft's document by their ids. One that cannot be read is None, with one line in the log for
    all of them; the others are as good as ever."""
    keys: dict[str, SigningKey | None] = {}
    why = []
    for key in listed:
        try:
            if key.get("kty") == "RSA":
                keys[str(key["kid"])] = _read(key)
        except Exception as exc:  # noqa: BLE001  # whatever is wrong with one of them must not take the others away
            why.append(type(exc).__name__)
            if isinstance(key, Mapping) and "kid" in key:
                keys.setdefault(str(key["kid"]), None)
    if why:
        log.warning("signing keys that cannot be read", keys=len(why), errors=sorted(set(why)))
    return keys


def _read(key: Mapping[str, Any]) -> SigningKey:
    """Raises TypeError, and whatever PyJWT and cryptography raise of what is no key."""
    endorsements = key.get("endorsements")
    if not isinstance(endorsements, list | None):  # read as none, it would speak for every channel
        raise TypeError("no list of channels")
    return SigningKey(RSAAlgorithm.from_jwk(json.dumps(key)), list(endorsements or ()))
