"""Each remedy in the list is needed: with the SDK's own way put back in its place, what the list describes happens.

An experiment tells whether the trap snaps. It is made twice: as Baseroom is, and with the SDK's way put back.
"""

import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import msal
import pytest
from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.core.serializer_helper import serializer_helper
from botbuilder.schema import Activity, AdaptiveCardInvokeResponse, ErrorResponse
from botframework.connector.auth import (
    JwtTokenExtractor,
    MicrosoftAppCredentials,
    PasswordServiceClientCredentialFactory,
)
from msrest.pipeline.async_requests import AsyncPipelineRequestsHTTPSender
from msrest.universal_http.async_requests import AsyncRequestsHTTPSender
from msrest.universal_http.requests import ClientRetryPolicy

from bot.settings import BadSetting, Settings
from bot.teams import answers, porter, remedies, wording
from bot.teams import credentials as credentials_module
from bot.teams.adapter import as_model
from bot.teams.cloud import PRACTICE, Cloud
from bot.teams.connector import Answered
from bot.teams.credentials import AppType, TeamsCredentials
from bot.teams.door import Door
from bot.teams.payloads import InvokeAnswer, Json, Payload
from bot.teams.remedies import REMEDIES, Remedy
from bot.teams.render import TeamsMessage
from bot.teams.tokens import Tokens
from tests.fakes.teams.tenant import APP, TENANT
from tests.teams.entrance import Entrance, an_activity, an_entrance
from tests.teams.microsoft import PASSWORD, Microsoft, microsoft_running
from tests.teams.stalls import stalls
from tests.timing import at_best

SLOWLY = 0.4  # seconds that Microsoft takes to answer, where it matters
A_STALL = 0.3
CHAT = "a:chat-of-priya"
SLOW_TO_LOOK_UP = ClientRetryPolicy.safe_codes  # a list, before any remedy is applied


@pytest.fixture
def microsoft() -> Iterator[Microsoft]:
    with microsoft_running() as microsoft:
        yield microsoft


# ---------------------------------------------------------------- the experiments


async def an_invoke_is_answered_with_500(microsoft: Microsoft) -> bool:
    async def answering(_activity: Payload) -> InvokeAnswer:
        return InvokeAnswer(200, {"task": {"type": "continue"}})

    async with an_entrance(microsoft) as entrance:
        entrance.behind.answer = answering
        return (await entrance.knock(an_activity(type="invoke", name="task/fetch"))).status == 500


async def an_error_for_an_action_is_500(microsoft: Microsoft) -> bool:
    return await answering_is_500(microsoft, lambda: answers.refuse_action("That button is no longer offered."))


async def a_sentence_for_an_action_is_500(microsoft: Microsoft) -> bool:
    return await answering_is_500(microsoft, lambda: answers.show_words("#1 saved"))


async def answering_is_500(microsoft: Microsoft, make: Callable[[], InvokeAnswer]) -> bool:
    async def answering(_activity: Payload) -> InvokeAnswer:
        return make()

    async with an_entrance(microsoft) as entrance:
        entrance.behind.answer = answering
        return (await entrance.knock(an_activity(type="invoke", name="adaptiveCard/action"))).status == 500


async def a_rotated_key_lets_nobody_in(microsoft: Microsoft) -> bool:
    async with an_entrance(microsoft) as entrance:
        assert (await entrance.knock(an_activity())).status == 202
        two_hours_pass(entrance)
        microsoft.signer.rotate()
        return (await entrance.knock(an_activity())).status != 202


def two_hours_pass(entrance: Entrance) -> None:
    """For whichever key set is in use."""
    entrance.keys._fresh.fetched_at -= 7200
    theirs = JwtTokenExtractor.metadataCache[entrance.keys.cloud.openid_url]
    if theirs is not entrance.keys:
        theirs.last_updated = datetime.now() - timedelta(hours=2)  # noqa: DTZ005  # as the SDK keeps it


async def fetching_keys_stalls_everybody(microsoft: Microsoft) -> bool:
    microsoft.slow = SLOWLY
    async with an_entrance(microsoft) as entrance, stalls() as heart:
        assert (await entrance.knock(an_activity())).status == 202
    return heart.longest > A_STALL


