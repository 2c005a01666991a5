"""Showing somebody their home page, and what its buttons lead to."""

from handlers.access import access_challenge, is_appointed
from handlers.chat import Outcome, PlaceKind
from handlers.desk import Turn
from handlers.routing import run_command
from handlers.wording import private_talk
from storage.records import ChallengeId


async def show_home(turn: Turn, _args: str) -> None:
    """It holds words of findings, so it goes to the person's own direct message, wherever they asked."""
    params = {"appointed": "yes"} if is_appointed(turn) else {}
    await turn.answer("home", params=params, to=turn.in_private)
    if turn.place.kind is not PlaceKind.DM:
        await turn.say(f"Your home page is in your {private_talk(turn.place.platform)}.")


async def show_findings(turn: Turn, value: str) -> None:
    """All my findings, of the challenge under whose heading the button stands."""
    seat = await access_challenge(turn, ChallengeId(value))
    await turn.answer("findings.list", challenge=seat.challenge, record=seat.member.id, to=turn.in_private)


async def show_summary(turn: Turn, _value: str) -> Outcome:
    """As if they had typed "summary"."""
    return await run_command(turn, turn.house.registry.commands["summary"], "")
