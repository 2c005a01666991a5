"""Teams' activities, as the vocabulary. Each gives the incoming things that it means for Baseroom, mostly one; none for
what does not concern it: its own posts, other people's talk, somebody's typing.

Talk in a channel that does not name Baseroom is dropped here, before anything could store it, unless it stands under a
post of Baseroom's own (which Teams tells only where the owners have consented).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from bot.clock import Clock
from bot.teams.cards import Sent, is_form, read_pressed, read_sent
from bot.teams.directory import IN_A_THREAD, Directory, kind_of, without_thread
from bot.teams.payloads import Payload, part, tenant_of, words
from bot.teams.wording import Words, quoted_by, words_of, words_of_quoted
from handlers.chat import (
    AnyIncoming,
    Deleted,
    Edited,
    Joined,
    Left,
    Met,
    Person,
    Place,
    PlaceKind,
    Platform,
    PointedAt,
    Pressed,
    Quoted,
    Said,
    Submitted,
)
from handlers.registry import Registry
from storage.records import Post, Reference

NO_FILE = frozenset({"text/html", "messageReference"})  # a message's own twin, and what it replies to
INSTALLED, REMOVED = "add", "remove"
PERSONAL = "personal"
OURS = "28:"  # how the ids of apps begin


@dataclass(frozen=True, slots=True)
class Inbound:
    directory: Directory
    registry: Registry
    clock: Clock

    async def read(self, activity: Payload) -> Sequence[AnyIncoming]:
        """What the activity means, invokes apart (see `pressed`, `submitted` and `pointed_at`)."""
        match words(activity, "type"):
            case "message" if isinstance(activity.get("value"), Mapping) and not words(activity, "text").strip():
                return [await self.acted(activity, activity["value"])]
            case "message":
                found: AnyIncoming | None = await self._said(activity)
            case "messageUpdate":
                found = await self._edited(activity)
            case "messageDelete":
                found = await self._deleted(activity)
            case "installationUpdate":
                found = await self._installed(activity)
            case "conversationUpdate":
                return await self._channel_news(activity)
            case _:
                return ()
        return () if found is None else (found,)

    # ---- messages

    async def _said(self, activity: Payload) -> Said | None:
        """A message in a personal chat, one that names Baseroom, or a reply under one of its posts."""
        sender = _sender(activity)
        said = words_of(activity, _us(activity))
        place = await self._under_what_it_answers(activity, self._place(activity))
        in_channel = place.kind is PlaceKind.CHANNEL
        if not sender or sender.startswith(OURS):
            return None
        if in_channel and not said.names_us and not await self._is_under_our_post(place):
            return None
        addressed, mark = not in_channel or said.names_us, _mark(activity, sender, said.text)
        message = words(activity, "id") or _digest(mark)
        return Said(
            id=f"teams|{place.id}|{message}",
            known_as=(mark,),
            at=self._moment(activity),
            person=await self._person(activity),
            place=place,
            message=message,
            text=said.text,
            people=await self._people(said, place),
            attachments=_files(activity),
            facts=await self.directory.facts_for_now(place.id) if in_channel and self._wants_facts(said.text) else None,
            addressed=addressed,
        )

    async def _is_under_our_post(self, place: Place) -> bool:
        return await self._post_above(place) is not None

    async def _post_above(self, place: Place) -> Post | None:
        if not place.thread:
            return None
        async with self.directory.database.reading() as uow:
            return await uow.posts.find(place.platform, place.workspace, place.id, place.thread)

    async def _under_what_it_answers(self, activity: Payload, place: Place) -> Place:
        """A personal chat has no threads: what quotes a question of ours counts as standing under it."""
        if place.kind is not PlaceKind.DM:
            return place
        there = replace(place, thread=quoted_by(activity))
        post = await self._post_above(there)
        return there if post is not None and post.kind in self.registry.replies else place

    async def _edited(self, activity: Payload) -> Edited | None:
        """An edit by a person, or (`restored`) a deletion that they undid."""
        event = words(part(activity, "channelData"), "eventType")
        sender, message = _sender(activity), words(activity, "id")
        if event not in ("editMessage", "undeleteMessage") or not sender or sender.startswith(OURS) or not message:
            return None
        said = words_of(activity, _us(activity))
        place = await self._under_what_it_answers(activity, self._place(activity))
        return Edited(
            id=_mark(activity, sender, f"{event}|{message}|{said.text}"),
            at=self._moment(activity),
            person=await self._person(activity),
            place=place,
            message=message,
            text=said.text,
            people=await self._people(said, place),
            restored=event == "undeleteMessage",
        )

    async def _deleted(self, activity: Payload) -> Deleted | None:
        sender, message = _sender(activity), words(activity, "id")
        if not message or sender.startswith(OURS):
            return None
        return Deleted(
            id=_mark(activity, sender, f"deleted|{message}"),
            at=self._moment(activity),
            person=await self._person(activity) if sender else self._nobody(activity),
            place=self._place(activity),
            message=message,
        )

    # ---- cards and forms

    async def acted(self, activity: Payload, data: Payload) -> Pressed | Submitted:
        """A button, or a form that stands on a card or in a dialog. What is missing or altered reads as a button that
        is no longer offered: the answer to that is a sentence."""
        return await (self.submitted(activity, data) if is_form(data) else self.pressed(activity, data))

    async def pressed(self, activity: Payload, data: Payload) -> Pressed:
        action, value = read_pressed(data)
        mark = _mark(activity, _sender(activity), f"{words(activity, 'replyToId')}|{action}|{value}")
        return Pressed(
            id=f"teams|{words(activity, 'id') or _digest(mark)}",
            known_as=(mark,),
            at=self._moment(activity),
            person=await self._person(activity),
            place=self._place(activity),
            action=action,
            value=value,
            message=words(activity, "replyToId"),
        )

    async def submitted(self, activity: Payload, data: Payload) -> Submitted:
        """The form's mark is the same however often its button is pressed, with the same in its fields."""
        sent, sender, place = read_sent(data), _sender(activity), await self._known_place(activity)
        token = sent.token or words(activity, "replyToId") or words(activity, "id")
        return Submitted(
            id=f"teams|form|{sender}|{token}|{_digest(repr((sent.form, sorted(sent.values.items()))))}",
            at=self._moment(activity),
            person=await self._person(activity),
            place=place,
            form=sent.form,
            values=sent.values,
            carried=sent.carried,
            people=await self._chosen(sent, place),
        )

    async def _chosen(self, sent: Sent, place: Place) -> tuple[Person, ...]:
        """Who was chosen in the form's people fields: by id, or by e-mail address where those were typed."""
        if not sent.people:
            return ()
        where = place.id if place.kind is PlaceKind.CHANNEL else ""
        by_email = {person.email.casefold(): person for person in await self.directory.everybody()}
        found = [
            by_email.get(one.casefold()) or await self.directory.person(one, conversation=where)
            for one in sent.people
            if one.casefold() in by_email or "@" not in one
        ]
        return tuple(dict.fromkeys(found))

    # ---- message actions

    async def pointed_at(self, activity: Payload) -> PointedAt:
        """ "Log as finding" on a message, here or in a chat where Baseroom is not: the message comes with it."""
        value = part(activity, "value")
        message, place = part(value, "messagePayload"), await self._known_place(activity)
        person = await self._person(activity)
        mark = _mark(activity, person.id, f"{words(value, 'commandId')}|{words(message, 'id')}")
        return PointedAt(
            id=f"teams|{words(activity, 'id') or _digest(mark)}",
            known_as=(mark,),
            at=self._moment(activity),
            person=person,
            place=replace(place, thread=words(message, "replyToId") or place.thread),
            shortcut=words(value, "commandId"),
            quoted=Quoted(
                words(message, "id"),
                words_of_quoted(message),
                await self._author(message, person),
                _time(words(message, "createdDateTime")) or self._moment(activity),
            ),
        )

    async def _author(self, message: Payload, pointing: Person) -> Person:
        """Who wrote it. Teams names them by Entra's id here, and Baseroom knows people by Teams' own."""
        user = part(message, "from", "user")
        alias, name = words(user, "id"), words(user, "displayName")
        if alias and alias in (pointing.alias, pointing.id):
            return pointing
        known = next((one for one in await self.directory.everybody() if alias and alias in (one.alias, one.id)), None)
        return known or Person(Platform.TEAMS, pointing.workspace, alias, name, alias=alias)

    # ---- comings and goings

    async def _installed(self, activity: Payload) -> Met | Left | None:
        """Baseroom was put into a chat or a team, or taken out of it."""
        action, place = words(activity, "action"), self._place(activity)
        if action not in (INSTALLED, REMOVED):
            return None
        kind = Met if action == INSTALLED else Left
        person = await self._person(activity)
        return kind(id=_mark(activity, person.id, action), at=self._moment(activity), person=person, place=place)

    async def _channel_news(self, activity: Payload) -> Sequence[AnyIncoming]:
        """Somebody came or went, or the channel itself changed: whoever is in a team is in all its open channels."""
        place, deleted = self._place(activity), words(part(activity, "channelData"), "eventType") == "channelDeleted"
        if place.kind is not PlaceKind.CHANNEL:
            return ()
        person = await self._person(activity) if _sender(activity) else self._nobody(activity)
        if deleted:
            gone = words(part(activity, "channelData", "channel"), "id") or place.id
            mark = _mark(activity, gone, "channelDeleted")
            return (Left(id=mark, at=self._moment(activity), person=person, place=replace(place, id=gone)),)
        team = words(part(activity, "channelData", "team"), "id")
        return [
            joined
            for channel in await self._channels_of(team, place.id)
            if (joined := await self._joined(activity, person, replace(place, id=channel))) is not None
        ]

    async def _channels_of(self, team: str, channel: str) -> list[str]:
        """The channel, and the other channels of its team in which Baseroom has posted or been spoken to."""
        others = [one.subject for one in await self._known_channels() if team and one.team == team]
        return list(dict.fromkeys((channel, *others)))

    async def _known_channels(self) -> Sequence[Reference]:
        async with self.directory.database.reading() as uow:
            return await uow.references.shared(Platform.TEAMS)

    async def _joined(self, activity: Payload, person: Person, place: Place) -> Joined | None:
        facts = await self.directory.facts(place.id)
        if facts is None:
            return None
        mark = _mark(activity, person.id, f"{place.id}|{_digest(repr(facts))}")
        return Joined(id=mark, at=self._moment(activity), person=person, place=place, facts=facts)

    # ---- the same for all

    def _place(self, activity: Payload) -> Place:
        """Where it happened. In a channel `thread` is the message under which it stands, unless it began the thread; of
        a button it is the card's, so that an answer stands under it."""
        conversation = part(activity, "conversation")
        here, _, root = words(conversation, "id").partition(IN_A_THREAD)
        kind = words(conversation, "conversationType") or kind_of(here)
        if kind == PERSONAL:
            return Place(Platform.TEAMS, tenant_of(activity), here, PlaceKind.DM)
        thread = root or words(activity, "replyToId")
        own = words(activity, "id")
        return Place(Platform.TEAMS, tenant_of(activity), here, PlaceKind.CHANNEL, thread if thread != own else "")

    async def _known_place(self, activity: Payload) -> Place:
        """The same for a message action and the dialog that it opened: they may be used in chats where Baseroom is not,
        and nothing may be sent there."""
        place = self._place(activity)
        is_known = await self.directory.where(place.id) is not None
        return place if is_known else replace(place, kind=PlaceKind.ELSEWHERE)

    async def _person(self, activity: Payload) -> Person:
        """Who did it. Their address is asked for where they did it, if Baseroom is there."""
        sender = part(activity, "from")
        conversation = without_thread(words(part(activity, "conversation"), "id"))
        known = await self.directory.person(words(sender, "id"), conversation=conversation)
        return replace(
            known,
            workspace=known.workspace or tenant_of(activity),
            name=known.name or words(sender, "name"),
            alias=known.alias or words(sender, "aadObjectId"),
        )

    async def _people(self, said: Words, place: Place) -> tuple[Person, ...]:
        return tuple(await self.directory.people(said.ids, conversation=place.id))

    def _nobody(self, activity: Payload) -> Person:
        return Person(Platform.TEAMS, tenant_of(activity), "")

    def _moment(self, activity: Payload) -> datetime:
        return _time(words(activity, "timestamp")) or self.clock.now()

    def _wants_facts(self, said: str) -> bool:
        return any(
            entry.wants_facts and said.casefold().startswith(entry.words) for entry in self.registry.commands.values()
        )


def _us(activity: Payload) -> str:
    return words(part(activity, "recipient"), "id")


def _sender(activity: Payload) -> str:
    return words(part(activity, "from"), "id")


def _files(activity: Payload) -> int:
    attachments = activity.get("attachments")
    found = [one for one in attachments if isinstance(one, Mapping)] if isinstance(attachments, list) else []
    return sum(words(one, "contentType") not in NO_FILE for one in found)


def _mark(activity: Payload, sender: str, said: str) -> str:
    """By what a thing is known that Teams delivers again under a new id (RELIABILITY, 'In')."""
    conversation = words(part(activity, "conversation"), "id")
    moment = words(activity, "timestamp") or words(activity, "id")
    return f"teams|{conversation}|{sender}|{moment}|{_digest(said)}"


def _digest(said: str) -> str:
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _time(stamp: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # no time, or one that is before the first year or after the last in UTC
        return None
