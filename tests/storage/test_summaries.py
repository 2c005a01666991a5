"""The versions of a day's summary, and what is counted for it, on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from storage.errors import AlreadyStored, NotStored
from storage.records import (
    Finding,
    FindingId,
    Kind,
    MemberId,
    SourceType,
    Summary,
    SummaryId,
    SummaryLine,
    SummaryState,
    ThemeId,
)
from storage.summaries import SourceTally
from storage.tables import summaries
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

DAY = date(2026, 11, 24)
LINES = (
    SummaryLine("v", "🧭", "Vision", Kind.STRENGTH, 4, "1:1 (4)", "Aims are shared."),
    SummaryLine("", "", "Other observations", None, 1, ""),
)
DRAFT = Summary(SummaryId("s1"), CHALLENGE, DAY, 1, SummaryState.DRAFT, LINES, "Thank you.", NOW)


async def test_a_version_comes_back_as_it_was_written(uow: UnitOfWork) -> None:
    await uow.summaries.add(DRAFT)
    assert await uow.summaries.get(DRAFT.id) == DRAFT
    with pytest.raises(NotStored):
        await uow.summaries.get(SummaryId("s2"))


async def test_the_newest_version_of_a_day_and_the_newest_that_was_approved(uow: UnitOfWork) -> None:
    approved = replace(DRAFT, id=SummaryId("s2"), version=2, state=SummaryState.APPROVED, made_by=MemberId("mina"))
    later = replace(DRAFT, id=SummaryId("s3"), version=3)
    other_day = replace(DRAFT, id=SummaryId("s4"), day=date(2026, 11, 25), version=9)
    for summary in (other_day, later, approved, DRAFT):
        await uow.summaries.add(summary)
    assert await uow.summaries.latest(CHALLENGE, DAY) == later
    assert await uow.summaries.latest(CHALLENGE, DAY, SummaryState.APPROVED) == approved
    assert await uow.summaries.latest(CHALLENGE, date(2026, 11, 26)) is None
    assert await uow.summaries.of_challenge(CHALLENGE) == [DRAFT, approved, later, other_day]


async def test_two_people_cannot_make_the_same_version(uow: UnitOfWork) -> None:
    await uow.summaries.add(DRAFT)
    with pytest.raises(AlreadyStored):
        await uow.summaries.add(replace(DRAFT, id=SummaryId("s2")))


async def test_the_managers_words_stand_nowhere_in_clear(uow: UnitOfWork) -> None:
    await uow.summaries.add(DRAFT)
    (row,) = (await uow.connection.execute(select(summaries))).all()
    assert b"shared" not in row.lines_sealed
    assert b"Thank" not in row.note_sealed


async def test_a_day_is_counted_by_theme_kind_and_kind_of_source(uow: UnitOfWork) -> None:
    heard = Finding(
        FindingId("f1"), CHALLENGE, 1, MemberId("tom"), MemberId("tom"), "Aims are shared", DAY, NOW, NOW,
        source_type=SourceType.INTERVIEW, kind=Kind.STRENGTH, theme_ids=(ThemeId("v"), ThemeId("m")),
    )  # fmt: skip
    unsorted = replace(heard, id=FindingId("f2"), number=2, theme_ids=(), kind=None, source_type=None)
    not_counted = (
        replace(heard, id=FindingId("f3"), number=3, withdrawn_at=NOW),
        replace(heard, id=FindingId("f4"), number=4, practice=True),
        replace(heard, id=FindingId("f5"), number=5, day=date(2026, 11, 25)),
    )
    for finding in (heard, unsorted, *not_counted):
        await uow.findings.add(finding)
    assert set(await uow.summaries.tally(CHALLENGE, DAY)) == {
        SourceTally(ThemeId("v"), Kind.STRENGTH, SourceType.INTERVIEW, 1),
        SourceTally(ThemeId("m"), Kind.STRENGTH, SourceType.INTERVIEW, 1),
        SourceTally(None, None, None, 1),
    }
