"""What an answer from Slack that is not Slack's own says."""

from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.answers import error_code, waiting_time


def failed(data: Any, status: int, **headers: str) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers=headers, status_code=status
    )  # fmt: skip
    return SlackApiError("failed", response)  # type: ignore[no-untyped-call]  # slack_sdk leaves it so


def test_slacks_own_word_is_the_error() -> None:
    assert error_code(failed({"ok": False, "error": "channel_not_found"}, 200)) == "channel_not_found"


def test_a_proxys_error_page_is_known_by_its_status_and_never_quoted() -> None:
    assert error_code(failed("<html>Priya said so</html>", 502)) == "502"


def test_the_waiting_time_is_slacks_own_whatever_the_case_of_its_header() -> None:
    assert waiting_time(failed({}, 429, **{"retry-after": "7"})) == 7.0
    assert waiting_time(failed({}, 429, **{"Retry-After": "soon"})) == 1.0