async def each_turn_fetches_a_token(microsoft: Microsoft) -> bool:
    async with an_entrance(microsoft) as entrance:
        for _ in range(3):
            await entrance.connector.send(microsoft.service, CHAT, {"type": "message"})
    return len(microsoft.tokens) == 3


async def fetching_a_token_stalls_everybody(microsoft: Microsoft) -> bool:
    microsoft.slow = SLOWLY
    async with an_entrance(microsoft) as entrance, stalls() as heart:
        await entrance.connector.send(microsoft.service, CHAT, {"type": "message"})
    return heart.longest > A_STALL


async def a_bad_token_is_500(microsoft: Microsoft) -> bool:
    async with an_entrance(microsoft) as entrance:
        return (await entrance.knock(an_activity(), exp=int(time.time()) - 9999)).status == 500


async def garbage_is_500(microsoft: Microsoft) -> bool:
    async with an_entrance(microsoft) as entrance:
        answers = [await entrance.post(data=body) for body in (b"{", b"[]", b"")]
    return {answer.status for answer in answers} == {500}


async def any_service_may_have_sent_it(microsoft: Microsoft) -> bool:
    async with an_entrance(microsoft) as entrance:
        nameless = an_activity(serviceUrl=None)
        return (await entrance.knock(nameless, serviceurl="https://smba.trafficmanager.net/other/")).status == 202


async def an_answer_may_go_anywhere(microsoft: Microsoft) -> bool:
    async with an_entrance(microsoft, TeamsCredentials(), cloud=PRACTICE) as entrance:
        return (await entrance.post(json=an_activity(serviceUrl="https://evil.example/"))).status == 202


async def building_a_client_scans_a_list(_microsoft: Microsoft) -> bool:
    quick = frozenset(SLOW_TO_LOOK_UP)
    remedies.apply()

    def build() -> None:
        for _ in range(20):
            ClientRetryPolicy()

    now = at_best(build)
    ClientRetryPolicy.safe_codes = quick
    return now > 3 * at_best(build)


async def a_change_is_sent_again_and_again(microsoft: Microsoft) -> bool:
    refusal = (503, {"error": {"code": "ServiceUnavailable"}}, {})
    microsoft.replies += [refusal] * 8
    async with an_entrance(microsoft) as entrance:
        with suppress(Exception):  # the SDK's errors are not ours
            await entrance.connector.update(microsoft.service, CHAT, "m1", {"type": "message"})
    return len(microsoft.calls) > 1


NAMED_TWICE = an_activity(
    text="<at>Baseroom</at> log: staff like Baseroom, says <at>Tom</at>",
    recipient={"id": "28:baseroom", "name": "Baseroom"},
    entities=[
        {"type": "mention", "text": "<at>Baseroom</at>", "mentioned": {"id": "28:baseroom", "name": "Baseroom"}},
        {"type": "mention", "text": "<at>Tom</at>", "mentioned": {"id": "29:tom", "name": "Tom"}},
    ],
)


async def our_name_is_cut_out_of_the_words(_microsoft: Microsoft) -> bool:
    return "staff like Baseroom" not in wording.words_of(NAMED_TWICE, "28:baseroom").text


async def nobody_knows_who_was_mentioned(_microsoft: Microsoft) -> bool:
    return wording.words_of(NAMED_TWICE, "28:baseroom").ids != ("29:tom",)


async def the_tenant_is_not_found(microsoft: Microsoft) -> bool:
    async with an_entrance(microsoft) as entrance:
        return (await entrance.knock(an_activity(channelData=None))).status == 401


async def a_block_looks_like_any_refusal(microsoft: Microsoft) -> bool:
    shapes: list[Json] = [{"error": {"code": "MessageWritesBlocked"}}, {"errorCode": 209, "message": "blocked"}]
    microsoft.replies += [(403, shape, {}) for shape in shapes]
    told = set()
    async with an_entrance(microsoft) as entrance:
        for _ in shapes:
            with pytest.raises(Answered) as refused:
                await entrance.connector.send(microsoft.service, CHAT, {"type": "message"})
            told.add(refused.value.code)
    return told != {"MessageWritesBlocked"}


