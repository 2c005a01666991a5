"""A whole visit in Teams, from installing Baseroom to the last notes destroyed, through the real door.

What people type and press is held to what Teams' own client would let them do, every answer to an invoke to what it
could show, and every call of Baseroom to size, pace and schema.
"""

import io
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from storage.records import Kind, SourceType
from tests.fakes.teams import Message
from tests.fieldwork.day import LONDON, TEAM
from tests.teams.world import TeamsDay, a_teams_day

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


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[TeamsDay]:
    async with a_teams_day(tmp_path, start=A_FORTNIGHT_BEFORE) as day:
        yield day


async def test_a_visit_from_installing_baseroom_to_the_last_notes_destroyed(visit: TeamsDay) -> None:
    await install(visit)
    await set_up(visit)
    await check_in(visit)
    await visit.until(at(24, "10:00"))
    assert "Good morning. Tuesday, day 1 of 4." in in_channel(visit)[-1]
    await log_in_every_way(visit)
    await put_right(visit)
    await meet(visit)
    await tell_the_client(visit)
    await look_back(visit)
    await destroy_notes(visit)
    await take_away_the_workbook(visit)
    check_teams_was_content(visit)
    check_lock_screens(visit)


def at(day: int, wall: str, month: int = 11) -> datetime:
    return datetime.fromisoformat(f"2026-{month}-{day:02}T{wall}").replace(tzinfo=LONDON)


def in_channel(day: TeamsDay) -> list[str]:
    """What Baseroom has posted in the team channel, in words; replies in threads not counted."""
    return [day.mina.sees(post) for post in day.in_channel()]


def session(day: TeamsDay) -> Message:
    return [post for post in day.in_channel() if " session · " in day.mina.sees(post)][-1]


async def opens(day: TeamsDay, handle: str, words: str) -> None:
    """Ask for something that needs a form: Baseroom offers it as a button, which opens the dialog."""
    await day.after(day.people[handle].dm(words))
    card = day.last_dm(handle).card()
    assert card
    (button,) = [action for part in card["body"] for action in part.get("actions", ())][:1]
    await day.after(day.people[handle].presses(day.last_dm(handle), button["title"]))
    assert day.people[handle].dialog is not None, f"{words!r} opened nothing: {day.people[handle].toasts}"


# ---------------------------------------------------------------- before the visit


async def install(day: TeamsDay) -> None:
    """Baseroom is added to everybody's chats and to the team, and says so in their own chat alone."""
    for handle in TEAM:
        await day.after(day.people[handle].installs())
    await day.after(day.mina.installs_in(day.team_channel))
    assert all(day.from_baseroom(handle) for handle in TEAM), "newcomers are greeted"
    assert day.in_channel() == []


async def set_up(day: TeamsDay) -> None:
    """The manager fills in a dialog, sees what was understood, adds the team and binds the channel."""
    mina = day.mina
    await opens(day, "mina", "challenge new")
    typed = {"Who is being challenged?": "Anyshire ICS", "Framework": "local_system"}
    await day.after(mina.submits(typed | {"First and last day on site": "24-27 Nov"}))
    assert "Tuesday 24 to Friday 27 November 2026, four days on site" in mina.sees(None)
    await day.after(mina.submits())
    assert mina.dialog is None
    assert "Nobody is lead peer yet." in day.reads("mina")
    await day.join_newest_challenge()
    await day.after(mina.dm("challenge team add @Ruth Calder as lead peer"))
    await day.after(mina.dm("challenge team add @Priya Nair @Tom Sutton @Aled Pryce @Grace Mbeki @Jo Sandford as peer"))
    await day.after(mina.says(day.team_channel, "@Baseroom challenge here"))
    assert "This is the Anyshire ICS team’s channel now." in in_channel(day)[-1]
    for handle in PEERS:
        welcome = day.newest(handle, "The ground rules")
        await day.after(day.people[handle].presses(welcome, "I agree"))
        assert "You agreed to the ground rules" in day.people[handle].sees(welcome), "the welcome itself says so"


