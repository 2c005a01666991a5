"""Themes: the flip charts on the wall, the framework's and the team's own.

Anyone on the team can see the wall, add a flip chart and rename, merge or retire one; the whole team is told in its
channel. Old words keep working, so that nobody has to know that a flip chart has a new name.
"""

from handlers.access import TEAM
from handlers.registry import Command, Registry
from handlers.themes import actions, cards


def register(registry: Registry) -> None:
    _register_commands(registry)
    for verb, handler in actions.FORMS_OPENED.items():
        registry.button(f"themes.{verb}", handler, TEAM, opens=f"themes.{verb}")
    registry.button("themes.prompts", actions.show_prompts, TEAM)
    registry.form("themes.add", actions.add_from_form, TEAM)
    registry.form("themes.rename", actions.rename_from_form, TEAM)
    registry.form("themes.merge", actions.merge_from_form, TEAM)
    registry.form("themes.retire", actions.retire_from_form, TEAM)
    registry.form("themes.restore", actions.restore_from_form, TEAM)
    registry.post("themes.wall", cards.build_wall)
    registry.post("themes.prompts", cards.build_prompts)
    registry.post("themes.nearest", cards.build_nearest)
    registry.post("themes.changed", cards.build_changed)


def _register_commands(registry: Registry) -> None:
    registry.command(
        Command(
            words="themes",
            handler=actions.show_wall,
            allowed=TEAM,
            summary="the flip charts, and what to type for each",
            also=("theme", "wall", "flip charts", "the wall"),
            first_at=("before", "on_site"),
        )
    )
    registry.command(
        Command(
            words="theme add",
            handler=actions.add,
            allowed=TEAM,
            summary="put up a flip chart of the team’s own",
            usage="theme add Transport",
            accepts=actions.is_name,
            also=("add theme",),
            opens="themes.add",
            example="Transport",
        )
    )
    registry.command(
        Command(
            words="theme rename",
            handler=actions.rename,
            allowed=TEAM,
            summary="give a flip chart another name",
            usage="theme rename transport to Getting about",
            accepts=actions.is_name_to_name,
            also=("rename theme",),
            opens="themes.rename",
            example="governance to Who decides",
        )
    )
    registry.command(
        Command(
            words="theme merge",
            handler=actions.merge,
            allowed=TEAM,
            summary="make two flip charts one",
            usage="theme merge transport into governance",
            accepts=actions.is_name_into_name,
            also=("merge theme",),
            opens="themes.merge",
            example="vision into governance",
        )
    )
    registry.command(
        Command(
            words="theme retire",
            handler=actions.retire,
            allowed=TEAM,
            summary="take a flip chart off the wall; its findings keep it",
            usage="theme retire transport",
            accepts=actions.is_name,
            also=("retire theme",),
            opens="themes.retire",
            example="governance",
        )
    )
    registry.command(
        Command(
            words="theme restore",
            handler=actions.restore,
            allowed=TEAM,
            summary="put a retired flip chart back",
            usage="theme restore transport",
            accepts=actions.is_name,
            also=("restore theme",),
            opens="themes.restore",
            example="governance",
        )
    )
