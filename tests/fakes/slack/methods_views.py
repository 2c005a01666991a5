"""views.* and files.*: the forms and pages the app shows, and the files it hands over."""

from typing import Any

from aiohttp import web

from .methods_chat import spend_post, thread_to_join
from .refusals import Refused
from .views import View
from .web_api import TIER_2, TIER_3, TIER_4, Asked, method
from .workspace import SharedFile

Json = dict[str, Any]


@method("views.open", tier=TIER_4)
async def open_view(asked: Asked) -> Json:
    person = asked.slack.permits.exchange_trigger(asked.text("trigger_id"))
    return _shown(asked.slack.views.open(person, _view_in(asked)))


@method("views.push", tier=TIER_4)
async def push_view(asked: Asked) -> Json:
    person = asked.slack.permits.exchange_trigger(asked.text("trigger_id"))
    return _shown(asked.slack.views.push(person, _view_in(asked)))


@method("views.update", tier=TIER_4)
async def update_view(asked: Asked) -> Json:
    view_id, external_id = asked.optional("view_id"), asked.optional("external_id")
    if view_id is None and external_id is None:
        raise Refused.because("invalid_arguments", ["[ERROR] missing required field: view_id or external_id"])
    view = asked.slack.views.find(view_id=view_id, external_id=external_id)
    expected = asked.optional("hash")
    if expected is not None and expected != view.hash:
        raise Refused("hash_conflict")
    return _shown(asked.slack.views.update(view, _view_in(asked)))


@method("views.publish", tier=TIER_4)
async def publish_view(asked: Asked) -> Json:
    user = asked.text("user_id")
    if user not in asked.slack.workspace.users:
        raise Refused("user_not_found")
    if not asked.slack.manifest.has_home:
        raise Refused("not_enabled")
    return _shown(asked.slack.views.publish(user, _view_in(asked), asked.optional("hash")))


def _view_in(asked: Asked) -> object:
    asked.text("view")
    return asked.arguments["view"]


def _shown(view: View) -> Json:
    return {"view": view.to_json()}


@method("files.getUploadURLExternal", scopes=("files:write",), tier=TIER_4)
async def get_upload_url(asked: Asked) -> Json:
    name, length = asked.text("filename"), asked.number("length", 0, 10**9)
    if not length:
        raise Refused("invalid_arguments")
    file_id = asked.slack.expect_upload(name, length)
    return {"upload_url": f"{asked.slack.address}/upload/{file_id}", "file_id": file_id}


@method("files.completeUploadExternal", scopes=("files:write",), tier=TIER_4)
async def complete_upload(asked: Asked) -> Json:
    """Makes uploaded bytes a file, and shares it in `channel_id`, where the app must be a member."""
    listed = asked.arguments.get("files")
    if not isinstance(listed, list) or not listed:
        raise Refused("invalid_arguments")
    named = asked.optional("channel_id") or asked.optional("channels")
    channel = asked.visible_channel("channel_id" if asked.optional("channel_id") else "channels") if named else None
    if channel is not None and asked.slack.bot.id not in channel.members:
        raise Refused("not_in_channel")
    files = [_completed(asked, one) for one in listed]
    if channel is not None:
        thread = thread_to_join(asked, channel)
        spend_post(asked, channel)
        comment = asked.optional("initial_comment") or ""
        asked.slack.post(channel, comment, None, thread_ts=thread, files=files)
    return {"files": [file.to_json() for file in files]}


def _completed(asked: Asked, listed: object) -> SharedFile:
    if not isinstance(listed, dict) or not isinstance(listed.get("id"), str):
        raise Refused("invalid_arguments")
    file = asked.slack.take_upload(listed["id"])
    if file is None:
        raise Refused("file_not_found")
    file.title = listed.get("title") or file.name
    asked.slack.workspace.files[file.id] = file
    return file


@method("files.info", scopes=("files:read",), tier=TIER_4)
async def file_info(asked: Asked) -> Json:
    return {"file": _standing(asked).to_json()}


@method("files.delete", scopes=("files:write",), tier=TIER_3)
async def delete_file(asked: Asked) -> Json:
    file = _standing(asked)
    if file.user != asked.slack.bot.id:
        raise Refused("cant_delete_file")
    file.deleted = True
    return {}


def _standing(asked: Asked) -> SharedFile:
    file = asked.slack.workspace.files.get(asked.text("file"))
    if file is None:
        raise Refused("file_not_found")
    if file.deleted:
        raise Refused("file_deleted")
    return file


@method("pins.add", scopes=("pins:write",), tier=TIER_2)
async def pin(asked: Asked) -> Json:
    channel = asked.visible_channel()
    if asked.slack.workspace.find(channel, asked.text("timestamp")) is None:
        raise Refused("message_not_found")
    return {}


async def take_bytes(request: web.Request, expected: int) -> bytes | None:
    """The bytes posted to an upload address, raw or as a form's file; None when their number is not as announced."""
    if request.content_type.startswith("multipart/"):
        field = next(iter((await request.post()).values()))
        content = field.file.read() if isinstance(field, web.FileField) else str(field).encode()
    else:
        content = await request.read()
    return content if len(content) == expected else None
