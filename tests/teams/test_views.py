"""A card in the channel shows its leads their buttons, and nobody else."""

from bot.teams.views import MOST_NAMED, asked_for
from handlers.chat import Button, Buttons, Card, text
from tests.fakes.teams import Message
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


def test_no_more_people_are_named_than_teams_takes() -> None:
    row = Buttons((Button("Skip", "triangulation.skip", "1"),), tuple(f"29:{number}" for number in range(90)))
    assert len(asked_for(Card("n", (text("x"), row, row)))) == MOST_NAMED
