"""The audit trail: it says who did what, survives the destruction of its key, and shows every kind of tampering."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from storage.audit import BEGINNING, Act, Entry, Head, digest_of, verify
from storage.keys import KeyStore, make_master_key
from storage.records import AccountId, ChallengeId, MemberId
from storage.tables import audit
from storage.unit_of_work import Database, UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

OTHER = ChallengeId("c2")
PRIYA, TOM = AccountId("account-of-priya"), MemberId("member-tom")


def an_act(action: str = "finding.withdrawn", **values: object) -> Act:
    return replace(Act(CHALLENGE, NOW, action, "f1", PRIYA, TOM, {"number": 41}), **values)  # type: ignore[arg-type]  # test values by name


async def written(uow: UnitOfWork, *acts: Act) -> list[Entry]:
    for act in acts:
        uow.audit.note(act)
    await uow.audit.write()
    return await uow.audit.of_challenge(CHALLENGE)


async def test_an_act_is_told_with_its_people_while_the_key_lives(uow: UnitOfWork) -> None:
    await written(uow, an_act())
    [told] = await uow.audit.told_of(CHALLENGE)
    assert (told.by, told.about) == (PRIYA, TOM)
    assert (told.entry.seq, told.entry.action, told.entry.counts) == (1, "finding.withdrawn", "number=41")
    assert told.entry.record == digest_of("f1")


async def test_the_chain_verifies_when_the_key_is_destroyed_and_names_nobody(uow: UnitOfWork) -> None:
    await written(uow, an_act(), an_act("finding.changed"))
    uow.keys.destroy(CHALLENGE)
    entries = await written(uow, an_act("challenge.destroyed"))
    assert verify(entries).broken_at is None
    assert [told.by for told in await uow.audit.told_of(CHALLENGE)] == [None, None, None]
    row = (await uow.connection.execute(text("SELECT * FROM audit WHERE seq = 1"))).one()
    assert not any(PRIYA in str(value) or TOM in str(value) for value in row)
    assert PRIYA.encode() not in row.people_sealed


async def test_each_challenge_has_a_chain_of_its_own(uow: UnitOfWork) -> None:
    uow.keys.make(OTHER, NOW)
    await written(uow, an_act(), an_act(challenge_id=OTHER), an_act("member.added"))
    assert [entry.seq for entry in await uow.audit.of_challenge(CHALLENGE)] == [1, 2]
    assert [entry.seq for entry in await uow.audit.of_challenge(OTHER)] == [1]
    assert await uow.audit.chains() == [CHALLENGE, OTHER]
    assert {chain: head.seq for chain, head in (await uow.audit.heads()).items()} == {CHALLENGE: 2, OTHER: 1}


async def test_what_is_noted_is_written_by_the_commit_and_not_before(uow: UnitOfWork) -> None:
    uow.audit.note(an_act())
    assert await uow.audit.of_challenge(CHALLENGE) == []
    await uow.commit()
    assert len(await uow.audit.of_challenge(CHALLENGE)) == 1


TAMPERED = {
    "at": NOW + timedelta(microseconds=1),
    "action": "finding.changed",
    "record_digest": digest_of("f2"),
    "counts": "number=42",
    "people_sealed": b"somebody else",
    "digest": BEGINNING,
    "seq": 9,
    "challenge_id": OTHER,
}


def test_every_column_is_tampered_with_below() -> None:
    assert set(TAMPERED) == set(audit.c.keys())


@pytest.mark.parametrize("column", sorted(TAMPERED))
async def test_a_changed_column_is_found(uow: UnitOfWork, column: str) -> None:
    assert verify(await written(uow, an_act(), an_act(), an_act())).broken_at is None
    second = (audit.c.challenge_id == CHALLENGE) & (audit.c.seq == 2)
    await uow.connection.execute(audit.update().where(second).values({column: TAMPERED[column]}))
    verdict = verify(await uow.audit.of_challenge(CHALLENGE))
    assert (verdict.broken_at, verdict.entries) == (2, 1)


async def test_an_entry_that_was_taken_out_is_found(uow: UnitOfWork) -> None:
    await written(uow, an_act(), an_act(), an_act())
    await uow.connection.execute(delete(audit).where(audit.c.seq == 1))
    assert verify(await uow.audit.of_challenge(CHALLENGE)).broken_at == 1


async def test_two_entries_that_changed_places_are_found(uow: UnitOfWork) -> None:
    await written(uow, an_act(), an_act("finding.changed"), an_act("member.added"))
    for old, new in ((2, 9), (3, 2), (9, 3)):
        await uow.connection.execute(audit.update().where(audit.c.seq == old).values(seq=new))
    assert verify(await uow.audit.of_challenge(CHALLENGE)).broken_at == 2


async def test_an_end_that_was_cut_off_is_found_by_the_head_that_is_kept_with_the_keys(uow: UnitOfWork) -> None:
    entries = await written(uow, an_act(), an_act(), an_act())
    uow.keys.note_head(CHALLENGE, 3, entries[-1].digest)
    noted = Head(*uow.keys.heads()[CHALLENGE])
    assert verify(entries, noted).broken_at is None
    verdict = verify(entries[:2], noted)
    assert verdict.broken_at == 3
    assert "reached 3" in verdict.why
    assert verify([], noted).broken_at == 1


async def test_a_chain_that_somebody_wrote_anew_is_found_by_the_head(uow: UnitOfWork) -> None:
    entries = await written(uow, an_act(), an_act())
    forged = replace(entries[1], action="finding.changed")
    forged = replace(forged, digest=forged.digest_after(entries[0].digest))
    assert verify([entries[0], forged]).broken_at is None, "nothing in the chain itself can show it"
    assert verify([entries[0], forged], Head(2, entries[1].digest)).broken_at == 2


def test_a_noted_head_never_goes_back(tmp_path: Path) -> None:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    assert keys.heads() == {}
    keys.note_head("c1", 5, b"five")
    keys.note_head("c1", 3, b"three")
    assert keys.heads() == {"c1": (5, b"five")}
    keys.note_head("c1", 6, b"six")
    assert keys.heads() == {"c1": (6, b"six")}
    keys.close()


@pytest.mark.parametrize("action", ["", "Priya withdrew it", "finding: Grace", "finding.41"])
def test_an_action_that_could_be_content_is_refused(action: str) -> None:
    with pytest.raises(ValueError, match="audit trail"):
        an_act(action)


def test_a_count_is_named_by_the_program() -> None:
    with pytest.raises(ValueError, match="audit trail"):
        an_act(counts={"Grace Mbeki": 1})


@pytest.fixture
async def database(migrated_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    keys.make(CHALLENGE, NOW)
    database = Database(migrated_url, keys)
    yield database
    await database.close()


async def test_twenty_writers_at_once_make_one_chain_without_a_gap(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.begin() as uow:
            uow.audit.note(an_act(counts={"number": number}))
            uow.audit.note(an_act("finding.changed", counts={"number": number}))
            await uow.commit()

    await asyncio.gather(*(write(number) for number in range(20)))
    async with database.reading() as uow:
        entries = await uow.audit.of_challenge(CHALLENGE)
    assert [entry.seq for entry in entries] == list(range(1, 41))
    assert verify(entries).broken_at is None
