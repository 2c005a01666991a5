"""Slash commands: what is typed after the slash, wherever somebody types it."""

from tests.fakes.slack import controls, visible_text
from tests.slack.world import SlackDay


async def test_a_known_command_is_not_offered_for_the_wall(slack_day: SlackDay) -> None:
    await slack_day.asks("priya", "themes")
    assert "Vision" in slack_day.reads("priya")
    assert "Log what I typed as a finding" not in slack_day.reads("priya")


async def test_words_that_are_no_command_can_still_be_logged(slack_day: SlackDay) -> None:
    await slack_day.asks("priya", "Carers wait too long")
    await slack_day.after(slack_day.priya.presses(slack_day.last_dm("priya"), "Log what I typed as a finding"))
    assert [finding.text for finding in await slack_day.wall()] == ["Carers wait too long"]


async def test_words_refused_after_a_command_are_given_back(slack_day: SlackDay) -> None:
    await slack_day.asks("priya", "summary approve Carers wait too long")
    assert "Log what I typed as a finding" in [control.label for control in controls(slack_day.last_dm("priya"))]


async def test_in_the_direct_messages_with_baseroom_the_answer_is_there_and_says_so_once(slack_day: SlackDay) -> None:
    before = len(slack_day.mina.dm_messages())
    await slack_day.asks("mina", "challenge team")
    await slack_day.asks("mina", "checkin answers")
    await slack_day.asks("mina", "home")
    said = [visible_text(post) for post in slack_day.mina.dm_messages()[before:]]
    assert len(said) == 3
    assert not [words for words in said if "our direct messages" in words]


async def test_with_somebody_else_it_is_answered_in_private_and_never_there(slack_day: SlackDay) -> None:
    between = slack_day.slack.workspace.add_channel("mina and ruth", "im", [slack_day.mina.id, slack_day.ruth.id])
    await slack_day.asks("mina", "challenge team", channel=between)
    assert "Ruth Calder" in slack_day.reads("mina")
    assert slack_day.ruth.messages_in(between) == []


async def test_in_a_public_channel_it_is_answered_to_the_one_who_asked_alone(slack_day: SlackDay) -> None:
    hall = slack_day.slack.channel("town-hall", private=False, members=[slack_day.priya, slack_day.zed], app=False)
    await slack_day.asks("priya", "themes", channel=hall)
    assert slack_day.zed.messages_in(hall) == []
    assert "Vision" in slack_day.reads("priya"), "Baseroom is not in that channel, so it is a direct message"


async def test_here_typed_in_a_public_channel_is_refused_with_the_reason(slack_day: SlackDay) -> None:
    hall = slack_day.slack.channel("town-hall", private=False, members=[slack_day.mina, slack_day.zed])
    await slack_day.asks("mina", "challenge here", channel=hall)
    assert "private" in visible_text(slack_day.mina.ephemerals[-1])
    assert slack_day.zed.messages_in(hall) == []


async def test_a_crowded_channel_is_refused_without_asking_who_everybody_is(slack_day: SlackDay) -> None:
    crowd = [slack_day.slack.user(f"Guest {number}") for number in range(150)]
    hall = slack_day.slack.channel("hall", members=[slack_day.mina, *crowd])
    await slack_day.asks("mina", "challenge here", channel=hall)
    assert "Guest" in visible_text(slack_day.mina.ephemerals[-1])
    assert len(slack_day.slack.calls_of("users.info")) <= 60
    assert slack_day.slack.refused_calls == []
