"""What a visit still lacks of its team and its channel: a manager always knows it, and a peer what is theirs to do."""

from handlers.access import Seat
from handlers.desk import Desk
from handlers.team.people import platforms_of
from handlers.team.rules import Unfit
from handlers.wording import counted, listed, platform_name
from storage.records import Challenge, Role


async def find_missing(desk: Desk, seat: Seat) -> tuple[str, ...]:
    """Of the team and its channel: to the manager all of it, to anybody else what is theirs to do."""
    if seat.is_manager:
        return (*await _missing_channel(desk, seat.challenge), *await _missing_people(desk, seat.challenge))
    if seat.member.agreed_at is None:
        return ("You have not agreed to the ground rules yet: press “I agree” on your welcome.",)
    return ()


async def _missing_channel(desk: Desk, challenge: Challenge) -> tuple[str, ...]:
    channels = await desk.uow.channels.of_challenge(challenge.id)
    if not channels:
        return ("The team channel is not set: type “challenge here” in it.",)
    bound = {channel.platform for channel in channels}
    stopped = tuple(
        f"Posting in the team channel{_on(channel.platform, bound)} is stopped: "
        f"{_why_stopped(Unfit.from_words(channel.stopped_why))}. Mend that, then type “challenge here” in it."
        for channel in channels
        if channel.stopped_at
    )
    return (*stopped, *await _without_a_channel(desk, challenge, bound))


async def _without_a_channel(desk: Desk, challenge: Challenge, bound: set[str]) -> tuple[str, ...]:
    """Whoever is on a platform alone where the team has no channel sees no session and no digest."""
    team = await desk.uow.members.of_challenge(challenge.id)
    apart = [
        where for where in [await platforms_of(desk, member) for member in team] if where and not bound & set(where)
    ]
    if not apart:
        return ()
    places = listed(sorted({platform_name(platform) for where in apart for platform in where}))
    who = counted(len(apart), "person is", "people are")
    return (f"{who} on {places} alone, where there is no team channel: type “challenge here” in one there.",)


def _on(platform: str, bound: set[str]) -> str:
    """Which of two channels is meant."""
    return f" on {platform_name(platform)}" if len(bound) > 1 else ""


def _why_stopped(unfit: Unfit) -> str:
    count = len(unfit.strangers)
    reasons = {
        "it is public": unfit.public,
        "it is shared with another organisation": unfit.shared_outside,
        "1 person in it is not on the challenge": count == 1,
        f"{count} people in it are not on the challenge": count > 1,
    }
    return listed([reason for reason, holds in reasons.items() if holds])


async def _missing_people(desk: Desk, challenge: Challenge) -> tuple[str, ...]:
    team = await desk.uow.members.of_challenge(challenge.id)
    framework = desk.house.framework_of(challenge)
    found = []
    if not any(member.role is Role.LEAD_PEER for member in team):
        title = next(outline.title for outline in framework.roles if outline.kind == "lead_peer")
        found.append(f"Nobody is {title.lower()} yet.")
    if not any(member.role is Role.PEER for member in team):
        found.append("There are no peers on the team yet: add them with “challenge team add”.")
    waiting = [one.name for one in team if one.role is not Role.CHALLENGE_MANAGER and one.agreed_at is None]
    if waiting:
        found.append(f"Yet to agree to the ground rules: {listed(waiting)}.")
    return tuple(found)
