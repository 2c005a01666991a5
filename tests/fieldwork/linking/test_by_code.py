"""A peer who is known in Slack becomes the same person in Teams, with a code and nobody's help."""

from pathlib import Path

import pytest

from storage.records import Role
from tests.fieldwork.day import Day
from tests.fieldwork.linking.conftest import account_of, code_in, link, seat


async def seats(day: Day, handle: str) -> list[str]:
    account = await account_of(day, handle)
    async with day.app.database.reading() as uow:
        return [one.initials for one in await uow.members.of_person(account.person_id, with_removed=True)]


async def test_what_is_typed_on_the_second_platform_is_on_the_same_wall(both: Day) -> None:
    await both.priya.says("Heard in Slack #vision")
    await link(both)
    await both.priya_t.says("Heard in Teams #vision")
    assert "#2 saved" in both.priya_t.last.words
    first, second = await both.wall()
    assert first.author_id == second.author_id == both.members["priya"].id


async def test_both_accounts_are_told_and_neither_is_told_of_a_challenge(both: Day) -> None:
    await link(both)
    for account in (both.priya, both.priya_t):
        told = account.last
        assert "You are one person now on Slack and Teams." in told.words
        assert "Anyshire" not in told.words
        assert "Priya" not in told.words


async def test_the_manager_hears_who_is_on_two_platforms(both: Day) -> None:
    await link(both)
    assert "Priya Nair (PN) of Anyshire ICS is on Slack and Teams now, as one person." in both.mina.last.words
    assert "Priya" not in both.mina.last.content.notification


async def test_a_code_stands_on_the_card_and_nowhere_else(both: Day) -> None:
    await both.priya.says("link")
    card = both.priya.last
    code = code_in(card.words)
    assert code not in card.content.notification
    folder = Path(both.app.database.engine.url.database or "").parent
    stored = b"".join(path.read_bytes() for path in folder.glob("baseroom.db*"))  # the file and its log
    assert not any(shape.encode() in stored for shape in (code, code.replace("-", "")))


async def test_asked_for_in_a_channel_the_code_comes_in_private(both: Day) -> None:
    await both.priya.types("link", channel="C-team")
    [card] = [post for post in both.priya.posts if "type this to me" in post.words]
    assert card.target.conversation == "D-priya"
    assert "link " not in both.team_channel.sees


@pytest.mark.parametrize("spell", ["link {}", "LINK {}", "link {} ", "/link {}"])
async def test_a_code_is_read_however_a_phone_types_it(both: Day, spell: str) -> None:
    await both.priya.says("link")
    code = code_in(both.priya.last.words).replace("-", "–").lower()
    await both.priya_t.says(spell.format(code))
    assert "one person now" in both.priya_t.last.words


async def test_a_code_works_once(both: Day) -> None:
    await both.priya.says("link")
    code = code_in(both.priya.last.words)
    await both.priya_t.says(f"link {code}")
    await both.zed_t.says(f"link {code}")
    assert "That code is wrong, or older than ten minutes, or used." in both.zed_t.last.words
    assert await seats(both, "zed_t") == []


async def test_a_code_lives_for_ten_minutes(both: Day) -> None:
    await both.priya.says("link")
    code = code_in(both.priya.last.words)
    await both.pass_time(minutes=10, seconds=1)
    await both.priya_t.says(f"link {code}")
    assert "older than ten minutes" in both.priya_t.last.words
    assert await seats(both, "priya_t") == []


async def test_a_new_code_takes_the_place_of_the_last(both: Day) -> None:
    await both.priya.says("link")
    first = code_in(both.priya.last.words)
    await both.priya.says("link")
    await both.priya_t.says(f"link {first}")
    assert "That code is wrong" in both.priya_t.last.words


async def test_five_wrong_codes_an_hour_are_enough_whatever_the_sixth_is(both: Day) -> None:
    await both.priya.says("link")
    right = code_in(both.priya.last.words)
    for _ in range(5):
        await both.zed_t.says("link BBBB-BBBB")
        assert "That code is wrong" in both.zed_t.last.words
    await both.zed_t.says(f"link {right}")
    assert "too many wrong codes" in both.zed_t.last.words
    assert await seats(both, "zed_t") == []
    await both.priya_t.says(f"link {right}")  # somebody else's tries are not hers
    assert "one person now" in both.priya_t.last.words


async def test_after_an_hour_another_code_may_be_tried(both: Day) -> None:
    for _ in range(5):
        await both.zed_t.says("link BBBB-BBBB")
    await both.pass_time(hours=1, seconds=1)
    await both.zed_t.says("link BBBB-BBBB")
    assert "That code is wrong" in both.zed_t.last.words


