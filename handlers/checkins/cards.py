"""What people see of a check-in: what a peer is asked, how their answer stands, who is missing, the answers, the calls.

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
    note,
    text,
)
from handlers.checkins import forms
from handlers.checkins.posts import ids_in, record_of
from handlers.checkins.rules import (
    Standing,
    call_key,
    has_answered,
    is_asked,
    questions_answered,
    standing_of,
    still_needed,
    times_offered,
)
from handlers.dates import moment_in_words
from handlers.desk import Desk
from storage.records import Challenge, CheckIn, CheckInId, CheckInReply, Intent, Member

BY_QUESTION, BY_PEER = "question", "peer"

# ---------------------------------------------------------------- what a peer sees

OTHER_DATE = "The check-in has another date"


async def build_prompt(desk: Desk, intent: Intent) -> Card | None:
    """The questions with the ways to answer them, or how the answer stands. None when nothing is asked any more."""
    share = await _share(desk, intent)
    if share is None:
        return None
    challenge, check_in, member, reply = share
    is_moved = intent.params.get("moved") == "yes"
    is_another = is_moved or intent.params.get("reminder") == "yes"
    if is_another and (check_in.closed_at is not None or has_answered(reply)):
        return None
    again = OTHER_DATE if is_moved else "A reminder of the check-in"
    return Card(
        notification=again if is_another else "Check-in before the visit",
        elements=(
            heading(check_in.title),
            note(challenge.host),
            *((text(f"{OTHER_DATE}."),) if is_moved else ()),
            *_asked_or_answered(desk, challenge, check_in, reply),
            *_prompt_buttons(check_in, member, reply),
        ),
    )


async def build_asked_again(desk: Desk, intent: Intent) -> Card | None:
    """An earlier prompt, once there is a later one: how the answer stands, or that it is asked for further down. None
    in another account than the one it stands in: a platform that refuses an edit sends it on."""
    share = await _share(desk, intent)
    if share is None or intent.params["stands_with"] != intent.to.account:
        return None
    challenge, check_in, _, reply = share
    is_open = check_in.closed_at is None and not has_answered(reply)
    elements = (
        (text("Not answered yet. I have asked again in a later message: answer there."),)
        if is_open
        else _asked_or_answered(desk, challenge, check_in, reply)
    )
    return Card("Check-in before the visit", (heading(check_in.title), note(challenge.host), *elements))


async def _share(desk: Desk, intent: Intent) -> tuple[Challenge, CheckIn, Member, CheckInReply] | None:
    """What an intent about one person's share is about, unless they are not asked any more."""
    check_in_id, member_id = ids_in(intent.record)
    check_in = await desk.uow.checkins.get(check_in_id)
    challenge = await desk.uow.challenges.get(check_in.challenge_id)
    member = await desk.uow.members.get(member_id)
    if not is_asked(member) or challenge.ended_at is not None:
        return None
    return challenge, check_in, member, await desk.uow.checkins.reply_of(check_in, member_id)


def _asked_or_answered(desk: Desk, challenge: Challenge, check_in: CheckIn, reply: CheckInReply) -> tuple[Element, ...]:
    private = note("Only the challenge manager reads your answers. You can change them until the check-in closes.")
    if check_in.closed_at is not None:
        closed = moment_in_words(check_in.closed_at, challenge.tz)
        return (text(f"This check-in closed on {closed}. {_how_many(check_in, reply)}"),)
    if reply.answered_at is not None:
        said = f"You answered on {moment_in_words(reply.answered_at, challenge.tz)}. {_how_many(check_in, reply)}"
        return (text(said), *_needed(check_in, reply), private)
    by = moment_in_words(check_in.by, challenge.tz)
    begun = f" {_how_many(check_in, reply)}" if reply.answers else ""
    return (
        text("Please answer by ", bold(by), f".{begun}"),
        Bullets(tuple(text(question.text) for question in check_in.questions)),
        *_reminder_note(desk, challenge, reply),
        text("Fill in the form, or reply to this message in your own words."),
        private,
    )


def _how_many(check_in: CheckIn, reply: CheckInReply) -> str:
    answered = sum(1 for question in check_in.questions if reply.answers.get(question.key))
    return f"{answered} of {len(check_in.questions)} questions answered."


def _needed(check_in: CheckIn, reply: CheckInReply) -> tuple[Element, ...]:
    needed = still_needed(check_in, reply)
    if not needed:
        return ()
    return (text("Still open:"), Bullets(tuple(text(question.text) for question in needed)))


