"""Requests that are forged, altered, stale or sent again, at the doors of Slack and Teams: none is let in, and a good
one that comes a thousand times is one event."""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import jwt

from bot.slack.wiring import EVENTS_PATH
from tests.chaos.places import Place, Places
from tests.chaos.rows import Row
from tests.fakes.slack.workspace import TEAM as TEAM_ID
from tests.fakes.teams.entra import Signer
from tests.fakes.teams.tenant import APP, TENANT
from tests.slack.world import SlackDay, a_slack_day
from tests.teams.entrance import SERVICE, Entrance, an_activity, an_entrance
from tests.teams.microsoft import microsoft_running

ELSEWHERE = "99999999-2222-4333-8444-555555555555"
AGAIN = 10  # times fewer repetitions of the good request than forged ones
Headers = dict[str, str]


def forged(places: Places, size: int) -> Row:
    """Half of `size` at each door."""
    with places.new() as place:
        slack = asyncio.run(_at_slack(place, size // 2))
    teams = asyncio.run(_at_teams(size - size // 2))
    again, effects = max(size // AGAIN, 1), slack[1]
    return Row(
        f"{size:,} forged requests, and one good one {again:,} times",
        {"accepted": slack[0] + teams[0], "told anything": slack[2] + teams[1], "effects too many": abs(effects - 1)},
    )


# ---------------------------------------------------------------- Slack


async def _at_slack(place: Place, size: int) -> tuple[int, int, int]:
    """How many forged events were let in, how many effects a good one had that came again and again, and how many of
    the forgers were told more than 401."""
    async with a_slack_day(place.folder, "http") as day, aiohttp.ClientSession() as web:
        await day.open_challenge()
        url = f"{day.slack.app_address}{EVENTS_PATH}"
        accepted = told = 0
        forgeries = _slack_forgeries(day, random.Random(size))
        for _ in range(size):
            body, headers = next(forgeries)
            async with web.post(url, data=body, headers=headers) as answer:
                accepted += answer.status < 400
                told += answer.status != 401 or bool(await answer.read())
        accepted += len(await day.wall())
        body, headers = _event(day, "Ev-good", "Staff know the vision #vision")
        for _ in range(max(2 * size // AGAIN, 2)):
            async with web.post(url, data=body, headers=headers) as answer:
                assert answer.status == 200, answer.status
        await day.settled()
        return accepted, len(await day.wall()), told


def _event(day: SlackDay, event_id: str, words: str, *, age: float = 0, secret: str = "") -> tuple[bytes, Headers]:
    priya = day.people["priya"].user.id
    event = {
        "type": "message", "channel": "D" + priya[1:], "channel_type": "im", "user": priya, "text": words,
        "ts": "1764000000.000100", "event_ts": "1764000000.000100",
    }  # fmt: skip
    envelope = {"type": "event_callback", "team_id": TEAM_ID, "event_id": event_id, "event": event, "api_app_id": "A1"}
    body = json.dumps(envelope).encode()
    moment = str(int(time.time() - age))
    digest = hmac.new((secret or day.slack.signing_secret).encode(), f"v0:{moment}:".encode() + body, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": moment,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }
    return body, headers


def _slack_forgeries(day: SlackDay, chance: random.Random) -> Iterator[tuple[bytes, Headers]]:
    """A body altered after signing, a wrong secret, a time long past or to come, half a signature, none at all."""
    makers: tuple[Callable[[bytes, Headers], tuple[bytes, Headers]], ...] = (
        lambda body, headers: (body.replace(b"Forged", b"Altered"), headers),
        lambda body, headers: (body + b" ", headers),
        lambda body, headers: (body, headers | {"X-Slack-Signature": headers["X-Slack-Signature"][:-1] + "x"}),
        lambda body, headers: (body, headers | {"X-Slack-Signature": ""}),
        lambda body, headers: (body, {"Content-Type": "application/json"}),
        lambda body, headers: (body, headers | {"X-Slack-Request-Timestamp": str(int(time.time()) + 1)}),
        lambda body, headers: (body, headers | {"X-Slack-Request-Timestamp": "not a time"}),
    )
    number = 0
    while True:
        number += 1
        words = f"Forged {number} #vision"
        kind = number % (len(makers) + 3)
        if kind < len(makers):
            yield makers[kind](*_event(day, f"Ev{number}", words))
        elif kind == len(makers):
            yield _event(day, f"Ev{number}", words, secret=f"{chance.getrandbits(128):032x}")
        else:
            yield _event(day, f"Ev{number}", words, age=chance.choice((-1, 1)) * chance.uniform(400, 1e6))


# ---------------------------------------------------------------- Teams


async def _at_teams(size: int) -> tuple[int, int]:
    with microsoft_running() as microsoft:
        async with an_entrance(microsoft) as entrance:
            forger = Signer(APP)
            forger.rotate()
            forger.kid = microsoft.signer.kid
            forgeries = _teams_forgeries(entrance, forger)
            accepted = told = 0
            for _ in range(size):
                activity, token = next(forgeries)
                answer = await entrance.post(json=activity, headers={"Authorization": f"Bearer {token}"})
                accepted += answer.status < 400
                told += answer.status != 401 or bool(await answer.read())
            accepted += len(entrance.behind.taken)
            answer = await entrance.knock(an_activity())
            assert answer.status < 400, "the good one is let in, or nothing was shown"
            return accepted, told


def _teams_forgeries(entrance: Entrance, forger: Signer) -> Iterator[tuple[dict[str, Any], str]]:
    """Wrong audience, issuer, time, service URL and tenant; another's key, a shared word, no signature at all."""
    sign = entrance.microsoft.signer.sign
    claims = jwt.decode(sign(SERVICE), options={"verify_signature": False})
    kid = {"kid": entrance.microsoft.signer.kid}
    stranger = an_activity(channelData={"tenant": {"id": ELSEWHERE}})
    evil = "https://smba.trafficmanager.net.evil.example/"
    while True:
        now = int(time.time())
        yield an_activity(), sign(SERVICE, aud=ELSEWHERE)
        yield an_activity(), sign(SERVICE, iss=f"https://sts.windows.net/{TENANT}/")
        yield an_activity(), sign(SERVICE, exp=now - 400, nbf=now - 4000)
        yield an_activity(), sign(SERVICE, nbf=now + 4000)
        yield an_activity(), sign(SERVICE, serviceurl="https://smba.trafficmanager.net/amer/")
        yield an_activity(), sign(SERVICE, serviceurl=None)
        yield an_activity(serviceUrl=evil), sign(evil)
        yield stranger, sign(SERVICE)
        yield an_activity(), forger.sign(SERVICE)
        yield an_activity(), jwt.encode(claims, None, algorithm="none", headers=kid)
        yield an_activity(), jwt.encode(claims, "a" * 32, algorithm="HS256", headers=kid)
        yield an_activity(), sign(SERVICE)[:-3]
