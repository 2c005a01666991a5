"""The challenge manager says that two accounts are one person, and cuts a link that was wrong."""

import pytest

from handlers.desk import Desk
from handlers.team.opening import Opening, add_member, open_challenge
from storage.records import Role, TeamChannel
from tests.fieldwork.day import FIRST_DAY, LAST_DAY, Day
from tests.fieldwork.linking.conftest import IN_TEAMS, account_of, bind_teams_channel, link, seat


async def initials(day: Day, handle: str) -> list[str]:
    account = await account_of(day, handle)
    async with day.app.database.reading() as uow:
        return [one.initials for one in await uow.members.of_person(account.person_id)]


async def other_visit(day: Day, handle: str) -> None:
    """Somebody is on a challenge of another manager's too."""
    account, zed = await account_of(day, handle), await account_of(day, "zed")
    async with day.app.database.begin() as uow:
        desk = Desk(uow, day.now, day.app.house)
        opening = Opening(
            "Otherton ICS", day.app.house.frameworks["local_system"], FIRST_DAY, LAST_DAY, "Europe/London"
        )
        other = await open_challenge(desk, opening, opened_by=zed.person_id)
        for person, name, role in (
            (zed.person_id, "Zed Stranger", Role.CHALLENGE_MANAGER), (account.person_id, "Somebody", Role.PEER),
        ):  # fmt: skip
            await add_member(desk, other, person, name=name, role=role, kind="")
        await uow.commit()


# ---------------------------------------------------------------- linking


@pytest.mark.parametrize("line", ["PN and PN2", "PN = PN2", "PN PN2", "pn & PN2"])
async def test_two_of_the_team_are_linked_in_one_line(both: Day, line: str) -> None:
    await seat(both, "priya_t")
    await both.priya_t.says("Heard in Teams #vision")
    await both.mina.types(f"challenge link {line}")
    assert "Priya Nair (PN) is one person now" in both.mina.last.words
    assert await initials(both, "priya_t") == await initials(both, "priya") == ["PN"]
    assert [one.author_id for one in await both.wall()] == [both.members["priya"].id]
    for account in (both.priya, both.priya_t):
        assert "one person now on Slack and Teams" in account.last.words


async def test_typed_as_a_message_initials_are_enough(both: Day) -> None:
    await seat(both, "priya_t")
    await both.mina.says("challenge link PN and PN2")
    assert await initials(both, "priya_t") == ["PN"]


async def test_an_account_here_is_linked_with_somebody_of_the_team(both: Day) -> None:
    """From Teams, where the manager sees Priya's account and not her Slack name."""
    await link(both, "mina", "mina_t")
    await both.mina_t.types("challenge link PN and @Priya Nair", people=(both.priya_t,))
    assert await initials(both, "priya_t") == ["PN"]


async def test_the_form_does_the_same(both: Day) -> None:
    await seat(both, "priya_t")
    await both.mina.types("challenge link")
    await both.mina.sends(one=both.members["priya"].id, second=both.members["priya_t"].id)
    assert await initials(both, "priya_t") == ["PN"]


async def test_in_the_form_an_account_that_is_not_on_the_team_yet_may_be_chosen(both: Day) -> None:
    await link(both, "mina", "mina_t")
    await both.mina_t.types("challenge link")
    await both.mina_t.sends(people=(both.priya_t,), one=both.members["priya"].id)
    assert await initials(both, "priya_t") == ["PN"]


async def test_what_the_form_lacks_is_said_beside_it(both: Day) -> None:
    await both.mina.types("challenge link")
    await both.mina.sends(one=both.members["priya"].id)
    assert "Say who else they are" in both.mina.errors["second"]
    await both.mina.sends(people=(both.zed,), one=both.members["priya"].id, second=both.members["nell"].id)
    assert "not both" in both.mina.errors["second"]
    await both.mina.sends(one=both.members["priya"].id, second=both.members["priya"].id)
    assert "one person already" in both.mina.errors[""]
    await both.mina.sends(one=both.members["priya"].id, second=both.members["tom"].id)
    assert "on the same platform" in both.mina.errors[""]


