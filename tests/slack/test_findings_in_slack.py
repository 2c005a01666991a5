"""A peer types to Baseroom in Slack."""

from tests.slack.world import SlackDay


async def test_a_message_becomes_a_finding_and_a_receipt(slack_day: SlackDay) -> None:
    await slack_day.priya.dm("Partners & staff share one plan #vision")
    await slack_day.settled()
    assert "#1 saved" in slack_day.reads("priya")
    assert (await slack_day.finding(1)).text == "Partners & staff share one plan #vision"


async def test_what_is_typed_behind_slash_me_is_a_finding_like_any_other(slack_day: SlackDay) -> None:
    await slack_day.after(slack_day.priya.dm("hears that carers wait too long", me=True))
    assert "#1 saved" in slack_day.reads("priya")
    assert (await slack_day.finding(1)).text == "hears that carers wait too long"


async def test_an_edit_and_a_deletion_are_followed(slack_day: SlackDay) -> None:
    message = await slack_day.priya.dm("Partners share one plan")
    await slack_day.settled()
    await slack_day.priya.edit(message, "Partners share one plan <and> one budget")
    await slack_day.settled()
    assert (await slack_day.finding(1)).text == "Partners share one plan <and> one budget"
    await slack_day.priya.delete(message)
    await slack_day.settled()
    assert await slack_day.wall() == []
    assert "withdrawn" in slack_day.reads("priya")


async def test_a_finding_logged_from_somebody_elses_direct_message_is_answered_in_ones_own(slack_day: SlackDay) -> None:
    between = slack_day.slack.workspace.add_channel("mina and ruth", "im", [slack_day.mina.id, slack_day.ruth.id])
    said = await slack_day.after(slack_day.ruth.says(between, "Carers wait too long"))
    await slack_day.after(slack_day.mina.uses_shortcut("findings.log", said))
    assert [finding.text for finding in await slack_day.wall()] == ["Carers wait too long"]
    assert "#1 saved" in slack_day.reads("mina")
    assert slack_day.slack.refused_calls == []
