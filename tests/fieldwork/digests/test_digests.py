"""What the team channel hears of the day without asking."""

from datetime import date, datetime, timedelta

from bot.ports import NotSent
from tests.fieldwork.day import LONDON, Day
from tests.fieldwork.platform import Shown

WEDNESDAY, LAST = date(2026, 11, 25), date(2026, 11, 27)


async def test_the_morning_line_gives_todays_times(day: Day) -> None:
    await day.on(WEDNESDAY, "08:14")
    assert "Good morning" not in day.team_channel.sees
    await day.on(WEDNESDAY, "08:15")
    assert day.team_channel.last.words == (
        "Good morning. Wednesday, day 2 of 4.\n"
        "Peer team sessions at 10:45, 13:00 and 16:15 · Catch-up with the client at 17:00"
    )


async def test_a_morning_line_that_slack_would_not_take_before_noon_is_not_posted(day: Day) -> None:
    await day.on(WEDNESDAY, "08:14")
    day.platform.raises = [NotSent("service unavailable", timedelta(hours=4))]
    await day.on(WEDNESDAY, "12:30")
    assert "Good morning. Wednesday" not in day.team_channel.sees


async def test_the_last_morning_gives_the_final_feedback_and_no_catch_up(day: Day) -> None:
    await day.on(LAST, "08:15")
    assert day.team_channel.last.words.endswith("Peer team sessions at 09:00 and 11:30 · Final feedback at 14:00")


async def test_the_digest_is_posted_at_the_first_finding(day: Day) -> None:
    await day.at("09:40").priya.says("Partners share one plan #vision")
    assert "So far today · Tuesday, day 1 of 4\n1 finding from 1 peer." in day.team_channel.last.words
    assert "🧭 Vision: 1 unmarked" in day.team_channel.last.words


def digests(day: Day) -> list[Shown]:
    return [post for post in day.team_channel.posts if post.words.startswith(("So far today", "The day in numbers"))]


async def test_it_is_edited_in_place_at_most_once_a_minute(day: Day) -> None:
    await day.at("09:40").priya.says("Partners share one plan #vision")
    for number in range(5):
        await day.pass_time(seconds=5)
        await day.tom.says(f"AFI: Not everybody has read it, number {number} #vision")
    assert [post.edits for post in digests(day)] == [0]
    await day.pass_time(seconds=90)
    assert [post.edits for post in digests(day)] == [1]
    assert "6 findings from 2 peers." in digests(day)[0].words
    assert "Vision: 5 areas to explore, 1 unmarked" in digests(day)[0].words


async def test_in_the_evening_it_is_posted_anew_as_final(day: Day) -> None:
    await day.at("09:40").priya.says("Partners share one plan #vision")
    await day.at("18:29").tom.says("Somebody ought to look at transport")
    await day.clock_strikes("18:30")
    assert [post.words.splitlines()[:2] for post in digests(day)][1:] == [
        ["The day in numbers · Tuesday, day 1 of 4", "2 findings from 2 peers, 1 unsorted."]
    ]
    await day.clock_strikes("18:59")
    assert len(digests(day)) == 2
    await day.at("20:00").jo.says("One more thing #vision")
    await day.pass_time(minutes=3)
    assert len(digests(day)) == 2
    assert "3 findings from 3 peers, 1 unsorted." in digests(day)[1].words


async def test_each_day_has_its_own(day: Day) -> None:
    await day.at("09:40").priya.says("Partners share one plan #vision")
    await day.on(WEDNESDAY, "09:40")
    await day.priya.says("Nobody has read it #vision")
    assert "So far today · Wednesday, day 2 of 4\n1 finding from 1 peer." in digests(day)[-1].words


async def test_a_finding_withdrawn_leaves_the_digest_too(day: Day) -> None:
    message = await day.at("09:40").priya.says("A name that should not be here #vision")
    await day.at("09:50").priya.deletes(message)
    await day.pass_time(minutes=3)
    assert "No findings stand on the wall for this day." in digests(day)[0].words


async def test_a_day_without_findings_is_quiet_and_the_manager_knows(day: Day) -> None:
    await day.clock_strikes("18:45")
    assert digests(day) == []
    assert "No findings were logged today" in day.mina.sees
    assert "No findings were logged" not in day.priya.sees


async def test_before_the_visit_there_is_no_digest(before: Day) -> None:
    await before.open_challenge()
    await before.priya.says("Staff know the plan #vision")
    await before.pass_time(hours=10)
    assert digests(before) == []


async def test_a_digest_holds_no_words_and_no_names(day: Day) -> None:
    await day.at("09:40").priya.says("The canary sang in the committee room #vision")
    await day.clock_strikes("18:30")
    everything = "\n".join(f"{post.content.notification}\n{post.words}" for post in digests(day))
    assert not [word for word in ("canary", "Priya", "PN") if word in everything]


async def test_a_morning_that_was_slept_through_is_told_to_the_manager(day: Day) -> None:
    await day.clock_strikes("18:45")
    day.clock.move_to(datetime(2026, 11, 25, 10, 30, tzinfo=LONDON))
    await day.settle()
    assert "Good morning" not in day.team_channel.sees
    assert "This morning’s line with the day’s times was not posted" in day.mina.sees


async def test_an_evening_that_was_slept_through_is_made_up_for(day: Day) -> None:
    await day.at("09:40").priya.says("Partners share one plan #vision")
    day.clock.move_to(datetime(2026, 11, 25, 9, 0, tzinfo=LONDON))
    await day.settle()
    assert "The day in numbers · Tuesday, day 1 of 4" in digests(day)[-1].words
