"""The fake Teams keeps Teams' contract.

Each refusal that PLATFORM_FACTS records has a test here: a fake that let one through would let a mistake through too.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from bot.app import build_registry
from manifests.teams import teams_manifest
from tests.fakes.teams import (
    APP,
    BOT,
    TENANT,
    ClientRefused,
    Conversation,
    FakeTeams,
    Fault,
    HandClock,
    Person,
    Rejected,
    Team,
    WrongAnswer,
    check_card,
    check_invoke_answer,
    visible_text,
)

Json = dict[str, Any]
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
SENTENCE = "application/vnd.microsoft.activity.message"
BUTTON = {"type": "Action.Execute", "title": "Undo", "verb": "undo", "data": {"action": "undo", "value": "7"}}


def manifest(*, files: bool = True, reads_channels: bool = True) -> Json:
    made = teams_manifest(build_registry(), app_id=APP, public_url="https://baseroom.example")
    made["bots"][0]["supportsFiles"] = files
    if not reads_channels:
        made["authorization"]["permissions"]["resourceSpecific"] = []
    return made


def card(*words: str, **more: Any) -> Json:
    lines = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": one}]} for one in words]
    return {"type": "AdaptiveCard", "version": "1.5", "body": lines} | more


def message(content: Json, **more: Any) -> Json:
    return {"type": "message", "attachments": [{"contentType": ADAPTIVE, "content": content}]} | more


class Bot:
    """A bot of a few lines: what it was sent, what it answers, and calls to the connector by hand."""

    def __init__(self, teams: FakeTeams) -> None:
        self.teams = teams
        self.heard: list[Json] = []
        self.claims: list[Json] = []
        self.answers: dict[str, Any] = {}
        self.token = ""

    async def listen(self) -> None:
        app = web.Application()
        app.router.add_post("/api/messages", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.teams.app_address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        keys = self.teams.entra.signer.key_set()["keys"]
        self.claims.append(jwt.decode(token, jwt.PyJWK(keys[0]).key, algorithms=["RS256"], audience=APP))
        activity = await request.json()
        self.heard.append(activity)
        if activity["type"] != "invoke":
            return web.Response(status=202)
        answer = self.answers[activity["name"]]
        return web.json_response(answer) if answer is not None else web.Response()

    async def login(self, **other: str) -> int:
        asked = {"grant_type": "client_credentials", "client_id": APP, "client_secret": self.teams.password}
        asked |= {"scope": "https://api.botframework.com/.default"} | other
        async with self._session.post(self.teams.entra.token_url, data=asked) as answer:
            self.token = (await answer.json()).get("access_token", "")
            return answer.status

    async def asks(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json, Any]:
        """Status, body, headers."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        address = f"{self.teams.address}/v3/{path}"
        async with self._session.request(method, address, json=body, headers=headers) as answer:
            return answer.status, await answer.json(), answer.headers

    async def sends(self, conversation: Conversation, activity: Json, *, thread: str = "") -> tuple[int, Json]:
        where = f"{conversation.id};messageid={thread}" if thread else conversation.id
        status, body, _ = await self.asks("POST", f"conversations/{where}/activities", activity)
        return status, body

    async def creates(self, **parameters: Any) -> tuple[int, Json]:
        body = {"bot": {"id": BOT}, "tenantId": TENANT} | parameters
        status, answer, _ = await self.asks("POST", "conversations", body)
        return status, answer


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def teams(clock: HandClock) -> AsyncIterator[FakeTeams]:
    made = await FakeTeams.start(manifest=manifest(), clock=clock)
    yield made
    await made.stop()


@pytest.fixture
async def bot(teams: FakeTeams) -> AsyncIterator[Bot]:
    made = Bot(teams)
    await made.listen()
    await made.login()
    yield made
    await made.stop()


@pytest.fixture
def priya(teams: FakeTeams) -> Person:
    return teams.user("Priya Nair")


@pytest.fixture
def team(teams: FakeTeams, priya: Person) -> Team:
    return teams.team("Anyshire", [priya, teams.user("Tom Sutton")])


