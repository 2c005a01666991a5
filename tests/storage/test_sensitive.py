"""A sensitive finding is in no list, count, tally or comparison unless it is asked for in so many words."""

from dataclasses import replace
from pathlib import Path

import pytest

import storage
from storage.errors import NotStored
from storage.records import Finding, MemberId, MessageId, Receipt, ReceiptId, SourceMessage
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW
from tests.storage.test_findings import PRIYA, TOM, VISION, finding

KEPT_BACK = replace(finding(2, themes=(VISION,)), sensitive=True, text="kept back")


async def with_two(uow: UnitOfWork) -> Finding:
    await uow.findings.add(finding(1, themes=(VISION,)))
    await uow.findings.add(KEPT_BACK)
    return KEPT_BACK


async def test_it_is_in_no_list_and_in_no_count(uow: UnitOfWork) -> None:
    await with_two(uow)
    assert [one.number for one in await uow.findings.on_the_wall(CHALLENGE)] == [1]
    assert [one.number for one in await uow.findings.on_the_wall(CHALLENGE, author_id=PRIYA)] == [1]
    assert [one.number for one in await uow.findings.latest_of(CHALLENGE, PRIYA, 9)] == [1]
    assert await uow.findings.count(CHALLENGE) == await uow.findings.count(CHALLENGE, NOW.date(), author_id=PRIYA) == 1
    assert [tally.count for tally in await uow.findings.tally(CHALLENGE)] == [1]
    assert [voice.number for voice in await uow.voices.on_the_wall(CHALLENGE)] == [1]
    assert [tally.count for tally in await uow.summaries.tally(CHALLENGE, NOW.date())] == [1]


async def test_it_cannot_be_had_by_its_id_or_number_unless_asked_for(uow: UnitOfWork) -> None:
    kept_back = await with_two(uow)
    with pytest.raises(NotStored):
        await uow.findings.get(kept_back.id)
    assert await uow.findings.by_number(CHALLENGE, 2) is None
    assert await uow.findings.get(kept_back.id, sensitive_too=True) == kept_back
    assert await uow.findings.by_number(CHALLENGE, 2, sensitive_too=True) == kept_back


async def test_its_message_and_its_receipt_leave_it_out_unless_asked_for(uow: UnitOfWork) -> None:
    await with_two(uow)
    receipt = Receipt(ReceiptId("r1"), CHALLENGE, PRIYA, "slack", "T", "", "", NOW, NOW)
    message = SourceMessage(MessageId("m1"), CHALLENGE, "slack", "T", "D1", "1.1", PRIYA, receipt.id, NOW)
    await uow.receipts.add(receipt)
    await uow.messages.add(message)
    assert [one.number for one in await uow.findings.of_message(message.id)] == [1]
    assert [one.number for one in await uow.findings.of_message(message.id, sensitive_too=True)] == [1, 2]
    assert [one.number for one in await uow.findings.of_receipt(receipt.id)] == [1]
    assert [one.number for one in await uow.findings.of_receipt(receipt.id, sensitive_too=True)] == [1, 2]


async def test_it_is_listed_for_its_author_for_whoever_logged_it_and_for_the_manager(uow: UnitOfWork) -> None:
    kept_back = await with_two(uow)
    await uow.findings.change(replace(kept_back, logged_by=TOM, version=2))
    for whose in (PRIYA, TOM, None):
        assert [one.number for one in await uow.findings.sensitive_of(CHALLENGE, whose)] == [2]
    assert await uow.findings.sensitive_of(CHALLENGE, MemberId("grace")) == []
    await uow.findings.change(replace(kept_back, withdrawn_at=NOW, version=3))
    assert await uow.findings.sensitive_of(CHALLENGE) == []


async def test_a_request_finds_everything_whose_words_are_still_there(uow: UnitOfWork) -> None:
    await with_two(uow)
    await uow.findings.add(finding(1, practice=True))
    await uow.findings.add(replace(finding(3), withdrawn_at=NOW))
    await uow.findings.add(finding(4))
    await uow.findings.blank(finding(4).id)
    found = await uow.findings.every_one_of(CHALLENGE)
    assert [(one.number, one.practice) for one in found] == [(1, False), (2, False), (3, False), (1, True)]


def test_the_rule_of_what_is_on_the_wall_is_written_once() -> None:
    """A store that counts or compares findings uses `on_the_wall_of`: one that wrote the rule again could forget."""
    folder = Path(storage.__file__).parent
    by_hand = {path.name for path in folder.glob("*.py") if "findings.c.practice.is_(False)" in path.read_text()}
    assert by_hand == {"findings.py"}
