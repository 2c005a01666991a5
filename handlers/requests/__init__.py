"""A person's request: somebody who is mentioned asks what is held about them, or to have it corrected or erased.

The challenge manager types the name into a form, in a direct message and nowhere else. Everything held in that
challenge is opened in memory and searched (UK GDPR, Articles 15 to 17); the answer says where, by numbers and dates,
and for an erasure the manager decides item by item. What is kept of the request is its kind, its day, the counts and
who handled it, in the audit trail; never the name.
"""

from handlers.access import MANAGER
from handlers.registry import Command, Registry, anything
from handlers.requests import actions, cards


def register(registry: Registry) -> None:
    registry.command(
        Command(
            words="challenge request",
            handler=actions.start,
            allowed=MANAGER,
            summary="somebody asks what is held about them: find it, correct it or erase it",
            accepts=anything,
            also=("person's request", "subject access request", "data request"),
            opens=cards.ASK,
        )
    )
    registry.button(cards.OPEN, actions.press_open, MANAGER, opens=cards.ASK)
    registry.form(cards.ASK, actions.take_name, MANAGER)
    registry.form(cards.ERASE, actions.take_decisions, MANAGER)
    registry.post(cards.OFFER, cards.build_offer)
    registry.post(cards.FOUND, cards.build_found)
