"""What Teams sends, as the vocabulary: the very JSON, through `Inbound` and on into what is stored."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.chat import (
    AnyIncoming,
    Deleted,
    Edited,
    Joined,
    Left,
    Met,
    PlaceKind,
    PointedAt,
    Pressed,
    Said,
    Submitted,
)
from tests.fakes.teams import BOT, TENANT
from tests.fakes.teams.tenant import BOT_NAME
from tests.teams.world import TeamsDay, a_teams_day

Json = dict[str, Any]


@pytest.fixture
async def tenant(tmp_path: Path) -> AsyncIterator[TeamsDay]:
    """Baseroom in Teams, and no challenge in it yet; it has been in the team channel."""
    async with a_teams_day(tmp_path) as day:
        await day.wired.directory.remember(in_channel(day, "hello"))
        yield day


def personal(day: TeamsDay, text: str, **more: Any) -> Json:
    """A message as Teams sends it from a personal chat."""
    return {
        "type": "message",
        "id": "1795514400123",
        "timestamp": "2026-11-24T10:00:00.1234567Z",
        "localTimestamp": "2026-11-24T10:00:00.1234567+00:00",
        "localTimezone": "Europe/London",
        "channelId": "msteams",
        "serviceUrl": day.teams.service_url,
        "from": {"id": day.priya.id, "name": "Priya Nair", "aadObjectId": day.priya.user.aad},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": day.priya.chat.id},
        "recipient": {"id": BOT, "name": BOT_NAME},
        "textFormat": "plain",
        "text": text,
        "attachments": [{"contentType": "text/html", "content": f"<p>{text}</p>"}],
        "entities": [{"locale": "en-GB", "country": "GB", "platform": "iOS", "type": "clientInfo"}],
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "en-GB",
    } | more


def in_channel(day: TeamsDay, text: str, *, thread: str = "", names_us: bool = True, **more: Any) -> Json:
    """A message as Teams sends it from a channel."""
    own = "1795514400456"
    place = {"isGroup": True, "conversationType": "channel", "tenantId": TENANT}
    mention = {
        "type": "mention", "text": f"<at>{BOT_NAME}</at>", "mentioned": {"id": BOT, "name": BOT_NAME},
    }  # fmt: skip
    made = personal(day, text) | {
        "id": own,
        "conversation": place | {"id": f"{day.team_channel.id};messageid={thread or own}"},
        "entities": [mention] if names_us else [],
        "channelData": {
            "tenant": {"id": TENANT},
            "team": {"id": day.team_channel.team.id if day.team_channel.team else ""},
            "channel": {"id": day.team_channel.id},
        },
    }
    return made | ({"replyToId": thread} if thread else {}) | more


async def read(day: TeamsDay, activity: Json) -> Sequence[AnyIncoming]:
    return await day.wired.taking.inbound.read(activity)


async def only(day: TeamsDay, activity: Json) -> AnyIncoming:
    (one,) = await read(day, activity)
    return one


async def deliver(day: TeamsDay, activity: Json) -> None:
    delivery = await day.teams.deliver(activity)
    assert delivery.status in (200, 202)
    await day.settled()


# ---------------------------------------------------------------- what is said


async def test_a_personal_message_is_said_with_its_own_time(tenant: TeamsDay) -> None:
    said = await only(tenant, personal(tenant, "Staff are proud &amp; tired"))
    assert isinstance(said, Said)
    assert (said.text, said.message, said.attachments) == ("Staff are proud & tired", "1795514400123", 0)
    assert (said.place.kind, said.place.workspace, said.place.thread) == (PlaceKind.DM, TENANT, "")
    assert said.at == datetime(2026, 11, 24, 10, 0, 0, 123456, tzinfo=UTC)
    person = said.person
    assert (person.id, person.alias, person.zone) == (tenant.priya.id, tenant.priya.user.aad, "Europe/London")


async def test_files_count_and_the_twin_of_the_text_does_not(tenant: TeamsDay) -> None:
    file = {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "plan.pdf"}
    twin = {"contentType": "text/html", "content": "<p>x</p>"}
    said = await only(tenant, personal(tenant, "x", attachments=[file, twin, {"contentType": "image/*"}]))
    assert isinstance(said, Said)
    assert said.attachments == 2


async def test_a_channel_message_that_names_baseroom_is_heard_without_the_name(tenant: TeamsDay) -> None:
    said = await only(tenant, in_channel(tenant, f"<at>{BOT_NAME}</at> themes"))
    assert isinstance(said, Said)
    assert (said.text, said.addressed, said.place.thread, said.place.kind) == ("themes", True, "", PlaceKind.CHANNEL)
    assert said.place.id == tenant.team_channel.id
    assert said.facts is None


async def test_a_command_that_wants_the_channels_facts_has_them(tenant: TeamsDay) -> None:
    said = await only(tenant, in_channel(tenant, f"<at>{BOT_NAME}</at> challenge here"))
    assert isinstance(said, Said)
    assert said.facts
    assert len(said.facts.members) == 7


async def test_other_talk_in_a_channel_is_dropped(tenant: TeamsDay) -> None:
    assert not await read(tenant, in_channel(tenant, "Baseroom is slow today", names_us=False))
    assert not await read(tenant, in_channel(tenant, "me too", names_us=False, thread="1795514000000"))


async def test_a_reply_under_our_own_post_is_heard_but_not_addressed(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.priya.dm("Staff are proud #vision"))
    post = next(post for post in day.in_channel() if post.id)
    async with day.app.database.reading() as uow:
        kept = [
            one.id for one in day.in_channel() if await uow.posts.find("teams", TENANT, day.team_channel.id, one.id)
        ]
    assert kept, post
    said = await only(day, in_channel(day, "themes", names_us=False, thread=kept[-1]))
    assert isinstance(said, Said)
    assert (said.addressed, said.place.thread) == (False, kept[-1])


async def test_what_apps_say_is_not_heard(tenant: TeamsDay) -> None:
    for sender in (BOT, "28:another-app"):
        assert not await read(tenant, personal(tenant, "hello", **{"from": {"id": sender}}))


@pytest.mark.parametrize("kind", ["typing", "event", "messageReaction", "endOfConversation", "nonsense"])
async def test_what_means_nothing_to_baseroom_is_passed_over(tenant: TeamsDay, kind: str) -> None:
    assert not await read(tenant, personal(tenant, "", type=kind))


# ---------------------------------------------------------------- delivered again


async def test_a_message_delivered_again_under_a_new_id_is_one_finding(teams_day: TeamsDay) -> None:
    day, first = teams_day, personal(teams_day, "Staff are proud")
    await deliver(day, first)
    await deliver(day, first)
    await deliver(day, first | {"id": "1795514400999"})
    assert [finding.text for finding in await day.wall()] == ["Staff are proud"]


async def test_the_same_words_a_moment_later_are_another_finding(teams_day: TeamsDay) -> None:
    day, first = teams_day, personal(teams_day, "Staff are proud")
    await deliver(day, first)
    await deliver(day, first | {"id": "1795514407000", "timestamp": "2026-11-24T10:00:07Z"})
    assert len(await day.wall()) == 2


# ---------------------------------------------------------------- edited, deleted, and back again


async def test_an_edit_is_followed(teams_day: TeamsDay) -> None:
    day = teams_day
    message = await day.after(day.priya.dm("Staff are proud"))
    await day.after(day.priya.edits(message, "Staff are proud of the plan"))
    assert (await day.finding(1)).text == "Staff are proud of the plan"


async def test_a_deletion_takes_the_finding_off_and_undoing_it_brings_it_back(teams_day: TeamsDay) -> None:
    day = teams_day
    message = await day.after(day.priya.dm("Staff are proud #vision"))
    await day.after(day.priya.deletes(message))
    assert await day.wall() == []
    await day.after(day.priya.undeletes(message))
    assert [(finding.number, finding.text) for finding in await day.wall()] == [(1, "Staff are proud #vision")]


async def test_undoing_a_deletion_does_not_bring_back_what_had_been_withdrawn_before(teams_day: TeamsDay) -> None:
    day = teams_day
    message = await day.after(day.priya.dm("- Staff are proud of the plan\n- The rota comes out late"))
    await day.after(day.priya.edits(message, "- Staff are proud of the plan"))
    assert len(await day.wall()) == 1
    await day.pass_time(minutes=1)
    await day.after(day.priya.deletes(message))
    await day.after(day.priya.undeletes(message))
    assert [finding.text for finding in await day.wall()] == ["- Staff are proud of the plan"]


async def test_edits_and_deletions_say_what_they_are(tenant: TeamsDay) -> None:
    news = {"tenant": {"id": TENANT}, "eventType": "undeleteMessage"}
    back = await only(tenant, personal(tenant, "x", type="messageUpdate", channelData=news))
    gone = await only(tenant, personal(tenant, "", type="messageDelete"))
    assert isinstance(back, Edited)
    assert back.restored
    assert isinstance(gone, Deleted)
    assert gone.message == back.message
    assert not await read(tenant, personal(tenant, "x", type="messageUpdate"))


# ---------------------------------------------------------------- cards and forms without an invoke


async def test_a_submitted_button_is_pressed(tenant: TeamsDay) -> None:
    value = {"action": "findings.theme", "value": "a b on"}
    pressed = await only(tenant, personal(tenant, "", value=value, replyToId="77"))
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.value, pressed.message) == ("findings.theme", "a b on", "77")


async def test_a_submitted_form_is_sent_and_its_mark_stays_the_same(tenant: TeamsDay) -> None:
    ours = {"form": "findings.new", "carried": {"k": "v"}, "several": {"text": False, "themes": True}, "token": "t1"}
    value = {"baseroom": ours, "text": "Staff are proud", "themes": "a%2Cb,c"}
    first = await only(tenant, personal(tenant, "", value=value))
    again = await only(tenant, personal(tenant, "", value=value, id="9", timestamp="2026-11-24T11:00:00Z"))
    other = await only(tenant, personal(tenant, "", value=value | {"text": "Staff are tired"}))
    assert isinstance(first, Submitted)
    assert first.values == {"text": "Staff are proud", "themes": ("a,b", "c")}
    assert first.carried == {"k": "v"}
    assert first.id == again.id != other.id


# ---------------------------------------------------------------- message actions


async def test_a_message_action_gives_the_author_and_the_time(teams_day: TeamsDay) -> None:
    day = teams_day
    payload = {
        "id": "1795510000000",
        "replyToId": "1795500000000",
        "createdDateTime": "2026-11-24T09:12:24.833Z",
        "body": {"contentType": "html", "content": '<p>Ask <at id="0">Ruth</at>:&nbsp;rotas are late</p>'},
        "from": {"user": {"userIdentityType": "aadUser", "id": day.tom.user.aad, "displayName": "Tom Sutton"}},
    }
    value = {"commandId": "findings.log", "commandContext": "message", "messagePayload": payload}
    activity = in_channel(day, "", names_us=False) | {"type": "invoke", "id": "f:1", "value": value}
    pointed = await day.wired.taking.inbound.pointed_at(activity)
    assert isinstance(pointed, PointedAt)
    quoted = pointed.quoted
    assert (quoted.text, quoted.author.id) == ("Ask @Ruth: rotas are late", day.tom.id)
    assert quoted.said_at == datetime(2026, 11, 24, 9, 12, 24, 833000, tzinfo=UTC)
    assert (pointed.place.kind, pointed.place.thread) == (PlaceKind.CHANNEL, "1795500000000")


# ---------------------------------------------------------------- comings and goings


async def test_the_first_install_is_greeted(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.zed.installs())
    assert "Hello from Baseroom" in day.reads("zed")
    assert "Ask your challenge manager to add you" in day.reads("zed")
    assert any("Hello from Baseroom" in day.priya.sees(post) for post in day.from_baseroom("priya"))


async def test_a_team_is_told_how_to_begin(tenant: TeamsDay) -> None:
    day = tenant
    team = day.teams.team("Other visit", [day.mina])
    channel = day.teams.channel(team, "Peers")
    await day.after(day.mina.installs_in(channel))
    general = day.teams.tenant.conversations[team.id]
    (hello,) = day.teams.posts_in(general)
    assert "@Baseroom challenge here" in day.mina.sees(hello)


async def test_somebody_new_in_the_team_is_seen_in_its_channel(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.priya.says(day.team_channel, f"@{BOT_NAME} themes"))
    team = day.team_channel.team
    assert team
    team.members.append(day.zed.user)
    general = {"id": team.id, "isGroup": True, "conversationType": "channel", "tenantId": TENANT}
    activity = in_channel(day, "", names_us=False) | {
        "type": "conversationUpdate", "conversation": general, "membersAdded": [{"id": day.zed.id}], "id": "f:9",
    }  # fmt: skip
    activity["channelData"] = {"tenant": {"id": TENANT}, "team": {"id": team.id}, "eventType": "teamMemberAdded"}
    news = await read(day, activity)
    assert {one.place.id for one in news} == {team.id, day.team_channel.id}
    assert all(isinstance(one, Joined) and len(one.facts.members) == 8 for one in news)


async def test_a_stranger_in_the_channel_stops_the_posting(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.priya.says(day.team_channel, f"@{BOT_NAME} themes"))
    await day.after(day.zed.joins(day.team_channel))
    assert "Zed Stranger" in day.mina.sees(day.newest("mina", "Zed Stranger"))


async def test_whoever_takes_baseroom_out_of_their_chat_is_noticed_once(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.priya.uninstalls())
    told = [post for post in day.from_baseroom("mina") if "Priya Nair" in day.mina.sees(post)]
    assert "removed or blocked me" in day.mina.sees(told[-1])
    await day.after(day.priya.uninstalls())
    assert [post for post in day.from_baseroom("mina") if "Priya Nair" in day.mina.sees(post)] == told
    await day.after(day.priya.installs())
    assert "Hello from Baseroom" in day.reads("priya")


async def test_a_deleted_channel_is_one_that_baseroom_left(tenant: TeamsDay) -> None:
    day = tenant
    data = {"tenant": {"id": TENANT}, "channel": {"id": day.team_channel.id}, "eventType": "channelDeleted"}
    left = await only(day, in_channel(day, "", type="conversationUpdate", channelData=data))
    assert isinstance(left, Left)
    assert left.place.id == day.team_channel.id
    met = await only(day, personal(day, "", type="installationUpdate", action="add"))
    assert isinstance(met, Met)


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    "broken",
    [
        {"from": None}, {"from": {"id": 7}}, {"text": None}, {"entities": "x"}, {"attachments": {"a": 1}},
        {"timestamp": "yesterday"}, {"timestamp": None}, {"id": None}, {"channelData": 3}, {"value": {}, "text": ""},
        {"value": {"action": ["x"]}, "text": ""}, {"value": {"baseroom": 3}, "text": ""}, {"recipient": None},
    ],
)  # fmt: skip
async def test_what_is_half_there_breaks_nothing(tenant: TeamsDay, broken: Json) -> None:
    await deliver(tenant, personal(tenant, "Staff are proud") | broken)


async def test_a_hundred_kilobytes_are_read(teams_day: TeamsDay) -> None:
    day = teams_day
    await deliver(day, personal(day, "Staff say that the rota is late. " * 3_000))
    assert await day.wall()


async def test_an_appointed_manager_may_be_named_by_entras_id(tenant: TeamsDay) -> None:
    day = tenant
    assert day.app.house.managers == {day.mina.user.aad.casefold()}
    await day.after(day.mina.dm("challenge new Borsetshire ICS, local system, 1 to 4 Dec 2026"))
    await day.after(day.mina.presses(day.last_dm("mina"), "Set up a challenge"))
    assert day.mina.dialog
