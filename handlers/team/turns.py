"""What the actions of a team share: where an answer is for one pair of eyes, and what somebody is called when their
platform does not say.
"""

from handlers.chat import Person, PlaceKind
from handlers.desk import Turn
from handlers.team.rules import LONGEST_NAME
from handlers.text import clean
from storage.records import Address


def privately(turn: Turn) -> Address:
    """Where an answer is seen by the asker alone: in a channel too, whatever way they asked."""
    place = turn.place
    if place.kind is not PlaceKind.CHANNEL:
        return turn.here
    return Address(place.platform, place.workspace, conversation=place.id, account=turn.account.id, thread=place.thread)


def name_of(person: Person) -> str:
    """What a person is called: their name, else the first part of their address, made presentable."""
    name = on_one_line(person.name) or person.email.partition("@")[0].replace(".", " ").title()
    return name[:LONGEST_NAME] or "Unnamed"


def on_one_line(words: str) -> str:
    """A name as it was typed, without what cannot be seen and with single spaces."""
    return " ".join(clean(words).split())
