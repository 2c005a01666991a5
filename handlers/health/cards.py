"""How Baseroom fares, as a card."""

from zoneinfo import ZoneInfo

from handlers.chat import Bullets, Card, heading, note, text
from handlers.dates import as_of
from handlers.desk import Desk
from handlers.health.rules import is_well, sentences
from storage.records import Intent


async def build_health(desk: Desk, _intent: Intent) -> Card:
    """This very answer is on its way, and what is on its way does not wait."""
    health = await desk.uow.health.now(desk.now)
    zone = ZoneInfo(desk.house.zone)
    title = "All is well" if is_well(health, desk.now) else "Something waits"
    said = sentences(health, desk.now, zone)
    return Card(title, (heading(title), note(as_of(desk.now, zone)), Bullets(tuple(map(text, said)))))
