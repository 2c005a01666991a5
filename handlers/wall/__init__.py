"""The wall on the web: whoever is on the team can show the flip charts on the base-room screen, and the challenge
manager can download the workbook, each by a link that works once and lets one browser in for twelve hours.

Where Baseroom has no web address the answer says so, and what to do instead.
"""

from handlers.access import MANAGER, TEAM
from handlers.registry import Command, Registry
from handlers.wall import actions, cards


def register(registry: Registry) -> None:
    registry.command(
        Command(
            words="screen",
            handler=actions.open_wall,
            allowed=TEAM,
            summary="the wall in a browser: a link that works once",
            also=("wall link", "link to the wall", "open the wall", "wall on a screen", "big screen"),
        )
    )
    registry.command(
        Command(
            words="screen off",
            handler=actions.close_browsers,
            allowed=TEAM,
            summary="close the browsers that show the wall: yours, or (the manager) everybody’s",
            also=("close the screen", "screens off"),
        )
    )
    registry.command(
        Command(
            words="workbook link",
            handler=actions.open_workbook,
            allowed=MANAGER,
            summary="the workbook by a link that works once, where files cannot be sent",
            also=("download workbook", "download the workbook"),
        )
    )
    registry.button("wall.off", actions.press_off, TEAM)
    registry.post(actions.LINK, cards.build_link)
