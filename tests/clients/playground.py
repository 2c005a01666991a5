"""Agents Playground, Microsoft's local Teams client, as a test drives it: it says what people do, and reads what the
page would show. Only one of its people (`ME`) is at the page; the others act by activities of their own.

It listens on whatever port is free, so it is asked which one it took. What it cannot do (PLATFORM_FACTS T4) the test
sends as an activity of the shape that Teams sends.
"""

import asyncio
import json
import os
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

Json = dict[str, Any]

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / ".bin" / "agentsplayground"
TENANT = "00000000-0000-4000-8000-0000000000a1"
BOT = "00000000-0000-4000-8000-00000000b07b"
CHANNEL = "19:wall@thread.tacv2"
TEAM = "19:team@thread.tacv2"
CHAT = "personal-chat"
PATIENCE = 20.0  # seconds for what the client does in its own time

PEOPLE = {
    "mina": "Mina Okafor",
    "ruth": "Ruth Calder",
    "priya": "Priya Nair",
    "tom": "Tom Sutton",
    "grace": "Grace Mbeki",
    "aled": "Aled Pryce",
}
ME = "mina"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the page shows it. `post` is the conversation of a channel post, in which replies stand."""

    id: str
    conversation: str
    ours: bool
    text: str
    card: Json | None
    post: str = ""

    @property
    def words(self) -> str:
        """Everything that can be read on it."""
        return "\n".join([self.text, *(found for found in _texts(self.card) if found)]).strip()

    def action(self, title: str) -> Json:
        """The action whose title is, or begins with, that one."""
        return action_named(self.card, title)


def action_named(card: Json | None, title: str) -> Json:
    """The action of the card whose title begins so; of one that asks first, the one that answers yes."""
    found = [action for action in actions_of(card) if str(action.get("title", "")).startswith(title)]
    assert found, f"no {title!r} among {[action.get('title') for action in actions_of(card)]}"
    return actions_of(found[0]["card"])[0] if found[0]["type"] == "Action.ShowCard" else found[0]


def _texts(part: object) -> list[str]:
    """The texts of a card, in order, buttons in brackets."""
    match part:
        case {"type": str(kind), "title": str(title)} if kind.startswith("Action."):
            rest = {name: inner for name, inner in part.items() if name == "card"}
            return [f"[{title}]", *_texts(list(rest.values()))]
        case {"inlines": [*runs]}:
            return ["".join(str(run.get("text", "")) for run in runs)]
        case dict():
            own = [part["text"]] if isinstance(part.get("text"), str) else []
            labelled = [part["label"]] if isinstance(part.get("label"), str) else []
            rest = [inner for name, inner in part.items() if name not in {"fallback", "data", "refresh"}]
            return [*own, *labelled, *_texts(rest)]
        case list():
            return [words for inner in part for words in _texts(inner)]
        case _:
            return []


def actions_of(part: object) -> list[Json]:
    if isinstance(part, list):
        return [found for inner in part for found in actions_of(inner)]
    if not isinstance(part, dict):
        return []
    own = [part] if str(part.get("type", "")).startswith("Action.") else []
    return own + [found for name, inner in part.items() if name != "fallback" for found in actions_of(inner)]


@dataclass
class Playground:
    """The running client. `bot` is where Baseroom listens, `now` what its clock shows."""

    address: str
    bot: str
    session: aiohttp.ClientSession
    now: Callable[[], datetime]
    shown: dict[str, Shown] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _ticks: Iterator[int] = field(default_factory=lambda: count(1))  # no two things happen at the same instant

    # ---- what the page shows

    def in_chat(self) -> list[Shown]:
        return [message for message in self.shown.values() if message.conversation == CHAT]

    def in_channel(self) -> list[Shown]:
        return [message for message in self.shown.values() if message.conversation.startswith(CHANNEL)]

    async def sees(self, words: str, *, channel: bool = False) -> Shown:
        """The newest message of Baseroom's that shows these words; waits for it to be there."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    there = self.in_channel() if channel else self.in_chat()
                    found = [message for message in there if message.ours and words in message.words]
                    if found:
                        return found[-1]
                    await self.news()
        except TimeoutError:
            said = "\n---\n".join(message.words for message in (self.in_channel() if channel else self.in_chat())[-4:])
            raise AssertionError(f"{words!r} is not shown. The newest:\n{said}") from None

    async def news(self) -> None:
        """Wait for the page to be told something."""
        self._news.clear()
        await self._news.wait()

    async def listen(self) -> None:
        """Read what the page is told, for ever."""
        url = f"{self.address}/_ws_conversation/v1/conversations/stream".replace("http", "ws", 1)
        async with self.session.ws_connect(url) as stream:
            async for news in stream:
                self._note(json.loads(news.data))

    def _note(self, news: Json) -> None:
        message = news.get("message")
        if message is None:
            return
        [card, *_] = [*(part["content"] for part in message.get("attachments") or ()), None]
        known = self.shown.get(message["messageId"])
        self.shown[message["messageId"]] = Shown(
            message["messageId"],
            news["actionConversationId"],
            message["from"]["id"] == BOT,
            message.get("text") or "",
            card if isinstance(card, dict) else None,
            message.get("postConversationId") or (known.post if known else ""),
        )
        self._news.set()

    # ---- what the person at the page does

    async def installs(self, conversation: str = CHAT) -> None:
        await self._post(f"/_debug/conversation/{conversation}/installation", {})

    async def says(self, words: str) -> None:
        await self._say(CHAT, {"text": words, "textFormat": "plain"})

    async def mentions(self, words: str, *, in_post: str = "") -> None:
        """Name Baseroom in the channel, or in the thread of a post there."""
        at = "<at>Baseroom</at>"
        mention = {"mentioned": {"id": BOT, "name": "Baseroom"}, "text": at}
        await self._say(in_post or CHANNEL, {"text": f"{at} {words}", "textFormat": "xml", "mentions": [mention]})

    async def presses(self, message: Shown, title: str) -> Json | None:
        """Press a button of a card, as the page does: what an Action.Execute is answered with; None for a submit."""
        action = message.action(title)
        at = {"from": {"id": ME}, "conversation": {"id": message.post or message.conversation}, "replyToId": message.id}
        if action["type"] == "Action.Execute":
            value = {"action": {"type": "Action.Execute", "verb": action["verb"], "data": action["data"]}}
            return await self._post("/_conversation/v1/invoke", {"name": "adaptiveCard/action", "value": value} | at)
        data = action["data"]
        if (data.get("msteams") or {}).get("type") == "task/fetch":
            return await self.invokes("task/fetch", {"data": data}, **at)
        await self._post("/_conversation/v1/submit", {"value": data} | at)
        return None

    async def sends(self, dialog: Json | None, values: Mapping[str, str] | None = None, *, by: str = ME) -> Json:
        """Fill in the form of a dialog and send it; {} when that closes it."""
        assert dialog, "there is no dialog"
        assert dialog["task"]["type"] == "continue", dialog
        card = dialog["task"]["value"]["card"]["content"]
        [submit] = [action for action in card["actions"] if action["type"] == "Action.Submit"]
        filled = {part["id"]: part.get("value", "") for part in _inputs(card)} | dict(values or {})
        return await self.invokes("task/submit", {"data": submit["data"] | filled}, by=by)

    # ---- what goes to Baseroom as an activity

    async def invokes(self, name: str, value: Json, *, by: str = ME, **rest: Any) -> Json:
        """An invoke that the client has no button for; {} where the answer is empty, which closes a dialog.

        Its own door gives no answer back, so it goes straight to Baseroom, in the shape that the client gives its
        others.
        """
        activity = self.activity("invoke", by=by, name=name, value=value, **rest)
        async with self.session.post(self.bot, json=activity) as answer:
            assert answer.status == 200, (answer.status, await answer.text())
            found: Json = json.loads(await answer.text() or "{}")
            return found

    async def does(self, kind: str, *, by: str = ME, activity_id: str = "", event: str = "", **rest: Any) -> None:
        """Anything else that Teams tells: an edit or a deletion (`event` is Teams' name of it), what others say."""
        named = {"id": activity_id} if activity_id else {}
        about = {"channelData": {"eventType": event}} if event else {}
        await self._post("/_internal/v1/customActivities", self.activity(kind, by=by, **rest, **about) | named)

    def activity(self, kind: str, *, by: str, conversation: Mapping[str, str] | None = None, **rest: Any) -> Json:
        where = dict(conversation or {"id": CHAT if by == ME else f"chat-{by}"})
        is_channel = where["id"].startswith("19:")
        about = {"tenant": {"id": TENANT}}
        if is_channel:
            about |= {"team": {"id": TEAM}, "channel": {"id": CHANNEL}}
        rest["channelData"] = about | rest.get("channelData", {})
        made = {
            "type": kind,
            "id": uuid4().hex,
            "channelId": "msteams",
            "timestamp": (self.now() + timedelta(milliseconds=next(self._ticks))).isoformat(),
            "serviceUrl": f"{self.address}/_connector",
            "from": {"id": by, "name": PEOPLE[by], "aadObjectId": object_id(by)},
            "recipient": {"id": BOT, "name": "Baseroom"},
            "conversation": where
            | {"tenantId": TENANT, "conversationType": "channel" if is_channel else "personal", "isGroup": is_channel},
        }
        return made | {key: value for key, value in rest.items() if key != "from"}

    async def _say(self, conversation: str, message: Json) -> None:
        await self._post(f"/_conversation/v1/conversations/{conversation}/messages", {"from": {"id": ME}} | message)

    async def _post(self, path: str, body: Json) -> Json | None:
        async with self.session.post(f"{self.address}{path}", json=body) as answer:
            words = await answer.text()
            assert answer.status == 200, (path, answer.status, words)
            return json.loads(words) if words.startswith("{") else None


