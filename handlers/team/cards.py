"""What people see of a challenge: how it stands, the list of one's own, its days and times, and what is said of the
channel. The team and its welcome are in `people`.
"""

from handlers.access import Seat
from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Divider,
    Element,
    Fields,
    Style,
    bold,
    heading,
    note,
    text,
)
from handlers.dates import as_of
from handlers.desk import Desk
from handlers.keeping import keeping_of, kept_until
from handlers.standing import what_comes_next, what_is_missing
from handlers.team import forms
from handlers.team.dates import days_said, times_said
from handlers.team.people import seat_of
from handlers.team.rules import days_in_words, role_title, stage_of
from handlers.when import Day, DayRange, say
from handlers.wording import counted, platform_name, private_talk
from storage.records import Challenge, ChallengeId, Intent, PersonId, Role

KEPT = "disposal.show"  # the disposal capability offers it


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
    seat = await seat_of(desk, intent)
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
            note(as_of(desk.now, challenge.tz)),
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
        ("Team", counted(len(team), "person", "people")),
        ("Team channel", await _channel_in_words(desk, challenge)),
        ("Kept until", kept_until(await keeping_of(desk, challenge))),
    )


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


# ---------------------------------------------------------------- the channel


async def build_channel_bound(desk: Desk, intent: Intent) -> Card:
    """In the channel, once, when it becomes the team's."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    framework = desk.house.framework_of(challenge)
    return Card(
        notification="This is the team channel now",
        elements=(
            text(bold(f"This is the {challenge.host} team’s channel now.")),
            text(
                f"Sessions and digests of the {framework.words.challenge} come here. Findings go to Baseroom in "
                f"your {private_talk(intent.to.platform)} with it, or here by naming it."
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
