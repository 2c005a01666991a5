"""Who is on a challenge and where it meets, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from storage.errors import AlreadyStored
from storage.records import ChallengeId, Member, MemberId, PersonId, Role, TeamChannel
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

JO = Member(MemberId("m1"), CHALLENGE, PersonId("p1"), "Jo Sandford", "JS", Role.PEER, "member_peer", NOW)
ROOM = TeamChannel(CHALLENGE, "slack", "T1", "C1", NOW, members=("mina", "tom"))


async def test_a_member_is_read_as_written_and_the_name_stands_nowhere_in_clear(uow: UnitOfWork) -> None:
    await uow.members.add(JO)
    assert await uow.members.get(JO.id) == JO
    row = (await uow.connection.execute(text("select name_sealed from members"))).one()
    assert b"Sandford" not in bytes(row.name_sealed)


async def test_a_person_is_on_a_challenge_once(uow: UnitOfWork) -> None:
    await uow.members.add(JO)
    with pytest.raises(AlreadyStored):
        await uow.members.add(replace(JO, id=MemberId("m2"), initials="JS2"))


async def test_initials_are_given_once(uow: UnitOfWork) -> None:
    await uow.members.add(JO)
    with pytest.raises(AlreadyStored):
        await uow.members.add(replace(JO, id=MemberId("m2"), person_id=PersonId("p2")))


async def test_somebody_removed_is_kept_and_no_longer_on_the_team(uow: UnitOfWork) -> None:
    await uow.members.add(JO)
    await uow.members.set_removed(JO.id, NOW)
    assert await uow.members.of_challenge(CHALLENGE) == []
    assert await uow.members.of_person(JO.person_id) == []
    assert [one.initials for one in await uow.members.of_challenge(CHALLENGE, with_removed=True)] == ["JS"]


async def test_once_the_key_is_destroyed_the_seat_is_read_without_its_name(uow: UnitOfWork) -> None:
    await uow.members.add(JO)
    uow.keys.destroy(CHALLENGE)
    assert await uow.members.of_person(JO.person_id) == [replace(JO, name="")]


async def test_a_channel_is_read_as_bound_stopped_and_released(uow: UnitOfWork) -> None:
    await uow.channels.bind(ROOM)
    assert await uow.channels.find("slack", "T1", "C1") == ROOM
    stopped = replace(ROOM, stopped_at=NOW, stopped_why="user:" + "x" * 400, members=("zed",))
    await uow.channels.bind(stopped)
    assert await uow.channels.of_challenge(CHALLENGE) == [stopped]
    await uow.channels.release(stopped)
    assert await uow.channels.of_challenge(CHALLENGE) == []


async def test_a_channel_bound_anew_belongs_to_the_new_challenge(uow: UnitOfWork) -> None:
    await uow.channels.bind(ROOM)
    await uow.channels.bind(replace(ROOM, challenge_id=ChallengeId("c2")))
    assert await uow.channels.of_challenge(CHALLENGE) == []
