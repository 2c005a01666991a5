"""What is asked of Teams, asked once, and what each of its answers counts as."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from bot.teams.connector import Answered, NoAnswer, NotReached
from tests.teams.entrance import Entrance, an_entrance
from tests.teams.microsoft import Microsoft, microsoft_running

CHAT = "19:wall@thread.tacv2;messageid=17"
SAYING = {"type": "message", "summary": "#1", "attachments": [{"contentType": "x", "content": {"a": "ü"}}]}


@pytest.fixture
def microsoft() -> Iterator[Microsoft]:
    with microsoft_running() as microsoft:
        yield microsoft


@pytest.fixture
async def entrance(microsoft: Microsoft) -> AsyncIterator[Entrance]:
    async with an_entrance(microsoft) as entrance:
        yield entrance


async def test_each_call_goes_to_its_address_with_our_token(entrance: Entrance, microsoft: Microsoft) -> None:
    teams, url = entrance.connector, microsoft.service
    assert await teams.send(url, CHAT, SAYING) == "m1"
    await teams.send(url, "a:chat", SAYING, reply_to="m/1")
    await teams.update(url, "a:chat", "m1", SAYING)
    await teams.delete(url, "a:chat", "m1")
    assert await teams.create_conversation(url, {"isGroup": False}) == {"id": "m5"}
    await teams.member(url, "a:chat", "29:priya")
    await teams.team(url, "19:team")
    place = "/v3/conversations/a%3Achat"
    assert [(method, path) for method, path, _, _ in microsoft.calls] == [
        ("POST", "/v3/conversations/19%3Awall%40thread.tacv2%3Bmessageid%3D17/activities"),
        ("POST", f"{place}/activities/m%2F1"),
        ("PUT", f"{place}/activities/m1"),
        ("DELETE", f"{place}/activities/m1"),
        ("POST", "/v3/conversations"),
        ("GET", f"{place}/members/29%3Apriya"),
        ("GET", "/v3/teams/19%3Ateam"),
    ]
    assert {authorization for _, _, authorization, _ in microsoft.calls} == {f"Bearer {microsoft.tokens[0]}"}
    assert [body for _, _, _, body in microsoft.calls][:4] == [SAYING, SAYING, SAYING, None]


@pytest.mark.parametrize("page", [b"<html>Please sign in to the network</html>", b"[]"])
async def test_a_page_that_is_not_teams_is_no_answer_of_teams(
    entrance: Entrance, microsoft: Microsoft, page: bytes
) -> None:
    """Such as a proxy's: a post is not known to have arrived, a roster is not known to be empty."""
    teams, url = entrance.connector, microsoft.service
    for call in (
        lambda: teams.send(url, CHAT, SAYING),
        lambda: teams.create_conversation(url, {"isGroup": False}),
        lambda: teams.update(url, CHAT, "m1", SAYING),
        lambda: teams.members(url, CHAT),
    ):
        microsoft.replies.append((200, page, {}))
        with pytest.raises(NoAnswer):
            await call()


async def test_a_roster_that_is_answered_with_nothing_is_not_an_empty_one(
    entrance: Entrance, microsoft: Microsoft
) -> None:
    microsoft.replies.append((200, b"", {}))
    with pytest.raises(NoAnswer):
        await entrance.connector.members(microsoft.service, CHAT)


async def test_a_roster_is_read_page_by_page(entrance: Entrance, microsoft: Microsoft) -> None:
    microsoft.replies += [
        (200, {"members": [{"id": "29:a"}, {"id": "29:b"}], "continuationToken": "more/?"}, {}),
        (200, {"members": [{"id": "29:c"}], "continuationToken": None}, {}),
    ]
    found = await entrance.connector.members(microsoft.service, "19:wall")
    assert [one["id"] for one in found] == ["29:a", "29:b", "29:c"]
    assert microsoft.calls[1][1].endswith("/pagedmembers?pageSize=500&continuationToken=more%2F%3F")


async def test_the_channels_of_a_team(entrance: Entrance, microsoft: Microsoft) -> None:
    microsoft.replies.append((200, {"conversations": [{"id": "19:wall"}, None]}, {}))
    assert await entrance.connector.channels(microsoft.service, "19:team") == [{"id": "19:wall"}]


