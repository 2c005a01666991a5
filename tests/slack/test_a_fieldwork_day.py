"""A whole visit in Slack, from setting it up to the last notes destroyed, over Socket Mode and over HTTP.

What people type and press is held to what Slack's own client would let them do, and every call of Baseroom to what its
manifest grants.
"""

import io
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from storage.records import Kind, SourceType
from tests.fakes.slack import Message, control_sequences, visible_text
from tests.fieldwork.day import LONDON, TEAM
from tests.slack.world import SlackDay, a_slack_day

PEERS = tuple(handle for handle in TEAM if handle != "mina")
A_FORTNIGHT_BEFORE = datetime(2026, 11, 13, 9, 0, tzinfo=LONDON)
HEARD = (
    "Frontline staff describe the vision in their own words",
    "Partners share one plan",
    "The minutes are thin",
    "Carers wait too long",
    "Neighbourhood teams know their residents",
    "The board hears from residents twice a year",
    "Nobody knows who decides on estates",
)


@pytest.fixture(params=["socket", "http"])
async def visit(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SlackDay]:
    async with a_slack_day(tmp_path, request.param, start=A_FORTNIGHT_BEFORE) as day:
        yield day


async def test_a_visit_from_setting_it_up_to_the_last_notes_destroyed(visit: SlackDay) -> None:
    await set_up(visit)
    await check_in(visit)
    await visit.until(at(24, "10:00"))
    assert "Good morning. Tuesday, day 1 of 4." in visible_text(visit.in_channel()[-1])
    await log_in_every_way(visit)
    await put_right(visit)
    await meet(visit)
    await tell_the_client(visit)
    await look_back(visit)
    await destroy_notes(visit)
    await take_away_the_workbook(visit)
    check_slack_was_content(visit)
    check_lock_screens(visit)


def at(day: int, wall: str, month: int = 11) -> datetime:
    return datetime.fromisoformat(f"2026-{month}-{day:02}T{wall}").replace(tzinfo=LONDON)


def session(day: SlackDay) -> Message:
    return [post for post in day.in_channel() if " session · " in visible_text(post)][-1]


# ---------------------------------------------------------------- before the visit


async def set_up(day: SlackDay) -> None:
    """The manager fills in a form, sees what was understood, adds the team and binds the channel."""
    mina = day.mina
    await day.asks("mina", "challenge new")
    typed = {"Who is being challenged?": "Anyshire ICS", "Framework": "local_system"}
    await day.after(mina.submits(typed | {"First and last day on site": "24-27 Nov"}))
    assert "Tuesday 24 to Friday 27 November 2026, four days on site" in day.form("mina")
    await day.after(mina.submits())
    assert not day.form("mina")
    assert "Nobody is lead peer yet." in day.reads("mina")
    await day.join_newest_challenge()
    await day.asks("mina", "challenge team add @Ruth Calder as lead peer")
    await day.asks("mina", "challenge team add @Priya Nair @Tom Sutton @Aled Pryce @Grace Mbeki @Jo Sandford as peer")
    await day.asks("mina", "challenge here", channel=day.team_channel)
    assert "This is the Anyshire ICS team’s channel now." in visible_text(day.in_channel()[-1])
    for handle in PEERS:
        welcome = day.newest(handle, "The ground rules")
        await day.after(day.people[handle].presses(welcome, "I agree"))
        assert "You agreed to the ground rules" in visible_text(welcome), "the welcome itself says so"


async def check_in(day: SlackDay) -> None:
    """One answers in the form, one in the thread in plain words, one tomorrow; only the missing are reminded."""
    await day.asks("mina", "checkin send")
    await day.after(day.mina.submits({"Please answer by": "Friday 20 Nov 5pm"}))
    assert "8 questions to 6 peers, to be answered by Friday 20 November at 17:00" in day.form("mina")
    await day.after(day.mina.submits())
    asked = {handle: day.newest(handle, "Please answer by") for handle in PEERS}
    await day.after(day.priya.presses(asked["priya"], "Answer"))
    answers = {"What are your first impressions from the pre-reading?": "Thin on finance"}
    await day.after(
        day.priya.submits(answers | {"When shall the challenge manager call you before the visit?": "Thursday 4 pm"})
    )
    await day.after(day.tom.reply(asked["tom"], "Thin on workforce"))
    await day.after(day.aled.presses(asked["aled"], "Remind me tomorrow"))
    assert "I will remind you on Saturday 14 November" in visible_text(asked["aled"])
    await day.until(at(16, "12:00"))
    await day.asks("mina", "checkin answers")
    read = visible_text(day.newest("mina", "2 of 6 answered."))
    assert "Priya Nair: Thin on finance" in read
    assert "Tom Sutton: Thin on workforce" in read
    await day.until(at(23, "12:00"))
    assert len([post for post in day.priya.dm_messages() if "reminder" in post.text]) == 0
    assert len([post for post in day.aled.dm_messages() if "reminder" in post.text]) > 0


