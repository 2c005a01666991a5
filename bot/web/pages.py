"""The rehearsal room as HTML: the page, one message on it, the wall, and the news that an open window is told."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.wall import Wall, charts_of
from bot.web.hands import Horizon, stage
from bot.web.live import ClockMoved, HomeShown, MessageGone, MessageShown, News, StartedAgain, WallChanged
from bot.web.render import render_form
from bot.web.workspace import BASEROOM, BY_ID, MANAGER, PEOPLE, RESIDENTS, TEAM_CHANNEL, ZONE, Resident, may_see
from handlers.chat import Form
from handlers.registry import Registry
from storage.records import Challenge, RehearsalMessage, Shape

SLASH_WORDS = frozenset({"challenge", "finding", "findings", "theme", "summary", "checkin"})
DAYS_IN_A_WEEK = 7
STATIC = Path(__file__).parent / "static"

_pages = Environment(
    loader=PackageLoader("bot.web"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A message as one viewer sees it."""

    id: str
    author: str
    initials: str
    hue: int
    day: str
    time: str
    moment: str
    thread: str
    words: str
    html: str
    file: str
    own: bool
    ours: bool
    whispered: bool
    edited: bool
    pinned: bool


def line_of(message: RehearsalMessage, viewer: Resident) -> Line:
    author = BY_ID.get(message.author)
    drawn = {} if message.shape is Shape.WORDS else json.loads(message.body)
    local = message.at.astimezone(ZoneInfo(ZONE))
    return Line(
        id=message.id,
        author=author.name if author else "Baseroom",
        initials=author.initials if author else "B",
        hue=hue_of(message.author),
        day=f"{local:%A} {local.day} {local:%B}",
        time=f"{local:%H:%M}",
        moment=message.at.isoformat(),
        thread=message.thread,
        words=message.body if message.shape is Shape.WORDS else "",
        html=drawn.get("html", ""),
        file=drawn.get("name", ""),
        own=message.author == viewer.id,
        ours=message.author == BASEROOM,
        whispered=bool(message.only_to),
        edited=message.edited_at is not None,
        pinned=bool(message.pinned_by),
    )


def hue_of(resident_id: str) -> int:
    return next((number for number, one in enumerate(RESIDENTS) if one.id == resident_id), len(RESIDENTS))


@dataclass(frozen=True, slots=True)
class Talk:
    """A message and the replies under it."""

    line: Line
    replies: tuple[Line, ...]


def talks_of(messages: Iterable[RehearsalMessage], viewer: Resident) -> list[Talk]:
    """The conversation in order, replies under what they answer (or in the open where that is gone)."""
    lines = [line_of(message, viewer) for message in messages]
    here = {line.id for line in lines}
    return [
        Talk(line, tuple(reply for reply in lines if reply.thread == line.id))
        for line in lines
        if not line.thread or line.thread not in here
    ]


@dataclass(frozen=True, slots=True)
class Face:
    """The face of the clock; `heard` counts the news that what is drawn shows already."""

    heard: int
    now: datetime
    zone: str
    stage: str
    has_challenge: bool
    next_thing: str
    next_session: str


# ---------------------------------------------------------------- pages


def conversation_page(
    viewer: Resident, view: str, messages: Iterable[RehearsalMessage], face: Face, registry: Registry
) -> str:
    return _page(
        "conversation.html",
        viewer,
        view,
        face,
        talks=talks_of(messages, viewer),
        conversation=TEAM_CHANNEL if view == "team" else viewer.dm,
        shortcuts=list(registry.shortcuts.values()),
        commands=commands_of(registry),
    )


def home_page(viewer: Resident, html: str, face: Face) -> str:
    return _page("home.html", viewer, "home", face, home=html)


def wall_page(viewer: Resident, wall: Wall | None, face: Face) -> str:
    return _page("wall.html", viewer, "wall", face, wall=wall, charts=charts_of(wall) if wall else [])


def people_page(viewer: Resident, face: Face) -> str:
    return _page("people.html", viewer, "people", face)


def face_of(horizon: Horizon, challenge: Challenge | None, heard: int) -> Face:
    today = horizon.now.astimezone(horizon.zone).date()

    def shown(moment: datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(horizon.zone)
        days_off = (local.date() - today).days
        if days_off == 0:
            return f"{local:%H:%M}"
        return f"{local:%a %H:%M}" if days_off < DAYS_IN_A_WEEK else f"{local.day} {local:%b, %H:%M}"

    return Face(
        heard,
        horizon.now,
        horizon.zone.key,
        stage(challenge, today),
        challenge is not None,
        shown(horizon.next_thing),
        shown(horizon.next_session),
    )


def _page(template: str, viewer: Resident, view: str, face: Face, **values: object) -> str:
    local = face.now.astimezone(ZoneInfo(face.zone))
    return _pages.get_template(template).render(
        viewer=viewer,
        view=view,
        face=face,
        local=local,
        residents=RESIDENTS,
        hue_of=hue_of,
        somebody_else=next(one for one in RESIDENTS if one not in (viewer, MANAGER)),
        **values,
    )


def commands_of(registry: Registry) -> str:
    """What may follow a slash, as JSON for the composer."""
    offered = [
        {"typed": f"{_slash(entry.words)} ", "usage": entry.usage, "summary": entry.summary}
        for entry in sorted(registry.commands.values(), key=lambda entry: entry.words)
    ]
    return json.dumps(offered)


def _slash(words: str) -> str:
    first = words.split()[0]
    return f"/{words}" if first in SLASH_WORDS else f"/baseroom {words}"


# ---------------------------------------------------------------- what goes to an open window


def message_html(message: RehearsalMessage, viewer: Resident, registry: Registry) -> str:
    """One message, as it stands on the page."""
    module = _pages.get_template("message.html").module
    drawn: str = module.message(  # type: ignore[attr-defined]  # Jinja makes each macro an attribute
        line_of(message, viewer), viewer, list(registry.shortcuts.values())
    )
    return drawn


def form_html(form: Form, errors: Mapping[str, str] | None = None) -> str:
    return render_form(form, errors=errors, people=PEOPLE)


def news_for(news: News, viewer: Resident, registry: Registry) -> dict[str, str] | None:
    """What that person's window is told; None when it is not theirs to know."""
    match news:
        case MessageShown(message) if may_see(viewer, message.conversation, message.only_to):
            return {
                "kind": "message",
                "id": message.id,
                "conversation": message.conversation,
                "thread": message.thread,
                "html": message_html(message, viewer, registry),
            }
        case MessageShown(message) if message.author == BASEROOM:
            return {"kind": "elsewhere", "person": _owner(message)}
        case MessageShown():
            return None
        case MessageGone(message_id, conversation):
            return {"kind": "gone", "id": message_id, "conversation": conversation}
        case HomeShown(resident_id, html):
            return {"kind": "home", "html": html} if resident_id == viewer.id else None
        case ClockMoved():
            return {"kind": "clock"}
        case WallChanged():
            return {"kind": "wall"}
        case StartedAgain():
            return {"kind": "again"}


def _owner(message: RehearsalMessage) -> str:
    return message.only_to or message.conversation.removeprefix("dm-")
