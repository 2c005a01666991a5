"""A team that sits on both platforms: one line a person, a channel on each, and what each lacks said by its name."""

import pytest

from tests.fieldwork.day import Day
from tests.fieldwork.linking.conftest import IN_TEAMS, account_of, bind_teams_channel, link


async def test_the_team_card_has_one_line_a_person_and_where_they_are(both: Day) -> None:
    await link(both)
    await both.mina.types("challenge team")
    card = both.mina.last.words
    assert "PN | Priya Nair | Peer | not yet | Slack and Teams" in card
    assert "NF | Nell Farrow | Peer | not yet | Teams" in card
    assert card.count("Priya Nair") == 1


async def test_on_a_team_on_one_platform_the_card_does_not_say_which(day: Day) -> None:
    await day.mina.types("challenge team")
    assert "Slack" not in day.mina.last.words


async def test_a_second_channel_is_bound_on_the_other_platform_and_the_first_stays(both: Day) -> None:
    await link(both, "mina", "mina_t")
    both.facts[IN_TEAMS] = both.team_facts(members=(both.nell.person, both.mina_t.person))
    await both.mina_t.types("challenge here", channel=IN_TEAMS)
    async with both.app.database.reading() as uow:
        assert both.challenge
        bound = await uow.channels.of_challenge(both.challenge.id)
    assert {channel.platform for channel in bound} == {"slack", "teams"}
    await both.mina_t.types("challenge")
    assert "Team channel: set on Slack, set on Teams" in both.mina_t.sees


async def test_on_each_platform_it_is_that_platforms_people_who_count(both: Day) -> None:
    """Priya of Slack alone may have a namesake in the Teams channel: they are not the same until they are linked."""
    await link(both, "mina", "mina_t")
    both.facts[IN_TEAMS] = both.team_facts(members=(both.nell.person, both.priya_t.person, both.mina_t.person))
    await both.mina_t.types("challenge here", channel=IN_TEAMS)
    assert "One person here is not on the challenge: Priya Nair." in both.mina_t.last.words
    await link(both)
    await both.mina_t.types("challenge here", channel=IN_TEAMS)
    assert "This is the Anyshire ICS team’s channel now." in both.platforms["teams"].shown[-1].words


async def test_the_manager_is_told_who_sees_no_channel(both: Day) -> None:
    await both.mina.types("challenge")
    assert "1 person is on Teams alone, where there is no team channel" in both.mina.last.words
    await bind_teams_channel(both)
    await both.mina.types("challenge")
    assert "no team channel" not in both.mina.last.words


async def test_when_one_channel_stops_the_other_goes_on(both: Day) -> None:
    await bind_teams_channel(both, members=("nell",))
    await both.zed_t.joins(IN_TEAMS, both.team_facts(members=(both.nell.person, both.zed_t.person)))
    await both.mina.types("challenge")
    assert "Posting in the team channel on Teams is stopped" in both.mina.last.words
    assert "Team channel: set on Slack, posting is stopped on Teams" in both.mina.last.words
    await both.priya.says("Heard in Slack #vision")
    assert "1 finding" in both.team_channel.sees
    assert [post for post in both.platforms["teams"].shown if post.target.conversation == IN_TEAMS] == []


@pytest.mark.parametrize("leaves", ["priya", "priya_t"])
async def test_somebody_taken_off_the_team_is_off_it_on_both(both: Day, leaves: str) -> None:
    await link(both)
    await bind_teams_channel(both, members=("nell", "priya_t"))
    assert (await account_of(both, leaves)).person_id == both.members["priya"].person_id
    await both.mina.presses_action("team.remove_member", both.members["priya"].id)
    await both.people[leaves].says("Heard by somebody removed")
    assert "not on a peer challenge" in both.people[leaves].last.words
    async with both.app.database.reading() as uow:
        channel = await uow.channels.find("teams", both.nell.person.workspace, IN_TEAMS)
    assert channel
    assert channel.stopped_at is not None