# ---------------------------------------------------------------- on site


async def log_in_every_way(day: SlackDay) -> None:
    """A direct message, a mention, a shortcut (in a thread too), a pushpin, a form; the tag as a channel's name."""
    channel = day.team_channel
    day.slack.channel("vision", private=False, app=False, members=[day.priya])
    said = await day.after(day.priya.dm(f"{HEARD[0]} #vision (focus group, frontline staff)"))
    assert "<#C" in said.text, "Slack has made a channel link of the tag"
    assert visible_text(day.last_dm("priya")).startswith("#1 saved · Vision · focus group")
    await day.pass_time(seconds=20)
    await day.after(day.tom.says(channel, f"@Baseroom {HEARD[1]} strength: #governance"))
    assert "#2 saved · Governance · strength" in visible_text(day.tom.messages_in(channel)[-1])
    talk = await day.after(day.ruth.says(channel, HEARD[2]))
    under = await day.after(day.grace.says(channel, HEARD[3], thread=talk))
    assert len(await day.wall()) == 2, "talk that does not name Baseroom is not its business"
    await day.after(day.ruth.uses_shortcut("findings.log", talk))
    await day.after(day.ruth.uses_shortcut("findings.log", under))
    assert "#4 saved for GM" in day.reads("ruth")
    mine = await day.after(day.jo.says(channel, HEARD[4]))
    await day.after(day.jo.reacts(mine, "pushpin"))
    await day.after(day.aled.types_command("/finding"))
    await day.after(day.aled.submits({"What you heard": HEARD[5], "Kind": "Strength", "Kind of source": "Document"}))
    assert "#6 saved · unsorted · strength · document" in day.reads("aled")
    findings = {finding.number: finding for finding in await day.wall()}
    assert [findings[number].text[:20] for number in range(1, 7)] == [words[:20] for words in HEARD[:6]]
    assert findings[1].source_type is SourceType.FOCUS_GROUP


async def put_right(day: SlackDay) -> None:
    """A theme by its button, a kind in the form, an edit, a deletion, Undo."""
    await day.after(day.priya.dm(HEARD[6]))
    assert day.reads("priya").startswith("#7 saved · unsorted")
    receipt = day.last_dm("priya")
    await day.after(day.priya.presses(receipt, "Added value"))
    await day.after(day.priya.presses(receipt, "More"))
    await day.after(day.priya.submits({"Kind": "Area to explore"}))
    assert visible_text(receipt).startswith("#7 saved · Added value · area to explore")
    assert (await day.finding(7)).kind is Kind.IMPROVEMENT
    first = next(post for post in day.priya.dm_messages() if not post.by_app)
    await day.after(day.priya.edit(first, f"{HEARD[0]}, always #vision (focus group, frontline staff)"))
    assert (await day.finding(1)).text.startswith(f"{HEARD[0]}, always")
    slip = await day.after(day.tom.dm("Said in error"))
    await day.after(day.tom.delete(slip))
    await day.pass_time(seconds=20)
    await day.after(day.tom.dm("Also said in error"))
    await day.after(day.tom.presses(day.last_dm("tom"), "Undo"))
    assert day.reads("tom").startswith("#9 withdrawn")
    assert [finding.number for finding in await day.wall()] == [1, 2, 3, 4, 5, 6, 7]


