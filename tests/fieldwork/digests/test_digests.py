"""What the team channel hears of the day without asking."""

from datetime import date

from tests.fieldwork.day import Day

WEDNESDAY, LAST = date(2026, 11, 25), date(2026, 11, 27)


async def test_the_morning_line_gives_todays_times(day: Day) -> None:
    await day.on(WEDNESDAY, "08:14")
    assert "Good morning" not in day.team_channel.sees
    await day.on(WEDNESDAY, "08:15")
    assert day.team_channel.last.words == (
        "Good morning. Wednesday, day 2 of 4.\n"
        "Peer team sessions at 10:45, 13:00 and 16:15 · Catch-up with the client at 17:00"
    )


async def test_the_last_morning_gives_the_final_feedback_and_no_catch_up(day: Day) -> None:
    await day.on(LAST, "08:15")
    assert day.team_channel.last.words.endswith("Peer team sessions at 09:00 and 11:30 · Final feedback at 14:00")


async def test_the_digest_is_posted_at_the_first_finding(day: Day) -> None:
    await day.at("09:40").priya.says("Partners share one plan #vision")
    assert "So far today · Tuesday, day 1 of 4\n1 finding from 1 peer." in day.team_channel.last.words
    assert "🧭 Vision: 1 unmarked" in day.team_channel.last.words
