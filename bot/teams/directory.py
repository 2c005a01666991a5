"""Who people are and what a channel is, as Teams says; and where every conversation lives, which Teams wants to be told
with each post.

Names are held in memory only, for a while. When Teams cannot be asked, a person is still a person: nothing is refused
for want of a name. A reference is written down when it is new or has changed, and at no other turn.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.teams.connector import Answered, NoAnswer, NotReached
from bot.teams.payloads import Json, Payload, part, tenant_of, words
from handlers.chat import ChannelFacts, Person, Platform
from storage.records import Reference
from storage.unit_of_work import Database

log = structlog.get_logger("baseroom.teams")

REMEMBER = timedelta(hours=1)
PATIENCE = 4.0  # seconds; Teams waits about fifteen for the answer to a turn
PERSON = "person"
IN_A_THREAD = ";messageid="
MESSAGE_ACTION = "composeExtension/"  # it comes from any chat: Baseroom may not be in it
NOT_ANSWERED = (Answered, NoAnswer, NotReached, TimeoutError)


class NotNow(Exception):
    """Teams could not say just now, and may in a minute; the argument is its word for why."""


class Rosters(Protocol):
    """What the directory asks of Teams (bot.teams.connector)."""

    async def members(self, service_url: str, conversation: str) -> list[Json]: ...

    async def member(self, service_url: str, conversation: str, user: str) -> Json: ...

    async def team(self, service_url: str, team: str) -> Json: ...

    async def channels(self, service_url: str, team: str) -> list[Json]: ...


@dataclass(slots=True)
class Directory:
    connector: Rosters
    database: Database
    clock: Clock
    _references: dict[str, Reference] = field(default_factory=dict)
    _known: dict[str, tuple[datetime, Person]] = field(default_factory=dict)
    _zones: dict[str, str] = field(default_factory=dict)
    _channels: dict[str, tuple[datetime, ChannelFacts]] = field(default_factory=dict)

    # ---- where things live

    async def remember(self, activity: Payload) -> None:
        """Keep what an activity tells of its conversation and its sender. It asks nobody: a turn does not wait."""
        sender, zone = words(part(activity, "from"), "id"), words(activity, "localTimezone")
        if sender and zone:
            self._zones[sender] = zone
        for reference in references_in(activity):
            await self.note(reference)

    async def note(self, reference: Reference) -> None:
        """Write the reference down unless that is how it was known."""
        known = await self.where(reference.subject)
        if known and not reference.team:
            reference = replace(reference, team=known.team)  # not every activity in a channel names its team
        if known == reference:
            return
        async with self.database.begin() as uow:
            await uow.references.note(reference, self.clock.now())
            await uow.commit()
        self._references[reference.subject] = reference

    async def where(self, subject: str) -> Reference | None:
        """How that conversation or person is reached."""
        if subject not in self._references:
            async with self.database.reading() as uow:
                found = await uow.references.find(Platform.TEAMS, subject)
            if found is None:
                return None
            self._references[subject] = found
        return self._references[subject]

    async def nearest(self, subject: str) -> Reference | None:
        """The same; for somebody who has never spoken here, as their organisation is reached."""
        known = await self.where(subject)
        if known is not None:
            return known
        async with self.database.reading() as uow:
            latest = await uow.references.latest(Platform.TEAMS)
        return replace(latest, subject=subject, kind=kind_of(subject), team="") if latest else None

    # ---- who people are

    async def person(self, user_id: str, *, conversation: str = "") -> Person:
        """The person, with name, e-mail address and time zone as far as Teams gave them. `conversation` is where they
        were met: there Teams can be asked, for somebody who is not known yet."""
        person = self._remembered(user_id)
        if person is None and conversation:
            person = await self._ask(user_id, conversation)
        return self._with_zone(person or await self._nameless(user_id))

    async def people(self, user_ids: Sequence[str], *, conversation: str = "") -> list[Person]:
        """Several people, asked for at the same time."""
        return await asyncio.gather(*(self.person(user_id, conversation=conversation) for user_id in user_ids))

    def _remembered(self, user_id: str) -> Person | None:
        known = self._known.get(user_id)
        return known[1] if known and self.clock.now() - known[0] < REMEMBER else None

    async def _ask(self, user_id: str, conversation: str) -> Person | None:
        place = await self.where(conversation)
        if place is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                member = await self.connector.member(place.service_url, conversation, user_id)
        except NOT_ANSWERED as exc:
            log.info("person not read", error=error_word(exc))
            return None
        return self._learn(member, place.workspace)

    async def _nameless(self, user_id: str) -> Person:
        place = await self.where(user_id)
        return Person(Platform.TEAMS, place.workspace if place else "", user_id)

    def _with_zone(self, person: Person) -> Person:
        return replace(person, zone=self._zones.get(person.id, person.zone))

    def _learn(self, member: Payload, workspace: str) -> Person:
        person = person_of(member, workspace)
        self._known[person.id] = (self.clock.now(), person)
        return self._with_zone(person)

    # ---- what a channel is

    async def facts(self, channel: str) -> ChannelFacts | None:
        """What Teams says of a channel or a group chat, asked now; None when Baseroom is not in it.

        Raises:
            NotNow: Teams cannot say at the moment.
        """
        place = await self.where(channel)
        if place is None or place.kind == "personal":
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                facts = await self._ask_about(place)
        except NOT_ANSWERED as exc:
            log.info("channel not read", error=error_word(exc))
            if may_pass(exc):
                raise NotNow(error_word(exc)) from exc
            return None
        if facts is not None:
            self._channels[channel] = (self.clock.now(), facts)
        return facts

    async def facts_for_now(self, channel: str) -> ChannelFacts | None:
        """The same for those who do without: None too when Teams cannot say at the moment."""
        try:
            return await self.facts(channel)
        except NotNow:
            return None

    async def roster(self, channel: str) -> tuple[Person, ...]:
        """The people of a channel, as they were less than an hour ago; nobody when Teams cannot say."""
        known = self._channels.get(channel)
        if known and self.clock.now() - known[0] < REMEMBER:
            return known[1].members
        facts = await self.facts_for_now(channel)
        return facts.members if facts else ()

    async def everybody(self) -> tuple[Person, ...]:
        """All the people of the channels and group chats that Baseroom is in, as they were less than an hour ago: whom
        a form offers, and by whom an id of Entra's or an e-mail address is known."""
        async with self.database.reading() as uow:
            shared = await uow.references.shared(Platform.TEAMS)
        rosters = await asyncio.gather(*(self.roster(place.subject) for place in shared))
        return tuple(dict.fromkeys(person for roster in rosters for person in roster))

    async def _ask_about(self, place: Reference) -> ChannelFacts | None:
        members = await self.connector.members(place.service_url, place.subject)
        people = [one for one in members if not words(one, "id").startswith("28:")]
        outsiders = any(_is_of_elsewhere(one, place.workspace) for one in people)
        everybody = tuple(self._learn(one, place.workspace) for one in people)
        if place.kind != "channel":
            return ChannelFacts(name="", private=True, shared_outside=outsiders, members=everybody)
        team = await self.connector.team(place.service_url, place.team)
        listed = await self.connector.channels(place.service_url, place.team)
        channel = next((one for one in listed if words(one, "id") == place.subject), None)
        if channel is None:
            return None
        kind = membership_type(channel)
        return ChannelFacts(
            name=f"{words(team, 'name')} / {words(channel, 'name') or 'General'}",
            # A standard channel is as private as its team; of a team the Connector says only when it is not.
            private=kind == "private" or words(team, "visibility").casefold() != "public",
            shared_outside=kind == "shared" or outsiders,
            members=everybody,
        )


