"""The rehearsal room over HTTP: its routes, thin, and one web socket that keeps every window live.

Who acts stands in the address (`/as/priya/…`), so that each window or tab can be somebody else.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import cast
from zoneinfo import ZoneInfo

from aiohttp import WSCloseCode, web
from aiohttp.typedefs import Handler
from multidict import MultiMapping

from bot.web import pages
from bot.web.guard import answer_strictly, guard
from bot.web.hands import Move, moment_of
from bot.web.live import News
from bot.web.pages import Face, face_of, form_html, news_for
from bot.web.porter import read_file
from bot.web.render import read_form
from bot.web.room import LONGEST_MESSAGE, NotThere, NotYours, Room
from bot.web.workspace import BY_ID, TEAM_CHANNEL, Resident
from bot.wording import Values, as_typed
from handlers.chat import Form, FormErrors, Outcome
from storage.records import Shape

FIRST = "priya"
Windows = set[web.WebSocketResponse]
ROOM = web.AppKey("room", Room)
HEARTBEAT = 20.0  # seconds
WINDOWS = web.AppKey("windows", Windows)


def rehearsal_application(room: Room, *, allow_network: bool = False) -> web.Application:
    """The room as a web application; `room` is open, or is opened by whoever serves it."""
    application = web.Application(middlewares=[guard(allow_network=allow_network), _answer_plainly])
    answer_strictly(application)
    application[ROOM] = room
    windows: Windows = set()
    application[WINDOWS] = windows
    application.on_shutdown.append(_close_windows)
    application.add_routes(
        [
            web.get("/", _front_door),
            web.get("/as/{who}/{view:dm|team|home|wall|people}", _view),
            web.get("/as/{who}/live", _live),
            web.get("/as/{who}/clock", _clock),
            web.get("/as/{who}/file/{message}", _file),
            web.post("/as/{who}/say", _say),
            web.post("/as/{who}/edit", _edit),
            web.post("/as/{who}/delete", _delete),
            web.post("/as/{who}/pin", _pin),
            web.post("/as/{who}/point", _point),
            web.post("/as/{who}/press", _press),
            web.post("/as/{who}/form/{token}", _send_form),
            web.post("/as/{who}/clock", _move),
            web.post("/as/{who}/again", _again),
        ]
    )
    application.router.add_static("/static/", pages.STATIC)
    return application


# ---------------------------------------------------------------- what there is to see


async def _front_door(_request: web.Request) -> web.Response:
    raise web.HTTPFound(f"/as/{FIRST}/dm")


async def _view(request: web.Request) -> web.Response:
    room, who, view = _room(request), _who(request), request.match_info["view"]
    face = await _face(room)
    registry = room.app.house.registry
    match view:
        case "home":
            page = pages.home_page(who, await room.home_of(who), face)
        case "wall":
            page = pages.wall_page(who, await room.wall(), face)
        case "people":
            page = pages.people_page(who, face)
        case _:
            talk = await room.conversation(who, TEAM_CHANNEL if view == "team" else who.dm)
            page = pages.conversation_page(who, view, talk, face, registry)
    return web.Response(text=page, content_type="text/html")


async def _face(room: Room) -> Face:
    heard = room.bulletin.heard  # first: what comes while the page is drawn is told again, rather than not at all
    return face_of(await room.horizon(), await room.challenge(), heard)


async def _clock(request: web.Request) -> web.Response:
    face = await _face(_room(request))
    shown = {name: getattr(face, name) for name in ("zone", "stage", "next_thing", "next_session")}
    return web.json_response({"now": face.now.isoformat(), **shown})


async def _file(request: web.Request) -> web.Response:
    """A document of Baseroom's, to be saved and never shown in the page."""
    message = await _room(request).message(_who(request), request.match_info["message"])
    if message.shape is not Shape.FILE:
        raise NotThere
    file = read_file(message)
    name = "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in file.name)
    headers = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "replace").decode()}"'}
    return web.Response(body=file.content, content_type=file.media_type, headers=headers)


async def _live(request: web.Request) -> web.WebSocketResponse:
    """Everything that has happened since the page was drawn (`heard`), or else from now on, and goes on happening, as
    far as it is this person's to see."""
    room, who = _room(request), _who(request)
    heard = request.query.get("heard", "")
    since = int(heard) if heard else room.bulletin.heard
    window = web.WebSocketResponse(heartbeat=HEARTBEAT)
    await window.prepare(request)
    request.app[WINDOWS].add(window)
    with room.bulletin.listening(since) as news:
        telling = asyncio.create_task(_tell(window, news, who, room))
        async for _ in window:
            pass  # a window only listens: what people do is posted
        telling.cancel()
    request.app[WINDOWS].discard(window)
    return window


async def _tell(window: web.WebSocketResponse, news: asyncio.Queue[News], who: Resident, room: Room) -> None:
    with suppress(ConnectionError):  # the window was closed meanwhile
        while True:
            told = news_for(await news.get(), who, room.app.house.registry)
            if told is not None:
                await window.send_json(told)


async def _close_windows(application: web.Application) -> None:
    windows = application[WINDOWS]
    for window in tuple(windows):
        await window.close(code=WSCloseCode.GOING_AWAY)


