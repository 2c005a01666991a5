"""The fake Slack keeps Slack's contract, as the real slack_sdk and the real slack-bolt meet it.

Each refusal that PLATFORM_FACTS records has a test here: a fake that let one through would let a mistake through too.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import (
    Channel,
    ClientRefused,
    FakeSlack,
    Fault,
    HandClock,
    NotOffered,
    Person,
    RateLimits,
    control_sequences,
    notification,
)

Json = dict[str, Any]
SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "users:read",
    "users:read.email",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "channel_shared",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
]
ADDRESS = "https://baseroom.example/slack/events"
MANIFEST: Json = {
    "display_information": {"name": "Baseroom"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Baseroom", "always_online": True},
        "slash_commands": [{"command": "/baseroom", "description": "Everything", "url": ADDRESS}],
        "shortcuts": [
            {"name": "Log", "type": "message", "callback_id": "log_finding", "description": "Log it"},
            {"name": "New", "type": "global", "callback_id": "new_finding", "description": "A finding"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {"request_url": ADDRESS, "bot_events": EVENTS},
        "interactivity": {"is_enabled": True, "request_url": ADDRESS},
        "socket_mode_enabled": False,
    },
}


def manifest(*, without: str = "", socket_mode: bool = False) -> Json:
    """The manifest above, without one scope, over Socket Mode if asked."""
    made = deepcopy(MANIFEST)
    made["oauth_config"]["scopes"]["bot"] = [scope for scope in SCOPES if scope != without]
    made["settings"]["socket_mode_enabled"] = socket_mode
    return made


Opened = Callable[..., Awaitable[FakeSlack]]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def opened(clock: HandClock) -> AsyncIterator[Opened]:
    """Opens workspaces, by default of the whole manifest, and closes them after the test."""
    running: list[FakeSlack] = []

    async def open_workspace(made: Json | None = None, **options: Any) -> FakeSlack:
        slack = await FakeSlack.start(manifest=made or manifest(), clock=clock, **options)
        running.append(slack)
        return slack

    yield open_workspace
    for slack in running:
        await slack.stop()


@pytest.fixture
async def slack(opened: Opened) -> FakeSlack:
    return await opened()


@pytest.fixture
def priya(slack: FakeSlack) -> Person:
    return slack.user("Priya Nair")


@pytest.fixture
def room(slack: FakeSlack, priya: Person) -> Channel:
    return slack.channel("peer-team", members=[priya])


def client_of(slack: FakeSlack, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token=token or slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return client_of(slack)


async def refusal(asked: Awaitable[Any]) -> str:
    """Slack's error code for a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        await asked
    return str(caught.value.response["error"])


async def problems(asked: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await asked
    return "\n".join(caught.value.response["response_metadata"]["messages"])


# A Bolt app, as small as can be


@pytest.fixture
async def listening() -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """Puts an app behind HTTP and tells the workspace where it is."""
    running: list[web.AppRunner] = []

    async def listen(slack: FakeSlack, handle: Callable[[web.Request], Awaitable[web.Response]]) -> None:
        app = web.Application()
        app.router.add_post("/slack/events", handle)
        running.append(web.AppRunner(app))
        await running[-1].setup()
        await web.TCPSite(running[-1], "127.0.0.1", 0).start()
        host, port = running[-1].addresses[0][:2]
        slack.app_address = f"http://{host}:{port}"

    yield listen
    for runner in running:
        await runner.cleanup()


Listening = Callable[..., Awaitable[None]]


def over_http(app: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return handle


@pytest.fixture
async def bolt(slack: FakeSlack, listening: Listening) -> FakeSlack:
    """The workspace with the Bolt app below in it."""
    await listening(slack, over_http(make_bolt(slack)))
    return slack


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Heard", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(label: str = "Change theme", action_id: str = "retag", **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def option(name: str) -> Json:
    return {"text": plain(name), "value": name.lower()}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def text_input(block_id: str = "what", label: str = "What was heard", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    made = {"type": "modal", "callback_id": "finding", "title": plain("A finding"), "blocks": list(blocks)}
    return made | {"submit": plain("Save")} | more


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def run(text: str, **more: Any) -> Json:
    return {"type": "text", "text": text, **more}


def rich_section(*runs: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(runs)}


def make_bolt(slack: FakeSlack) -> AsyncApp:
    """Receipts for findings, a button that opens a form, a form with one error, a command, a Home page."""
    app = AsyncApp(
        client=client_of(slack),
        signing_secret=slack.signing_secret,
        process_before_response=True,
        logger=logging.getLogger("contract"),
    )
    listen_to_events(app)
    listen_to_people(app)
    return app


def listen_to_events(app: AsyncApp) -> None:
    @app.event("message")
    async def receipt(event: Json, client: AsyncWebClient) -> None:
        if "subtype" not in event and event["channel_type"] == "im":
            blocks = [section(f"#41 saved: {event['text']}"), actions(button())]
            await client.chat_postMessage(channel=event["channel"], text="Saved", blocks=blocks)

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("My findings")]})

    @app.event(re.compile(".*"))
    async def others() -> None:
        """Acknowledge the rest."""


