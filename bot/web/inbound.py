"""What happens in the rehearsal room, in the chat vocabulary: the same events that Slack and Teams would send."""

import re
from datetime import datetime

from bot.web.workspace import BY_ID, CHANNEL_FACTS, RESIDENTS, TEAM_CHANNEL, Resident, place_of
from bot.wording import Values
from handlers.chat import (
    ChannelFacts,
    Commanded,
    Deleted,
    Edited,
    Form,
    HomeOpened,
    PeopleField,
    Person,
    PointedAt,
    Pressed,
    Quoted,
    Reacted,
    Said,
    Submitted,
)
from storage.records import RehearsalMessage, new_id

_MENTION = re.compile(r"@baseroom\b[ \t]*[:,]?[ \t]*", re.IGNORECASE)
_NAMED = re.compile(r"@(" + "|".join(one.first_name for one in RESIDENTS) + r")\b", re.IGNORECASE)
_SLASH = re.compile(r"/([A-Za-z][\w-]*)(?:\s+(.*))?", re.DOTALL)
GROUPED = "baseroom"


def slash_command(words: str) -> str | None:
    """The command in a line that begins with a slash: `/baseroom theme add` and `/theme add` are both `theme add`."""
    found = _SLASH.fullmatch(words.strip())
    if found is None:
        return None
    rest = found[2] or ""
    return rest if found[1].casefold() == GROUPED else f"{found[1]} {rest}".strip()


def names_baseroom(words: str) -> bool:
    return bool(_MENTION.search(words))


def without_mention(words: str) -> str:
    return _MENTION.sub("", words).strip() if names_baseroom(words) else words


def people_in(words: str) -> tuple[Person, ...]:
    """Whom the words name with an @, by first or full name, in order, each once."""
    return tuple(BY_ID[name].person for name in dict.fromkeys(name.casefold() for name in _NAMED.findall(words)))


def commanded(who: Resident, conversation: str, text: str, at: datetime) -> Commanded:
    return Commanded(
        id=_mark(), at=at, person=who.person, place=place_of(conversation), text=text, people=people_in(text),
        facts=_facts(conversation),
    )  # fmt: skip


def said(who: Resident, message: RehearsalMessage, *, addressed: bool) -> Said:
    return Said(
        id=f"rehearsal|{message.id}",
        at=message.at,
        person=who.person,
        place=place_of(message.conversation, message.thread),
        message=message.id,
        text=without_mention(message.body),
        people=people_in(message.body),
        facts=_facts(message.conversation),
        addressed=addressed,
    )


def edited(who: Resident, message: RehearsalMessage, at: datetime) -> Edited:
    return Edited(
        id=_mark(),
        at=at,
        person=who.person,
        place=place_of(message.conversation, message.thread),
        message=message.id,
        text=without_mention(message.body),
        people=people_in(message.body),
    )


def deleted(who: Resident, message: RehearsalMessage, at: datetime) -> Deleted:
    place = place_of(message.conversation, message.thread)
    return Deleted(id=_mark(), at=at, person=who.person, place=place, message=message.id)


def pressed(who: Resident, message: RehearsalMessage | None, action: str, value: str, at: datetime) -> Pressed:
    """A button of a post, or (without a message) of the home page."""
    place = place_of(message.conversation, message.thread) if message else place_of(who.dm)
    return Pressed(
        id=_mark(), at=at, person=who.person, place=place, action=action, value=value,
        message=message.id if message else "",
    )  # fmt: skip


def submitted(who: Resident, form: Form, values: Values, at: datetime) -> Submitted:
    return Submitted(
        id=_mark(), at=at, person=who.person, place=place_of(who.dm), form=form.name, values=values,
        carried=form.carried, people=_chosen_people(form, values),
    )  # fmt: skip


def pointed_at(who: Resident, message: RehearsalMessage, shortcut: str, at: datetime) -> PointedAt:
    place = place_of(message.conversation, message.thread)
    return PointedAt(id=_mark(), at=at, person=who.person, place=place, shortcut=shortcut, quoted=_quoted(message))


def reacted(who: Resident, message: RehearsalMessage, emoji: str, at: datetime) -> Reacted:
    place = place_of(message.conversation, message.thread)
    return Reacted(id=_mark(), at=at, person=who.person, place=place, emoji=emoji, quoted=_quoted(message))


def home_opened(who: Resident, at: datetime) -> HomeOpened:
    return HomeOpened(id=_mark(), at=at, person=who.person, place=place_of(who.dm))


def _quoted(message: RehearsalMessage) -> Quoted:
    author = BY_ID[message.author].person
    return Quoted(message.id, without_mention(message.body), author, message.at, people_in(message.body))


def _chosen_people(form: Form, values: Values) -> tuple[Person, ...]:
    chosen: list[str] = []
    for field in form.fields:
        value = values.get(field.name, ()) if isinstance(field, PeopleField) else ()
        chosen += [value] if isinstance(value, str) else value
    return tuple(BY_ID[one].person for one in chosen if one in BY_ID)


def _facts(conversation: str) -> ChannelFacts | None:
    return CHANNEL_FACTS if conversation == TEAM_CHANNEL else None


def _mark() -> str:
    return f"rehearsal|{new_id()}"
