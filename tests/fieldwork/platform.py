"""A platform made of memory: what people see of Baseroom when there is no network.

It is a porter like Slack's, and as strict where strictness does not need a network: it refuses to post where nobody
is, to edit what is not there, and to put words from a finding into a notification.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from bot.ports import Gone, Target, Unknowable
from handlers.chat import Bullets, Button, Buttons, Card, Divider, Fields, File, Table, Text
from storage.records import Account


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as it now stands."""

    id: str
    target: Target
    content: Card | File
    key: str
    edits: int = 0

    @property
    def words(self) -> str:
        """Everything a person reads on it, buttons too."""
        if isinstance(self.content, File):
            return f"{self.content.notification} [{self.content.name}]"
        return "\n".join(line for element in self.content.elements for line in read(element))

    @property
    def buttons(self) -> list[Button]:
        if isinstance(self.content, File):
            return []
        rows = [element for element in self.content.elements if isinstance(element, Buttons)]
        return [button for row in rows for button in row.buttons]

    def button(self, label: str) -> Button:
        """The button with that label (or whose label begins with it)."""
        found = [b for b in self.buttons if b.label == label] or [b for b in self.buttons if b.label.startswith(label)]
        assert found, f"no button {label!r} among {[button.label for button in self.buttons]} on:\n{self.words}"
        return found[0]


def read(element: object) -> list[str]:
    match element:
        case Text():
            return [element.plain]
        case Bullets(items):
            return [f"• {item.plain}" for item in items]
        case Fields(pairs):
            return [f"{label}: {value}" for label, value in pairs]
        case Table(columns, rows):
            return [" | ".join(row) for row in (columns, *rows)]
        case Buttons(buttons):
            return [f"[{button.label}]" for button in buttons]
        case Divider():
            return []
    raise AssertionError(f"an element nobody can read: {element!r}")


@dataclass
class MemoryPlatform:
    """The porter, and what it has carried. `homes` by user id. `keeps_keys`: a post can be found again, as in Slack."""

    shown: list[Shown] = field(default_factory=list)
    homes: dict[str, Card] = field(default_factory=dict)
    raises: list[Exception] = field(default_factory=list)
    keeps_keys: bool = True
    on_a_page: int = 100  # elements of a card
    _lost_answer: Exception | None = None
    _arrived: list[str] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def pages(self, content: Card | File) -> Sequence[object]:
        if isinstance(content, File):
            return (content,)
        ends = range(0, len(content.elements), self.on_a_page)
        return [replace(content, elements=content.elements[at : at + self.on_a_page]) for at in ends]

    async def open_dm(self, account: Account) -> str:
        return f"D-{account.user_id}"

    async def post(self, target: Target, page: object, *, key: str) -> str:
        self._fail()
        assert isinstance(page, Card | File)
        assert page.notification.strip(), "a post with an empty notification"
        assert target.conversation, "a post to nowhere"
        shown = Shown(f"M{next(self._ids)}", target, page, key)
        self.shown.append(shown)
        if self._lost_answer:
            error, self._lost_answer = self._lost_answer, None
            self._arrived.append(shown.id)
            raise error
        return shown.id

    async def update(self, target: Target, message: str, page: object) -> None:
        self._fail()
        assert isinstance(page, Card | File)
        for position, shown in enumerate(self.shown):
            if shown.id == message:
                self.shown[position] = replace(shown, content=page, edits=shown.edits + 1)
                return
        raise Gone

    async def delete(self, target: Target, message: str) -> None:
        self._fail()
        left = [shown for shown in self.shown if shown.id != message]
        if len(left) == len(self.shown):
            raise Gone
        self.shown[:] = left

    async def find(self, target: Target, key: str, since: datetime) -> str | None:
        if not self.keeps_keys:
            raise Unknowable("this platform keeps no keys")
        return next((shown.id for shown in self.shown if shown.key == key), None)

    async def show_home(self, account: Account, card: Card) -> None:
        self.homes[account.user_id] = card

    def arrives_but_fails(self, error: Exception) -> list[str]:
        """The next post arrives, but its answer is lost; the ids of such posts are in the list returned."""
        self._lost_answer = error
        return self._arrived

    def _fail(self) -> None:
        if self.raises:
            raise self.raises.pop(0)
