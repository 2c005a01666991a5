"""A peer looks for what was said: their own, a theme, today, a word."""

from datetime import timedelta

from tests.fieldwork.day import FIRST_DAY, Day


async def a_wall(day: Day) -> None:
    await day.priya.says("The vision is on every wall #vision")
    await day.tom.says("AFI: rotas are not shared #workforce (focus group, ward staff)")
    await day.tom.says("Somebody mentioned canteens")


async def test_findings_alone_lists_ones_own_newest_first(day: Day) -> None:
    await a_wall(day)
    await day.tom.types("findings")
    words = day.tom.last.words
    assert words.startswith("Your findings: 2")
    assert words.index("#3") < words.index("#2")
    assert "vision" not in words


async def test_a_filter_asks_the_whole_wall(day: Day) -> None:
    await a_wall(day)
    for args, numbers in {
        "all": "321",
        "today": "321",
        "#vision": "1",
        "vision": "1",
        "unsorted": "3",
        "by PN": "1",
        "mine today": "32",
        "ROTAS": "2",
        "ward staff": "2",
        "improvements": "2",
        "yesterday": "",
    }.items():
        await day.tom.types(f"findings {args}")
        found = [line[1] for line in day.tom.last.words.split("\n") if line.startswith("#")]
        assert "".join(found) == numbers, args


async def test_typed_words_are_a_question_only_when_all_of_them_are(day: Day) -> None:
    await a_wall(day)
    await day.priya.says("findings today")
    assert "The team’s findings" in day.priya.last.words
    assert "[Log what I typed as a finding]" in day.priya.last.words
    await day.priya.says("Findings of the audit were shared with every ward")
    assert len(await day.wall()) == 4


async def test_a_long_list_is_turned_page_by_page(day: Day) -> None:
    for number in range(10):
        await day.priya.says(f"Ward {number} shares its rota")
    await day.priya.types("findings rota")
    assert "1 to 8 of 10" in day.priya.last.words
    await day.priya.presses("Older")
    assert "9 to 10 of 10" in day.priya.last.words
    await day.priya.presses("Newer")
    assert "1 to 8 of 10" in day.priya.last.words


async def test_a_page_is_of_the_visit_whose_list_it_was(day: Day) -> None:
    for number in range(10):
        await day.priya.says(f"Ward {number} shares its rota")
    await day.priya.types("findings rota")
    button = day.priya.last.button("Older")
    await day.open_challenge(host="Borsetshire")
    await day.priya.says_in_channel("Their rota is kept on paper")  # the newest of hers is on the other visit now
    await day.priya.presses_action(button.action, button.value)
    assert "9 to 10 of 10" in day.priya.last.words


async def test_anothers_page_cannot_be_turned(day: Day) -> None:
    for number in range(10):
        await day.priya.says(f"Ward {number} shares its rota")
    await day.priya.types("findings rota")
    button = day.priya.last.button("Older")
    await day.tom.presses_action(button.action, button.value)
    assert "earlier time" in day.tom.last.words


async def test_one_finding_is_shown_whole_with_its_source_and_initials(day: Day) -> None:
    words = "AFI: rotas are not shared, " + "and the reasons given differ from ward to ward, " * 10
    await day.tom.says(f"{words}#workforce (focus group, ward staff)")
    await day.priya.types("finding 1")
    shown = day.priya.last
    assert words in shown.words
    assert "By: TS" in shown.words
    assert "Source: ward staff" in shown.words
    assert "Edit" not in [button.label for button in shown.buttons], "it is not hers to change"
    await day.tom.types("finding 1")
    await day.tom.presses("Edit")
    await day.tom.sends(text="Rotas are not shared")
    assert (await day.finding(1)).text == "Rotas are not shared"
    await day.tom.types("finding edit 1")
    assert day.tom.form
    assert day.tom.form.title == "Finding #1"


async def test_a_number_that_is_not_there_is_answered_in_words(day: Day) -> None:
    for args in ("9", "edit 9", "9999999"):
        await day.priya.types(f"finding {args}")
        assert "no finding with that number" in day.priya.last.words


async def test_edit_one_from_the_list(day: Day) -> None:
    await a_wall(day)
    await day.tom.types("findings")
    await day.tom.presses("Edit one")
    await day.tom.sends(finding=(await day.finding(3)).id)
    await day.tom.sends(text="Canteens came up twice")
    assert (await day.finding(3)).text == "Canteens came up twice"


async def test_lists_asked_for_in_the_channel_are_shown_to_the_asker_alone(day: Day) -> None:
    await a_wall(day)
    await day.tom.types("findings all", channel="C-team")
    assert "canteens" in day.tom.last.words
    await day.tom.says_in_channel("findings all")
    assert day.tom.last.target.conversation == "D-tom"
    assert "canteens" not in day.team_channel.sees


async def test_strangers_see_no_list(day: Day) -> None:
    await a_wall(day)
    for command in ("findings all", "finding 1", "finding", "practice"):
        await day.zed.types(command)
        assert "not on a peer challenge" in day.zed.last.words
        assert day.zed.form is None


async def test_yesterday_is_the_day_before(day: Day) -> None:
    await a_wall(day)
    await day.on(FIRST_DAY + timedelta(days=1))
    await day.tom.types("findings yesterday")
    assert "The team’s findings · 24 November: 3" in day.tom.last.words
