"""Baseroom as it is served on Slack and Teams, for the benchmark: sixteen peers in Teams, every token checked, and no
pause between two posts."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bot.slack.wiring import build_slack
from bot.teams.porter import TeamsPorter
from bot.teams.wiring import build_teams
from handlers.chat import Platform
from tests.bench.full import prepared, run
from tests.fakes.teams.tenant import APP, TENANT
from tests.teams.microsoft import PASSWORD, cloud_at


async def serve(teams: str, slack: str, folder: str, secret: str) -> None:
    app = await prepared(
        Path(folder),
        "teams",
        TENANT,
        "29:u",
        slack_signing_secret=secret,
        slack_api_url=slack,
        microsoft_app_id=APP,
        microsoft_app_password=PASSWORD,
        microsoft_app_type="SingleTenant",
        microsoft_app_tenant_id=TENANT,
    )
    cloud = cloud_at(teams, openid_url=f"{teams}openid/.well-known/openidconfiguration")
    platforms = [build_slack(app), build_teams(app, cloud=cloud)]
    porter = app.porters[Platform.TEAMS]
    assert isinstance(porter, TeamsPorter)
    porter.pace.limits = [(1_000_000, timedelta(hours=1))]
    await run(app, platforms)


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:5]))
