"""The daily summary for the catch-up with the client: drafted from the wall, worded and approved by the manager.

Any peer can see what a day has brought. The manager gets a draft an hour before the catch-up, puts it into words that
point at nobody, and approves it; what was approved, and nothing else, is marked for the client.
"""

from datetime import timedelta

from handlers.access import MANAGER, TEAM
from handlers.registry import Command, Late, Registry, ScheduleEntry
from handlers.summary import actions, cards
from handlers.summary.rules import BEFORE_CATCH_UP, is_a_day


def register(registry: Registry) -> None:
    _register_commands(registry)
    registry.button("summary.edit", actions.open_wording, MANAGER, opens="summary.edit")
    registry.button("summary.approve", actions.approve, MANAGER)
    registry.button("summary.approve_flagged", actions.approve_flagged, MANAGER)
    registry.form("summary.edit", actions.save_wording, MANAGER)
    registry.post("summary.day", cards.build_day)
    registry.post("summary.draft", cards.build_draft)
    registry.post("summary.flags", cards.build_flags)
    registry.post("summary.client_page", cards.build_client_page)
    registry.scheduled(
        ScheduleEntry(
            kind="summary.draft",
            handler=actions.send_draft,
            grace=BEFORE_CATCH_UP - timedelta(minutes=5),
            late=Late.TELL_MANAGER,
            missed=actions.say_draft_is_late,
        )
    )
    registry.planner(actions.plan_drafts)
    registry.wall_changed(actions.follow_the_wall)


def _register_commands(registry: Registry) -> None:
    registry.command(
        Command(
            words="summary",
            handler=actions.show_day,
            allowed=TEAM,
            summary="what a day has brought: today, yesterday or a date",
            usage="summary yesterday",
            accepts=is_a_day,
            also=("daily summary", "summary of"),
            first_at=("on_site",),
            example="today",
        )
    )
    registry.command(
        Command(
            words="summary edit",
            handler=actions.word_day,
            allowed=MANAGER,
            summary="put the client’s page of a day into words",
            usage="summary edit today",
            accepts=is_a_day,
            also=("edit summary",),
            opens="summary.edit",
        )
    )
    registry.command(
        Command(
            words="summary approve",
            handler=actions.approve_day,
            allowed=MANAGER,
            summary="approve the client’s page of a day",
            usage="summary approve today",
            accepts=is_a_day,
            also=("approve summary",),
            first_at=("on_site",),
        )
    )
