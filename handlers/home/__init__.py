"""The home page: my findings, what is next, what is asked of me; for the challenge manager, what is missing.

It is Slack's Home tab, and the same as a card for whoever types "home". Nobody else sees it. Other capabilities add to
it through the registry: what they ask of people, what they miss, parts of their own.
"""

from handlers.access import ANYONE, MANAGER, TEAM
from handlers.home import actions, cards, parts
from handlers.registry import Command, Registry
from handlers.routing import HOME_TAB


def register(registry: Registry) -> None:
    registry.command(
        Command(
            words="home",
            handler=actions.show_home,
            allowed=ANYONE,
            summary="your findings, what is next, what is asked of you",
            also=("my page", "home page", "what is next", "what's next"),
        )
    )
    registry.button("home.findings", actions.show_findings, TEAM)
    registry.button("home.summary", actions.show_summary, TEAM)
    registry.post(HOME_TAB, cards.build_home)
    registry.post("home", cards.build_home)
    registry.home_part(10, parts.build_asked, TEAM)
    registry.home_part(20, parts.build_missing, MANAGER)
    registry.home_part(30, parts.build_next, TEAM)
    registry.home_part(40, parts.build_findings, TEAM)
    registry.home_part(90, parts.build_acts, TEAM)
