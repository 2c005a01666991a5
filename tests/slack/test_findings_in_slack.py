"""A peer types to Baseroom in Slack."""

from tests.slack.world import SlackDay


async def test_a_message_becomes_a_finding_and_a_receipt(slack_day: SlackDay) -> None:
    await slack_day.priya.dm("Partners & staff share one plan #vision")
    await slack_day.settled()
    assert "#1 saved" in slack_day.reads("priya")
    assert (await slack_day.finding(1)).text == "Partners & staff share one plan #vision"


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
