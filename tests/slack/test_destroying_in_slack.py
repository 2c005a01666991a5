"""All that Baseroom holds is destroyed: over Slack its posts and files go too, and what peers typed stays theirs."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.fakes.slack import Fault, visible_text
from tests.fieldwork.day import LONDON
from tests.slack.world import SlackDay, a_slack_day

WEEK_AFTER = datetime(2026, 12, 4, 10, 0, tzinfo=LONDON)
HOST = "Anyshire ICS"


async def destroyed(day: SlackDay) -> None:
    """From a finding and a workbook to the certificate."""
    await day.open_challenge()
    await day.after(day.priya.dm("Nobody knows who owns the quillfeather plan"))
    await day.asks("mina", "challenge export")
    await day.asks("mina", "challenge signed off")
    await day.after(day.mina.submits())
    await day.asks("mina", "challenge destroy")
    await day.after(day.mina.submits({"Type the host’s name, to be sure": HOST}))
    await day.after(day.ruth.presses(day.newest("ruth", "asks to destroy"), "Read and confirm"))
    await day.after(day.ruth.submits({"Type the host’s name, to be sure": HOST}))
    await day.pass_time(minutes=10)


def left_of_baseroom(day: SlackDay, handle: str) -> str:
    posts = [post for post in day.people[handle].dm_messages() if post.by_app]
    return "\n".join(visible_text(post) for post in posts)


async def test_its_posts_and_files_are_gone_and_the_certificate_stands(tmp_path: Path) -> None:
    async with a_slack_day(tmp_path, "socket", start=WEEK_AFTER) as day:
        await destroyed(day)
        [told] = left_of_baseroom(day, "priya").splitlines()
        assert told.startswith("Anyshire ICS: the findings, the summaries and everything else")
        assert "Nobody knows who owns" in "\n".join(map(visible_text, day.priya.dm_messages()))
        assert "Certificate of destruction" in left_of_baseroom(day, "mina")
        assert "certificate of destruction" in left_of_baseroom(day, "ruth")
        left = [file.name for file in day.slack.workspace.files.values() if not file.deleted]
        assert [name for name in left if "certificate" not in name] == []
        assert {call.error for call in day.slack.refused_calls} <= {"ratelimited"}


@pytest.mark.parametrize("method", ["chat.delete", "files.delete"])
async def test_what_slack_will_not_delete_now_is_tried_again_or_counted(tmp_path: Path, method: str) -> None:
    async with a_slack_day(tmp_path, "socket", start=WEEK_AFTER) as day:
        day.slack.fault(method, Fault.answers(429, retry_after=20))
        day.slack.fault(method, Fault.refuses("cant_delete_message"))
        await destroyed(day)
        assert "1 refused by the platform (cant_delete_message)" in left_of_baseroom(day, "mina")
