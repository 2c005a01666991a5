"""What a peer sees of a check-in: what they are asked, how their answer stands, and how plain words were taken.

Answers stand on cards for one pair of eyes only, and never in a notification.
"""

from handlers.access import Seat
from handlers.chat import Bullets, Button, Buttons, ButtonStyle, Card, Element, bold, heading, note, text
from handlers.checkins import forms
from handlers.checkins.posts import ids_in, record_of
from handlers.checkins.rules import has_answered, is_asked, still_needed
from handlers.dates import moment_in_words
from handlers.desk import Desk
from storage.records import Challenge, CheckIn, CheckInReply, Intent, Member

OTHER_DATE = "The check-in has another date"


async def build_prompt(desk: Desk, intent: Intent) -> Card | None:
    """The questions with the ways to answer them, or how the answer stands. None when nothing is asked any more."""
    share = await share_of(desk, intent)
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
    share = await share_of(desk, intent)
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


async def share_of(desk: Desk, intent: Intent) -> tuple[Challenge, CheckIn, Member, CheckInReply] | None:
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
    share = await share_of(desk, intent)
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
