"""The end of what Baseroom itself holds: until when it is kept, on hold, and destroyed by two people for good.

A day by which everything goes is known from the first day; a manager may put it off with a reason, and a hold forbids
it altogether. The manager asks for the destruction, a second person confirms it, and then it goes on by itself: the
key, the posts on the platforms, the records, the files; in the end there is a certificate. What people hold
themselves is note destruction (`handlers/destruction`).
"""

from datetime import timedelta

from handlers.access import ANYONE, MANAGER
from handlers.disposal import actions, cards, posts, schedule
from handlers.registry import Command, Late, Registry, ScheduleEntry, anything
from storage.records import Role

LEADS = frozenset({Role.CHALLENGE_MANAGER, Role.LEAD_PEER})


def register(registry: Registry) -> None:
    _register_commands(registry)
    registry.button("disposal.show", actions.show_pressed, MANAGER)
    registry.button(cards.KEEP, actions.press_keep, MANAGER, opens=cards.KEEP)
    registry.button(cards.HOLD, actions.press_hold, LEADS, opens=cards.HOLD)
    registry.button(cards.UNHOLD, actions.press_unhold, MANAGER, opens=cards.UNHOLD)
    registry.button(cards.DESTROY, actions.press_destroy, MANAGER, opens=cards.DESTROY)
    registry.button(cards.WITHDRAW, actions.withdraw, MANAGER)
    registry.button(cards.CONFIRM, actions.press_confirm, ANYONE, opens=cards.CONFIRM)  # who may is in its rules
    registry.form(cards.KEEP, actions.keep, MANAGER)
    registry.form(cards.HOLD, actions.hold, LEADS)
    registry.form(cards.UNHOLD, actions.unhold, MANAGER)
    registry.form(cards.DESTROY, actions.ask, MANAGER)
    registry.form(cards.CONFIRM, actions.confirm, ANYONE)
    registry.post(posts.KEPT, cards.build_kept)
    registry.post(posts.ASKED, cards.build_asked)
    registry.post(posts.REMINDER, cards.build_reminder)
    registry.post(posts.CERTIFICATE, cards.build_certificate)
    registry.post(posts.DOCUMENT, cards.build_document)
    registry.post(posts.TOLD, cards.build_told)
    registry.scheduled(ScheduleEntry(schedule.REMIND, schedule.remind, timedelta(days=1), Late.RUN))
    registry.planner(schedule.plan)


def _register_commands(registry: Registry) -> None:
    for entry in (
        Command(
            "challenge kept", actions.show, MANAGER, "what Baseroom keeps, and until when", also=("what is kept",),
            accepts=anything, first_at=("after",),
        ),
        Command(
            "challenge keep", actions.start_keeping, MANAGER, "keep it longer, with a reason",
            also=("challenge extend",), opens=cards.KEEP,
        ),
        Command(
            "challenge hold", actions.start_hold, LEADS, "destroy nothing while this stands, with a reason",
            usage="challenge hold Information request", accepts=anything, opens=cards.HOLD, example="A request came",
        ),
        Command(
            "challenge unhold", actions.start_unhold, MANAGER, "lift the hold, with a reason",
            usage="challenge unhold It was answered", accepts=anything, opens=cards.UNHOLD, example="It was answered",
        ),
        Command(
            "challenge destroy", actions.start_destroying, MANAGER, "destroy all that Baseroom keeps; it takes two",
            accepts=anything, opens=cards.DESTROY, first_at=("after",),
        ),
        Command(
            "challenge destroy confirm", actions.start_confirming, ANYONE, "confirm it, as the second person",
            accepts=anything, opens=cards.CONFIRM,
        ),
        Command(
            "challenge certificate", actions.show_certificate, ANYONE, "the certificate of destruction",
            accepts=anything,
        ),
    ):  # fmt: skip
        registry.command(entry)
