"""Where conversations and people are reached, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

from storage.records import Reference
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import NOW

CHAT = Reference("teams", "tenant", "a:chat", "personal", "https://smba.example/uk/", "28:bot")
CHANNEL = Reference("teams", "tenant", "19:c@thread.tacv2", "channel", "https://smba.example/uk/", "28:bot", "19:team")


async def test_a_reference_is_read_as_noted_and_the_newest_stands(uow: UnitOfWork) -> None:
    await uow.references.note(CHANNEL, NOW)
    assert await uow.references.find("teams", CHANNEL.subject) == CHANNEL
    moved = replace(CHANNEL, service_url="https://smba.example/emea/")
    await uow.references.note(moved, NOW + timedelta(hours=1))
    assert await uow.references.find("teams", CHANNEL.subject) == moved
    assert await uow.references.find("slack", CHANNEL.subject) is None


async def test_the_latest_is_the_best_guess_for_somebody_unknown(uow: UnitOfWork) -> None:
    assert await uow.references.latest("teams") is None
    await uow.references.note(CHANNEL, NOW)
    await uow.references.note(CHAT, NOW - timedelta(days=1))
    assert await uow.references.latest("teams") == CHANNEL


async def test_channels_and_group_chats_are_shared_and_a_chat_is_not(uow: UnitOfWork) -> None:
    for reference in (CHAT, CHANNEL):
        await uow.references.note(reference, NOW)
    assert await uow.references.shared("teams") == [CHANNEL]


async def test_somebody_who_has_blocked_baseroom_is_known_until_they_have_not(uow: UnitOfWork) -> None:
    account = await uow.accounts.add("teams", "tenant", "29:priya", NOW)
    await uow.accounts.set_blocked(account.id, NOW)
    assert (await uow.accounts.of_person(account.person_id))[0].blocked_at == NOW
    await uow.accounts.set_blocked(account.id, None)
    assert (await uow.accounts.of_person(account.person_id))[0].blocked_at is None
