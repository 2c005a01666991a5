"""Note destruction: each peer is asked to destroy their notes, confirms item by item, and the manager can prove it.

When the manager says that the report is signed off, everybody who holds notes (the peers, the lead peer, the manager
themself, and whoever took part and has left) gets a list with buttons, and is reminded until all of it is confirmed.
The manager sees "6 of 7" and exports the register. What Baseroom itself holds is another matter, and its card says so.
"""

from datetime import timedelta

from handlers.access import ANYONE, MANAGER
from handlers.destruction import actions, cards, posts, schedule
from handlers.registry import Command, Late, Registry, ScheduleEntry


def register(registry: Registry) -> None:
    _register_commands(registry)
    registry.button("destruction.confirm", actions.confirm, ANYONE)  # those who left may confirm their own
    registry.button("destruction.own", actions.show_own, ANYONE)
    registry.button("destruction.remind", actions.remind_pressed, MANAGER)
    registry.button("destruction.stop", actions.stop_pressed, MANAGER)
    registry.button("destruction.start", actions.start_pressed, MANAGER)
    registry.button("destruction.export", actions.export_pressed, MANAGER)
    registry.button("destruction.close", actions.close_pressed, MANAGER, opens=cards.CLOSE)
    registry.form(cards.SIGN_OFF, actions.sign_off, MANAGER)
    registry.form(cards.CLOSE, actions.close, MANAGER)
    registry.post(posts.REQUEST, cards.build_request, even_removed=True)
    registry.post(posts.KEEP, cards.build_keep, even_removed=True)
    registry.post(posts.STATUS, cards.build_status)
    registry.post(posts.REGISTER, cards.build_register)
    registry.scheduled(ScheduleEntry(schedule.REMIND, schedule.remind, timedelta(hours=1), Late.RUN))
    registry.reply(posts.REQUEST, actions.take_reply)
    registry.missing_part(cards.find_missing)
    registry.asked_part(cards.build_asked)


def _register_commands(registry: Registry) -> None:
    for entry in (
        Command(
            "challenge signed off", actions.start_sign_off, MANAGER, "the report is signed off: notes are destroyed",
            also=("signed off", "report signed off", "challenge sign off"), opens=cards.SIGN_OFF, first_at=("after",),
        ),
        Command(
            "challenge not signed off", actions.take_back, MANAGER, "take that back, within a day",
            also=("not signed off",),
        ),
        Command(
            "destruction", actions.show, ANYONE, "your notes, and who has destroyed theirs",
            also=("note destruction", "notes destroyed"), first_at=("after",),
        ),
        Command(
            "destruction remind", actions.remind, MANAGER, "remind those whose notes are not destroyed",
            also=("note destruction remind",),
        ),
        Command(
            "destruction export", actions.export, MANAGER, "the register of note destruction",
            also=("destruction register", "note destruction export"),
        ),
        Command("challenge close", actions.start_closing, MANAGER, "close the challenge", opens=cards.CLOSE),
    ):  # fmt: skip
        registry.command(entry)