@pytest.fixture
def channel(teams: FakeTeams, team: Team) -> Conversation:
    return teams.channel(team, "Peer team")


# ---------------------------------------------------------------- tokens and signatures


@pytest.mark.parametrize(
    "wrong", [{"client_secret": "guessed"}, {"client_id": "another"}, {"scope": "https://graph.microsoft.com/.default"}]
)
async def test_entra_gives_no_token_to_somebody_else(bot: Bot, wrong: dict[str, str]) -> None:
    assert await bot.login(**wrong) in (400, 401)
    assert bot.token == ""


async def test_every_call_needs_a_token_that_is_still_good(bot: Bot, priya: Person) -> None:
    bot.teams.entra.revoke()
    for method, path in (
        ("POST", f"conversations/{priya.chat.id}/activities"), ("GET", f"conversations/{priya.chat.id}/pagedmembers"),
        ("POST", "conversations"), ("DELETE", f"conversations/{priya.chat.id}/activities/1"),
    ):  # fmt: skip
        status, _, _ = await bot.asks(method, path, message(card("Hello")))
        assert status == 401
    assert priya.dm_messages() == []


async def test_what_it_sends_is_signed_for_this_bot_and_for_where_it_answers(bot: Bot, priya: Person) -> None:
    await priya.dm("Carers wait too long")
    (claims,) = bot.claims
    assert claims["aud"] == APP
    assert claims["serviceurl"] == bot.teams.service_url == bot.heard[0]["serviceUrl"]


async def test_keys_can_be_changed(bot: Bot, priya: Person) -> None:
    before = bot.teams.entra.signer.kid
    bot.teams.entra.signer.rotate()
    assert bot.teams.entra.signer.kid != before
    assert len(bot.teams.entra.signer.key_set()["keys"]) == 1
    await priya.dm("Signed with the new one")
    assert len(bot.claims) == 1


# ---------------------------------------------------------------- what people do


async def test_a_personal_message_carries_all_that_teams_says(bot: Bot, priya: Person) -> None:
    said = await priya.dm("Carers wait too long")
    (heard,) = bot.heard
    assert heard["id"] == said.id
    assert heard["conversation"] == {"id": priya.chat.id, "conversationType": "personal", "tenantId": TENANT}
    assert heard["from"] == {"id": priya.id, "name": "Priya Nair", "aadObjectId": priya.user.aad}
    assert heard["localTimezone"] == "Europe/London"
    assert heard["channelData"]["tenant"]["id"] == TENANT


async def test_a_mention_is_a_tag_and_an_entity_and_the_thread_stands_in_the_conversation(
    bot: Bot, priya: Person, channel: Conversation
) -> None:
    said = await priya.says(channel, "@Baseroom Carers wait, says @Tom Sutton")
    (heard,) = bot.heard
    assert heard["text"] == "<at>Baseroom</at> Carers wait, says <at>Tom Sutton</at>"
    mentioned = [one["mentioned"]["name"] for one in heard["entities"] if one["type"] == "mention"]
    assert mentioned == ["Baseroom", "Tom Sutton"]
    assert heard["conversation"]["id"] == f"{channel.id};messageid={said.id}"
    assert heard["channelData"]["team"]["id"] == channel.team.id if channel.team else False


async def test_a_reply_names_the_message_that_began_the_thread(bot: Bot, priya: Person, channel: Conversation) -> None:
    first = await priya.says(channel, "@Baseroom one")
    await priya.says(channel, "@Baseroom two", thread=first)
    assert bot.heard[1]["replyToId"] == first.id
    assert bot.heard[1]["conversation"]["id"].endswith(f";messageid={first.id}")


async def test_talk_that_does_not_name_the_bot_reaches_it_only_by_consent(clock: HandClock) -> None:
    for consents in (True, False):
        teams = await FakeTeams.start(manifest=manifest(reads_channels=consents), clock=clock)
        bot = Bot(teams)
        await bot.listen()
        priya = teams.user("Priya Nair")
        channel = teams.channel(teams.team("Anyshire", [priya]), "Peer team")
        await priya.says(channel, "Lunch?")
        await priya.says(teams.group_chat([priya]), "Lunch?")
        assert len(bot.heard) == int(consents)
        await bot.stop()
        await teams.stop()


