"""What people see of the calls before a visit: a time offered to a peer, and the challenge manager's list of them all.

A peer's own words about their time stand on the manager's cards alone, and never in a notification.
"""

from handlers.chat import Bullets, Button, Buttons, ButtonStyle, Card, Element, bold, heading, text
from handlers.checkins import forms
from handlers.checkins.cards import share_of
from handlers.checkins.overview import named, standing_now
from handlers.checkins.posts import record_of
from handlers.checkins.rules import call_key, times_offered
from handlers.dates import moment_in_words
from handlers.desk import Desk
from storage.records import Challenge, CheckIn, CheckInId, CheckInReply, Intent, Member

# ---------------------------------------------------------------- what a peer sees


async def build_call(desk: Desk, intent: Intent) -> Card | None:
    """A time for the call, to say yes to or to change."""
    share = await share_of(desk, intent)
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
    share = await share_of(desk, intent)
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
        return (text(bold(named(member)), f": {said}"), Buttons((another,)))
    offered = times_offered(check_in, reply, now=desk.now, zone=challenge.tz)
    agree = [
        Button(f"Agree {moment_in_words(at, challenge.tz)}", "checkins.agree", f"{record}|{at.isoformat()}")
        for at in offered[:3]
    ]
    words = reply.answers.get(call_key(check_in), "no time suggested yet")
    return (text(bold(named(member)), f": {words}"), Buttons((*agree, another)))


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
    share = await share_of(desk, intent)
    if share is None:
        return None
    challenge, check_in, member, reply = share
    if reply.call_agreed_at is not None and reply.call_at is not None:
        said = f"agreed to your call: {moment_in_words(reply.call_at, challenge.tz)}."
    else:
        said = f"suggests another time for your call: {reply.answers.get(call_key(check_in), '')}"
    see = Button("See the calls", "checkins.calls", check_in.id)
    return Card(notification="News of a call", elements=(text(bold(named(member)), f" {said}"), Buttons((see,))))
