"""Every scope in the manifest is needed: the shortest day that uses them all goes wrong without any one of them."""

from pathlib import Path
from typing import Any

import pytest

from manifests.slack import SCOPES
from tests.fakes.slack import NotOffered, visible_text
from tests.slack.world import SlackDay, a_slack_day, manifest_for


def without(scope: str) -> dict[str, Any]:
    """The manifest with the scope taken out, and nothing else changed."""
    manifest = manifest_for("socket")
    manifest["oauth_config"]["scopes"]["bot"].remove(scope)
    return manifest


async def play(day: SlackDay) -> list[str]:
    """A message, a mention and its edit, a pushpin, a new challenge, a file. What went wrong, in Slack's words."""
    channel = day.team_channel
    await day.open_challenge()
    wrong: list[str] = []
    await day.after(day.priya.dm("Partners share one plan"))
    said = await day.after(day.tom.says(channel, "@Baseroom The minutes are thin"))
    await day.after(day.tom.edit(said, "@Baseroom The minutes of the board are thin"))
    pinned = await day.after(day.jo.says(channel, "Carers wait too long"))
    await day.after(day.jo.reacts(pinned, "pushpin"))
    try:
        await day.asks("mina", "challenge new")
        if not day.mina.modal:
            wrong.append("no form for a new challenge: the manager is not recognised by e-mail (users:read.email)")
        await day.asks("mina", "challenge export")
        await day.after(day.zed.joins(channel))
    except NotOffered as refusal:
        wrong.append(str(refusal))
    wrong += [f"{call.method}: {call.error} {call.answer.get('needed', '')}" for call in day.slack.refused_calls]
    wrong += [f"{event.subscription}: {event.reason}" for event in day.slack.undelivered]
    return wrong


async def test_with_the_manifest_as_it_is_all_goes_well_and_every_scope_is_used(tmp_path: Path) -> None:
    async with a_slack_day(tmp_path, "socket") as day:
        assert await play(day) == []
        assert day.slack.unused_scopes == set()
        heard = [finding.text for finding in await day.wall()]
        assert heard == ["Partners share one plan", "The minutes of the board are thin", "Carers wait too long"]
        assert [file.name for post in day.mina.dm_messages() for file in post.files]
        assert "Zed Stranger" in visible_text(day.newest("mina", "not on the challenge"))


@pytest.mark.parametrize("scope", SCOPES)
async def test_without_the_scope_the_day_goes_wrong(scope: str, tmp_path: Path) -> None:
    async with a_slack_day(tmp_path, "socket", manifest=without(scope)) as day:
        wrong = await play(day)
    assert [line for line in wrong if scope in line], f"nothing in the day needs {scope}: {wrong}"
