"""Teams' and Entra's side of the benchmark: answers the few calls that a bot makes, as fast as it can, and tells what
came.

Run as a process: prints its port, then a line for each post or update ("conversation kind").
"""

import asyncio
import itertools
import sys

from aiohttp import web

from tests.fakes.teams.entra import Entra
from tests.fakes.teams.tenant import APP, TENANT
from tests.teams.microsoft import PASSWORD


async def serve() -> None:
    numbers = itertools.count(1)
    entra = Entra(APP, PASSWORD, TENANT)

    async def take(request: web.Request) -> web.Response:
        activity = await request.json()
        sys.stdout.write(f"{request.match_info['conversation']} {activity['type']}\n")
        sys.stdout.flush()
        return web.json_response({"id": request.match_info.get("activity") or f"m{next(numbers)}"}, status=201)

    async def roster(request: web.Request) -> web.Response:
        user = request.match_info["user"]
        return web.json_response({"id": user, "name": user, "aadObjectId": f"aad-{user}", "tenantId": TENANT})

    async def signed(_request: web.Request) -> web.Response:
        return web.Response(text=entra.signer.sign(f"{entra.address}/teams/"))

    place = "/teams/v3/conversations/{conversation}"
    app = web.Application()
    app.add_routes([*entra.routes(), web.get("/signed", signed)])
    app.router.add_post(f"{place}/activities", take)
    app.router.add_route("*", place + "/activities/{activity}", take)
    app.router.add_get(place + "/members/{user}", roster)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    entra.address = f"http://127.0.0.1:{port}"
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
