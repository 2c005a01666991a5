"""The manager words the day for the client, and what goes out is exactly what was approved."""

from dataclasses import replace
from datetime import date, time

import pytest

from handlers.chat import Form, FormErrors
from handlers.desk import Desk
from handlers.team.opening import add_member, lay_schedule
from storage.records import Kind, Role, Summary, SummaryState
from tests.fieldwork.day import FIRST_DAY, Day


async def hear(day: Day, *words: str) -> None:
    for line in words:
        await day.tom.says(line)
        await day.pass_time(seconds=15)


async def retag(day: Day, number: int, **values: object) -> None:
    """Set fields of a finding as its card would."""
    finding = await day.finding(number)
    async with day.app.database.begin() as uow:
        await uow.findings.change(replace(finding, version=finding.version + 1, **values))  # type: ignore[arg-type]  # by name
        await uow.commit()


async def versions(day: Day) -> list[Summary]:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return await uow.summaries.of_challenge(day.challenge.id)


async def approved(day: Day, on: date = FIRST_DAY) -> Summary | None:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return await uow.summaries.latest(day.challenge.id, on, SummaryState.APPROVED)


# ---------------------------------------------------------------- the draft


async def test_the_manager_gets_the_draft_an_hour_before_the_catch_up(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance", "Nobody knows who decides")
    await day.clock_strikes("15:59")
    assert day.mina.posts == []
    await day.clock_strikes("16:00")
    assert "Draft · for the client · Tuesday 24 November" in day.mina.last.words
    assert "🏛️ Governance" in day.mina.last.words
    assert "Other observations" in day.mina.last.words
    assert "emerging observations, shared informally" in day.mina.last.words
    assert "minutes" not in day.mina.last.words
    assert "Draft" not in day.ruth.sees + day.tom.sees + day.team_channel.sees


async def test_a_day_without_findings_has_no_draft_and_says_so(day: Day) -> None:
    await day.clock_strikes("16:00")
    assert "Nothing was heard on Tuesday 24 November yet" in day.mina.last.words
    assert await versions(day) == []
    await day.mina.types("summary edit")
    assert "nothing to put into words" in day.mina.last.words
    await day.mina.types("summary approve")
    assert "There is no draft for Tuesday 24 November yet" in day.mina.last.words


async def test_the_last_day_has_no_draft_after_the_final_feedback(day: Day) -> None:
    await day.on(date(2026, 11, 27), "18:00")
    drafts = [post for post in day.mina.posts if "no draft" in post.words]
    assert len(drafts) == 3


async def test_a_draft_follows_a_catch_up_that_has_moved(day: Day) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        desk = Desk(uow, day.now, day.app.house)
        await lay_schedule(desk, replace(day.challenge, catch_up_time=time(17, 30)))
        await lay_schedule(desk, replace(day.challenge, catch_up_time=time(17, 30)))
        await uow.commit()
    await day.clock_strikes("16:29")
    assert day.mina.posts == []
    await day.clock_strikes("16:30")
    assert len(day.mina.posts) == 1


async def test_a_draft_that_comes_too_late_tells_the_manager_what_to_type(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    day.clock.move_to(day.now.replace(hour=17, minute=5))
    await day.settle()
    assert "could not be sent in time. To word it now, type: summary edit 24 Nov" in day.mina.sees


async def test_the_draft_is_not_sent_over_a_page_that_is_approved_and_unchanged(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    await day.mina.types("summary edit")
    await day.mina.sends(line0="We heard about minutes.")
    await day.mina.presses("Approve")
    many = len(day.mina.posts)
    await day.clock_strikes("16:05")
    assert len(day.mina.posts) == many


# ---------------------------------------------------------------- wording and approving


async def test_only_what_was_approved_goes_out_and_exactly_so(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    await day.clock_strikes("16:00")
    assert isinstance(await day.mina.presses("Edit"), Form)
    await day.mina.sends(line0="Records of decisions could say more.", note="Thank you for a full day.")
    assert "Records of decisions could say more." in day.mina.last.words
    assert "Records" not in day.team_channel.sees
    await day.clock_strikes("16:40")
    await day.mina.presses("Approve")
    page = await approved(day)
    assert page
    assert [line.wording for line in page.lines] == ["Records of decisions could say more."]
    for seen in (day.mina.last.words, day.team_channel.last.words):
        assert seen.startswith("For the client · Tuesday 24 November")
        assert "approved 16:40" in seen
        assert "Records of decisions could say more." in seen
        assert "Thank you for a full day." in seen
        assert "emerging observations" in seen
        assert "MO" not in seen
        assert "minutes" not in seen
    assert [version.version for version in await versions(day)] == [1, 2, 3]


async def test_a_later_edit_waits_while_the_approved_page_stands(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    await day.mina.types("summary edit")
    await day.mina.sends(line0="First words.")
    await day.mina.presses("Approve")
    await day.mina.presses("Edit")
    await day.mina.sends(line0="Second words.")
    await day.tom.says("summary")
    assert "First words." in day.tom.last.words
    assert "Second words." not in day.tom.last.words
    assert "A newer draft waits for approval." in day.tom.last.words
    assert "stands until you approve this" in day.mina.sees
    await day.mina.presses("Approve")
    assert "Second words." in day.team_channel.last.words


async def test_an_approval_of_an_earlier_version_is_refused(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    await day.clock_strikes("16:00")
    shown = day.mina.last.button("Approve").value
    await day.mina.presses("Edit")
    await day.mina.sends(line0="Records could say more.")
    await day.mina.presses_action("summary.approve", shown)
    assert "The draft has changed since this was shown" in day.mina.sees
    assert await approved(day) is None
    await day.mina.presses("Approve")
    assert await approved(day)


async def test_pressing_approve_twice_approves_once(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    await day.clock_strikes("16:00")
    shown = day.mina.last.button("Approve").value
    await day.mina.presses_action("summary.approve", shown)
    await day.mina.presses_action("summary.approve", shown)
    assert [version.state for version in await versions(day)].count(SummaryState.APPROVED) == 1
    await day.mina.types("summary approve")
    assert "approved already" in day.mina.last.words
    assert day.team_channel.sees.count("For the client") == 1


async def test_of_two_managers_one_wins_and_the_other_is_told(day: Day) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        account = await uow.accounts.find("slack", "T1", "zed") or await uow.accounts.add("slack", "T1", "zed", day.now)
        desk = Desk(uow, day.now, day.app.house)
        await add_member(
            desk, day.challenge, account.person_id, name="Zed Stranger", role=Role.CHALLENGE_MANAGER, kind="x"
        )
        await uow.commit()
    await hear(day, "The board minutes are thin #governance")
    await day.mina.types("summary edit")
    await day.zed.types("summary edit")
    await day.mina.sends(line0="One wording.")
    await day.zed.sends(line0="Another wording.")
    assert "Somebody else has changed this page" in day.zed.errors[""]
    assert (await versions(day))[-1].lines[0].wording == "One wording."


async def test_the_same_form_sent_twice_makes_one_version(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    form = await day.mina.types("summary edit")
    assert isinstance(form, Form)
    await day.mina.sends(line0="One wording.")
    day.mina.form = form
    await day.mina.sends(line0="One wording.")
    assert day.mina.errors == {}
    assert [version.version for version in await versions(day)] == [1, 2]


async def test_a_form_over_many_lines_has_pages_and_keeps_them_all(day: Day) -> None:
    names = ["vision", "ownership", "leadership", "governance", "place", "capacity", "engagement", "value"]
    for name in names:
        await hear(day, f"About {name} #{name}")
    for number in range(1, 4):
        await hear(day, f"More #{names[number]}")
    for number in range(9, 12):
        await retag(day, number, kind=Kind.STRENGTH)
    form = await day.mina.types("summary edit")
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == [f"line{number}" for number in range(10)]
    second = await day.mina.sends(line0="First.", line9="Tenth.")
    assert isinstance(second, Form)
    assert [field.name for field in second.fields] == ["line0", "note"]
    await day.mina.sends(line0="Eleventh.", note="Above all.")
    last = (await versions(day))[-1]
    assert (last.lines[0].wording, last.lines[9].wording, last.lines[10].wording) == ("First.", "Tenth.", "Eleventh.")
    assert last.note == "Above all."


async def test_counts_that_change_while_the_form_is_open_lose_no_words(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    form = await day.mina.types("summary edit")
    await hear(day, "Papers come late #governance")
    await day.mina.types("summary edit")
    day.mina.form = form if isinstance(form, Form) else None
    await day.mina.sends(line0="Records could say more.")
    last = (await versions(day))[-1]
    assert (last.lines[0].count, last.lines[0].wording) == (2, "Records could say more.")


# ---------------------------------------------------------------- what is flagged


async def test_wording_that_points_at_somebody_is_approved_only_at_the_second_asking(day: Day) -> None:
    await hear(day, "The minutes never say who decided what in the room #governance")
    await day.clock_strikes("16:00")
    await day.mina.presses("Edit")
    await day.mina.sends(
        line0="Priya heard from the chief executive that minutes never say who decided what in the room (PN, #1)."
    )
    card = day.mina.last.words
    for flag in ("“Priya”", "“chief executive”", "“PN”", "“#1”", "somebody’s own words"):
        assert flag in card
    await day.mina.presses("Approve")
    assert await approved(day) is None
    assert "is not approved yet" in day.mina.last.words
    assert "“chief executive”: a post that one person holds" in day.mina.last.words
    assert "Priya" not in day.mina.last.content.notification
    await day.mina.presses("Approve all the same")
    assert await approved(day)


async def test_what_is_flagged_is_never_shown_in_the_channel(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance")
    await day.mina.types("summary edit")
    await day.mina.sends(line0="The chief executive said so.")
    await day.mina.says_in_channel("summary approve")
    assert "chief executive" not in day.team_channel.sees
    assert "is not approved yet" in day.mina.last.words


async def test_the_name_of_a_peer_in_a_flip_chart_is_flagged_too(day: Day) -> None:
    await day.priya.says("theme add What Sandford heard")
    await hear(day, "The board minutes are thin #what-sandford-heard")
    await day.clock_strikes("16:00")
    assert "“Sandford”: the name of somebody on the team" in day.mina.last.words


# ---------------------------------------------------------------- the wall moves on


async def test_the_card_says_when_the_wall_has_changed_since(day: Day) -> None:
    message = await day.tom.says("The board minutes are thin #governance")
    await hear(day, "Papers come late #vision")
    await day.clock_strikes("16:00")
    await day.mina.presses("Edit")
    await day.mina.sends(line0="Some wording.")
    await day.mina.presses("Approve")
    page = await approved(day)
    assert "The wall has changed since." not in day.mina.sees
    await day.tom.deletes(message)
    assert "The wall has changed since." in day.mina.sees
    await day.mina.types("summary edit")
    assert (await approved(day)) == page
    assert [line.theme for line in (await versions(day))[-1].lines] == ["Vision"]


async def test_practice_and_withdrawn_findings_are_never_counted(day: Day) -> None:
    await hear(day, "One #vision", "Two #vision", "Three #vision")
    await retag(day, 2, withdrawn_at=day.now)
    await day.clock_strikes("16:00")
    assert "2 observations" in day.mina.last.words
    await day.tom.says("summary")
    assert "Tuesday 24 November · 2 findings" in day.tom.last.words


async def test_a_merge_carries_the_wording_along(day: Day) -> None:
    await hear(day, "One #vision", "Two #governance")
    await day.mina.types("summary edit")
    await day.mina.sends(line0="About vision.", line1="About governance.")
    await day.ruth.says("theme merge vision into governance")
    await day.mina.types("summary edit")
    (line,) = (await versions(day))[-1].lines
    assert (line.theme, line.count, line.wording) == ("Governance", 2, "About vision.\nAbout governance.")


# ---------------------------------------------------------------- any peer looks at a day


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("summary", "Wednesday 25 November · 0 findings"),
        ("summary today", "Wednesday 25 November"),
        ("summary yesterday", "Tuesday 24 November · 2 findings"),
        ("summary 24/11", "Tuesday 24 November"),
        ("summary last tuesday", "Tuesday 24 November"),
        ("Summary Friday", "Friday 27 November"),
        ("summary 20 Nov", "Friday 20 November is not a day on site. There are summaries for Tuesday 24 November to"),
        ("summary blursday", "I could not read “blursday” as a day."),
        ("summary 31 feb", "I could not read “31 feb” as a day."),
    ],
)
async def test_a_day_is_asked_for_as_people_say_it(day: Day, words: str, shown: str) -> None:
    await hear(day, "The board minutes are thin #governance", "Nobody knows who decides")
    await day.on(date(2026, 11, 25), "10:00")
    await day.priya.says(words)
    assert shown in day.priya.last.words
    assert len(await day.wall()) == 2


async def test_a_sentence_that_begins_with_summary_is_a_finding(day: Day) -> None:
    await day.priya.says("Summary of the strategy was shared with every team")
    assert len(await day.wall()) == 1


async def test_peers_see_counts_and_that_a_draft_exists_but_none_of_its_words(day: Day) -> None:
    await hear(day, "The board minutes are thin #governance", "Nobody knows who decides")
    await day.tom.says("summary")
    assert "🏛️ Governance: 1 observation" in day.tom.last.words
    assert "Unsorted: 1 observation" in day.tom.last.words
    assert "not drafted yet" in day.tom.last.words
    await day.mina.types("summary edit")
    await day.mina.sends(line0="Unapproved words.")
    for who in (day.tom, day.ruth, day.mina):
        await who.types("summary today")
        assert "The client’s page is a draft." in who.last.words
        assert "Unapproved words." not in who.last.words
    assert "Edit the client’s page" not in day.tom.last.words
    await day.mina.presses("Edit the client’s page")
    assert day.mina.form


async def test_a_page_of_the_last_day_says_that_there_is_no_catch_up(day: Day) -> None:
    await day.on(date(2026, 11, 27), "10:00")
    await day.priya.says("The board minutes are thin #governance")
    await day.mina.types("summary edit today")
    await day.mina.sends()
    assert "though this day has no catch-up: the final feedback is at 14:00" in day.mina.last.words
    assert "17:00 catch-up" not in day.mina.last.words
    await day.mina.opens_home()
    assert "Final feedback: today at 14:00" in day.mina.home
    assert "Catch-up: today" not in day.mina.home


async def test_before_the_visit_there_is_no_summary_to_show(before: Day) -> None:
    await before.open_challenge()
    await before.priya.types("summary")
    assert "is not a day on site. There are summaries for Tuesday 24 November to Friday 27" in before.priya.last.words


async def test_after_the_visit_the_last_day_is_shown(day: Day) -> None:
    await day.on(date(2026, 11, 30))
    await day.priya.types("summary")
    assert "Friday 27 November" in day.priya.last.words


# ---------------------------------------------------------------- who may not


@pytest.mark.parametrize("who", ["ruth", "priya"])
async def test_only_the_manager_words_and_approves(day: Day, who: str) -> None:
    assert day.challenge
    await hear(day, "The board minutes are thin #governance")
    await day.clock_strikes("16:00")
    before = await versions(day)
    somebody = day.people[who]
    value = f"{day.challenge.id} 2026-11-24"
    for action, about in (("edit", value), ("approve", before[0].id), ("approve_flagged", before[0].id)):
        await somebody.presses_action(f"summary.{action}", about)
        assert "Only the challenge manager can do that" in somebody.last.words
    for words in ("summary edit", "summary approve"):
        await somebody.types(words)
        assert "Only the challenge manager can do that" in somebody.last.words
    form = await day.mina.types("summary edit")
    assert isinstance(form, Form)
    day.people[who].form = form
    assert isinstance(await somebody.sends(line0="Mine."), FormErrors)
    assert await versions(day) == before


@pytest.mark.parametrize("words", ["summary", "summary edit", "summary approve"])
async def test_a_stranger_learns_nothing(day: Day, words: str) -> None:
    await day.zed.types(words)
    assert "You are not on a peer challenge" in day.zed.last.words


@pytest.mark.parametrize("action", ["edit", "approve", "approve_flagged"])
async def test_a_button_about_something_that_is_gone_says_so(day: Day, action: str) -> None:
    await day.mina.presses_action(f"summary.{action}", "gone")
    assert "no longer there" in day.mina.last.words
