"""Who is let in at the Teams door, who is turned away, and how little they are told."""

import io
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import jwt
import pytest
from structlog.testing import capture_logs

from bot.teams.adapter import Authentication
from bot.teams.cloud import PRACTICE
from bot.teams.credentials import TeamsCredentials
from bot.teams.payloads import InvokeAnswer, Payload
from tests.fakes.teams.entra import ISSUER, Signer
from tests.fakes.teams.tenant import APP, TENANT
from tests.teams.entrance import SERVICE, Entrance, an_activity, an_entrance
from tests.teams.microsoft import Microsoft, microsoft_running

ELSEWHERE = "99999999-2222-4333-8444-555555555555"


@pytest.fixture(scope="module")
def microsoft() -> Iterator[Microsoft]:
    with microsoft_running() as microsoft:
        yield microsoft


@pytest.fixture
async def entrance(microsoft: Microsoft) -> AsyncIterator[Entrance]:
    async with an_entrance(microsoft) as entrance:
        yield entrance


async def turned_away(entrance: Entrance, activity: dict[str, Any], **claims: Any) -> str:
    """Why somebody was turned away, from the one line about it; they themselves are told nothing."""
    with capture_logs() as lines:
        answer = await entrance.knock(activity, **claims)
    assert (answer.status, await answer.read()) == (401, b"")
    assert entrance.behind.taken == []
    assert [line["event"] for line in lines] == ["turned away"]
    return str(lines[0]["why"])


async def test_what_teams_sends_is_taken_in(entrance: Entrance) -> None:
    answer = await entrance.knock(an_activity())
    assert (answer.status, await answer.read()) == (202, b"")
    assert [one["text"] for one in entrance.behind.taken] == ["Staff know the vision #vision"]


async def test_a_message_of_a_hundred_kilobytes_is_taken_in(entrance: Entrance) -> None:
    words = "word " * 20_000
    assert (await entrance.knock(an_activity(text=words))).status == 202
    assert entrance.behind.taken[0]["text"] == words


async def test_a_body_of_megabytes_is_not_read_to_its_end(entrance: Entrance) -> None:
    assert (await entrance.post(data=io.BytesIO(b"x" * 3_000_000))).status == 413


async def test_an_answer_to_an_invoke_goes_back_as_it_was_made(entrance: Entrance) -> None:
    async def answering(activity: Payload) -> InvokeAnswer:
        return InvokeAnswer(200, {"task": {"type": "message", "value": f"{activity['name']} – done 🙂"}})

    entrance.behind.answer = answering
    answer = await entrance.knock(an_activity(type="invoke", name="task/submit"))
    assert answer.status == 200
    assert await answer.json() == {"task": {"type": "message", "value": "task/submit – done 🙂"}}
    assert "🙂" in await answer.text(), "an escape would count as six letters"


async def test_an_invoke_that_nobody_answers_is_not_implemented(entrance: Entrance) -> None:
    assert (await entrance.knock(an_activity(type="invoke", name="signin/verifyState"))).status == 501


async def test_no_signature(entrance: Entrance) -> None:
    with capture_logs() as lines:
        answer = await entrance.post(json=an_activity())
    assert (answer.status, await answer.read()) == (401, b"")
    assert [line["event"] for line in lines] == ["turned away"]
    assert entrance.behind.taken == []


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic cHJpeWE6eA==", "Bearer e30.e30.", "Bearer " + "é" * 9],
)
async def test_what_is_no_token(entrance: Entrance, header: str) -> None:
    answer = await entrance.post(json=an_activity(), headers={"Authorization": header})
    assert (answer.status, await answer.read()) == (401, b"")
    assert entrance.behind.taken == []


async def test_a_token_that_has_expired(entrance: Entrance) -> None:
    assert await turned_away(entrance, an_activity(), exp=int(time.time()) - 301) == "ExpiredSignatureError"


async def test_a_token_for_another_bot(entrance: Entrance) -> None:
    await turned_away(entrance, an_activity(), aud=ELSEWHERE)


async def test_a_token_of_somebody_elses(entrance: Entrance) -> None:
    await turned_away(entrance, an_activity(), iss=f"https://sts.windows.net/{TENANT}/")


async def test_a_token_for_another_service_url(entrance: Entrance) -> None:
    await turned_away(entrance, an_activity(), serviceurl="https://smba.trafficmanager.net/amer/")


async def test_a_token_for_no_service_url(entrance: Entrance) -> None:
    await turned_away(entrance, an_activity(), serviceurl=None)


