"""Standing at the wall, anyone on the team puts a finding without a theme on its flip chart."""

from datetime import timedelta

import pytest

from bot.ports import NotSent, Target
from handlers.chat import Place, PlaceKind, Submitted
from storage.records import ThemeId
from tests.fieldwork.day import WORKSPACE, Day, Somebody
from tests.fieldwork.triangulation.test_sessions import sessions_in


async def theme_id(day: Day, short: str) -> ThemeId:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return next(theme.id for theme in await uow.themes.of_challenge(day.challenge.id) if theme.short == short)


async def put(day: Day, person: Somebody, number: int, short: str) -> None:
    """Send the open form with a theme chosen for one finding."""
    chosen: dict[str, str] = {(await day.finding(number)).id: await theme_id(day, short)}
    await person.sends((), **chosen)


async def put_meanwhile(day: Day, person: Somebody, number: int, short: str) -> None:
    """The same while a post is under way: what it promises goes out when that has ended."""
    assert person.form
    values: dict[str, str] = {(await day.finding(number)).id: await theme_id(day, short)}
    sent = Submitted(
        id="meanwhile", at=day.now, person=person.person, place=Place("slack", WORKSPACE, "", PlaceKind.DM),
        form=person.form.name, values=values, carried=person.form.carried,
    )  # fmt: skip
    await day.app.dispatch.handle(sent)


def fields_of(person: Somebody) -> list[str]:
    """The labels on the form that is open."""
    return [field.label for field in person.form.fields] if person.form else []


async def two_unsorted_at_a_session(day: Day) -> None:
    await day.at("10:20").priya.says("Somebody ought to look at transport")
    await day.at("10:25").tom.says("The bus comes twice a day")
    await day.clock_strikes("10:45")


async def test_what_is_sorted_at_the_session_is_sorted_on_its_card(day: Day) -> None:
    await two_unsorted_at_a_session(day)
    assert "Unsorted: 2 · #1 #2" in sessions_in(day)[0].words
    await day.grace.presses("Sort them", on=sessions_in(day)[0])
    await put(day, day.grace, 1, "Engagement")
    assert await day.themes_of(1) == ["Engagement"]
    assert await day.themes_of(2) == []
    assert "themes" in (await day.finding(1)).set_by_hand
    assert len(sessions_in(day)) == 1
    assert "Unsorted: 1 · #2" in sessions_in(day)[0].words
    assert "📣 Engagement: 1 unmarked · #1" in sessions_in(day)[0].words
    assert "Sorted 1 finding." in day.grace.last.words


async def test_sorting_while_the_card_is_on_its_way_does_not_post_it_stale(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    await day.at("10:20").priya.says("Somebody ought to look at transport")
    await day.grace.types("sort findings")
    posted = day.platform.post

    async def sort_and_fail(target: Target, page: object, *, key: str) -> str:
        monkeypatch.setattr(day.platform, "post", posted)
        await put_meanwhile(day, day.grace, 1, "Engagement")
        raise NotSent("service unavailable", timedelta(minutes=16))

    monkeypatch.setattr(day.platform, "post", sort_and_fail)
    await day.clock_strikes("11:02")
    assert await day.themes_of(1) == ["Engagement"]
    assert sessions_in(day) == []
    assert "The 10:45 session was not posted" in day.mina.last.words


async def test_an_edit_of_the_message_leaves_the_theme_chosen_by_hand(day: Day) -> None:
    message = await day.priya.says("Somebody ought to look at transport")
    await day.priya.types("sort findings")
    await put(day, day.priya, 1, "Engagement")
    await day.priya.edits(message, "Somebody ought to look at buses #vision")
    assert await day.themes_of(1) == ["Engagement"]


async def test_ten_at_a_time_and_what_is_left_open_is_not_asked_again(day: Day) -> None:
    for number in range(12):
        await day.priya.says(f"Unsorted of number {number}")
    await day.tom.types("sort findings")
    assert len(fields_of(day.tom)) == 10
    await put(day, day.tom, 3, "Vision")
    assert fields_of(day.tom) == ["Theme of #11", "Theme of #12"]
    await day.tom.sends()
    assert fields_of(day.tom) == []
    assert await day.themes_of(3) == ["Vision"]


async def test_two_at_once_the_first_choice_stands(day: Day) -> None:
    await two_unsorted_at_a_session(day)
    await day.grace.presses("Sort them", on=sessions_in(day)[0])
    await day.jo.presses("Sort them", on=sessions_in(day)[0])
    await put(day, day.grace, 1, "Engagement")
    await put(day, day.jo, 1, "Vision")
    assert await day.themes_of(1) == ["Engagement"]
    assert "Nothing was sorted." in day.jo.last.words


async def test_a_finding_withdrawn_meanwhile_stays_withdrawn(day: Day) -> None:
    message = await day.priya.says("Somebody ought to look at transport")
    await day.tom.types("sort findings")
    await day.priya.deletes(message)
    await put(day, day.tom, 1, "Vision")
    assert await day.wall() == []
    assert await day.themes_of(1) == []


async def test_nothing_to_sort_is_said(day: Day) -> None:
    await day.priya.says("Staff know the plan #vision")
    await day.tom.says("sort findings")
    assert "Nothing is unsorted" in day.tom.last.words


async def test_typed_in_a_message_a_button_opens_the_form(day: Day) -> None:
    await day.priya.says("Somebody ought to look at transport")
    await day.tom.says("sort findings")
    await day.tom.presses("Sort findings")
    assert day.tom.form
    assert day.tom.form.name == "triangulation.sort"


async def test_a_stranger_sorts_nothing(day: Day) -> None:
    await two_unsorted_at_a_session(day)
    button = sessions_in(day)[0].button("Sort them")
    await day.grace.presses("Sort them", on=sessions_in(day)[0])
    await day.zed.presses_action(button.action, button.value)
    await day.zed.types("sort findings")
    assert day.zed.form is None
    assert "transport" not in day.zed.sees
    day.zed.form = day.grace.form
    await put(day, day.zed, 1, "Vision")
    assert "not on a peer challenge" in day.zed.errors[""]
    assert await day.themes_of(1) == []


async def test_a_theme_that_the_challenge_does_not_have_is_not_taken(day: Day) -> None:
    await day.priya.says("Somebody ought to look at transport")
    await day.tom.types("sort findings")
    nonsense: dict[str, str] = {(await day.finding(1)).id: "nonsense"}
    await day.tom.sends((), **nonsense)
    assert await day.themes_of(1) == []


async def test_the_button_of_a_session_that_is_gone_is_from_an_old_card(day: Day) -> None:
    await day.priya.presses_action("triangulation.sort", "nonsense")
    assert "no longer there" in day.priya.last.words
