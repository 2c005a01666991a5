"""The team puts up flip charts of its own, and everything that led to an old one still leads somewhere."""

import pytest

from handlers.chat import ChoiceField, Form
from storage.records import Theme
from tests.fieldwork.day import Day


async def themes_of(day: Day) -> dict[str, Theme]:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return {theme.short: theme for theme in await uow.themes.of_challenge(day.challenge.id)}


async def test_the_wall_shows_each_flip_chart_with_its_counts_and_words(day: Day) -> None:
    await day.priya.says("Partners share one plan #vision")
    await day.priya.says("Nobody could say who decides")
    await day.tom.says("themes")
    assert "🧭 Vision: 1 finding · #vision #priorities" in day.tom.sees
    assert "Governance: nothing yet" in day.tom.sees
    assert "Unsorted: 1 finding" in day.tom.sees
    assert "Partners" not in day.tom.sees


async def test_the_prompts_are_a_tap_away(day: Day) -> None:
    await day.priya.says("themes")
    await day.priya.presses("Prompts")
    assert "Do all boards and chief executives treat the priorities as their own?" in day.priya.last.words


async def test_any_peer_adds_a_flip_chart_and_the_team_hears_of_it(day: Day) -> None:
    await day.priya.says("theme add 🚌 Transport")
    assert day.priya.last.words.startswith("A new flip chart: 🚌 Transport. Tag findings #transport.")
    assert "A new flip chart: 🚌 Transport" in day.team_channel.sees
    await day.tom.says("The last bus leaves at four #transport")
    assert await day.themes_of(1) == ["Transport"]


async def test_a_flip_chart_added_in_the_channel_is_announced_there_once(day: Day) -> None:
    await day.priya.says_in_channel("theme add Transport")
    assert day.team_channel.sees.count("A new flip chart") == 1
    assert "A new flip chart" not in day.priya.sees


async def test_a_flip_chart_is_added_by_form(day: Day) -> None:
    form = await day.priya.types("theme add")
    assert isinstance(form, Form)
    await day.priya.sends(title="Vision")
    assert day.priya.errors == {"title": "#vision leads to Vision already. Choose another name."}
    await day.priya.sends(title="Transport", emoji="🚌")
    assert (await themes_of(day))["Transport"].emoji == "🚌"


async def test_what_is_longer_than_a_name_is_a_finding(day: Day) -> None:
    await day.priya.says("Themes of trust came up in every meeting")
    await day.priya.says("theme add is what they do\nwhenever nobody decides")
    assert len(await day.wall()) == 2


async def test_a_title_nobody_could_read_is_refused_where_it_was_typed(day: Day) -> None:
    await day.priya.says("theme add " + "long " * 30)
    assert "149 characters; 100 fit" in day.priya.last.words
    assert len(await themes_of(day)) == 8


async def test_old_words_keep_working_after_a_rename(day: Day) -> None:
    await day.priya.says("The board minutes are thin #governance")
    await day.ruth.says("theme rename governance to 🧮 Who decides")
    assert "The flip chart Governance is now 🧮 Who decides" in day.team_channel.sees
    assert await day.themes_of(1) == ["Who decides"]
    await day.priya.says("Papers come late #governance")
    await day.pass_time(seconds=20)
    await day.priya.says("Papers come late #who-decides")
    assert await day.themes_of(2) == await day.themes_of(3) == ["Who decides"]


async def test_on_two_visits_it_asks_whose_flip_chart_it_is(day: Day) -> None:
    anyshire = day.challenge
    await day.open_challenge(host="Borsetshire")
    for line in ("theme add Transport", "theme rename governance to Who decides", "theme retire vision"):
        await day.priya.says(line)
        assert "Which is this for?" in day.priya.last.words
        await day.priya.presses("Borsetshire")
    themes = await themes_of(day)
    assert {"Transport", "Who decides"} <= set(themes)
    assert themes["Vision"].retired_at is not None
    day.challenge = anyshire
    assert not {"Transport", "Who decides"} & set(await themes_of(day))
    assert (await themes_of(day))["Vision"].retired_at is None


async def test_renaming_to_its_own_name_says_nothing_to_the_team(day: Day) -> None:
    before = day.team_channel.sees
    await day.ruth.says("theme rename governance to Governance")
    assert "That is its name already" in day.ruth.last.words
    assert day.team_channel.sees == before


async def test_renaming_an_unknown_flip_chart_offers_the_nearest_with_the_new_name_kept(day: Day) -> None:
    await day.priya.says("theme rename govrnance to Who decides")
    assert "There is no flip chart called “govrnance”" in day.priya.last.words
    await day.priya.presses("Rename 🏛️ Governance")
    assert day.priya.form
    assert {getattr(field, "value", "") for field in day.priya.form.fields} >= {"Who decides"}
    await day.priya.sends()
    assert "Who decides" in await themes_of(day)


async def test_a_merge_moves_the_findings_and_leads_the_old_words(day: Day) -> None:
    await day.priya.says("theme add Transport")
    await day.priya.says("The last bus leaves at four #transport #governance")
    await day.tom.says("Volunteers drive people in #transport")
    before = await day.finding(1)
    await day.ruth.says("theme merge transport into governance")
    assert "Transport is now part of 🏛️ Governance (2 findings moved)" in day.team_channel.sees
    assert await day.themes_of(1) == ["Governance"]
    assert await day.themes_of(2) == ["Governance"]
    assert (await day.finding(1)).version == before.version
    await day.ruth.says("theme add Transport")
    assert "#transport leads to Governance already (it was merged into Governance)" in day.ruth.last.words


