"""Deliveries over HTTP, signed as Slack signs them, to the paths that the manifest names.

The host of the manifest's URLs is replaced by the address of the app under test; the path stays, so that a wrong
path in the manifest is a 404 here as it would be there.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp

from .clock import Clock
from .delivery import Attempt, Delivery
from .manifest import AppManifest

Json = dict[str, Any]


def sign(secret: str, timestamp: int, body: str) -> str:
    """Slack's v0 signature: HMAC-SHA256 of `v0:{timestamp}:{raw body}`."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"v0={digest}"


class HttpRoute:
    """`app_address` is the scheme and authority of the app under test, such as `http://127.0.0.1:8080`."""

    def __init__(
        self,
        *,
        manifest: AppManifest,
        secret: str,
        clock: Clock,
        acknowledge_within: float,
        signing_time: Callable[[], float] = time.time,
    ) -> None:
        self.app_address: str | None = None
        self._manifest, self._secret, self._clock = manifest, secret, clock
        self._within, self._signing_time = acknowledge_within, signing_time
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, delivery: Delivery, *, retry: int, reason: str | None) -> Attempt:
        started, at = time.monotonic(), self._clock.now()
        address = self._address(delivery)
        if address is None:
            return Attempt(at, None, None, "connection_failed", 0.0)
        body, headers = self._request(delivery, retry, reason)
        try:
            status, answer, no_retry = await self._post(address, body, headers)
        except TimeoutError:
            return Attempt(at, None, None, "http_timeout", time.monotonic() - started)
        except aiohttp.ClientError:
            return Attempt(at, None, None, "connection_failed", time.monotonic() - started)
        failure = None if 200 <= status < 300 else "http_error"
        return Attempt(at, status, answer, failure, time.monotonic() - started, no_retry)

    def _address(self, delivery: Delivery) -> str | None:
        named = self._manifest.url_for(delivery.kind, str(delivery.payload.get("command", "")))
        if self.app_address is None or not named:
            return None
        return self.app_address + urlsplit(named).path

    def _request(self, delivery: Delivery, retry: int, reason: str | None) -> tuple[str, dict[str, str]]:
        body, kind = _encode(delivery)
        timestamp = int(self._signing_time())
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": str(reason)}
        return body, headers

    async def _post(self, address: str, body: str, headers: dict[str, str]) -> tuple[int, Json | str | None, bool]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._within))
        async with self._session.post(address, data=body.encode(), headers=headers) as response:
            text = await response.text()
            answer = json.loads(text) if response.content_type == "application/json" and text else text or None
            return response.status, answer, response.headers.get("X-Slack-No-Retry") == "1"

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()


def _encode(delivery: Delivery) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    match delivery.kind:
        case "event":
            return json.dumps(delivery.payload), "application/json"
        case "command":
            return urlencode(delivery.payload), form
        case "interaction":
            return urlencode({"payload": json.dumps(delivery.payload)}), form
