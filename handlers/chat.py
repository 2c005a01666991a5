"""The chat vocabulary: what comes in, what goes out, in the same words for Slack, Teams and the rehearsal room.

A peer's message, a button they press, a form they send arrive as one of the `Incoming` types; a `Card`, a `Form` or a
`File` goes back. Everything is plain and frozen, so that rules can be tested without a platform, and so that a
renderer that forgets an element is a type error. All text is plain: a renderer escapes it, nothing here is markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# ---------------------------------------------------------------- who and where


class Platform(StrEnum):
    SLACK = "slack"
    TEAMS = "teams"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a platform knows them. `name`, `email` and `zone` are empty where the platform did not say.

    `alias` is a second id by which the platform's owners know the same person (Entra's object id in Teams).
    """

    platform: str
    workspace: str
    id: str
    name: str = ""
    email: str = ""
    zone: str = ""
    alias: str = ""


class PlaceKind(StrEnum):
    DM = "dm"
    CHANNEL = "channel"
    ELSEWHERE = "elsewhere"  # somebody else's direct message, a group chat: Baseroom can answer but not post there


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation. `thread` is the message under which it was said, if it was said in a thread."""

    platform: str
    workspace: str
    id: str
    kind: PlaceKind
    thread: str = ""


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What a platform says of a channel, for the check that it is fit for a team's findings (DESIGN, 'The team
    channel is checked'). `members` are the people in it, Baseroom and other apps not counted."""

    name: str
    private: bool
    shared_outside: bool
    members: tuple[Person, ...]


# ---------------------------------------------------------------- what comes in


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Something that happened on a platform. `id` is the same when the platform delivers it again.

    `known_as` are other marks by which a second delivery is known (a message may come as two events).
    """

    id: str
    at: datetime
    person: Person
    place: Place
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Incoming):
    """A message to Baseroom: in a direct message, or naming it in a channel (the mention is cut out).

    `people` are those named in the text, in order; a channel named in it stands as `#name`. `attachments` counts
    files that came with it. `facts` are there when said in a channel. `addressed` is False for a reply under one of
    Baseroom's own posts that does not name it: that may answer a question or be a command, and nothing else.
    """

    message: str
    text: str
    people: tuple[Person, ...] = ()
    attachments: int = 0
    facts: ChannelFacts | None = None
    addressed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Incoming):
    """A message that somebody changed; `text` is what it says now. `restored`: they had deleted it, and undid that."""

    message: str
    text: str
    people: tuple[Person, ...] = ()
    restored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted(Incoming):
    """A message that somebody took back. `person` may be unknown (its id is then empty)."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded(Incoming):
    """A slash command: everything after the slash, as typed. It may open a form."""

    text: str
    people: tuple[Person, ...] = ()
    facts: ChannelFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Incoming):
    """A button on a card. `message` is the card's message (empty when it stood on a home page). May open a form."""

    action: str
    value: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Incoming):
    """A form that was sent. `values` by field name: a text, or a tuple of chosen values.

    `carried` is what the form carried unseen (`Form.carried`).
    """

    form: str
    values: Mapping[str, str | tuple[str, ...]]
    carried: Mapping[str, str] = field(default_factory=dict)
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Quoted:
    """Somebody's message that somebody points at: by a message shortcut or a reaction."""

    message: str
    text: str
    author: Person
    said_at: datetime
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointedAt(Incoming):
    """'Log as finding' on a message, or another registered message shortcut. May open a form."""

    shortcut: str
    quoted: Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted(Incoming):
    """An emoji put on a message. `emoji` is its name without colons."""

    emoji: str
    quoted: Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened(Incoming):
    """Somebody opened Baseroom's home page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Incoming):
    """Somebody came into a channel where Baseroom is (or the channel itself changed: shared, made public)."""

    facts: ChannelFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Met(Incoming):
    """Somebody has put Baseroom into their direct messages, or into a channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Incoming):
    """Baseroom was taken out of somebody's direct messages, or out of a channel (which may itself be gone)."""


AnyIncoming = (
    Said | Edited | Deleted | Commanded | Pressed | Submitted | PointedAt | Reacted | HomeOpened | Joined | Met | Left
)