async def check_in(day: TeamsDay) -> None:
    """One answers in the dialog, one by Reply, another tomorrow; only those who have not answered are reminded."""
    await opens(day, "mina", "checkin send")
    await day.after(day.mina.submits({"Please answer by": "Friday 20 Nov 5pm"}))
    assert "8 questions to 6 peers, to be answered by Friday 20 November at 17:00" in day.mina.sees(None)
    await day.after(day.mina.submits())
    asked = {handle: day.newest(handle, "Please answer by") for handle in PEERS}
    await day.after(day.priya.presses(asked["priya"], "Answer"))
    answers = {"What are your first impressions from the pre-reading?": "Thin on finance"}
    await day.after(
        day.priya.submits(answers | {"When shall the challenge manager call you before the visit?": "Thursday 4 pm"})
    )
    await day.after(day.aled.presses(asked["aled"], "Remind me tomorrow"))
    assert "I will remind you on Saturday 14 November" in day.aled.sees(asked["aled"])
    await day.after(day.jo.answers(asked["jo"], "The minutes & the budget are missing"))
    assert day.reads("jo").startswith("Kept as your answer to the check-in.")
    await day.until(at(16, "12:00"))
    await day.after(day.mina.dm("checkin answers"))
    read = day.mina.sees(day.newest("mina", "2 of 6 answered."))
    assert "Priya Nair: Thin on finance" in read
    assert "Jo Sandford: The minutes & the budget are missing" in read
    await day.until(at(23, "12:00"))
    assert not [post for post in day.from_baseroom("priya") if "reminder" in post.summary]
    assert [post for post in day.from_baseroom("aled") if "reminder" in post.summary]


# ---------------------------------------------------------------- on site


async def log_in_every_way(day: TeamsDay) -> None:
    """The personal chat, a mention, the message action (in a thread too), a dialog."""
    channel = day.team_channel
    await day.after(day.priya.dm(f"{HEARD[0]} #vision (focus group, frontline staff)"))
    assert day.reads("priya").startswith("#1 saved · Vision · focus group")
    await day.pass_time(seconds=20)
    said = await day.after(day.tom.says(channel, f"@Baseroom {HEARD[1]} strength: #governance"))
    receipt = day.teams.posts_in(channel)[-1]
    assert "#2 saved · Governance · strength" in day.tom.sees(receipt)
    assert receipt.thread == said.id, "it stands under what was said"
    talk = await day.after(day.ruth.says(channel, HEARD[2]))
    under = await day.after(day.grace.says(channel, HEARD[3], thread=talk))
    assert len(await day.wall()) == 2, "talk that does not name Baseroom is not its business"
    for message in (talk, under):
        await day.after(day.ruth.uses_action("findings.log", message))
        assert "saved" in day.ruth.sees(None)
        assert not day.ruth.sees(None).endswith(":"), "a dialog has no buttons, so nothing announces them"
    assert "#4 saved for GM" in day.reads("ruth")
    mine = await day.after(day.jo.says(channel, HEARD[4]))
    await day.after(day.jo.uses_action("findings.log", mine))
    await opens(day, "aled", "finding")
    await day.after(day.aled.submits({"What you heard": HEARD[5], "Kind": "Strength", "Kind of source": "Document"}))
    assert "#6 saved · unsorted · strength · document" in day.reads("aled")
    findings = {finding.number: finding for finding in await day.wall()}
    assert [findings[number].text[:20] for number in range(1, 7)] == [words[:20] for words in HEARD[:6]]
    assert findings[1].source_type is SourceType.FOCUS_GROUP


async def put_right(day: TeamsDay) -> None:
    """A theme by its button, a kind in the dialog, an edit, a deletion and its undoing, Undo; a message that comes
    again under a new id."""
    await day.after(day.priya.dm(HEARD[6]))
    first_time = day.teams.deliveries[-1]
    for new_id in (False, True):
        await day.after(day.teams.deliver_again(first_time, new_id=new_id))
    assert day.reads("priya").startswith("#7 saved · unsorted")
    receipt = day.last_dm("priya")
    await day.after(day.priya.presses(receipt, "Added value"))
    await day.after(day.priya.presses(receipt, "More"))
    await day.after(day.priya.submits({"Kind": "Area to explore"}))
    assert day.priya.sees(receipt).startswith("#7 saved · Added value · area to explore")
    assert (await day.finding(7)).kind is Kind.IMPROVEMENT
    first = next(post for post in day.priya.dm_messages() if not post.by_app)
    await day.after(day.priya.edits(first, f"{HEARD[0]}, always #vision (focus group, frontline staff)"))
    assert (await day.finding(1)).text.startswith(f"{HEARD[0]}, always")
    slip = await day.after(day.tom.dm("Said in error"))
    await day.after(day.tom.deletes(slip))
    assert [finding.number for finding in await day.wall()] == [1, 2, 3, 4, 5, 6, 7]
    await day.after(day.tom.undeletes(slip))
    assert len(await day.wall()) == 8
    await day.pass_time(seconds=5)
    await day.after(day.tom.deletes(slip))
    await day.pass_time(seconds=20)
    await day.after(day.tom.dm("Also said in error"))
    await day.after(day.tom.presses(day.last_dm("tom"), "Undo"))
    assert day.reads("tom").startswith("#9 withdrawn")
    assert [finding.number for finding in await day.wall()] == [1, 2, 3, 4, 5, 6, 7]


