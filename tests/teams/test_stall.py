"""A thousand turns while Microsoft is slow: keys and tokens are renewed behind them, and nobody waits for it."""

import asyncio
from collections.abc import Iterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.teams.payloads import InvokeAnswer, Payload
from tests.teams.entrance import SERVICE, Entrance, an_activity, an_entrance
from tests.teams.microsoft import Microsoft, microsoft_running
from tests.teams.stalls import stalls

STRETCHES, TURNS = 4, 250  # a thousand turns, and in each stretch both are renewed
AT_ONCE = 5
TRIES = 4  # for each stretch: a busy machine stalls us too, so its best counts
SLOWLY = 0.2  # seconds for each answer of Microsoft's: one for the token, two for the keys
AT_MOST = 0.050


@pytest.fixture
def microsoft() -> Iterator[Microsoft]:
    with microsoft_running() as microsoft:
        yield microsoft


async def test_a_thousand_turns_with_keys_and_tokens_renewed_slowly_stall_nobody(microsoft: Microsoft) -> None:
    async with TestServer(teams_itself()) as teams, an_entrance(microsoft) as entrance:
        service = str(teams.make_url("/"))

        async def replying(_activity: Payload) -> InvokeAnswer | None:
            await entrance.connector.send(service, "a:chat", {"type": "message"})
            return None

        entrance.behind.answer = replying
        assert (await entrance.knock(an_activity())).status == 202  # as after the start: both are there
        microsoft.slow = SLOWLY
        assert max([await best_of_a_stretch(entrance) for _ in range(STRETCHES)]) < AT_MOST


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
