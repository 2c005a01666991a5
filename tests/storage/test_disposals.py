"""What is stored of holds, extensions and destructions: on both databases, and against one another."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, select

from storage.compacting import compact
from storage.disposals import KEPT, TOLD
from storage.errors import KeyDestroyed
from storage.keys import KeyStore, make_master_key
from storage.records import (
    AccountId,
    Address,
    Aside,
    AsideId,
    ChallengeId,
    Disposal,
    DisposalStep,
    Extension,
    ExtensionId,
    Finding,
    FindingId,
    Hold,
    HoldId,
    Intent,
    Member,
    MemberId,
    OutboxState,
    Post,
    Reference,
    Role,
    Tally,
)
from storage.tables import findings, metadata
from storage.unit_of_work import Database, UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

WITHOUT_CHALLENGE = {
    *("people", "accounts", "conversation_references", "link_codes", "link_tries"),  # go with people on nothing else
    *("challenges", "finding_themes", "asides"),  # kept for the certificate; deleted by name
    *("seen", "inbox", "early", "rehearsal_messages", "rehearsal_clock"),  # digests, and what has a key of its own
    "presence",  # since when a platform was last heard
    "unread",  # forgotten within a minute once nobody there is on a challenge
}
REQUEST = Disposal(CHALLENGE, AccountId("a1"), "Challenge manager, MO", NOW, reason="It was withdrawn")
HOLD = Hold(HoldId("h1"), CHALLENGE, "A request for information", MemberId("m1"), NOW)


def test_every_table_is_emptied_kept_or_of_no_challenge() -> None:
    """A new table must say what becomes of it when a challenge is destroyed."""
    unknown = {name for name, table in metadata.tables.items() if "challenge_id" not in table.c} - WITHOUT_CHALLENGE
    assert unknown == set()
    assert set(metadata.tables) >= KEPT


async def test_a_request_is_kept_with_its_reason_until_the_key_goes(uow: UnitOfWork) -> None:
    await uow.disposals.ask(REQUEST)
    assert await uow.disposals.get(CHALLENGE) == REQUEST
    assert await uow.disposals.asked_for() == [REQUEST]
    uow.keys.destroy(CHALLENGE)
    assert (await uow.disposals.get(CHALLENGE)).reason == ""


async def test_a_confirmed_one_goes_on_step_by_step(uow: UnitOfWork) -> None:
    await uow.disposals.ask(REQUEST)
    await uow.disposals.confirm(CHALLENGE, AccountId("a2"), named="Lead peer, RC", at=NOW)
    challenge = await uow.challenges.get(CHALLENGE)
    assert challenge.destroyed_at == challenge.ended_at == NOW
    assert await uow.disposals.asked_for() == []
    assert await uow.disposals.due(NOW) == [CHALLENGE]
    assert await uow.disposals.take(CHALLENGE, NOW, NOW + timedelta(minutes=2))
    assert not await uow.disposals.take(CHALLENGE, NOW, NOW + timedelta(minutes=2)), "another process has it"
    for step in DisposalStep:
        assert (await uow.disposals.get(CHALLENGE)).next_step is step
        await uow.disposals.note_done(CHALLENGE, step, NOW)
        await uow.disposals.note_done(CHALLENGE, step, NOW + timedelta(hours=1))
    done = await uow.disposals.get(CHALLENGE)
    assert done.next_step is None
    assert set(done.done.values()) == {NOW}


async def test_a_confirmed_request_is_neither_replaced_nor_withdrawn(uow: UnitOfWork) -> None:
    await uow.disposals.ask(REQUEST)
    await uow.disposals.confirm(CHALLENGE, AccountId("a2"), named="Lead peer, RC", at=NOW)
    await uow.disposals.ask(Disposal(CHALLENGE, AccountId("a9"), "Somebody else", NOW + timedelta(days=1)))
    await uow.disposals.withdraw(CHALLENGE)
    assert (await uow.disposals.get(CHALLENGE)).asked_by == "a1"


async def test_a_tally_comes_back_as_it_was(uow: UnitOfWork) -> None:
    tally = Tally(findings=9, source_types=4, peers=5, refused={"cant_delete_message": 2}, fingerprint="ab", rows=7)
    await uow.disposals.ask(REQUEST)
    await uow.disposals.note(CHALLENGE, tally)
    assert (await uow.disposals.get(CHALLENGE)).tally == tally


async def test_a_hold_keeps_withdrawn_words(uow: UnitOfWork) -> None:
    finding = Finding(
        FindingId("f1"), CHALLENGE, 1, MemberId("m1"), MemberId("m1"), "Words", NOW.date(), NOW, NOW, withdrawn_at=NOW
    )
    await uow.findings.add(finding)
    await uow.keeping.place(HOLD)
    assert await uow.keeping.hold_on(CHALLENGE) == HOLD
    assert await uow.findings.purge_withdrawn(NOW + timedelta(days=2)) == 0
    await uow.keeping.lift(HOLD, why="It was answered", by=MemberId("m2"), at=NOW)
    assert await uow.keeping.hold_on(CHALLENGE) is None
    assert await uow.findings.purge_withdrawn(NOW + timedelta(days=2)) == 1


async def test_a_hold_keeps_what_a_finding_said_before_it_was_changed(uow: UnitOfWork) -> None:
    finding = Finding(
        FindingId("f1"), CHALLENGE, 1, MemberId("m1"), MemberId("m1"), "First", NOW.date(), NOW, NOW, source="a clerk"
    )
    await uow.findings.add(finding)
    await uow.findings.change(second := replace(finding, text="Second", version=2))
    await uow.keeping.place(HOLD)
    await uow.findings.change(replace(second, text="Third", source="", version=3))
    await uow.replaced.forget()
    kept = [(one.version, one.column, one.texts) for one in await uow.replaced.of_challenge(CHALLENGE)]
    assert kept == [(2, "text", ("Second",)), (2, "source", ("a clerk",))]
    await uow.keeping.lift(HOLD, why="It was answered", by=MemberId("m2"), at=NOW)
    await uow.replaced.forget()
    assert await uow.replaced.of_challenge(CHALLENGE) == []


async def test_a_hold_keeps_what_its_people_typed_and_did_not_log(uow: UnitOfWork) -> None:
    """Also from the destruction of another challenge that they are on; of somebody who is on no held one it goes."""
    later, other = NOW + timedelta(days=2), ChallengeId("c2")
    await uow.challenges.add(replace(await uow.challenges.get(CHALLENGE), id=other, host="Otherborough"))
    both, one_only = [await uow.accounts.add("slack", "T1", f"U{number}", NOW) for number in range(2)]
    for account, places in ((both, (CHALLENGE, other)), (one_only, (other,))):
        for place in places:
            member = MemberId(f"{place}-{account.user_id}")
            await uow.members.add(
                Member(member, place, account.person_id, "Ada Quill", account.user_id, Role.PEER, "peer", NOW)
            )
        words = Aside(AsideId(account.user_id), account.id, "slack", "T1", "D1", account.user_id, "a slip", NOW)
        await uow.asides.add(words)
    await uow.keeping.place(HOLD)
    await uow.asides.reword(aside := await uow.asides.get(AsideId("U0")), "a second slip")
    await uow.asides.settle(aside.id, NOW)
    await uow.asides.forget_before(later)
    await uow.disposals.delete_rows(other)
    kept = await uow.asides.of_accounts([both.id, one_only.id])
    assert sorted(one.text for one in kept) == ["a second slip", "a slip"]
    assert {one.account_id for one in kept} == {both.id}
    assert await uow.asides.find("slack", "T1", "D1", "U0") is None, "nobody is offered it any more"
    assert await uow.asides.first_day() == NOW.date()
    await uow.keeping.lift(HOLD, why="It was answered", by=MemberId("m2"), at=NOW)
    await uow.asides.forget_before(later)
    assert await uow.asides.first_day() is None


async def test_the_latest_extension_counts(uow: UnitOfWork) -> None:
    assert await uow.keeping.extended_to(CHALLENGE) is None
    for number, until in enumerate((date(2027, 5, 1), date(2027, 4, 1))):
        made_at = NOW + timedelta(days=number)
        extension = Extension(ExtensionId(f"e{number}"), CHALLENGE, until, "Contested", MemberId("m1"), made_at)
        await uow.keeping.extend(extension)
    assert await uow.keeping.extended_to(CHALLENGE) == date(2027, 4, 1)


async def test_rows_go_and_what_the_certificate_needs_stays(uow: UnitOfWork) -> None:
    await uow.disposals.ask(REQUEST)
    await uow.keeping.place(HOLD)
    await uow.posts.add(Post("slack", "T1", "C1", "1.2", "notice", "", "", CHALLENGE, NOW))
    await uow.disposals.confirm(CHALLENGE, AccountId("a2"), named="Lead peer, RC", at=NOW)
    assert [post.message for post in await uow.disposals.posts_left(CHALLENGE, 10)] == ["1.2"]
    assert await uow.disposals.delete_rows(CHALLENGE) == 2
    assert await uow.disposals.delete_rows(CHALLENGE) == 0
    assert await uow.disposals.posts_left(CHALLENGE, 10) == []
    assert (await uow.disposals.get(CHALLENGE)).confirmed_as == "Lead peer, RC"
    assert (await uow.challenges.get(CHALLENGE)).host == "Anyshire ICS"


async def on_the_team(uow: UnitOfWork, chat: str) -> None:
    """Somebody in Teams, who is reached by what Teams said of their chat and of themselves."""
    account = await uow.accounts.add("teams", "t1", f"user of {chat}", NOW)
    await uow.accounts.set_dm(account.id, chat)
    uow.keys.make(CHALLENGE, NOW)
    await uow.members.add(
        Member(MemberId(f"m {chat}"), CHALLENGE, account.person_id, "Priya Nair", chat[:2], Role.PEER, "", NOW)
    )
    for subject in (chat, account.user_id):
        await uow.references.note(Reference("teams", "t1", subject, "personal", "https://teams.example", "bot"), NOW)


def word_in(chat: str, challenge_id: ChallengeId = CHALLENGE) -> Intent:
    return Intent(TOLD, Address("teams", "t1", conversation=chat), challenge_id)


async def is_reached(uow: UnitOfWork, subject: str) -> bool:
    return await uow.references.find("teams", subject) is not None


async def test_of_whoever_is_still_to_be_told_only_the_chat_is_kept_and_until_then(uow: UnitOfWork) -> None:
    await on_the_team(uow, "D1")
    await on_the_team(uow, "D2")
    await uow.outbox.add(word_in("D1"), NOW)
    await uow.disposals.delete_rows(CHALLENGE)
    assert [await uow.accounts.find("teams", "t1", f"user of {chat}") for chat in ("D1", "D2")] == [None, None]
    assert await is_reached(uow, "D1")
    assert [await is_reached(uow, subject) for subject in ("user of D1", "D2", "user of D2")] == [False] * 3
    assert await uow.disposals.still_to_tell(CHALLENGE) == [NOW]
    [row] = await uow.outbox.claim(NOW, [])
    assert (row.intent.to.account, row.intent.params) == (None, {})
    await uow.outbox.mark(row.id, OutboxState.SENT, now=NOW)
    assert await uow.disposals.still_to_tell(CHALLENGE) == []
    assert await uow.disposals.told(CHALLENGE) == 1
    assert await uow.disposals.forget_words(CHALLENGE) == 2
    assert not await is_reached(uow, "D1")
    assert await uow.disposals.forget_words(CHALLENGE) == 0


async def test_a_chat_that_is_needed_for_another_word_or_another_challenge_stays_reachable(uow: UnitOfWork) -> None:
    await on_the_team(uow, "D1")
    other = ChallengeId("c2")
    for challenge_id in (CHALLENGE, other):
        await uow.outbox.add(word_in("D1", challenge_id), NOW)
    await uow.outbox.add(word_in("D2"), NOW)
    await on_the_team(uow, "D2")
    await uow.disposals.forget_words(CHALLENGE)
    assert [await is_reached(uow, chat) for chat in ("D1", "D2")] == [True, True]
    await uow.disposals.delete_rows(CHALLENGE)
    assert [await is_reached(uow, chat) for chat in ("D1", "D2")] == [True, False]
    await uow.disposals.forget_words(other)
    assert not await is_reached(uow, "D1")


async def test_a_hold_and_a_confirmation_at_the_same_moment_never_both_happen(
    migrated_url: str, tmp_path: Path, uow: UnitOfWork
) -> None:
    """Each takes the challenge, looks at what the other may have done, and only then acts."""
    await uow.disposals.ask(REQUEST)
    await uow.commit()
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    other = Database(migrated_url, keys)

    async def hold() -> bool:
        async with other.begin() as one:
            if (await one.challenges.lock(CHALLENGE)).destroyed_at is not None:
                return False
            await one.keeping.place(HOLD)
            await one.commit()
        return True

    async def confirm() -> bool:
        async with other.begin() as one:
            await one.challenges.lock(CHALLENGE)
            if await one.keeping.hold_on(CHALLENGE) is not None:
                return False
            await asyncio.sleep(0)
            await one.disposals.confirm(CHALLENGE, AccountId("a2"), named="Lead peer, RC", at=NOW)
            await one.commit()
        return True

    assert sorted(await asyncio.gather(hold(), confirm())) == [False, True]
    await other.close()


async def test_compacting_leaves_no_row_in_the_files(migrated_url: str, tmp_path: Path) -> None:
    keys = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    keys.prepare(NOW)
    database = Database(migrated_url, keys)
    assert await compact(database)
    if database.engine.dialect.name == "sqlite":
        log = tmp_path / "baseroom.db-wal"
        assert not log.exists() or log.stat().st_size == 0
    async with database.engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(findings))).scalar_one() == 0
    await database.close()


async def test_a_key_that_another_process_destroyed_is_believed_for_a_minute_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, master = f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key")
    here, there = KeyStore(address, master), KeyStore(address, master)
    here.prepare(NOW)
    here.make(CHALLENGE, NOW)
    there.of(CHALLENGE)
    here.destroy(CHALLENGE)
    shows = monotonic()
    monkeypatch.setattr("storage.keys.time.monotonic", lambda: shows + 61)
    with pytest.raises(KeyDestroyed):
        there.of(CHALLENGE)
    here.close()
    there.close()
