"""Who is on the team: shown, added, given a role, removed, and welcomed."""

from datetime import datetime, timedelta

import pytest

from handlers.chat import ChoiceField, PeopleField
from handlers.desk import Desk
from storage.records import Address, Intent, Member, Role
from tests.fieldwork.day import LONDON, Day

SET_UP = "challenge new Anyshire ICS, local system, 24 to 27 Nov 2026"


@pytest.fixture
async def new(before: Day) -> Day:
    """A challenge with nobody on it but its manager, ten days before the visit."""
    await before.mina.types(SET_UP)
    await before.mina.sends()
    return before


async def team(day: Day, *, with_removed: bool = False) -> dict[str, Member]:
    """The team of the newest challenge, by initials."""
    async with day.app.database.reading() as uow:
        challenge = (await uow.challenges.all())[0]
        members = await uow.members.of_challenge(challenge.id, with_removed=with_removed)
    return {member.initials: member for member in members}


# ---------------------------------------------------------------- added


async def test_somebody_named_in_one_line_is_on_the_team(new: Day) -> None:
    await new.mina.types("challenge team add @tom as trust chief executive", people=(new.tom,))
    assert "Added as Trust chief executive or former chief executive: Tom Sutton (TS)." in new.mina.last.words
    assert (await team(new))["TS"].role is Role.PEER
    assert (await team(new))["TS"].kind == "trust_chief_executive"


async def test_several_are_added_with_the_form(new: Day) -> None:
    await new.mina.types("challenge team add")
    await new.mina.sends(people=(new.priya, new.grace), who=("priya", "grace"), role="member_peer")
    assert {"PN", "GM"} <= set(await team(new))
    assert new.priya.sees.count("Welcome to the Anyshire ICS peer challenge") == 1
    assert new.grace.sees.count("Welcome to the Anyshire ICS peer challenge") == 1


async def test_a_name_can_be_corrected_for_one_person_at_a_time(new: Day) -> None:
    await new.mina.types("challenge team add")
    await new.mina.sends(people=(new.tom, new.priya), who=("tom", "priya"), name="Thomas Sutton")
    assert "one person at a time" in new.mina.errors["name"]
    await new.mina.sends(people=(new.tom,), who=("tom",), name="Cllr  Thomas Ray Sutton")
    assert (await team(new))["TRS"].name == "Cllr Thomas Ray Sutton"


async def test_namesakes_added_together_are_numbered_and_a_later_one_too(new: Day) -> None:
    for handle, name in (("jo", "Jo Sandford"), ("tom", "Jim Shaw"), ("aled", "Jean Smith"), ("ruth", "Jo Sand")):
        new.people[handle].name = name
    await new.mina.types("challenge team add")
    await new.mina.sends(people=(new.jo, new.tom), who=("jo", "tom"))
    await new.mina.types("challenge team add @aled as peer", people=(new.aled,))
    assert {initials: member.name for initials, member in (await team(new)).items()} == {
        "MO": "Mina Okafor", "JS1": "Jo Sandford", "JS2": "Jim Shaw", "JS3": "Jean Smith",
    }  # fmt: skip


async def test_a_role_that_is_not_known_opens_the_form_with_the_person_chosen(new: Day) -> None:
    await new.mina.types("challenge team add @tom as wizard", people=(new.tom,))
    assert new.mina.form
    (who,) = [part for part in new.mina.form.fields if isinstance(part, PeopleField)]
    assert who.chosen == ("tom",)
    assert "I do not know the role “wizard”" in getattr(new.mina.form.parts[1], "plain", "")
    assert "TS" not in await team(new)


async def test_somebody_who_is_not_mentioned_opens_the_form_with_the_role_chosen(new: Day) -> None:
    await new.mina.types("challenge team add Tom Sutton as lead peer")
    assert new.mina.form
    (role,) = [part for part in new.mina.form.fields if isinstance(part, ChoiceField)]
    assert role.chosen == ("lead_peer",)
    assert "I could not tell who that is" in getattr(new.mina.form.parts[1], "plain", "")


