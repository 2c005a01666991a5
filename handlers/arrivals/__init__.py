"""Arrivals: a post of which nobody can tell whether it arrived is never sent again blindly, and never forgotten.

On a platform that cannot be asked (Teams keeps no mark by which a post could be found) the challenge manager gets one
card that says what it was and where it should stand, with two buttons: it appeared, or post it again. Until somebody
says so, their home page asks too.
"""

from handlers.access import MANAGER
from handlers.arrivals import actions, cards
from handlers.registry import Registry


def register(registry: Registry) -> None:
    registry.button("arrivals.appeared", actions.say_it_appeared, MANAGER)
    registry.button("arrivals.post_again", actions.post_again, MANAGER)
    registry.post(actions.QUESTION, cards.build_question)
    registry.asked_part(cards.build_asked)
    registry.not_known = actions.ask
