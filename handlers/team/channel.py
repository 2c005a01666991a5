"""The team channel: bound only when it is fit for findings, and silent from the moment that somebody else comes in.

Fit is private, not shared outside, and everybody in it on the challenge (DESIGN, 'The team channel is checked'). What
is wrong is told to the manager alone, with the names and how to mend it; the channel itself hears nothing.
"""

from collections.abc import Mapping
from dataclasses import replace

from handlers.access import Seat, access_challenge, seats_of
from handlers.chat import ChannelFacts, Commanded, Joined, PlaceKind, Said
from handlers.desk import Desk, Turn
from handlers.errors import NotAllowed, NotOnAChallenge, Refusal
from handlers.team.rules import Unfit, judge_channel, what_to_mend
from handlers.team.turns import privately
from handlers.wording import listed
from storage.records import Account, Address, Challenge, ChallengeId, Intent, Member, TeamChannel

UNSEEN = "somebody whose name I cannot see"


class NotInAChannel(Refusal):
    """Type “challenge here” in the team’s own channel: that is where I will post."""


class CannotSeeTheChannel(Refusal):
    """I cannot see who is in this channel. Add Baseroom to it first, then type “challenge here” again."""


class ChannelTaken(Refusal):
    """This is the team channel of another challenge. Use a channel of this team’s own."""


async def bind_here(turn: Turn, args: str) -> None:
    """Make the channel the team's, if it is fit; else say what to mend. Typed again, it looks again."""
    if turn.place.kind is not PlaceKind.CHANNEL:
        raise NotInAChannel
    facts = turn.incoming.facts if isinstance(turn.incoming, Said | Commanded) else None
    if facts is None:
        raise CannotSeeTheChannel
    challenge = (await _seat_to_bind(turn, args, facts)).challenge
    unfit = judge_channel(facts, await ids_on(turn, challenge))
    known = await _known_here(turn)
    if unfit:
        await _say_what_to_mend(turn, challenge, unfit, facts, known)
    else:
        await _bind(turn, challenge, facts, known)


async def _seat_to_bind(turn: Turn, args: str, facts: ChannelFacts) -> Seat:
    """The manager's challenge that is meant: the one named, the channel's own, the only one, or the only one whose
    team all the people in the channel are on."""
    mine = [seat for seat in await seats_of(turn) if seat.member.role in turn.allowed]
    if not mine:
        raise NotAllowed if await seats_of(turn) else NotOnAChallenge
    known = await _known_here(turn)
    if known is not None and await _is_live(turn, known.challenge_id):
        if known.challenge_id not in {seat.challenge.id for seat in mine}:
            raise ChannelTaken
        return await access_challenge(turn, known.challenge_id)
    if args.strip():
        mine = [seat for seat in mine if args.strip().casefold() in seat.challenge.host.casefold()] or mine
    if len(mine) > 1:
        mine = [seat for seat in mine if not judge_channel(facts, await ids_on(turn, seat.challenge)).strangers] or mine
    if len(mine) > 1:
        hosts = listed([f"“challenge here {seat.challenge.host}”" for seat in mine])
        raise NotInAChannel(f"You manage more than one challenge. Say which, as a slash command: {hosts}.")
    return mine[0]


async def _known_here(turn: Turn) -> TeamChannel | None:
    place = turn.place
    return await turn.uow.channels.find(place.platform, place.workspace, place.id)


async def _is_live(desk: Desk, challenge_id: ChallengeId) -> bool:
    return (await desk.uow.challenges.get(challenge_id)).ended_at is None


async def _bind(turn: Turn, challenge: Challenge, facts: ChannelFacts, known: TeamChannel | None) -> None:
    """1 let go of an earlier channel on this platform; 2 bind this one; 3 say so in it."""
    place = turn.place
    again = known is not None and known.challenge_id == challenge.id
    if not again:
        await _release_others(turn, challenge)
    here = TeamChannel(challenge.id, place.platform, place.workspace, place.id, turn.now, members=_ids(facts))
    await turn.uow.channels.bind(here)
    turn.audit(challenge.id, "channel.bound", place.id)
    if again:
        await turn.answer("team.channel_fit", challenge=challenge, record=challenge.id, to=privately(turn))
    else:
        to = Address(place.platform, place.workspace, conversation=place.id)
        await turn.post(Intent("team.channel_bound", to, challenge.id, challenge_id=challenge.id))


async def _release_others(turn: Turn, challenge: Challenge) -> None:
    """A team has one channel on each platform."""
    place = turn.place
    for channel in await turn.uow.channels.of_challenge(challenge.id):
        same_platform = (channel.platform, channel.workspace) == (place.platform, place.workspace)
        if same_platform and channel.conversation != place.id:
            await turn.uow.channels.release(channel)
            turn.audit(challenge.id, "channel.released", channel.conversation)


async def _say_what_to_mend(
    turn: Turn, challenge: Challenge, unfit: Unfit, facts: ChannelFacts, known: TeamChannel | None
) -> None:
    """Tell the manager alone. A channel that was bound already stops until it is mended."""
    if known is not None and known.challenge_id == challenge.id:
        await _stop(turn, known, unfit, members=_ids(facts))
    await turn.answer(
        "team.channel_unfit", challenge=challenge, record=challenge.id, to=privately(turn),
        params=_mending(unfit, _names(facts)),
    )  # fmt: skip