async def test_a_form_without_anybody_or_with_a_role_from_nowhere_is_not_taken(new: Day) -> None:
    await new.mina.types("challenge team add")
    await new.mina.sends(who=("tom",))
    assert "who" in new.mina.errors
    await new.mina.sends(people=(new.tom,), who=("tom",), role="wizard")
    assert "role" in new.mina.errors
    assert set(await team(new)) == {"MO"}


async def test_added_twice_somebody_is_there_once_and_the_second_manager_is_told(new: Day) -> None:
    await new.mina.types("challenge team add @ruth as manager", people=(new.ruth,))
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    await new.ruth.types("challenge team add @tom as peer", people=(new.tom,))
    assert "On the team already as Peer: Tom Sutton (TS)." in new.ruth.last.words
    assert len(new.tom.posts) == 1


async def test_added_with_another_role_somebody_changes_role_and_keeps_initials(new: Day) -> None:
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    await new.mina.types("challenge team add @tom as lead peer", people=(new.tom,))
    assert "Now Lead peer: Tom Sutton (TS)." in new.mina.last.words
    assert (await team(new))["TS"].role is Role.LEAD_PEER
    assert len(new.tom.posts) == 1


async def test_the_last_manager_cannot_become_a_peer_or_leave(new: Day) -> None:
    await new.mina.types("challenge team add @mina as peer", people=(new.mina,))
    assert "needs a challenge manager" in new.mina.last.words
    await new.mina.types("challenge team remove MO")
    await new.mina.presses("Remove")
    assert "needs a challenge manager" in new.mina.last.words
    assert (await team(new))["MO"].role is Role.CHALLENGE_MANAGER


async def test_a_second_manager_gets_the_card_that_says_what_is_missing(new: Day) -> None:
    await new.mina.types("challenge team add @ruth as manager", people=(new.ruth,))
    assert "The team channel is not set" in new.ruth.last.words
    assert "I agree" not in new.ruth.sees


# ---------------------------------------------------------------- removed


async def test_a_removed_peer_loses_access_at_once_and_their_findings_stay(day: Day) -> None:
    await day.tom.says("Staff describe the vision alike #vision")
    await day.mina.types("challenge team remove @tom", people=(day.tom,))
    assert "Remove Tom Sutton (TS) from Anyshire ICS?" in day.mina.last.words
    assert "TS" in await team(day)
    await day.mina.presses("Remove")
    assert "TS" not in await team(day)
    assert "You are no longer on the Anyshire ICS team" in day.tom.sees
    await day.tom.types("challenge team")
    assert "not on a peer challenge" in day.tom.last.words
    await day.tom.says("One more thing")
    assert [finding.text for finding in await day.wall()] == ["Staff describe the vision alike #vision"]


async def test_what_still_waits_for_somebody_who_was_removed_is_not_shown_to_them(day: Day) -> None:
    await day.ruth.says("Staff describe the vision alike #vision")
    finding, tom = await day.finding(1), day.members["tom"]
    later = day.now + timedelta(hours=1)
    one = Intent("findings.one", Address("", ""), finding.id, params={"viewer": tom.id}, due_at=later)
    assert day.challenge
    async with day.app.database.begin() as uow:
        await Desk(uow, day.now, day.app.house).tell(day.challenge, tom.person_id, one)
        await uow.commit()
    await day.mina.types("challenge team remove @tom", people=(day.tom,))
    await day.mina.presses("Remove")
    await day.pass_time(hours=2)
    assert "vision alike" not in day.tom.sees
    assert "You are no longer on the Anyshire ICS team" in day.tom.sees


async def test_a_peer_removed_in_the_evening_hears_of_it_in_the_morning(day: Day) -> None:
    await day.clock_strikes("21:00")
    await day.mina.types("challenge team remove @tom", people=(day.tom,))
    await day.mina.presses("Remove")
    assert "You are no longer" not in day.tom.sees
    await day.pass_time(hours=12)
    assert "You are no longer on the Anyshire ICS team" in day.tom.sees


async def test_the_form_for_removing_lists_the_team(day: Day) -> None:
    await day.mina.types("challenge team remove")
    assert day.mina.form
    (field,) = [part for part in day.mina.form.fields if isinstance(part, ChoiceField)]
    assert "Tom Sutton (TS), Peer" in [choice.label for choice in field.choices]
    await day.mina.sends(member=day.members["tom"].id)
    assert "Tom Sutton (TS) is off the team. Their findings stay." in day.mina.last.words