async def test_an_edit_a_deletion_and_its_undoing_say_which_message(bot: Bot, priya: Person) -> None:
    said = await priya.dm("Carers wait")
    await priya.edits(said, "Carers wait too long")
    await priya.deletes(said)
    await priya.undeletes(said)
    kinds = [(one["type"], one["channelData"].get("eventType", ""), one["id"]) for one in bot.heard[1:]]
    assert kinds == [
        ("messageUpdate", "editMessage", said.id),
        ("messageDelete", "softDeleteMessage", said.id),
        ("messageUpdate", "undeleteMessage", said.id),
    ]
    assert bot.heard[1]["text"] == "Carers wait too long"
    assert "text" not in bot.heard[2]


async def test_nobody_edits_what_somebody_else_said(bot: Bot, priya: Person) -> None:
    said = await priya.dm("Carers wait")
    with pytest.raises(ClientRefused):
        await bot.teams.user("Tom Sutton").edits(said, "They do not")


async def test_coming_and_going_is_told(bot: Bot, priya: Person, channel: Conversation) -> None:
    await priya.installs()
    zed = bot.teams.user("Zed Stranger")
    await zed.joins(channel)
    await zed.leaves(channel)
    await priya.uninstalls()
    told = [(one["type"], one.get("action") or one["channelData"].get("eventType", "")) for one in bot.heard]
    assert told == [
        ("conversationUpdate", ""), ("installationUpdate", "add"), ("conversationUpdate", "teamMemberAdded"),
        ("conversationUpdate", "teamMemberRemoved"), ("installationUpdate", "remove"),
    ]  # fmt: skip
    with pytest.raises(ClientRefused):
        await priya.dm("Are you there?")


async def test_an_activity_can_come_again_under_another_id(bot: Bot, priya: Person) -> None:
    await priya.dm("Carers wait")
    await bot.teams.deliver_again(bot.teams.deliveries[0], new_id=True)
    assert bot.heard[0]["id"] != bot.heard[1]["id"]
    assert bot.heard[0]["text"] == bot.heard[1]["text"]


# ---------------------------------------------------------------- posts


async def test_a_post_in_a_personal_chat_is_shown_and_has_an_id(bot: Bot, priya: Person) -> None:
    status, answer = await bot.sends(priya.chat, message(card("#1 saved"), summary="#1 saved"))
    (shown,) = priya.dm_messages()
    assert status == 201
    assert answer["id"] == shown.id
    assert visible_text(shown) == "#1 saved"


async def test_text_with_a_card_is_split_and_no_id_comes_back(bot: Bot, priya: Person) -> None:
    _, answer = await bot.sends(priya.chat, message(card("#1 saved"), text="Saved"))
    assert answer["id"] == ""
    assert len(priya.dm_messages()) == 2


async def test_a_new_thread_in_a_channel_comes_back_with_its_message(
    bot: Bot, priya: Person, channel: Conversation
) -> None:
    where = {"channel": {"id": channel.id}}
    status, made = await bot.creates(isGroup=True, channelData=where, activity=message(card("13:00 session")))
    assert status == 201
    assert made["id"] == f"{channel.id};messageid={made['activityId']}"
    status, _ = await bot.sends(channel, message(card("A reply")), thread=made["activityId"])
    assert status == 201
    assert [one.thread for one in priya.messages_in(channel)] == ["", made["activityId"]]


async def test_a_thread_that_is_not_there_cannot_be_replied_to(bot: Bot, channel: Conversation) -> None:
    assert (await bot.sends(channel, message(card("A reply")), thread="1"))[1]["error"][
        "code"
    ] == "ConversationNotFound"


@pytest.mark.parametrize("body", [{"isGroup": True}, {"isGroup": True, "channelData": {"channel": {"id": "19:no"}}}])
async def test_a_thread_needs_a_channel_and_a_first_message(bot: Bot, channel: Conversation, body: Json) -> None:
    assert (await bot.creates(**body, activity=message(card("Hello"))))[0] in (400, 404)
    assert (await bot.creates(isGroup=True, channelData={"channel": {"id": channel.id}}))[0] == 400


