"""What `baseroom doctor` asks Slack: is the token good, are the scopes there, does the clock agree."""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.found import Found, clock_beside
from bot.settings import Settings
from bot.slack.answers import error_code
from bot.slack.porter import client_for
from manifests.slack import SCOPES


async def check_slack(settings: Settings) -> list[Found]:
    client = client_for(settings)
    try:
        answer = await client.auth_test()
    except SlackApiError as exc:
        code = error_code(exc)
        return [Found("Slack token", False, f"Slack answers {code}. Reinstall the app and copy SLACK_BOT_TOKEN again.")]
    except (SlackClientError, ClientError, OSError) as exc:
        words = f"Slack cannot be reached ({type(exc).__name__}). Check the proxy and SLACK_API_URL."
        return [Found("Slack", False, words)]
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    return [
        Found("Slack token", True, f"valid for the workspace {answer.get('team')}"),
        _scopes(headers.get("x-oauth-scopes", "")),
        clock_beside("Slack", headers.get("date", "")),
        *await _socket(settings),
    ]


async def _socket(settings: Settings) -> list[Found]:
    token = settings.slack_app_token.get_secret_value()
    if not token:
        return [Found("Slack over HTTP", True, "the request URL must end in /slack/events, over HTTPS")]
    try:
        await client_for(settings).apps_connections_open(app_token=token)
    except (SlackClientError, ClientError, OSError) as exc:
        words = f"Slack answers {error_code(exc)}: SLACK_APP_TOKEN needs the scope connections:write."
        return [Found("Socket Mode", False, words)]
    return [Found("Socket Mode", True, "can connect")]


def _scopes(granted: str) -> Found:
    missing = sorted(set(SCOPES) - {scope.strip() for scope in granted.split(",")})
    if not missing:
        return Found("Slack scopes", True, "all granted")
    reasons = "; ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
    return Found("Slack scopes", False, f"missing: {reasons}. Update the app from the manifest and reinstall it.")
