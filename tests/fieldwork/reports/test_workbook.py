"""The manager takes the wall away in one file."""

import io
from datetime import date, time, timedelta

import pytest
from openpyxl import Workbook, load_workbook

from bot.ports import NotSent
from handlers.chat import File
from storage.records import (
    CheckIn,
    CheckInId,
    CheckInReply,
    Kind,
    NoteDestruction,
    Question,
    Role,
    Summary,
    SummaryId,
    SummaryLine,
    SummaryState,
    new_id,
)
from tests.fieldwork.day import TEAM, Day, Somebody

SHEETS = ["About", "Findings", "Theme by day", "Sessions", "Summaries", "Check-ins", "Notes destroyed", "Audit trail"]


def workbook_for(somebody: Somebody) -> Workbook:
    """The newest workbook in their direct messages, opened."""
    files = [post.content for post in somebody.posts if isinstance(post.content, File)]
    return load_workbook(io.BytesIO(files[-1].content))


def rows_of(book: Workbook, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet by column title."""
    titles, *rows = list(book[sheet].iter_rows(min_row=3, values_only=True))
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]


async def export(day: Day) -> Workbook:
    await day.mina.says("challenge export")
    return workbook_for(day.mina)


async def test_the_manager_gets_every_sheet_in_a_direct_message(day: Day) -> None:
    await day.priya.says("Staff describe the vision in their own words #vision")
    book = await export(day)
    assert book.sheetnames == SHEETS
    sent = day.mina.last.content
    assert isinstance(sent, File)
    assert sent.name == "Anyshire ICS findings 2026-11-24.xlsx"
    assert sent.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "1 finding." in sent.notification
    assert "vision" not in sent.notification


async def test_a_manager_of_two_visits_says_which_workbook(day: Day) -> None:
    await day.priya.says("Staff describe the vision in their own words #vision")
    await day.open_challenge(host="Borsetshire")
    await day.mina.says("challenge export")
    assert "Which is this for?" in day.mina.last.words
    await day.mina.presses("Anyshire ICS")
    sent = day.mina.last.content
    assert isinstance(sent, File)
    assert sent.name == "Anyshire ICS findings 2026-11-24.xlsx"


async def test_the_workbook_of_a_challenge_that_is_over_can_still_be_had(day: Day) -> None:
    assert day.challenge
    await day.priya.says("Staff describe the vision in their own words #vision")
    async with day.app.database.begin() as uow:
        await uow.challenges.change(day.challenge.id, ended_at=day.now)
        await uow.commit()
    await day.mina.says("challenge export")
    await day.mina.presses_action("reports.export", day.challenge.id)
    await day.mina.types("challenge export", channel="C-team")
    files = [post for post in day.mina.posts if isinstance(post.content, File)]
    assert len(files) == 3
    assert len(rows_of(workbook_for(day.mina), "Findings")) == 1
    await day.priya.says("challenge export")
    assert "Only the challenge manager can do that" in day.priya.last.words


@pytest.mark.parametrize("words", ["export", "Export to Excel", "workbook", "/challenge export"])
async def test_it_can_be_asked_for_in_other_words(day: Day, words: str) -> None:
    await day.mina.says(words)
    assert workbook_for(day.mina).sheetnames == SHEETS


async def test_it_never_goes_into_a_channel(day: Day) -> None:
    await day.mina.types("challenge export", channel="C-team")
    assert workbook_for(day.mina).sheetnames == SHEETS
    assert "The workbook is in your direct messages: it is not for a channel." in day.mina.sees
    await day.mina.says_in_channel("challenge export")
    assert [post for post in day.platform.shown if isinstance(post.content, File)] == [
        post for post in day.mina.posts if isinstance(post.content, File) and post.target.conversation == "D-mina"
    ]


@pytest.mark.parametrize("handle", [handle for handle in [*TEAM, "zed"] if handle != "mina"])
async def test_nobody_else_gets_it(day: Day, handle: str) -> None:
    assert day.challenge
    somebody = day.people[handle]
    await somebody.types("challenge export")
    await somebody.presses_action("reports.export", day.challenge.id)
    assert [post for post in day.platform.shown if isinstance(post.content, File)] == []
    assert len(somebody.posts) == 2


async def test_the_button_is_for_the_challenge_that_it_names(day: Day) -> None:
    first = day.challenge
    assert first
    await day.open_challenge(host="Borsetshire", first=date(2026, 12, 8), last=date(2026, 12, 11))
    await day.mina.presses_action("reports.export", first.id)
    assert "[Anyshire ICS findings 2026-11-24.xlsx]" in day.mina.last.words


async def test_a_button_with_a_challenge_that_never_was_is_refused(day: Day) -> None:
    await day.mina.presses_action("reports.export", "nonsense")
    assert "no longer there" in day.mina.last.words


async def test_a_finding_has_one_row_with_all_that_is_known_of_it(day: Day) -> None:
    await day.at("10:20").priya.says("strength: They know it #vision #governance (focus group, frontline staff)")
    rows = rows_of(await export(day), "Findings")
    assert len(rows) == 1
    row = rows[0]
    assert (row["No."], row["Theme"], row["Also under"], row["Kind"]) == (1, "Vision", "Governance", "strength")
    assert (row["Kind of source"], row["Source"], row["Heard by"]) == ("focus group", "frontline staff", "PN")
    assert (str(row["Day"])[:10], row["Time"], row["Pre-reading"]) == ("2026-11-24", time(10, 20), None)
    assert "They know it" in str(row["Finding"])


async def test_findings_stand_by_theme_and_unsorted_ones_last(day: Day) -> None:
    for words in ("Nobody minutes it #governance", "Nobody knows", "They know it #vision", "They say it #vision"):
        await day.priya.says(words)
        await day.pass_time(minutes=1)
    rows = rows_of(await export(day), "Findings")
    assert [(row["No."], row["Theme"]) for row in rows] == [
        (3, "Vision"), (4, "Vision"), (1, "Governance"), (2, "Unsorted"),
    ]  # fmt: skip


async def test_practice_and_withdrawn_findings_are_not_in_it(day: Day) -> None:
    await day.priya.types("practice")
    await day.priya.says("A practice canary")
    await day.pass_time(minutes=1)
    message = await day.priya.says("A withdrawn canary #vision")
    await day.priya.deletes(message)
    await day.pass_time(minutes=1)
    await day.priya.says("A bird that stays #vision")
    book = await export(day)
    assert [row["Finding"] for row in rows_of(book, "Findings")] == ["A bird that stays #vision"]
    everything = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not [cell for cell in everything if "canary" in cell]


async def test_a_formula_typed_as_a_finding_stays_a_text(day: Day) -> None:
    await day.priya.says('=HYPERLINK("http://x.example","the report") was in their slides')
    cell = (await export(day))["Findings"]["E4"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


async def test_what_was_heard_is_counted_by_theme_day_and_kind(day: Day) -> None:
    for words in ("strength: One #vision", "AFI: Two #vision #governance", "strength: Three"):
        await day.priya.says(words)
        await day.pass_time(minutes=1)
    await day.on(date(2026, 11, 25), "10:00")
    await day.tom.says("strength: Four #vision")
    rows = rows_of(await export(day), "Theme by day")
    by_theme = {str(row["Theme"]).split(":")[0]: row for row in rows}
    vision, total = by_theme["Vision"], by_theme["All findings"]
    assert (vision["Tue 24 Nov: strengths"], vision["Tue 24 Nov: areas to explore"], vision["All"]) == (1, 1, 3)
    assert (vision["Wed 25 Nov: strengths"], by_theme["Governance"]["All"], by_theme["Unsorted"]["All"]) == (1, 1, 1)
    assert (total["All days: strengths"], total["All days: areas to explore"], total["All"]) == (3, 1, 4)
    assert "Before: strengths" not in total


async def test_sessions_are_there_with_what_became_of_them(day: Day) -> None:
    await day.priya.says("One #vision")
    await day.clock_strikes("11:00")
    rows = rows_of(await export(day), "Sessions")
    first, second = rows[0], rows[1]
    assert (first["What became of it"], first["Findings new at it"], first["Planned"]) == ("held", 1, time(10, 45))
    assert (second["What became of it"], second["Posted"]) == ("planned", None)


async def test_only_approved_summaries_are_in_it(day: Day) -> None:
    assert day.challenge
    line = SummaryLine("t", "🔭", "Vision", Kind.STRENGTH, 3, "focus group", "The vision is well known.")
    async with day.app.database.begin() as uow:
        for version, state in ((1, SummaryState.DRAFT), (2, SummaryState.APPROVED)):
            await uow.summaries.add(
                Summary(
                    SummaryId(new_id()), day.challenge.id, date(2026, 11, 24), version, state, (line,),
                    f"Note {version}", day.now, day.members["mina"].id,
                )
            )  # fmt: skip
        await uow.commit()
    rows = rows_of(await export(day), "Summaries")
    assert [(row["Version"], row["Theme"], row["Wording"]) for row in rows] == [
        (2, "Note", "Note 2"), (2, "Vision", "The vision is well known."),
    ]  # fmt: skip
    assert (rows[1]["Kind"], rows[1]["Findings"], rows[1]["By"]) == ("strength", 3, "MO")


async def test_check_ins_show_each_answer_and_who_gave_none(day: Day) -> None:
    assert day.challenge
    check_in = CheckIn(
        CheckInId(new_id()), day.challenge.id, "Before the visit", (Question("diet", "What do you not eat?"),),
        day.now, day.now, day.members["mina"].id,
    )  # fmt: skip
    async with day.app.database.begin() as uow:
        await uow.checkins.add(check_in)
        await uow.checkins.save(
            CheckInReply(check_in.id, day.challenge.id, day.members["tom"].id, {"diet": "Nuts"}, 1, day.now)
        )
        await uow.commit()
    rows = {row["Initials"]: row for row in rows_of(await export(day), "Check-ins")}
    assert (rows["TS"]["Question"], rows["TS"]["Answer"]) == ("What do you not eat?", "Nuts")
    assert rows["PN"]["Answer"] == "(not answered)"
    assert "MO" not in rows  # the manager asks


async def test_the_register_of_note_destruction_says_who_confirmed_what(day: Day) -> None:
    assert day.challenge
    item = day.app.house.framework_of(day.challenge).destruction[0]
    async with day.app.database.begin() as uow:
        for handle, confirmed, none_held in (("tom", day.now, False), ("priya", None, False), ("jo", day.now, True)):
            member = day.members[handle]
            await uow.destruction.ask(
                NoteDestruction(day.challenge.id, member.id, item.key, day.now, confirmed, none_held)
            )
        await uow.commit()
    rows = {row["Initials"]: row for row in rows_of(await export(day), "Notes destroyed")}
    assert {initials: row["What they said"] for initials, row in rows.items()} == {
        "TS": "destroyed", "PN": "not yet confirmed", "JS": "held none",
    }  # fmt: skip
    assert rows["TS"]["Item"] == item.text


async def test_a_workbook_of_an_empty_wall_opens_too(day: Day) -> None:
    book = await export(day)
    assert rows_of(book, "Findings") == []
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=4)}
    assert about["Client"] == "Anyshire ICS"
    assert str(about["Findings"]).startswith("0, ")
    assert "Destroy every copy" in str(about["What becomes of it"])


async def test_somebody_who_is_manager_no_longer_when_it_goes_out_is_sent_nothing(day: Day) -> None:
    day.platform.raises.append(NotSent("busy", retry_after=timedelta(minutes=1)))
    await day.mina.says("challenge export")
    async with day.app.database.begin() as uow:
        await uow.members.set_role(day.members["mina"].id, Role.PEER, "")
        await uow.commit()
    await day.pass_time(minutes=2)
    assert day.mina.posts == []


async def test_what_was_read_before_the_visit_is_marked_and_counted_apart(before: Day) -> None:
    await before.open_challenge()
    await before.priya.says("strength: The plan names the vision #vision")
    await before.priya.presses("Pre-reading, document")
    book = await export(before)
    assert [row["Pre-reading"] for row in rows_of(book, "Findings")] == ["yes"]
    vision = next(row for row in rows_of(book, "Theme by day") if str(row["Theme"]).startswith("Vision"))
    assert (vision["Before: strengths"], vision["All"]) == (1, 1)
