"""Digests: what the team channel hears without asking, a morning line and one running digest a day.

The morning line gives today's times. The digest is posted at the day's first finding and edited in place, so that the
channel stays quiet; in the evening it is posted anew, as the day's last word. It holds numbers and themes, no words.
"""

from datetime import timedelta

from handlers.digests import actions, cards
from handlers.registry import Late, Registry, ScheduleEntry

MORNING_GRACE = timedelta(hours=2)  # later than that the times of the day are no news


def register(registry: Registry) -> None:
    registry.planner(actions.lay_digests)
    registry.wall_changed(actions.follow_the_wall)
    registry.scheduled(
        ScheduleEntry(
            kind=actions.MORNING,
            handler=actions.say_good_morning,
            grace=MORNING_GRACE,
            late=Late.TELL_MANAGER,
            missed=actions.miss_morning,
        )
    )
    registry.scheduled(
        ScheduleEntry(kind=actions.EVENING, handler=actions.close_the_day, grace=timedelta(), late=Late.RUN)
    )
    registry.post(actions.MORNING, cards.build_morning)
    registry.post(actions.DIGEST, cards.build_digest)
