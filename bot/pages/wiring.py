"""The pages over HTTP: thin routes, and nothing that is shown to anybody who was not let in.

GET `/open/<letters>` shows a button; pressing it uses the link up. What changes something must come from our own page.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import structlog
from aiohttp import web

from bot.app import App
from bot.pages.drawing import charts_alone, link_page, notice_page, sentence_page, wall_page
from bot.pages.limits import Turnstile
from bot.pages.visits import VISIT_LASTS, Visitor, let_in, note_download, visitor_of
from bot.wall import read_wall
from bot.web.guard import is_from_this_page
from handlers.desk import Desk
from handlers.errors import Refusal
from handlers.reports.files import MEDIA_TYPE, file_name
from handlers.reports.workbook import write_workbook
from storage.errors import KeyDestroyed
from storage.records import Role

log = structlog.get_logger("baseroom.pages")

NOTICES = ("privacy", "terms", "data-protection")
HERE = Path(__file__).parent
REHEARSAL_STATIC = HERE.parent / "web" / "static"

USED = "This link has been used, or is more than ten minutes old. Ask Baseroom for another: type “screen” to it."
CLOSED = "This browser is not let in, or no longer. Ask Baseroom for a link: type “screen” to it."
TOO_OFTEN = "Too many links were tried from here. Wait a minute."
MANAGERS_ONLY = "Only the challenge manager can download the workbook."

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Pages:
    """The pages of one Baseroom. `routes` go into its one web server."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._turnstile = Turnstile()
        is_public = app.settings.public_url.startswith("https://")
        self._cookie = "__Host-baseroom" if is_public else "baseroom"
        self._secure = is_public

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        for name in NOTICES:
            yield web.get(f"/{name}", _notice(name))
        yield web.get("/open/{letters}", self._show_link)
        yield web.post("/open/{letters}", self._use_link)
        yield web.get("/wall", self._wall)
        yield web.get("/wall/charts", self._charts)
        yield web.get("/workbook", self._workbook)
        yield web.post("/leave", self._leave)
        yield web.static("/assets/", HERE / "static")
        yield web.static("/static/", REHEARSAL_STATIC)

    # ---- being let in

    async def _show_link(self, _request: web.Request) -> web.Response:
        return _html(link_page())

    async def _use_link(self, request: web.Request) -> web.Response:
        self._check_ours(request)
        now = self._app.clock.now()
        entry = await let_in(self._app.database, request.match_info["letters"], now)
        if entry is None:
            return self._turn_away(request.remote or "", now)
        remembered, opens = entry
        answer = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/{opens.value}"})
        answer.set_cookie(
            self._cookie, remembered, max_age=int(VISIT_LASTS.total_seconds()), path="/", httponly=True,
            secure=self._secure, samesite="Strict",
        )  # fmt: skip
        return answer

    def _turn_away(self, address: str, now: datetime) -> web.Response:
        """Only what opens nothing is limited: behind a proxy everybody has one address."""
        if self._turnstile.is_shut(address, now):
            return _html(sentence_page("Wait a minute", TOO_OFTEN), HTTPStatus.TOO_MANY_REQUESTS)
        self._turnstile.note_failure(address, now)
        log.info("a link that opens nothing was tried")
        return _html(sentence_page("This link does not work any more", USED), HTTPStatus.GONE)

    async def _leave(self, request: web.Request) -> web.Response:
        """The button on the wall: this browser forgets, and so do we."""
        self._check_ours(request)
        async with self._app.database.begin() as uow:
            await uow.passes.end_visit(request.cookies.get(self._cookie, ""))
            await uow.commit()
        answer = _html(sentence_page("Closed", "This browser shows nothing any more."))
        answer.del_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="Strict")
        return answer

    def _check_ours(self, request: web.Request) -> None:
        """A proxy may give another Host: a page of our public address is ours whatever it says."""
        if request.headers.get("Origin", "") != self._app.settings.public_url and not is_from_this_page(request):
            raise web.HTTPForbidden

    # ---- what there is to see

    async def _wall(self, request: web.Request) -> web.Response:
        return await self._drawn(request, wall_page)

    async def _charts(self, request: web.Request) -> web.Response:
        return await self._drawn(request, charts_alone)

    async def _drawn(self, request: web.Request, draw: Callable[..., str]) -> web.Response:
        now = self._app.clock.now()
        async with self._app.database.reading() as uow:
            visitor = await visitor_of(uow, request.cookies.get(self._cookie, ""), now)
            if visitor is None:
                return _not_let_in()
            try:
                wall = await read_wall(uow, self._app.house, visitor.challenge)
            except KeyDestroyed as gone:
                return _html(sentence_page("The wall is gone", str(gone)), HTTPStatus.GONE)
        return _html(draw(wall, now))

    async def _workbook(self, request: web.Request) -> web.Response:
        now = self._app.clock.now()
        async with self._app.database.reading() as uow:
            visitor = await visitor_of(uow, request.cookies.get(self._cookie, ""), now)
            if visitor is None:
                return _not_let_in()
            if visitor.member.role is not Role.CHALLENGE_MANAGER:
                return _html(sentence_page("For the challenge manager", MANAGERS_ONLY), HTTPStatus.FORBIDDEN)
            answer = await self._written(visitor, Desk(uow, now, self._app.house))
        if answer.status == HTTPStatus.OK:
            await note_download(self._app.database, visitor, "workbook.downloaded", now)
        return answer

    async def _written(self, visitor: Visitor, desk: Desk) -> web.Response:
        challenge = visitor.challenge
        try:
            content = await write_workbook(desk, challenge)
        except (KeyDestroyed, Refusal) as gone:
            return _html(sentence_page("There is no workbook", str(gone)), HTTPStatus.GONE)
        name = file_name(challenge.host, "findings", desk.local(challenge).date())
        plain = "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in name)
        disposition = f'attachment; filename="{plain.encode("ascii", "replace").decode()}"'
        return web.Response(body=content, content_type=MEDIA_TYPE, headers={"Content-Disposition": disposition})


def _notice(name: str) -> Handler:
    async def shown(_request: web.Request) -> web.Response:
        return _html(notice_page(name))

    return shown


def _html(page: str, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(text=page, content_type="text/html", status=status)


def _not_let_in() -> web.Response:
    return _html(sentence_page("Not let in", CLOSED), HTTPStatus.UNAUTHORIZED)
