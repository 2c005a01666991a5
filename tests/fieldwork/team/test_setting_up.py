"""A manager sets a visit up: in one line or in a form, and sees what was understood before it counts."""

from datetime import date

import pytest

from handlers.chat import Form, TextField
from storage.records import Challenge, Member, Role
from tests.fieldwork.day import Day, Somebody

ONE_LINE = "challenge new Anyshire ICS, local system, 24 to 27 Nov 2026"


async def challenges(day: Day) -> list[Challenge]:
    async with day.app.database.reading() as uow:
        return await uow.challenges.all()


async def team(day: Day) -> list[Member]:
    """The team of the newest challenge."""
    async with day.app.database.reading() as uow:
        return await uow.members.of_challenge((await uow.challenges.all())[0].id)


def words(form: Form | None) -> str:
    """What a person reads on a form that is not a field."""
    assert form
    return "\n".join(getattr(part, "plain", "") for part in form.parts)


def value(somebody: Somebody, name: str) -> str:
    """What stands in a text field of the open form."""
    assert somebody.form
    (field,) = [part for part in somebody.form.fields if part.name == name]
    assert isinstance(field, TextField)
    return field.value


async def test_one_line_is_shown_back_and_sets_the_challenge_up(before: Day) -> None:
    await before.mina.types(ONE_LINE)
    assert before.mina.form
    assert "Tuesday 24 to Friday 27 November 2026, four days on site, Europe/London" in words(before.mina.form)
    assert "10:45, 13:00, 16:15" in words(before.mina.form)
    assert await challenges(before) == []
    await before.mina.sends()
    (made,) = await challenges(before)
    assert (made.host, made.framework, made.first_day, made.last_day, made.zone) == (
        "Anyshire ICS", "local_system", date(2026, 11, 24), date(2026, 11, 27), "Europe/London",
    )  # fmt: skip
    assert [(one.name, one.initials, one.role) for one in await team(before)] == [
        ("Mina Okafor", "MO", Role.CHALLENGE_MANAGER)
    ]


async def test_the_manager_gets_a_card_that_says_what_is_missing(before: Day) -> None:
    await before.mina.types(ONE_LINE)
    await before.mina.sends()
    card = before.mina.last.words
    assert "Stage: Peers confirmed: 10 days to go" in card
    assert "The team channel is not set: type “challenge here” in it." in card
    assert "Nobody is lead peer yet." in card


async def test_the_wall_has_the_frameworks_themes(before: Day) -> None:
    await before.mina.types(ONE_LINE)
    await before.mina.sends()
    async with before.app.database.reading() as uow:
        themes = await uow.themes.of_challenge((await uow.challenges.all())[0].id)
    assert [theme.short for theme in themes][:2] == ["Vision", "Ownership"]


async def test_what_was_understood_can_be_corrected_without_typing_it_again(before: Day) -> None:
    await before.mina.types(ONE_LINE)
    await before.mina.sends(right="no")
    assert value(before.mina, "host") == "Anyshire ICS"
    await before.mina.sends(days="1 to 3 Dec 2026", zone="Dublin")
    assert "Tuesday 1 to Thursday 3 December 2026, three days on site, Europe/Dublin" in words(before.mina.form)
    await before.mina.sends()
    assert [(one.first_day, one.zone) for one in await challenges(before)] == [(date(2026, 12, 1), "Europe/Dublin")]


async def test_the_form_takes_what_british_people_type(before: Day) -> None:
    await before.mina.types("challenge new")
    await before.mina.sends(host="  Anyshire   ICS ", framework="local_system", days="Tues 24 - Fri 27 Nov")
    assert "Tuesday 24 to Friday 27 November 2026" in words(before.mina.form)
    await before.mina.sends()
    assert [one.host for one in await challenges(before)] == ["Anyshire ICS"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("days", "w/c 9 March", "Did you mean Monday 8"),
        ("days", "31 Nov", "does not exist"),
        ("days", "24 to 27 Nov 2025", "which is over"),
        ("days", "soonish", "not a date"),
        ("zone", "Mars", "Write one such as Europe/London."),
        ("host", "   ", "Say whose challenge it is"),
    ],
)
async def test_what_cannot_be_read_is_said_beside_its_field(before: Day, field: str, typed: str, sentence: str) -> None:
    await before.mina.types("challenge new")
    good = {"host": "Anyshire ICS", "framework": "local_system", "days": "24 to 27 Nov 2026"}
    await before.mina.sends((), **(good | {field: typed}))
    assert list(before.mina.errors) == [field]
    assert sentence in before.mina.errors[field]
    assert before.mina.form, "the form stays open"