async def a_card_has_no_id_to_change_it_by(microsoft: Microsoft) -> bool:
    async with an_entrance(microsoft) as entrance:
        activity = porter.activity_of(TeamsMessage("#1 saved", {"type": "AdaptiveCard"}))
        return not await entrance.connector.send(microsoft.service, CHAT, activity)


async def anybody_may_speak_as_anybody(microsoft: Microsoft) -> bool:
    found = credentials_module.read_credentials(Settings(host="0.0.0.0"))
    if found is None:
        return False  # nothing is served
    async with an_entrance(microsoft, found, cloud=Cloud()) as entrance:
        return (await entrance.post(json=an_activity())).status == 202


async def the_token_is_asked_of_the_wrong_tenant(microsoft: Microsoft) -> bool:
    half = Settings(microsoft_app_id=APP, microsoft_app_password=PASSWORD, microsoft_app_tenant_id=TENANT)
    try:
        found = credentials_module.read_credentials(half)
    except BadSetting:
        return False
    assert found is not None
    return TENANT not in Tokens(found, microsoft.cloud()).credentials.oauth_endpoint


# ---------------------------------------------------------------- the SDK's own ways


def their_answer(answer: InvokeAnswer | None) -> web.Response:
    return web.Response(status=202) if answer is None else web.json_response(serializer_helper(answer.body))


async def their_token(tokens: Tokens) -> str:
    """What the SDK does for each client that it builds; only where Entra is, it has to be told."""
    credentials = MicrosoftAppCredentials(APP, PASSWORD, TENANT)
    credentials.app = msal.ConfidentialClientApplication(
        APP,
        client_credential=PASSWORD,
        authority=tokens.cloud.login_url + TENANT,
        instance_discovery=False,
        http_client=tokens.cloud.session(),
    )
    return str(credentials.get_access_token())


async def their_authentication(door: Door, activity: Payload, header: str | None) -> Any:
    return await door.authentication.authenticate_request(as_model(activity), header)


def their_reading(body: bytes) -> Any:
    return Activity().deserialize(json.loads(body))


def their_sender(_clients: Any, config: Any) -> Any:
    return AsyncPipelineRequestsHTTPSender(AsyncRequestsHTTPSender(config))


def their_error_card(sentence: str) -> InvokeAnswer:
    body = AdaptiveCardInvokeResponse(status_code=400, type=answers.ERROR, value=Exception("BadRequest", sentence))
    return InvokeAnswer(200, serializer_helper(body))


def their_sentence(sentence: str) -> InvokeAnswer:
    body = AdaptiveCardInvokeResponse(status_code=200, type=answers.MESSAGE, value=sentence)
    return InvokeAnswer(200, serializer_helper(body))


def their_words(activity: Payload, _us: str) -> wording.Words:
    return wording.Words(TurnContext.remove_recipient_mention(Activity().deserialize(activity)))


def their_mentions(activity: Payload) -> list[wording.Mention]:
    given_back = Activity().deserialize(activity).serialize()
    found = [entity for entity in given_back["entities"] if entity["type"] == "mention"]
    people = [one.get("mentioned", {}) for one in found]
    return [
        wording.Mention(person.get("id", ""), person.get("name", ""), one.get("text", ""))
        for one, person in zip(found, people, strict=True)
    ]


def their_tenant(activity: Payload) -> str:
    return Activity().deserialize(activity).conversation.tenant_id or ""


def their_error(status: int, body: Payload) -> str:
    error = ErrorResponse().deserialize(body).error
    return error.code if error else str(status)


def text_and_card(page: TeamsMessage) -> Json:
    card = {"contentType": porter.ADAPTIVE_CARD, "content": page.card}
    return {"type": "message", "text": page.summary, "attachments": [card]}


def whatever_is_set(_settings: Settings) -> TeamsCredentials:
    return TeamsCredentials()


