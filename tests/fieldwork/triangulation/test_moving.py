""" "Move 13:00 to 13:30" and "skip 16:15" change today only, and say so in the channel."""

from datetime import date

from storage.records import SessionState
from tests.fieldwork.day import TEAM_CHANNEL, Day
from tests.fieldwork.triangulation.test_sessions import have_no_channel, sessions_in, sessions_of

WEDNESDAY = date(2026, 11, 25)


def told(day: Day) -> list[str]:
    """What the channel has been told of today's sessions."""
    return [post.words for post in day.team_channel.posts if post.words.endswith(("today.", "after all."))]


async def test_move_is_said_in_a_message_and_told_to_the_channel_once(day: Day) -> None:
    await day.mina.says("move 13:00 to 13:30")
    assert told(day) == ["The 13:00 session is at 13:30 today."]
    assert "The team channel has been told" in day.mina.last.words
    assert await day.wall() == []


async def test_a_moved_session_is_held_at_its_new_time_and_tomorrow_is_as_planned(day: Day) -> None:
    await day.ruth.types("session move 13:00 to 13:30")
    await day.clock_strikes("13:29")
    assert len(sessions_in(day)) == 1
    await day.clock_strikes("13:30")
    assert "13:30 session" in sessions_in(day)[-1].words
    await day.on(WEDNESDAY, "13:00")
    assert "13:00 session · Wednesday" in sessions_in(day)[-1].words


async def test_said_in_the_team_channel_it_is_answered_there_once(day: Day) -> None:
    before = len(day.team_channel.posts)
    await day.ruth.says_in_channel("move 1pm to half 1")
    assert [post.words for post in day.team_channel.posts[before:]] == ["The 13:00 session is at 13:30 today."]
    assert day.ruth.posts == []


async def test_a_session_can_be_moved_again_and_back(day: Day) -> None:
    await day.mina.types("session move 13:00 to 13:30")
    await day.mina.types("session move 13:30 to 14:00")
    await day.mina.types("session move 13:00 to 13:00")
    assert told(day)[1:] == ["The 13:00 session is at 14:00 today.", "The 13:00 session is back at 13:00 today."]
    await day.clock_strikes("14:30")
    assert [post.words[:5] for post in sessions_in(day)] == ["10:45", "13:00"]


async def test_who_names_a_moved_session_by_its_old_time_is_told_when_it_is_now(day: Day) -> None:
    await day.mina.types("session move 13:00 to 13:30")
    await day.ruth.types("session move 13:00 to 14:00")
    already = "The 13:00 session is at 13:30 today already."
    assert day.ruth.last.words.startswith(f"{already} To move it again, say “move 13:30 to 14:00”.")
    await day.ruth.types("session move 13:00 to 13:30")
    assert day.ruth.last.words.startswith(already)
    assert "To move it again" not in day.ruth.last.words
    assert told(day) == ["The 13:00 session is at 13:30 today."]


async def test_skip_and_unskip(day: Day) -> None:
    await day.mina.says("Skip 16:15")
    await day.mina.says("unskip 4.15")
    assert told(day) == ["There is no 16:15 session today.", "The 16:15 session will be held today after all."]
    await day.mina.says("skip the 13:00 session")
    await day.clock_strikes("17:00")
    assert [post.words[:5] for post in sessions_in(day)] == ["10:45", "16:15"]
    await day.on(WEDNESDAY, "13:00")
    assert "13:00 session · Wednesday" in sessions_in(day)[-1].words


async def test_the_next_session_after_a_skipped_one_tells_of_everything_since(day: Day) -> None:
    await day.mina.types("session skip 13:00")
    await day.at("11:00").priya.says("Staff know the plan #vision")
    await day.clock_strikes("16:15")
    assert "1 new finding from 1 peer since 10:45." in sessions_in(day)[-1].words


async def test_what_cannot_be_is_refused_with_what_to_do(day: Day) -> None:
    await day.clock_strikes("11:00")
    for asked, answer in {
        "move 13:00 to 09:30": "That time has passed today",
        "move 13:00 to 16:15": "There is a session at that time already",
        "move 12:00 to 14:00": "There is no 12:00 session today. Today’s are at 10:45, 13:00 and 16:15.",
        "move 10:45 to 14:00": "has been held or its time is over",
        "skip 10:45": "has been held or its time is over",
        "skip 12:00": "There is no 12:00 session today",
        "unskip 13:00": "That session is not skipped",
        "session move lunch to later": "for example “move 13:00 to 13:30”",
        "session skip lunch": "for example “skip 16:15”",
        "session unskip": "for example “unskip 16:15”",
    }.items():
        await day.mina.types(asked)
        assert answer in day.mina.last.words
    assert told(day) == []


async def test_a_session_skipped_twice_is_told_once(day: Day) -> None:
    await day.mina.types("session skip 16:15")
    await day.mina.types("session skip 16:15")
    assert len(told(day)) == 1
    assert "is skipped today" in day.mina.last.words


async def test_a_skipped_session_whose_time_was_taken_or_is_over_stays_skipped(day: Day) -> None:
    await day.mina.types("session skip 13:00")
    await day.mina.types("session move 16:15 to 13:00")
    await day.mina.types("session unskip 16:15")
    assert "That session is not skipped" in day.mina.last.words
    await day.clock_strikes("13:30")
    assert [post.words[:5] for post in sessions_in(day)] == ["10:45", "13:00"]


