"""Reports: the challenge manager takes everything on the wall away in one workbook, to draft the report from.

It holds findings by theme, theme by day, sessions, approved summaries, check-ins, the register of note
destruction and the audit trail; it goes to the manager alone, and says on every page that it is to be destroyed at
sign-off.
"""

from handlers.access import MANAGER
from handlers.registry import Command, Registry
from handlers.reports import actions, cards


def register(registry: Registry) -> None:
    registry.command(
        Command(
            words="challenge export",
            handler=actions.export,
            allowed=MANAGER,
            summary="the workbook: findings by theme, sessions, summaries, check-ins (Excel)",
            also=("export", "export to excel", "workbook", "challenge workbook", "spreadsheet"),
            first_at=("after",),
        )
    )
    registry.button("reports.export", actions.press_export, MANAGER)
    registry.button("reports.export_all", actions.press_export_all, MANAGER)
    registry.post(actions.WORKBOOK, cards.build_workbook)
    registry.post(actions.LEFT_OUT, cards.build_left_out)
