"""At 10:45, 13:00 and 16:15 the team compares what it has heard."""

from datetime import date, time, timedelta

from bot.ports import NotSent
from handlers.desk import Desk
from handlers.team.opening import lay_schedule
from storage.records import Run, Session, SessionState, TeamChannel
from tests.fieldwork.day import LONDON, TEAM_CHANNEL, WORKSPACE, Day
from tests.fieldwork.platform import Shown

LAST = date(2026, 11, 27)


async def sessions_of(day: Day, on: date | None = None) -> list[Session]:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return await uow.sessions.of_challenge(day.challenge.id, on or day.now.astimezone(LONDON).date())


def sessions_in(day: Day) -> list[Shown]:
    """The session cards in the team channel."""
    return [post for post in day.team_channel.posts if " session · " in post.words]


async def have_no_channel(day: Day) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.channels.bind(
            TeamChannel(day.challenge.id, "slack", WORKSPACE, TEAM_CHANNEL, day.now, day.now, "somebody else is in it")
        )
        await uow.commit()


# ---------------------------------------------------------------- at the minute


async def test_a_session_is_posted_at_its_minute(day: Day) -> None:
    await day.clock_strikes("10:44")
    assert sessions_in(day) == []
    await day.clock_strikes("10:45")
    assert "10:45 session · Tuesday, day 1 of 4\nNothing new so far." in sessions_in(day)[0].words


async def test_every_session_of_the_visit_is_posted_once(day: Day) -> None:
    await day.on(LAST, "18:00")
    headings = [post.words.splitlines()[0] for post in sessions_in(day)]
    whole = [
        f"{at} session · {name}"
        for name in ("Tuesday, day 1 of 4", "Wednesday, day 2 of 4", "Thursday, day 3 of 4")
        for at in ("10:45", "13:00", "16:15")
    ]
    assert headings == [*whole, "09:00 session · Friday, day 4 of 4", "11:30 session · Friday, day 4 of 4"]


async def test_a_finding_heard_twice_becomes_triangulated(day: Day) -> None:
    await day.at("10:20").priya.says("Frontline staff describe the vision in their own words #vision (focus group)")
    await day.at("11:45").tom.says("Trust CEO gives the same three priorities as staff #vision (1:1)")
    await day.clock_strikes("13:00")
    first, second = sessions_in(day)
    assert "🧭 Vision: 1 unmarked · #1 · one peer, one source" in first.words
    assert "🧭 Vision: 1 unmarked · #2 · triangulated" in second.words
    assert "Triangulated: Vision." in second.words


async def test_a_session_shows_what_is_new_since_the_last_and_no_words(day: Day) -> None:
    await day.at("10:20").priya.says("strength: Staff know the plan #vision")
    await day.at("11:05").tom.says("AFI: The board does not #vision")
    await day.at("11:06").tom.says("The risk register is read weekly #governance")
    await day.at("11:30").jo.says("Somebody ought to look at transport")
    await day.clock_strikes("13:00")
    card = sessions_in(day)[-1]
    assert "3 new findings from 2 peers since 10:45." in card.words
    assert "🧭 Vision: 1 area to explore · #2 · no source named" in card.words
    assert "Unsorted: 1 · #4" in card.words
    assert "Rests on one voice\n• 🧭 Vision: no source named (2 findings)" in card.words
    assert "Governance: one peer, no source named (1 finding)" in card.words
    assert "Both strengths and areas to explore\n• 🧭 Vision: 1 strength, 1 area to explore" in card.words
    assert "Nothing yet on: Ownership, Leadership" in card.words
    assert card.content.notification == "13:00 session: 3 new, 1 unsorted"
    assert "transport" not in card.words


async def test_withdrawn_and_practice_findings_are_not_in_a_session(day: Day) -> None:
    message = await day.at("10:20").priya.says("A name that should not be here #vision")
    await day.priya.deletes(message)
    await day.clock_strikes("10:45")
    assert "Nothing new so far." in sessions_in(day)[0].words


async def test_the_first_session_of_a_day_looks_back_to_the_last_of_the_day_before(day: Day) -> None:
    await day.at("17:30").priya.says("Staff know the plan #vision")
    await day.on(date(2026, 11, 25), "10:45")
    assert "1 new finding from 1 peer since Tuesday 16:15." in sessions_in(day)[-1].words