def _reminder_note(desk: Desk, challenge: Challenge, reply: CheckInReply) -> tuple[Element, ...]:
    if reply.remind_at is None or reply.remind_at <= desk.now:
        return ()
    return (note(f"I will remind you on {moment_in_words(reply.remind_at, challenge.tz)}."),)


def _prompt_buttons(check_in: CheckIn, member: Member, reply: CheckInReply) -> tuple[Element, ...]:
    if check_in.closed_at is not None:
        return ()
    record = record_of(check_in, member.id)
    if has_answered(reply):
        return (Buttons((Button("Change", "checkins.answer", record, opens=forms.ANSWER),)),)
    return (Buttons((_answer_button(record), Button("Remind me tomorrow", "checkins.tomorrow", record))),)


def _answer_button(record: str) -> Button:
    return Button("Answer", "checkins.answer", record, ButtonStyle.PRIMARY, opens=forms.ANSWER)


async def build_kept(desk: Desk, intent: Intent) -> Card | None:
    """Plain words were taken as an answer: where they stand, and that the rest is still open."""
    share = await _share(desk, intent)
    if share is None:
        return None
    _, check_in, _, reply = share
    open_form = Buttons((Button("Open the form", "checkins.answer", intent.record, opens=forms.ANSWER),))
    outcome = intent.params.get("outcome", "")
    if outcome == "unchanged":
        said = "Your check-in answer was changed since, and stays as it is: open the form to change it."
        return Card(notification="Your answer is unchanged", elements=(text(said), open_form))
    notification, said = _KEPT.get(outcome, ("Your answer is kept", "Kept as your answer to the check-in."))
    return Card(
        notification=notification,
        elements=(text(f"{said} {_how_many(check_in, reply)}"), *_needed(check_in, reply), open_form),
    )


_KEPT = {
    "edited": ("Your answer has changed", "Your answer to the check-in now says what your message says."),
    "taken back": ("Your answer is taken back", "What you deleted is taken out of your answer to the check-in."),
}


async def build_call(desk: Desk, intent: Intent) -> Card | None:
    """A time for the call, to say yes to or to change."""
    share = await _share(desk, intent)
    if share is None:
        return None
    challenge, _, _, reply = share
    again = Button("Suggest another time", "checkins.suggest", intent.record, opens=forms.SUGGEST)
    if reply.call_at is None:
        said = "You suggested another time for your call. The challenge manager will answer."
        return Card(notification="Your call before the visit", elements=(text(said),))
    at = moment_in_words(reply.call_at, challenge.tz)
    if reply.call_agreed_at is not None:
        agreed = text("Your call with the challenge manager is agreed: ", bold(at), ".")
        return Card(notification="A call is agreed", elements=(agreed, Buttons((again,))))
    value = f"{intent.record}|{reply.call_at.isoformat()}"
    return Card(
        notification="A time for your call",
        elements=(
            text("The challenge manager would like to call you before the visit: ", bold(at), "."),
            Buttons((Button("That suits me", "checkins.accept", value, ButtonStyle.PRIMARY), again)),
        ),
    )


async def build_call_today(desk: Desk, intent: Intent) -> Card | None:
    """The morning of the call. None when it has been moved since."""
    share = await _share(desk, intent)
    if share is None:
        return None
    challenge, _, _, reply = share
    if reply.call_agreed_at is None or reply.call_at is None or reply.call_at <= desk.now:
        return None
    if reply.call_at.astimezone(challenge.tz).date() != desk.local(challenge).date():
        return None
    at = f"{reply.call_at.astimezone(challenge.tz):%H:%M}"
    return Card(
        notification=f"Your call is today at {at}",
        elements=(text("The challenge manager calls you today at ", bold(at), "."),),
    )


# ---------------------------------------------------------------- what the manager sees


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
    return (text("Missing: ", ", ".join(map(_named, standing.missing)), "."),)


def _named(member: Member) -> str:
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
            text("No check-in has been sent. The framework's questions are ready, and you can change them first."),
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
        elements += [Divider(), text(bold(_named(member)), f" · {_when(challenge, check_in, reply)}")]
        elements += [Bullets(tuple(lines))] if lines else []
    return elements


def _when(challenge: Challenge, check_in: CheckIn, reply: CheckInReply) -> str:
    if reply.answered_at is None:
        return "not answered"
    late = " (late)" if reply.answered_at > check_in.by else ""
    return f"{moment_in_words(reply.answered_at, challenge.tz)}{late}"


