"""`baseroom doctor`: what is right and what is not, in plain words, and what to do about each.

It posts nothing. It may run beside a serving process.
"""

from collections.abc import Callable, Sequence

from bot.backing_up import check_backups
from bot.clock import SystemClock
from bot.found import Found
from bot.serve import NO_PLATFORM, lives_on_slack, opened
from bot.settings import BadSetting, Settings, read_settings
from bot.slack.checkup import check_slack
from storage.errors import StorageError

Say = Callable[[Found], None]


async def examine(*, say: Say) -> bool:
    """Look at everything; says each finding as it is made, and returns whether all is well."""
    try:
        settings = read_settings()
    except BadSetting as exc:
        say(Found("Settings", False, str(exc)))
        return False
    found = [
        Found("Settings", True, "can be read"),
        *_managers(settings),
        await _database(settings),
        check_backups(settings.backup_folder, SystemClock().now()),
        *await _platforms(settings),
    ]
    for one in found:
        say(one)
    return all(one.fine for one in found)


def _managers(settings: Settings) -> list[Found]:
    """Nothing to say when somebody is named: whether they exist only the platform knows."""
    if settings.manager_names:
        return []
    return [
        Found(
            "Managers",
            False,
            "nobody can set up a challenge. Name the challenge managers in BASEROOM_MANAGERS, by e-mail address or "
            "platform id, with commas between.",
        )
    ]


async def _database(settings: Settings) -> Found:
    try:
        async with opened(settings, SystemClock()) as app, app.database.reading() as uow:
            health = await uow.health.now(app.clock.now())
    except (BadSetting, StorageError, OSError) as exc:
        return Found("Database", False, str(exc))
    return Found("Database", True, f"up to date, the master key opens it, {sum(health.outbox.values())} posts waiting")


async def _platforms(settings: Settings) -> Sequence[Found]:
    return [*await _slack(settings), *await _teams(settings)] or [Found("Slack", False, NO_PLATFORM)]


async def _slack(settings: Settings) -> Sequence[Found]:
    try:
        here = lives_on_slack(settings)
    except BadSetting as exc:
        return [Found("Slack", False, str(exc))]
    return await check_slack(settings) if here else []


async def _teams(settings: Settings) -> Sequence[Found]:
    from bot.teams.checkup import check_teams  # loads the SDK, which other commands need not wait for

    return await check_teams(settings)
