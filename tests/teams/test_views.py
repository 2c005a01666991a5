"""A card in the channel shows its leads their buttons, and nobody else."""

import json

from bot.teams.views import MOST_NAMED, VIEW, asked_for
from handlers.chat import Button, Buttons, Card, text
from tests.fakes.teams import Message, Person
from tests.teams.world import TeamsDay


def last_in_channel(day: TeamsDay) -> Message:
    return day.teams.posts_in(day.team_channel)[-1]


async def test_a_lead_sees_the_buttons_that_change_a_session_and_a_peer_does_not(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.priya.says(day.team_channel, "@Baseroom sessions"))
    card = last_in_channel(day)
    for person in (day.mina, day.priya):
        await person.looks_at(card)
    assert "Skip 16:15" in day.mina.sees(card)
    assert "Skip 16:15" not in day.priya.sees(card)
    assert "16:15" in day.priya.sees(card)


async def test_a_lead_uses_those_buttons_and_everybody_sees_what_came_of_it(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.priya.says(day.team_channel, "@Baseroom sessions"))
    card = last_in_channel(day)
    await day.ruth.looks_at(card)
    await day.after(day.ruth.presses(card, "Skip 16:15", confirm="Skip it"))
    assert any("no 16:15" in day.priya.sees(post) for post in day.teams.posts_in(day.team_channel))


async def test_the_view_of_a_card_that_is_not_ours_is_declined(teams_day: TeamsDay) -> None:
    day = teams_day
    said = await day.after(day.priya.says(day.team_channel, "nothing of Baseroom's"))
    activity = day.mina._activity("invoke", day.team_channel)
    value = {"action": {"type": "Action.Execute", "verb": "baseroom.view", "data": {}}, "trigger": "automatic"}
    delivery = await day.teams.deliver(activity | {"name": "adaptiveCard/action", "value": value, "replyToId": said.id})
    assert (delivery.status, delivery.body["statusCode"]) == (200, 400)


async def own_view(day: TeamsDay, who: Person, card: Message) -> tuple[int, str]:
    """What a client is answered that asks for that person's own view, and whatever it is, in words."""
    value = {"action": {"type": "Action.Execute", "verb": VIEW, "data": {}}, "trigger": "manual"}
    activity = who._activity("invoke", card.conversation) | {"name": "adaptiveCard/action", "value": value}
    delivery = await day.after(day.teams.deliver(activity | {"replyToId": card.id}))
    return delivery.body["statusCode"], json.dumps(delivery.body)


async def is_taken_off(day: TeamsDay, handle: str) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        account = await uow.accounts.find("teams", day.teams.tenant_id, day.people[handle].id)
        assert account
        member = await uow.members.find(day.challenge.id, account.person_id)
        assert member
        await uow.members.set_removed(member.id, day.clock.now())
        await uow.commit()


async def test_who_was_taken_off_the_team_is_not_shown_what_an_old_card_would_say_by_now(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.priya.says(day.team_channel, "@Baseroom sessions"))
    card = last_in_channel(day)
    assert (await own_view(day, day.tom, card))[0] == 200
    await is_taken_off(day, "tom")
    for person in (day.tom, day.zed):
        status, shown = await own_view(day, person, card)
        assert (status, "16:15" in shown) == (400, False)


async def test_a_card_in_a_chat_of_ones_own_has_no_other_view(teams_day: TeamsDay) -> None:
    """No client asks for one: whatever asks is not shown what has been logged since."""
    day = teams_day
    await day.after(day.priya.dm("Carers wait too long #engagement"))
    await day.after(day.tom.dm("findings all"))
    card = day.last_dm("tom")
    assert "Carers wait too long" in day.tom.sees(card)
    await is_taken_off(day, "tom")
    status, shown = await own_view(day, day.tom, card)
    assert (status, "Carers" in shown) == (400, False)


def test_no_more_people_are_named_than_teams_takes() -> None:
    row = Buttons((Button("Skip", "triangulation.skip", "1"),), tuple(f"29:{number}" for number in range(90)))
    assert len(asked_for(Card("n", (text("x"), row, row)))) == MOST_NAMED
