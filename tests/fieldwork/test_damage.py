"""A record that is damaged on the disk: the manager is told which finding it is, and everything else works."""

from sqlalchemy import text

from tests.fieldwork.day import Day

WORDS = "Partners share one plan #vision"


async def damage(day: Day, number: int) -> None:
    """One byte of the sealed words is another now, behind Baseroom's back."""
    finding = await day.finding(number)
    async with day.app.database.begin() as uow:
        row = (
            await uow.connection.execute(text(f"SELECT text_sealed FROM findings WHERE id = '{finding.id}'"))
        ).first()
        assert row
        sealed = bytes([row[0][0] ^ 1]) + row[0][1:]
        await uow.connection.execute(
            text(f"UPDATE findings SET text_sealed = x'{sealed.hex()}' WHERE id = '{finding.id}'")
        )
        await uow.commit()


async def test_a_damaged_finding_is_named_by_its_number_and_the_rest_goes_on(day: Day) -> None:
    await day.priya.says(WORDS)
    await day.tom.says("Nobody reads the risk register #governance")
    await damage(day, 1)
    await day.tom.says("The board meets in public #governance")
    assert "#3 saved" in day.tom.sees
    await day.pass_time(hours=1, minutes=1)
    assert "Finding #1 of Anyshire ICS cannot be read any more" in day.mina.sees
    await day.clock_strikes("13:01")
    assert "session" in day.team_channel.sees.casefold()
    assert [finding.readable for finding in await day.wall()] == [False, True, True]


async def test_the_manager_is_told_once_and_nobody_else_is(day: Day) -> None:
    await day.priya.says(WORDS)
    await damage(day, 1)
    await day.pass_time(hours=4)
    assert day.mina.sees.count("Finding #1 of Anyshire ICS cannot be read") == 1
    assert "cannot be read" not in day.priya.sees + day.tom.sees + day.team_channel.sees


async def test_an_edit_of_the_message_saves_it_anew(day: Day) -> None:
    message = await day.priya.says(WORDS)
    await damage(day, 1)
    await day.priya.edits(message, "Partners share two plans #vision")
    assert [(finding.text, finding.readable) for finding in await day.wall()] == [
        ("Partners share two plans #vision", True)
    ]
