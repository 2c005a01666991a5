"""Linking: a person is one person, whichever platform they type into.

A peer who is known in Slack types "link" there, gets a code, and types it to Baseroom in Teams; or the challenge
manager says that two people of the team are the same. From then on there is one seat with one set of initials,
reminders go to where the person last spoke, and a wrong link can be cut again by the manager.
"""

from handlers.access import ANYONE, MANAGER
from handlers.linking import actions, cards, forms, managing
from handlers.linking.rules import is_code, is_link
from handlers.registry import Command, Registry


def register(registry: Registry) -> None:
    registry.command(
        Command(
            "link", actions.ask_or_use, ANYONE, "be one person on two platforms", usage="the code from the other one",
            accepts=is_code, example="BCDF-GHJK",
        )
    )  # fmt: skip
    registry.command(
        Command(
            "challenge link", managing.start_linking, MANAGER, "say that two accounts are one person",
            usage="PN and @somebody", accepts=is_link, opens=forms.LINK, example="PN and TS",
        )
    )  # fmt: skip
    registry.command(
        Command(
            "challenge unlink", managing.start_unlinking, MANAGER, "cut a wrong link", opens=forms.UNLINK,
        )
    )  # fmt: skip
    registry.button("linking.yes", actions.press_yes, ANYONE)
    registry.form(forms.LINK, managing.take_link, MANAGER)
    registry.form(forms.UNLINK, managing.take_unlink, MANAGER)
    registry.post("linking.code", cards.build_code)
    registry.post("linking.sure", cards.build_sure)
    registry.post("linking.linked", cards.build_linked)
    registry.post("linking.apart", cards.build_apart)
    registry.post("linking.news", cards.build_news)
