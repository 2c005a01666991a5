"""One card for how a challenge stands, and the list of one's own."""

from tests.fieldwork.day import Day


async def test_the_manager_sees_stage_what_is_missing_and_what_is_next(day: Day) -> None:
    await day.mina.types("challenge")
    card = day.mina.last.words
    assert "Stage: On-site: day 1 of 4" in card
    assert "Team: 7 people" in card
    assert "Team channel: set" in card
    assert "Yet to agree to the ground rules: " in card
    assert "Peer team session: today at 10:45" in card
    assert "[Change days]" in card


async def test_a_peer_sees_what_is_theirs_to_do_and_no_names(day: Day) -> None:
    await day.priya.types("challenge")
    card = day.priya.last.words
    assert "You have not agreed to the ground rules yet" in card
    assert "Tom" not in card
    assert "[Change days]" not in card
    await day.priya.presses("Team")
    assert "Tom Sutton" in day.priya.last.words


async def test_what_is_missing_goes_as_it_is_put_right(day: Day) -> None:
    async with day.app.database.begin() as uow:
        for member in day.members.values():
            await uow.members.set_agreed(member.id, day.now)
        await uow.commit()
    await day.mina.types("challenge")
    assert "Yet to agree" not in day.mina.last.words
    await day.priya.types("status")
    assert "not agreed" not in day.priya.last.words


async def test_a_challenge_that_is_over_says_so(day: Day) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.challenges.change(day.challenge.id, ended_at=day.now)
        await uow.commit()
    for ask in (day.priya.types("challenge"), day.priya.types("challenge", channel="C-team")):
        await ask
        assert "This challenge is over. It closed on Tuesday 24 November 2026." in day.priya.last.words
    await day.mina.types("challenge list")
    assert "It is over." in day.mina.last.words
    await day.mina.presses("Open")
    assert "This challenge is over" in day.mina.last.words
    await day.mina.types("challenge dates", channel="C-team")
    assert "over" in day.mina.last.words


async def test_the_list_shows_each_challenge_and_opens_it(day: Day) -> None:
    await day.mina.types("challenge new Borset Council, adass, 1 to 3 Dec 2026")
    await day.mina.sends()
    await day.mina.types("challenge list")
    card = day.mina.last
    assert "Borset Council\nTuesday 1 to Thursday 3 December 2026, three days" in card.words
    assert "You are on it as Challenge manager." in card.words
    await day.mina.presses_action(card.buttons[0].action, card.buttons[0].value)
    assert day.mina.last.words.startswith("Borset Council")


async def test_a_manager_of_two_challenges_is_asked_which_rather_than_guessed_at(day: Day) -> None:
    await day.mina.types("challenge new Borset Council, adass, 1 to 3 Dec 2026")
    await day.mina.sends()
    for typed in ("challenge team add @zed as peer", "challenge team remove TS", "challenge dates", "challenge times"):
        await day.mina.types(typed, people=(day.zed,))
        assert "You are on more than one challenge. Which is this for?" in day.mina.last.words
        assert {button.label for button in day.mina.last.buttons} == {"Anyshire ICS", "Borset Council"}
    await day.mina.types("challenge dates", channel="C-team")
    assert day.mina.form


async def test_a_manager_of_two_challenges_says_which_with_one_tap(day: Day) -> None:
    await day.mina.types("challenge new Borset Council, adass, 1 to 3 Dec 2026")
    await day.mina.sends()
    await day.mina.types("challenge dates 7 to 9 Dec 2026")
    assert day.mina.form is None
    await day.mina.presses("Borset Council")
    assert day.mina.form
    await day.mina.sends()
    await day.mina.types("challenge list")
    assert "Borset Council\nMonday 7 to Wednesday 9 December 2026" in day.mina.last.words


async def test_two_challenges_of_one_host_are_told_apart_by_their_days(day: Day) -> None:
    await day.mina.types("challenge new Anyshire ICS, adass, 1 to 3 Dec 2026")
    await day.mina.sends()
    await day.mina.types("challenge dates")
    assert {button.label for button in day.mina.last.buttons} == {
        "Anyshire ICS, 24 November",
        "Anyshire ICS, 1 December",
    }


async def test_only_the_one_who_was_asked_can_say_which(day: Day) -> None:
    await day.mina.types("challenge new Borset Council, adass, 1 to 3 Dec 2026")
    await day.mina.sends()
    await day.mina.says("challenge dates 7 to 9 Dec 2026")
    button = day.mina.last.button("Borset Council")
    await day.ruth.presses_action(button.action, button.value)
    assert day.ruth.form is None
    assert "no longer there" in day.ruth.last.words


async def test_in_the_channel_the_status_is_for_the_asker_alone(day: Day) -> None:
    await day.mina.says_in_channel("challenge")
    assert "Stage" in day.mina.last.words
    assert "Stage" not in day.team_channel.sees


async def test_the_status_says_when_it_was_true(day: Day) -> None:
    await day.clock_strikes("10:24")
    await day.mina.types("challenge")
    assert "As of Tue 24 Nov, 10:24" in day.mina.sees