# ---------------------------------------------------------------- afterwards


async def follow_joining(turn: Turn, joined: Joined) -> None:
    """Somebody came in, or the channel changed: stop posting if it is no longer fit, begin again if it is fit now."""
    channel = await _known_here(turn)
    if channel is None or not await _is_live(turn, channel.challenge_id):
        return
    challenge = await turn.uow.challenges.get(channel.challenge_id)
    unfit = judge_channel(joined.facts, await ids_on(turn, challenge))
    if unfit:
        await stop_posting(turn, challenge, channel, unfit, names=_names(joined.facts), members=_ids(joined.facts))
    else:
        await _resume(turn, challenge, replace(channel, members=_ids(joined.facts)))


async def follow_shut_out(desk: Desk, channel: TeamChannel) -> None:
    """Baseroom was taken out of the channel, or it is no more: the managers are told once. Invited again, it sees by
    itself that the channel is fit."""
    challenge = await desk.uow.challenges.get(channel.challenge_id)
    if challenge.ended_at is None:
        unfit = replace(Unfit.from_words(channel.stopped_why), shut_out=True)
        await stop_posting(desk, challenge, channel, unfit, names={}, members=channel.members)


async def stop_posting(
    desk: Desk,
    challenge: Challenge,
    channel: TeamChannel,
    unfit: Unfit,
    *,
    names: Mapping[str, str],
    members: tuple[str, ...],
) -> None:
    """Nothing more is posted there; the managers are told, once for each thing that is new."""
    before = Unfit.from_words(channel.stopped_why) if channel.stopped_at else Unfit()
    await _stop(desk, channel, unfit, members=members)
    if unfit.is_worse_than(before):
        intent = Intent(kind="team.channel_stopped", to=_anywhere(), record=challenge.id, params=_mending(unfit, names))
        await desk.tell_managers(challenge, intent)


async def stop_for_removed(desk: Desk, challenge: Challenge, member: Member) -> bool:
    """A person who was removed must leave the channel too: stop where they were last seen. Says whether they were."""
    accounts = await desk.uow.accounts.of_person(member.person_id)
    return any([await stop_for_account(desk, challenge, account) for account in accounts])


async def stop_for_account(desk: Desk, challenge: Challenge, account: Account) -> bool:
    """The same for one account, which may be all that somebody loses."""
    seen = False
    for channel in await desk.uow.channels.of_challenge(challenge.id):
        there = (channel.platform, channel.workspace) == (account.platform, account.workspace)
        if there and account.user_id in channel.members:
            unfit = Unfit.from_words(channel.stopped_why).with_stranger(account.user_id)
            await _stop(desk, channel, unfit, members=channel.members)
            seen = True
    return seen


async def resume_for_added(desk: Desk, challenge: Challenge, member: Member) -> None:
    """Somebody who was a stranger in the channel is on the team now: begin again if nothing else was wrong."""
    for account in await desk.uow.accounts.of_person(member.person_id):
        for channel in await desk.uow.channels.of_challenge(challenge.id):
            there = (channel.platform, channel.workspace) == (account.platform, account.workspace)
            unfit = Unfit.from_words(channel.stopped_why)
            if not there or account.user_id not in unfit.strangers:
                continue
            left = unfit.without(account.user_id)
            if left:
                await _stop(desk, channel, left, members=channel.members)
            else:
                await _resume(desk, challenge, channel)


async def _stop(desk: Desk, channel: TeamChannel, unfit: Unfit, *, members: tuple[str, ...]) -> None:
    stopped_at = channel.stopped_at or desk.now
    stopped = replace(channel, stopped_at=stopped_at, stopped_why=unfit.to_words(), members=members)
    await desk.uow.channels.bind(stopped)
    if channel.stopped_at is None:
        desk.audit(channel.challenge_id, "channel.stopped", channel.conversation)


async def _resume(desk: Desk, challenge: Challenge, channel: TeamChannel) -> None:
    await desk.uow.channels.bind(replace(channel, stopped_at=None, stopped_why=""))
    if channel.stopped_at:
        desk.audit(challenge.id, "channel.resumed", channel.conversation)
        await desk.tell_managers(challenge, Intent(kind="team.channel_fit", to=_anywhere(), record=challenge.id))


async def ids_on(turn: Turn, challenge: Challenge) -> frozenset[str]:
    """The platform ids, where the turn takes place, of everybody on the challenge."""
    place = turn.place
    found: set[str] = set()
    for member in await turn.uow.members.of_challenge(challenge.id):
        accounts = await turn.uow.accounts.of_person(member.person_id)
        found |= {
            account.user_id
            for account in accounts
            if (account.platform, account.workspace) == (place.platform, place.workspace)
        }
    return frozenset(found)


def _mending(unfit: Unfit, names: Mapping[str, str]) -> dict[str, str]:
    """What the card says, a sentence a line."""
    called = [names.get(stranger) or UNSEEN for stranger in unfit.strangers]
    return {"mend": "\n".join(what_to_mend(unfit, called))}


def _names(facts: ChannelFacts) -> dict[str, str]:
    return {person.id: person.name for person in facts.members}


def _ids(facts: ChannelFacts) -> tuple[str, ...]:
    return tuple(person.id for person in facts.members)


def _anywhere() -> Address:
    """`tell_managers` puts each manager's own address in its place."""
    return Address("", "")
