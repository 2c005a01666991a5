"""Sessions as they were held, and the wall as sessions and digests read it, on both databases."""

from dataclasses import replace
from datetime import date, time

import pytest

from storage.errors import NotStored, Overtaken
from storage.records import (
    Finding,
    FindingId,
    Kind,
    MemberId,
    Session,
    SessionId,
    SessionState,
    SourceType,
    ThemeId,
    Voice,
)
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
PRIYA = MemberId("priya")


def a_session(day: date, hour: int, **changed: object) -> Session:
    session = Session(SessionId(f"{day}-{hour}"), CHALLENGE, day, time(hour), time(hour))
    return replace(session, **changed)  # type: ignore[arg-type]  # fields by name


async def test_sessions_come_in_the_order_in_which_they_are_held(uow: UnitOfWork) -> None:
    moved = a_session(TUESDAY, 10, time=time(14))
    for session in (moved, a_session(TUESDAY, 13), a_session(WEDNESDAY, 10)):
        assert await uow.sessions.add(session)
    assert not await uow.sessions.add(replace(moved, id=SessionId("again")))
    assert [each.planned.hour for each in await uow.sessions.of_challenge(CHALLENGE)] == [13, 10, 10]
    assert await uow.sessions.of_challenge(CHALLENGE, WEDNESDAY) == [a_session(WEDNESDAY, 10)]


async def test_a_session_held_keeps_what_it_showed(uow: UnitOfWork) -> None:
    assert await uow.sessions.number_shown(CHALLENGE) == 0
    session = a_session(TUESDAY, 10)
    await uow.sessions.add(session)
    held = replace(session, state=SessionState.POSTED, posted_at=NOW, after_number=3, up_to_number=9)
    await uow.sessions.change(held, was=session)
    assert await uow.sessions.get(session.id) == held
    assert await uow.sessions.number_shown(CHALLENGE) == 9
    await uow.sessions.remove(session.id)
    with pytest.raises(NotStored):
        await uow.sessions.get(session.id)


async def test_a_session_that_was_changed_since_it_was_read_is_not_written_over(uow: UnitOfWork) -> None:
    session = a_session(TUESDAY, 13)
    await uow.sessions.add(session)
    moved = replace(session, time=time(13, 30))
    await uow.sessions.change(moved, was=session)
    with pytest.raises(Overtaken):
        await uow.sessions.change(replace(session, state=SessionState.SKIPPED), was=session)
    assert await uow.sessions.get(session.id) == moved


async def test_the_next_session_is_found_today_or_on_a_later_day(uow: UnitOfWork) -> None:
    skipped = a_session(TUESDAY, 13, state=SessionState.SKIPPED)
    for session in (a_session(TUESDAY, 10), skipped, a_session(WEDNESDAY, 9)):
        await uow.sessions.add(session)
    assert await uow.sessions.next_after(CHALLENGE, TUESDAY, time(9)) == a_session(TUESDAY, 10)
    assert await uow.sessions.next_after(CHALLENGE, TUESDAY, time(10)) == a_session(WEDNESDAY, 9)
    assert await uow.sessions.next_after(CHALLENGE, WEDNESDAY, time(9)) is None


async def test_a_voice_is_what_a_finding_counts_for(uow: UnitOfWork) -> None:
    (number,) = await uow.challenges.next_numbers(CHALLENGE, 1)
    finding = Finding(
        FindingId("f1"), CHALLENGE, number, PRIYA, PRIYA, "words", TUESDAY, NOW, NOW, source="Trust CEO",
        source_type=SourceType.INTERVIEW, kind=Kind.STRENGTH, theme_ids=(ThemeId("b"), ThemeId("a")),
    )  # fmt: skip
    await uow.findings.add(finding)
    await uow.findings.add(replace(finding, id=FindingId("f2"), number=2, day=WEDNESDAY, theme_ids=()))
    await uow.findings.add(replace(finding, id=FindingId("f3"), number=3, withdrawn_at=NOW))
    await uow.findings.add(replace(finding, id=FindingId("f4"), practice=True))
    voice = Voice(1, PRIYA, (ThemeId("b"), ThemeId("a")), Kind.STRENGTH, SourceType.INTERVIEW, "Trust CEO")
    assert await uow.voices.on_the_wall(CHALLENGE) == [voice, replace(voice, number=2, theme_ids=())]
    assert await uow.voices.on_the_wall(CHALLENGE, up_to_number=1) == [voice]
    assert await uow.voices.on_the_wall(CHALLENGE, day=TUESDAY, sources=False) == [replace(voice, source="")]
    assert await uow.challenges.number_reached(CHALLENGE) == 1
