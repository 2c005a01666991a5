"""Where Microsoft is: which addresses are its own, and so may be asked for keys, given our secret, and sent what people
said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from bot.web.guard import is_loopback

ANSWER_WITHIN = 10.0  # seconds


class Bounded(requests.Session):
    """Waits for an answer for so long, and no longer; requests itself, MSAL and the SDK wait for ever."""

    def request(self, *args: Any, **options: Any) -> requests.Response:
        options["timeout"] = options.get("timeout") or ANSWER_WITHIN
        return super().request(*args, **options)


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where Microsoft is: who signs requests and shows the keys, who gives us our token, which hosts may hear us.

    `loopback`: this machine counts as Microsoft too, for Agents Playground and for tests. `session` makes what the keys
    and the token are fetched with.
    """

    login_url: str = "https://login.microsoftonline.com/"
    openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    issuer: str = "https://api.botframework.com"
    scope: str = "https://api.botframework.com"
    services: Sequence[str] = ("smba.trafficmanager.net", ".botframework.com", ".teams.microsoft.com")
    file_hosts: Sequence[str] = (".sharepoint.com", ".svc.ms", ".1drv.com", ".onedrive.com")
    loopback: bool = False
    session: Callable[[], requests.Session] = Bounded

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
PRACTICE = Cloud(services=(), file_hosts=(), loopback=True)