async def test_the_keys_of_an_emulator_or_another_bot_are_not_even_looked_for(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("requests.get", asked.append)
    for claims in ({"ver": "1.0", "appid": APP}, {"ver": "2.0", "azp": ELSEWHERE, "aud": APP}):
        issuer = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
        await turned_away(entrance, an_activity(), iss=issuer, **claims)
    assert asked == []


def a_forger() -> Signer:
    """Somebody with a key of their own: all signers begin with the same."""
    forger = Signer(APP)
    forger.rotate()
    return forger


async def test_a_forged_signature(entrance: Entrance) -> None:
    forger = a_forger()
    forger.kid = entrance.microsoft.signer.kid
    token = forger.sign(SERVICE)
    answer = await entrance.post(json=an_activity(), headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 401


async def test_a_token_without_a_signature_or_signed_with_a_shared_word(entrance: Entrance) -> None:
    claims = jwt.decode(entrance.microsoft.signer.sign(SERVICE), options={"verify_signature": False})
    kid = {"kid": entrance.microsoft.signer.kid}
    for token in (
        jwt.encode(claims, None, algorithm="none", headers=kid),
        jwt.encode(claims, "a" * 32, algorithm="HS256", headers=kid),
        jwt.encode(claims, "a" * 32, algorithm="HS256"),
    ):
        answer = await entrance.post(json=an_activity(), headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 401
    assert entrance.behind.taken == []


async def test_a_key_that_is_not_microsofts_is_asked_about_only_now_and_then(entrance: Entrance) -> None:
    await entrance.knock(an_activity())
    asked = entrance.microsoft.asked.count("/keys")
    for _ in range(5):
        token = a_forger().sign(SERVICE)
        answer = await entrance.post(json=an_activity(), headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 401
    assert entrance.microsoft.asked.count("/keys") == asked


async def test_another_tenant(entrance: Entrance) -> None:
    stranger = an_activity(channelData={"tenant": {"id": ELSEWHERE}})
    assert await turned_away(entrance, stranger) == "another tenant"


async def test_no_tenant_at_all(entrance: Entrance) -> None:
    nowhere = an_activity(channelData={}, conversation={"id": "a:chat-of-priya"})
    assert await turned_away(entrance, nowhere) == "another tenant"


async def test_the_tenant_may_stand_in_the_conversation(entrance: Entrance) -> None:
    assert (await entrance.knock(an_activity(channelData=None))).status == 202


@pytest.mark.parametrize("missing", [None, "", 7, ["https://smba.trafficmanager.net/uk/"]])
async def test_no_service_url(entrance: Entrance, missing: object) -> None:
    assert await turned_away(entrance, an_activity(serviceUrl=missing), serviceurl=SERVICE) == "no service URL"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://smba.trafficmanager.net/uk/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evilbotframework.com/",
        "https://other.trafficmanager.net/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://smba.trafficmanager.net:8443/",
        "https://evil.example\\@smba.trafficmanager.net/",
        "https://smba.infra.gcc.teams.microsoft.us/",
        "http://169.254.169.254/metadata/",
        "https://[::1",
        "//smba.trafficmanager.net/",
        "file:///etc/passwd",
    ],
)
async def test_a_service_url_that_is_not_microsofts(entrance: Entrance, url: str) -> None:
    assert await turned_away(entrance, an_activity(serviceUrl=url)) == "the service URL is not Microsoft's"


@pytest.mark.parametrize(
    "url",
    ["https://smba.trafficmanager.net/uk/", "https://webchat.botframework.com/", "https://eu.teams.microsoft.com"],
)
async def test_a_service_url_that_is(entrance: Entrance, url: str) -> None:
    assert (await entrance.knock(an_activity(serviceUrl=url))).status == 202


async def test_this_machine_is_no_service_outside_practice(microsoft: Microsoft) -> None:
    async with an_entrance(microsoft, cloud=replace(microsoft.cloud(), loopback=False)) as entrance:
        await turned_away(entrance, an_activity(serviceUrl="http://127.0.0.1:56150/_connector"))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"words"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"1e999"]
)
async def test_garbage(entrance: Entrance, body: bytes) -> None:
    token = entrance.microsoft.signer.sign(SERVICE)
    answer = await entrance.post(data=body, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status, await answer.read()) == (400, b"")
    assert entrance.behind.taken == []


@pytest.mark.parametrize(
    "changes",
    [
        {"conversation": None, "channelData": {"tenant": {"id": TENANT}}},
        {"conversation": {"id": ""}},
        {"conversation": "a:chat"},
        {"type": None},
        {"type": {"a": 1}},
        {"channelId": "directline"},
        {"channelId": None},
    ],
)
async def test_an_activity_that_lacks_what_each_has(entrance: Entrance, changes: dict[str, Any]) -> None:
    assert (await entrance.knock(an_activity(**changes))).status in (400, 401)
    assert entrance.behind.taken == []