async def test_a_session_drawn_again_tells_of_the_same_findings(day: Day) -> None:
    await day.at("10:20").priya.says("Staff know the plan #vision")
    await day.clock_strikes("10:45")
    session = (await sessions_of(day))[0]
    assert (session.state, session.after_number, session.up_to_number) == (SessionState.POSTED, 0, 1)
    await day.at("10:50").tom.says("Something nobody has sorted")
    await day.ruth.types("sort findings")
    await day.ruth.sends()
    assert "1 new finding from 1 peer so far." in sessions_in(day)[0].words


# ---------------------------------------------------------------- late, and with nowhere to post


async def test_a_late_start_within_the_grace_still_posts(day: Day) -> None:
    await day.clock_strikes("12:50")
    day.clock.move_to(day.now.replace(hour=13, minute=15))
    await day.settle()
    assert "13:00 session" in sessions_in(day)[-1].words
    assert day.mina.posts == []


async def test_past_the_grace_the_manager_is_told_once_and_can_post_it(day: Day) -> None:
    await day.clock_strikes("12:50")
    day.clock.move_to(day.now.replace(hour=13, minute=40))
    await day.settle()
    await day.settle()
    assert len(sessions_in(day)) == 1
    assert [post.words.splitlines()[1] for post in day.mina.posts] == [
        "The 13:00 session was not posted: Baseroom was not running, or could not reach the channel, until too late."
    ]
    await day.mina.presses("Post it now")
    assert "13:00 session · Tuesday" in sessions_in(day)[-1].words
    await day.mina.presses("Post it now")
    assert len(sessions_in(day)) == 2
    assert "has been held" in day.mina.last.words


async def test_a_session_that_slack_would_not_take_until_its_grace_was_over_is_not_posted_stale(day: Day) -> None:
    await day.clock_strikes("12:59")
    before = len(sessions_in(day))
    day.platform.raises = [NotSent("service unavailable", timedelta(minutes=16))]
    await day.clock_strikes("13:17")
    assert len(sessions_in(day)) == before
    assert "The 13:00 session was not posted" in day.mina.last.words
    assert "could not be made" not in day.mina.sees


async def test_what_slack_did_not_take_in_time_is_new_at_the_next_session(day: Day) -> None:
    await day.at("12:00").priya.says("Staff know the plan #vision")
    await day.clock_strikes("12:59")
    day.platform.raises = [NotSent("service unavailable", timedelta(minutes=16))]
    await day.clock_strikes("13:17")
    await day.clock_strikes("16:15")
    assert "1 new finding from 1 peer since 10:45." in sessions_in(day)[-1].words


async def test_what_slack_did_not_take_in_time_can_be_posted_by_the_manager(day: Day) -> None:
    await day.at("12:00").priya.says("Staff know the plan #vision")
    await day.clock_strikes("12:59")
    day.platform.raises = [NotSent("service unavailable", timedelta(minutes=16))]
    await day.clock_strikes("13:17")
    await day.mina.presses("Post it now")
    assert sessions_in(day)[-1].words.startswith("13:00 session")
    assert "1 new finding from 1 peer since 10:45." in sessions_in(day)[-1].words


async def test_a_session_held_while_the_one_before_still_waited_shows_what_neither_has_shown(day: Day) -> None:
    await day.at("12:00").priya.says("Staff know the plan #vision")
    await day.clock_strikes("12:59")
    day.platform.raises = [NotSent("service unavailable", timedelta(hours=3, minutes=20))]
    await day.at("14:00").tom.says("The board does not #vision")
    await day.clock_strikes("16:25")
    assert "The 13:00 session was not posted" in day.mina.sees
    assert sessions_in(day)[-1].words.startswith("16:15 session")
    assert "2 new findings from 2 peers since 10:45." in sessions_in(day)[-1].words


async def test_a_session_that_slack_takes_within_its_grace_is_posted(day: Day) -> None:
    await day.clock_strikes("12:59")
    day.platform.raises = [NotSent("service unavailable", timedelta(minutes=14))]
    await day.clock_strikes("13:15")
    assert "13:00 session" in sessions_in(day)[-1].words


async def test_a_session_held_by_hand_is_posted_whenever_slack_takes_it(day: Day) -> None:
    await day.clock_strikes("11:30")
    day.platform.raises = [NotSent("service unavailable", timedelta(minutes=16))]
    await day.ruth.types("session now")
    await day.clock_strikes("11:50")
    assert "11:30 session" in sessions_in(day)[-1].words