async def test_who_is_meant_is_asked_when_it_cannot_be_told(both: Day) -> None:
    await both.mina.types("challenge link PN and XX")
    assert both.mina.form
    assert "could not tell which two" in str(both.mina.form.parts)


async def test_somebody_with_a_seat_elsewhere_is_not_linked_by_this_manager(both: Day) -> None:
    """It would open another team's room; the words are those of every refusal, so that they tell nothing."""
    await seat(both, "priya_t")
    await other_visit(both, "priya_t")
    await both.mina.types("challenge link PN and PN2")
    assert "I cannot link those two for you." in both.mina.last.words
    assert "Otherton" not in both.mina.sees
    assert await initials(both, "priya") == ["PN"]


async def test_only_the_manager_links_and_cuts(both: Day) -> None:
    for line in ("challenge link PN and NF", "challenge unlink"):
        await both.ruth.types(line)
        assert "Only the challenge manager" in both.ruth.last.words
        await both.zed.types(line)
        assert "not on a peer challenge" in both.zed.last.words


async def test_after_sign_off_two_seats_stay_two(both: Day) -> None:
    """Each has been asked to destroy its notes: the register is never rewritten."""
    await seat(both, "priya_t")
    await both.on(LAST_DAY, "18:00")
    await both.mina.types("challenge signed off")
    await both.mina.sends()
    await both.mina.types("challenge link PN and PN2")
    assert "A report is signed off" in both.mina.last.words
    assert await initials(both, "priya_t") == ["PN2"]


async def test_a_stranger_in_the_channel_belongs_once_they_are_linked(both: Day) -> None:
    await bind_teams_channel(both)
    facts = both.team_facts(members=(both.nell.person, both.priya_t.person))
    await both.priya_t.joins(IN_TEAMS, facts)
    assert await is_stopped(both)
    await link(both)
    assert not await is_stopped(both)


# ---------------------------------------------------------------- cutting a link


async def test_a_wrong_link_is_cut_and_the_account_has_nothing_any_more(both: Day) -> None:
    await link(both, "priya", "zed_t")
    await both.mina.types("challenge unlink")
    await both.mina.sends(account=(await account_of(both, "zed_t")).id)
    assert "Cut: that account is not Priya Nair (PN) any more." in both.mina.last.words
    assert await initials(both, "zed_t") == []
    assert await initials(both, "priya") == ["PN"]
    for account in (both.priya, both.zed_t):
        assert "has cut the link" in account.last.words
    await both.zed_t.says("Heard by a stranger")
    assert "not on a peer challenge" in both.zed_t.last.words


async def test_a_form_sent_twice_cuts_once(both: Day) -> None:
    await link(both, "priya", "zed_t")
    await both.mina.types("challenge unlink")
    form, account = both.mina.form, await account_of(both, "zed_t")
    await both.mina.sends(account=account.id)
    both.mina.form = form
    await both.mina.sends(account=account.id)
    assert "not linked any more" in both.mina.errors[""]


async def test_an_account_that_is_cut_off_closes_the_channel_it_is_in(both: Day) -> None:
    await link(both, "priya", "zed_t")
    await bind_teams_channel(both, members=("nell", "zed_t"))
    await both.mina.types("challenge unlink")
    await both.mina.sends(account=(await account_of(both, "zed_t")).id)
    assert await is_stopped(both)


async def test_when_nobody_is_linked_there_is_nothing_to_cut(both: Day) -> None:
    await both.mina.types("challenge unlink")
    assert "Nobody on this team is linked" in both.mina.last.words


async def is_stopped(day: Day) -> bool:
    person = day.nell.person
    async with day.app.database.reading() as uow:
        channel: TeamChannel | None = await uow.channels.find("teams", person.workspace, IN_TEAMS)
    assert channel
    return channel.stopped_at is not None
