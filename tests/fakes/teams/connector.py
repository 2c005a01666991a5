"""The Bot Connector as Teams runs it: what a bot may ask, and what it is told when it may not.

Every call needs a token that Entra gave. A post is held to size, pace and schema; a conversation is found by its id
with or without the message that began its thread.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .checks import CONSENT, Rejected, check_activity
from .faults import Fault
from .tenant import BOT, IN_A_THREAD, TENANT, Conversation, Json, Message, User

if TYPE_CHECKING:
    from .server import FakeTeams


@dataclass(eq=False, slots=True)
class Call:
    """Something that the app asked of Teams. `what` is the name by which a fault is set."""

    what: str
    path: str
    body: Any
    status: int = 0
    code: str = ""
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(eq=False)
class Connector:
    """The routes. `calls` is everything that was asked."""

    teams: "FakeTeams"
    calls: list[Call] = field(default_factory=list)
    under_way: int = 0
    _faults: dict[str, list[Fault]] = field(default_factory=dict)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v3/conversations", self._taking("create", self._create)),
            web.post("/v3/conversations/{conversation}/activities", self._taking("send", self._send)),
            web.post("/v3/conversations/{conversation}/activities/{message}", self._taking("send", self._reply)),
            web.put("/v3/conversations/{conversation}/activities/{message}", self._taking("update", self._update)),
            web.delete("/v3/conversations/{conversation}/activities/{message}", self._taking("delete", self._delete)),
            web.get("/v3/conversations/{conversation}/pagedmembers", self._taking("members", self._members)),
            web.get("/v3/conversations/{conversation}/members/{user}", self._taking("member", self._member)),
            web.get("/v3/teams/{team}", self._taking("team", self._team)),
            web.get("/v3/teams/{team}/conversations", self._taking("channels", self._channels)),
        ]

    def add_fault(self, what: str, fault: Fault, times: int) -> None:
        self._faults.setdefault(what, []).extend([fault] * times)

    def release(self) -> None:
        """Let go of whoever waits for an answer that does not come."""
        self._released.set()

    def _taking(
        self, what: str, do: Callable[[web.Request, Any], Awaitable[tuple[int, Json]]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(request: web.Request) -> web.StreamResponse:
            self.under_way += 1
            try:
                return await self._answer(what, request, do)
            finally:
                self.under_way -= 1
                self.teams.bell.ring()

        return handler

    async def _answer(
        self, what: str, request: web.Request, do: Callable[[web.Request, Any], Awaitable[tuple[int, Json]]]
    ) -> web.StreamResponse:
        body = await _body(request)
        call = Call(what, request.path, body)
        self.calls.append(call)
        waiting = self._faults.get(what)
        call.fault = waiting.pop(0) if waiting else None
        status = 500
        answer: Json = {}
        headers: dict[str, str] = {}
        if call.fault is None or call.fault.after_effect:
            status, answer, headers = await self._done(request, body, do, call)
        if call.fault is not None:
            return await self._go_wrong(request, call)
        call.status = status
        return web.json_response(answer, status=status, headers=headers)

    async def _done(
        self,
        request: web.Request,
        body: Any,
        do: Callable[[web.Request, Any], Awaitable[tuple[int, Json]]],
        call: Call,
    ) -> tuple[int, Json, dict[str, str]]:
        try:
            self._check_token(request)
            status, answer = await do(request, body)
        except Rejected as exc:
            call.code = exc.code
            self.teams.rejected.append(f"{call.what}: {exc}")
            if exc.code == "209":
                return exc.status, {"errorCode": 209, "message": "MessageWritesBlocked"}, exc.headers
            return exc.status, {"error": {"code": exc.code, "message": exc.message}}, exc.headers
        return status, answer, {}

    def _check_token(self, request: web.Request) -> None:
        if not self.teams.entra.is_good(request.headers.get("Authorization")):
            raise Rejected(401, "Unauthorized", "Authorization has been denied for this request.")

    async def _go_wrong(self, request: web.Request, call: Call) -> web.StreamResponse:
        fault = call.fault
        assert fault is not None
        call.status, call.code = fault.status, fault.code
        if fault.kind == "silence":
            await self._released.wait()
        if fault.kind != "status":
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
        return web.json_response(fault.body(), status=fault.status, headers=headers)

    # ---- posts

    async def _create(self, _request: web.Request, body: Any) -> tuple[int, Json]:
        if not isinstance(body, dict) or (body.get("bot") or {}).get("id") != BOT:
            raise Rejected(400, "BadSyntax", "no bot, or another one")
        tenant = body.get("tenantId") or ((body.get("channelData") or {}).get("tenant") or {}).get("id")
        if tenant != TENANT:
            raise Rejected(403, "BotNotRegistered", f"no such tenant: {tenant}")
        return self._begin_thread(body) if body.get("isGroup") else self._open_chat(body)

    def _open_chat(self, body: Json) -> tuple[int, Json]:
        named = [one.get("id") for one in body.get("members") or ()]
        if len(named) != 1:
            raise Rejected(400, "BadSyntax", "Incorrect conversation creation parameters")
        user = self.teams.tenant.users.get(str(named[0]))
        if user is None:
            raise Rejected(403, "ForbiddenOperationException", "no such user, or addressed by e-mail")
        if not user.installed:
            raise Rejected(403, "ForbiddenOperationException", "Bot is not installed in user's personal scope")
        self._keep_pace(user.id)
        chat = self.teams.tenant.personal_chat(user)
        if "activity" not in body:
            return 201, {"id": chat.id}
        check_activity(body["activity"])
        return 201, {"id": chat.id, "activityId": self._post(chat, "", body["activity"])}

    def _begin_thread(self, body: Json) -> tuple[int, Json]:
        channel = self._conversation(str(((body.get("channelData") or {}).get("channel") or {}).get("id", "")))
        if channel.kind != "channel":
            raise Rejected(400, "BadSyntax", "not a channel")
        if not isinstance(body.get("activity"), dict):
            raise Rejected(400, "BadSyntax", "a thread begins with a message")
        check_activity(body["activity"])
        self._keep_pace(channel.id)
        made = self._post(channel, "", body["activity"])
        return 201, {"id": f"{channel.id}{IN_A_THREAD}{made}" if made else channel.id, "activityId": made}

    async def _send(self, request: web.Request, body: Any) -> tuple[int, Json]:
        return self._take_post(request.match_info["conversation"], body)

    async def _reply(self, request: web.Request, body: Any) -> tuple[int, Json]:
        channel, _, root = request.match_info["conversation"].partition(IN_A_THREAD)
        root = root or request.match_info["message"]
        conversation = self._conversation(channel)
        return self._take_post(f"{channel}{IN_A_THREAD}{root}" if conversation.kind == "channel" else channel, body)

    def _take_post(self, where: str, body: Any) -> tuple[int, Json]:
        conversation, root = self._placed(where)
        if not isinstance(body, dict):
            raise Rejected(400, "BadSyntax", "no activity")
        check_activity(body)
        self._keep_pace(conversation.id)
        if body["type"] == "typing":
            self.teams.typing.append(conversation)
            return 201, {"id": ""}
        self._check_file(conversation, body)
        return 201, {"id": self._post(conversation, root, body)}

    def _post(self, conversation: Conversation, root: str, activity: Json) -> str:
        """Put it there. Text and attachment are split, and the id of neither comes back."""
        add = self.teams.tenant.add_message
        text, attachments = str(activity.get("text") or ""), activity.get("attachments") or []
        summary = str(activity.get("summary") or "")
        parts: list[Json] = [{"text": text}] if text else []
        parts += [{"attachment": one, "summary": summary} for one in attachments]
        posted = [add(conversation, None, thread=root, **part) for part in parts]
        self.teams.bell.ring()
        return posted[0].id if len(posted) == 1 else ""

    def _check_file(self, conversation: Conversation, activity: Json) -> None:
        kinds = {one.get("contentType") for one in activity.get("attachments") or ()}
        if CONSENT in kinds and conversation.kind != "personal":
            raise Rejected(400, "BadArgument", "files by consent are for personal chats")
        if CONSENT in kinds and not self.teams.manifest["bots"][0]["supportsFiles"]:
            raise Rejected(400, "BadArgument", "the manifest says that the bot does not support files")

    async def _update(self, request: web.Request, body: Any) -> tuple[int, Json]:
        message = self._own(request)
        if not isinstance(body, dict):
            raise Rejected(400, "BadSyntax", "no activity")
        check_activity(body)
        if body.get("text") and body.get("attachments"):
            raise Rejected(400, "BadSyntax", "text and attachment together")
        message.text = str(body.get("text") or "")
        message.attachment = next(iter(body.get("attachments") or ()), None)
        message.summary = str(body.get("summary") or "")
        message.edits += 1
        message.views.clear()
        return 200, {"id": message.id}

    async def _delete(self, request: web.Request, _body: Any) -> tuple[int, Json]:
        self._own(request).deleted = True
        return 200, {}

    def _own(self, request: web.Request) -> Message:
        conversation, root = self._placed(request.match_info["conversation"])
        message = self.teams.tenant.find(conversation, request.match_info["message"])
        if message is None or (root and root not in (message.thread, message.id)):
            raise Rejected(404, "ActivityNotFoundInConversation", "no such message there")
        if not message.by_app:
            raise Rejected(403, "ForbiddenOperationException", "somebody else's message")
        return message

    # ---- who and where

    async def _members(self, request: web.Request, _body: Any) -> tuple[int, Json]:
        conversation, _ = self._placed(request.match_info["conversation"])
        wanted = int(request.query.get("pageSize", "500"))
        if not 50 <= wanted <= 500:
            raise Rejected(400, "BadArgument", "pageSize is 50 to 500")
        start, size = int(request.query.get("continuationToken", "0")), min(wanted, self.teams.members_a_page)
        page = [user.to_json() for user in conversation.members[start : start + size]]
        more = {"continuationToken": str(start + size)} if start + size < len(conversation.members) else {}
        return 200, {"members": page} | more

    async def _member(self, request: web.Request, _body: Any) -> tuple[int, Json]:
        conversation, _ = self._placed(request.match_info["conversation"])
        named = request.match_info["user"]
        for user in conversation.members:
            if named in (user.id, user.aad):
                return 200, user.to_json()
        raise Rejected(404, "MemberNotFoundInConversation", "not there")

    async def _team(self, request: web.Request, _body: Any) -> tuple[int, Json]:
        team = self.teams.tenant.teams.get(request.match_info["team"])
        if team is None or not team.app:
            raise Rejected(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        counts = {"channelCount": len(self.teams.tenant.channels_of(team)), "memberCount": len(team.members)}
        told: Json = {
            "id": team.id,
            "name": team.name,
            "aadGroupId": team.group,
            "tenantId": TENANT,
            "type": "standard",
        }
        return 200, told | counts

    async def _channels(self, request: web.Request, body: Any) -> tuple[int, Json]:
        await self._team(request, body)
        team = self.teams.tenant.teams[request.match_info["team"]]
        listed = [
            {"id": one.id, "name": None if one.id == team.id else one.name, "type": one.type}
            for one in self.teams.tenant.channels_of(team)
        ]
        return 200, {"conversations": listed}

    def _placed(self, where: str) -> tuple[Conversation, str]:
        """The conversation, and the message that began the thread."""
        name, _, root = where.partition(IN_A_THREAD)
        conversation = self._conversation(name)
        if root:
            first = self.teams.tenant.find(conversation, root)
            if conversation.kind != "channel" or first is None or first.thread:
                raise Rejected(404, "ConversationNotFound", f"no thread {root} there")
        return conversation, root

    def _conversation(self, name: str) -> Conversation:
        found = self.teams.tenant.conversations.get(name)
        if found is None:
            raise Rejected(404, "ConversationNotFound", f"no conversation {name}")
        if not found.has_app:
            raise Rejected(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if found.kind == "personal":
            self._check_reachable(found.own_members[0])
        return found

    def _check_reachable(self, user: User) -> None:
        if user.blocks:
            raise Rejected(403, "209" if self.teams.errors_are_numbers else "MessageWritesBlocked", "blocked")
        if not user.installed:
            raise Rejected(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")

    def _keep_pace(self, conversation: str) -> None:
        waiting = self.teams.throttle.wait_for(conversation, self.teams.clock.now())
        if waiting is not None:
            raise Rejected(429, "Throttled", "too many requests", headers={"Retry-After": str(waiting)})


async def _body(request: web.Request) -> Any:
    raw = await request.read()
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return None
