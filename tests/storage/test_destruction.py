"""The register of note destruction, on both databases."""

from dataclasses import replace

from storage.records import MemberId, NoteDestruction
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

PRIYA, TOM = MemberId("priya"), MemberId("tom")


def asked(member: MemberId, item: str) -> NoteDestruction:
    return NoteDestruction(CHALLENGE, member, item, NOW)


async def test_an_item_is_entered_in_the_register_once(uow: UnitOfWork) -> None:
    assert await uow.destruction.ask(asked(PRIYA, "notebook"))
    await uow.destruction.confirm(CHALLENGE, PRIYA, {"notebook"}, NOW)
    assert not await uow.destruction.ask(asked(PRIYA, "notebook"))
    assert (await uow.destruction.of_challenge(CHALLENGE))[0].confirmed_at == NOW


async def test_confirming_touches_only_the_persons_own_items(uow: UnitOfWork) -> None:
    for row in (asked(PRIYA, "notebook"), asked(PRIYA, "devices"), asked(TOM, "notebook")):
        await uow.destruction.ask(row)
    await uow.destruction.confirm(CHALLENGE, PRIYA, {"notebook"}, NOW, none_held=True)
    await uow.destruction.set_reminded(CHALLENGE, TOM, NOW)
    rows = {(row.member_id, row.item): row for row in await uow.destruction.of_challenge(CHALLENGE)}
    assert rows[PRIYA, "notebook"] == replace(asked(PRIYA, "notebook"), confirmed_at=NOW, none_held=True)
    assert rows[PRIYA, "devices"] == asked(PRIYA, "devices")
    assert rows[TOM, "notebook"] == replace(asked(TOM, "notebook"), reminded_at=NOW)
    assert len(await uow.destruction.of_member(CHALLENGE, PRIYA)) == 2


async def test_a_sign_off_taken_back_leaves_an_empty_register(uow: UnitOfWork) -> None:
    await uow.destruction.ask(asked(PRIYA, "notebook"))
    await uow.destruction.withdraw(CHALLENGE)
    assert await uow.destruction.of_challenge(CHALLENGE) == []
