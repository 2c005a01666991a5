"""What people see of the team: who is on it, what became of it just now, and the welcome of whoever joins.

Names stand on cards for one pair of eyes only, and never in a notification.
"""

from handlers.access import Seat
from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Confirm,
    Element,
    Style,
    Table,
    bold,
    heading,
    note,
    text,
)
from handlers.desk import Desk
from handlers.keeping import Keeping, keeping_of, kept_until
from handlers.team import forms
from handlers.team.dates import days_said
from handlers.team.rules import role_title
from handlers.when import Day, DayRange, say
from handlers.wording import counted, listed, platform_name
from storage.records import Challenge, ChallengeId, Intent, Member, MemberId, Role

PRACTICE = "findings.practice"  # the findings capability offers it
ORDER = (Role.CHALLENGE_MANAGER, Role.LEAD_PEER, Role.PEER)


async def seat_of(desk: Desk, intent: Intent) -> Seat:
    """Whose eyes the card is for."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    return Seat(challenge, await desk.uow.members.get(MemberId(intent.params["member"])))


# ---------------------------------------------------------------- the team


async def build_team(desk: Desk, intent: Intent) -> Card | None:
    """Each person with initials, role, and whether they have agreed to the ground rules."""
    seat = await seat_of(desk, intent)
    if seat.member.removed_at is not None:
        return None
    framework = desk.house.framework_of(seat.challenge)
    team = await desk.uow.members.of_challenge(seat.challenge.id)
    team.sort(key=lambda member: (ORDER.index(member.role), member.name.casefold()))
    rows = [(member.initials, member.name, role_title(framework, member), _agreed(member)) for member in team]
    elements: list[Element] = [heading(f"The {seat.challenge.host} team")]
    elements.append(await _with_where(desk, team, Table(("Initials", "Name", "Role", "Ground rules"), tuple(rows))))
    if seat.is_manager:
        elements.append(_team_buttons(seat.challenge))
    return Card(notification=f"The team: {counted(len(team), 'person', 'people')}", elements=tuple(elements))


async def _with_where(desk: Desk, team: list[Member], table: Table) -> Table:
    """Where each of them is, one line a person, on a team that is on more than one platform."""
    where = [await platforms_of(desk, member) for member in team]
    if len({platform for platforms in where for platform in platforms}) < 2:
        return table
    said = [listed([platform_name(platform) for platform in platforms]) for platforms in where]
    rows = tuple((*row, place) for row, place in zip(table.rows, said, strict=True))
    return Table((*table.columns, "On"), rows)


async def platforms_of(desk: Desk, member: Member) -> list[str]:
    """The platforms on which a member has an account."""
    return sorted({account.platform for account in await desk.uow.accounts.of_person(member.person_id)})


def _agreed(member: Member) -> str:
    if member.role is Role.CHALLENGE_MANAGER:
        return "–"
    return "agreed" if member.agreed_at else "not yet"


def _team_buttons(challenge: Challenge) -> Buttons:
    return Buttons(
        (
            Button("Add people", "team.add", challenge.id, opens=forms.ADD),
            Button("Remove somebody", "team.remove", challenge.id, opens=forms.REMOVE),
        )
    )


async def build_changed(desk: Desk, intent: Intent) -> Card:
    """What became of the team just now, for whoever changed it."""
    seat = await seat_of(desk, intent)
    team = await desk.uow.members.of_challenge(seat.challenge.id)
    return Card(
        notification=f"The team: {counted(len(team), 'person', 'people')}",
        elements=(
            text(bold(seat.challenge.host), f"\n{intent.params['text']}"),
            Buttons((Button("Show the team", "team.show", seat.challenge.id),)),
        ),
    )


async def build_ask_removal(desk: Desk, intent: Intent) -> Card:
    member = await desk.uow.members.get(MemberId(intent.record))
    challenge = await desk.uow.challenges.get(member.challenge_id)
    confirm = Confirm("Remove from the team?", "They lose access at once. Their findings stay.", "Remove")
    button = Button("Remove", "team.remove_member", member.id, style=ButtonStyle.DANGER, confirm=confirm)
    return Card(
        notification="Remove somebody from the team?",
        elements=(
            text("Remove ", bold(f"{member.name} ({member.initials})"), f" from {challenge.host}?"),
            note("They lose access at once. Their findings stay on the wall under their initials."),
            Buttons((button,)),
        ),
    )


async def build_removed(desk: Desk, intent: Intent) -> Card:
    """To the person who was taken off the team."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    return Card(
        notification="You are no longer on a team",
        elements=(
            text(
                f"You are no longer on the {challenge.host} team in Baseroom. What you logged stays with the team. "
                "Nothing you heard is attributed to anyone: please keep to that, and destroy your own notes."
            ),
        ),
    )


# ---------------------------------------------------------------- the welcome


async def build_welcome(desk: Desk, intent: Intent) -> Card | None:
    """What this is, how to log a finding, what is kept and until when, the ground rules, and "I agree"."""
    member = await desk.uow.members.get(MemberId(intent.record))
    if member.removed_at is not None:
        return None
    challenge = await desk.uow.challenges.get(member.challenge_id)
    framework = desk.house.framework_of(challenge)
    return Card(
        notification=f"Welcome to a {framework.words.challenge}",
        elements=(
            heading(f"Welcome to the {challenge.host} {framework.words.challenge}"),
            text(
                f"This is the team’s base room. You are on it as {role_title(framework, member)}: "
                f"{days_said(DayRange(challenge.first_day, challenge.last_day))} on site."
            ),
            *_how_to_log(framework.themes[0].words[0], member.initials),
            *_what_is_kept(challenge, framework.report_due, await keeping_of(desk, challenge)),
            text(bold("The ground rules")),
            Bullets(tuple(map(text, framework.ground_rules))),
            *_agreement(desk, challenge, member),
        ),
    )


def _how_to_log(theme_word: str, initials: str) -> tuple[Element, ...]:
    return (
        text(bold("To log a finding"), ", type what you heard here, one message for each:"),
        text(f"Staff describe the vision in their own words #{theme_word} (focus group)", style=Style.QUOTE),
        text(
            f"You get a number back, and it is on the wall under your initials, {initials}. #{theme_word} puts it on a "
            "flip chart. Edit or delete your message and the finding follows."
        ),
    )


def _what_is_kept(challenge: Challenge, report_due: str, keeping: Keeping) -> tuple[Element, ...]:
    return (
        text(
            bold("What is kept"),
            f": your name, your initials and what you log, encrypted, for this team only. {report_due} When the report "
            "is signed off you will be asked to destroy your own notes. What Baseroom itself holds is to be destroyed "
            f"too, by {kept_until(keeping)} or four weeks after the sign-off where that is sooner.",
        ),
    )


def _agreement(desk: Desk, challenge: Challenge, member: Member) -> tuple[Element, ...]:
    practice = Button("Try a practice finding", PRACTICE, challenge.id)
    offered = (practice,) if PRACTICE in desk.house.registry.buttons else ()
    if member.agreed_at is None:
        agree = Button("I agree", "team.agree", member.id, style=ButtonStyle.PRIMARY)
        return (Buttons((agree, *offered)),)
    agreed_on = Day(member.agreed_at.astimezone(challenge.tz).date())
    agreed = text(bold(f"You agreed to the ground rules on {say(agreed_on)}."))
    return (agreed, Buttons(offered)) if offered else (agreed,)
