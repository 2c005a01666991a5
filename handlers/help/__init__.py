"""Help: a short, useful answer to "help", to a greeting and to a misspelt command, and none of them ever a finding.

Whatever was taken for something other than a finding can be logged as one with a tap on the answer, and what was
nearly a command can be done with a tap.
"""

from handlers.access import ANYONE, TEAM
from handlers.help import actions, cards
from handlers.help.rules import names_a_topic
from handlers.registry import Command, Registry
from handlers.routing import CHOOSE_CHALLENGE, OPEN_FORM, choose_challenge, open_form


def register(registry: Registry) -> None:
    _register_commands(registry)
    registry.met = actions.say_hello
    registry.post("notice", cards.build_notice, even_removed=True)
    registry.post("help.overview", cards.build_overview)
    registry.post("help.hello", cards.build_hello)
    registry.post("help.hello_channel", cards.build_hello_channel)
    registry.post("help.topic", cards.build_topic)
    registry.post("help.privacy", cards.build_privacy)
    registry.post("help.undo", cards.build_undo)
    registry.post("help.greeting", cards.build_greeting)
    registry.post("help.near_miss", cards.build_near_miss)
    registry.post("help.unknown", cards.build_unknown)
    registry.post("help.which", cards.build_which)
    registry.post("help.form_offer", cards.build_form_offer)
    registry.post("help.button_again", cards.build_button_again)
    registry.button("help.topic", actions.show_topic, ANYONE)
    registry.button("help.run", actions.run_what_was_meant, ANYONE)
    registry.button(OPEN_FORM, open_form, ANYONE)
    registry.button(CHOOSE_CHALLENGE, choose_challenge, ANYONE)


def _register_commands(registry: Registry) -> None:
    registry.command(
        Command(
            words="help",
            handler=actions.show_help,
            allowed=ANYONE,
            summary="what Baseroom can do for you",
            usage="help themes",
            accepts=names_a_topic,
            also=("?", "what can you do", "how does this work", "commands", "menu"),
            example="themes",
        )
    )
    registry.command(
        Command(
            words="privacy",
            handler=actions.show_privacy,
            allowed=ANYONE,
            summary="who sees what you log, and what is kept",
            also=(
                "who can see this",
                "who can see these notes",
                "who sees this",
                "who sees these notes",
                "is this confidential",
                "is this private",
                "what happens to my notes",
            ),
        )
    )
    registry.command(
        Command(
            words="undo",
            handler=actions.show_undo,
            allowed=TEAM,
            summary="take your last finding back",
            also=("scrap that", "scrap that last one", "delete that", "undo that", "undo last"),
        )
    )
