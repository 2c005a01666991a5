"""What Baseroom is measured against: a bare Bolt app that commits one insert and makes one post for each message.

It uses the libraries as they come (Bolt, SQLAlchemy over aiosqlite) with the same web server and the same flush at each
commit, and does nothing else.
"""

import asyncio
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Column, Integer, MetaData, String, Table

from storage.unit_of_work import make_engine

metadata = MetaData()
heard = Table("heard", metadata, Column("id", Integer, primary_key=True), Column("text", String))


async def serve(api: str, folder: str, secret: str) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{folder}/bare.db")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    client = AsyncWebClient(token="xoxb-bench", base_url=api, retry_handlers=[])
    bolt = AsyncApp(client=client, signing_secret=secret, process_before_response=True)
    writing = asyncio.Lock()
    tasks: set[asyncio.Task[Any]] = set()

    @bolt.event("message")
    async def on_message(body: dict[str, Any]) -> None:
        event = body["event"]
        async with writing, engine.begin() as connection:
            await connection.execute(heard.insert().values(text=event["text"]))
        post = client.chat_postMessage(channel=event["channel"], text=f"saved {event['ts']}")
        task = asyncio.create_task(post)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def door(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", door)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:4]))