async def test_a_personal_chat_is_opened_by_id_where_the_app_is_installed(bot: Bot, priya: Person) -> None:
    assert await bot.creates(isGroup=False, members=[{"id": priya.id}]) == (201, {"id": priya.chat.id})
    for named in (priya.user.email, priya.user.aad, "29:unknown"):
        assert (await bot.creates(isGroup=False, members=[{"id": named}]))[0] == 403
    priya.user.installed = False
    status, answer = await bot.creates(isGroup=False, members=[{"id": priya.id}])
    assert (status, answer["error"]["code"]) == (403, "ForbiddenOperationException")


@pytest.mark.parametrize("wrong", [{"bot": {"id": "28:other"}}, {"tenantId": "other"}, {"members": []}])
async def test_a_conversation_of_another_bot_tenant_or_nobody_is_refused(bot: Bot, priya: Person, wrong: Json) -> None:
    right: Json = {"isGroup": False, "members": [{"id": priya.id}]}
    assert (await bot.creates(**(right | wrong)))[0] in (400, 403)


async def test_a_post_is_edited_and_deleted_by_its_bot_and_nobody_elses_is(bot: Bot, priya: Person) -> None:
    _, made = await bot.sends(priya.chat, message(card("#1 saved")))
    path = f"conversations/{priya.chat.id}/activities/"
    assert (await bot.asks("PUT", path + made["id"], message(card("#1 saved · Vision"))))[0] == 200
    assert visible_text(priya.dm_messages()[0]) == "#1 saved · Vision"
    said = await priya.dm("Mine")
    assert (await bot.asks("PUT", path + said.id, message(card("Yours"))))[0] == 403
    assert (await bot.asks("DELETE", path + made["id"]))[0] == 200
    status, gone, _ = await bot.asks("PUT", path + made["id"], message(card("#1")))
    assert (status, gone["error"]["code"]) == (404, "ActivityNotFoundInConversation")


async def test_somebody_who_blocks_the_bot_or_removed_it_gets_nothing(bot: Bot, priya: Person) -> None:
    priya.blocks()
    status, answer = await bot.sends(priya.chat, message(card("Hello")))
    assert (status, answer["error"]["code"]) == (403, "MessageWritesBlocked")
    bot.teams.errors_are_numbers = True
    assert (await bot.sends(priya.chat, message(card("Hello"))))[1]["errorCode"] == 209
    priya.unblocks()
    priya.user.installed = False
    assert (await bot.sends(priya.chat, message(card("Hello"))))[0] == 403
    assert priya.dm_messages() == []


async def test_a_message_over_a_hundred_kilobytes_in_utf_16_is_too_big(bot: Bot, priya: Person) -> None:
    status, _ = await bot.sends(priya.chat, message(card("x" * 50_000)))
    assert status == 201
    status, answer = await bot.sends(priya.chat, message(card("x" * 52_000)))
    assert (status, answer["error"]["code"]) == (413, "MessageSizeTooBig")