async def test_several_missed_together_are_told_together(day: Day) -> None:
    await day.clock_strikes("10:30")
    day.clock.move_to(day.now.replace(hour=16, minute=40))
    await day.settle()
    told = [post.content.notification for post in day.mina.posts if "not posted" in post.words]
    assert told == ["The 10:45, 13:00 and 16:15 sessions were not posted"]


async def test_a_session_missed_yesterday_is_not_offered_any_more(day: Day) -> None:
    await day.clock_strikes("12:50")
    day.clock.move_to(day.now.replace(hour=13, minute=40))
    await day.settle()
    button = day.mina.last.button("Post it now")
    await day.on(date(2026, 11, 25), "09:00")
    before = len(sessions_in(day))
    await day.mina.presses_action(button.action, button.value)
    assert len(sessions_in(day)) == before
    assert "has been held or its time is over" in day.mina.last.words


async def test_only_the_manager_and_the_lead_peer_can_post_a_missed_session(day: Day) -> None:
    await day.clock_strikes("12:50")
    day.clock.move_to(day.now.replace(hour=13, minute=40))
    await day.settle()
    button = day.mina.last.button("Post it now")
    for person in (day.priya, day.zed):
        await person.presses_action(button.action, button.value)
    assert len(sessions_in(day)) == 1
    await day.ruth.presses_action(button.action, button.value)
    assert len(sessions_in(day)) == 2


async def test_with_no_channel_the_manager_gets_the_card(day: Day) -> None:
    await have_no_channel(day)
    await day.clock_strikes("10:45")
    assert day.team_channel.posts == []
    assert "10:45 session · Tuesday" in day.mina.last.words


# ---------------------------------------------------------------- one held now


async def test_the_manager_and_the_lead_peer_hold_one_now_and_the_others_stay(day: Day) -> None:
    await day.at("12:10").ruth.types("session now")
    assert "12:10 session" in sessions_in(day)[-1].words
    assert day.ruth.last.words.startswith("Posted in the team channel.")
    await day.at("12:20").mina.says_in_channel("session now")
    assert "12:20 session" in sessions_in(day)[-1].words
    await day.clock_strikes("16:15")
    assert [post.words[:5] for post in sessions_in(day)] == ["10:45", "12:10", "12:20", "13:00", "16:15"]


async def test_a_second_press_in_the_same_minute_holds_no_second_session(day: Day) -> None:
    await day.at("12:10").ruth.types("session now")
    await day.ruth.types("session now")
    assert len(sessions_in(day)) == 2
    assert "This minute has its session already" in day.ruth.last.words


async def test_a_peer_and_a_stranger_cannot_hold_one_now(day: Day) -> None:
    await day.priya.types("session now")
    assert "Only the challenge manager and the lead peer" in day.priya.last.words
    await day.zed.types("session now")
    assert "not on a peer challenge" in day.zed.last.words
    assert sessions_in(day) == []


async def test_without_a_channel_the_one_who_asks_gets_the_card(day: Day) -> None:
    await have_no_channel(day)
    await day.at("09:30").ruth.types("session now")
    assert "09:30 session" in day.ruth.last.words


# ---------------------------------------------------------------- the words behind the numbers


async def test_the_words_are_shown_to_the_one_who_asks_and_to_nobody_else(day: Day) -> None:
    await day.at("10:20").priya.says("strength: Staff know the plan #vision")
    await day.at("10:30").tom.says("Somebody ought to look at transport")
    await day.clock_strikes("10:45")
    await day.grace.presses("Show the findings", on=sessions_in(day)[0])
    shown = day.grace.last
    assert "🧭 Vision\n#1 · PN · + · " in shown.words
    assert "Staff know the plan" in shown.words
    assert "Unsorted\n#2 · TS · Somebody ought to look at transport" in shown.words
    assert shown.target.only_to == "grace"
    assert "transport" not in shown.content.notification + day.team_channel.sees


async def test_many_findings_are_shown_some_at_a_time(day: Day) -> None:
    for number in range(20):
        await day.priya.says(f"Finding of number {number} #vision")
    await day.clock_strikes("10:45")
    await day.tom.presses("Show the findings", on=sessions_in(day)[0])
    assert "Finding of number 14 " in day.tom.last.words
    assert "Finding of number 15 " not in day.tom.last.words
    await day.tom.presses("Show 5 more")
    assert "Finding of number 15 " in day.tom.last.words
    assert "more]" not in day.tom.last.words


