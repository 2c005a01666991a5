"""One card in a channel, and more on it for some: its managers see their buttons, and what is for one person alone
stands there as a line that tells nothing, which only they can open.

Teams draws such a card alike for all and then asks, for those whom the card names, what they are to see
("User Specific Views": at most 60 people, and a view is stale after a minute). What is private is never in the card.
"""

from collections.abc import Sequence

from bot.teams.payloads import Json
from handlers.chat import Button, Buttons, ButtonStyle, Card, Element, text

VIEW = "baseroom.view"  # the verb by which a client asks for somebody's own view
OPEN = "baseroom.open"  # the same for what waits for one person; its value says what
MOST_NAMED = 60


def seen_by(viewer: str, card: Card) -> tuple[Element, ...]:
    """What the card shows to that person; to everybody ("") only what is for all."""
    return tuple(
        element
        for element in card.elements
        if not isinstance(element, Buttons) or not element.only_for or viewer in element.only_for
    )


def asked_for(card: Card) -> tuple[str, ...]:
    """Whose own view a client is to ask for."""
    rows = [element for element in card.elements if isinstance(element, Buttons)]
    return tuple(dict.fromkeys(person for row in rows for person in row.only_for))[:MOST_NAMED]


def refreshing(drawn: Json, people: Sequence[str], *, action: str = VIEW, value: str = "") -> Json:
    """The drawn card, which asks by itself for the view of each of these people."""
    if not people:
        return drawn
    ask = {"type": "Action.Execute", "title": "Refresh", "verb": action, "data": {"action": action, "value": value}}
    return drawn | {"refresh": {"action": ask, "userIds": list(people)}}


def waiting_for_one(key: str) -> Card:
    """What stands in a channel for somebody whose own chat cannot be reached; `key` finds what it is."""
    return Card(
        notification="Something is waiting here for one person",
        elements=(
            text("Something is waiting here for one person. Only they can open it."),
            Buttons((Button("Open", OPEN, key, ButtonStyle.PRIMARY),)),
        ),
    )