async def test_one_line_that_is_not_all_clear_opens_the_form_with_the_rest_in_it(before: Day) -> None:
    await before.mina.types("challenge new Anyshire ICS, local system, w/c 9 March")
    assert "Did you mean" in words(before.mina.form)
    assert value(before.mina, "host") == "Anyshire ICS"
    assert value(before.mina, "days") == "w/c 9 March"


async def test_a_weekend_and_a_long_visit_are_pointed_out_and_may_be_meant(before: Day) -> None:
    await before.mina.types("challenge new Anyshire ICS, local system, 24 to 29 Nov 2026")
    assert "Saturday 28 November and Sunday 29 November: a weekend." in words(before.mina.form)
    assert "usually three to four days" in words(before.mina.form)
    await before.mina.sends()
    assert len(await challenges(before)) == 1


async def test_the_same_form_sent_twice_makes_one_challenge(before: Day) -> None:
    await before.mina.types(ONE_LINE)
    form = before.mina.form
    await before.mina.sends()
    before.mina.form = form
    await before.mina.sends()
    assert "already" in before.mina.errors[""]
    assert len(await challenges(before)) == 1


async def test_the_same_challenge_set_up_in_another_form_is_noticed(before: Day) -> None:
    for _ in range(2):
        await before.mina.types(ONE_LINE)
        if "understood" in words(before.mina.form):
            await before.mina.sends()
    assert "is set up for those days already" in words(before.mina.form)
    assert len(await challenges(before)) == 1


async def test_a_typed_line_offers_a_button_that_opens_what_was_understood(before: Day) -> None:
    await before.mina.says(ONE_LINE)
    await before.mina.presses("Set up a challenge")
    await before.mina.sends()
    await before.mina.says("challenge new Borset Council, adass, 1 to 3 Dec 2026")
    await before.mina.presses("Set up a challenge")
    assert "Tuesday 1 to Thursday 3 December 2026" in words(before.mina.form)
    assert [one.host for one in await challenges(before)] == ["Anyshire ICS"]


async def test_somebody_who_may_set_up_is_invited_to(before: Day) -> None:
    for typed in ("challenge", "challenge list"):
        await before.mina.types(typed)
        assert "You are on no challenge yet" in before.mina.last.words
    await before.mina.presses("Set up a challenge")
    assert before.mina.form
    assert before.mina.form.name == "team.new"


async def test_only_people_named_as_managers_may_set_up(before: Day) -> None:
    await before.zed.types(ONE_LINE)
    assert "BASEROOM_MANAGERS" in before.zed.last.words
    await before.zed.presses_action("team.new")
    assert "BASEROOM_MANAGERS" in before.zed.last.words
    await before.mina.types(ONE_LINE)
    before.zed.form = before.mina.form
    await before.zed.sends()
    assert "BASEROOM_MANAGERS" in before.zed.errors[""]
    await before.mina.types("challenge new")
    before.zed.form = before.mina.form
    await before.zed.sends(host="X", framework="local_system", days="24 to 27 Nov 2026")
    assert "BASEROOM_MANAGERS" in before.zed.errors[""]
    assert await challenges(before) == []


async def test_a_stranger_is_told_whom_to_ask_and_nothing_of_it_is_kept(before: Day) -> None:
    await before.zed.types("challenge")
    assert "Ask your challenge manager" in before.zed.last.words
    await before.zed.says("The canary sang")
    async with before.app.database.reading() as uow:
        assert await uow.challenges.all() == []
    assert "Log it" not in before.zed.sees
