"""A person in Teams: what they say, press, fill in and agree to; all of it as Teams would tell a bot, signed.

It is held to what Teams' own client would let them do, and what the app answers to what the client could show.
"""

import html
import json
import re
from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .checks import ADAPTIVE, CONSENT, check_invoke_answer
from .reading import ClientRefused, Found, filled, find_action, visible_text
from .tenant import BOT, BOT_NAME, IN_A_THREAD, TENANT, Conversation, Json, Message, User

if TYPE_CHECKING:
    from .server import Delivery, FakeTeams

_NAMED = re.compile(r"@([A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?)")
READS_CHANNELS = "ChannelMessage.Read.Group"
READS_CHATS = "ChatMessage.Read.Chat"


class Person:
    """`dialog` is the card of the dialog that is open, `toasts` the sentences that the client showed and forgot."""

    def __init__(self, teams: "FakeTeams", user: User) -> None:
        self._teams = teams
        self.user = user
        self.dialog: Json | None = None
        self.dialog_title = ""
        self.toasts: list[str] = []
        self._opened_by: Json = {}

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def chat(self) -> Conversation:
        """The personal chat with Baseroom."""
        return self._teams.tenant.personal_chat(self.user)

    # ---- what they see

    def messages_in(self, conversation: Conversation) -> list[Message]:
        if self.user not in conversation.members:
            raise ClientRefused(f"{self.name} is not in it.")
        return list(self._teams.tenant.in_conversation(conversation))

    def dm_messages(self) -> list[Message]:
        return self.messages_in(self.chat)

    def sees(self, screen: Message | None) -> str:
        """The words of a message as this person sees it, or of the dialog that is open."""
        return visible_text(screen, self.user) if screen is not None else visible_text(self.dialog)

    # ---- what they say

    async def dm(self, text: str, *, files: int = 0) -> Message:
        """Type to Baseroom in the personal chat."""
        if not self.user.installed:
            raise ClientRefused(f"{self.name} has not installed Baseroom.")
        return await self._say(self.chat, text, files=files)

    async def answers(self, message: Message, text: str) -> Message:
        """Press *Reply* on a message of the personal chat, which has no threads: what is answered is quoted, and named
        in the HTML of the new message alone."""
        said = self._teams.tenant.add_message(self.chat, self.user, text=text, quotes=message)
        await self._tell(self._message_activity(said) | _quoting(said))
        return said

    async def says(self, conversation: Conversation, text: str, *, thread: Message | None = None) -> Message:
        """Type in a channel or a group chat. Baseroom hears what names it, and the rest where the manifest asks to."""
        if self.user not in conversation.members:
            raise ClientRefused(f"{self.name} is not in it.")
        return await self._say(conversation, text, thread=thread.thread or thread.id if thread else "")

    async def _say(self, conversation: Conversation, text: str, *, thread: str = "", files: int = 0) -> Message:
        message = self._teams.tenant.add_message(conversation, self.user, text=text, thread=thread)
        if self._hears(conversation, text):
            more: Json = {"attachments": [_shared_file(number) for number in range(files)]} if files else {}
            await self._tell(self._message_activity(message) | more)
        return message

    def _hears(self, conversation: Conversation, text: str) -> bool:
        if not conversation.has_app:
            return False
        if conversation.kind == "personal" or f"@{BOT_NAME}" in text:
            return True
        consent = READS_CHANNELS if conversation.kind == "channel" else READS_CHATS
        asked = self._teams.manifest.get("authorization", {}).get("permissions", {}).get("resourceSpecific", [])
        return consent in {one["name"] for one in asked}

    async def edits(self, message: Message, text: str) -> None:
        self._check_own(message)
        message.text, message.edits = text, message.edits + 1
        await self._tell_of(message, "messageUpdate", "editMessage", self._as_changed(message))

    async def deletes(self, message: Message) -> None:
        self._check_own(message)
        message.deleted = True
        await self._tell_of(message, "messageDelete", "softDeleteMessage", {})

    async def undeletes(self, message: Message) -> None:
        self._check_own(message)
        message.deleted = False
        await self._tell_of(message, "messageUpdate", "undeleteMessage", self._as_changed(message))

    def _as_changed(self, message: Message) -> Json:
        """Microsoft's pages do not say whether a message that was changed comes with the HTML of what it quotes."""
        return self._message_activity(message) | (_quoting(message) if self._teams.changes_quote else {})

    async def _tell_of(self, message: Message, kind: str, event: str, more: Json) -> None:
        if not self._hears(message.conversation, message.text):
            return
        activity = self._activity(kind, message.conversation, thread=_root(message)) | more
        activity |= {"type": kind, "id": message.id}
        activity["channelData"] = activity["channelData"] | {"eventType": event}
        await self._tell(activity)

    def _check_own(self, message: Message) -> None:
        if message.author is not self.user:
            raise ClientRefused(f"{self.name} did not write that.")

    # ---- coming and going

    async def installs(self) -> None:
        self.user.installed = True
        await self._member_news(self.chat, "membersAdded", [{"id": BOT, "name": BOT_NAME}])
        await self._tell(self._activity("installationUpdate", self.chat) | {"action": "add"})

    async def uninstalls(self) -> None:
        await self._tell(self._activity("installationUpdate", self.chat) | {"action": "remove"})
        self.user.installed = False

    def blocks(self) -> None:
        """Block the bot: Teams tells nobody."""
        self.user.blocks = True

    def unblocks(self) -> None:
        self.user.blocks = False

    async def joins(self, channel: Conversation) -> None:
        members = channel.team.members if channel.team and channel.type == "standard" else channel.own_members
        members.append(self.user)
        await self._member_news(channel, "membersAdded", [self._who()])

    async def leaves(self, channel: Conversation) -> None:
        members = channel.team.members if channel.team and channel.type == "standard" else channel.own_members
        members.remove(self.user)
        await self._member_news(channel, "membersRemoved", [self._who()])

    async def installs_in(self, channel: Conversation) -> None:
        """Add Baseroom to the team of the channel (or to the group chat)."""
        if channel.team:
            channel.team.app = True
        channel.app = True
        place = self._teams.tenant.conversations[channel.team.id] if channel.team else channel
        await self._member_news(place, "membersAdded", [{"id": BOT, "name": BOT_NAME}])
        await self._tell(self._activity("installationUpdate", place) | {"action": "add"})

    async def _member_news(self, place: Conversation, what: str, who: list[Json]) -> None:
        if not place.has_app:
            return
        activity = self._activity("conversationUpdate", place) | {what: who}
        if place.team:
            event = "teamMemberAdded" if what == "membersAdded" else "teamMemberRemoved"
            activity["channelData"] = activity["channelData"] | {"eventType": event}
        await self._tell(activity)

    # ---- cards

    async def presses(self, message: Message, title: str, *, confirm: str = "", **typed: str) -> "Delivery | None":
        """Press an action of a card; `confirm` names the one that is then pressed in the question that opens. None for
        what the bot does not hear of (a link, a question that only opens)."""
        if self.user not in message.conversation.members:
            raise ClientRefused(f"{self.name} is not in it.")
        card = message.card(self.user)
        if card is None:
            raise ClientRefused("There is no card to press.")
        found = find_action(card, title)
        if found.action["type"] == "Action.ShowCard":
            question = found.action["card"]
            found = find_action(question, confirm) if confirm else Found(question["actions"][0], question)
        return await self._act(message, found, dict(typed))

    async def _act(self, message: Message, found: Found, typed: dict[str, str]) -> "Delivery | None":
        action, data = found.action, deepcopy(found.action.get("data") or {})
        match action["type"]:
            case "Action.OpenUrl":
                return None
            case "Action.Execute":
                return await self._execute(message, action, data | filled(found.card, typed))
            case "Action.Submit" if (data.get("msteams") or {}).get("type") == "task/fetch":
                return await self._fetch_dialog(message, data | filled(found.card, typed))
            case "Action.Submit":
                sent = data | filled(found.card, typed)
                activity = self._activity("message", message.conversation, thread=_root(message))
                return await self._tell(activity | {"value": sent, "replyToId": message.id})
            case other:
                raise ClientRefused(f"{other} is not pressed.")

    async def looks_at(self, message: Message) -> None:
        """See a card that refreshes itself for the people it names: the client asks for their own view of it."""
        card = message.card()
        refresh = (card or {}).get("refresh") or {}
        if self.id in (refresh.get("userIds") or ()):
            action = refresh["action"]
            await self._execute(message, action, deepcopy(action.get("data") or {}), trigger="automatic")

    async def _execute(self, message: Message, action: Json, data: Json, *, trigger: str = "manual") -> "Delivery":
        said = {"type": "Action.Execute", "verb": action.get("verb", ""), "data": data}
        said |= {"title": action["title"]} if "title" in action else {}
        delivery = await self._invoke(
            "adaptiveCard/action", {"action": said, "trigger": trigger}, message.conversation, message
        )
        answer = delivery.body
        if answer["type"] == ADAPTIVE:
            message.views[self.id] = answer["value"]
        elif answer["type"] == "application/vnd.microsoft.error":
            self.toasts.append(str(answer["value"]["message"]))
        else:
            self.toasts.append(str(answer["value"]))
        return delivery

    # ---- dialogs

    async def _fetch_dialog(self, message: Message, data: Json) -> "Delivery":
        value = {"data": data | {"type": "task/fetch"}, "context": {"theme": "default"}}
        delivery = await self._invoke("task/fetch", value, message.conversation, message)
        self._opened_by = {"submit": "task/submit", "conversation": message.conversation, "message": message}
        self._show_task(delivery.body)
        return delivery

    async def uses_action(self, command: str, message: Message) -> "Delivery":
        """A message action ("Log as finding") on somebody's message."""
        offered = {one["id"]: one for each in self._teams.manifest["composeExtensions"] for one in each["commands"]}
        if command not in offered or "message" not in offered[command]["context"]:
            raise ClientRefused(f"{command!r} is not offered on messages: {list(offered)}")
        value = {"commandId": command, "commandContext": "message", "messagePayload": self._payload(message)}
        conversation = message.conversation
        delivery = await self._invoke("composeExtension/fetchTask", value, conversation, message)
        self._opened_by = {
            "submit": "composeExtension/submitAction", "conversation": conversation, "message": message, "more": value,
        }  # fmt: skip
        self._show_task(delivery.body)
        return delivery

    async def submits(self, values: dict[str, str] | None = None, *, button: str = "") -> "Delivery":
        """Fill in and send the dialog that is open, by its field labels."""
        if self.dialog is None:
            raise ClientRefused(f"{self.name} has no dialog open.")
        sending = find_action(self.dialog, button) if button else Found(self.dialog["actions"][0], self.dialog)
        if sending.action["type"] != "Action.Submit":
            raise ClientRefused("A dialog is sent by Action.Submit.")
        data = deepcopy(sending.action.get("data") or {}) | filled(self.dialog, values or {})
        opened = self._opened_by
        more: Json = opened.get("more", {})
        value = more | {"data": data} | ({} if more else {"context": {"theme": "default"}})
        delivery = await self._invoke(opened["submit"], value, opened["conversation"], opened["message"])
        self._show_task(delivery.body)
        return delivery

    def closes_dialog(self) -> None:
        self.dialog = None

    def _show_task(self, body: Json | None) -> None:
        self.dialog, self.dialog_title = None, ""
        extension = (body or {}).get("composeExtension") or {}
        if extension.get("type") == "message":
            self.toasts.append(str(extension["text"]))
        task = (body or {}).get("task") or {}
        if task.get("type") == "message":
            self.toasts.append(str(task["value"]))
        elif task:
            self.dialog = task["value"]["card"]["content"]
            self.dialog_title = task["value"]["title"]

    # ---- files

    async def accepts(self, message: Message) -> "Delivery":
        """Agree to have the file that a consent card offers."""
        return await self._consent(message, "accept")

    async def declines(self, message: Message) -> "Delivery":
        return await self._consent(message, "decline")

    async def _consent(self, message: Message, action: str) -> "Delivery":
        offer = message.attachment or {}
        if offer.get("contentType") != CONSENT or message.answered:
            raise ClientRefused("There is no file to agree to.")
        message.answered = True
        value: Json = {"type": "fileUpload", "action": action, "context": offer["content"][f"{action}Context"]}
        if action == "accept":
            name = f"{message.id}.{offer['name'].rpartition('.')[2]}"
            value["uploadInfo"] = {
                "contentUrl": f"https://peers-my.sharepoint.com/personal/Documents/{name}",
                "name": offer["name"],
                "uploadUrl": self._teams.upload_url(name),
                "uniqueId": f"unique-{message.id}",
                "fileType": offer["name"].rpartition(".")[2],
            }
        return await self._invoke("fileConsent/invoke", value, message.conversation, message)

    # ---- the same for all

    async def _invoke(self, name: str, value: Json, place: Conversation, message: Message) -> "Delivery":
        activity = self._activity("invoke", place, thread=_root(message))
        delivery = await self._teams.deliver(activity | {"name": name, "value": value, "replyToId": message.id})
        check_invoke_answer(name, delivery.status, delivery.body)
        return delivery

    async def _tell(self, activity: Json) -> "Delivery":
        delivery = await self._teams.deliver(activity)
        assert delivery.taken, f"{activity['type']} was answered with {delivery.status}"
        return delivery

    def _message_activity(self, message: Message) -> Json:
        text, entities = self._as_sent(message.text)
        activity = self._activity("message", message.conversation, thread=message.thread or _own_thread(message))
        sent = {"id": message.id, "text": text, "textFormat": "plain", "entities": [*activity["entities"], *entities]}
        return activity | sent | ({"replyToId": message.thread} if message.thread else {})

    def _as_sent(self, text: str) -> tuple[str, list[Json]]:
        """Text as Teams sends it: those who are named stand in tags, and as entities."""
        entities: list[Json] = []

        def tag(found: re.Match[str]) -> str:
            name = found.group(1)
            user = self._teams.tenant.user_named(name)
            if user is None and name != BOT_NAME:
                words = name.split(" ")
                if words[0] != BOT_NAME:
                    return found.group(0)
                name, rest = BOT_NAME, " ".join(["", *words[1:]])
            else:
                rest = ""
            mark = f"<at>{name}</at>"
            entities.append(
                {"type": "mention", "text": mark, "mentioned": {"id": user.id if user else BOT, "name": name}}
            )
            return mark + rest

        return _NAMED.sub(tag, text), entities

    def _payload(self, message: Message) -> Json:
        author = message.author
        by = {"id": author.aad, "displayName": author.name, "userIdentityType": "aadUser"} if author else None
        app = None if author else {"id": self._teams.app_id, "displayName": BOT_NAME, "applicationIdentityType": "bot"}
        made = datetime.fromtimestamp(int(message.id) / 1000, UTC).isoformat().replace("+00:00", "Z")
        return {
            "id": message.id,
            "replyToId": message.thread or None,
            "createdDateTime": made,
            "deleted": False,
            "importance": "normal",
            "locale": "en-gb",
            "body": {"contentType": "html", "content": f"<p>{html.escape(message.text)}</p>"},
            "from": {"device": None, "conversation": None, "user": by, "application": app},
            "attachments": [],
            "mentions": [],
            "reactions": [],
        }

    def _who(self) -> Json:
        return {"id": self.id, "name": self.name, "aadObjectId": self.user.aad}

    def _activity(self, kind: str, place: Conversation, *, thread: str = "") -> Json:
        now, zone = self._teams.clock.now(), ZoneInfo(self.user.zone)
        conversation: Json = {"id": place.id, "conversationType": place.kind, "tenantId": TENANT}
        if place.kind != "personal":
            conversation["isGroup"] = True
        channel_data: Json = {"tenant": {"id": TENANT}}
        if place.team:
            conversation["id"] += f"{IN_A_THREAD}{thread}" if thread else ""
            channel_data |= {"team": {"id": place.team.id, "name": place.team.name, "aadGroupId": place.team.group}}
            channel_data |= {"channel": {"id": place.id}}
        return {
            "type": kind,
            "id": f"f:{len(self._teams.deliveries):08d}",
            "timestamp": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "localTimestamp": now.astimezone(zone).isoformat(),
            "localTimezone": self.user.zone,
            "locale": "en-GB",
            "channelId": "msteams",
            "serviceUrl": self._teams.service_url,
            "from": self._who(),
            "conversation": conversation,
            "recipient": {"id": BOT, "name": BOT_NAME},
            "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Web"}],
            "channelData": json.loads(json.dumps(channel_data)),
        }


def _root(message: Message) -> str:
    return message.thread or _own_thread(message)


def _own_thread(message: Message) -> str:
    """In a channel a message that stands under none began a thread of its own."""
    return message.id if message.conversation.kind == "channel" else ""


def _quoting(message: Message) -> Json:
    """The HTML of an answer that quotes, in the form of the examples in Microsoft Graph's documentation; nothing for a
    message that quotes none."""
    if message.quotes is None:
        return {}
    quoted = (
        f'<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="{message.quotes.id}">\n'
        f'<strong itemprop="mri" itemid="{BOT}">{BOT_NAME}</strong>'
        f'<span itemprop="time" itemid="{message.quotes.id}"></span>\n'
        '<p itemprop="preview">Card</p>\n</blockquote>\n'
    )
    return {"attachments": [{"contentType": "text/html", "content": f"{quoted}<p>{html.escape(message.text)}</p>"}]}


def _shared_file(number: int) -> Json:
    return {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "name": f"flipchart-{number}.png",
        "content": {
            "downloadUrl": "https://peers-my.sharepoint.com/download",
            "uniqueId": str(number),
            "fileType": "png",
        },
    }
