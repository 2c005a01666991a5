"""Peer team sessions: two or three times a day the team stands at the wall and compares what it has heard.

At the minute, the team channel gets what is new by theme, what is unsorted, which themes rest on one voice, and where
there are both strengths and areas to explore. The manager or the lead peer moves or skips one for today; anyone on
the team sorts what has no theme yet, and sees the words of the findings, which are never posted to everybody.
"""

from handlers.access import TEAM
from handlers.registry import Command, Late, Registry, ScheduleEntry
from handlers.triangulation import actions, cards, schedule, sorting
from handlers.triangulation.times import asks_to_move, names_a_time
from storage.records import Role

LEADS = frozenset({Role.CHALLENGE_MANAGER, Role.LEAD_PEER})


def register(registry: Registry) -> None:
    registry.planner(schedule.lay_sessions)
    registry.scheduled(
        ScheduleEntry(
            kind=schedule.SESSION,
            handler=schedule.hold,
            grace=schedule.GRACE,
            late=Late.TELL_MANAGER,
            missed=schedule.miss,
            name="Peer team session",
        )
    )
    _commands(registry)
    registry.post(schedule.SESSION, cards.build_session)
    registry.post(schedule.MISSED, cards.build_missed)
    registry.never_posted(schedule.SESSION, schedule.give_back)
    registry.post("triangulation.day", cards.build_day)
    registry.post("triangulation.findings", cards.build_findings)
    registry.button("triangulation.show", actions.show_findings, TEAM)
    registry.button("triangulation.sort", sorting.open_sorting, TEAM, opens="triangulation.sort")
    registry.form("triangulation.sort", sorting.sort_findings, TEAM)
    registry.button("triangulation.move", actions.open_move, LEADS, opens="triangulation.move")
    registry.form("triangulation.move", actions.move_as_filled_in, LEADS)
    registry.button("triangulation.skip", actions.skip_pressed, LEADS)
    registry.button("triangulation.unskip", actions.unskip_pressed, LEADS)
    registry.button("triangulation.post_late", actions.post_late, LEADS)


def _commands(registry: Registry) -> None:
    registry.command(
        Command(
            words="sessions",
            handler=actions.show_day,
            allowed=TEAM,
            summary="today’s peer team sessions",
            also=("session", "session times", "today's sessions"),
            first_at=("on_site",),
        )
    )
    registry.command(
        Command(
            words="session now",
            handler=actions.hold_now,
            allowed=LEADS,
            summary="hold a peer team session now",
            also=("sessions now",),
        )
    )
    registry.command(
        Command(
            words="session move",
            handler=actions.move_session,
            allowed=LEADS,
            summary="move a session, today only",
            usage="13:00 to 13:30",
            accepts=asks_to_move,
            also=("move", "move session", "sessions move"),
            opens="triangulation.move",
            example="16:15 to 16:45",
        )
    )
    registry.command(
        Command(
            words="session skip",
            handler=actions.skip_session,
            allowed=LEADS,
            summary="skip a session, today only",
            usage="16:15",
            accepts=names_a_time,
            also=("skip", "skip session", "sessions skip"),
            example="16:15",
        )
    )
    registry.command(
        Command(
            words="session unskip",
            handler=actions.unskip_session,
            allowed=LEADS,
            summary="hold a skipped session after all",
            usage="16:15",
            accepts=names_a_time,
            also=("unskip", "unskip session", "sessions unskip"),
            example="16:15",
        )
    )
    registry.command(
        Command(
            words="sort findings",
            handler=sorting.start_sorting,
            allowed=TEAM,
            summary="put unsorted findings on their themes",
            also=("sort unsorted", "sort them"),
            opens="triangulation.sort",
        )
    )