async def test_an_old_button_for_somebody_who_has_gone_does_nothing(day: Day) -> None:
    await day.mina.types("challenge team remove TS")
    card = day.mina.last
    await day.mina.presses("Remove", on=card)
    await day.mina.presses("Remove", on=card)
    assert "That person is not on the team any more." in day.mina.last.words
    await day.mina.presses_action("team.remove_member", "gone")
    assert "no longer there" in day.mina.last.words


async def test_somebody_who_comes_back_has_their_seat_and_initials(day: Day) -> None:
    await day.mina.types("challenge team remove TS")
    await day.mina.presses("Remove")
    day.jo.name = "Tess Shaw"
    await day.mina.types("challenge team add @jo as peer", people=(day.jo,))
    await day.mina.types("challenge team add @tom as lead peer", people=(day.tom,))
    assert "Back on the team as Lead peer: Tom Sutton (TS)." in day.mina.last.words
    await day.tom.says("I am back")
    assert [finding.text for finding in await day.wall()] == ["I am back"]


async def test_a_newcomer_never_gets_the_initials_of_somebody_who_left(new: Day) -> None:
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    await new.mina.types("challenge team remove TS")
    await new.mina.presses("Remove")
    new.jo.name = "Tess Shaw"
    await new.mina.types("challenge team add @jo as peer", people=(new.jo,))
    assert set(await team(new)) == {"MO", "TS2"}


# ---------------------------------------------------------------- shown


async def test_the_team_is_shown_with_roles_and_who_has_agreed(day: Day) -> None:
    await day.mina.types("challenge team")
    rows = day.mina.last.words
    assert "MO | Mina Okafor | Peer challenge manager | –" in rows
    assert "RC | Ruth Calder | Lead peer | not yet" in rows
    assert rows.index("Ruth Calder") < rows.index("Aled Pryce") < rows.index("Tom Sutton")
    await day.mina.presses("Add people")
    assert day.mina.form
    assert day.mina.form.name == "team.add"
    await day.mina.presses("Remove somebody")
    assert day.mina.form.name == "team.remove"


async def test_a_peer_sees_the_team_and_no_way_to_change_it(day: Day) -> None:
    await day.priya.types("challenge team")
    assert "Tom Sutton" in day.priya.last.words
    assert "Add people" not in day.priya.last.words


async def test_asked_for_in_the_channel_the_team_is_shown_to_the_asker_alone(day: Day) -> None:
    await day.priya.says_in_channel("challenge team")
    assert "Tom Sutton" in day.priya.last.words
    assert "Tom Sutton" not in day.team_channel.sees


async def test_no_name_stands_in_a_notification(day: Day) -> None:
    await day.mina.types("challenge team")
    await day.mina.types("challenge")
    await day.mina.types("challenge team remove TS")
    await day.mina.presses("Remove")
    names = {member.name for member in day.members.values()}
    for post in day.platform.shown:
        assert not [name for name in names if name in post.content.notification]


async def test_nobody_but_the_manager_changes_the_team(day: Day) -> None:
    assert day.challenge
    before = await team(day)
    for somebody, sentence in ((day.ruth, "Only the challenge manager"), (day.zed, "not on a peer challenge")):
        for typed in ("challenge team add @zed as peer", "challenge team remove TS"):
            await somebody.types(typed, people=(day.zed,))
            assert sentence in somebody.last.words
        for action, about in (
            ("team.add", day.challenge.id),
            ("team.remove", day.challenge.id),
            ("team.remove_member", day.members["tom"].id),
        ):
            await somebody.presses_action(action, about)
            assert sentence in somebody.last.words
        for typed in ("challenge team add", "challenge team remove"):
            await day.mina.types(typed)
            somebody.form = day.mina.form
            await somebody.sends(**({"who": ("zed",)} if "add" in typed else {"member": day.members["tom"].id}))
            assert sentence in somebody.errors[""]
    assert await team(day) == before


