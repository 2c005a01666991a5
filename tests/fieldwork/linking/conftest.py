"""`both`: the first morning on site, and Baseroom lives in Teams too. Priya has an account there that nobody knows yet
(`priya_t`); Nell, of the team, is in Teams alone."""

from collections.abc import Sequence

import pytest

from handlers.desk import Desk
from handlers.team.opening import add_member
from storage.records import Account, Member, Role, TeamChannel
from tests.fieldwork.day import WORKSPACES, Day, Somebody

IN_TEAMS = "19:team"
PRIYA = "Priya Nair"


@pytest.fixture
async def both(day: Day) -> Day:
    day.opens_on("teams")
    for handle, name in (
        ("priya_t", PRIYA),
        ("nell", "Nell Farrow"),
        ("zed_t", "Zed Stranger"),
        ("mina_t", "Mina Okafor"),
    ):
        day.people[handle] = Somebody(day, handle, name, platform="teams")
    await day.pass_time(minutes=1)
    await seat(day, "nell")
    return day


async def account_of(day: Day, handle: str) -> Account:
    who = day.people[handle].person
    async with day.app.database.begin() as uow:
        known = await uow.accounts.find(who.platform, who.workspace, who.id)
        account = known or await uow.accounts.add(who.platform, who.workspace, who.id, day.now)
        await uow.commit()
    return account


async def seat(day: Day, handle: str, role: Role = Role.PEER) -> Member:
    """Put somebody on the team, as the manager would on their platform."""
    assert day.challenge
    account = await account_of(day, handle)
    async with day.app.database.begin() as uow:
        desk = Desk(uow, day.now, day.app.house)
        name = day.people[handle].name
        member = await add_member(desk, day.challenge, account.person_id, name=name, role=role, kind="")
        await uow.commit()
    day.members[handle] = member
    return member


async def bind_teams_channel(day: Day, members: Sequence[str] = ()) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        here = TeamChannel(day.challenge.id, "teams", WORKSPACES["teams"], IN_TEAMS, day.now, members=tuple(members))
        await uow.channels.bind(here)
        await uow.commit()


def code_in(words: str) -> str:
    """The code on the newest card that tells one."""
    return words.rsplit("link ", 1)[1].split()[0]


async def link(day: Day, known: str = "priya", other: str = "priya_t") -> None:
    """By code, as a peer does it."""
    await day.people[known].says("link")
    await day.pass_time(seconds=1)
    await day.people[other].says(f"link {code_in(day.people[known].last.words)}")
    assert "one person now" in day.people[other].last.words