# ---------------------------------------------------------------- what people do


async def _say(request: web.Request) -> web.Response:
    asked = await _asked(request)
    room = _room(request)
    words = asked.get("words", "")
    if not words.strip():
        raise Unusable("Write something first.")
    return _shown(room, await room.say(_who(request), asked["conversation"], words, asked.get("thread", "")))


async def _edit(request: web.Request) -> web.Response:
    asked = await _asked(request)
    if not asked.get("words", "").strip():
        raise Unusable("A message cannot be empty. To take it back, delete it.")
    await _room(request).edit(_who(request), asked["message"], asked["words"])
    return web.json_response({})


async def _delete(request: web.Request) -> web.Response:
    asked = await _asked(request)
    await _room(request).take_back(_who(request), asked["message"])
    return web.json_response({})


async def _pin(request: web.Request) -> web.Response:
    asked = await _asked(request)
    await _room(request).pin(_who(request), asked["message"])
    return web.json_response({})


async def _point(request: web.Request) -> web.Response:
    asked = await _asked(request)
    room = _room(request)
    return _shown(room, await room.point_at(_who(request), asked["message"], asked["shortcut"]))


async def _press(request: web.Request) -> web.Response:
    asked = await _asked(request)
    room = _room(request)
    outcome = await room.press(_who(request), asked.get("message", ""), asked.get("action", ""), asked.get("value", ""))
    return _shown(room, outcome)


async def _send_form(request: web.Request) -> web.Response:
    """A form that was filled in. With errors it goes back as it was typed; its next page takes its place."""
    room, token = _room(request), request.match_info["token"]
    values = _cleaned(read_form(cast("MultiMapping[str]", await request.post())))
    form, outcome = await room.send_form(_who(request), token, values)
    if isinstance(outcome, FormErrors):
        return web.json_response({"token": token, "form": form_html(as_typed(form, values), outcome.errors)})
    return _shown(room, outcome)


async def _move(request: web.Request) -> web.Response:
    """The clock: one of `Move`, or a wall time such as 2026-11-27T14:00 to go to."""
    asked = await _asked(request)
    room = _room(request)
    horizon = await room.horizon()
    if "to" in asked:
        moment = _wall_time(asked["to"], horizon.zone)
        if moment <= horizon.now:
            raise Unusable("The clock only goes forward. To go back, start the visit again.")
    else:
        wanted = moment_of(Move(asked.get("move", "")), horizon)
        if wanted is None:
            raise Unusable("There is nothing of that kind ahead.")
        moment = wanted
    await room.move_to(moment)
    return await _clock(request)


async def _again(request: web.Request) -> web.Response:
    asked = await _asked(request)
    await _room(request).start_again(sample=asked.get("with") != "nothing")
    return web.json_response({})


# ---------------------------------------------------------------- the same for all


class Unusable(Exception):
    """That could not be used; the argument is a sentence for the person."""


@web.middleware
async def _answer_plainly(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Wait while the room is being set up again; say in a sentence what could not be done."""
    await _room(request).until_open()
    try:
        return await handler(request)
    except (NotThere, KeyError) as exc:
        sentence = str(exc) if isinstance(exc, NotThere) else str(NotThere())
        return web.json_response({"error": sentence}, status=HTTPStatus.NOT_FOUND)
    except NotYours as exc:
        return web.json_response({"error": str(exc)}, status=HTTPStatus.FORBIDDEN)
    except (Unusable, ValueError) as exc:
        sentence = str(exc) if isinstance(exc, Unusable) else "That could not be read."
        return web.json_response({"error": sentence}, status=HTTPStatus.BAD_REQUEST)


def _room(request: web.Request) -> Room:
    return request.app[ROOM]


def _who(request: web.Request) -> Resident:
    try:
        return BY_ID[request.match_info["who"]]
    except KeyError as exc:
        raise web.HTTPNotFound(text="Nobody of that name is in the rehearsal room.") from exc


async def _asked(request: web.Request) -> dict[str, str]:
    """What the page sent: a JSON object of texts. Raises `Unusable`."""
    sent = await request.json()
    if not isinstance(sent, dict):
        raise Unusable("That could not be read.")
    return {str(name): clean(str(value)) for name, value in sent.items()}


def clean(words: str) -> str:
    """As a chat platform hands words on: no half letters, no NUL, plain line breaks. Raises `Unusable`."""
    if len(words) > LONGEST_MESSAGE:
        raise Unusable(f"That is too long for one message: {LONGEST_MESSAGE:,} characters at most.")
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "").replace("\r\n", "\n")


def _cleaned(values: Values) -> Values:
    return {
        name: clean(value) if isinstance(value, str) else tuple(map(clean, value)) for name, value in values.items()
    }


def _shown(room: Room, outcome: Outcome) -> web.Response:
    """A form to open, if there is one."""
    match outcome:
        case Form():
            opened = room.keep_form(outcome)
            return web.json_response({"token": opened.token, "form": form_html(opened.form)})
        case FormErrors(errors):
            raise Unusable(" ".join(errors.values()))
        case None:
            return web.json_response({})


def _wall_time(typed: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(typed).replace(tzinfo=zone)
