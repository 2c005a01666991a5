"""A person in the workspace: what they press, choose, submit and type as a command.

All of it is held to what Slack's own client would let them do.
"""

from collections.abc import Mapping
from typing import Any

from .composer import escape_entities
from .delivery import Delivery
from .forms import STATELESS, ClientRefused, check_complete, filled, initial_state, to_values, value_key
from .manifest import NotOffered
from .permits import ResponseUrl
from .reading import Control, Screen, find_control
from .refusals import Refused
from .responses import show_response
from .talk import Talking
from .views import View
from .workspace import APP, DOMAIN, TEAM, Channel, Message

Json = dict[str, Any]
PRESSED: tuple[str, ...] = ("text", "value", "style", "url")
CONNECTION_TROUBLE = "We had some trouble connecting. Try again?"


class Person(Talking):
    """Adds to `Talking` what a person does with buttons, forms, commands and shortcuts."""

    # Commands and shortcuts

    async def types_command(
        self, command: str, text: str = "", *, channel: Channel | None = None, thread: Message | None = None
    ) -> Delivery:
        """Type a slash command, in the app's direct messages unless a channel is given; never in a thread."""
        entry = self._slack.manifest.command(command)
        if thread is not None:
            raise NotOffered(f"{command} is not supported in threads. Sorry!")
        place = channel or self._app_dm()
        self._check_present(place)
        url, permit_token = self._response_url(place, None)
        payload = self._command_payload(entry, text, place) | {"response_url": url}
        delivery = await self._slack.send("command", payload).carried_out()
        if not delivery.acknowledged:
            error = "operation_timeout" if delivery.attempts[-1].reason == "http_timeout" else "dispatch_failed"
            self.troubles.append(f'{command} failed with the error "{error}"')
        elif delivery.answer:
            answer = delivery.answer if isinstance(delivery.answer, dict) else {"text": delivery.answer}
            self._show(permit_token, answer)
        return delivery

    def _command_payload(self, entry: Json, text: str, place: Channel) -> Json:
        workspace = self._slack.workspace
        typed = workspace.as_typed(text) if entry.get("should_escape") else escape_entities(text)
        names = {"im": "directmessage", "private": "privategroup"}
        return {
            "token": "verification-token",
            "team_id": TEAM,
            "team_domain": DOMAIN,
            "channel_id": place.id,
            "channel_name": names.get(place.kind, place.name),
            "user_id": self.id,
            "user_name": self.user.name,
            "command": entry["command"],
            "text": typed.strip(),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "trigger_id": self._slack.permits.issue_trigger(self.id),
        }

    def _show(self, permit: ResponseUrl, answer: Json) -> None:
        try:
            show_response(self._slack, permit, answer)
        except Refused as refusal:
            self.troubles.append(f"Slack could not show the app's answer: {refusal.error}")

    async def uses_shortcut(self, callback_id: str, message: Message | None = None) -> Delivery:
        """A message shortcut when a message is given, else a global one."""
        self._slack.manifest.check_shortcut(callback_id, "message" if message else "global")
        common = self._interaction("message_action" if message else "shortcut")
        common |= {"callback_id": callback_id, "action_ts": self._slack.workspace.next_ts()}
        if message is not None:
            self._check_sees(message)
            common |= {
                "channel": _place(message.channel),
                "message": message.to_json(),
                "message_ts": message.ts,
            }
            common["response_url"], _ = self._response_url(message.channel, message)
        return await self._interact(common)

    # Buttons and choices

    async def presses(self, screen: Screen | None, control: str, *, confirm: bool = True) -> Delivery | None:
        """Press a button, by label or action id; None when its confirmation is declined with `confirm=False`."""
        shown = self._look_at(screen)
        found = find_control(shown, control)
        if found.element["type"] != "button":
            raise ClientRefused(f"{control!r} is a {found.element['type']}: choose from it, do not press it.")
        if "confirm" in found.element and not confirm:
            return None
        return await self._act(shown, found, {key: found.element[key] for key in PRESSED if key in found.element})

    async def chooses(self, screen: Screen | None, control: str, value: Any) -> Delivery | None:
        """Choose, type or pick in one control (see `forms.filled`); None when Slack does not tell the app yet."""
        shown = self._look_at(screen)
        found = find_control(shown, control)
        if found.element["type"] == "button":
            raise ClientRefused(f"{control!r} is a button: press it.")
        state = filled(found.element, value, self._slack.workspace, found.label)
        if found.element["type"] not in STATELESS:
            self._state_of(shown)[found.key] = state
        if found.block["type"] == "input" and not found.block.get("dispatch_action", False):
            return None
        key = value_key(found.element)
        return await self._act(shown, found, {key: state[key]})

    def _look_at(self, screen: Screen | None) -> Screen:
        shown = screen or self._open_modal()
        if isinstance(shown, Message):
            self._check_sees(shown)
        elif shown is not self.modal and shown is not self.home:
            raise ClientRefused("That modal is not the one in front.")
        return shown

    def _open_modal(self) -> View:
        if self.modal is None:
            raise ClientRefused(f"{self.name} has no modal open.")
        return self.modal

    def _state_of(self, screen: Screen) -> dict[tuple[str, str], Json]:
        if isinstance(screen, View):
            return screen.state
        screen.choices[self.id] = initial_state(screen.blocks or [], screen.choices.get(self.id, {}))
        return screen.choices[self.id]

    async def _act(self, screen: Screen, control: Control, action: Json) -> Delivery:
        self._slack.manifest.check_interactive()
        block_id, action_id = control.key
        who = {"type": control.element["type"], "block_id": block_id, "action_id": action_id}
        stamp = {"action_ts": self._slack.workspace.next_ts()}
        payload = self._interaction("block_actions") | {"actions": [who | action | stamp]}
        payload |= self._view_part(screen) if isinstance(screen, View) else self._message_part(screen)
        return await self._interact(payload)

    def _view_part(self, view: View) -> Json:
        return {"container": {"type": "view", "view_id": view.id}, "view": view.to_json()}

    def _message_part(self, message: Message) -> Json:
        ephemeral = message.seen_only_by is not None
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel.id}
        container |= {"is_ephemeral": ephemeral} | ({"thread_ts": message.thread_ts} if message.thread_ts else {})
        url, _ = self._response_url(message.channel, message)
        part = {
            "container": container,
            "channel": _place(message.channel),
            "state": {"values": to_values(self._state_of(message))},
            "response_url": url,
        }
        return part if ephemeral else part | {"message": message.to_json()}

    # Modals

    def fills(self, values: Mapping[str, Any]) -> None:
        """Put values into the modal's fields, by label, block id or action id, without sending it."""
        modal = self._open_modal()
        for name, value in values.items():
            found = find_control(modal, name)
            if found.block["type"] != "input":
                raise ClientRefused(f"{name!r} is not a field to fill in.")
            modal.state[found.key] = filled(found.element, value, self._slack.workspace, found.label)

    async def submits(self, values: Mapping[str, Any] | None = None) -> Delivery:
        """Fill in and send the modal in front; what the app answers is shown in it (`modal.errors`)."""
        modal = self._open_modal()
        self.fills(values or {})
        if "submit" not in modal.content:
            raise ClientRefused("This modal has no button to submit it.")
        check_complete(modal.blocks, modal.state)
        modal.errors = {}
        payload = self._interaction("view_submission") | {"view": modal.to_json(), "response_urls": []}
        delivery = await self._interact(payload)
        if delivery.acknowledged:
            self._take_answer(modal, delivery.answer)
        return delivery

    def _take_answer(self, modal: View, answer: object) -> None:
        """Do to the modal what the app's acknowledgement says; without an answer it closes."""
        if not answer:
            if self.modal is modal:
                self._slack.views.close_top(self.id)
            return
        try:
            self._do_response_action(modal, answer)
        except Refused as refusal:
            self.troubles.append(f"{CONNECTION_TROUBLE} ({refusal.error}: {refusal.more.get('errors', '')})")

    def _do_response_action(self, modal: View, answer: object) -> None:
        match answer:
            case {"response_action": "clear"}:
                self._slack.views.close_all(self.id)
            case {"response_action": "errors", "errors": dict(errors)}:
                modal.errors = _checked_errors(modal, errors)
            case {"response_action": "update", "view": content}:
                self._slack.views.update(modal, content)
            case {"response_action": "push", "view": content}:
                self._slack.views.push(self.id, content)
            case _:
                raise Refused("invalid response_action")

    async def closes_modal(self, *, everything: bool = False) -> None:
        """Cancel the modal in front, or with `everything` the whole stack; the app hears of it if it asked to."""
        closing = list(reversed(self._slack.views.stack(self.id))) if everything else [self._open_modal()]
        for modal in closing:
            self._slack.views.close_top(self.id)
            if modal.content.get("notify_on_close"):
                payload = self._interaction("view_closed") | {
                    "view": modal.to_json(),
                    "is_cleared": everything,
                }
                payload.pop("trigger_id")
                await self._interact(payload)

    # What every interaction carries

    def _interaction(self, kind: str) -> Json:
        who = {"id": self.id, "username": self.user.name, "name": self.user.name, "team_id": TEAM}
        return {
            "type": kind,
            "token": "verification-token",
            "team": {"id": TEAM, "domain": DOMAIN},
            "user": who,
            "api_app_id": APP,
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._slack.permits.issue_trigger(self.id),
        }

    async def _interact(self, payload: Json) -> Delivery:
        self._slack.manifest.check_interactive()
        delivery = await self._slack.send("interaction", payload).carried_out()
        if not delivery.acknowledged:
            self.troubles.append(CONNECTION_TROUBLE)
        return delivery

    def _response_url(self, channel: Channel, message: Message | None) -> tuple[str, ResponseUrl]:
        own = message if message is not None and message.by_app else None
        url = self._slack.permits.issue_response_url(self._slack.address, self.id, channel, own)
        return url, self._slack.permits.permit_of(url)


def _place(channel: Channel) -> Json:
    names = {"im": "directmessage", "private": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def _checked_errors(modal: View, errors: dict[str, Any]) -> dict[str, str]:
    """Errors must name input blocks of this modal and say something, or Slack shows none of them."""
    inputs = {block["block_id"] for block in modal.blocks if block["type"] == "input"}
    wrong = [name for name, text in errors.items() if name not in inputs or not isinstance(text, str) or not text]
    if wrong or not errors:
        raise Refused("invalid errors", errors=wrong)
    return errors