def listen_to_people(app: AsyncApp) -> None:
    @app.action("retag")
    async def retag(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))

    @app.view("finding")
    async def save(ack: Any, view: Json) -> None:
        match view["state"]["values"]["what"]["typed"]["value"]:
            case "too short":
                await ack(response_action="errors", errors={"what": "Say a little more."})
            case "another":
                await ack(response_action="update", view=modal(text_input(), text_input("who", "Source")))
            case "deeper":
                await ack(response_action="push", view=modal(text_input("more")))
            case "wrong":
                await ack(response_action="errors", errors={"elsewhere": "No such field."})
            case _:
                await ack()

    @app.command("/baseroom")
    async def command(ack: Any, body: Json) -> None:
        await ack(f"You typed: {body['text']}")

    @app.shortcut("log_finding")
    async def shortcut(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(text_input(initial_value=body["message"]["text"]))
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def play_a_finding(slack: FakeSlack) -> None:
    priya = slack.user("Priya Nair")
    said = await priya.dm("Staff feel valued & heard")
    receipt = await priya.hears("#41 saved")
    assert priya.reads(receipt) == "#41 saved: Staff feel valued & heard\n[Change theme]"
    assert notification(receipt) == "Saved"
    assert said.text == "Staff feel valued &amp; heard"

    await priya.presses(receipt, "Change theme")
    assert priya.modal is not None
    assert priya.modal.title == "A finding"
    await priya.submits({"What was heard": "too short"})
    assert priya.modal.errors == {"what": "Say a little more."}
    await priya.submits({"What was heard": "another"})
    assert "Source" in priya.reads(priya.modal)
    await priya.submits({"what": "They meet every week", "Source": "1:1"})
    assert priya.modal is None

    await priya.types_command("/baseroom", "finding Tom & Jo")
    assert priya.ephemerals[-1].text == "You typed: finding Tom &amp; Jo"
    home = await priya.opens_home()
    assert home is not None
    assert priya.reads(home) == "My findings"
    await priya.uses_shortcut("log_finding", said)
    assert priya.modal is not None
    await slack.settled()
    assert not slack.refused_calls
    assert not priya.troubles
    assert all(delivery.acknowledged for delivery in slack.deliveries)


async def test_a_finding_goes_round_through_bolt_over_http(bolt: FakeSlack) -> None:
    assert await bolt.verify_url()
    await play_a_finding(bolt)


def socket_of(slack: FakeSlack) -> Any:
    """The Bolt app's end of a Socket Mode connection (slack_sdk leaves its methods untyped)."""
    return AsyncSocketModeHandler(make_bolt(slack), slack.app_token).client


async def test_a_finding_goes_round_through_bolt_over_socket_mode(opened: Opened) -> None:
    slack = await opened(manifest(socket_mode=True))
    app_end = socket_of(slack)
    await app_end.connect()
    await slack.connected()
    await play_a_finding(slack)
    await slack.sockets.refresh()
    await slack.connected()
    await slack.user("Priya Nair").dm("After the refresh")
    await slack.user("Priya Nair").hears("After the refresh")
    await app_end.close()


# Tokens, scopes, methods


async def test_a_method_that_slack_does_not_have_is_unknown(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("chat.shout")) == "unknown_method"


async def test_a_call_without_a_token_or_with_a_wrong_one_is_refused(slack: FakeSlack) -> None:
    assert await refusal(AsyncWebClient(base_url=slack.api_url).auth_test()) == "not_authed"
    assert await refusal(client_of(slack, "xoxb-somebody-elses").auth_test()) == "invalid_auth"


async def test_each_kind_of_token_has_its_own_methods(slack: FakeSlack, client: AsyncWebClient) -> None:
    app_client = client_of(slack, slack.app_token)
    assert await refusal(app_client.chat_postMessage(channel="C1", text="x")) == "not_allowed_token_type"
    assert await refusal(client.apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"


async def test_socket_mode_opens_only_when_the_manifest_enables_it(slack: FakeSlack) -> None:
    opening = client_of(slack).apps_connections_open(app_token=slack.app_token)
    assert await refusal(opening) == "socket_mode_not_enabled"


async def test_who_the_app_is_can_be_asked_with_its_scopes(slack: FakeSlack, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == slack.bot.id
    assert answer.headers["x-oauth-scopes"].split(",") == SCOPES


NEEDS: dict[str, tuple[str, Json]] = {
    "chat.postMessage": ("chat:write", {"text": "x"}),
    "chat.update": ("chat:write", {"ts": "{ts}", "text": "x"}),
    "chat.delete": ("chat:write", {"ts": "{ts}"}),
    "chat.postEphemeral": ("chat:write", {"user": "{user}", "text": "x"}),
    "conversations.open": ("im:write", {"users": "{user}"}),
    "conversations.info": ("groups:read", {}),
    "conversations.members": ("groups:read", {}),
    "conversations.history": ("groups:history", {}),
    "conversations.replies": ("groups:history", {"ts": "{ts}"}),
    "users.info": ("users:read", {"user": "{user}"}),
    "users.lookupByEmail": ("users:read.email", {"email": "priya.nair@peers.example"}),
    "reactions.add": ("reactions:write", {"timestamp": "{ts}", "name": "pushpin"}),
    "files.getUploadURLExternal": ("files:write", {"filename": "x.xlsx", "length": 1}),
    "files.delete": ("files:write", {"file": "F1"}),
}


@pytest.mark.parametrize(("method", "scope", "arguments"), [(name, *rest) for name, rest in NEEDS.items()], ids=NEEDS)
async def test_a_call_whose_scope_the_manifest_lacks_is_refused(
    opened: Opened, method: str, scope: str, arguments: Json
) -> None:
    slack = await opened(manifest(without=scope))
    priya = slack.user("Priya Nair")
    room = slack.channel("peer-team", members=[priya])
    words = {"{ts}": slack.post(room, "Before", None).ts, "{user}": priya.id}
    filled = {name: words.get(str(value), value) for name, value in arguments.items()}
    with pytest.raises(SlackApiError) as caught:
        await client_of(slack).api_call(method, json={"channel": room.id} | filled)
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == scope
    assert scope not in caught.value.response["provided"].split(",")


@pytest.mark.parametrize(("kind", "scope"), [("im", "im:read"), ("public", "channels:read")])
async def test_each_kind_of_conversation_has_its_own_scope(opened: Opened, kind: str, scope: str) -> None:
    slack = await opened(manifest(without=scope))
    room = slack.channel("lobby", private=False)
    channel = slack.workspace.open_im(slack.user("Priya Nair").id) if kind == "im" else room
    assert await refusal(client_of(slack).conversations_info(channel=channel.id)) == "missing_scope"


async def test_the_scopes_that_a_day_did_not_need_are_known(bolt: FakeSlack) -> None:
    assert bolt.unused_scopes == set(SCOPES)
    await everything_happens(bolt)
    await bolt.settled()
    events = {scope for scope in EVENT_NEEDS.values() if scope}
    assert bolt.unused_scopes == set(SCOPES) - events - {"chat:write"}


async def test_an_e_mail_is_shown_only_with_its_scope(opened: Opened) -> None:
    for without, shown in (("", True), ("users:read.email", False)):
        slack = await opened(manifest(without=without))
        answer = await client_of(slack).users_info(user=slack.user("Priya Nair").id)
        assert ("email" in answer["user"]["profile"]) is shown
        assert answer["user"]["tz"] == "Europe/London"


# Messages


async def test_a_message_needs_text_or_blocks(client: AsyncWebClient, room: Channel) -> None:
    assert await refusal(client.api_call("chat.postMessage", json={"channel": room.id})) == "no_text"


async def test_a_message_has_at_most_40000_characters(client: AsyncWebClient, room: Channel) -> None:
    assert await refusal(client.chat_postMessage(channel=room.id, text="x" * 40_001)) == "msg_too_long"


async def test_the_blocks_of_a_message_have_at_most_12000_characters(client: AsyncWebClient, room: Channel) -> None:
    blocks = [section("x" * 2500)] * 5
    assert await refusal(client.chat_postMessage(channel=room.id, text="x", blocks=blocks)) == "msg_blocks_too_long"


async def test_wrong_blocks_are_refused_with_their_places(client: AsyncWebClient, room: Channel) -> None:
    posting = client.chat_postMessage(channel=room.id, text="x", blocks=[section("")])
    assert "json-pointer:/blocks/0/text/text" in await problems(posting)
    posting = client.chat_postMessage(channel=room.id, text="x", blocks="not blocks")
    assert await refusal(posting) == "invalid_blocks_format"


async def test_a_wrong_view_is_refused_with_its_places(bolt: FakeSlack, client: AsyncWebClient) -> None:
    trigger = bolt.permits.issue_trigger(bolt.user("Priya Nair").id)
    opening = client.views_open(trigger_id=trigger, view=modal(section(), title=plain("x" * 25)))
    assert "json-pointer:/view/title/text" in await problems(opening)


@pytest.mark.parametrize("metadata", ["finding", {"event_type": "finding"}, {"event_payload": {}}, {"kind": "finding"}])
async def test_metadata_has_a_type_and_a_payload(client: AsyncWebClient, room: Channel, metadata: Any) -> None:
    posting = client.chat_postMessage(channel=room.id, text="x", metadata=metadata)
    assert await refusal(posting) == "invalid_metadata_format"


async def test_metadata_is_read_back_only_when_asked_for(client: AsyncWebClient, room: Channel) -> None:
    metadata = {"event_type": "baseroom_post", "event_payload": {"key": "a1"}}
    await client.chat_postMessage(channel=room.id, text="x", metadata=metadata)
    without = await client.conversations_history(channel=room.id)
    with_it = await client.conversations_history(channel=room.id, include_all_metadata=True)
    assert "metadata" not in without["messages"][0]
    assert with_it["messages"][0]["metadata"] == metadata


async def test_the_app_posts_only_where_it_is(slack: FakeSlack, client: AsyncWebClient) -> None:
    lobby = slack.channel("lobby", private=False, app=False)
    secret = slack.channel("secret", app=False)
    assert await refusal(client.chat_postMessage(channel=lobby.id, text="x")) == "not_in_channel"
    assert await refusal(client.chat_postMessage(channel=secret.id, text="x")) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    lobby.is_archived = True
    assert await refusal(client.chat_postMessage(channel=lobby.id, text="x")) == "is_archived"


async def test_the_app_changes_and_deletes_only_its_own_messages(
    slack: FakeSlack, client: AsyncWebClient, priya: Person, room: Channel
) -> None:
    said = await priya.says(room, "Mine")
    assert await refusal(client.chat_update(channel=room.id, ts=said.ts, text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=room.id, ts=said.ts)) == "cant_delete_message"
    assert await refusal(client.chat_delete(channel=room.id, ts="1.000000")) == "message_not_found"
    own = slack.post(room, "Own", None)
    await client.chat_delete(channel=room.id, ts=own.ts)
    assert await refusal(client.chat_update(channel=room.id, ts=own.ts, text="x")) == "message_not_found"


async def test_an_update_keeps_the_blocks_that_it_does_not_mention(client: AsyncWebClient, room: Channel) -> None:
    posted = await client.chat_postMessage(channel=room.id, text="x", blocks=[section("Kept")])
    kept = await client.chat_update(channel=room.id, ts=posted["ts"], text="y")
    gone = await client.chat_update(channel=room.id, ts=posted["ts"], text="y", blocks=[])
    assert kept["message"]["blocks"][0]["text"]["text"] == "Kept"
    assert "blocks" not in gone["message"]


async def test_a_thread_needs_a_message_that_stands(slack: FakeSlack, client: AsyncWebClient, room: Channel) -> None:
    parent = slack.post(room, "Session at 13:00", None)
    reply = await client.chat_postMessage(channel=room.id, text="x", thread_ts=parent.ts)
    for ts, error in (("yesterday", "invalid_thread_ts"), ("1700000000.000000", "thread_not_found")):
        assert await refusal(client.chat_postMessage(channel=room.id, text="x", thread_ts=ts)) == error
    deeper = client.chat_postMessage(channel=room.id, text="x", thread_ts=reply["ts"])
    assert await refusal(deeper) == "cannot_reply_to_message"


async def test_an_ephemeral_is_for_members_and_seen_by_one(
    slack: FakeSlack, client: AsyncWebClient, priya: Person, room: Channel
) -> None:
    tom = slack.user("Tom Okafor")
    assert await refusal(client.chat_postEphemeral(channel=room.id, user=tom.id, text="x")) == "user_not_in_channel"
    await client.chat_postEphemeral(channel=room.id, user=priya.id, text="Only you")
    room.members.append(tom.id)
    assert [message.text for message in priya.ephemerals] == ["Only you"]
    assert tom.messages_in(room) == []
    assert (await client.conversations_history(channel=room.id))["messages"] == []


async def test_direct_messages_need_the_messages_tab(opened: Opened) -> None:
    made = manifest()
    made["features"]["app_home"]["messages_tab_enabled"] = False
    slack = await opened(made)
    priya = slack.user("Priya Nair")
    assert await refusal(client_of(slack).chat_postMessage(channel=priya.id, text="x")) == "messages_tab_disabled"
    with pytest.raises(NotOffered):
        await priya.dm("Hello")


async def test_a_read_only_messages_tab_takes_no_messages(opened: Opened) -> None:
    made = manifest()
    made["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    slack = await opened(made)
    with pytest.raises(NotOffered):
        await slack.user("Priya Nair").dm("Hello")


def test_what_slack_would_act_upon_is_found() -> None:
    blocks = [section("Ring <@U1>"), {"type": "section", "text": plain("<!here>")}]
    assert control_sequences("<!channel> &lt;!here&gt;", blocks) == ["!channel", "@U1"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"text": "x", "blocks": [section("x" * 2600)] * 4}, "over the budget of 10,000"),
        ({"text": "x" * 4001}, "over the budget of 4,000"),
    ],
)
async def test_a_message_near_slacks_limits_is_posted_with_a_warning(
    slack: FakeSlack, client: AsyncWebClient, room: Channel, arguments: Json, words: str
) -> None:
    await client.chat_postMessage(channel=room.id, **arguments)
    await client.chat_postMessage(channel=room.id, text="Short")
    assert [words in warning for warning in slack.warnings] == [True]


# Reading back


async def test_history_is_read_in_pages_newest_first(
    slack: FakeSlack, client: AsyncWebClient, priya: Person, room: Channel
) -> None:
    said = [await priya.says(room, f"Message {number}") for number in range(5)]
    await priya.reply(said[0], "In the thread")
    first = await client.conversations_history(channel=room.id, limit=3)
    rest = await client.conversations_history(
        channel=room.id, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [m["text"][-1] for m in first["messages"]] == ["4", "3", "2"]
    assert first["has_more"]
    assert [m["text"][-1] for m in rest["messages"]] == ["1", "0"]
    assert rest["messages"][-1]["reply_count"] == 1
    assert not rest["has_more"]


async def test_oldest_and_latest_are_left_out_unless_inclusive(
    client: AsyncWebClient, priya: Person, room: Channel
) -> None:
    said = [await priya.says(room, str(number)) for number in range(4)]
    bounds: Json = {"oldest": said[0].ts, "latest": said[3].ts}
    without = await client.conversations_history(channel=room.id, **bounds)
    with_them = await client.conversations_history(channel=room.id, inclusive=True, **bounds)
    assert [m["text"] for m in without["messages"]] == ["2", "1"]
    assert [m["text"] for m in with_them["messages"]] == ["3", "2", "1", "0"]


async def test_replies_come_after_their_parent(client: AsyncWebClient, priya: Person, room: Channel) -> None:
    parent = await priya.says(room, "Parent")
    await priya.reply(parent, "First")
    await priya.reply(parent, "Second")
    answer = await client.conversations_replies(channel=room.id, ts=parent.ts)
    assert [m["text"] for m in answer["messages"]] == ["Parent", "First", "Second"]
    assert await refusal(client.conversations_replies(channel=room.id, ts="1.000000")) == "thread_not_found"


async def test_wrong_paging_is_refused(client: AsyncWebClient, room: Channel) -> None:
    assert await refusal(client.conversations_history(channel=room.id, limit=1001)) == "invalid_limit"
    assert await refusal(client.conversations_history(channel=room.id, cursor="???")) == "invalid_cursor"


async def test_a_channel_tells_whether_outsiders_are_in_it(slack: FakeSlack, client: AsyncWebClient) -> None:
    room = slack.channel("shared", is_ext_shared=True)
    shown = (await client.conversations_info(channel=room.id))["channel"]
    assert shown["is_private"]
    assert shown["is_ext_shared"]
    assert (await client.conversations_members(channel=room.id))["members"] == [slack.bot.id]


async def test_people_are_looked_up_by_id_and_e_mail(slack: FakeSlack, client: AsyncWebClient) -> None:
    gone = slack.user("Former Peer", deleted=True)
    assert await refusal(client.users_info(user="U404")) == "user_not_found"
    assert await refusal(client.users_lookupByEmail(email=gone.user.email)) == "users_not_found"
    assert await refusal(client.conversations_open(users=gone.id)) == "user_disabled"
    assert (await client.users_info(user=gone.id))["user"]["deleted"]


async def test_the_app_reads_only_where_it_is(slack: FakeSlack, client: AsyncWebClient) -> None:
    lobby = slack.channel("lobby", private=False, app=False)
    secret = slack.channel("secret", app=False)
    assert await refusal(client.conversations_history(channel=lobby.id)) == "not_in_channel"
    assert await refusal(client.conversations_history(channel=secret.id)) == "channel_not_found"


async def test_the_app_marks_a_message_once(slack: FakeSlack, client: AsyncWebClient, room: Channel) -> None:
    message = slack.post(room, "x", None)
    await client.reactions_add(channel=room.id, timestamp=message.ts, name="pushpin")
    again = client.reactions_add(channel=room.id, timestamp=message.ts, name="pushpin")
    assert await refusal(again) == "already_reacted"
    with_colons = client.reactions_add(channel=room.id, timestamp=message.ts, name=":pushpin:")
    assert await refusal(with_colons) == "invalid_name"


# Files


async def test_a_file_goes_up_in_three_steps(
    slack: FakeSlack, client: AsyncWebClient, priya: Person, room: Channel
) -> None:
    answer = await client.files_upload_v2(filename="findings.xlsx", content=b"PK1", channel=room.id, title="Findings")
    file = slack.workspace.files[answer["file"]["id"]]
    assert file.content == b"PK1"
    assert "[file findings.xlsx]" in priya.reads(priya.messages_in(room)[-1])
    await client.files_delete(file=file.id)
    assert await refusal(client.files_delete(file=file.id)) == "file_deleted"


async def test_a_file_needs_its_bytes_and_a_channel_of_the_app(
    slack: FakeSlack, client: AsyncWebClient, priya: Person
) -> None:
    promised = await client.files_getUploadURLExternal(filename="x.xlsx", length=3)
    listed = [{"id": promised["file_id"], "title": "x"}]
    async with aiohttp.ClientSession() as session, session.post(promised["upload_url"], data=b"four") as answer:
        assert answer.status == 400
    elsewhere = client.files_completeUploadExternal(files=listed, channel_id=priya.id)
    assert await refusal(elsewhere) == "channel_not_found"
    assert await refusal(client.files_completeUploadExternal(files=listed)) == "file_not_found"
    lobby = slack.channel("lobby", private=False, app=False)
    outside = client.files_completeUploadExternal(files=listed, channel_id=lobby.id)
    assert await refusal(outside) == "not_in_channel"


async def test_the_app_cannot_delete_a_file_of_somebody_else(client: AsyncWebClient, priya: Person) -> None:
    said = await priya.dm("The wall", files=["wall.png"])
    assert said.subtype == "file_share"
    assert await refusal(client.files_delete(file=said.files[0].id)) == "cant_delete_file"


# Triggers, modals, Home


async def test_a_trigger_lives_three_seconds_and_opens_once(
    slack: FakeSlack, client: AsyncWebClient, priya: Person, clock: HandClock
) -> None:
    used, late = slack.permits.issue_trigger(priya.id), slack.permits.issue_trigger(priya.id)
    clock.advance(timedelta(seconds=3))
    await client.views_open(trigger_id=used, view=modal(text_input()))
    assert await refusal(client.views_open(trigger_id=used, view=modal(text_input()))) == "exchanged_trigger_id"
    clock.advance(timedelta(milliseconds=1))
    assert await refusal(client.views_open(trigger_id=late, view=modal(text_input()))) == "expired_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2.3", view=modal(text_input()))) == "invalid_trigger_id"


