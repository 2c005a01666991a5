"""What a person says in Slack, and what they see of what others say."""

from typing import TYPE_CHECKING, Any

from .delivery import Delivery
from .forms import ClientRefused
from .manifest import NotOffered
from .reading import visible_text
from .views import View
from .workspace import Channel, Message, SharedFile, User

if TYPE_CHECKING:
    from .server import FakeSlack

Json = dict[str, Any]


class Talking:
    """A person at their keyboard. Each act returns once the app has been told (or would not be)."""

    def __init__(self, slack: "FakeSlack", user: User) -> None:
        self._slack, self.user = slack, user
        self._knows_app = False
        self.troubles: list[str] = []
        """What Slack itself told the person went wrong, such as a command that failed."""

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.real_name

    # Saying

    async def dm(self, text: str, *, files: list[str] | None = None, me: bool = False) -> Message:
        """Write to the app, with files of these names attached; NotOffered when it takes no messages. `me`: behind
        Slack's own /me, which makes it a message of a kind of its own."""
        channel = self._app_dm()
        if not self._slack.manifest.takes_direct_messages:
            raise NotOffered("Sending messages to this app has been turned off.")
        if not self._knows_app:
            self._knows_app = True
            await _carried_out(self._slack.events.home_opened(self.user, "messages", None))
        return await self.says(channel, text, files=files, me=me)

    async def says(
        self,
        channel: Channel,
        text: str,
        *,
        thread: Message | None = None,
        files: list[str] | None = None,
        me: bool = False,
    ) -> Message:
        self._check_present(channel)
        attached = [self._upload(name) for name in files or []]
        if not text.strip() and not attached:
            raise ClientRefused("Slack's client sends no empty message.")
        typed = self._slack.workspace.as_typed(text)
        message = self._slack.workspace.add_message(
            channel,
            self.id,
            typed,
            blocks=self._slack.workspace.typed_blocks(typed) if typed else None,
            thread_ts=(thread.thread_ts or thread.ts) if thread else None,
            client_msg_id=self._slack.workspace.next_id("m"),
            files=attached,
            subtype="file_share" if attached else "me_message" if me else None,
        )
        await _carried_out(*self._slack.events.message_posted(message))
        return message

    def _upload(self, name: str) -> SharedFile:
        workspace = self._slack.workspace
        file = SharedFile(workspace.next_id("F"), name, b"content", "image/png", self.id, workspace.now_seconds())
        workspace.files[file.id] = file
        return file

    async def reply(self, message: Message, text: str) -> Message:
        """Answer in the message's thread."""
        return await self.says(message.channel, text, thread=message)

    async def edit(self, message: Message, text: str) -> Message:
        self._check_own(message)
        typed = self._slack.workspace.as_typed(text)
        blocks = self._slack.workspace.typed_blocks(typed)
        await _carried_out(*self._slack.change(message, self.user, typed, blocks))
        return message

    async def delete(self, message: Message) -> None:
        self._check_own(message)
        await _carried_out(*self._slack.take_back(message))

    async def reacts(self, message: Message, emoji: str) -> None:
        self._check_sees(message)
        await _carried_out(self._slack.react(message, self.user, emoji.strip(":")))

    async def takes_back_reaction(self, message: Message, emoji: str) -> None:
        await _carried_out(self._slack.unreact(message, self.user, emoji.strip(":")))

    async def joins(self, channel: Channel, *, invited_by: "Talking | None" = None) -> None:
        inviter = invited_by.user if invited_by else None
        await _carried_out(*self._slack.add_member(channel, self.user, inviter))

    async def leaves(self, channel: Channel) -> None:
        await _carried_out(self._slack.remove_member(channel, self.user))

    async def invites_app(self, channel: Channel) -> None:
        self._check_present(channel)
        await _carried_out(*self._slack.add_member(channel, self._slack.bot, self.user))

    async def opens_home(self) -> View | None:
        """Open the app's Home tab; what it shows once the app has been told."""
        if not self._slack.manifest.has_home:
            raise NotOffered("The manifest has no Home tab.")
        shown = self.home.to_json() if self.home else None
        await _carried_out(self._slack.events.home_opened(self.user, "home", shown))
        return self.home

    # Seeing

    def dm_messages(self) -> list[Message]:
        """The direct messages with the app, oldest first, those only this person sees included."""
        channel = self._slack.workspace.im_with(self.id)
        return [
            message for message in self._slack.workspace.messages if message.channel is channel and self.sees(message)
        ]

    def messages_in(self, channel: Channel) -> list[Message]:
        return [m for m in self._slack.workspace.messages if m.channel is channel and self.sees(m)]

    def sees(self, message: Message) -> bool:
        member = self.id in message.channel.members or message.channel.kind == "public"
        mine = message.seen_only_by in (None, self.id)
        return not message.deleted and mine and (member or message.seen_only_by == self.id)

    @property
    def ephemerals(self) -> list[Message]:
        """What the app showed to this person alone, oldest first."""
        everything = self._slack.workspace.messages
        return [message for message in everything if message.seen_only_by == self.id and not message.deleted]

    @property
    def modal(self) -> View | None:
        """The modal on top."""
        return self._slack.views.top(self.id)

    @property
    def home(self) -> View | None:
        return self._slack.views.homes.get(self.id)

    def reads(self, screen: Message | View) -> str:
        return visible_text(screen, self._slack.workspace)

    async def hears(self, text: str, *, channel: Channel | None = None, within: float = 5.0) -> Message:
        """Wait for a message by the app that shows `text`: in direct messages, to this person alone, or in `channel`.

        The newest that fits.
        """
        await self._slack.until(
            lambda: bool(self._heard(text, channel)), within=within, hope=f"{self.name} reading {text!r}"
        )
        return self._heard(text, channel)[-1]

    def _heard(self, text: str, channel: Channel | None) -> list[Message]:
        rooms = (channel or self._slack.workspace.im_with(self.id),)
        said = [m for m in self._slack.workspace.messages if m.by_app and self.sees(m)]
        to_them = [m for m in said if m.channel in rooms or m.seen_only_by == self.id]
        return [message for message in to_them if text in self.reads(message)]

    # What Slack's client would not let the person do

    def _app_dm(self) -> Channel:
        return self._slack.workspace.open_im(self.id)

    def _check_present(self, channel: Channel) -> None:
        if self.user.deleted:
            raise ClientRefused(f"{self.name} is deactivated.")
        if self.id not in channel.members:
            raise ClientRefused(f"{self.name} is not in {channel.name}.")

    def _check_own(self, message: Message) -> None:
        if message.user != self.id or message.deleted:
            raise ClientRefused(f"{self.name} can change only their own messages that still stand.")

    def _check_sees(self, message: Message) -> None:
        if not self.sees(message):
            raise ClientRefused(f"{self.name} does not see this message.")


async def _carried_out(*deliveries: Delivery | None) -> None:
    for delivery in deliveries:
        if delivery is not None:
            await delivery.carried_out()
