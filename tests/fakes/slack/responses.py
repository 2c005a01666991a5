"""What the app says back to a command or an interaction, at once or through its response URL.

Without `response_type` only the person sees it, as in Slack; `replace_original` and `delete_original` act on the
message that was pressed.
"""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from .permits import ResponseUrl
from .posting import checked_content, checked_metadata
from .refusals import Refused
from .web_api import Call
from .workspace import Message

if TYPE_CHECKING:
    from .server import FakeSlack

Json = dict[str, Any]


async def answer_response_url(slack: "FakeSlack", request: web.Request) -> web.Response:
    """A POST to a response URL; 404 when it is spent, 400 when Slack would not show what was sent."""
    body: Json = await request.json()
    call = Call("response_url", body, slack.clock.now())
    slack.calls.append(call)
    try:
        permit = slack.permits.use_response_url(request.match_info["token"])
    except Refused as spent:
        return _refuse(call, 404, spent)
    try:
        show_response(slack, permit, body)
    except Refused as refusal:
        return _refuse(call, 400, refusal)
    call.answer = {"ok": True}
    slack.bell.ring()
    return web.json_response(call.answer)


def _refuse(call: Call, status: int, refusal: Refused) -> web.Response:
    call.status, call.error, call.answer = status, refusal.error, {"ok": False, "error": refusal.error}
    return web.json_response(call.answer, status=status)


def show_response(slack: "FakeSlack", permit: ResponseUrl, body: Json) -> Message | None:
    """The message that came of it; None when the original was deleted."""
    original = permit.message
    if body.get("delete_original") and original is not None:
        slack.take_back(original)
        return None
    content = checked_content(slack.workspace, body.get("text"), body.get("blocks"))
    if body.get("replace_original") and original is not None:
        slack.change(original, slack.bot, *content, metadata=original.metadata)
        return original
    kind = body.get("response_type", "ephemeral")
    if kind not in {"ephemeral", "in_channel"}:
        raise Refused("invalid_response_type")
    seen_only_by = permit.person if kind == "ephemeral" else None
    metadata = checked_metadata(body.get("metadata"))
    thread = body.get("thread_ts")
    return slack.post(permit.channel, *content, thread_ts=thread, seen_only_by=seen_only_by, metadata=metadata)
