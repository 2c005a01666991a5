"""Answering a call for help, for the roles that the person has, and running what they meant to type."""

from handlers.access import access_seat, is_appointed, seats_of
from handlers.chat import Met, Outcome, PlaceKind
from handlers.commands import NearlyAsked, understand
from handlers.dates import part_of_visit
from handlers.desk import Turn
from handlers.errors import RecordGone
from handlers.help.rules import topic_named
from handlers.routing import run_command
from storage.errors import NotStored
from storage.records import Address, AsideId, Intent, Role


async def show_help(turn: Turn, args: str) -> None:
    topic = topic_named(args)
    if topic:
        await show_topic(turn, topic.key)
    else:
        await turn.answer("help.overview", params=await _asker(turn))


async def show_topic(turn: Turn, key: str) -> None:
    """One topic in full: the help button of it, or "help themes"."""
    await turn.answer("help.topic", params={"topic": key, **await _asker(turn)})


async def say_hello(turn: Turn, met: Met) -> None:
    """Somebody has just put Baseroom where they want it: what to do first."""
    if met.place.kind is PlaceKind.CHANNEL:
        here = Address(met.place.platform, met.place.workspace, conversation=met.place.id)
        await turn.post(Intent("help.hello_channel", here))
    else:
        await turn.answer("help.hello", params=await _asker(turn), to=turn.in_private)


async def _asker(turn: Turn) -> dict[str, str]:
    """Who asks, as what, and where the likeliest visit of theirs has got to."""
    seats = await seats_of(turn)
    roles = {seat.member.role for seat in seats}
    appointed = {Role.APPOINTED} if is_appointed(turn) else set()
    asker = {"roles": " ".join(sorted(roles | appointed or {Role.STRANGER}))}
    if seats:
        challenge = seats[0].challenge
        asker["part"] = part_of_visit(challenge, turn.local(challenge).date())
    return asker


async def show_privacy(turn: Turn, _args: str) -> None:
    await turn.answer("help.privacy")


async def show_undo(turn: Turn, _args: str) -> None:
    """How to take something back, with a button for the newest finding of whoever asks."""
    seat = await access_seat(turn)
    to = turn.in_private if turn.said_message else turn.here
    await turn.answer("help.undo", challenge=seat.challenge, record=seat.member.id, to=to)


async def run_what_was_meant(turn: Turn, aside_id: str) -> Outcome:
    """The button of "Did you mean …?": do what was nearly typed. Only for whoever typed it."""
    try:
        aside = await turn.uow.asides.get(AsideId(aside_id))
    except NotStored as exc:
        raise RecordGone from exc
    nearly = understand(turn.house.registry, aside.text)
    if aside.account_id != turn.account.id or not isinstance(nearly, NearlyAsked):
        raise RecordGone
    return await run_command(turn, nearly.command, nearly.args)
