"""The question whether a post appeared: what it was, where it should stand, and the two answers."""

from handlers.access import Seat
from handlers.arrivals.actions import challenge_of, in_words
from handlers.chat import Button, Buttons, ButtonStyle, Card, Element, bold, heading, note, text
from handlers.desk import Desk
from storage.errors import KeyDestroyed, NotStored
from storage.outbox import NOT_KNOWN
from storage.records import Challenge, Intent, OutboxId, OutboxRow, OutboxState

NAMES = {"slack": "Slack", "teams": "Teams", "rehearsal": "the rehearsal room"}


async def build_question(desk: Desk, intent: Intent) -> Card | None:
    row = await desk.uow.outbox.get(OutboxId(intent.record))
    challenge = await challenge_of(desk, row) if row else None
    if row is None or challenge is None:
        return None
    told = await _what_happened(desk, row, challenge)
    if row.state is OutboxState.PARKED and row.why == NOT_KNOWN:
        return Card("Did a post appear?", (heading("Did this appear?"), *told, _answers(row)))
    return Card("Did a post appear?", (heading("Did this appear?"), *told, text(bold(in_words(row)))))


async def build_asked(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    """On the manager's home page: every post that is in doubt."""
    if not seat.is_manager:
        return ()
    parts: list[Element] = []
    for row in await desk.uow.outbox.in_doubt(seat.challenge.id):
        parts += [*await _what_happened(desk, row, seat.challenge), _answers(row)]
    return tuple(parts)


async def _what_happened(desk: Desk, row: OutboxRow, challenge: Challenge) -> tuple[Element, ...]:
    sent_at = row.due_at.astimezone(challenge.tz)
    place = NAMES.get(row.intent.to.platform, row.intent.to.platform)
    whole = f"At {sent_at:%H:%M} I sent {await _what(desk, row)} to {await _whom(desk, row, challenge)} in {place}, "
    return (
        text(whole + "and heard nothing back. I do not send it twice unless you say so."),
        note("Look whether it is there before you answer."),
    )


async def _what(desk: Desk, row: OutboxRow) -> str:
    """By its notification, which holds no words of a finding and no names."""
    try:
        content = await desk.house.registry.posts[row.intent.kind].build(desk, row.intent)
    except (NotStored, KeyDestroyed, KeyError):
        return "a post"
    return f"“{content.notification}”" if content else "a post"


async def _whom(desk: Desk, row: OutboxRow, challenge: Challenge) -> str:
    to = row.intent.to
    account = await desk.uow.accounts.get(to.account) if to.account else None
    if account is None:
        return "the team channel"
    member = await desk.uow.members.find(challenge.id, account.person_id)
    return member.name if member else "somebody"


def _answers(row: OutboxRow) -> Buttons:
    return Buttons(
        (
            Button("It appeared", "arrivals.appeared", row.id, ButtonStyle.PRIMARY),
            Button("Post it again", "arrivals.post_again", row.id),
        )
    )
