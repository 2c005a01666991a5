"""The post-its and what they came from, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.errors import AlreadyStored, NotStored
from storage.records import (
    AccountId,
    Aside,
    AsideId,
    Finding,
    FindingId,
    Kind,
    MemberId,
    MessageId,
    Receipt,
    ReceiptId,
    SourceMessage,
    ThemeId,
)
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

PRIYA, TOM = MemberId("priya"), MemberId("tom")
VISION, MONEY = ThemeId("vision"), ThemeId("money")
LATER = NOW + timedelta(hours=1)


def finding(
    number: int, *, practice: bool = False, author: MemberId = PRIYA, themes: tuple[ThemeId, ...] = ()
) -> Finding:
    return Finding(
        FindingId(f"f{number}{practice}"), CHALLENGE, number, author, author, f"words {number}", NOW.date(), NOW, NOW,
        theme_ids=themes, practice=practice, message_id=MessageId("m1"),
    )  # fmt: skip


async def test_a_finding_comes_back_as_it_was_put_away(uow: UnitOfWork) -> None:
    one = replace(
        finding(1, themes=(MONEY, VISION)), source="staff", kind=Kind.STRENGTH, set_by_hand=frozenset({"kind"})
    )
    await uow.findings.add(one)
    assert await uow.findings.get(one.id) == one
    changed = replace(one, text="other words", version=2, theme_ids=(VISION,), changed_at=LATER)
    await uow.findings.change(changed)
    assert await uow.findings.by_number(CHALLENGE, 1) == changed


async def test_a_number_is_given_once_and_practice_is_numbered_apart(uow: UnitOfWork) -> None:
    await uow.findings.add(finding(1))
    assert await uow.findings.next_practice_number(CHALLENGE) == 1
    await uow.findings.add(finding(1, practice=True))
    assert await uow.findings.next_practice_number(CHALLENGE) == 2
    with pytest.raises(AlreadyStored):
        await uow.findings.add(replace(finding(1), id=FindingId("another")))


async def test_practice_and_withdrawn_findings_are_on_no_wall_and_in_no_count(uow: UnitOfWork) -> None:
    await uow.findings.add(finding(1, themes=(VISION,)))
    await uow.findings.add(finding(1, practice=True, themes=(VISION,)))
    await uow.findings.add(replace(finding(2, themes=(VISION,)), withdrawn_at=NOW))
    assert [one.number for one in await uow.findings.on_the_wall(CHALLENGE)] == [1]
    assert [tally.count for tally in await uow.findings.tally(CHALLENGE)] == [1]
    assert await uow.findings.tally(CHALLENGE, author_id=TOM) == []
    assert await uow.findings.count(CHALLENGE) == 1


async def test_whether_somebody_has_logged_before_a_day(uow: UnitOfWork) -> None:
    await uow.findings.add(finding(1, practice=True))
    day = NOW.date() + timedelta(days=1)
    assert not await uow.findings.has_any_before(CHALLENGE, PRIYA, day)
    await uow.findings.add(finding(1))
    assert await uow.findings.has_any_before(CHALLENGE, PRIYA, day)
    assert not await uow.findings.has_any_before(CHALLENGE, PRIYA, NOW.date())
    assert not await uow.findings.has_any_before(CHALLENGE, TOM, day)


async def test_words_are_blanked_at_once_or_a_day_after_withdrawal_and_the_number_remains(uow: UnitOfWork) -> None:
    await uow.findings.add(finding(1))
    await uow.findings.add(replace(finding(2), withdrawn_at=NOW))
    await uow.findings.blank(finding(1).id)
    assert (await uow.findings.get(finding(1).id)).text == ""
    assert await uow.findings.purge_withdrawn(NOW) == 0
    assert await uow.findings.purge_withdrawn(LATER) == 1
    assert await uow.findings.purge_withdrawn(LATER) == 0
    assert (await uow.findings.get(finding(2).id)).text == ""


async def test_a_receipt_tells_of_the_findings_of_its_messages_and_can_move(uow: UnitOfWork) -> None:
    receipt = Receipt(ReceiptId("r1"), CHALLENGE, PRIYA, "slack", "T1", "", "", NOW, NOW, practice=True)
    await uow.receipts.add(receipt)
    message = SourceMessage(MessageId("m1"), CHALLENGE, "slack", "T1", "D1", "1.2", PRIYA, receipt.id, NOW)
    await uow.messages.add(message)
    await uow.findings.add(finding(2))
    await uow.findings.add(finding(1))
    assert [one.number for one in await uow.findings.of_receipt(receipt.id)] == [1, 2]
    assert await uow.receipts.get(receipt.id) == receipt
    await uow.receipts.move(receipt.id, CHALLENGE, TOM)
    assert await uow.receipts.get(receipt.id) == replace(receipt, member_id=TOM, practice=False)
    with pytest.raises(AlreadyStored):
        await uow.messages.add(replace(message, id=MessageId("m2")))


async def test_an_aside_is_reworded_and_forgotten_when_settled(uow: UnitOfWork) -> None:
    aside = Aside(AsideId("a1"), AccountId("x"), "slack", "T1", "D1", "1.2", "helo", NOW)
    await uow.asides.add(aside)
    await uow.asides.reword(aside, "hello")
    assert (await uow.asides.get(aside.id)).text == "hello"
    await uow.asides.settle(aside.id, LATER)
    with pytest.raises(NotStored):
        await uow.asides.get(aside.id)
    assert await uow.asides.find("slack", "T1", "D1", "1.2") is None
