"""Codes that link, and two seats that become one, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import String

from storage.members import _NAMING_A_SEAT
from storage.records import AccountId, Member, MemberId, PersonId, Post, Role
from storage.tables import metadata
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

PRIYA, TOM = PersonId("p1"), PersonId("p2")
OLD = Member(MemberId("a" * 32), CHALLENGE, PRIYA, "Priya Nair", "PN", Role.PEER, "", NOW)
YOUNG = replace(OLD, id=MemberId("b" * 32), person_id=TOM, initials="PN2")
LATER = NOW + timedelta(minutes=5)


async def test_a_code_is_found_while_it_lives_and_used_once(uow: UnitOfWork) -> None:
    await uow.links.make(PRIYA, "BCDFGHJK", NOW)
    found = await uow.links.find("BCDFGHJK", NOW)
    assert found
    assert found.person_id == PRIYA
    assert await uow.links.get(found.id, NOW) == found
    assert await uow.links.find("BCDFGHJM", NOW) is None
    assert await uow.links.find("BCDFGHJK", LATER) is None
    assert [await uow.links.use(found.id), await uow.links.use(found.id)] == [True, False]
    assert await uow.links.find("BCDFGHJK", NOW) is None


async def test_a_person_has_one_code_at_a_time(uow: UnitOfWork) -> None:
    await uow.links.make(PRIYA, "BCDFGHJK", NOW)
    await uow.links.make(TOM, "KJHGFDCB", NOW)
    await uow.links.make(PRIYA, "MNPQRTVW", NOW)
    assert await uow.links.find("BCDFGHJK", NOW) is None
    assert await uow.links.find("MNPQRTVW", NOW)
    await uow.links.forget([PRIYA, TOM])
    assert await uow.links.find("KJHGFDCB", NOW) is None


async def test_wrong_tries_are_counted_for_each_and_forgotten(uow: UnitOfWork) -> None:
    for at in (NOW, LATER):
        await uow.links.note_wrong_try(PRIYA, at)
    assert (await uow.links.wrong_tries(PRIYA, NOW), await uow.links.wrong_tries(PRIYA, LATER)) == (2, 1)
    assert await uow.links.wrong_tries(TOM, NOW) == 0
    await uow.links.forget_before(codes=NOW, tries=LATER)
    assert await uow.links.wrong_tries(PRIYA, NOW) == 1


async def test_an_account_moves_to_another_person_and_is_set_apart_again(uow: UnitOfWork) -> None:
    first, second = await uow.accounts.add("slack", "T1", "u", NOW), await uow.accounts.add("teams", "t", "v", NOW)
    await uow.accounts.move(second.id, first.person_id)
    assert {one.id for one in await uow.accounts.of_person(first.person_id)} == {first.id, second.id}
    alone = await uow.accounts.set_apart(second.id, NOW)
    assert alone not in (first.person_id, second.person_id)
    assert [one.id for one in await uow.accounts.of_person(alone)] == [second.id]


async def test_where_they_are_blocked_comes_last(uow: UnitOfWork) -> None:
    first, second = await uow.accounts.add("slack", "T1", "u", NOW), await uow.accounts.add("teams", "t", "v", NOW)
    await uow.accounts.move(second.id, first.person_id)
    for account, at in ((first, NOW), (second, LATER)):
        await uow.accounts.set_last_spoke(account.id, at)

    async def order() -> list[AccountId]:
        return [one.id for one in await uow.accounts.of_person(first.person_id)]

    assert await order() == [second.id, first.id]
    await uow.accounts.set_blocked(second.id, LATER)
    assert await order() == [first.id, second.id]


async def test_what_names_the_seat_that_goes_names_the_one_that_is_kept(uow: UnitOfWork) -> None:
    for member in (OLD, YOUNG):
        await uow.members.add(member)
    post = Post("teams", "t", "D", "m1", "team.welcome", YOUNG.id, f"welcome:{YOUNG.id}@teams|t|x", CHALLENGE, NOW)
    await uow.posts.add(post)
    await uow.members.join(OLD.id, YOUNG.id)
    assert [one.initials for one in await uow.members.of_challenge(CHALLENGE, with_removed=True)] == ["PN"]
    assert await uow.posts.in_slot(f"welcome:{OLD.id}@teams|t|x") == replace(
        post, record=OLD.id, slot=f"welcome:{OLD.id}@teams|t|x"
    )


HANDLED_APART = {
    ("check_in_replies", "member_id"),  # sealed with the member in its seal: handlers.checkins moves it
    ("note_destructions", "member_id"),  # evidence: two seats are not joined once there is any
}


def test_every_column_that_names_a_seat_is_known_to_the_joining_of_two() -> None:
    """A new table that names a seat by another custom is missed: name it `member_id`, `author_id` or `…_by`."""
    joined = {(column.table.name, column.name) for column in _NAMING_A_SEAT}
    seats = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and ("member" in column.name or "author" in column.name)
    }
    of_platforms = {("rehearsal_messages", "author")}  # a resident of the room, not a seat
    assert seats - joined - HANDLED_APART - of_platforms == set()