async def meet(day: SlackDay) -> None:
    """Sessions at the minute, moved by a mention and in a thread."""
    await day.until(at(24, "10:44"))
    (digest,) = [post for post in day.in_channel() if "So far today" in visible_text(post)]
    assert "7 findings from 6 peers" in visible_text(digest), "it is kept up to date where it stands"
    assert not [post for post in day.in_channel() if " session · " in visible_text(post)]
    await day.until(at(24, "10:45"))
    assert "10:45 session · Tuesday, day 1 of 4\n7 new findings from 6 peers so far." in visible_text(session(day))
    await day.after(day.ruth.says(day.team_channel, "@Baseroom move 13:00 to 13:30"))
    assert visible_text(day.in_channel()[-1]) == "The 13:00 session is at 13:30 today."
    await day.after(day.mina.reply(session(day), "skip 16:15"))
    assert visible_text(day.in_channel()[-1]) == "There is no 16:15 session today."
    await day.until(at(24, "13:29"))
    assert "10:45 session" in visible_text(session(day))
    await day.until(at(24, "13:30"))
    assert "13:30 session" in visible_text(session(day))


async def tell_the_client(day: SlackDay) -> None:
    """The draft before the catch-up, in the manager's words, approved, and nothing else in it."""
    await day.until(at(24, "16:00"))
    draft = day.newest("mina", "Draft · for the client")
    await day.after(day.mina.presses(draft, "Edit"))
    await day.after(day.mina.submits({"🧭 Vision: 1 observation": "People put the vision into words of their own"}))
    await day.after(day.mina.presses(draft, "Approve"))
    page = visible_text(day.newest("mina", "For the client · Tuesday 24 November"))
    assert "People put the vision into words of their own" in page
    assert not [words for words in HEARD if words in page]


async def look_back(day: SlackDay) -> None:
    await day.until(at(24, "20:00"))
    assert visible_text(day.in_channel()[-1]).startswith("The day in numbers · Tuesday, day 1 of 4\n7 findings")
    assert len([post for post in day.in_channel() if "So far today" in visible_text(post)]) <= 1
    await day.asks("tom", "findings all")
    assert all(words in day.reads("tom") for words in HEARD)
    await day.after(day.priya.opens_home())
    await day.after(day.mina.opens_home())
    assert day.priya.home
    assert day.mina.home
    assert "Your findings: 2 today, 2 in all" in visible_text(day.priya.home)
    assert "Missing" not in visible_text(day.priya.home)
    assert "Missing" in visible_text(day.mina.home)


# ---------------------------------------------------------------- after the visit


async def destroy_notes(day: SlackDay) -> None:
    await day.until(at(4, "10:00", month=12))
    await day.asks("mina", "challenge signed off")
    await day.after(day.mina.submits())
    for count, handle in enumerate(TEAM, start=1):
        asked = day.newest(handle, "Please destroy your notes now")
        await day.after(day.people[handle].presses(asked, "All of it is destroyed"))
        assert f"{count} of 7 have destroyed their notes" in visible_text(day.newest("mina", "Note destruction"))


async def take_away_the_workbook(day: SlackDay) -> None:
    await day.asks("mina", "challenge export")
    (file,) = [file for post in day.mina.dm_messages() for file in post.files]
    assert file.name == "Anyshire ICS findings 2026-12-04.xlsx"
    book = load_workbook(io.BytesIO(file.content), read_only=True)
    assert "Findings" in book.sheetnames
    assert not [post for post in day.mina.messages_in(day.team_channel) if post.files]


# ---------------------------------------------------------------- at the end


def check_slack_was_content(day: SlackDay) -> None:
    assert day.slack.refused_calls == []
    assert day.slack.warnings == []
    assert day.slack.undelivered == []
    assert day.slack.unused_scopes == set(), "every scope of the manifest was needed"
    assert {handle: person.troubles for handle, person in day.people.items() if person.troubles} == {}
    assert [post.text for post in day.slack.workspace.messages if post.by_app and live(post)] == []


def live(post: Message) -> list[str]:
    """What in a post would call people: nothing that Baseroom posts may."""
    return control_sequences(post.text, post.blocks)


def check_lock_screens(day: SlackDay) -> None:
    """A notification carries numbers and themes: no word of a finding, and nobody's name."""
    shown = day.lock_screens()
    assert len(shown) > 50
    names = [part for name, _, _ in TEAM.values() for part in name.split()]
    private = [*HEARD, *names, "error", "finance", "workforce"]
    assert [(text, words) for text in shown for words in private if words in text] == []
