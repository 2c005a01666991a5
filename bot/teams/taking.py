"""One activity of Teams, from the door to its answer: a message is handled and answered by post; an invoke (a button, a
dialog, a message action) wants its answer in the HTTP answer itself, within seconds and in an exact shape.

What was promised by post is told there too where it can be: somebody whose personal chat cannot be reached, such as a
guest, learns it nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.dispatch import Dispatch, Handled
from bot.paging import TooLong
from bot.teams.answers import (
    TAKEN,
    end_dialog,
    not_offered,
    not_readable,
    refuse_action,
    show_card,
    show_dialog,
    show_words,
)
from bot.teams.cards import OURS, Sent, form_card, mended_card, read_sent
from bot.teams.directory import Directory
from bot.teams.files import Files
from bot.teams.inbound import Inbound
from bot.teams.payloads import InvokeAnswer, Json, Payload, part, words
from bot.teams.render import render_card
from bot.teams.views import OPEN, VIEW
from bot.wording import People
from handlers.asides import offer_to_log
from handlers.chat import (
    AnyIncoming,
    Buttons,
    Card,
    Element,
    Form,
    FormErrors,
    PeopleField,
    Person,
    PlaceKind,
    PointedAt,
    Pressed,
    Submitted,
    Text,
)
from handlers.desk import Desk
from storage.errors import KeyDestroyed, NotStored
from storage.records import Address, Intent, OutboxState, Post

log = structlog.get_logger("baseroom.teams")

DONE = "Done."
AGAIN = "That had arrived already, and was done once."
NOTHING_TO_SEE = "There is nothing more to see here: this card is from an earlier time."
NOT_YOURS = "That is for somebody else in this channel. What is for you, you find in your own chat with me."
NO_BUTTON = "This button is from an earlier time, or was changed on its way. Nothing was done."
TOO_LONG = "That form is longer than Teams can show. Type “help” in our personal chat to do it in smaller steps."
LOST_FORM = "Please open the form again: it cannot be shown once more."


@dataclass(frozen=True, slots=True)
class Taking:
    dispatch: Dispatch
    directory: Directory
    inbound: Inbound
    files: Files

    async def take(self, activity: Payload) -> InvokeAnswer | None:
        """Handle it; what an invoke is answered with, None for all else. Raises only when nothing could be stored."""
        if words(activity, "type") == "invoke":
            return await self._answered(activity)
        for incoming in await self.inbound.read(activity):
            await self._handle(incoming)
        return None

    async def _handle(self, incoming: AnyIncoming) -> None:
        """What a message or an old client's button gives back cannot be shown at once: it is offered, or said."""
        outcome = await self.dispatch.handle(incoming)
        match outcome:
            case Form():
                await self.dispatch.form_not_opened(incoming)
            case FormErrors(errors):
                await self.dispatch.say(incoming, " ".join((*errors.values(), LOST_FORM)))
            case None:
                pass

    async def _answered(self, activity: Payload) -> InvokeAnswer:
        value = activity.get("value")
        if not isinstance(value, Mapping):
            return not_readable("An invoke has a value.")
        match words(activity, "name"):
            case "adaptiveCard/action":
                return await self._executed(activity, part(value, "action"))
            case "task/fetch":
                return await self._fetched(activity, part(value, "data"))
            case "task/submit" | "composeExtension/submitAction":
                return await self._submitted(activity, part(value, "data"))
            case "composeExtension/fetchTask":
                return await self._pointed(activity)
            case "fileConsent/invoke":
                return await self.files.settle(activity, value)
            case _:
                return not_offered()

    # ---- buttons on cards

    async def _executed(self, activity: Payload, action: Payload) -> InvokeAnswer:
        data, verb = part(action, "data"), words(action, "verb")
        if verb == VIEW:
            return await self._own_view(activity)
        if verb == OPEN:
            return await self._opened(activity, words(data, "value"))
        if OURS in data:
            return await self._sent_on_a_card(activity, data)
        pressed = await self.inbound.pressed(activity, data)
        if not pressed.action or pressed.action != verb:
            return refuse_action(NO_BUTTON)
        handled = await self.dispatch.handle_fully(pressed)
        if isinstance(handled.outcome, Form):
            return await self._form_on_the_card(activity, handled.outcome)
        return await self._came_of(pressed, handled)

    async def _came_of(self, pressed: Pressed, handled: Handled) -> InvokeAnswer:
        """The card as it now is, where it is the one that was pressed; else what there is to say."""
        for intent in handled.promised:
            if await self._stands_in(intent, pressed) and (card := await self._draw(intent)) is not None:
                return _card_or(card, pressed.person, DONE)
        return show_words(await self._in_words(handled, pressed))

    async def _form_on_the_card(self, activity: Payload, form: Form) -> InvokeAnswer:
        """Teams opens a dialog only from a button drawn to open one: from another the form takes the card's place, for
        whoever pressed."""
        try:
            drawn = form_card(form, token=words(activity, "id"), people=await self._people_for(form))
        except TooLong:
            return show_words(TOO_LONG)
        return show_card(_executing(drawn))

    async def _sent_on_a_card(self, activity: Payload, data: Payload) -> InvokeAnswer:
        sent, submitted = read_sent(data), await self.inbound.submitted(activity, data)
        handled = await self.dispatch.handle_fully(submitted)
        match handled.outcome:
            case Form() as form:
                return await self._form_on_the_card(activity, form)
            case FormErrors() as errors:
                again = mended_card(sent, errors, people=await self._people_for(sent.asked))
                return show_card(_executing(again)) if again else show_words(_all_of(errors))
            case None:
                return show_words(await self._in_words(handled, submitted))

    # ---- dialogs

    async def _fetched(self, activity: Payload, data: Payload) -> InvokeAnswer:
        pressed = await self.inbound.pressed(activity, data)
        if not pressed.action:
            return end_dialog(NO_BUTTON)
        handled = await self.dispatch.handle_fully(pressed)
        if isinstance(handled.outcome, Form):
            return await self._dialog(handled.outcome, words(activity, "id"))
        return end_dialog(await self._in_words(handled, pressed))

    async def _submitted(self, activity: Payload, data: Payload) -> InvokeAnswer:
        """Wrong: the dialog stays, with what was typed. More to ask: it goes on. Else it closes; where the personal
        chat will not tell what came of it, it says so first."""
        sent, submitted = read_sent(data), await self.inbound.submitted(activity, data)
        handled = await self.dispatch.handle_fully(submitted)
        match handled.outcome:
            case Form() as form:
                return await self._dialog(form, sent.token)
            case FormErrors() as errors:
                return await self._mended(sent, errors)
            case None:
                return await self._closed(submitted, handled)

    async def _dialog(self, form: Form, token: str) -> InvokeAnswer:
        try:
            card = form_card(form, token=token, people=await self._people_for(form))
        except TooLong:
            return end_dialog(TOO_LONG)
        return show_dialog(form.title, card)

    async def _mended(self, sent: Sent, errors: FormErrors) -> InvokeAnswer:
        card = mended_card(sent, errors, people=await self._people_for(sent.asked))
        if card is None or sent.asked is None:
            return end_dialog(f"{_all_of(errors)} {LOST_FORM}")
        return show_dialog(sent.asked.title, card)

    async def _closed(self, submitted: Submitted, handled: Handled) -> InvokeAnswer:
        if submitted.place.kind is PlaceKind.DM and not handled.again:
            return TAKEN
        return end_dialog(await self._in_words(handled, submitted))

    # ---- message actions

    async def _pointed(self, activity: Payload) -> InvokeAnswer:
        """The form that it asks for; else what came of it, drawn in the dialog itself, without buttons."""
        pointed = await self.inbound.pointed_at(activity)
        handled = await self.dispatch.handle_fully(pointed)
        if isinstance(handled.outcome, Form):
            return await self._dialog(handled.outcome, words(activity, "id"))
        entry = self.dispatch.house.registry.shortcuts.get(pointed.shortcut)
        card = await self._answer_card(handled, pointed.person)
        if entry is None or card is None:
            return end_dialog(await self._in_words(handled, pointed))
        pages = render_card(card)
        return show_dialog(entry.title, pages[0].card) if len(pages) == 1 else end_dialog(card.notification)

    async def _answer_card(self, handled: Handled, person: Person) -> Card | None:
        """What the person is told, as far as a dialog can show it."""
        for intent in await self._told(handled, person):
            card = await self._draw(intent)
            if card is not None:
                return Card(card.notification, _without_buttons(card.elements))
        return None

    # ---- cards that show more to some

    async def _own_view(self, activity: Payload) -> InvokeAnswer:
        """The card that stands there, as that person sees it: in a channel, and for who is on the team by now. It is
        drawn anew, and so says more than it did."""
        pressed = await self.inbound.pressed(activity, {"action": VIEW})
        post = await self._post(pressed) if pressed.place.kind is PlaceKind.CHANNEL else None
        is_theirs = post is not None and await self._is_on_the_team(post, pressed.person)
        card = await self._draw(_as_promised(post)) if post and is_theirs else None
        return refuse_action(NOTHING_TO_SEE) if card is None else _card_or(card, pressed.person, NOTHING_TO_SEE)

    async def _opened(self, activity: Payload, key: str) -> InvokeAnswer:
        """What waits in a channel for one person, whose own chat cannot be reached: the page of it that waits there."""
        pressed = await self.inbound.pressed(activity, {"action": OPEN, "value": key})
        intent = await self._waiting(key)
        if intent is None:
            return show_words(NOTHING_TO_SEE)
        if not await self._is_for(intent, pressed.person):
            return show_words(NOT_YOURS)
        card = await self._draw(intent)
        pages = render_card(card, viewer=pressed.person.id) if card else ()
        return show_card(pages[intent.page].card) if intent.page < len(pages) else show_words(NOTHING_TO_SEE)

    async def _waiting(self, key: str) -> Intent | None:
        async with self.dispatch.database.reading() as uow:
            row = await uow.outbox.by_key(key) if key else None
        return row.intent if row and row.state is OutboxState.WAITING else None

    async def _is_for(self, intent: Intent, person: Person) -> bool:
        async with self.dispatch.database.reading() as uow:
            account = await uow.accounts.find(person.platform, person.workspace, person.id)
        return account is not None and account.id == intent.to.account

    async def _is_on_the_team(self, post: Post, person: Person) -> bool:
        async with self.dispatch.database.reading() as uow:
            account = await uow.accounts.find(person.platform, person.workspace, person.id)
            if account is None or post.challenge_id is None:
                return False
            member = await uow.members.find(post.challenge_id, account.person_id)
        return member is not None and member.removed_at is None

    async def _post(self, pressed: Pressed) -> Post | None:
        place = pressed.place
        async with self.dispatch.database.reading() as uow:
            return await uow.posts.find(place.platform, place.workspace, place.id, pressed.message)

    # ---- the same for all

    async def _stands_in(self, intent: Intent, pressed: Pressed) -> bool:
        """Whether that post is an edit of the card that was pressed."""
        if not intent.slot or intent.anew or not pressed.message:
            return False
        async with self.dispatch.database.reading() as uow:
            post = await uow.posts.in_slot(intent.slot)
        return post is not None and (post.conversation, post.message) == (pressed.place.id, pressed.message)

    async def _draw(self, intent: Intent) -> Card | None:
        """None when its record is gone, or it is no card."""
        house = self.dispatch.house
        async with self.dispatch.database.reading() as uow:
            try:
                content = await house.registry.posts[intent.kind].build(
                    Desk(uow, self.dispatch.clock.now(), house), intent
                )
            except (NotStored, KeyDestroyed, KeyError):  # KeyError: it cannot be drawn from what is kept of it
                return None
        return offer_to_log(content, intent) if isinstance(content, Card) else None

    async def _told(self, handled: Handled, person: Person) -> list[Intent]:
        """What was promised to that person, and not to a manager who hears of it too."""
        return [intent for intent in handled.promised if await self._is_for(intent, person)]

    async def _in_words(self, handled: Handled, incoming: Pressed | Submitted | PointedAt) -> str:
        """What the person is told, in a sentence; where others read along, that the rest of it is not there."""
        if handled.again:
            return AGAIN
        for intent in await self._told(handled, incoming.person):
            if intent.kind == "notice":
                return intent.params["text"]
        card = await self._answer_card(handled, incoming.person)
        if card is None:
            return DONE
        is_private = incoming.place.kind is PlaceKind.DM
        return card.notification if is_private else f"Sent to you alone: {card.notification}"

    async def _people_for(self, form: Form | None) -> People:
        """Whom the form's people fields offer."""
        if form is None or not any(isinstance(field, PeopleField) for field in form.fields):
            return ()
        return [(person.id, person.name or person.email) for person in await self.directory.everybody()]