async def open_modal(slack: FakeSlack, person: Person, *blocks: Json) -> Json:
    trigger = slack.permits.issue_trigger(person.id)
    answer = await client_of(slack).views_open(trigger_id=trigger, view=modal(*(blocks or [text_input()])))
    return dict(answer["view"])


async def test_two_modals_go_upon_the_first_and_no_third(slack: FakeSlack, priya: Person) -> None:
    first = await open_modal(slack, priya)
    for allowed in (True, True, False):
        pushing = client_of(slack).views_push(
            trigger_id=slack.permits.issue_trigger(priya.id), view=modal(text_input())
        )
        if allowed:
            assert (await pushing)["view"]["root_view_id"] == first["id"]
        else:
            assert await refusal(pushing) == "push_limit_reached"


async def test_two_open_modals_cannot_share_an_external_id(
    slack: FakeSlack, client: AsyncWebClient, priya: Person
) -> None:
    named = modal(text_input(), external_id="finding-41")
    await client.views_open(trigger_id=slack.permits.issue_trigger(priya.id), view=named)
    again = client.views_push(trigger_id=slack.permits.issue_trigger(priya.id), view=named)
    assert await refusal(again) == "duplicate_external_id"
    await client.views_update(external_id="finding-41", view=named)


async def test_each_person_has_their_own_modal(slack: FakeSlack, priya: Person) -> None:
    await open_modal(slack, priya)
    assert priya.modal is not None
    assert slack.user("Tom Okafor").modal is None