async def build_calls(desk: Desk, intent: Intent) -> Card:
    """Each peer's call: agreed, offered, or when they are free, with what can be done about it."""
    check_in = await desk.uow.checkins.get(CheckInId(intent.record))
    challenge = await desk.uow.challenges.get(check_in.challenge_id)
    standing = await standing_now(desk, check_in)
    replies = await desk.uow.checkins.replies(check_in.id)
    elements: list[Element] = []
    for member in standing.asked:
        reply = replies.get(member.id) or CheckInReply(check_in.id, challenge.id, member.id)
        elements += _call_of(desk, challenge, check_in, member, reply)
    agreed = sum(1 for member in standing.asked if (one := replies.get(member.id)) and one.call_agreed_at)
    said = f"{agreed} of {len(standing.asked)} calls agreed"
    return Card(notification=said, elements=(heading(f"Calls · {challenge.host}"), text(f"{said}."), *elements))


def _call_of(
    desk: Desk, challenge: Challenge, check_in: CheckIn, member: Member, reply: CheckInReply
) -> tuple[Element, ...]:
    record = record_of(check_in, member.id)
    another = Button(
        "Another time" if reply.call_at or reply.answers.get(call_key(check_in)) else "Offer a time",
        "checkins.set_call", record, opens=forms.SET_CALL,
    )  # fmt: skip
    if reply.call_at is not None:
        state = "agreed" if reply.call_agreed_at else "offered, not answered yet"
        said = f"{moment_in_words(reply.call_at, challenge.tz)}, {state}."
        return (text(bold(_named(member)), f": {said}"), Buttons((another,)))
    offered = times_offered(check_in, reply, now=desk.now, zone=challenge.tz)
    agree = [
        Button(f"Agree {moment_in_words(at, challenge.tz)}", "checkins.agree", f"{record}|{at.isoformat()}")
        for at in offered[:3]
    ]
    words = reply.answers.get(call_key(check_in), "no time suggested yet")
    return (text(bold(_named(member)), f": {words}"), Buttons((*agree, another)))


async def build_calls_today(desk: Desk, intent: Intent) -> Card | None:
    """The manager's calls of the day, in order. None when they have all been moved."""
    check_in = await desk.uow.checkins.get(CheckInId(intent.record))
    challenge = await desk.uow.challenges.get(check_in.challenge_id)
    standing, today = await standing_now(desk, check_in), desk.local(challenge).date()
    replies = await desk.uow.checkins.replies(check_in.id)
    calls = sorted(
        (reply.call_at.astimezone(challenge.tz), member.name)
        for member in standing.asked
        if (reply := replies.get(member.id)) and reply.call_at and reply.call_agreed_at
    )
    lines = tuple(text(bold(f"{at:%H:%M}"), f" {name}") for at, name in calls if at.date() == today)
    if not lines:
        return None
    many = "1 call" if len(lines) == 1 else f"{len(lines)} calls"
    return Card(notification=f"{many} today", elements=(text(bold(f"You have {many} today:")), Bullets(lines)))


async def build_call_news(desk: Desk, intent: Intent) -> Card | None:
    """The manager hears that a peer agreed to a time or suggests another."""
    share = await _share(desk, intent)
    if share is None:
        return None
    challenge, check_in, member, reply = share
    if reply.call_agreed_at is not None and reply.call_at is not None:
        said = f"agreed to your call: {moment_in_words(reply.call_at, challenge.tz)}."
    else:
        said = f"suggests another time for your call: {reply.answers.get(call_key(check_in), '')}"
    see = Button("See the calls", "checkins.calls", check_in.id)
    return Card(notification="News of a call", elements=(text(bold(_named(member)), f" {said}"), Buttons((see,))))


# ---------------------------------------------------------------- on other people's cards


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


async def build_asked(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    """For a peer's home page: the check-in they have not answered."""
    check_in = await desk.uow.checkins.newest(seat.challenge.id)
    if check_in is None or check_in.closed_at is not None or not is_asked(seat.member):
        return ()
    if has_answered(await desk.uow.checkins.reply_of(check_in, seat.member.id)):
        return ()
    by = moment_in_words(check_in.by, seat.challenge.tz)
    button = _answer_button(record_of(check_in, seat.member.id))
    return (text(f"{check_in.title}: please answer by {by}."), Buttons((button,)))
