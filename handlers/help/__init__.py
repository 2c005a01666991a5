"""Help: a short, useful answer to "help", to a greeting and to a misspelt command, and none of them ever a finding.

Whatever was taken for something other than a finding can be logged as one with a tap on the answer.
"""

from handlers.access import ANYONE
from handlers.help import actions, cards
from handlers.registry import Command, Registry
from handlers.routing import OPEN_FORM, open_form


def register(registry: Registry) -> None:
    registry.command(
        Command(
            words="help",
            handler=actions.show_help,
            allowed=ANYONE,
            summary="what Baseroom can do for you",
            also=("?", "what can you do", "how does this work", "commands", "menu"),
        )
    )
    registry.post("notice", cards.build_notice)
    registry.post("help.overview", cards.build_overview)
    registry.post("help.greeting", cards.build_greeting)
    registry.post("help.near_miss", cards.build_near_miss)
    registry.post("help.unknown", cards.build_unknown)
    registry.post("help.form_offer", cards.build_form_offer)
    registry.post("help.button_again", cards.build_button_again)
    registry.button(OPEN_FORM, open_form, ANYONE)