async def test_an_update_needs_an_open_view_and_its_newest_hash(
    slack: FakeSlack, client: AsyncWebClient, priya: Person
) -> None:
    view = await open_modal(slack, priya)
    changed = modal(text_input(), text_input("who", "Source"))
    await client.views_update(view_id=view["id"], hash=view["hash"], view=changed)
    again = client.views_update(view_id=view["id"], hash=view["hash"], view=changed)
    assert await refusal(again) == "hash_conflict"
    await priya.closes_modal()
    assert await refusal(client.views_update(view_id=view["id"], view=changed)) == "not_found"


async def test_what_was_typed_survives_an_update_that_keeps_its_ids(
    slack: FakeSlack, client: AsyncWebClient, priya: Person
) -> None:
    view = await open_modal(slack, priya)
    priya.fills({"What was heard": "Typed"})
    await client.views_update(view_id=view["id"], view=modal(text_input(initial_value="New"), text_input("who")))
    assert priya.modal is not None
    assert priya.modal.state["what", "typed"]["value"] == "Typed"
    assert priya.modal.state["who", "typed"]["value"] is None


async def test_a_view_over_250_kilobytes_is_too_large(slack: FakeSlack, client: AsyncWebClient, priya: Person) -> None:
    large = {"type": "home", "blocks": [section("x" * 3000)] * 100}
    assert await refusal(client.views_publish(user_id=priya.id, view=large)) == "view_too_large"