def single_tenant_only_if_told_so(settings: Settings) -> TeamsCredentials:
    """The SDK's configuration reads the tenant only for the two kinds that have one of their own."""
    factory = PasswordServiceClientCredentialFactory(settings.microsoft_app_id, PASSWORD)
    assert factory.tenant_id is None
    return TeamsCredentials(APP, PASSWORD, AppType.MULTI_TENANT, TENANT)


def nothing(*_anything: Any) -> None:
    """The SDK does nothing of the kind."""


def always(*_anything: Any) -> bool:
    return True


# ---------------------------------------------------------------- the list


@dataclass(frozen=True)
class Needed:
    """A remedy's experiment, and the SDK's way to put in its place."""

    snaps: Callable[[Microsoft], Awaitable[bool]]
    theirs: Any


NEEDED = {
    "an invoke's answer as it stands": Needed(an_invoke_is_answered_with_500, their_answer),
    "an error of our own for a wrong action": Needed(an_error_for_an_action_is_500, their_error_card),
    "a sentence as an answer": Needed(a_sentence_for_an_action_is_500, their_sentence),
    "keys that rotate": Needed(a_rotated_key_lets_nobody_in, nothing),
    "keys fetched in a thread": Needed(fetching_keys_stalls_everybody, nothing),
    "one MSAL application": Needed(each_turn_fetches_a_token, their_token),
    "a token fetched in a thread": Needed(fetching_a_token_stalls_everybody, their_token),
    "bad tokens are refused": Needed(a_bad_token_is_500, their_authentication),
    "garbage is refused": Needed(garbage_is_500, their_reading),
    "an activity names its service": Needed(any_service_may_have_sent_it, nothing),
    "only Microsoft's services": Needed(an_answer_may_go_anywhere, always),
    "clients without the slow scan": Needed(building_a_client_scans_a_list, nothing),
    "asked once": Needed(a_change_is_sent_again_and_again, their_sender),
    "a mention where it stands": Needed(our_name_is_cut_out_of_the_words, their_words),
    "who was mentioned": Needed(nobody_knows_who_was_mentioned, their_mentions),
    "the tenant": Needed(the_tenant_is_not_found, their_tenant),
    "either shape of a refusal": Needed(a_block_looks_like_any_refusal, their_error),
    "a card on its own": Needed(a_card_has_no_id_to_change_it_by, text_and_card),
    "no empty app id": Needed(anybody_may_speak_as_anybody, whatever_is_set),
    "the kind of registration is named": Needed(the_token_is_asked_of_the_wrong_tenant, single_tenant_only_if_told_so),
}


def put_back(monkeypatch: pytest.MonkeyPatch, place: str, theirs: Any) -> None:
    """Put the SDK's way in this place, wherever else in the folder it is known by name."""
    module_name, _, path = place.partition(":")
    module = import_module(module_name)
    if "." in path:
        owner, _, name = path.partition(".")
        monkeypatch.setattr(getattr(module, owner), name, theirs)
        return
    ours = getattr(module, path)
    for one in [found for name, found in sys.modules.items() if name.startswith("bot.teams.")]:
        if getattr(one, path, None) is ours:
            monkeypatch.setattr(one, path, theirs)


def test_every_remedy_has_its_experiment() -> None:
    assert [remedy.name for remedy in REMEDIES] == list(NEEDED)


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.name)
async def test_a_remedy_is_needed(remedy: Remedy, microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = NEEDED[remedy.name]
    monkeypatch.setattr("urllib3.util.retry.Retry.sleep", nothing)  # the SDK's pauses between its repetitions
    monkeypatch.setattr(ClientRetryPolicy, "safe_codes", SLOW_TO_LOOK_UP)
    assert not await needed.snaps(microsoft), f"as Baseroom is: {remedy.trap}"
    monkeypatch.setattr(JwtTokenExtractor, "metadataCache", {})
    monkeypatch.setattr(ClientRetryPolicy, "safe_codes", SLOW_TO_LOOK_UP)
    put_back(monkeypatch, remedy.place, needed.theirs)
    fresh = Microsoft(microsoft.address)
    microsoft.__dict__.update({name: getattr(fresh, name) for name in fresh.__dict__ if name != "address"})
    assert await needed.snaps(microsoft), f"with the SDK's way in {remedy.place} it should show: {remedy.trap}"
