"""At 10:45, 13:00 and 16:15 the team compares what it has heard."""

from tests.fieldwork.day import Day


async def test_a_session_is_posted_at_its_minute(day: Day) -> None:
    await day.clock_strikes("10:44")
    assert day.team_channel.posts == []
    await day.clock_strikes("10:45")
    assert "10:45 session · Tuesday, day 1 of 4" in day.team_channel.sees


async def test_a_finding_heard_twice_becomes_triangulated(day: Day) -> None:
    await day.at("10:20").priya.says("Frontline staff describe the vision in their own words #vision (focus group)")
    await day.at("11:45").tom.says("Trust CEO gives the same three priorities as staff #vision (1:1)")
    await day.clock_strikes("13:00")
    assert "🧭 Vision: 1 unmarked · #2 · triangulated" in day.team_channel.sees