async def test_a_merge_is_chosen_in_a_form_and_never_into_itself(day: Day) -> None:
    themes = await themes_of(day)
    await day.priya.says("themes")
    await day.priya.presses("Merge")
    await day.priya.sends(old=themes["Vision"].id, into=themes["Vision"].id)
    assert "cannot be merged into itself" in day.priya.errors["into"]
    await day.priya.sends(old=themes["Vision"].id, into=themes["Governance"].id)
    assert (await themes_of(day))["Vision"].merged_into == themes["Governance"].id


async def test_a_merge_with_one_name_misspelt_is_filled_in_but_for_that(day: Day) -> None:
    themes = await themes_of(day)
    await day.priya.says("theme merge vision into govrnance")
    await day.priya.presses("Into 🏛️ Governance")
    assert day.priya.form
    chosen = [field.chosen for field in day.priya.form.fields if isinstance(field, ChoiceField)]
    assert chosen == [(themes["Vision"].id,), (themes["Governance"].id,)]
    await day.priya.says("theme merge vison into governance")
    await day.priya.presses("Merge 🧭 Vision")
    chosen = [field.chosen for field in day.priya.form.fields if isinstance(field, ChoiceField)]
    assert chosen == [(themes["Vision"].id,), (themes["Governance"].id,)]


async def test_a_retired_flip_chart_keeps_its_findings_and_can_come_back(day: Day) -> None:
    await day.priya.says("The board minutes are thin #governance")
    await day.priya.says("theme retire governance")
    assert "is retired. Its findings stay on it" in day.team_channel.sees
    assert await day.themes_of(1) == ["Governance"]
    await day.tom.says("themes")
    assert "Retired: 🏛️ Governance" in day.tom.last.words
    await day.tom.presses("Restore")
    await day.tom.sends(theme=(await themes_of(day))["Governance"].id)
    assert (await themes_of(day))["Governance"].is_open
    await day.tom.says("theme restore governance")
    assert "Governance is on the wall already" in day.tom.last.words


async def test_a_misspelt_flip_chart_to_retire_or_restore_is_offered(day: Day) -> None:
    await day.priya.says("theme retire govrnance")
    await day.priya.presses("Retire 🏛️ Governance")
    await day.priya.sends()
    assert not (await themes_of(day))["Governance"].is_open
    await day.priya.says("theme restore govrnance")
    await day.priya.presses("Restore 🏛️ Governance")
    await day.priya.sends()
    assert (await themes_of(day))["Governance"].is_open


async def test_a_name_like_no_flip_chart_can_still_be_chosen(day: Day) -> None:
    await day.priya.says("theme retire zzzzqqq")
    assert "Type themes to see them all" in day.priya.last.words
    await day.priya.presses("Choose another")
    assert day.priya.form
    assert day.priya.form.name == "themes.retire"


async def test_nothing_is_restored_when_nothing_is_retired(day: Day) -> None:
    await day.priya.types("theme restore")
    assert "No flip chart is retired." in day.priya.last.words


async def test_a_form_sent_after_somebody_merged_its_choice_changes_nothing(day: Day) -> None:
    themes = await themes_of(day)
    await day.priya.types("theme rename")
    await day.ruth.says("theme merge vision into governance")
    await day.priya.sends(theme=themes["Vision"].id, title="Direction")
    assert "no longer there" in day.priya.errors[""]


async def test_two_peers_cannot_add_the_same_flip_chart(day: Day) -> None:
    await day.priya.types("theme add")
    await day.tom.says("theme add Transport")
    await day.priya.sends(title="transport")
    assert "already" in day.priya.errors["title"]


@pytest.mark.parametrize(
    "words",
    ["themes", "theme add Transport", "theme rename vision to Aims", "theme merge vision into governance",
     "theme retire vision", "theme restore vision"],
)  # fmt: skip
async def test_a_stranger_sees_and_changes_nothing(day: Day, words: str) -> None:
    before = await themes_of(day)
    await day.zed.types(words)
    assert "You are not on a peer challenge" in day.zed.last.words
    assert await themes_of(day) == before


@pytest.mark.parametrize("verb", ["add", "rename", "merge", "retire", "restore", "prompts"])
async def test_a_stranger_gets_nothing_from_a_button(day: Day, verb: str) -> None:
    assert day.challenge
    assert await day.zed.presses_action(f"themes.{verb}", day.challenge.id) is None
    assert "You are not on a peer challenge" in day.zed.last.words
    assert await day.priya.presses_action(f"themes.{verb}", "gone") is None
    assert "no longer there" in day.priya.last.words


@pytest.mark.parametrize("who", ["mina", "ruth", "priya"])
async def test_every_role_on_the_team_may_change_the_wall(day: Day, who: str) -> None:
    somebody = day.people[who]
    for words in ("theme add Transport", "theme rename transport to Travel", "theme retire travel",
                  "theme restore travel", "theme merge travel into vision"):  # fmt: skip
        await somebody.types(words)
    assert (await themes_of(day))["Travel"].merged_into == (await themes_of(day))["Vision"].id


async def test_nobody_is_named_when_the_wall_changes(day: Day) -> None:
    await day.priya.says("theme add Transport")
    assert "Priya" not in day.team_channel.sees
    assert "PN" not in day.team_channel.sees
