"""What people see of a challenge and its team: the status card, the team, the welcome, and what is said of the channel.

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
    Divider,
    Element,
    Fields,
    Style,
    Table,
    bold,
    heading,
    note,
    text,
)
from handlers.desk import Desk
from handlers.keeping import Keeping, keeping_of, kept_until
from handlers.standing import what_comes_next, what_is_missing
from handlers.team import forms
from handlers.team.dates import days_said, times_said
from handlers.team.rules import Unfit, days_in_words, listed, role_title, stage_of
from handlers.when import Day, DayRange, say
from handlers.wording import counted, platform_name
from storage.records import Challenge, ChallengeId, Intent, Member, MemberId, PersonId, Role

PRACTICE = "findings.practice"  # the findings capability offers it
KEPT = "disposal.show"  # and the disposal capability this
ORDER = (Role.CHALLENGE_MANAGER, Role.LEAD_PEER, Role.PEER)


async def _seat(desk: Desk, intent: Intent) -> Seat:
    """Whose eyes the card is for."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    return Seat(challenge, await desk.uow.members.get(MemberId(intent.params["member"])))


# ---------------------------------------------------------------- status


async def build_invitation(_desk: Desk, _intent: Intent) -> Card:
    """Somebody who may set up a challenge has none yet."""
    return Card(
        notification="No challenge yet",
        elements=(
            text("You are on no challenge yet. You can set one up here, or in one line:"),
            text("challenge new Anyshire ICS, local system, 24 to 27 Nov 2026", style=Style.QUOTE),
            Buttons((Button("Set up a challenge", "team.new", style=ButtonStyle.PRIMARY, opens=forms.NEW),)),
        ),
    )


async def build_status(desk: Desk, intent: Intent) -> Card | None:
    """Stage, what is missing, what is next."""
    seat = await _seat(desk, intent)
    if seat.member.removed_at is not None:
        return None
    challenge = seat.challenge
    framework = desk.house.framework_of(challenge)
    head = (heading(challenge.host), note(framework.title))
    if challenge.ended_at is not None:
        closed = say(Day(challenge.ended_at.astimezone(challenge.tz).date()))
        return Card(
            "This challenge is over",
            (
                *head,
                text(f"This challenge is over. It closed on {closed}."),
                Fields((("Kept until", kept_until(await keeping_of(desk, challenge))),)),
                *((Buttons((_kept_button(challenge),)),) if seat.is_manager else ()),
            ),
        )
    missing = await what_is_missing(desk, seat)
    return Card(
        notification=f"Status: {len(missing)} missing" if missing else "Status: nothing is missing",
        elements=(
            *head,
            Fields(await _facts(desk, challenge)),
            *_lines("Missing", missing or ("Nothing.",)),
            *_lines("Next", await what_comes_next(desk, challenge) or ("Nothing is on the schedule.",)),
            _status_buttons(seat),
        ),
    )


async def _facts(desk: Desk, challenge: Challenge) -> tuple[tuple[str, str], ...]:
    team = await desk.uow.members.of_challenge(challenge.id)
    framework, today = desk.house.framework_of(challenge), desk.local(challenge).date()
    team_is_there = any(member.role is not Role.CHALLENGE_MANAGER for member in team)
    stage = stage_of(challenge, framework, today=today, team_is_there=team_is_there)
    return (
        ("Stage", f"{stage.title}: {days_in_words(challenge, today)}"),
        ("On site", days_said(DayRange(challenge.first_day, challenge.last_day))),
        ("Sessions", times_said(challenge.session_times)),
        ("On the last day", times_said(challenge.last_day_session_times)),
        ("Catch-up", f"{challenge.catch_up_time:%H:%M}"),
        ("Times are in", challenge.zone),
        ("Team", _counted(team)),
        ("Team channel", await _channel_in_words(desk, challenge)),
        ("Kept until", kept_until(await keeping_of(desk, challenge))),
    )


def _counted(team: list[Member]) -> str:
    return "1 person" if len(team) == 1 else f"{len(team)} people"


async def _channel_in_words(desk: Desk, challenge: Challenge) -> str:
    """ "set"; of two channels "set on Slack, posting is stopped on Teams"."""
    channels = await desk.uow.channels.of_challenge(challenge.id)
    said = {
        channel.platform: "posting is stopped" if channel.stopped_at else "set"
        for channel in sorted(channels, key=lambda channel: channel.platform)
    }
    if len(said) < 2:
        return "".join(said.values()) or "not set"
    return ", ".join(f"{how} on {platform_name(platform)}" for platform, how in said.items())


def _lines(title: str, sentences: tuple[str, ...]) -> tuple[Element, ...]:
    return (text(bold(title)), Bullets(tuple(map(text, sentences))))


