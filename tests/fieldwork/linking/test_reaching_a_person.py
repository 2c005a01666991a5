"""Somebody on two platforms is written to once, where they last spoke; what stands in both places says the same."""

import pytest

from bot.ports import Refused
from handlers.courtesy import RATION
from handlers.desk import Desk
from storage.records import Address, Intent, OutboxState
from tests.fieldwork.day import Day
from tests.fieldwork.linking.conftest import IN_TEAMS, bind_teams_channel, link
from tests.fieldwork.test_courtesy import tell


@pytest.fixture
async def linked(both: Day) -> Day:
    await link(both)
    return both


def told(day: Day, handle: str) -> int:
    return len([post for post in day.people[handle].posts if post.words.startswith("Number")])


async def test_a_reminder_goes_to_where_they_last_spoke(linked: Day) -> None:
    heard = {"priya": 0, "priya_t": 0}
    for handle in ("priya", "priya_t", "priya"):
        await linked.pass_time(seconds=1)  # a moment ago counts as much as an hour ago
        await linked.people[handle].says("Heard here #vision")
        await tell(linked, "priya", 1)
        heard[handle] += 1
        assert {who: told(linked, who) for who in heard} == heard


async def test_eight_a_day_are_a_persons_and_not_an_accounts(linked: Day) -> None:
    before = await unprompted_today(linked)
    await tell(linked, "priya", 5)
    await linked.pass_time(minutes=1)
    await linked.priya.says("Heard in Slack #vision")
    await tell(linked, "priya", 5)
    assert told(linked, "priya") + told(linked, "priya_t") == RATION - before


async def unprompted_today(day: Day) -> int:
    async with day.app.database.reading() as uow:
        sent = await uow.outbox.in_state(OutboxState.SENT)
        accounts = {one.id for one in await uow.accounts.of_person(day.members["priya"].person_id)}
    return len([row for row in sent if row.intent.unprompted and row.intent.to.account in accounts])


async def test_what_one_platform_refuses_goes_to_the_other(linked: Day) -> None:
    linked.platforms["teams"].raises.append(Refused("blocked"))
    await tell(linked, "priya", 1)
    assert (told(linked, "priya"), told(linked, "priya_t")) == (1, 0)
    async with linked.app.database.reading() as uow:
        assert await uow.outbox.in_state(OutboxState.PARKED) == []


async def test_what_both_refuse_is_tried_at_each_once(linked: Day) -> None:
    for platform in linked.platforms.values():
        platform.raises.extend([Refused("blocked")] * 4)  # the manager's own message about it is refused too
    await tell(linked, "priya", 1)
    assert (told(linked, "priya"), told(linked, "priya_t")) == (0, 0)
    assert len(linked.platforms["teams"].raises) == 3
    async with linked.app.database.reading() as uow:
        assert await uow.outbox.in_state(OutboxState.PENDING, OutboxState.SENDING) == []


async def test_where_baseroom_is_blocked_nothing_more_is_sent(linked: Day) -> None:
    async with linked.app.database.begin() as uow:
        [latest, _] = await uow.accounts.of_person(linked.members["priya"].person_id)
        assert latest.platform == "teams"
        await uow.accounts.set_blocked(latest.id, linked.now)
        await uow.commit()
    await tell(linked, "priya", 1)
    assert (told(linked, "priya"), told(linked, "priya_t")) == (1, 0)


async def test_a_card_that_stands_in_both_is_edited_in_both(linked: Day) -> None:
    assert linked.challenge
    welcome = Intent(
        "team.welcome", Address("", ""), linked.members["priya"].id, slot=f"welcome:{linked.members['priya'].id}"
    )
    for says in (linked.priya.says, linked.priya_t.says):
        await says("hello")
        await linked.pass_time(minutes=11)
        async with linked.app.database.begin() as uow:
            desk = Desk(uow, linked.now, linked.app.house)
            await desk.send_to(linked.challenge, linked.members["priya"], welcome)
            await uow.commit()
        await linked.settle()
    await linked.priya.presses("I agree")
    for account in (linked.priya, linked.priya_t):
        [card] = [post for post in account.posts if "Welcome to the" in post.words]
        assert "You agreed to the ground rules" in card.words


async def test_a_finding_changed_on_one_platform_shows_on_its_receipt_on_the_other(linked: Day) -> None:
    await linked.priya.says("Nobody knows who owns the plan")
    finding = await linked.finding(1)
    assert "#1 saved" in linked.priya.last.words
    await linked.priya_t.types("finding 1")
    await linked.priya_t.presses_action("findings.withdraw", finding.id)
    assert "#1 withdrawn" in linked.priya.last.words


async def test_posts_for_the_team_go_to_each_channel_and_are_edited_in_each(linked: Day) -> None:
    await bind_teams_channel(linked)
    await linked.priya.says("Heard in Slack #vision")
    in_teams = [post for post in linked.platforms["teams"].shown if post.target.conversation == IN_TEAMS]
    assert [post.words for post in in_teams] == [post.words for post in linked.team_channel.posts]
    await linked.nell.says("Heard in Teams #vision")
    await linked.pass_time(minutes=2)
    in_teams = [post for post in linked.platforms["teams"].shown if post.target.conversation == IN_TEAMS]
    assert [post.words for post in in_teams] == [post.words for post in linked.team_channel.posts]
    assert in_teams[-1].edits == 1
    await linked.clock_strikes("10:46")
    session = linked.platforms["teams"].shown[-1]
    assert session.target.conversation == IN_TEAMS
    assert "session" in session.words
    of_leads = "\n[Move 13:00]\n[Skip 13:00]"  # none of them is in Teams
    assert session.words == linked.team_channel.last.words.replace(of_leads, "")


async def test_practice_waits_where_it_was_asked_for(linked: Day) -> None:
    await linked.priya.types("practice")
    await linked.priya_t.says("Heard in Teams, for real #vision")
    assert [one.practice for one in await linked.wall()] == [False]