async def test_a_stranger_cannot_see_the_team(day: Day) -> None:
    assert day.challenge
    await day.zed.types("challenge team")
    await day.zed.presses_action("team.show", day.challenge.id)
    await day.zed.presses_action("team.status", day.challenge.id)
    assert "Tom" not in day.zed.sees
    assert day.zed.sees.count("not on a peer challenge") == 3


# ---------------------------------------------------------------- welcomed


async def test_the_welcome_says_what_a_peer_needs_and_takes_their_agreement(new: Day) -> None:
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    (welcome,) = new.tom.posts
    for words in (
        "base room",
        "Tuesday 24 to Friday 27 November 2026",
        "#vision (focus group)",
        "your initials, TS",
        "encrypted, for this team only.",
        "When the report is signed off you will be asked to destroy your own notes.",
        "What Baseroom itself holds is to be destroyed too, by Thursday 25 February 2027",
        "Nothing we hear is attributed to anyone.",
        "destroy them and confirm that you have",
    ):
        assert words in welcome.words
    await new.tom.presses("I agree")
    assert (await team(new))["TS"].agreed_at == new.now
    (welcome,) = new.tom.posts
    assert "You agreed to the ground rules on Saturday 14 November 2026." in welcome.words
    assert "[I agree]" not in welcome.words


async def test_a_practice_finding_is_offered_and_never_reaches_the_wall(new: Day) -> None:
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    await new.tom.presses("Try a practice finding")
    await new.tom.says("The canary sang in rehearsal #vision")
    async with new.app.database.reading() as uow:
        (challenge,) = await uow.challenges.all()
        assert await uow.findings.on_the_wall(challenge.id) == []
    assert "practice" in new.tom.sees.casefold()


async def test_agreeing_twice_keeps_the_first_day(new: Day) -> None:
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    agree = new.tom.last.button("I agree")
    await new.tom.presses("I agree")
    first = (await team(new))["TS"].agreed_at
    await new.pass_time(days=1)
    await new.tom.presses_action(agree.action, agree.value)
    assert (await team(new))["TS"].agreed_at == first


async def test_nobody_agrees_for_somebody_else(new: Day) -> None:
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    agree = new.tom.last.button("I agree")
    await new.mina.presses_action(agree.action, agree.value)
    assert "somebody else’s" in new.mina.last.words
    await new.zed.presses_action(agree.action, agree.value)
    assert "not on a peer challenge" in new.zed.last.words
    await new.tom.presses_action(agree.action, "gone")
    assert "no longer there" in new.tom.last.words
    assert (await team(new))["TS"].agreed_at is None


async def test_a_welcome_waits_for_the_morning(new: Day) -> None:
    await new.clock_strikes("21:00")
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    assert new.tom.posts == []
    assert "My first message to them waits until Sunday 15 November at 08:00." in new.mina.last.words
    await new.until(datetime(2026, 11, 15, 8, 0, tzinfo=LONDON))
    assert "Welcome" in new.tom.sees


async def test_a_welcome_by_day_is_not_said_to_wait(new: Day) -> None:
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    assert "Added as Peer: Tom Sutton (TS)." in new.mina.last.words
    assert "waits until" not in new.mina.last.words


async def test_somebody_removed_before_the_morning_is_not_welcomed(new: Day) -> None:
    await new.clock_strikes("21:00")
    await new.mina.types("challenge team add @tom as peer", people=(new.tom,))
    await new.mina.types("challenge team remove TS")
    await new.mina.presses("Remove")
    await new.until(datetime(2026, 11, 15, 9, 0, tzinfo=LONDON))
    assert "Welcome" not in new.tom.sees


async def test_in_every_framework_the_welcome_holds_the_ground_rules(before: Day) -> None:
    for host, key in zip(("A", "B", "C", "D"), before.app.house.frameworks, strict=True):
        await before.mina.types("challenge new")
        await before.mina.sends(host=host, framework=key, days="24 to 26 Nov 2026")
        await before.mina.sends()
        await before.mina.presses("Add people")
        await before.mina.sends(people=(before.tom,), who=("tom",))
        words = before.tom.last.words
        assert f"Welcome to the {host} " in words
        assert "attributed to anyone" in words
        assert "destroy them" in words
