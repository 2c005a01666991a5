"""Opening a challenge: its record, its key, its flip charts, and everything that will happen by the clock.

Used by the manager's form and by the rehearsal room's sample visit alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from handlers.desk import Desk
from handlers.frameworks import Framework
from handlers.team.rules import initials_for_all
from storage.records import Challenge, ChallengeId, Member, MemberId, PersonId, Role, Theme, ThemeId, new_id


@dataclass(frozen=True, slots=True)
class Opening:
    """What a manager says of a new challenge. `first_day` and `last_day` are the days on site."""

    host: str
    framework: Framework
    first_day: date
    last_day: date
    zone: str
    session_times: tuple[time, ...] = ()
    catch_up_time: time | None = None


async def open_challenge(
    desk: Desk, opening: Opening, *, opened_by: PersonId, challenge_id: ChallengeId | None = None
) -> Challenge:
    """The challenge with the framework's themes on its wall and its schedule laid.

    `challenge_id` is given where the same request may come twice. Raises `AlreadyStored` when it has.
    """
    framework = opening.framework
    challenge = Challenge(
        id=challenge_id or ChallengeId(new_id()),
        host=opening.host,
        framework=framework.key,
        first_day=opening.first_day,
        last_day=opening.last_day,
        zone=opening.zone,
        session_times=opening.session_times or framework.session_times,
        last_day_session_times=framework.sessions_on_last_day,
        catch_up_time=opening.catch_up_time or framework.catch_up_time,
        created_by=opened_by,
        created_at=desk.now,
    )
    await desk.uow.challenges.add(challenge)
    desk.audit(challenge.id, "challenge.opened")
    for position, outline in enumerate(framework.themes):
        theme = Theme(
            ThemeId(new_id()), challenge.id, outline.key, outline.title, outline.short, outline.emoji, outline.words,
            position,
        )  # fmt: skip
        await desk.uow.themes.add(theme)
    await lay_schedule(desk, challenge)
    return challenge


async def lay_schedule(desk: Desk, challenge: Challenge) -> None:
    """Ask every capability to put what it does by the clock into the schedule."""
    for plan in desk.house.registry.planners:
        await plan(desk, challenge)


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who is put on a team. `kind` is the framework's role key, empty for a plain peer."""

    person_id: PersonId
    name: str
    role: Role
    kind: str


async def add_member(
    desk: Desk, challenge: Challenge, person_id: PersonId, *, name: str, role: Role, kind: str
) -> Member:
    """Put somebody on the team, with initials that nobody else has had. Raises `AlreadyStored`."""
    return (await add_members(desk, challenge, (Joining(person_id, name, role, kind),)))[0]


async def add_members(desk: Desk, challenge: Challenge, joining: Sequence[Joining]) -> tuple[Member, ...]:
    """Put several people on the team at once: namesakes among them become JS1 and JS2. Raises `AlreadyStored`."""
    team = await desk.uow.members.of_challenge(challenge.id, with_removed=True)
    names = [one.name for one in joining]
    initials = initials_for_all(names, taken={member.initials for member in team})
    added = tuple(
        Member(
            id=MemberId(new_id()),
            challenge_id=challenge.id,
            person_id=one.person_id,
            name=one.name,
            initials=letters,
            role=one.role,
            kind=one.kind,
            added_at=desk.now,
        )
        for one, letters in zip(joining, initials, strict=True)
    )
    for member in added:
        await desk.uow.members.add(member)
        desk.audit(challenge.id, f"member.added.{member.role}", about=member.id)
    return added