# ---------------------------------------------------------------- what goes out: cards


@dataclass(frozen=True, slots=True)
class Span:
    """A run of plain text. `link` makes it a link."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


class Style(StrEnum):
    BODY = "body"
    HEADING = "heading"
    NOTE = "note"  # small print
    QUOTE = "quote"  # somebody's own words


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph; line breaks inside it are kept. Made with `text(...)`."""

    spans: tuple[Span, ...]
    style: Style = Style.BODY

    @property
    def plain(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bulleted list, one paragraph each."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Short facts, label and value, side by side where there is room."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column titles. Every row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between parts of a card."""


class ButtonStyle(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question asked before a button acts."""

    title: str
    question: str
    yes: str
    no: str = "Cancel"


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `action` is a registered name, `value` what it is about (a record id; never words somebody typed).

    `opens` names the form that the button opens, if it opens one: Teams must know when the card is drawn. A button
    with `url` is a link and has no action. `about` is what it is about, where several buttons of a card have the same
    label: whoever hears the card read out is told it with the label.
    """

    label: str
    action: str = ""
    value: str = ""
    style: ButtonStyle = ButtonStyle.PLAIN
    opens: str = ""
    confirm: Confirm | None = None
    url: str = ""
    about: str = ""

    @property
    def spoken(self) -> str:
        """The label, with what it is about."""
        return f"{self.label}: {self.about}" if self.about else self.label


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons. `only_for` names, by their platform ids, those who are shown it on a card that everybody sees;
    a platform that draws a card alike for all leaves such a row out. It hides what others need not see, and guards
    nothing: who may do a thing is checked when it is done."""

    buttons: tuple[Button, ...]
    only_for: tuple[str, ...] = ()


Element = Text | Bullets | Fields | Table | Divider | Buttons


@dataclass(frozen=True, slots=True)
class Card:
    """A post. `notification` shows on lock screens: numbers and themes, never a finding or a name."""

    notification: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A document to hand over. `notification` as on a card."""

    notification: str
    name: str
    media_type: str
    content: bytes


# ---------------------------------------------------------------- what goes out: forms


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a person may choose: what they see and what comes back."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """A line (or lines) to type in. `max_length` in characters, at most 3,000."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    placeholder: str = ""
    required: bool = False
    lines: bool = False
    max_length: int = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField:
    """A choice among a few: one of them, or several (`several`). `chosen` are values. `open` shows all of them."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: tuple[str, ...] = ()
    several: bool = False
    hint: str = ""
    required: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleField:
    """A choice of people of the workspace. What comes back are platform ids; `Submitted.people` tells who they are.

    `chosen` are platform ids, for a form that comes back as it was filled in."""

    name: str
    label: str
    chosen: tuple[str, ...] = ()
    several: bool = True
    hint: str = ""
    required: bool = False


FormPart = Text | TextField | ChoiceField | PeopleField


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `name` is registered; `carried` comes back unseen. `title` is at most 24 characters."""

    name: str
    title: str
    parts: tuple[FormPart, ...]
    submit: str = "Save"
    carried: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[TextField | ChoiceField | PeopleField, ...]:
        return tuple(part for part in self.parts if not isinstance(part, Text))


@dataclass(frozen=True, slots=True)
class FormErrors:
    """What must be mended before a form can be taken: a sentence by field name. The form stays as it was typed."""

    errors: Mapping[str, str]


Outcome = Form | FormErrors | None
"""What a handler gives back at once: a form to open (or the next page of one), or what is wrong with one."""

# ---------------------------------------------------------------- making texts


def text(*parts: str | Span, style: Style = Style.BODY) -> Text:
    """A paragraph of plain strings and spans."""
    return Text(tuple(Span(part) if isinstance(part, str) else part for part in parts), style)


def bold(words: str) -> Span:
    return Span(words, bold=True)


def italic(words: str) -> Span:
    return Span(words, italic=True)


def heading(words: str) -> Text:
    return text(words, style=Style.HEADING)


def note(words: str) -> Text:
    return text(words, style=Style.NOTE)


def quote(words: str) -> Text:
    return text(words, style=Style.QUOTE)