async def test_a_button_about_no_session_is_from_an_old_card(day: Day) -> None:
    for value in ("", "nonsense", "nonsense:3", ":"):
        await day.priya.presses_action("triangulation.show", value)
        assert "no longer there" in day.priya.last.words


async def test_a_stranger_and_a_removed_peer_are_not_shown_the_words(day: Day) -> None:
    await day.at("10:20").priya.says("Staff know the plan #vision")
    await day.clock_strikes("10:45")
    value = (await sessions_of(day))[0].id
    async with day.app.database.begin() as uow:
        await uow.members.set_removed(day.members["jo"].id, day.now)
        await uow.commit()
    for person in (day.zed, day.jo):
        await person.presses_action("triangulation.show", value)
        assert "Staff know the plan" not in person.sees
        assert "not on a peer challenge" in person.last.words


# ---------------------------------------------------------------- seeing the day


async def test_sessions_shows_where_each_stands(day: Day) -> None:
    await day.at("11:00").mina.types("session move 13:00 to 13:30")
    await day.mina.types("session skip 16:15")
    await day.priya.types("sessions")
    assert day.priya.last.words.splitlines()[:4] == [
        "Sessions · Tuesday, day 1 of 4",
        "• 10:45 · held",
        "• 13:30 · to come (moved from 13:00)",
        "• 16:15 · skipped today",
    ]


async def test_those_who_may_change_them_get_the_buttons(day: Day) -> None:
    await day.at("11:00").ruth.says("sessions")
    labels = [button.label for button in day.ruth.last.buttons]
    assert labels[:4] == ["Move 13:00", "Skip 13:00", "Move 16:15", "Skip 16:15"]
    await day.priya.says("sessions")
    assert "Move" not in day.priya.last.words


async def test_before_the_visit_sessions_says_when_the_first_is(before: Day) -> None:
    await before.open_challenge()
    await before.priya.types("sessions")
    assert before.priya.last.words.startswith(
        "There are no peer team sessions today. The next is Tuesday, day 1 of 4, at 10:45."
    )


async def test_sessions_is_for_the_team(day: Day) -> None:
    await day.zed.types("sessions")
    assert "not on a peer challenge" in day.zed.last.words


# ---------------------------------------------------------------- the schedule follows the challenge


async def test_new_times_hold_from_now_on_and_what_was_held_stays(day: Day) -> None:
    assert day.challenge
    await day.clock_strikes("11:00")
    await lay_again(day, session_times=(time(11, 30), time(16, 15)))
    await day.clock_strikes("17:00")
    assert [post.words[:5] for post in sessions_in(day)] == ["10:45", "11:30", "16:15"]


async def test_laying_the_schedule_again_changes_nothing(day: Day) -> None:
    await day.mina.types("session move 13:00 to 13:30")
    before = await sessions_of(day), await runs_of(day)
    await lay_again(day)
    assert (await sessions_of(day), await runs_of(day)) == before


async def test_a_visit_that_moves_to_another_week_takes_its_sessions_along(day: Day) -> None:
    await lay_again(day, first_day=date(2026, 12, 1), last_day=date(2026, 12, 3))
    assert await sessions_of(day) == []
    assert len(await sessions_of(day, date(2026, 12, 1))) == 3
    assert len(await sessions_of(day, date(2026, 12, 3))) == 2
    await day.on(date(2026, 12, 1), "10:45")
    assert len(sessions_in(day)) == 1


async def test_another_zone_moves_the_sessions_with_it(day: Day) -> None:
    await lay_again(day, zone="Europe/Dublin", session_times=(time(10, 45), time(13, 0)))
    assert {run.zone for run in await runs_of(day)} == {"Europe/Dublin"}


async def runs_of(day: Day) -> list[Run]:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return [run for run in await uow.runs.of_challenge(day.challenge.id) if run.kind.startswith("triangulation")]


async def lay_again(day: Day, **changed: object) -> None:
    """What happens when the manager changes the challenge's days or times."""
    assert day.challenge
    async with day.app.database.begin() as uow:
        if changed:
            await uow.challenges.change(day.challenge.id, **changed)
        await lay_schedule(Desk(uow, day.now, day.app.house), await uow.challenges.get(day.challenge.id))
        await uow.commit()
