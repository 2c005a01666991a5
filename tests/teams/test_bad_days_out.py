"""What goes wrong on the way out of Baseroom in Teams, as people meet it."""

from datetime import timedelta

from handlers.chat import Card, text
from handlers.desk import Desk
from storage.records import Address, Intent
from tests.fakes.teams import Fault, Message
from tests.teams.world import TeamsDay

HEARD = "Carers wait too long"


async def test_a_post_waits_as_long_as_teams_asks_and_not_a_moment_less(teams_day: TeamsDay) -> None:
    teams_day.teams.fault("send", Fault.answers(429, "Throttled", retry_after=30))
    await teams_day.after(teams_day.priya.dm(HEARD))
    await teams_day.pass_time(seconds=29)
    assert "#1 saved" not in teams_day.reads("priya")
    await teams_day.pass_time(seconds=2)
    assert "#1 saved" in teams_day.reads("priya")


async def build_long_list(_desk: Desk, _intent: Intent) -> Card:
    return Card("A long list", (text(f"{HEARD}. " * 4000),))


async def tell_priya_at_length(day: TeamsDay) -> int:
    """Something longer than one message; returns how many she had had from Baseroom before."""
    before = len(day.from_baseroom("priya"))
    day.app.house.registry.post("a_long_list", build_long_list)
    async with day.app.database.begin() as uow:
        desk = Desk(uow, day.clock.now(), day.app.house)
        assert day.challenge
        (priya,) = [one for one in await uow.members.of_challenge(day.challenge.id) if one.name == "Priya Nair"]
        await desk.send_to(day.challenge, priya, Intent("a_long_list", Address("", "")))
        await uow.commit()
    await day.settled()
    return before


def times_heard(day: TeamsDay, pages: list[Message]) -> int:
    return " ".join(" ".join(day.priya.sees(page) for page in pages).split()).count(HEARD)


async def test_a_post_longer_than_a_message_comes_in_several(teams_day: TeamsDay) -> None:
    before = await tell_priya_at_length(teams_day)
    pages = teams_day.from_baseroom("priya")[before:]
    assert len(pages) > 1
    assert times_heard(teams_day, pages) == 4000
    assert len({page.summary for page in pages}) == len(pages), "each says which it is"
    assert teams_day.teams.rejected == []


async def test_a_long_post_whose_first_page_is_in_doubt_is_whole_in_the_end(teams_day: TeamsDay) -> None:
    teams_day.teams.fault("send", Fault.resets(after_effect=True))
    before = await tell_priya_at_length(teams_day)
    await teams_day.pass_time(minutes=1)
    assert len(teams_day.from_baseroom("priya")) == before + 1
    await teams_day.after(teams_day.mina.presses(teams_day.newest("mina", "Did this appear?"), "It appeared"))
    pages = teams_day.from_baseroom("priya")[before:]
    assert times_heard(teams_day, pages) == 4000


async def test_a_session_that_may_have_been_posted_is_not_posted_twice(teams_day: TeamsDay) -> None:
    await teams_day.after(teams_day.priya.dm(f"{HEARD} #access"))
    await teams_day.until(teams_day.clock.now().replace(hour=10, minute=44))
    teams_day.teams.fault("create", Fault.resets(after_effect=True))
    await teams_day.pass_time(minutes=5)
    sessions = [post for post in teams_day.in_channel() if "10:45 session" in teams_day.mina.sees(post)]
    assert len(sessions) == 1
    assert "to the team channel in Teams" in teams_day.mina.sees(teams_day.newest("mina", "Did this appear?"))


async def test_two_managers_answers_to_one_question_do_one_thing(teams_day: TeamsDay) -> None:
    teams_day.teams.fault("send", Fault.answers(502))
    await teams_day.after(teams_day.priya.dm(HEARD))
    await teams_day.pass_time(minutes=1)
    asked = teams_day.newest("mina", "Did this appear?")
    old_card = asked.attachment
    await teams_day.after(teams_day.mina.presses(asked, "Post it again"))
    asked.attachment, asked.views = old_card, {}
    await teams_day.after(teams_day.mina.presses(asked, "Post it again"))
    receipts = [post for post in teams_day.from_baseroom("priya") if "#1 saved" in teams_day.priya.sees(post)]
    assert len(receipts) == 1


async def test_the_home_of_a_team_may_be_a_group_chat(teams_day: TeamsDay) -> None:
    chat = teams_day.teams.group_chat([teams_day.people[one] for one in ("mina", "ruth", "priya", "tom")])
    await teams_day.after(teams_day.mina.says(chat, "@Baseroom challenge here"))
    assert "team’s channel now" in teams_day.mina.sees(teams_day.teams.posts_in(chat)[-1])
    await teams_day.after(teams_day.priya.dm(f"{HEARD} #access"))
    before = len(teams_day.teams.posts_in(chat))
    await teams_day.until(teams_day.clock.now() + timedelta(minutes=50))
    assert [post for post in teams_day.teams.posts_in(chat)[before - 1 :] if "session" in teams_day.mina.sees(post)]


async def test_somebody_who_came_in_unnoticed_is_seen_at_the_next_look(teams_day: TeamsDay) -> None:
    assert teams_day.team_channel.team
    teams_day.team_channel.team.members.append(teams_day.zed.user)  # and no word of it reached us
    await teams_day.app.rounds.look()
    await teams_day.settled()
    assert "Zed Stranger" in teams_day.reads("mina")
    before = len(teams_day.in_channel())
    await teams_day.pass_time(hours=1)
    assert len(teams_day.in_channel()) == before, "the session of 10:45 is not for them"


async def test_somebody_who_comes_in_while_teams_cannot_say_who_is_there_is_looked_for(teams_day: TeamsDay) -> None:
    looks, posts = len(teams_day.teams.calls_of("members")), teams_day.in_channel()
    teams_day.teams.fault("members", Fault.answers(503))
    await teams_day.zed.joins(teams_day.team_channel)
    await teams_day.teams.until(lambda: len(teams_day.teams.calls_of("members")) == looks + 2, hope="a second look")
    await teams_day.teams.until(lambda: "Zed Stranger" in teams_day.reads("mina"), hope="Mina reading who came in")
    await teams_day.pass_time(hours=1)
    assert teams_day.in_channel() == posts, "the session of 10:45 is not for them"


async def test_a_team_that_baseroom_was_taken_out_of_unnoticed_is_told_of(teams_day: TeamsDay) -> None:
    assert teams_day.team_channel.team
    teams_day.team_channel.team.app = False
    await teams_day.app.rounds.look()
    await teams_day.settled()
    assert "not in" in teams_day.reads("mina")
