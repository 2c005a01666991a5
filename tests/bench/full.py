"""Baseroom as it is served, for the benchmark: sixteen peers on one challenge. Between two posts in a conversation it
makes no pause unless it is told to (the fake workspace has no rate limit, and the bare app makes none either)."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, build_app
from bot.clock import SystemClock
from bot.logs import set_up_logging
from bot.serve import Presence, running
from bot.settings import read_settings
from bot.slack.wiring import build_slack
from handlers.desk import Desk
from handlers.team.opening import Opening, add_member, open_challenge
from storage.keys import KeyStore, make_master_key
from storage.migrations import migrate
from storage.records import Role

PEERS = 16


async def serve(api: str, folder: str, secret: str, pace: str = "0", *databases: str) -> None:
    """`pace` in seconds. `databases`: the addresses of the records and of the keys, if not in the folder."""
    more = dict(zip(("database_url", "keys_url"), databases, strict=False))
    app = await prepared(Path(folder), "slack", "T1", "U", slack_signing_secret=secret, slack_api_url=api, **more)
    app.delivery.pace = timedelta(seconds=float(pace))
    await run(app, [build_slack(app)])


async def prepared(place: Path, platform: str, workspace: str, prefix: str, **more: str) -> App:
    """Baseroom with its database and a challenge, whose peers are known there by ids with this prefix."""
    in_files = {"database_url": f"sqlite:///{place / 'baseroom.db'}", "keys_url": f"sqlite:///{place / 'keys.db'}"}
    settings = read_settings(
        master_key_file=place / "master.key",
        port=0,
        slack_bot_token="xoxb-bench",
        log_level="ERROR",
        **in_files | more,
    )
    keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
    keys.prepare(datetime.now(UTC))
    app = build_app(settings, SystemClock(), keys=keys, pace=timedelta(0))
    await migrate(app.database.engine)
    async with app.database.begin() as uow:
        desk = Desk(uow, app.clock.now(), app.house)
        today = desk.now.date()
        framework = app.house.frameworks["local_system"]
        accounts = [await uow.accounts.add(platform, workspace, f"{prefix}{peer}", desk.now) for peer in range(PEERS)]
        opening = Opening("Bench", framework, today - timedelta(days=1), today + timedelta(days=2), "Europe/London")
        challenge = await open_challenge(desk, opening, opened_by=accounts[0].person_id)
        for peer, account in enumerate(accounts):
            await add_member(desk, challenge, account.person_id, name=f"Peer {peer}", role=Role.PEER, kind="")
        await uow.commit()
    return app


async def run(app: App, platforms: Sequence[Presence]) -> None:
    """Serve until the process is ended; prints the port."""
    set_up_logging("ERROR", as_json=True)
    async with running(app, platforms) as address:
        sys.stdout.write(f"{address.rpartition(':')[2]}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