async def test_a_home_is_published_only_when_the_manifest_has_one(opened: Opened) -> None:
    made = manifest()
    made["features"]["app_home"]["home_tab_enabled"] = False
    slack = await opened(made)
    priya = slack.user("Priya Nair")
    publishing = client_of(slack).views_publish(user_id=priya.id, view={"type": "home", "blocks": []})
    assert await refusal(publishing) == "not_enabled"
    with pytest.raises(NotOffered):
        await priya.opens_home()


UNSENDABLE: dict[str, tuple[Json, Json]] = {
    "a required field left empty": (text_input(), {}),
    "text over its length": (text_input(max_length=5), {"what": "longer"}),
    "text under its length": (text_input(min_length=5), {"what": "x"}),
    "two lines in a field of one": (text_input(), {"what": "a\nb"}),
    "an option that is not offered": (
        text_input(type="static_select", options=[option("Vision")]),
        {"what": "Leadership"},
    ),
    "a day the British way": (text_input(type="datepicker"), {"what": "24/11/2026"}),
    "a number that is none": (text_input(type="number_input", is_decimal_allowed=False), {"what": "six"}),
    "an address that is none": (text_input(type="email_text_input"), {"what": "priya"}),
    "a person who is not there": (text_input(type="users_select"), {"what": "Nobody"}),
    "a field that is not there": (text_input(), {"Theme": "Vision"}),
}


@pytest.mark.parametrize(("block", "values"), UNSENDABLE.values(), ids=UNSENDABLE.keys())
async def test_slacks_client_sends_no_form_with(slack: FakeSlack, priya: Person, block: Json, values: Json) -> None:
    await open_modal(slack, priya, block)
    with pytest.raises(ClientRefused):
        await priya.submits(values)
    assert priya.modal is not None
    assert slack.deliveries == []


async def test_a_form_carries_every_field_in_slacks_shape(
    slack: FakeSlack, priya: Person, listening: Listening
) -> None:
    await listening(slack, answers(200))
    await open_modal(
        slack,
        priya,
        text_input("theme", "Theme", type="static_select", options=[option("Vision"), option("Leadership")]),
        text_input("when", "Day", type="datepicker", initial_date="2026-11-24"),
        text_input("who", "People", type="multi_users_select"),
        text_input("items", "Items", type="checkboxes", options=[option("Notebook"), option("Phone")]),
        text_input("note") | {"optional": True},
    )
    delivery = await priya.submits({"Theme": "Vision", "People": ["Priya Nair"], "Items": ["phone"]})
    values = delivery.payload["view"]["state"]["values"]
    assert {block: held["typed"] for block, held in values.items()} == {
        "theme": {"type": "static_select", "selected_option": option("Vision")},
        "when": {"type": "datepicker", "selected_date": "2026-11-24"},
        "who": {"type": "multi_users_select", "selected_users": [priya.id]},
        "items": {"type": "checkboxes", "selected_options": [option("Phone")]},
        "note": {"type": "plain_text_input", "value": None},
    }
    assert priya.modal is None


def answers(*statuses: int, body: str = "", headers: dict[str, str] | None = None) -> Any:
    """An app that answers with these statuses in turn, the last one for ever."""
    left = list(statuses)

    async def handle(request: web.Request) -> web.Response:
        status = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(status=status, text=body, headers=headers)

    return handle


