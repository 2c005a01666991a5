"""Health: the challenge manager asks whether everything that was said is saved and everything that is due is out, and
is told in words; the same numbers are what an IT officer's monitoring reads.
"""

from handlers.access import APPOINTED, MANAGER
from handlers.health import actions, cards
from handlers.registry import Command, Registry


def register(registry: Registry) -> None:
    registry.command(
        Command(
            words="challenge health",
            handler=actions.show_health,
            allowed=MANAGER | APPOINTED,
            summary="whether everything is saved and everything is sent",
            also=("health",),
        )
    )
    registry.post(actions.HEALTH, cards.build_health)
