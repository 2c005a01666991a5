"""How long the event loop let everybody wait, and a thousand turns in which nobody should have to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.teams.payloads import InvokeAnswer, Payload
from tests.teams.entrance import SERVICE, Entrance, an_activity, an_entrance
from tests.teams.microsoft import Microsoft

SCHEDULED = Path("/proc/thread-self/schedstat")
BEAT = 0.005  # seconds
AT_MOST = 0.050  # seconds: what is less than that nobody notices
STRETCHES, TURNS = 4, 250  # a thousand turns, and in each stretch both are renewed
AT_ONCE = 5
TRIES = 4  # for each stretch: a busy machine stalls us too, so its best counts
SLOWLY = 0.2  # seconds for each answer of Microsoft's: one for the token, two for the keys


class Heart:
    """Beats in the event loop; `longest` is by how much its worst beat came late, in seconds.

    Not counted is the time for which the machine let the loop's thread wait for a processor: that is nobody's fault.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._loop = asyncio.get_running_loop()
        self._set()

    def _set(self) -> None:
        self._waited, self._due = waited_for_a_processor(), self._loop.time() + BEAT
        self._next = self._loop.call_at(self._due, self._beat)

    def _beat(self) -> None:
        self._note()
        self._set()

    def _note(self) -> None:
        late = self._loop.time() - self._due
        self.longest = max(self.longest, late - (waited_for_a_processor() - self._waited))

    def stop(self) -> None:
        self._note()
        self._next.cancel()


def waited_for_a_processor() -> float:
    """Seconds that this thread has been ready to run and was not run; 0 where the system does not tell."""
    try:
        return int(SCHEDULED.read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


@asynccontextmanager
async def stalls() -> AsyncIterator[Heart]:
    heart = Heart()
    try:
        yield heart
    finally:
        heart.stop()


async def a_thousand_turns(microsoft: Microsoft) -> float:
    """The longest stall in a thousand turns with keys and tokens renewed while Microsoft is slow, in seconds."""
    async with TestServer(teams_itself()) as teams, an_entrance(microsoft) as entrance:
        service = str(teams.make_url("/"))

        async def replying(_activity: Payload) -> InvokeAnswer | None:
            await entrance.connector.send(service, "a:chat", {"type": "message"})
            return None

        entrance.behind.answer = replying
        assert (await entrance.knock(an_activity())).status == 202  # as after the start: both are there
        microsoft.slow = SLOWLY
        return max([await best_of_a_stretch(entrance) for _ in range(STRETCHES)])


def teams_itself() -> web.Application:
    async def take(_request: web.Request) -> web.Response:
        return web.json_response({"id": "m1"})

    site = web.Application()
    site.router.add_post("/v3/conversations/{conversation}/activities", take)
    return site


async def best_of_a_stretch(entrance: Entrance) -> float:
    """The longest stall of so many turns, in seconds; the best of a few tries."""
    best = 1e9
    for _ in range(TRIES):
        best = min(best, await longest_stall(entrance))
        if best < AT_MOST:
            break
    return best


async def longest_stall(entrance: Entrance) -> float:
    microsoft = entrance.microsoft
    keys, tokens, taken = microsoft.asked.count("/keys"), len(microsoft.tokens), len(entrance.behind.taken)
    for fresh in (entrance.keys._fresh, entrance.tokens._fresh):
        fresh._renew_at = 0.0  # they have grown old
    signed = {"Authorization": f"Bearer {microsoft.signer.sign(SERVICE)}"}
    async with stalls() as heart:
        await asyncio.gather(*(come_in(entrance, signed, TURNS // AT_ONCE) for _ in range(AT_ONCE)))
        await asyncio.gather(entrance.keys._fresh.renewed(), entrance.tokens._fresh.renewed())  # or join what goes on
    assert len(entrance.behind.taken) == taken + TURNS
    assert microsoft.asked.count("/keys") > keys, "the keys were not renewed meanwhile"
    assert len(microsoft.tokens) > tokens, "the token was not renewed meanwhile"
    return heart.longest


async def come_in(entrance: Entrance, signed: dict[str, str], turns: int) -> None:
    for _ in range(turns):
        assert (await entrance.post(json=an_activity(), headers=signed)).status == 202
