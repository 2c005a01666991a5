"""What a link into the web looks like in chat. Its notification says nothing: it shows on lock screens."""

from handlers.chat import Button, Buttons, ButtonStyle, Card, note, text
from handlers.desk import Desk
from storage.records import Intent, Opens


async def build_link(desk: Desk, intent: Intent) -> Card | None:
    """The link, once. None when its letters are gone: then another has to be asked for."""
    letters = intent.params.get("letters")
    if not letters:
        return None
    is_wall = intent.params["opens"] == Opens.WALL
    says, does = ("The wall", "Open the wall") if is_wall else ("The workbook", "Download the workbook")
    rest = (Button("Close it everywhere", "wall.off", intent.record),) if is_wall else ()
    opening = Button(does, url=f"{desk.house.public_url}/open/{letters}", style=ButtonStyle.PRIMARY)
    return Card(
        notification=f"{says}: a link that works once",
        elements=(
            text(f"{says} in a browser. The link works once, within ten minutes, and is yours: do not pass it on."),
            Buttons((opening, *rest)),
            note("The browser stays open for twelve hours, or until you type “screen off”."),
        ),
    )
