"""What people did while Baseroom was away is caught up with, once, in order, with its own time."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.clock import HandClock
from bot.slack.catching_up import EVERY, LOOK_AGAIN, CatchUp
from bot.slack.history import History
from bot.slack.inbound import Inbound
from bot.slack.wiring import build_slack
from handlers.chat import Platform
from tests.fakes.slack import Fault, Message
from tests.fakes.slack.workspace import TEAM as TEAM_ID
from tests.slack.world import SlackDay


async def catch_up_of(day: SlackDay) -> CatchUp:
    """As it stands in a Baseroom that has just been started."""
    slack = build_slack(day.app)
    await slack.directory.introduce()
    return CatchUp(day.app, History(slack.client, day.clock), slack.inbound, slack)


@contextmanager
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Slack tells, and nobody listens."""

    async def unheard(*_args: object) -> None:
        return None

    with monkeypatch.context() as deaf:
        deaf.setattr(Inbound, "event", unheard)
        yield


@contextmanager
def unreadable_channels(day: SlackDay, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    granted = day.slack.manifest.bot_scopes
    with monkeypatch.context() as stricter:
        stricter.setattr(day.slack.manifest, "bot_scopes", granted - {"channels:history", "groups:history"})
        yield


async def back(day: SlackDay) -> None:
    await (await catch_up_of(day)).attend()
    await day.settled()


async def heard(day: SlackDay) -> list[str]:
    return [finding.text for finding in await day.wall()]


@pytest.fixture
async def visit(slack_day: SlackDay) -> SlackDay:
    """Ten o'clock, a finding on the wall, Slack heard."""
    await slack_day.after(slack_day.priya.dm("Staff describe the vision alike #vision"))
    await (await catch_up_of(slack_day)).attend()
    return slack_day


async def test_what_was_said_meanwhile_is_logged_in_order_with_its_own_time(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        said_at = visit.clock.now()
        await visit.after(visit.priya.dm("Carers wait too long"))
        await visit.pass_time(minutes=10)
        await visit.after(visit.priya.dm("Nobody could name the priorities"))
    await visit.pass_time(minutes=10)
    await back(visit)
    assert await heard(visit) == [
        "Staff describe the vision alike #vision",
        "Carers wait too long",
        "Nobody could name the priorities",
    ]
    assert abs((await visit.finding(2)).heard_at - said_at) < timedelta(minutes=1)
    assert "#2" in visit.reads("priya")


async def test_it_is_logged_once_however_often_it_is_read_back(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        await visit.after(visit.priya.dm("Carers wait too long"))
    await visit.pass_time(minutes=10)
    await back(visit)
    await visit.pass_time(minutes=10)
    await back(visit)
    assert len(await heard(visit)) == 2


async def test_what_was_edited_meanwhile_is_edited(visit: SlackDay, monkeypatch: pytest.MonkeyPatch) -> None:
    [message] = [one for one in visit.priya.dm_messages() if not one.by_app]
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        await visit.after(visit.priya.edit(message, "Staff describe the vision differently #vision"))
    await visit.pass_time(minutes=10)
    await back(visit)
    assert await heard(visit) == ["Staff describe the vision differently #vision"]


async def test_what_was_deleted_meanwhile_is_withdrawn(visit: SlackDay, monkeypatch: pytest.MonkeyPatch) -> None:
    [message] = [one for one in visit.priya.dm_messages() if not one.by_app]
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        await visit.after(visit.priya.delete(message))
    await visit.pass_time(minutes=10)
    await back(visit)
    assert await heard(visit) == []


async def test_what_was_deleted_meanwhile_is_withdrawn_though_replies_to_it_stand(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await visit.after(visit.tom.says(visit.team_channel, "@Baseroom Minutes are kept for a year"))
    await visit.after(visit.priya.says(visit.team_channel, "By whom?", thread=asked))
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        await visit.after(visit.tom.delete(asked))
    await visit.pass_time(minutes=10)
    await back(visit)
    assert await heard(visit) == ["Staff describe the vision alike #vision"]


async def test_what_was_said_and_taken_back_meanwhile_is_not_logged(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        message = await visit.after(visit.priya.dm("Said in anger"))
        await visit.after(visit.priya.delete(message))
    await visit.pass_time(minutes=10)
    await back(visit)
    assert len(await heard(visit)) == 1


async def test_the_channel_is_read_back_for_what_names_baseroom_and_nothing_else(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        await visit.after(visit.priya.says(visit.team_channel, "Lunch at one?"))
        asked = await visit.after(visit.tom.says(visit.team_channel, "@Baseroom Minutes are kept for a year"))
        await visit.after(visit.tom.says(visit.team_channel, "@Baseroom and read by nobody", thread=asked))
    await visit.pass_time(minutes=10)
    await back(visit)
    assert (await heard(visit))[1:] == ["Minutes are kept for a year", "and read by nobody"]


async def test_a_long_silence_is_read_page_by_page(visit: SlackDay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.history.PAGE", 3)
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        for number in range(8):
            await visit.after(visit.priya.dm(f"Heard in room {number}"))
    await visit.pass_time(minutes=10)
    await back(visit)
    assert (await heard(visit))[1:] == [f"Heard in room {number}" for number in range(8)]


async def test_a_slack_that_cannot_be_read_yet_is_read_later_and_withdraws_nothing(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        await visit.after(visit.priya.dm("Carers wait too long"))
    await visit.pass_time(minutes=10)
    visit.slack.fault("conversations.history", Fault.refuses("internal_error"))
    await back(visit)
    assert len(await heard(visit)) == 1
    await visit.pass_time(minutes=1)
    await back(visit)
    assert len(await heard(visit)) == 2


async def test_a_conversation_that_slack_refuses_to_show_holds_up_no_other(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visit.after(visit.tom.dm("Managers can tell the vision #vision"))
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        for person in (visit.priya, visit.tom):
            await visit.after(person.dm(f"{person.name} hears that carers wait too long"))
    await visit.pass_time(minutes=10)
    visit.slack.fault("conversations.history", Fault.refuses("internal_error"))
    await back(visit)
    assert len(await heard(visit)) >= 3, "the others are read at once"
    await visit.pass_time(minutes=1)
    await back(visit)
    assert len(await heard(visit)) == 4


async def test_only_what_slack_refuses_to_show_is_read_again_each_minute_and_from_where_it_stood(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workspace that has not let Baseroom read its channels: direct messages are not read back again for that."""
    with away(monkeypatch):
        await visit.pass_time(minutes=10)
        await visit.after(visit.tom.says(visit.team_channel, "@Baseroom Minutes are kept for a year"))
    await visit.pass_time(minutes=10)
    with unreadable_channels(visit, monkeypatch):
        await back(visit)
        catch_up = await catch_up_of(visit)
        await catch_up.attend()
        for _ in range(LOOK_AGAIN // EVERY - 1):
            await visit.pass_time(minutes=1)
            before = len(visit.slack.calls)
            await catch_up.attend()
            asked = [call for call in visit.slack.calls[before:] if call.method.startswith("conversations.")]
            assert [call.error for call in asked] == ["missing_scope"]
        assert "Minutes are kept for a year" not in await heard(visit)
    await back(visit)
    assert "Minutes are kept for a year" in await heard(visit)


async def test_what_waits_of_a_channel_that_is_no_concern_any_more_is_forgotten_within_a_minute(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visit.pass_time(minutes=10)
    with unreadable_channels(visit, monkeypatch):
        await back(visit)
        assert await waiting(visit) == [visit.team_channel.id]
        async with visit.app.database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM team_channels"))
        await visit.pass_time(minutes=1)
        await back(visit)
        assert await waiting(visit) == []


async def waiting(day: SlackDay) -> list[str]:
    async with day.app.database.engine.begin() as connection:
        return [row.conversation for row in await connection.execute(text("SELECT conversation FROM unread"))]


async def test_a_first_start_reads_nothing_back(slack_day: SlackDay) -> None:
    catch_up = await catch_up_of(slack_day)
    async with slack_day.app.database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM presence"))  # the one that is served has been heard already
    before = len(slack_day.slack.calls)
    await catch_up.attend()
    assert not [call for call in slack_day.slack.calls[before:] if call.method.startswith("conversations.")]


async def test_a_minute_without_news_reads_nothing_back(visit: SlackDay) -> None:
    catch_up = await catch_up_of(visit)
    await catch_up.attend()
    before = len(visit.slack.calls)
    await visit.pass_time(minutes=1)
    await catch_up.attend()
    assert not [call for call in visit.slack.calls[before:] if call.method.startswith("conversations.")]


async def test_what_slack_tried_to_tell_in_the_minute_of_a_restart_is_read_back_at_once(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with away(monkeypatch):
        await visit.after(visit.priya.dm("Carers wait too long"))
        [message, _] = [one for one in visit.priya.dm_messages() if not one.by_app]
        await visit.after(visit.priya.edit(message, "Staff describe the vision differently #vision"))
    await visit.pass_time(minutes=1)
    await back(visit)
    assert await heard(visit) == ["Staff describe the vision differently #vision", "Carers wait too long"]


async def test_what_slack_gave_up_telling_us_is_found_within_a_quarter_of_an_hour(
    visit: SlackDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP whatever stands before us may have turned Slack away, and we would not know."""
    catch_up = await catch_up_of(visit)
    await catch_up.attend()
    with away(monkeypatch):
        await visit.pass_time(minutes=1)
        await visit.after(visit.priya.dm("Carers wait too long"))
    for _ in range(15):
        await visit.pass_time(minutes=1)
        await catch_up.attend()
    await visit.settled()
    assert await heard(visit) == ["Staff describe the vision alike #vision", "Carers wait too long"]


async def stays_heard(day: SlackDay, catch_up: CatchUp, *, minutes: int) -> None:
    """There is no outage: each minute it is noted that Slack is heard. At the end Baseroom looks for what is new."""
    await day.pass_time(minutes=minutes)
    async with day.app.database.begin() as uow:
        await uow.presence.note(Platform.SLACK, TEAM_ID, day.clock.now())
        await uow.commit()
    await catch_up.attend()
    await day.settled()


@pytest.fixture
async def later(visit: SlackDay) -> tuple[SlackDay, CatchUp, Message]:
    """Twenty to eleven: what was asked of Baseroom in the channel at ten is no news any more."""
    asked = await visit.after(visit.tom.says(visit.team_channel, "@Baseroom Minutes are kept for a year"))
    catch_up = await catch_up_of(visit)
    await stays_heard(visit, catch_up, minutes=40)
    return visit, catch_up, asked


async def test_a_finding_in_the_thread_of_an_older_message_stays_on_the_wall(
    later: tuple[SlackDay, CatchUp, Message],
) -> None:
    day, catch_up, asked = later
    await day.after(day.tom.says(day.team_channel, "@Baseroom and read by nobody", thread=asked))
    await stays_heard(day, catch_up, minutes=15)
    assert (await heard(day))[1:] == ["Minutes are kept for a year", "and read by nobody"]


async def test_a_reply_under_an_older_message_that_slack_gave_up_telling_us_is_found_within_a_quarter_of_an_hour(
    later: tuple[SlackDay, CatchUp, Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, catch_up, asked = later
    with away(monkeypatch):
        await day.after(day.tom.says(day.team_channel, "@Baseroom and read by nobody", thread=asked))
    await stays_heard(day, catch_up, minutes=15)
    assert (await heard(day))[1:] == ["Minutes are kept for a year", "and read by nobody"]


async def test_looking_for_what_slack_gave_up_telling_us_costs_a_call_for_each_conversation(
    later: tuple[SlackDay, CatchUp, Message],
) -> None:
    day, catch_up, asked = later
    await day.after(day.tom.says(day.team_channel, "Asked and answered", thread=asked))
    await stays_heard(day, catch_up, minutes=40)
    before = len(day.slack.calls)
    await stays_heard(day, catch_up, minutes=15)
    read = [call.method for call in day.slack.calls[before:] if call.method.startswith("conversations.")]
    assert read == ["conversations.history"] * 2


async def test_of_what_is_old_only_so_much_is_looked_through(
    later: tuple[SlackDay, CatchUp, Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, catch_up, _ = later
    for number in range(9):
        await day.after(day.tom.says(day.team_channel, f"Is there coffee on floor {number}?"))
    await stays_heard(day, catch_up, minutes=40)
    monkeypatch.setattr("bot.slack.history.PAGE", 2)
    monkeypatch.setattr("bot.slack.history.NEWEST", 6)
    before = len(day.slack.calls)
    await stays_heard(day, catch_up, minutes=15)
    read = [call for call in day.slack.calls[before:] if call.arguments.get("channel") == day.team_channel.id]
    asked_about = ["conversations.replies"]  # the one that hangs on the wall and stands beyond what was read
    called = [call.method for call in read if call.method.startswith("conversations.")]
    assert called == ["conversations.history"] * 3 + asked_about


async def test_an_edit_and_a_deletion_of_older_messages_that_slack_gave_up_telling_us_are_found(
    later: tuple[SlackDay, CatchUp, Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, catch_up, asked = later
    [first] = [one for one in day.priya.dm_messages() if not one.by_app]
    with away(monkeypatch):
        await day.after(day.tom.delete(asked))
        await day.after(day.priya.edit(first, "Staff describe the vision differently #vision"))
    await stays_heard(day, catch_up, minutes=15)
    assert await heard(day) == ["Staff describe the vision differently #vision"]


async def test_of_what_is_missing_slack_is_asked_about_so_many_at_a_time(
    later: tuple[SlackDay, CatchUp, Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, catch_up, asked = later
    for number in range(3):
        await day.after(day.tom.says(day.team_channel, f"@Baseroom Queue {number} is long", thread=asked))
    await stays_heard(day, catch_up, minutes=40)
    monkeypatch.setattr("bot.slack.catching_up.ASKED_ABOUT", 2)
    before = len(day.slack.calls)
    await stays_heard(day, catch_up, minutes=15)
    assert len([call for call in day.slack.calls[before:] if call.method == "conversations.replies"]) == 2
    assert len(await heard(day)) == 5


async def test_what_the_workspace_itself_no_longer_keeps_stays_on_the_wall(visit: SlackDay) -> None:
    await visit.pass_time(hours=25)
    for message in visit.slack.workspace.messages:
        message.deleted = True  # Slack says nothing of it
    await back(visit)
    assert await heard(visit) == ["Staff describe the vision alike #vision"]


class ShortWaits(HandClock):
    """A clock whose waits end after five seconds, as the machine's do."""

    async def wait(self, until: datetime | None, event: asyncio.Event) -> None:
        assert until
        self.move_to(min(until, self.now() + timedelta(seconds=5)))


async def test_a_busy_slack_is_asked_again_when_it_said_and_no_sooner(visit: SlackDay) -> None:
    clock = ShortWaits(visit.clock.now())
    history = History((await catch_up_of(visit)).history.client, clock)
    visit.slack.fault("conversations.history", Fault.answers(429, retry_after=30))
    await history.standing(visit.team_channel.id, clock.now())
    assert clock.now() - visit.clock.now() == timedelta(seconds=30)


@dataclass
class Unreachable:
    """A connection that does not stand, and notes when it was asked after."""

    clock: HandClock
    asked: list[datetime] = field(default_factory=list)
    often: asyncio.Event = field(default_factory=asyncio.Event)

    async def is_connected(self) -> bool:
        self.asked.append(self.clock.now())
        if len(self.asked) == 3:
            self.often.set()
            await asyncio.Future[None]()
        return False


async def test_it_is_looked_after_every_minute_and_no_oftener(slack_day: SlackDay) -> None:
    connection = Unreachable(ShortWaits(slack_day.clock.now()))
    app = replace(slack_day.app, clock=connection.clock)
    running = asyncio.create_task(replace(await catch_up_of(slack_day), app=app, connection=connection).run())
    async with asyncio.timeout(5):
        await connection.often.wait()
    running.cancel()
    assert [later - sooner for sooner, later in pairwise(connection.asked)] == [timedelta(minutes=1)] * 2


@dataclass
class AwayAtFirst:
    """A connection of which at first nobody can say whether it stands."""

    asked: int = 0
    asked_again: asyncio.Event = field(default_factory=asyncio.Event)

    async def is_connected(self) -> bool:
        self.asked += 1
        if self.asked == 1:
            raise OSError("canary words")
        self.asked_again.set()
        return await asyncio.Future[bool]()


async def test_whatever_goes_wrong_the_next_minute_tries_again(slack_day: SlackDay) -> None:
    connection = AwayAtFirst()
    catch_up = replace(await catch_up_of(slack_day), connection=connection)
    catch_up._wake.set()  # the minute is over
    with capture_logs() as lines:
        running = asyncio.create_task(catch_up.run())
        async with asyncio.timeout(5):
            await connection.asked_again.wait()
        running.cancel()
    assert [line["error"] for line in lines if line["event"] == "not caught up yet"] == ["OSError"]
    assert "canary" not in str(lines)
