"""Microsoft's sign-in in threads of its own on loopback: keys and tokens, promptly or as slowly as a test asks.

It stands apart from the event loop, so that code which blocks the loop while it asks is seen to block, and does not
merely hang.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter

from bot.teams.cloud import Bounded, Cloud
from tests.fakes.teams.entra import ISSUER, LOGIN, Signer
from tests.fakes.teams.tenant import APP, TENANT

Reply = tuple[int, Any, dict[str, str]]  # status, body, headers

PASSWORD = "a-secret-of-tests"


@dataclass
class Microsoft:
    """`slow`: seconds that it takes for each answer. `lifetime`: seconds that a token lasts. `down`: it answers 503.

    `calls` are what was asked of Teams itself (method, path, authorization, body), `replies` its next answers; without
    any it takes everything, like Teams with no id for a text and an attachment in one.
    """

    address: str = ""
    signer: Signer = field(default_factory=lambda: Signer(APP))
    slow: float = 0.0
    lifetime: float = 3600
    down: bool = False
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    calls: list[tuple[str, str, str, Any]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    never: threading.Event = field(default_factory=threading.Event)

    def cloud(self) -> Cloud:
        return cloud_at(self.address, openid_url=f"{self.address}openid")

    @property
    def service(self) -> str:
        return f"{self.address}teams/"

    def serve(self, method: str, path: str, authorization: str, body: bytes) -> Reply:
        self.calls.append((method, path.removeprefix("/teams"), authorization, json.loads(body) if body else None))
        if self.replies:
            return self.replies.pop(0)
        asked = self.calls[-1][3] or {}
        return 200, {"id": "" if asked.get("text") and asked.get("attachments") else f"m{len(self.calls)}"}, {}

    def answer(self, method: str, path: str, body: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        self.never.wait(self.slow)
        match method, path:
            case _ if self.down:
                return 503, {}
            case "GET", "/openid":
                return 200, {"issuer": ISSUER, "jwks_uri": f"{self.address}keys"}
            case "GET", "/keys":
                return 200, self.signer.key_set()
            case "GET", _ if path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
                paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "issuer": "v2.0"}
                return 200, {name: f"{LOGIN}{TENANT}/oauth2/v2.0/{last}" for name, last in paths.items()}
            case "POST", _ if path == f"/{TENANT}/oauth2/v2.0/token":
                return self._token(parse_qs(body))
            case _:
                return 404, {"error": "invalid_tenant"}

    def _token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if form.get("client_id") != [APP] or form.get("client_secret") != [PASSWORD]:
            return 401, {"error": "invalid_client"}
        self.tokens.append(f"token-{uuid4().hex}")
        return 200, {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": self.tokens[-1]}


def cloud_at(address: str, *, openid_url: str) -> Cloud:
    """Baseroom's idea of where Microsoft is, when its sign-in is at this address (which ends with a slash)."""

    def session() -> requests.Session:
        bounded = Bounded()
        bounded.mount(LOGIN, Rerouted(address))
        return bounded

    return Cloud(login_url=LOGIN, openid_url=openid_url, loopback=True, session=session)


class Rerouted(HTTPAdapter):
    """Takes what is for the sign-in service to the fake one."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        request.url = (request.url or "").replace(LOGIN, self.address)
        return super().send(request, *args, **options)


@contextmanager
def microsoft_running() -> Iterator[Microsoft]:
    microsoft = Microsoft()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers: dict[str, str] = {}
            if self.path.startswith("/teams/"):
                status, found, headers = microsoft.serve(
                    self.command, self.path, self.headers.get("Authorization", ""), body
                )
            else:
                status, found = microsoft.answer(self.command, self.path, body.decode())
            content = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            for name, value in (
                {"Content-Type": "application/json", "Content-Length": str(len(content))} | headers
            ).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815  # the names that the server looks for

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    serving.start()
    microsoft.address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield microsoft
    finally:
        microsoft.never.set()
        server.shutdown()
        server.server_close()
        serving.join()