def _without_buttons(elements: Sequence[Element]) -> tuple[Element, ...]:
    """What a dialog can show of a card: without its buttons, and without the lines that announce them."""
    kept: list[Element] = []
    for element in elements:
        if not isinstance(element, Buttons):
            kept.append(element)
        elif kept and isinstance(announcing := kept[-1], Text) and announcing.plain.endswith(":"):
            kept.pop()
    return tuple(kept)


def _executing(drawn: Json) -> Json:
    """A form that stands on a card is sent by Action.Execute: its answer is for its sender alone."""
    (send,) = drawn["actions"]
    return drawn | {"actions": [send | {"type": "Action.Execute", "verb": OURS}]}


def _card_or(card: Card, person: Person, otherwise: str) -> InvokeAnswer:
    """The card as that person sees it, if it is of one page: an answer has room for one."""
    pages = render_card(card, viewer=person.id)
    return show_card(pages[0].card) if len(pages) == 1 else show_words(otherwise)


def _all_of(errors: FormErrors) -> str:
    return " ".join(errors.errors.values())


def _as_promised(post: Post) -> Intent:
    """The post again, from what is kept of it."""
    here = Address(post.platform, post.workspace, conversation=post.conversation)
    return Intent(post.kind, here, record=post.record, challenge_id=post.challenge_id)
