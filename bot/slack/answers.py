"""What an error of the Slack client says, in Slack's own word, and never a payload.

An answer that is no JSON (a proxy's error page, a 5xx) has no word; its status then stands for it.
"""

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

NOT_ANSWERED = (SlackClientError, aiohttp.ClientError, OSError)  # Slack refused, or could not be reached
BUSY = frozenset({"ratelimited", "rate_limited"})
BROKEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class NotNow(Exception):
    """Slack could not say just now, and may in a minute; the argument is its error word."""


def error_code(exc: Exception) -> str:
    """Slack's error word ("channel_not_found"), else the HTTP status, else the kind of the error."""
    if not isinstance(exc, SlackApiError):
        return type(exc).__name__
    answer = exc.response
    body = getattr(answer, "data", answer)
    if isinstance(body, dict) and body.get("error"):
        return str(body["error"])
    return str(status_of(exc) or "unknown")


def may_pass(exc: Exception) -> bool:
    """Whether asking again later may help: Slack was busy, broken or out of reach. Its refusals stay refusals."""
    if not isinstance(exc, SlackApiError):
        return True
    return is_busy(exc) or is_broken(exc) or error_code(exc) in (str(status_of(exc)), "unknown")


def is_busy(exc: SlackApiError) -> bool:
    """Slack took nothing, and says when to come again (`waiting_time`)."""
    return status_of(exc) == 429 or error_code(exc) in BUSY


def is_broken(exc: SlackApiError) -> bool:
    """Slack failed at it: whether it did it all the same, it does not say."""
    return status_of(exc) >= 500 or error_code(exc) in BROKEN


def needed_scope(exc: Exception) -> str:
    """The scope that Slack says is missing ("channels:read"); empty when that is not the error."""
    body = getattr(exc.response, "data", None) if isinstance(exc, SlackApiError) else None
    return str(body.get("needed", "")) if isinstance(body, dict) and body.get("error") == "missing_scope" else ""


def status_of(exc: SlackApiError) -> int:
    """The HTTP status of the answer; 0 when there is none."""
    return int(getattr(exc.response, "status_code", 0) or 0)


def waiting_time(exc: SlackApiError) -> float:
    """The seconds that Slack asks us to wait (Retry-After); 1 when it does not say."""
    headers = {str(name).lower(): value for name, value in (getattr(exc.response, "headers", None) or {}).items()}
    try:
        return float(headers.get("retry-after", 1))
    except ValueError:
        return 1.0
