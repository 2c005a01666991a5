"""A peer types what they heard."""

from pathlib import Path

from tests.fieldwork.day import Day


async def test_a_message_is_saved_and_answered_with_one_line(day: Day) -> None:
    await day.at("10:20").priya.says("Frontline staff describe the vision in their own words #vision")
    assert day.priya.last.words.startswith("#1 saved · Vision")
    assert [finding.text for finding in await day.wall()] == [
        "Frontline staff describe the vision in their own words #vision"
    ]


async def test_messages_within_ten_seconds_share_one_receipt(day: Day) -> None:
    await day.priya.says("The board reads the risk register")
    await day.pass_time(seconds=6)
    await day.priya.says("Nobody else does")
    assert len(day.priya.posts) == 1
    assert "#2 saved" in day.priya.last.words


async def test_editing_the_message_edits_the_finding(day: Day) -> None:
    message = await day.priya.says("Partners share one plan #vision")
    await day.priya.edits(message, "Partners share one plan and one budget #governance")
    assert (await day.finding(1)).text == "Partners share one plan and one budget #governance"
    assert await day.themes_of(1) == ["Governance"]


async def test_deleting_the_message_withdraws_the_finding(day: Day) -> None:
    message = await day.priya.says("Partners share one plan #vision")
    await day.priya.deletes(message)
    assert await day.wall() == []
    assert "#1 withdrawn" in day.priya.last.words


async def test_what_a_peer_types_stands_nowhere_in_clear(day: Day, tmp_path: Path) -> None:
    await day.priya.says("The canary sang in the committee room")
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert files
    assert not [path for path in files if b"canary" in path.read_bytes()]