async def test_errors_for_a_field_that_is_not_there_are_trouble(bolt: FakeSlack) -> None:
    priya = bolt.user("Priya Nair")
    await open_modal(bolt, priya)
    await priya.submits({"what": "wrong"})
    assert priya.modal is not None
    assert priya.modal.errors == {}
    assert "trouble connecting" in priya.troubles[0]


async def test_an_answer_can_put_a_modal_on_top(bolt: FakeSlack) -> None:
    priya = bolt.user("Priya Nair")
    first = await open_modal(bolt, priya)
    await priya.submits({"what": "deeper"})
    assert priya.modal is not None
    assert priya.modal.previous_id == first["id"]
    await priya.closes_modal()
    assert priya.modal.id == first["id"]


async def test_the_app_hears_of_a_closed_modal_only_if_it_asked(
    slack: FakeSlack, priya: Person, listening: Listening
) -> None:
    await listening(slack, answers(200))
    for asked in (False, True):
        view = modal(text_input(), notify_on_close=asked)
        await client_of(slack).views_open(trigger_id=slack.permits.issue_trigger(priya.id), view=view)
        await priya.closes_modal()
    assert [delivery.payload["type"] for delivery in slack.deliveries] == ["view_closed"]


# What reaches the app


async def heard(slack: FakeSlack, kind: str) -> list[Json]:
    await slack.settled()
    return [delivery.payload["event"] for delivery in slack.deliveries if delivery.event_type == kind]


EVENT_NEEDS = {
    "message.im": "im:history",
    "message.groups": "groups:history",
    "message.channels": "channels:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "member_joined_channel": "groups:read",
    "channel_shared": "groups:read",
    "app_home_opened": None,
}


async def everything_happens(slack: FakeSlack) -> set[str]:
    """What the app heard of when all of these happen: the subscription's names."""
    priya, tom = slack.user("Priya Nair"), slack.user("Tom Okafor")
    room, lobby = (slack.channel(name, private=name == "room", members=[priya]) for name in ("room", "lobby"))
    await priya.dm("To the app")
    said = await priya.says(room, "@Baseroom hello")
    await priya.says(lobby, "Hello")
    await priya.reacts(said, "pushpin")
    await tom.joins(room, invited_by=priya)
    await slack.share_outside(room)
    events = [delivery.payload["event"] for delivery in slack.deliveries]
    names = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}
    return {names[e["channel_type"]] if e["type"] == "message" else str(e["type"]) for e in events}


async def test_every_subscribed_event_arrives(bolt: FakeSlack) -> None:
    assert await everything_happens(bolt) == set(EVENT_NEEDS)
    assert not bolt.undelivered


@pytest.mark.parametrize("subscription", EVENT_NEEDS)
async def test_an_event_that_is_not_subscribed_does_not_arrive(opened: Opened, subscription: str) -> None:
    made = manifest()
    made["settings"]["event_subscriptions"]["bot_events"].remove(subscription)
    slack = await opened(made)
    assert await everything_happens(slack) == set(EVENT_NEEDS) - {subscription}
    assert {one.subscription for one in slack.undelivered} == {subscription}


@pytest.mark.parametrize("scope", sorted({scope for scope in EVENT_NEEDS.values() if scope}))
async def test_an_event_whose_scope_is_missing_does_not_arrive(opened: Opened, scope: str) -> None:
    slack = await opened(manifest(without=scope))
    lost = {name for name, needed in EVENT_NEEDS.items() if needed == scope}
    assert await everything_happens(slack) == set(EVENT_NEEDS) - lost


async def test_the_app_hears_nothing_of_channels_it_is_not_in(slack: FakeSlack, priya: Person) -> None:
    await priya.says(slack.channel("others", members=[priya], app=False), "@Baseroom hello")
    assert slack.deliveries == []


async def test_text_arrives_as_slacks_composer_writes_it(slack: FakeSlack, priya: Person) -> None:
    vision = slack.channel("vision", private=False)
    said = await priya.dm("Tom & <Jo> @Priya Nair #vision #visions https://page.example/?a=1 jo@peers.example")
    assert said.text == (
        f"Tom &amp; &lt;Jo&gt; <@{priya.id}> <#{vision.id}|vision> #visions "
        "<https://page.example/?a=1> <mailto:jo@peers.example|jo@peers.example>"
    )
    assert said.blocks is not None
    assert said.blocks[0]["type"] == "rich_text"
    assert slack.visible_text(said).startswith("Tom & <Jo> @Priya Nair #vision #visions https://page.example/?a=1")


async def test_an_edit_carries_the_message_before_and_after(slack: FakeSlack, priya: Person) -> None:
    said = await priya.dm("Before")
    await priya.edit(said, "After")
    changed = (await heard(slack, "message"))[-1]
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("Before", "After")
    assert changed["message"]["ts"] == said.ts != changed["ts"]
    assert changed["message"]["edited"]["user"] == priya.id


async def test_an_edit_that_names_the_app_is_a_mention(slack: FakeSlack, priya: Person, room: Channel) -> None:
    said = await priya.says(room, "Staff feel valued")
    await priya.edit(said, "@Baseroom staff feel valued")
    (mention,) = await heard(slack, "app_mention")
    assert mention["ts"] == said.ts
    assert mention["edited"]["user"] == priya.id
    assert "channel_type" not in mention


async def test_an_unfurled_link_changes_a_message_without_changing_its_text(slack: FakeSlack, priya: Person) -> None:
    said = await priya.dm("See https://page.example")
    slack.unfurl(said)
    changed = (await heard(slack, "message"))[-1]
    assert changed["message"]["text"] == changed["previous_message"]["text"]
    assert "edited" not in changed["message"]


async def test_a_reaction_is_heard_of_when_given_and_when_taken_back(opened: Opened) -> None:
    made = manifest()
    made["settings"]["event_subscriptions"]["bot_events"].append("reaction_removed")
    slack = await opened(made)
    priya = slack.user("Priya Nair")
    said = await priya.dm("Heard")
    await priya.reacts(said, "pushpin")
    await priya.takes_back_reaction(said, "pushpin")
    for kind in ("reaction_added", "reaction_removed"):
        (event,) = await heard(slack, kind)
        assert (event["reaction"], event["item"]["ts"], event["user"]) == ("pushpin", said.ts, priya.id)
    assert said.reactions == {}


