"""The posts of a check-in, each with its slot: a card changes where it stands instead of filling the chat."""

from dataclasses import replace

from handlers.desk import Desk
from storage.records import Address, Challenge, CheckIn, CheckInId, Intent, Member, MemberId

PROMPT = "checkins.prompt"  # what a peer is asked, and how their answer stands
ASKED_AGAIN = "checkins.asked_again"  # what becomes of a prompt when there is a later one
STATUS = "checkins.status"
CALL = "checkins.call"  # a time for the call, as the peer sees it
CALL_TODAY = "checkins.call_today"
CALLS = "checkins.calls"
CALLS_TODAY = "checkins.calls_today"
CALL_NEWS = "checkins.call_news"
ANSWERS = "checkins.answers"
KEPT = "checkins.kept"
TO_BE_FOUND = Address("", "")  # the desk fills it in


def record_of(check_in: CheckIn, member_id: MemberId) -> str:
    """One person's share of a check-in, as posts and buttons name it."""
    return f"{check_in.id}:{member_id}"


def ids_in(record: str) -> tuple[CheckInId, MemberId]:
    check_in_id, _, member_id = record.partition(":")
    return CheckInId(check_in_id), MemberId(member_id)


def prompt(check_in: CheckIn, member_id: MemberId) -> Intent:
    record = record_of(check_in, member_id)
    return Intent(PROMPT, TO_BE_FOUND, record, slot=f"checkin:{record}")


async def remind(desk: Desk, challenge: Challenge, check_in: CheckIn, member: Member) -> None:
    """The prompt again, as a new message. The one before it lets go of its buttons, so that only one asks."""
    await _ask_again(desk, challenge, check_in, member, "reminder")


async def tell_moved(desk: Desk, challenge: Challenge, check_in: CheckIn, member: Member) -> None:
    """The prompt again: there is another date by which to answer."""
    await _ask_again(desk, challenge, check_in, member, "moved")


async def _ask_again(desk: Desk, challenge: Challenge, check_in: CheckIn, member: Member, why: str) -> None:
    again = replace(prompt(check_in, member.id), params={why: "yes"})
    await desk.tell_again(challenge, member.person_id, again, then=Intent(ASKED_AGAIN, TO_BE_FOUND, again.record))


def status(check_in: CheckIn) -> Intent:
    return Intent(STATUS, TO_BE_FOUND, check_in.id, slot=f"checkin_status:{check_in.id}")


def calls(check_in: CheckIn) -> Intent:
    return Intent(CALLS, TO_BE_FOUND, check_in.id, slot=f"calls:{check_in.id}")


def call(check_in: CheckIn, member_id: MemberId) -> Intent:
    record = record_of(check_in, member_id)
    return Intent(CALL, TO_BE_FOUND, record, slot=f"call:{record}")


async def redraw_for_managers(desk: Desk, challenge: Challenge, *intents: Intent) -> None:
    """What the managers have open shows how it now stands; nobody is disturbed."""
    for manager in await desk.managers_of(challenge):
        for intent in intents:
            await desk.redraw(challenge, manager.person_id, intent)


async def tell_managers_politely(desk: Desk, challenge: Challenge, intent: Intent) -> None:
    """News that can wait for the morning."""
    for manager in await desk.managers_of(challenge):
        await desk.tell(challenge, manager.person_id, intent)