async def test_ones_own_code_is_no_wrong_try_and_links_nothing(both: Day) -> None:
    await both.priya.says("link")
    code = code_in(both.priya.last.words)
    await both.priya.says(f"link {code}")
    assert "That is your own code." in both.priya.last.words
    await both.priya_t.says(f"link {code}")
    assert "one person now" in both.priya_t.last.words


async def test_a_code_is_neither_logged_nor_offered_for_the_wall(both: Day) -> None:
    await both.priya.says("link")
    code = code_in(both.priya.last.words)
    await both.nell.says("link BBBB-BBBB")
    await both.priya.says(f"link {code}")
    assert "Log it" not in both.nell.sees + both.priya.sees
    assert await both.wall() == []


async def test_what_is_no_code_is_said_to_be_none(both: Day) -> None:
    await both.nell.says("link 1234-ABCD")
    assert "That is not a code of mine" in both.nell.last.words


async def test_words_about_a_link_are_a_finding(both: Day) -> None:
    await both.nell.says("Link workers are stretched #vision")
    assert "#1 saved" in both.nell.last.words


async def test_somebody_on_no_team_has_nothing_to_link(both: Day) -> None:
    await both.zed_t.says("link")
    assert "where your team knows you already" in both.zed_t.last.words


async def test_two_accounts_of_one_workspace_are_not_linked(both: Day) -> None:
    await both.priya.says("link")
    await both.zed.says(f"link {code_in(both.priya.last.words)}")
    assert "Both accounts are on the same platform." in both.zed.last.words


# ---------------------------------------------------------------- somebody with a seat of their own


async def test_two_seats_on_a_challenge_become_the_older_one(both: Day) -> None:
    await seat(both, "priya_t")
    await both.priya.says("Heard in Slack #vision")
    await both.priya_t.says("Heard in Teams #vision, 1:1")
    assert "PN2" in await seats(both, "priya_t")
    await both.priya.says("link")
    await both.priya_t.says(f"link {code_in(both.priya.last.words)}")
    await both.priya_t.presses("Yes, both are mine")
    assert await seats(both, "priya_t") == ["PN"]
    numbers = [(one.number, one.author_id, one.logged_by) for one in await both.wall()]
    assert numbers == [(n, both.members["priya"].id, both.members["priya"].id) for n in (1, 2)]
    await both.priya_t.presses("Undo")  # the receipt in Teams is still hers
    assert [one.number for one in await both.wall()] == [1]


async def test_nothing_is_given_away_without_a_question(both: Day) -> None:
    """A code that somebody was talked into typing would open their rooms to whoever made it."""
    await both.nell.says("link")
    await both.mina.says(f"link {code_in(both.nell.last.words)}")
    assert "Did you ask for it yourself" in both.mina.last.words
    assert "Nell" not in both.mina.last.words
    assert await seats(both, "mina") == ["MO"]
    await both.mina.presses("Yes, both are mine")
    assert "one person now" in both.mina.last.words
    async with both.app.database.reading() as uow:
        member = await uow.members.get(both.members["mina"].id)
    assert (member.role, member.initials) == (Role.CHALLENGE_MANAGER, "MO")


async def test_the_question_is_nobody_elses_to_answer(both: Day) -> None:
    await both.nell.says("link")
    await both.mina.says(f"link {code_in(both.nell.last.words)}")
    button = both.mina.last.button("Yes")
    await both.nell.presses_action(button.action, button.value)
    assert "Nothing was linked" in both.nell.last.words
    await both.pass_time(minutes=11)
    await both.mina.presses("Yes, both are mine")
    assert "Nothing was linked" in both.mina.last.words
    assert await seats(both, "nell") == ["NF"]


async def test_who_was_taken_off_the_team_does_not_come_back_by_a_second_account(both: Day) -> None:
    await seat(both, "priya_t")
    await both.priya.says("link")
    code = code_in(both.priya.last.words)
    await both.mina.presses_action("team.remove_member", both.members["priya_t"].id)
    await both.priya_t.says(f"link {code}")
    assert "has been taken off the team and the other has not" in both.priya_t.last.words
    await both.priya_t.says("Heard by somebody removed")
    assert "not on a peer challenge" in both.priya_t.last.words


async def test_once_both_are_off_the_team_linking_brings_neither_back(both: Day) -> None:
    await seat(both, "priya_t")
    await both.priya.says("link")
    code = code_in(both.priya.last.words)
    for handle in ("priya", "priya_t"):
        await both.mina.presses_action("team.remove_member", both.members[handle].id)
    await both.priya_t.says(f"link {code}")
    if both.priya_t.posts[-1].buttons:
        await both.priya_t.presses("Yes, both are mine")
    assert "one person now" in both.priya_t.last.words
    await both.priya_t.says("Heard by somebody removed")
    assert "not on a peer challenge" in both.priya_t.last.words
