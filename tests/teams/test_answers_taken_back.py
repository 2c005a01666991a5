"""An answer to the check-in that quotes its question, in a chat without threads: whoever edits it changes the answer,
whoever deletes it takes the answer back, and whoever undoes that has answered again.

Teams says of a deletion which message is gone, and not what it had quoted.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from tests.fakes.teams import Message
from tests.fieldwork.day import LONDON
from tests.teams.world import TeamsDay, a_teams_day

KEY = "initial_perceptions"


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[TeamsDay]:
    """Eight days before the visit, and the check-in is out."""
    async with a_teams_day(tmp_path, start=datetime(2026, 11, 16, 10, 0, tzinfo=LONDON)) as day:
        await day.open_challenge()
        await day.after(day.mina.dm("checkin send"))
        await day.after(day.mina.presses(day.last_dm("mina"), "Send a check-in"))
        await day.after(day.mina.submits({"Please answer by": "Friday 20 Nov 5pm"}))
        await day.after(day.mina.submits())
        yield day


async def answers(day: TeamsDay, handle: str, text: str) -> Message:
    return await day.after(day.people[handle].answers(day.newest(handle, "Please answer by"), text))


async def answers_of(day: TeamsDay, handle: str) -> Mapping[str, str]:
    """What is kept as the person's answers."""
    assert day.challenge
    async with day.app.database.reading() as uow:
        account = await uow.accounts.find("teams", day.teams.tenant_id, day.people[handle].id)
        assert account
        member = await uow.members.find(day.challenge.id, account.person_id)
        check_in = await uow.checkins.newest(day.challenge.id)
        assert member
        assert check_in
        return (await uow.checkins.reply_of(check_in, member.id)).answers


async def test_a_deleted_answer_is_taken_back(asked: TeamsDay) -> None:
    await answers(asked, "jo", "Worried about finance")
    second = await asked.after(asked.jo.answers(asked.last_dm("jo"), "And about the timetable"))
    await asked.after(asked.jo.deletes(second))
    assert await answers_of(asked, "jo") == {KEY: "Worried about finance"}
    assert "What you deleted is taken out of your answer" in asked.reads("jo")


async def test_who_deletes_the_only_answer_counts_as_missing_again(asked: TeamsDay) -> None:
    only = await answers(asked, "jo", "Worried about finance")
    await asked.pass_time(minutes=1)
    await asked.after(asked.mina.dm("checkin"))
    assert "1 of 6 answered" in asked.reads("mina")
    await asked.after(asked.jo.deletes(only))
    assert await answers_of(asked, "jo") == {}
    assert "0 of 6 answered" in asked.mina.sees(asked.newest("mina", "of 6 answered"))


@pytest.mark.parametrize("changes_quote", [True, False])
async def test_an_edited_answer_is_changed_whether_or_not_teams_says_again_what_it_quotes(
    asked: TeamsDay, changes_quote: bool
) -> None:
    message = await answers(asked, "jo", "Worried about finance")
    asked.teams.changes_quote = changes_quote
    await asked.after(asked.jo.edits(message, "Worried about staffing"))
    assert await answers_of(asked, "jo") == {KEY: "Worried about staffing"}
    assert await asked.wall() == []


async def test_an_answer_whose_deletion_was_undone_answers_again(asked: TeamsDay) -> None:
    message = await answers(asked, "jo", "Worried about finance")
    await asked.after(asked.jo.deletes(message))
    await asked.pass_time(seconds=5)
    await asked.after(asked.jo.undeletes(message))
    assert await answers_of(asked, "jo") == {KEY: "Worried about finance"}
    assert "Kept as your answer" in asked.reads("jo")
    await asked.pass_time(seconds=5)
    await asked.after(asked.jo.deletes(message))
    assert await answers_of(asked, "jo") == {}, "and is followed as before"


async def test_a_deletion_takes_back_nobody_elses_answer(asked: TeamsDay) -> None:
    """Teams lets nobody delete another's message; were one to arrive that says so, it is nobody's."""
    theirs = await answers(asked, "jo", "Worried about finance")
    mine = await answers(asked, "tom", "Worried about the rota")
    mine.id = theirs.id
    await asked.after(asked.tom.deletes(mine))
    assert await answers_of(asked, "jo") == {KEY: "Worried about finance"}
    assert await answers_of(asked, "tom") == {KEY: "Worried about the rota"}


async def test_a_deletion_after_the_check_in_is_closed_is_refused_with_a_sentence(asked: TeamsDay) -> None:
    message = await answers(asked, "jo", "Worried about finance")
    await asked.after(asked.mina.dm("checkin close"))
    await asked.after(asked.jo.deletes(message))
    assert "This check-in is closed" in asked.reads("jo")
    assert await answers_of(asked, "jo") == {KEY: "Worried about finance"}


async def test_other_words_that_are_deleted_are_no_answer(asked: TeamsDay) -> None:
    await answers(asked, "jo", "Worried about finance")
    help_typed = await asked.after(asked.jo.dm("help"))
    before = len(asked.from_baseroom("jo"))
    await asked.after(asked.jo.deletes(help_typed))
    assert len(asked.from_baseroom("jo")) == before
    assert await answers_of(asked, "jo") == {KEY: "Worried about finance"}