# ---------------------------------------------------------------- reading what Teams says


def references_in(activity: Payload) -> Iterator[Reference]:
    """The conversation that an activity comes from, and who sent it. Nothing where the activity lacks what it takes."""
    conversation, tenant = part(activity, "conversation"), tenant_of(activity)
    url, bot = words(activity, "serviceUrl"), words(part(activity, "recipient"), "id")
    place, sender = without_thread(words(conversation, "id")), words(part(activity, "from"), "id")
    if not (url and tenant):
        return
    if place and not words(activity, "name").startswith(MESSAGE_ACTION):
        kind = words(conversation, "conversationType") or kind_of(place)
        team = words(part(activity, "channelData", "team"), "id") if kind == "channel" else ""
        yield Reference(Platform.TEAMS, tenant, place, kind, url, bot, team)
    if sender.startswith("29:"):
        yield Reference(Platform.TEAMS, tenant, sender, PERSON, url, bot)


def without_thread(conversation: str) -> str:
    """The conversation's own id: in a channel Teams puts the message that began the thread behind it."""
    return conversation.partition(IN_A_THREAD)[0]


def kind_of(subject: str) -> str:
    """What an id is the id of, for want of better: Teams' ids tell by their ends."""
    if subject.startswith("29:"):
        return PERSON
    if subject.endswith(("@thread.tacv2", "@thread.skype")):
        return "channel"
    return "groupChat" if subject.endswith("@thread.v2") else "personal"


def person_of(member: Payload, workspace: str) -> Person:
    """Somebody in a roster."""
    name = words(member, "name") or f"{words(member, 'givenName')} {words(member, 'surname')}".strip()
    email = words(member, "email") or words(member, "userPrincipalName")
    alias = words(member, "aadObjectId") or words(member, "objectId")
    return Person(Platform.TEAMS, workspace, words(member, "id"), name, email, alias=alias)


def membership_type(channel: Payload) -> str:
    """ "standard", "private" or "shared"; the Connector calls it `type`, other pages of Teams `membershipType`."""
    return (words(channel, "type") or words(channel, "membershipType") or "standard").casefold()


def _is_of_elsewhere(member: Payload, tenant: str) -> bool:
    """Somebody who takes part from another organisation. A guest is in ours."""
    home = words(member, "tenantId")
    return bool(home) and home != tenant and words(member, "userRole") != "guest"


def may_pass(exc: Exception) -> bool:
    """Whether asking again later may help: Teams was busy, broken or out of reach. Its refusals stay refusals."""
    return not isinstance(exc, Answered) or exc.status in (401, 412, 429) or exc.status >= 500


def error_word(exc: Exception) -> str:
    return exc.code if isinstance(exc, Answered) else type(exc).__name__