@pytest.mark.parametrize(
    ("status", "body", "headers", "code", "seconds"),
    [
        (403, {"error": {"code": "MessageWritesBlocked", "message": "…"}}, {}, "MessageWritesBlocked", None),
        (403, {"errorCode": 209, "message": "…"}, {}, "MessageWritesBlocked", None),
        (403, {"errorCode": 17}, {}, "17", None),
        (404, {"error": {"code": "ConversationNotFound"}}, {}, "ConversationNotFound", None),
        (413, {"error": {"code": "MessageSizeTooBig"}}, {}, "MessageSizeTooBig", None),
        (412, {"error": {"code": "PreconditionFailed"}}, {}, "PreconditionFailed", None),
        (429, {"error": {"code": "Throttled"}}, {"Retry-After": "7"}, "Throttled", 7),
        (429, {}, {"Retry-After": "1.5"}, "429", 1.5),
        (429, {}, {"Retry-After": "soon"}, "429", None),
        (429, {}, {"Retry-After": "nan"}, "429", None),
        (429, {}, {"Retry-After": "-5"}, "429", 0),
        (503, b"<html>a proxy's page</html>", {"Content-Type": "text/html"}, "503", None),
        (502, {"error": "words"}, {}, "502", None),
        (500, [1, 2], {}, "500", None),
        (302, {}, {"Location": "https://evil.example/"}, "302", None),
    ],
)  # fmt: skip
async def test_a_refusal_is_told_in_teams_own_word_and_never_repeated(
    entrance: Entrance, microsoft: Microsoft, status: int, body: Any, headers: dict[str, str], code: str, seconds: Any
) -> None:
    for act in (
        entrance.connector.send(microsoft.service, CHAT, SAYING),
        entrance.connector.update(microsoft.service, CHAT, "m1", SAYING),
    ):
        microsoft.calls.clear()
        microsoft.replies.append((status, body, headers))
        with pytest.raises(Answered) as told:
            await act
        assert (told.value.status, told.value.code) == (status, code)
        assert told.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))
        assert len(microsoft.calls) == 1


async def test_a_waiting_time_may_be_a_date(entrance: Entrance, microsoft: Microsoft) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    microsoft.replies.append((429, {}, {"Retry-After": format_datetime(soon, usegmt=True)}))
    with pytest.raises(Answered) as told:
        await entrance.connector.send(microsoft.service, CHAT, SAYING)
    assert told.value.retry_after is not None
    assert timedelta(minutes=50) < told.value.retry_after <= timedelta(hours=1)


async def test_an_answer_without_json_is_an_answer(entrance: Entrance, microsoft: Microsoft) -> None:
    microsoft.replies.append((200, b"", {}))
    assert await entrance.connector.send(microsoft.service, CHAT, SAYING) == ""


async def test_half_an_answer_may_mean_that_it_arrived(entrance: Entrance, microsoft: Microsoft) -> None:
    microsoft.replies.append((201, {"id": "m1"}, {"Content-Length": "900"}))
    with pytest.raises(NoAnswer):
        await entrance.connector.send(microsoft.service, CHAT, SAYING)


async def test_where_nobody_listens_nothing_was_sent(entrance: Entrance) -> None:
    with pytest.raises(NotReached):
        await entrance.connector.send("http://127.0.0.1:1/", CHAT, SAYING)


async def test_without_a_token_nothing_was_sent(entrance: Entrance, microsoft: Microsoft) -> None:
    microsoft.down = True
    with pytest.raises(NotReached):
        await entrance.connector.send(microsoft.service, CHAT, SAYING)
    assert microsoft.calls == []


async def test_a_secret_that_entra_does_not_know_is_told_in_its_word(
    entrance: Entrance, microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.teams.microsoft.PASSWORD", "another")
    with pytest.raises(NotReached, match="invalid_client"):
        await entrance.connector.send(microsoft.service, CHAT, SAYING)


async def test_nothing_goes_to_an_address_that_is_not_microsofts(entrance: Entrance) -> None:
    """A stored reference is believed no more than an activity."""
    with pytest.raises(Answered, match="ServiceUrlNotMicrosofts"):
        await entrance.connector.send("https://evil.example/", CHAT, SAYING)
    with pytest.raises(Answered, match="UploadUrlNotMicrosofts"):
        await entrance.connector.upload("https://evil.example/file", b"words")


async def test_a_file_is_put_in_one_piece_without_our_token(entrance: Entrance, microsoft: Microsoft) -> None:
    microsoft.replies.append((201, {}, {}))
    await entrance.connector.upload(f"{microsoft.service}file", b'"content"')
    assert microsoft.calls == [("PUT", "/file", "", "content")]


async def test_a_token_that_teams_does_not_take_is_fetched_anew(
    entrance: Entrance, microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.teams.fresh.TRY_AGAIN", 0.0)
    microsoft.replies.append((401, {}, {}))
    with pytest.raises(Answered):
        await entrance.connector.send(microsoft.service, CHAT, SAYING)
    await entrance.connector.send(microsoft.service, CHAT, SAYING)
    assert [authorization for _, _, authorization, _ in microsoft.calls] == [f"Bearer {t}" for t in microsoft.tokens]
    assert len(microsoft.tokens) == 2
