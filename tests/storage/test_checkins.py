"""What is asked before the visit and what is answered, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from storage.errors import AlreadyStored, NotStored
from storage.records import ChallengeId, CheckIn, CheckInId, MemberId, Question
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import CHALLENGE, NOW

PRIYA = MemberId("priya")
CHECK_IN = CheckIn(
    id=CheckInId("k1"),
    challenge_id=CHALLENGE,
    title="Canary title",
    questions=(
        Question("worry", "Canary question?", required=True),
        Question("read", "How far?", "choice", ("None", "All"), "The pre-reading"),
    ),
    by=NOW,
    sent_at=NOW,
    sent_by=MemberId("mina"),
)


async def test_a_check_in_comes_back_as_it_was_sent(uow: UnitOfWork) -> None:
    await uow.checkins.add(CHECK_IN)
    assert await uow.checkins.get(CHECK_IN.id) == CHECK_IN
    assert await uow.checkins.newest(CHALLENGE) == CHECK_IN
    with pytest.raises(NotStored):
        await uow.checkins.get(CheckInId("other"))


async def test_the_same_check_in_is_not_sent_twice(uow: UnitOfWork) -> None:
    await uow.checkins.add(CHECK_IN)
    with pytest.raises(AlreadyStored):
        await uow.checkins.add(CHECK_IN)


async def test_the_newest_check_in_is_the_one_meant(uow: UnitOfWork) -> None:
    later = replace(CHECK_IN, id=CheckInId("k2"), sent_at=NOW.replace(hour=11))
    await uow.checkins.add(CHECK_IN)
    await uow.checkins.add(later)
    assert [one.id for one in await uow.checkins.of_challenge(CHALLENGE)] == ["k2", "k1"]
    assert await uow.checkins.newest(CHALLENGE) == later
    assert await uow.checkins.newest(ChallengeId("other")) is None


async def test_a_check_in_is_closed_and_opened_again(uow: UnitOfWork) -> None:
    await uow.checkins.add(CHECK_IN)
    await uow.checkins.set_closed(CHECK_IN.id, NOW)
    assert (await uow.checkins.get(CHECK_IN.id)).closed_at == NOW
    await uow.checkins.set_closed(CHECK_IN.id, None)
    assert (await uow.checkins.get(CHECK_IN.id)).closed_at is None


async def test_a_changed_reply_takes_the_place_of_the_first(uow: UnitOfWork) -> None:
    blank = await uow.checkins.reply_of(CHECK_IN, PRIYA)
    assert (blank.version, dict(blank.answers)) == (0, {})
    first = replace(blank, answers={"worry": "Canary answer"}, version=1, answered_at=NOW)
    await uow.checkins.save(first)
    second = replace(first, answers={"worry": "Nothing"}, version=2, call_at=NOW, reminded_at=NOW)
    await uow.checkins.save(second)
    assert await uow.checkins.reply_of(CHECK_IN, PRIYA) == second
    assert await uow.checkins.replies(CHECK_IN.id) == {PRIYA: second}


async def test_neither_question_nor_answer_stands_in_clear(uow: UnitOfWork) -> None:
    await uow.checkins.add(CHECK_IN)
    reply = await uow.checkins.reply_of(CHECK_IN, PRIYA)
    await uow.checkins.save(replace(reply, answers={"worry": "Canary answer"}, version=1))
    for table in ("check_ins", "check_in_replies"):
        rows = (await uow.connection.execute(text(f"SELECT * FROM {table}"))).all()
        assert len(rows) == 1
        assert b"anary" not in b"|".join(bytes(cell) for row in rows for cell in row if isinstance(cell, bytes))
        assert "anary" not in repr([cell for row in rows for cell in row if isinstance(cell, str)])