async def meet(day: TeamsDay) -> None:
    """Sessions at the minute, moved by a mention and in a thread."""
    await day.until(at(24, "10:44"))
    (digest,) = [words for words in in_channel(day) if "So far today" in words]
    assert "7 findings from 6 peers" in digest, "it is kept up to date where it stands"
    assert not [words for words in in_channel(day) if " session · " in words]
    await day.until(at(24, "10:45"))
    assert "10:45 session · Tuesday, day 1 of 4\n7 new findings from 6 peers so far." in day.mina.sees(session(day))
    await day.after(day.priya.presses(session(day), "Show the findings"))
    assert day.priya.toasts[-1] == "Sent to you alone: 7 findings of the 10:45 session"
    assert day.reads("priya").startswith("New at the 10:45 session")
    await day.after(day.ruth.says(day.team_channel, "@Baseroom move 13:00 to 13:30"))
    assert "The 13:00 session is at 13:30 today." in in_channel(day)
    await day.after(day.mina.says(day.team_channel, "skip 16:15", thread=session(day)))
    assert "There is no 16:15 session today." in in_channel(day)
    await day.until(at(24, "13:29"))
    assert "10:45 session" in day.mina.sees(session(day))
    await day.until(at(24, "13:30"))
    assert "13:30 session" in day.mina.sees(session(day))


async def tell_the_client(day: TeamsDay) -> None:
    """The draft before the catch-up, in the manager's words, approved, and nothing else in it."""
    await day.until(at(24, "16:00"))
    draft = day.newest("mina", "Draft · for the client")
    await day.after(day.mina.presses(draft, "Edit"))
    await day.after(day.mina.submits({"🧭 Vision: 1 observation": "People put the vision into words of their own"}))
    await day.after(day.mina.presses(draft, "Approve"))
    page = day.mina.sees(day.newest("mina", "For the client · Tuesday 24 November"))
    assert "People put the vision into words of their own" in page
    assert not [words for words in HEARD if words in page]


async def look_back(day: TeamsDay) -> None:
    await day.until(at(24, "20:00"))
    assert in_channel(day)[-1].startswith("The day in numbers · Tuesday, day 1 of 4\n7 findings")
    assert len([words for words in in_channel(day) if "So far today" in words]) <= 1
    await day.after(day.tom.dm("findings all"))
    assert all(words in day.reads("tom") for words in HEARD)
    for handle in ("priya", "mina"):
        await day.after(day.people[handle].dm("home"))
    assert "Your findings: 2 today, 2 in all" in day.reads("priya")
    assert "Missing" not in day.reads("priya")
    assert "Missing" in day.reads("mina")


# ---------------------------------------------------------------- after the visit


async def destroy_notes(day: TeamsDay) -> None:
    await day.until(at(4, "10:00", month=12))
    await opens(day, "mina", "challenge signed off")
    await day.after(day.mina.submits())
    for count, handle in enumerate(TEAM, start=1):
        asked = day.newest(handle, "Please destroy your notes now")
        await day.after(day.people[handle].presses(asked, "All of it is destroyed"))
        assert f"{count} of 7 have destroyed their notes" in day.mina.sees(day.newest("mina", "Note destruction"))


async def take_away_the_workbook(day: TeamsDay) -> None:
    """It is offered first, and put where Teams says once the manager agrees."""
    await day.after(day.mina.dm("challenge export"))
    await day.after(day.mina.declines(day.last_dm("mina")))
    assert day.teams.uploads == {}
    await day.pass_time(seconds=5)
    await day.after(day.mina.dm("challenge export"))
    offer = day.last_dm("mina")
    assert "Anyshire ICS findings 2026-12-04.xlsx" in day.mina.sees(offer)
    await day.after(day.mina.accepts(offer))
    (content,) = day.teams.uploads.values()
    assert "Findings" in load_workbook(io.BytesIO(content), read_only=True).sheetnames
    assert "[Anyshire ICS findings 2026-12-04.xlsx]" in day.reads("mina")
    assert offer.deleted, "the question does not stay once it is answered"


# ---------------------------------------------------------------- at the end


def check_teams_was_content(day: TeamsDay) -> None:
    assert day.teams.rejected == []
    assert [one.activity for one in day.teams.deliveries if not one.taken] == []
    assert day.teams.throttle.over == 0
    assert [call for call in day.teams.calls_of("send") if call.body.get("text") and call.body.get("attachments")] == []


def check_lock_screens(day: TeamsDay) -> None:
    """A notification carries numbers and themes: no word of a finding, and nobody's name."""
    posts = [
        call.body.get("activity", call.body) for call in day.teams.calls if call.what in ("send", "create", "update")
    ]
    shown = [str(post["summary"]) for post in posts if post.get("summary")]
    assert len(shown) > 50
    names = [part for name, _, _ in TEAM.values() for part in name.split()]
    private = [*HEARD, *names, "error", "finance", "workforce"]
    assert [(text, words) for text in shown for words in private if words in text] == []
