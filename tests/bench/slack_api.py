"""Slack's side of the benchmark: answers the few calls that an app makes, as fast as it can, and tells what came.

Run as a process: prints its port, then a line for each post or update ("channel text") and each form ("form").
"""

import asyncio
import itertools
import json
import sys

from aiohttp import web

TEAM, BOT = "T1", "UBOT"


def main() -> None:
    asyncio.run(serve())


async def serve() -> None:
    stamps = itertools.count(1)

    async def answer(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        is_json = request.content_type == "application/json"
        form = await request.json() if is_json else {**request.query, **await request.post()}
        match method:
            case "auth.test":
                body = {"team_id": TEAM, "user_id": BOT, "bot_id": "BBOT", "team": "bench", "url": "http://bench/"}
            case "users.info":
                user = str(form["user"])
                profile = {"real_name": user}
                body = {"user": {"id": user, "name": user, "tz": "Europe/London", "profile": profile}}
            case "chat.postMessage" | "chat.update":
                sys.stdout.write(f"{form['channel']} {form.get('text', '')}\n")
                sys.stdout.flush()
                body = {"ts": str(form.get("ts") or f"1800000000.{next(stamps):06d}"), "channel": form["channel"]}
            case "views.open":
                sys.stdout.write("form\n")
                sys.stdout.flush()
                body = {"view": {"id": "V1"}}
            case _:
                body = {"channel": {"id": "D1"}}
        return web.json_response({"ok": True, **body}, dumps=json.dumps)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
