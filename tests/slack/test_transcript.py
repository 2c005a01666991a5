"""A fieldwork day that was played against a local Slack server over Socket Mode and over HTTP, played again from the
transcript: the same deliveries, the same answers of Slack; what Baseroom does and stores must be the same.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.app import App, build_app
from bot.clock import HandClock
from bot.serve import running
from bot.settings import read_settings
from bot.slack.wiring import EVENTS_PATH, Slack, build_slack
from storage.keys import KeyStore, make_master_key
from storage.migrations import migrate
from storage.records import Challenge, Kind, SummaryState
from tests.slack.recorded import Json, RecordedSlack, first_clock, read_transcript, signed

TRANSCRIPTS = Path(__file__).parent / "transcripts"
SECRET = "a signing secret"
FIRST_DAY = date(2026, 11, 22)
ON_THE_WALL = [
    "Frontline staff describe the vision in their own words, always #vision (focus group, frontline staff)",
    "Partners share one plan strength: #governance",
    "The minutes are thin",
    "Carers wait too long",
    "Neighbourhood teams know their residents",
    "The board hears from residents twice a year",
    "Nobody knows who decides on estates",
    "Ask <!channel> & <@U0MANAGER> about A < B",
]


@dataclass
class Replay:
    """The served app, its clock, and the recorded Slack around it. `mode` is "socket" or "http"."""

    mode: str
    app: App
    clock: HandClock
    slack: Slack
    recorded: RecordedSlack
    address: str

    async def play(self) -> None:
        for entry in self.recorded.transcript:
            if "clock" in entry:
                self.clock.move_to(datetime.fromisoformat(entry["clock"]))
                await self.app.scheduler.do_due()
            elif "delivered" in entry:
                await self.deliver(entry)
            await self.app.delivery.drain()

    async def deliver(self, entry: Json) -> None:
        payload = self.recorded.with_new_ids(entry["payload"])
        status, answer = await (self._by_socket(payload) if self.mode == "socket" else self._by_http(entry, payload))
        assert status == entry["status"], f"Slack would have been told {status}: {entry}"
        assert answer.get("response_action") == entry.get("response_action"), f"{answer} to {entry}"
        self.recorded.learn(entry.get("ids", {}), answer)

    async def _by_socket(self, payload: Json) -> tuple[int, Json]:
        answer = await self.slack.bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        return answer.status, _read(answer.body)

    async def _by_http(self, entry: Json, payload: Json) -> tuple[int, Json]:
        body, headers = signed(entry["delivered"], payload, SECRET, entry["retry"])
        async with (
            ClientSession() as session,
            session.post(f"{self.address}{EVENTS_PATH}", data=body, headers=headers) as answer,
        ):
            return answer.status, _read(await answer.text())

    async def challenge(self) -> Challenge:
        async with self.app.database.reading() as uow:
            (only,) = await uow.challenges.all()
        return only


def _read(body: str) -> Json:
    return dict(json.loads(body)) if body.startswith("{") else {}


@asynccontextmanager
async def replayed(mode: str, folder: Path) -> AsyncIterator[Replay]:
    """The whole transcript, played."""
    recorded = RecordedSlack(read_transcript(TRANSCRIPTS / f"local_slack_{mode}.jsonl"))
    await recorded.start()
    began = datetime.fromisoformat(first_clock(recorded.transcript))
    settings = read_settings(
        database_url=f"sqlite:///{folder / 'baseroom.db'}",
        keys_url=f"sqlite:///{folder / 'keys.db'}",
        master_key_file=folder / "master.key",
        managers="orla@programme.example",
        port=0,
        slack_bot_token="xoxb-replay",
        slack_signing_secret=SECRET,
        slack_api_url=f"{recorded.address}/api/",
    )
    keys = KeyStore(settings.keys_database, make_master_key(settings.master_key_file))
    keys.prepare(began)
    clock = HandClock(began.astimezone(UTC))
    app = build_app(settings, clock, keys=keys, pace=timedelta(0))
    await migrate(app.database.engine)
    slack = build_slack(app)
    try:
        async with running(app, [slack]) as address:
            replay = Replay(mode, app, clock, slack, recorded, address)
            await replay.play()
            yield replay
    finally:
        await recorded.stop()


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_the_day_that_was_played_goes_the_same_way_again(mode: str, tmp_path: Path) -> None:
    async with replayed(mode, tmp_path) as day:
        assert day.recorded.strange == []
        assert Counter(day.recorded.done) == Counter(day.recorded.recorded)
        assert [len(content) > 10_000 for content in day.recorded.files] == [True], "the workbook"
        await check_stored(day)


async def check_stored(day: Replay) -> None:
    challenge = await day.challenge()
    assert (challenge.host, challenge.first_day, challenge.last_day) == ("Anyshire ICS", FIRST_DAY, date(2026, 11, 24))
    assert challenge.signed_off_at
    async with day.app.database.reading() as uow:
        wall = await uow.findings.on_the_wall(challenge.id)
        team = {member.id: member.initials for member in await uow.members.of_challenge(challenge.id)}
        check_in = await uow.checkins.newest(challenge.id)
        assert check_in
        replies = await uow.checkins.replies(check_in.id)
        approved = await uow.summaries.latest(challenge.id, FIRST_DAY, SummaryState.APPROVED)
        destroyed = await uow.destruction.of_challenge(challenge.id)
    assert [finding.text for finding in wall] == ON_THE_WALL
    assert [finding.number for finding in wall] == [1, 2, 3, 4, 5, 6, 7, 10], "#8 was deleted and #9 taken back"
    assert [team[finding.author_id] for finding in wall] == ["TO", "BM", "IC", "LH", "JP", "NT", "TO", "CB"]
    assert [finding.kind for finding in wall if finding.kind] == [Kind.STRENGTH, Kind.STRENGTH, Kind.IMPROVEMENT]
    assert sorted(team[member] for member, reply in replies.items() if reply.answers) == ["BM", "TO"]
    assert approved
    assert [line.wording for line in approved.lines if line.wording] == [
        "People put the vision into words of their own"
    ]
    assert len({row.member_id for row in destroyed if row.confirmed_at}) == len(team)