WRONG_CARDS = [
    card("Hello", version="1.6"),
    card("Hello", type="Card"),
    {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlok", "text": "Hello"}]},
    {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun"}]}]},
    card("Hello", actions=[{"type": "Action.Execute", "title": "Go", "verb": 7}]),
    card("Hello", refresh={"action": BUTTON, "userIds": [f"29:{number}" for number in range(61)]}),
    card("Hello", refresh={"action": {"type": "Action.Submit", "title": "Go"}, "userIds": []}),
    card("Hello") | {"body": [{"type": "Input.Text", "id": "same"}, {"type": "Input.Text", "id": "same"}]},
]


@pytest.mark.parametrize("wrong", WRONG_CARDS)
async def test_a_card_that_teams_would_not_show_is_refused(bot: Bot, priya: Person, wrong: Json) -> None:
    assert (await bot.sends(priya.chat, message(wrong)))[0] == 400
    with pytest.raises(Rejected):
        check_card(wrong)


async def test_files_are_offered_in_personal_chats_and_where_the_manifest_says_so(
    bot: Bot, priya: Person, channel: Conversation
) -> None:
    offer = {"description": "The workbook", "sizeInBytes": 3, "acceptContext": {"k": 1}, "declineContext": {"k": 1}}
    consent = {
        "type": "message",
        "attachments": [
            {"contentType": "application/vnd.microsoft.teams.card.file.consent", "name": "a.xlsx", "content": offer}
        ],
    }
    assert (await bot.sends(priya.chat, consent))[0] == 201
    assert (await bot.sends(channel, consent))[0] == 400
    bot.teams.manifest = manifest(files=False)
    assert (await bot.sends(priya.chat, consent))[0] == 400


# ---------------------------------------------------------------- pace


@pytest.mark.parametrize(("burst", "gap", "waits"), [(7, 0.0, 1), (8, 0.24, 1), (60, 0.45, 3)])
async def test_over_the_pace_it_says_how_long_to_wait(
    bot: Bot, priya: Person, clock: HandClock, burst: int, gap: float, waits: int
) -> None:
    for _ in range(burst):
        assert (await bot.sends(priya.chat, message(card("Hello"))))[0] == 201
        clock.advance(timedelta(seconds=gap))
    path = f"conversations/{priya.chat.id}/activities"
    status, _, headers = await bot.asks("POST", path, message(card("One more")))
    assert status == 429
    assert int(headers["Retry-After"]) == waits
    clock.advance(timedelta(seconds=waits))
    assert (await bot.sends(priya.chat, message(card("Now"))))[0] == 201


async def test_another_conversation_has_a_pace_of_its_own(bot: Bot, priya: Person, channel: Conversation) -> None:
    for _ in range(7):
        await bot.sends(priya.chat, message(card("Hello")))
    assert (await bot.sends(channel, message(card("Hello"))))[0] == 201


# ---------------------------------------------------------------- rosters


async def test_a_roster_comes_in_pages_and_a_channels_is_its_teams(
    bot: Bot, teams: FakeTeams, team: Team, channel: Conversation
) -> None:
    teams.members_a_page = 1
    path = f"conversations/{channel.id}/pagedmembers?pageSize=500"
    _, first, _ = await bot.asks("GET", path)
    _, second, _ = await bot.asks("GET", f"{path}&continuationToken={first['continuationToken']}")
    assert [first["members"][0]["name"], second["members"][0]["name"]] == ["Priya Nair", "Tom Sutton"]
    assert "continuationToken" not in second
    inner = teams.channel(team, "Leads", kind="private", members=[teams.user("Tom Sutton")])
    _, roster, _ = await bot.asks("GET", f"conversations/{inner.id}/pagedmembers")
    assert [one["name"] for one in roster["members"]] == ["Tom Sutton"]


async def test_a_team_and_its_channels_are_shown_to_the_bot_that_is_in_it(
    bot: Bot, team: Team, channel: Conversation
) -> None:
    _, told, _ = await bot.asks("GET", f"teams/{team.id}")
    assert (told["name"], told["memberCount"]) == ("Anyshire", 2)
    _, listed, _ = await bot.asks("GET", f"teams/{team.id}/conversations")
    assert listed["conversations"] == [
        {"id": team.id, "name": None, "type": "standard"}, {"id": channel.id, "name": "Peer team", "type": "standard"},
    ]  # fmt: skip
    team.app = False
    assert (await bot.asks("GET", f"teams/{team.id}"))[0] == 403
    assert (await bot.sends(channel, message(card("Hello"))))[0] == 403


# ---------------------------------------------------------------- faults


async def test_what_goes_wrong_on_purpose_goes_wrong_once(bot: Bot, priya: Person) -> None:
    bot.teams.fault("send", Fault.answers(429, "Throttled", retry_after=30))
    status, _, headers = await bot.asks("POST", f"conversations/{priya.chat.id}/activities", message(card("Hello")))
    assert (status, headers["Retry-After"]) == (429, "30")
    assert priya.dm_messages() == []
    bot.teams.fault("send", Fault.numbers(403, 209))
    assert (await bot.sends(priya.chat, message(card("Hello"))))[1]["errorCode"] == 209
    bot.teams.fault("send", Fault.resets(after_effect=True))
    with pytest.raises(aiohttp.ClientError):
        await bot.sends(priya.chat, message(card("Arrived all the same")))
    assert len(priya.dm_messages()) == 1


# ---------------------------------------------------------------- answers to invokes

SHOWN: Json = {"title": "Retag", "card": {"contentType": ADAPTIVE, "content": card("Which theme?")}}
DIALOG = {"task": {"type": "continue", "value": SHOWN}}
CARD_ANSWER = {"statusCode": 200, "type": ADAPTIVE, "value": card("Undone")}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("adaptiveCard/action", CARD_ANSWER),
        (
            "adaptiveCard/action",
            {"statusCode": 200, "type": SENTENCE, "value": "!"},
        ),
        ("task/fetch", DIALOG),
        ("task/submit", None),
        ("task/submit", {"task": {"type": "message", "value": "Saved."}}),
        ("composeExtension/fetchTask", DIALOG),
        ("composeExtension/submitAction", {}),
        ("fileConsent/invoke", None),
    ],
)
def test_an_answer_that_teams_could_show_passes(name: str, body: object) -> None:
    check_invoke_answer(name, 200, body)


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("adaptiveCard/action", 500, CARD_ANSWER),
        ("adaptiveCard/action", 200, None),
        ("adaptiveCard/action", 200, card("A bare card")),
        ("adaptiveCard/action", 200, CARD_ANSWER | {"value": {"type": "AdaptiveCard"}}),
        (
            "adaptiveCard/action",
            200,
            {"statusCode": 200, "type": SENTENCE, "value": ""},
        ),
        ("task/fetch", 200, None),
        ("task/fetch", 200, {"task": {"type": "continue", "value": {"card": card("No wrapping"), "title": "Retag"}}}),
        ("task/fetch", 200, {"task": {"type": "continue", "value": SHOWN | {"title": ""}}}),
        ("composeExtension/fetchTask", 200, {"task": {"type": "message", "value": ""}}),
        ("fileConsent/invoke", 200, {"task": {}}),
        ("no/such", 200, {}),
    ],
)
def test_an_answer_that_teams_could_not_show_is_an_error(name: str, status: int, body: object) -> None:
    with pytest.raises(WrongAnswer):
        check_invoke_answer(name, status, body)