async def test_no_session_is_moved_past_the_final_feedback(day: Day) -> None:
    await day.on(date(2026, 11, 27), "09:30")
    await day.mina.types("session move 11:30 to 14:30")
    assert "The final feedback is before that" in day.mina.last.words


async def test_peers_and_strangers_are_told_who_can(day: Day) -> None:
    for asked in ("session move 13:00 to 13:30", "session skip 16:15", "session unskip 16:15"):
        await day.priya.types(asked)
        assert "Only the challenge manager and the lead peer can change the sessions" in day.priya.last.words
        await day.zed.types(asked)
        assert "not on a peer challenge" in day.zed.last.words
    assert told(day) == []


async def test_a_finding_that_begins_like_a_command_is_a_finding(day: Day) -> None:
    heard = [
        "Move on from the past is what staff say",
        "move on from the past",
        "Move money to prevention, said the GP lead",
        "skip generation: nobody under forty on the board",
        "Skip meals because of workload",
    ]
    for words in heard:
        await day.mina.says(words)
    assert [finding.text for finding in await day.wall()] == heard


async def test_without_a_channel_the_one_who_asks_is_told_to_tell_the_others(day: Day) -> None:
    await have_no_channel(day)
    await day.mina.types("session skip 16:15")
    assert "There is no team channel to say so in: tell the others." in day.mina.last.words


async def test_before_the_visit_there_is_nothing_to_move(before: Day) -> None:
    await before.open_challenge()
    await before.mina.types("session move 13:00 to 13:30")
    assert "There are no peer team sessions today" in before.mina.last.words


async def test_in_a_direct_message_on_two_visits_it_asks_which(day: Day) -> None:
    await day.open_challenge(host="Otherborough")
    await day.mina.says("skip 16:15")
    assert "more than one challenge" in day.mina.last.words
    assert told(day) == []
    await day.mina.says_in_channel("skip 16:15")
    assert told(day) == ["There is no 16:15 session today."]


async def test_on_two_visits_one_tap_says_whose_session_it_is(day: Day) -> None:
    anyshire = day.challenge
    await day.open_challenge(host="Otherborough")
    otherborough = day.challenge
    assert anyshire
    assert otherborough
    await day.mina.says("skip 16:15")
    await day.mina.presses("Anyshire ICS")
    async with day.app.database.reading() as uow:
        states = {
            challenge.host: (await uow.sessions.of_challenge(challenge.id, WEDNESDAY.replace(day=24)))[-1].state
            for challenge in (anyshire, otherborough)
        }
    assert states == {"Anyshire ICS": SessionState.SKIPPED, "Otherborough": SessionState.PLANNED}


# ---------------------------------------------------------------- by button and form


async def test_move_without_a_time_opens_a_form(day: Day) -> None:
    await day.at("11:00").mina.types("session move")
    assert day.mina.form
    assert day.mina.form.title == "Move a session"
    thirteen = next(session for session in await sessions_of(day) if f"{session.planned:%H:%M}" == "13:00")
    await day.mina.sends(session=thirteen.id, to="sometime")
    assert day.mina.errors == {"to": "That is not a time I can read. Give one such as 13:30 or half 1."}
    await day.mina.sends(session=thirteen.id, to="16:15")
    assert "There is a session at that time already" in day.mina.errors["to"]
    await day.mina.sends(session=thirteen.id, to="half 1")
    assert told(day) == ["The 13:00 session is at 13:30 today."]


async def test_the_buttons_of_the_day_move_skip_and_restore(day: Day) -> None:
    await day.ruth.types("sessions")
    await day.ruth.presses("Move 13:00")
    await day.ruth.sends(to="13:30")
    await day.ruth.presses("Skip 16:15")
    await day.ruth.types("sessions")
    await day.ruth.presses("Hold 16:15 after all")
    assert told(day) == [
        "The 13:00 session is at 13:30 today.",
        "There is no 16:15 session today.",
        "The 16:15 session will be held today after all.",
    ]


async def test_a_double_press_of_skip_tells_once(day: Day) -> None:
    await day.ruth.types("sessions")
    card = day.ruth.last
    await day.ruth.presses("Skip 16:15", on=card)
    await day.ruth.presses("Skip 16:15", on=card)
    assert len(told(day)) == 1


async def test_the_buttons_are_for_the_manager_and_the_lead_peer(day: Day) -> None:
    session = (await sessions_of(day))[-1]
    for action in ("triangulation.move", "triangulation.skip", "triangulation.unskip"):
        for person, answer in ((day.priya, "Only the challenge manager and the lead peer"), (day.zed, "not on a peer")):
            await person.presses_action(action, session.id)
            assert answer in person.last.words
            assert person.form is None
        await day.mina.presses_action(action, "nonsense")
        assert "no longer there" in day.mina.last.words
    assert told(day) == []


async def test_a_form_sent_after_the_session_was_held_is_refused(day: Day) -> None:
    await day.ruth.types("session move")
    session = (await sessions_of(day))[0]
    await day.clock_strikes("10:50")
    await day.ruth.sends(session=session.id, to="11:30")
    assert "has been held" in day.ruth.errors["to"]


async def test_the_slash_command_in_the_channel_is_told_once(day: Day) -> None:
    before = len(day.team_channel.posts)
    await day.mina.types("session skip 16:15", channel=TEAM_CHANNEL)
    assert [post.words for post in day.team_channel.posts[before:]] == ["There is no 16:15 session today."]
    assert day.mina.posts == []