def _status_buttons(seat: Seat) -> Buttons:
    team = Button("Team", "team.show", seat.challenge.id)
    if not seat.is_manager:
        return Buttons((team,))
    add = Button("Add people", "team.add", seat.challenge.id, opens=forms.ADD)
    return Buttons(
        (
            add,
            team,
            Button("Change days", "team.dates", seat.challenge.id, opens=forms.DATES),
            Button("Change times", "team.times", seat.challenge.id, opens=forms.TIMES),
            _kept_button(seat.challenge),
        )
    )


def _kept_button(challenge: Challenge) -> Button:
    return Button("What is kept", KEPT, challenge.id)


async def build_list(desk: Desk, intent: Intent) -> Card:
    """Every challenge of a person, the newest first; one that is over says so."""
    elements: list[Element] = [heading("Your challenges")]
    members = await desk.uow.members.of_person(PersonId(intent.record))
    seats = [Seat(await desk.uow.challenges.get(member.challenge_id), member) for member in members]
    seats.sort(key=lambda seat: seat.challenge.first_day, reverse=True)
    for seat in seats:
        challenge = seat.challenge
        days = days_said(DayRange(challenge.first_day, challenge.last_day))
        over = " It is over." if challenge.ended_at else ""
        role = role_title(desk.house.framework_of(challenge), seat.member)
        elements += [
            Divider(),
            text(bold(challenge.host), f"\n{days}\nYou are on it as {role}.{over}"),
            Buttons((Button("Open", "team.status", challenge.id),)),
        ]
    return Card(notification=f"Your challenges: {len(seats)}", elements=tuple(elements))


async def build_days_and_times(desk: Desk, intent: Intent) -> Card:
    """Said to the team when a manager has changed them."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    days = days_said(DayRange(challenge.first_day, challenge.last_day))
    return Card(
        notification="The days or times of the visit have changed",
        elements=(
            text(bold(f"{challenge.host}: days and times as they now stand")),
            Fields(
                (
                    ("On site", days),
                    ("Sessions", times_said(challenge.session_times)),
                    ("On the last day", times_said(challenge.last_day_session_times)),
                    ("Catch-up", f"{challenge.catch_up_time:%H:%M}"),
                    ("Times are in", challenge.zone),
                )
            ),
        ),
    )


# ---------------------------------------------------------------- the team


async def build_team(desk: Desk, intent: Intent) -> Card | None:
    """Each person with initials, role, and whether they have agreed to the ground rules."""
    seat = await _seat(desk, intent)
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
    return Card(notification=f"The team: {_counted(team)}", elements=tuple(elements))


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
    seat = await _seat(desk, intent)
    team = await desk.uow.members.of_challenge(seat.challenge.id)
    return Card(
        notification=f"The team: {_counted(team)}",
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
                f"This is the team's base room. You are on it as {role_title(framework, member)}: "
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
        note(f"The visit ends on {say(Day(challenge.last_day))}."),
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


# ---------------------------------------------------------------- the channel


async def build_channel_bound(desk: Desk, intent: Intent) -> Card:
    """In the channel, once, when it becomes the team's."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    framework = desk.house.framework_of(challenge)
    return Card(
        notification="This is the team channel now",
        elements=(
            text(bold(f"This is the {challenge.host} team's channel now.")),
            text(
                f"Sessions and digests of the {framework.words.challenge} come here. Findings go to Baseroom in a "
                "direct message, or here by naming it."
            ),
            note("If somebody who is not on the challenge comes in, posting stops and the manager is told."),
        ),
    )


async def build_channel_fit(desk: Desk, intent: Intent) -> Card:
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    return Card(
        notification="The team channel is fit",
        elements=(
            text(
                f"The team channel of {challenge.host} is fit: private, not shared outside, and everybody in it is on "
                "the challenge. I post there."
            ),
        ),
    )


async def build_channel_unfit(desk: Desk, intent: Intent) -> Card:
    """Why the channel cannot be the team's, to the manager who asked."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    return Card(
        notification="This channel is not fit yet",
        elements=(
            text(f"I cannot post findings of {challenge.host} here yet."),
            _to_mend(intent),
            note("Then type “challenge here” in it again."),
        ),
    )


async def build_channel_stopped(desk: Desk, intent: Intent) -> Card:
    """To each manager, when a channel that was fit is so no longer."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    return Card(
        notification="Posting in the team channel is stopped",
        elements=(
            text(bold(f"I have stopped posting in the {challenge.host} team channel.")),
            _to_mend(intent),
            note("When that is done, type “challenge here” in the channel, and I will look again."),
        ),
    )


def _to_mend(intent: Intent) -> Bullets:
    return Bullets(tuple(map(text, intent.params["mend"].splitlines())))


# ---------------------------------------------------------------- what is missing


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