def _inputs(card: object) -> list[Json]:
    if isinstance(card, list):
        return [found for inner in card for found in _inputs(inner)]
    if not isinstance(card, dict):
        return []
    own = [card] if str(card.get("type", "")).startswith("Input.") else []
    return own + [found for inner in card.values() for found in _inputs(inner)]


def object_id(handle: str) -> str:
    """What Entra calls that person."""
    return f"00000000-0000-4000-8000-{list(PEOPLE).index(handle) + 1:012d}"


def settings() -> Json:
    """The client's settings file (JSON is YAML). It wants exactly five other people; when it is wrong it only exits."""

    def person(handle: str) -> Json:
        given, surname = PEOPLE[handle].split()
        address = f"{handle}@peers.example"
        return {
            "id": handle, "name": PEOPLE[handle], "userPrincipleName": address, "aadObjectId": object_id(handle),
            "givenName": given, "surname": surname, "email": address,
        }  # fmt: skip

    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": "Baseroom"},
        "currentUser": person(ME),
        "users": [person(handle) for handle in PEOPLE if handle != ME],
        "personalChat": {"id": CHAT},
        "groupChat": {"id": "group-chat", "name": "Group chat"},
        "team": {
            "id": TEAM,
            "name": "Peer challenge",
            "aadGroupId": "00000000-0000-4000-8000-000000000031",
            "channels": [{"id": CHANNEL, "name": "Base room"}],
        },
    }


@asynccontextmanager
async def running_playground(folder: Path, bot: str, now: Callable[[], datetime]) -> AsyncIterator[Playground]:
    """The client, talking to Baseroom at `bot`; ended on the way out."""
    (folder / ".m365agentsplayground.yml").write_text(json.dumps(settings()))
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM), "start", "-e", bot, "-c", "msteams", "-p", str(port), "--su", f"{address}/_connector",
        "--disable-telemetry", cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "TEAMSAPPTESTER_BROWSER": "none"},
    )  # fmt: skip
    try:
        await _listening(process, port)
        async with aiohttp.ClientSession() as session:
            client = Playground(address, bot, session, now)
            listening = asyncio.create_task(client.listen())
            yield client
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
    finally:
        process.kill()
        await process.wait()


async def _listening(process: asyncio.subprocess.Process, port: int) -> None:
    assert process.stdout
    async with asyncio.timeout(PATIENCE * 3):
        async for line in process.stdout:
            if found := re.search(rb"Listening on (\d+)", line):
                assert int(found[1]) == port, "another program took the port meanwhile"
                return
    raise AssertionError("Agents Playground ended before it listened: its settings file may be wrong")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
