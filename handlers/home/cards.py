"""The frame of a home page: a heading for each of the person's challenges, with the parts that their role sees."""

from handlers.access import Seat, seats_of_person
from handlers.chat import Button, Buttons, ButtonStyle, Card, Divider, Element, bold, heading, note, text
from handlers.desk import Desk
from handlers.wording import name_day
from storage.records import Intent

SET_UP = "team.new"  # the team capability's button, and the form it opens


async def build_home(desk: Desk, intent: Intent) -> Card | None:
    """For the Home tab and for the card alike. The person's challenges that are not over, today's visit first."""
    account = await desk.uow.accounts.get(intent.to.account) if intent.to.account else None
    if account is None:
        return None
    seats = await seats_of_person(desk, account.person_id)
    elements: list[Element] = []
    for seat in seats:
        elements += [Divider()] if elements else []
        elements += await _challenge(desk, seat)
    if not seats:
        elements += _nothing_yet(appointed="appointed" in intent.params)
    elements.append(note("Type help for what you can say."))
    return Card(notification="Your home page", elements=tuple(elements))


async def _challenge(desk: Desk, seat: Seat) -> list[Element]:
    today = name_day(seat.challenge, desk.local(seat.challenge).date())
    elements: list[Element] = [
        heading(seat.challenge.host),
        text(f"{today}. Your initials are {seat.member.initials}."),
    ]
    for part in desk.house.registry.home:
        if seat.member.role in part.allowed:
            elements += await part.build(desk, seat)
    return elements


def _nothing_yet(*, appointed: bool) -> tuple[Element, ...]:
    """What Baseroom is, and whom to ask, for somebody on no challenge."""
    what = text(
        bold("Baseroom is a peer challenge team’s base room."),
        " Peers type what they hear; it is on the wall, under its theme, before the next interview.",
    )
    if appointed:
        set_up = Button("Set up a challenge", SET_UP, style=ButtonStyle.PRIMARY, opens=SET_UP)
        return (what, text("You are on no challenge yet. You can set one up:"), Buttons((set_up,)))
    return (what, text("You are on no challenge yet. Ask your challenge manager to add you."))
