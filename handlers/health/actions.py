"""Asking how Baseroom itself fares. It concerns no challenge in particular, so appointed managers may ask too."""

from handlers.access import access_seat, is_appointed
from handlers.desk import Turn

HEALTH = "health"


async def show_health(turn: Turn, _args: str) -> None:
    if not is_appointed(turn):
        await access_seat(turn, even_over=True)
    await turn.answer(HEALTH, to=turn.in_private)