async def test_a_button_is_answered_with_a_card_that_its_presser_alone_sees(
    bot: Bot, priya: Person, team: Team, channel: Conversation
) -> None:
    _ = team
    await bot.sends(channel, message(card("#1 saved") | {"actions": [BUTTON]}))
    (post,) = bot.teams.posts_in(channel)
    bot.answers["adaptiveCard/action"] = CARD_ANSWER
    await priya.presses(post, "Undo")
    said = bot.heard[-1]
    assert (said["name"], said["replyToId"], said["value"]["action"]["verb"]) == (
        "adaptiveCard/action",
        post.id,
        "undo",
    )
    assert visible_text(post, priya.user) == "Undone"
    assert visible_text(post, bot.teams.user("Tom Sutton").user).startswith("#1 saved")


async def test_a_card_that_refreshes_itself_asks_for_those_it_names(
    bot: Bot, priya: Person, channel: Conversation
) -> None:
    await bot.sends(channel, message(card("For one") | {"refresh": {"action": BUTTON, "userIds": [priya.id]}}))
    (post,) = bot.teams.posts_in(channel)
    bot.answers["adaptiveCard/action"] = CARD_ANSWER
    await bot.teams.user("Tom Sutton").looks_at(post)
    await priya.looks_at(post)
    assert [one["from"]["name"] for one in bot.heard] == ["Priya Nair"]
    assert bot.heard[0]["value"]["trigger"] == "automatic"


async def test_a_plain_submit_is_a_message_with_a_value(bot: Bot, priya: Person) -> None:
    await bot.sends(priya.chat, message(card("Old", actions=[_submit()])))
    (shown,) = priya.dm_messages()
    await priya.presses(shown, "Send")
    assert (bot.heard[-1]["type"], bot.heard[-1]["value"]) == ("message", {"action": "undo", "value": "7"})
    assert "text" not in bot.heard[-1]


