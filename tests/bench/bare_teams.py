"""What Baseroom in Teams is measured against: an echo on botbuilder, with its slow scan of status codes mended.

It stores nothing and checks no token; Baseroom, beside it, does both.
"""

import asyncio
import sys

from aiohttp import web
from botbuilder.core import ActivityHandler, CloudAdapterBase, TurnContext
from botbuilder.schema import Activity
from botframework.connector.auth import BotFrameworkAuthenticationFactory
from msrest.universal_http.requests import ClientRetryPolicy


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"You said: {turn_context.activity.text}")


async def serve(*_arguments: str) -> None:
    ClientRetryPolicy.safe_codes = frozenset(ClientRetryPolicy.safe_codes)
    adapter, bot = CloudAdapterBase(BotFrameworkAuthenticationFactory.create()), Echo()

    async def door(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        await adapter.process_activity("", activity, bot.on_turn)
        return web.Response(status=202)

    site = web.Application()
    site.router.add_post("/api/messages", door)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
