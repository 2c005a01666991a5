"""Who may talk to the rehearsal room."""

from http import HTTPStatus

import pytest

from bot.web.guard import OpenToTheNetwork, check_host, is_ours
from tests.rehearsal.visit import Visit


@pytest.mark.parametrize(
    "origin", [None, "null", "https://elsewhere.example", "http://127.0.0.1:1", "http://localhost"]
)
async def test_another_website_cannot_post(visit: Visit, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    body = {"conversation": "dm-priya", "words": "From elsewhere"}
    answer = await visit.client.post("/as/priya/say", json=body, headers=headers)
    assert answer.status == HTTPStatus.FORBIDDEN
    assert "From elsewhere" not in await visit.priya.sees("dm")


async def test_another_website_cannot_listen(visit: Visit) -> None:
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": "https://elsewhere.example"}
    assert (await visit.client.get("/as/priya/live", headers=headers)).status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.rebound.example", "localhost.rebound.example:80", ""])
async def test_a_name_that_is_not_this_machine_is_refused(visit: Visit, host: str) -> None:
    answer = await visit.client.get("/as/priya/dm", headers={"Host": host})
    assert answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.BAD_REQUEST)
    assert "Priya" not in await answer.text()


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080"])
def test_this_machine_is_known_by_its_own_names(host: str) -> None:
    assert is_ours(host, allow_network=False)


@pytest.mark.parametrize("host", ["192.168.1.20:8080", "[fe80::1]:8080"])
def test_an_address_is_answered_only_when_the_network_is_let_in(host: str) -> None:
    assert not is_ours(host, allow_network=False)
    assert is_ours(host, allow_network=True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "base-room.example"])
def test_the_room_listens_on_this_machine_only_unless_told_otherwise(host: str) -> None:
    with pytest.raises(OpenToTheNetwork, match="no sign-in"):
        check_host(host, allow_network=False)
    check_host(host, allow_network=True)


async def test_every_answer_forbids_what_the_page_does_not_need(visit: Visit) -> None:
    for path in ("/as/priya/dm", "/static/room.js", "/as/priya/clock", "/nowhere", "/as/nobody/dm"):
        answer = await visit.client.get(path)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"], path
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Server"] == "Baseroom", path


async def test_somebody_who_is_not_in_the_room_has_no_page(visit: Visit) -> None:
    assert (await visit.client.get("/as/nobody/dm")).status == HTTPStatus.NOT_FOUND
