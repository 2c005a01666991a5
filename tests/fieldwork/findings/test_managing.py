"""What the challenge manager sees after changing a finding that somebody else logged."""

from tests.fieldwork.day import Day


async def test_a_manager_who_withdraws_somebody_elses_finding_is_told_so(day: Day) -> None:
    await day.priya.says("Nobody knows who owns the plan")
    await day.mina.says("finding 1")
    seen = len(day.mina.posts)
    await day.mina.presses("Withdraw")
    assert "#1 is withdrawn." in "\n".join(post.words for post in day.mina.posts[seen:])
    assert "#1 withdrawn" in day.priya.last.words


async def test_a_manager_who_changes_its_kind_sees_the_finding_as_it_is_now(day: Day) -> None:
    await day.priya.says("Nobody knows who owns the plan")
    await day.mina.says("finding 1")
    await day.mina.presses("Edit")
    await day.mina.sends(kind="strength")
    assert "#1 · unsorted · strength" in day.mina.last.words


async def test_the_author_is_told_once_by_the_receipt(day: Day) -> None:
    await day.priya.says("Nobody knows who owns the plan")
    await day.priya.presses("Undo")
    assert len(day.priya.posts) == 1
