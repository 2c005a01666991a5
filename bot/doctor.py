"""`baseroom doctor`: what is right and what is not, in plain words, and what to do about each.

It changes nothing and posts nothing. It may run beside a serving process.
"""

from collections.abc import Callable

from bot.clock import SystemClock
from bot.found import Found
from bot.serve import check_credentials, opened
from bot.settings import BadSetting, Settings, read_settings
from bot.slack.checkup import check_slack
from storage.errors import StorageError

Say = Callable[[str], None]


async def examine(*, say: Say) -> bool:
    """Look at everything; says each finding as it is made, and returns whether all is well."""
    try:
        settings = read_settings()
        check_credentials(settings)
    except BadSetting as exc:
        say(_line(Found("Settings", False, str(exc))))
        return False
    say(_line(Found("Settings", True, "can be read")))
    found = [await _database(settings), *await check_slack(settings)]
    for one in found:
        say(_line(one))
    return all(one.fine for one in found)


async def _database(settings: Settings) -> Found:
    try:
        async with opened(settings, SystemClock()) as app, app.database.reading() as uow:
            depth = await uow.outbox.depth()
    except (StorageError, OSError) as exc:
        return Found("Database", False, str(exc))
    waiting = sum(depth.values())
    return Found("Database", True, f"up to date, the master key opens it, {waiting} posts waiting")


def _line(found: Found) -> str:
    mark = "[green]✓[/green]" if found.fine else "[red]✗[/red]"
    return f"{mark} {found.what}: {found.words}"
