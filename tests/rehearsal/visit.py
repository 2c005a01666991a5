"""People at their browsers in the rehearsal room, as HTTP sees them.

await visit.priya.says("Partners share one plan #vision")
assert "#42 saved" in await visit.priya.sees("dm")
"""

import html
import re
from dataclasses import dataclass, field

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request

from bot.web.room import Room
from bot.web.workspace import BY_ID, RESIDENTS

Client = TestClient[Request, Application]


@dataclass
class Shown:
    """A message on somebody's page."""

    id: str
    html: str

    @property
    def words(self) -> str:
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.html))).strip()


@dataclass
class Window:
    """One person's browser. `form` is the form that stands open in it, `trouble` the last refusal."""

    visit: "Visit"
    who: str
    token: str = ""
    form: str = ""
    trouble: str = ""

    async def says(self, words: str, *, to: str = "dm", thread: str = "") -> None:
        conversation = "team" if to == "team" else f"dm-{self.who}"
        await self.posts("say", conversation=conversation, words=words, thread=thread)

    async def posts(self, path: str, **body: str) -> ClientResponse:
        answer = await self.visit.client.post(f"/as/{self.who}/{path}", json=body, headers=self.visit.own)
        await self._take(answer)
        return answer

    async def sends(self, **values: str | list[str]) -> None:
        """Sends the open form with what it held, and these values in their place."""
        held: list[tuple[str, str]] = []
        for name, value in _fields_of(self.form):
            if name.removeprefix("field:") not in values:
                held.append((name, value))
        for name, given in values.items():
            held += [(f"field:{name}", one) for one in ([given] if isinstance(given, str) else given)]
        answer = await self.visit.client.post(f"/as/{self.who}/form/{self.token}", data=held, headers=self.visit.own)
        await self._take(answer)

    async def _take(self, answer: ClientResponse) -> None:
        told = await answer.json()
        self.trouble, self.form = told.get("error", ""), told.get("form", "")
        self.token = told.get("token", self.token)

    async def page(self, view: str) -> str:
        answer = await self.visit.client.get(f"/as/{self.who}/{view}")
        assert answer.status == 200, await answer.text()
        return await answer.text()

    async def messages(self, view: str) -> list[Shown]:
        """What stands in the conversation, in order (a reply stands inside what it answers, and by itself)."""
        drawn = re.split(r'(?=<li class="message)', await self.page(view))[1:]
        return [Shown(found[1], one) for one in drawn if (found := re.search(r'data-message="(\w+)"', one))]

    async def sees(self, view: str) -> str:
        return "\n".join(message.words for message in await self.messages(view))

    async def last(self, view: str = "dm") -> Shown:
        return (await self.messages(view))[-1]

    async def message(self, words: str, view: str = "dm") -> Shown:
        """The newest message with these words."""
        return next(one for one in reversed(await self.messages(view)) if words in one.words)

    async def presses(self, label: str, view: str = "dm") -> None:
        """The newest button with that label."""
        for message in reversed(await self.messages(view)):
            for attributes, words in re.findall(r"<button([^>]*data-action[^>]*)>(.*?)</button>", message.html):
                if html.unescape(words) == label:
                    named = dict(re.findall(r'data-(\w+)="([^"]*)"', attributes))
                    action, value = html.unescape(named["action"]), html.unescape(named.get("value", ""))
                    await self.posts("press", message=message.id, action=action, value=value)
                    return
        raise AssertionError(f"no button {label!r} for {self.who}")


def _fields_of(form: str) -> list[tuple[str, str]]:
    """The fields that a browser would send for the form as it stands."""
    found: list[tuple[str, str]] = []
    pattern = r"<input([^>]*)>|<textarea([^>]*)>\n?(.*?)</textarea>|<select([^>]*)>(.*?)</select>"
    for given, area, text, select, options in re.findall(pattern, form, re.DOTALL):
        named = dict(re.findall(r'([\w-]+)="([^"]*)"', given or area or select))
        if area:
            found.append((named["name"], html.unescape(text)))
        elif select:
            chosen = re.search(r'value="([^"]*)" selected', options)
            found.append((named["name"], html.unescape(chosen[1]) if chosen else ""))
        elif named["type"] not in ("checkbox", "radio") or " checked" in given:
            found.append((html.unescape(named["name"]), html.unescape(named["value"])))
    return found


@dataclass
class Visit:
    room: Room
    client: Client
    windows: dict[str, Window] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.windows = {one.id: Window(self, one.id) for one in RESIDENTS}

    def __getattr__(self, who: str) -> Window:
        if who in BY_ID:
            return self.windows[who]
        raise AttributeError(who)

    @property
    def own(self) -> dict[str, str]:
        """What a browser says of the page that sends: this room's own."""
        return {"Origin": str(self.client.make_url("/")).rstrip("/")}
