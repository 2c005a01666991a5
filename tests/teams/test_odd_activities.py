"""Whatever an activity holds, the answer is a card, a 4xx or nothing; 500 would only bring it again."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from tests.fakes.teams.tenant import BOT, TENANT
from tests.teams.world import TeamsDay

ODD: tuple[Any, ...] = (None, 7, "", "odd", [], [None], [["x"]], {}, {"id": 7}, True, "29:nobody", "\x00", "😀" * 50)

SAID = {
    "type": "message",
    "id": "1700000000001",
    "timestamp": "2026-11-24T10:00:00.000Z",
    "localTimezone": "Europe/London",
    "text": "<at>Baseroom</at> Staff know the vision #vision",
    "textFormat": "xml",
    "entities": [{"type": "mention", "text": "<at>Baseroom</at>", "mentioned": {"id": BOT, "name": "Baseroom"}}],
    "attachments": [{"contentType": "text/html", "content": "<p>Staff</p>"}],
    "replyToId": "1700000000000",
    "channelData": {"tenant": {"id": TENANT}, "team": {"id": "19:team"}, "eventType": "editMessage"},
}
PRESSED = SAID | {
    "type": "invoke",
    "name": "adaptiveCard/action",
    "value": {"action": {"type": "Action.Execute", "verb": "x", "data": {"action": "finding.theme", "value": "1"}}},
}
DIALOG = SAID | {
    "type": "invoke",
    "name": "task/submit",
    "value": {"data": {"action": "x"}, "context": {"theme": "dark"}},
}
POINTED = SAID | {
    "type": "invoke",
    "name": "composeExtension/fetchTask",
    "value": {
        "commandId": "log_finding",
        "messagePayload": {"id": "1", "body": {"content": "x", "contentType": "html"}},
    },
}
CONSENT = SAID | {
    "type": "invoke",
    "name": "fileConsent/invoke",
    "value": {"action": "accept", "context": {"offer": "x"}, "uploadInfo": {"uploadUrl": "https://evil.example/"}},
}
EDITED = SAID | {"type": "messageUpdate"}
DELETED = SAID | {"type": "messageDelete"}
NEWS = SAID | {"type": "conversationUpdate", "membersAdded": [{"id": "29:new"}], "membersRemoved": [{"id": BOT}]}
INSTALLED = SAID | {"type": "installationUpdate", "action": "add"}
KINDS = (SAID, PRESSED, DIALOG, POINTED, CONSENT, EDITED, DELETED, NEWS, INSTALLED)


def changed(whole: Any, odd: Iterator[Any]) -> Iterator[Any]:
    """The same with each of its parts in turn made odd in three ways, however deep it lies."""
    if not isinstance(whole, Mapping):
        return
    for name, inner in whole.items():
        for _ in range(3):
            yield {**whole, name: next(odd)}
        first = inner[0] if isinstance(inner, list) and inner else inner
        for deeper in changed(first, odd):
            yield {**whole, name: [deeper] if isinstance(inner, list) else deeper}


async def test_nothing_that_an_activity_may_hold_is_500(teams_day: TeamsDay) -> None:
    teams, url = teams_day.teams, teams_day.teams.service_url
    where = {
        "channelId": "msteams",
        "serviceUrl": url,
        "from": {"id": teams_day.priya.user.id, "aadObjectId": teams_day.priya.user.aad},
        "recipient": {"id": BOT, "name": "Baseroom"},
        "conversation": {"id": teams_day.priya.chat.id, "conversationType": "personal", "tenantId": TENANT},
    }
    signed = {"Authorization": f"Bearer {teams.entra.signer.sign(url)}"}
    odd, answers = cycle(ODD), {}
    with capture_logs() as lines:
        async with aiohttp.ClientSession() as web:
            for kind in KINDS:
                for activity in (kind | where, *changed(kind | where, odd)):
                    async with web.post(f"{teams.app_address}/api/messages", json=activity, headers=signed) as answer:
                        answers.setdefault(answer.status, activity)
    assert set(answers) <= {200, 202, 400, 401, 404}, answers
    assert [line for line in lines if line["event"] in ("failed", "still failing")] == [], "Baseroom itself failed"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
async def test_a_time_that_is_none_in_our_zone_loses_no_words(teams_day: TeamsDay, moment: str) -> None:
    activity = teams_day.priya._activity("message", teams_day.priya.chat)
    said = {"text": "Partners share one plan #vision", "timestamp": moment}
    assert (await teams_day.teams.deliver(activity | said)).status == 202
    await teams_day.settled()
    assert "#1 saved" in teams_day.reads("priya")


async def test_messages_to_which_teams_gives_no_id_are_not_taken_for_one(teams_day: TeamsDay) -> None:
    both = ["Partners share one plan #vision", "Carers wait too long #vision"]
    for words in both:
        for _ in range(2):  # and each is told twice
            activity = teams_day.priya._activity("message", teams_day.priya.chat)
            assert (await teams_day.teams.deliver(activity | {"id": "", "text": words})).status == 202
        await teams_day.settled()
    assert [finding.text for finding in await teams_day.wall()] == both


async def test_what_baseroom_does_not_know_is_taken_in_and_left(teams_day: TeamsDay) -> None:
    url = teams_day.teams.service_url
    signed = {"Authorization": f"Bearer {teams_day.teams.entra.signer.sign(url)}"}
    address = f"{teams_day.teams.app_address}/api/messages"
    for kind in ("typing", "event", "handoff", "endOfConversation", "trace", "of next year"):
        activity = {
            "type": kind,
            "id": "1",
            "channelId": "msteams",
            "serviceUrl": url,
            "conversation": {"id": teams_day.priya.chat.id, "conversationType": "personal", "tenantId": TENANT},
        }
        async with aiohttp.ClientSession() as web, web.post(address, json=activity, headers=signed) as answer:
            assert (answer.status, await answer.read()) == (202, b""), kind
