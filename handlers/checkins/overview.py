"""What the challenge manager sees of a check-in: how many have answered, who is missing, and what the answers say.

Names and answers stand on cards for one pair of eyes only, and never in a notification.
"""

from collections.abc import Sequence

from handlers.access import Seat
from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Divider,
    Element,
    bold,
    heading,
    italic,
    text,
)
from handlers.checkins import forms
from handlers.checkins.rules import Standing, has_answered, questions_answered, standing_of
from handlers.dates import moment_in_words
from handlers.desk import Desk
from storage.records import Challenge, CheckIn, CheckInId, CheckInReply, Intent, Member

BY_QUESTION, BY_PEER = "question", "peer"


async def build_status(desk: Desk, intent: Intent) -> Card | None:
    """How many have answered, who is missing, and what can be done about it."""
    check_in = await desk.uow.checkins.get(CheckInId(intent.record))
    challenge = await desk.uow.challenges.get(check_in.challenge_id)
    standing = await standing_now(desk, check_in)
    return Card(
        notification=f"Check-in: {standing.in_numbers}",
        elements=(
            heading(f"{check_in.title} · {challenge.host}"),
            text(bold(standing.in_numbers), f". {_by_or_closed(challenge, check_in)}"),
            *_missing(standing),
            Buttons(_status_buttons(check_in, standing)),
        ),
    )


async def standing_now(desk: Desk, check_in: CheckIn) -> Standing:
    team = await desk.uow.members.of_challenge(check_in.challenge_id)
    return standing_of(team, await desk.uow.checkins.replies(check_in.id))


def _by_or_closed(challenge: Challenge, check_in: CheckIn) -> str:
    if check_in.closed_at is not None:
        return f"It closed on {moment_in_words(check_in.closed_at, challenge.tz)}."
    return f"Asked for by {moment_in_words(check_in.by, challenge.tz)}."


def _missing(standing: Standing) -> tuple[Element, ...]:
    if not standing.missing:
        return (text("Nobody is missing."),)
    return (text("Missing: ", ", ".join(map(named, standing.missing)), "."),)


def named(member: Member) -> str:
    return f"{member.name} ({member.initials})"


def _status_buttons(check_in: CheckIn, standing: Standing) -> tuple[Button, ...]:
    read = Button("Read the answers", "checkins.read", f"{check_in.id}:{BY_QUESTION}", ButtonStyle.PRIMARY)
    calls = Button("Calls", "checkins.calls", check_in.id)
    if check_in.closed_at is not None:
        return (read, calls, Button("Open it again", "checkins.reopen", check_in.id))
    nudge = (Button("Remind those missing", "checkins.remind", check_in.id),) if standing.missing else ()
    change = Button("Change title or date", "checkins.change", check_in.id, opens=forms.CHANGE)
    return (read, *nudge, calls, change, Button("Close it", "checkins.close", check_in.id))


async def build_nothing_sent(desk: Desk, intent: Intent) -> Card:
    """The manager has sent no check-in yet."""
    send = Button("Send a check-in", "checkins.send", intent.record, ButtonStyle.PRIMARY, opens=forms.SEND)
    return Card(
        notification="No check-in has been sent",
        elements=(
            text("No check-in has been sent. The framework’s questions are ready, and you can change them first."),
            Buttons((send,)),
        ),
    )


async def build_answers(desk: Desk, intent: Intent) -> Card:
    """Everything that was answered, in one place, by question or by peer."""
    check_in = await desk.uow.checkins.get(CheckInId(intent.record))
    challenge = await desk.uow.challenges.get(check_in.challenge_id)
    team = await desk.uow.members.of_challenge(check_in.challenge_id, with_removed=True)
    replies = await desk.uow.checkins.replies(check_in.id)
    standing = await standing_now(desk, check_in)
    answered = [(member, replies[member.id]) for member in team if has_answered(replies.get(member.id))]
    by = intent.params["by"]
    body = _by_question(check_in, answered) if by == BY_QUESTION else _by_peer(challenge, check_in, answered)
    other = BY_PEER if by == BY_QUESTION else BY_QUESTION
    return Card(
        notification=f"Answers: {standing.in_numbers}",
        elements=(
            heading(f"Answers · {check_in.title}"),
            text(f"{standing.in_numbers}."),
            *_missing(standing),
            *body,
            Buttons((Button(f"By {other}", "checkins.read", f"{check_in.id}:{other}"),)),
        ),
    )


Answered = Sequence[tuple[Member, CheckInReply]]


def _by_question(check_in: CheckIn, answered: Answered) -> list[Element]:
    elements: list[Element] = []
    asked = dict.fromkeys(one for _, reply in answered for one in questions_answered(check_in, reply))
    for question in dict.fromkeys((*check_in.questions, *asked)):
        lines = [
            text(bold(f"{member.name}: "), reply.answers[question.key])
            for member, reply in answered
            if reply.answers.get(question.key)
        ]
        elements += [Divider(), text(bold(question.text)), Bullets(tuple(lines)) if lines else text("No answer yet.")]
    return elements


def _by_peer(challenge: Challenge, check_in: CheckIn, answered: Answered) -> list[Element]:
    elements: list[Element] = []
    for member, reply in answered:
        lines = [
            text(italic(question.text), f"\n{reply.answers[question.key]}")
            for question in questions_answered(check_in, reply)
        ]
        elements += [Divider(), text(bold(named(member)), f" · {_when(challenge, check_in, reply)}")]
        elements += [Bullets(tuple(lines))] if lines else []
    return elements


def _when(challenge: Challenge, check_in: CheckIn, reply: CheckInReply) -> str:
    if reply.answered_at is None:
        return "not answered"
    late = " (late)" if reply.answered_at > check_in.by else ""
    return f"{moment_in_words(reply.answered_at, challenge.tz)}{late}"


async def find_missing(desk: Desk, seat: Seat) -> tuple[str, ...]:
    """For the manager's status card: who has not answered, in numbers."""
    if not seat.is_manager:
        return ()
    check_in = await desk.uow.checkins.newest(seat.challenge.id)
    if check_in is None:
        before = desk.local(seat.challenge).date() < seat.challenge.first_day
        return ("The check-in before the visit: type “checkin send”.",) if before else ()
    standing = await standing_now(desk, check_in)
    if check_in.closed_at is not None or not standing.missing:
        return ()
    by = moment_in_words(check_in.by, seat.challenge.tz)
    return (f"Check-in: {len(standing.missing)} of {len(standing.asked)} have not answered (asked for by {by}).",)