def _submit(**more: Any) -> Json:
    return {"type": "Action.Submit", "title": "Send", "data": {"action": "undo", "value": "7"}} | more


FORM = card() | {
    "body": [
        {
            "type": "Input.Text",
            "id": "text",
            "label": "What you heard",
            "isRequired": True,
            "errorMessage": "Needed.",
            "maxLength": 20,
        },
        {
            "type": "Input.ChoiceSet",
            "id": "theme",
            "label": "Theme",
            "isMultiSelect": True,
            "choices": [{"title": "Vision", "value": "v"}, {"title": "Use\\_of\\_data", "value": "d"}],
        },
    ],
    "actions": [_submit(title="Save")],
}


async def test_a_dialog_opens_is_filled_in_and_sent(bot: Bot, priya: Person) -> None:
    opening = _submit(data={"action": "retag", "value": "7", "msteams": {"type": "task/fetch"}})
    await bot.sends(priya.chat, message(card("#7 saved", actions=[opening])))
    bot.answers["task/fetch"] = {
        "task": {"type": "continue", "value": {"title": "Retag", "card": {"contentType": ADAPTIVE, "content": FORM}}}
    }
    await priya.presses(priya.dm_messages()[0], "Send")
    assert priya.dialog_title == "Retag"
    with pytest.raises(ClientRefused, match="needed"):
        await priya.submits()
    with pytest.raises(ClientRefused, match="20 characters"):
        await priya.submits({"What you heard": "x" * 21})
    with pytest.raises(ClientRefused, match="not offered"):
        await priya.submits({"What you heard": "Carers", "Theme": "Estates"})
    bot.answers["task/submit"] = None
    await priya.submits({"What you heard": "Carers", "Theme": "Vision|Use_of_data"})
    assert bot.heard[-1]["value"]["data"] == {"action": "undo", "value": "7", "text": "Carers", "theme": "v,d"}
    assert priya.dialog is None


async def test_a_message_action_brings_the_message_with_its_author_and_time(
    bot: Bot, priya: Person, channel: Conversation
) -> None:
    said = await bot.teams.user("Tom Sutton").says(channel, "Carers <wait>")
    bot.answers["composeExtension/fetchTask"] = {"task": {"type": "message", "value": "#1 saved"}}
    await priya.uses_action("findings.log", said)
    payload = bot.heard[-1]["value"]["messagePayload"]
    assert payload["from"]["user"]["displayName"] == "Tom Sutton"
    assert payload["body"] == {"contentType": "html", "content": "<p>Carers &lt;wait&gt;</p>"}
    assert payload["createdDateTime"].startswith("2026-11-24T09:00")
    assert priya.toasts == ["#1 saved"]
    with pytest.raises(ClientRefused):
        await priya.uses_action("no.such", said)


async def test_a_file_that_somebody_agrees_to_has_a_place_to_be_put(bot: Bot, priya: Person) -> None:
    offer = {"description": "The workbook", "sizeInBytes": 3, "acceptContext": {"k": 1}, "declineContext": {"k": 1}}
    consent = {"contentType": "application/vnd.microsoft.teams.card.file.consent", "name": "a.xlsx", "content": offer}
    await bot.sends(priya.chat, {"type": "message", "attachments": [consent]})
    bot.answers["fileConsent/invoke"] = None
    await priya.accepts(priya.dm_messages()[0])
    value = bot.heard[-1]["value"]
    assert (value["action"], value["context"], value["uploadInfo"]["name"]) == ("accept", {"k": 1}, "a.xlsx")
    async with aiohttp.ClientSession() as session:
        address = value["uploadInfo"]["uploadUrl"]
        async with session.put(address, data=b"abc") as answer:
            assert answer.status == 416
        async with session.put(address, data=b"abc", headers={"Content-Range": "bytes 0-2/3"}) as answer:
            assert answer.status == 201
    assert list(bot.teams.uploads.values()) == [b"abc"]
    with pytest.raises(ClientRefused):
        await priya.accepts(priya.dm_messages()[0])