async def test_a_deleted_message_is_named_and_one_with_replies_leaves_a_tombstone(
    slack: FakeSlack, priya: Person
) -> None:
    alone, parent = await priya.dm("Alone"), await priya.dm("Parent")
    await priya.reply(parent, "Reply")
    await priya.delete(alone)
    await priya.delete(parent)
    deleted, tombstone = (await heard(slack, "message"))[-2:]
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", alone.ts)
    assert deleted["previous_message"]["text"] == "Alone"
    assert (tombstone["subtype"], tombstone["message"]["subtype"]) == ("message_changed", "tombstone")


async def test_the_app_hears_its_own_messages(bolt: FakeSlack) -> None:
    priya = bolt.user("Priya Nair")
    await priya.dm("Heard")
    echo = (await heard(bolt, "message"))[-1]
    assert echo["bot_id"]
    assert echo["user"] == bolt.bot.id
    assert len([message for message in priya.dm_messages() if message.by_app]) == 1


async def test_nobody_finds_a_command_or_shortcut_that_is_not_offered(opened: Opened) -> None:
    slack = await opened()
    without = await opened(manifest(without="commands"))
    priya, tom = slack.user("Priya Nair"), without.user("Tom Okafor")
    said = await priya.dm("Heard")
    for act in (
        priya.types_command("/finding", "x"),
        priya.types_command("/baseroom", "x", thread=said),
        priya.uses_shortcut("new_finding", said),
        tom.types_command("/baseroom", "x"),
        tom.uses_shortcut("new_finding"),
    ):
        with pytest.raises(NotOffered):
            await act


async def test_nothing_can_be_pressed_without_interactivity(opened: Opened) -> None:
    made = manifest()
    made["settings"]["interactivity"]["is_enabled"] = False
    slack = await opened(made)
    priya = slack.user("Priya Nair")
    await client_of(slack).chat_postMessage(channel=priya.id, text="x", blocks=[actions(button())])
    with pytest.raises(NotOffered):
        await priya.presses(priya.dm_messages()[-1], "Change theme")


async def test_nobody_presses_what_they_do_not_see(slack: FakeSlack, priya: Person, room: Channel) -> None:
    await client_of(slack).chat_postMessage(channel=room.id, text="x", blocks=[actions(button())])
    message = priya.messages_in(room)[-1]
    with pytest.raises(ClientRefused):
        await slack.user("Tom Okafor").presses(message, "Change theme")
    with pytest.raises(ClientRefused):
        await priya.presses(message, "No such button")
    slack.take_back(message)
    with pytest.raises(ClientRefused):
        await priya.presses(message, "Change theme")


async def test_a_choice_carries_the_option_and_the_state(
    slack: FakeSlack, priya: Person, room: Channel, listening: Listening
) -> None:
    await listening(slack, answers(200))
    themes = {"type": "static_select", "action_id": "theme", "options": [option("Vision"), option("Leadership")]}
    await client_of(slack).chat_postMessage(channel=room.id, text="x", blocks=[section(accessory=themes, block_id="b")])
    delivery = await priya.chooses(priya.messages_in(room)[-1], "theme", "Leadership")
    assert delivery is not None
    assert delivery.payload["actions"][0]["selected_option"] == option("Leadership")
    assert delivery.payload["state"]["values"]["b"]["theme"]["selected_option"] == option("Leadership")
    assert delivery.payload["container"]["is_ephemeral"] is False


# Retries and acknowledgements


async def test_an_event_comes_again_at_once_then_after_one_minute_and_five(
    slack: FakeSlack, priya: Person, clock: HandClock, listening: Listening
) -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def fail(request: web.Request) -> web.Response:
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=500)

    await priya.dm("First, while nobody listens")
    slack.deliveries.clear()
    await listening(slack, fail)
    await priya.dm("Second")
    assert await slack.retry_due() == 0
    clock.advance(timedelta(minutes=1))
    assert await slack.retry_due() == 1
    clock.advance(timedelta(minutes=5))
    assert await slack.retry_due() == 1
    clock.advance(timedelta(hours=1))
    assert await slack.retry_due() == 0
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({attempt.at for attempt in slack.deliveries[0].attempts}) == 3


async def test_no_retry_follows_when_the_app_says_so(slack: FakeSlack, priya: Person, listening: Listening) -> None:
    await listening(slack, answers(500, headers={"X-Slack-No-Retry": "1"}))
    await priya.dm("Once")
    assert [len(delivery.attempts) for delivery in slack.deliveries] == [1, 1]


