"""The rehearsal room's messages and its clock, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.errors import AlreadyStored, NotStored
from storage.records import RehearsalMessage, Shape
from storage.tables import rehearsal_messages
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import NOW

SAID = RehearsalMessage("m1", "team", "tom", Shape.WORDS, "The canary sang", NOW)
POSTED = RehearsalMessage("m2", "team", "baseroom", Shape.CARD, "{}", NOW, thread="m1", only_to="tom", key="k1")


async def test_a_message_comes_back_as_it_was_said(uow: UnitOfWork) -> None:
    await uow.rehearsal.add(SAID)
    await uow.rehearsal.add(POSTED)
    assert await uow.rehearsal.get("m1") == SAID
    assert await uow.rehearsal.with_key("k1") == POSTED
    with pytest.raises(AlreadyStored):
        await uow.rehearsal.add(SAID)


async def test_everybody_sees_what_is_theirs_to_see_in_order(uow: UnitOfWork) -> None:
    await uow.rehearsal.add(SAID)
    await uow.rehearsal.add(POSTED)
    assert await uow.rehearsal.in_conversation("team", "tom") == [SAID, POSTED]
    assert await uow.rehearsal.in_conversation("team", "grace") == [SAID]
    assert await uow.rehearsal.in_conversation("dm-tom", "tom") == []


async def test_a_change_is_kept(uow: UnitOfWork) -> None:
    await uow.rehearsal.add(SAID)
    changed = replace(SAID, body="It sang twice", pinned_by=frozenset({"tom"}), edited_at=NOW + timedelta(minutes=1))
    await uow.rehearsal.change(changed, NOW)
    assert await uow.rehearsal.get("m1") == changed


async def test_what_is_taken_back_is_gone_words_and_all(uow: UnitOfWork) -> None:
    await uow.rehearsal.add(SAID)
    await uow.rehearsal.delete("m1", NOW)
    assert await uow.rehearsal.in_conversation("team", "tom") == []
    with pytest.raises(NotStored):
        await uow.rehearsal.get("m1")
    row = (await uow.connection.execute(rehearsal_messages.select())).one()
    assert row.body_sealed == b""


async def test_words_are_sealed(uow: UnitOfWork) -> None:
    await uow.rehearsal.add(SAID)
    row = (await uow.connection.execute(rehearsal_messages.select())).one()
    assert b"canary" not in row.body_sealed


async def test_the_clock_is_remembered(uow: UnitOfWork) -> None:
    assert await uow.rehearsal.clock() is None
    await uow.rehearsal.note_clock(NOW)
    await uow.rehearsal.note_clock(NOW + timedelta(hours=1))
    assert await uow.rehearsal.clock() == NOW + timedelta(hours=1)
