"""Who may talk to the rehearsal room: this machine's own browser, and no page of another website in it. And what every
answer of ours says to a browser, here and where Baseroom is served.

There is no sign-in, so the room listens on loopback; a name that is not this machine's is refused (DNS rebinding), and
so is anything that a page of another origin sends (cross-site request forgery).
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from aiohttp import web, web_response
from aiohttp.typedefs import Handler, Middleware

from bot.settings import CannotStart

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SERVER = "Baseroom"
HEADERS = {
    "Server": SERVER,
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class OpenToTheNetwork(CannotStart):
    """The rehearsal room has no sign-in: whoever reaches it can be anybody in it. It therefore listens on this machine
    only (127.0.0.1). To open it to the network all the same, add --allow-network."""

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))


def check_host(host: str, *, allow_network: bool) -> None:
    """Raises `OpenToTheNetwork` for an address that others can reach, unless that is wanted."""
    if not allow_network and not is_loopback(host):
        raise OpenToTheNetwork


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_ours(host: str, *, allow_network: bool) -> bool:
    """Whether a Host header names this machine. A rebound name is somebody's domain; an address cannot be rebound."""
    name = (urlsplit(f"//{host}").hostname or "") if host.isprintable() else ""
    if is_loopback(name):
        return True
    return allow_network and (_is_address(name) or name == socket.gethostname().casefold())


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_from_this_page(request: web.Request) -> bool:
    """Whether a page of this very room sent it. Browsers give `Origin` with every post and every web socket."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == request.host


def guard(*, allow_network: bool) -> Middleware:
    """Refuses what does not come from this room's own page."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_ours(request.host, allow_network=allow_network):
            raise web.HTTPForbidden(text="The rehearsal room answers to this machine’s own name only.")
        changes_something = request.method not in SAFE or "Upgrade" in request.headers
        if changes_something and not is_from_this_page(request):
            raise web.HTTPForbidden(text="That did not come from the rehearsal room’s own page.")
        return await handler(request)

    return guarded


def answer_strictly(application: web.Application) -> None:
    """Send `HEADERS` with everything that this application answers: pages, files, refusals, and what is not there."""
    application.on_response_prepare.append(_add_headers)
    # What is no HTTP is answered before any application is asked, and would be told which Python and aiohttp run here.
    web_response.SERVER_SOFTWARE = SERVER  # type: ignore[attr-defined]  # it has no setting for this


async def _add_headers(_request: web.Request, answer: web.StreamResponse) -> None:
    answer.headers.update(HEADERS)