async def test_half_a_character_is_mended_before_anything_would_fail_to_store_it(entrance: Entrance) -> None:
    body = json.dumps(an_activity(text="\N{GRINNING FACE}HALF")).replace("HALF", "\\ud83d")
    headers = {"Authorization": f"Bearer {entrance.microsoft.signer.sign(SERVICE)}"}
    assert (await entrance.post(data=body, headers=headers)).status == 202
    assert entrance.behind.taken[0]["text"] == "\N{GRINNING FACE}\N{REPLACEMENT CHARACTER}"


async def test_nobody_is_let_in_by_a_stream(entrance: Entrance) -> None:
    clients, cloud = entrance.connector.clients, entrance.microsoft.cloud()
    authentication = Authentication(entrance.tokens, clients, entrance.keys, cloud)
    token = entrance.microsoft.signer.sign(SERVICE)
    with pytest.raises(PermissionError):
        await authentication.authenticate_streaming_request(f"Bearer {token}", "msteams")


async def test_only_what_could_not_even_be_stored_is_500_so_that_it_comes_again(entrance: Entrance) -> None:
    async def failing(_activity: Payload) -> None:
        raise OSError("canary words: the disk is full")

    entrance.behind.answer = failing
    with capture_logs() as lines:
        answer = await entrance.knock(an_activity())
    assert (answer.status, await answer.read()) == (500, b"")
    assert [(line["event"], line["error"]) for line in lines] == [("not taken in", "OSError")]
    assert "canary" not in str(lines)


async def test_without_microsofts_keys_nobody_can_be_checked_and_teams_is_to_come_again(microsoft: Microsoft) -> None:
    async with an_entrance(microsoft) as entrance:
        microsoft.down = True
        try:
            assert (await entrance.knock(an_activity())).status == 503
        finally:
            microsoft.down = False
        assert (await entrance.knock(an_activity())).status == 202


MALFORMED: dict[str, Any] = {
    "numbers that are none": {"kty": "RSA", "kid": "odd", "n": "!", "e": "AQAB"},
    "a number missing": {"kty": "RSA", "kid": "odd", "e": "AQAB"},
    "a number of another kind": {"kty": "RSA", "kid": "odd", "n": 7, "e": None},
    "no id": {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    "no object": "a word",
    "nothing": None,
}


@pytest.mark.parametrize("key", MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_key_of_microsofts_keeps_nobody_out_who_is_signed_with_another(key: Any) -> None:
    with microsoft_running() as microsoft, capture_logs() as lines:
        microsoft.signer.beside = [key, key]
        async with an_entrance(microsoft) as entrance:
            assert (await entrance.knock(an_activity())).status == 202
    (line,) = [line for line in lines if line["event"] == "signing keys that cannot be read"]
    assert line["keys"] == 2


async def test_who_is_signed_with_a_key_that_cannot_be_read_is_to_come_again() -> None:
    """Teams would never tell again what was answered as a forgery."""
    with microsoft_running() as microsoft:
        microsoft.signer.beside = [MALFORMED["a number missing"]]
        async with an_entrance(microsoft) as entrance:
            token = jwt.encode({"iss": ISSUER}, "a" * 32, algorithm="HS256", headers={"kid": "odd"})
            answer = await entrance.post(json=an_activity(), headers={"Authorization": f"Bearer {token}"})
            assert (answer.status, entrance.behind.taken) == (503, [])
            entrance.keys._fresh.fetched_at -= 3600
            microsoft.signer.beside = []
            answer = await entrance.post(json=an_activity(), headers={"Authorization": f"Bearer {token}"})
            assert answer.status == 401, "it is listed no more"


@pytest.mark.parametrize("channels", ["msteams", {}, 0])
async def test_a_key_that_does_not_say_for_which_channels_it_speaks_speaks_for_none(channels: Any) -> None:
    with microsoft_running() as microsoft:
        microsoft.signer.channels = channels
        async with an_entrance(microsoft) as entrance:
            assert (await entrance.knock(an_activity())).status == 503


async def test_a_document_without_a_single_key_that_can_be_read_is_no_document() -> None:
    with microsoft_running() as microsoft:
        microsoft.signer.kty = "EC"
        async with an_entrance(microsoft) as entrance:
            assert (await entrance.knock(an_activity())).status == 503


# ---- practice, without Entra


@pytest.fixture
async def practice(microsoft: Microsoft) -> AsyncIterator[Entrance]:
    async with an_entrance(microsoft, TeamsCredentials(), cloud=PRACTICE) as entrance:
        yield entrance


async def test_in_practice_whoever_comes_is_let_in_from_this_machine(practice: Entrance) -> None:
    answer = await practice.post(json=an_activity(serviceUrl="http://127.0.0.1:56150/_connector"))
    assert answer.status == 202


async def test_in_practice_nothing_is_sent_to_where_others_could_read_it(practice: Entrance) -> None:
    for url in ("https://evil.example/", "http://10.0.0.7/", SERVICE, None):
        assert (await practice.post(json=an_activity(serviceUrl=url))).status == 401
    assert practice.behind.taken == []