async def test_an_acknowledgement_after_the_limit_does_not_count(opened: Opened, listening: Listening) -> None:
    slack = await opened(acknowledge_within=0.05)
    released = asyncio.Event()

    async def dawdle(request: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    await listening(slack, dawdle)
    delivery = await slack.user("Priya Nair").types_command("/baseroom", "help")
    released.set()
    assert [attempt.reason for attempt in delivery.attempts] == ["http_timeout"]
    assert slack.user("Priya Nair").troubles == ['/baseroom failed with the error "operation_timeout"']


async def test_a_command_that_fails_is_not_sent_again(slack: FakeSlack, priya: Person, listening: Listening) -> None:
    await listening(slack, answers(500))
    delivery = await priya.types_command("/baseroom", "help")
    assert len(delivery.attempts) == 1
    assert priya.troubles == ['/baseroom failed with the error "dispatch_failed"']


async def test_a_wrong_path_in_the_manifest_is_not_found(opened: Opened, listening: Listening) -> None:
    made = manifest()
    made["settings"]["event_subscriptions"]["request_url"] = "https://baseroom.example/elsewhere"
    slack = await opened(made)
    await listening(slack, answers(200))
    await slack.user("Priya Nair").dm("Lost")
    assert slack.deliveries[0].attempts[0].status == 404


async def test_a_socket_that_does_not_acknowledge_gets_the_event_again(opened: Opened) -> None:
    slack = await opened(manifest(socket_mode=True), acknowledge_within=0.05)
    address = (await client_of(slack).apps_connections_open(app_token=slack.app_token))["url"]
    priya = slack.user("Priya Nair")
    room = slack.channel("peer-team", members=[priya])
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        await priya.says(room, "Heard")
        first, second = await socket.receive_json(), await socket.receive_json()
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert second["retry_reason"] == "http_timeout"
    assert first["payload"] == second["payload"]
    assert first["envelope_id"] != second["envelope_id"]


async def test_a_ticket_for_a_socket_is_good_once(opened: Opened) -> None:
    slack = await opened(manifest(socket_mode=True))
    address = slack.socket_address()
    async with aiohttp.ClientSession() as session, session.ws_connect(address):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(address)


async def test_an_app_has_at_most_ten_sockets(opened: Opened) -> None:
    slack = await opened(manifest(socket_mode=True))
    async with aiohttp.ClientSession() as session:
        held = [await session.ws_connect(slack.socket_address()) for _ in range(10)]
        await slack.connected(len(held))
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(slack.socket_address())
    assert slack.sockets.refused == 1


async def test_envelopes_go_to_one_socket_each(opened: Opened) -> None:
    slack = await opened(manifest(socket_mode=True))
    app_ends = [socket_of(slack) for _ in range(2)]
    for app_end in app_ends:
        await app_end.connect()
    await slack.connected(2)
    await slack.user("Priya Nair").dm("Once")
    await slack.settled()
    assert len(slack.calls_of("chat.postMessage")) == 1
    for app_end in app_ends:
        await app_end.close()


# Response URLs


async def command_url(slack: FakeSlack, person: Person) -> str:
    delivery = await person.types_command("/baseroom", "x")
    return str(delivery.payload["response_url"])


async def test_a_response_url_answers_five_times(bolt: FakeSlack) -> None:
    priya = bolt.user("Priya Nair")
    webhook = AsyncWebhookClient(await command_url(bolt, priya))
    answers_given = [await webhook.send(text=f"Answer {number}") for number in range(6)]
    assert [answer.status_code for answer in answers_given] == [200] * 5 + [404]
    assert len(priya.ephemerals) == 1 + 5


async def test_a_response_url_answers_for_thirty_minutes(bolt: FakeSlack, clock: HandClock) -> None:
    webhook = AsyncWebhookClient(await command_url(bolt, bolt.user("Priya Nair")))
    clock.advance(timedelta(minutes=30, seconds=1))
    assert (await webhook.send(text="Late")).status_code == 404


async def test_a_response_is_seen_by_one_unless_it_says_otherwise(bolt: FakeSlack, clock: HandClock) -> None:
    priya, tom = bolt.user("Priya Nair"), bolt.user("Tom Okafor")
    room = bolt.channel("peer-team", members=[priya, tom])
    delivery = await priya.types_command("/baseroom", "x", channel=room)
    webhook = AsyncWebhookClient(str(delivery.payload["response_url"]))
    await webhook.send(text="For one")
    assert tom.messages_in(room) == []
    await webhook.send(text="For all", response_type="in_channel")
    assert [message.text for message in tom.messages_in(room)] == ["For all"]
    assert (await webhook.send(text="x", blocks=[section("")])).status_code == 400


async def test_a_response_can_replace_or_delete_what_was_pressed(
    slack: FakeSlack, priya: Person, room: Channel, listening: Listening
) -> None:
    await listening(slack, answers(200))
    await client_of(slack).chat_postEphemeral(channel=room.id, user=priya.id, text="x", blocks=[actions(button())])
    message = priya.ephemerals[-1]
    delivery = await priya.presses(message, "retag")
    assert delivery is not None
    assert "message" not in delivery.payload
    webhook = AsyncWebhookClient(str(delivery.payload["response_url"]))
    await webhook.send(text="Instead", replace_original=True)
    assert message.text == "Instead"
    await webhook.send(delete_original=True)
    assert priya.ephemerals == []


# Rates and faults


async def test_a_channel_takes_about_one_post_a_second(
    slack: FakeSlack, client: AsyncWebClient, room: Channel, clock: HandClock
) -> None:
    for _ in range(5):
        await client.chat_postMessage(channel=room.id, text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=room.id, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=slack.channel("another").id, text="x")
    clock.advance(timedelta(seconds=1))
    await client.chat_postMessage(channel=room.id, text="x")


async def test_a_method_has_its_calls_a_minute(
    slack: FakeSlack, client: AsyncWebClient, room: Channel, clock: HandClock
) -> None:
    message = slack.post(room, "x", None)
    for _ in range(50):
        await client.chat_update(channel=room.id, ts=message.ts, text="x")
    assert await refusal(client.chat_update(channel=room.id, ts=message.ts, text="x")) == "ratelimited"
    clock.advance(timedelta(minutes=1))
    await client.chat_update(channel=room.id, ts=message.ts, text="x")


async def test_load_tests_may_lift_the_rates(opened: Opened) -> None:
    slack = await opened(limits=RateLimits.generous())
    room = slack.channel("peer-team")
    for _ in range(20):
        await client_of(slack).chat_postMessage(channel=room.id, text="x")
    assert len(slack.workspace.messages) == 20


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_call_can_go_wrong_before_or_after_its_effect(
    slack: FakeSlack, client: AsyncWebClient, room: Channel, after_effect: bool
) -> None:
    faults = [
        Fault.answers(503, after_effect=after_effect),
        Fault.refuses("fatal_error", after_effect=after_effect),
        Fault.resets(after_effect=after_effect),
    ]
    for fault in faults:
        slack.fault("chat.postMessage", fault)
        with pytest.raises((SlackApiError, aiohttp.ClientError)):
            await client.chat_postMessage(channel=room.id, text="x")
    assert len(slack.workspace.messages) == (len(faults) if after_effect else 0)
    await client.chat_postMessage(channel=room.id, text="Well again")


async def test_a_call_can_wait_for_ever(slack: FakeSlack, client: AsyncWebClient, room: Channel) -> None:
    client.timeout = 0.5  # type: ignore[assignment]  # seconds; the annotation says int, aiohttp takes a fraction
    slack.fault("chat.postMessage", Fault.never_answers(after_effect=True))
    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel=room.id, text="x")
    assert [message.text for message in slack.workspace.messages] == ["x"]
    await slack.settled()


async def test_every_call_is_recorded_with_what_came_of_it(
    slack: FakeSlack, client: AsyncWebClient, room: Channel
) -> None:
    await client.chat_postMessage(channel=room.id, text="x", blocks=[section("Heard")])
    await refusal(client.chat_postMessage(channel="C404", text="x"))
    first, second = slack.calls_of("chat.postMessage")
    assert first.arguments["blocks"] == [section("Heard")]
    assert (first.ok, second.ok, second.error) == (True, False, "channel_not_found")
    assert slack.refused_calls == [second]


async def test_waiting_in_vain_fails_the_test(slack: FakeSlack, priya: Person) -> None:
    with pytest.raises(AssertionError, match="Priya Nair reading 'saved'"):
        await priya.hears("saved", within=0.05)
