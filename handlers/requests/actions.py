"""Asking for a name in private, searching, and doing what the manager decides, page by page."""

from dataclasses import dataclass

from handlers.access import Seat, access_challenge, access_meant_seat
from handlers.chat import Form, FormErrors, Outcome, PlaceKind, Submitted
from handlers.desk import Turn
from handlers.requests import cards
from handlers.requests.erasing import carry_out
from handlers.requests.rules import (
    AT_ONCE,
    LONGEST_NAME,
    Decision,
    Held,
    HeldBack,
    Right,
    Wanted,
    found_in,
    read_name,
)
from handlers.requests.searching import everything_held
from handlers.text import clean
from storage.records import Challenge, ChallengeId, Intent

NO_NAME = "Type the name as people say it: at least one word of two letters."


async def start(turn: Turn, args: str) -> Outcome:
    """The form; where others read along, a button for it in the manager's own direct messages."""
    seat = await access_meant_seat(turn, even_over=True)
    if turn.place.kind is not PlaceKind.DM:
        await turn.answer_in_private(seat.challenge, Intent(cards.OFFER, turn.in_private, record=seat.challenge.id))
        return None
    return cards.ask_form(seat.challenge, " ".join(clean(args).split())[:LONGEST_NAME])


async def press_open(turn: Turn, challenge_id: str) -> Form:
    return cards.ask_form((await _seat(turn, challenge_id)).challenge)


async def take_name(turn: Turn, submitted: Submitted) -> Outcome:
    """Search. For an erasure the manager then decides; otherwise they are told where, and how it is mended."""
    asked = _read(submitted)
    seat = await _seat(turn, submitted.carried.get("challenge", ""))
    if not asked.wanted or len(asked.name) > LONGEST_NAME or len(asked.also) > LONGEST_NAME:
        return FormErrors({"name": NO_NAME})
    if asked.right is Right.ERASURE:
        await _check_not_held(turn, seat.challenge)
    found = found_in(await everything_held(turn, seat.challenge), asked.wanted)
    turn.audit(seat.challenge.id, f"request.{asked.right}", found=len(found))
    if asked.right is Right.ERASURE and _open_to_decision(found):
        return _page(seat.challenge, asked, found)
    await _answer(turn, seat.challenge, found)
    return None


async def take_decisions(turn: Turn, submitted: Submitted) -> Outcome:
    """1 do what was decided; 2 show the next items; 3 when there are none left, say what was done."""
    asked = _read(submitted)
    challenge = (await _seat(turn, submitted.carried.get("challenge", ""))).challenge
    await _check_not_held(turn, challenge)
    decided = {
        held: Decision(str(submitted.values[held.key]))
        for held in found_in(await everything_held(turn, challenge), asked.wanted)
        if submitted.values.get(held.key) in held.kind.decisions
    }
    for held, decision in decided.items():
        await carry_out(turn, held, decision, asked.wanted)
    counts = [sum(made is decision for made in decided.values()) for decision in Decision]
    left, replaced, withdrawn = (before + now for before, now in zip(asked.counts, counts, strict=True))
    if any(counts[1:]):
        turn.audit(challenge.id, "request.erased", replaced=counts[1], withdrawn=counts[2])
        await turn.tell_wall_watchers(challenge)
    found = found_in(await everything_held(turn, challenge), asked.wanted)
    asked = Asked(asked.name, asked.also, asked.right, (left, replaced, withdrawn))
    if decided and len(_open_to_decision(found)) > left:
        return _page(challenge, asked, found)
    done = f"Replaced in {replaced}, withdrawn {withdrawn}, left as they are {left}."
    await _answer(turn, challenge, found, done=done)
    return None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed and chosen so far. `counts` are the items left, replaced and withdrawn on earlier pages."""

    name: str
    also: str
    right: Right
    counts: tuple[int, int, int] = (0, 0, 0)

    @property
    def wanted(self) -> Wanted:
        return read_name(self.name, self.also)


def _read(submitted: Submitted) -> Asked:
    told = {**submitted.carried, **submitted.values}
    right = str(told.get("right", ""))
    before = str(told.get("counts", "")).split()
    counts = [int(count) for count in before if count.isascii() and count.isdecimal()][:3]
    return Asked(
        clean(str(told.get("name", ""))).strip(),
        clean(str(told.get("also", ""))).strip(),
        Right(right) if right in set(Right) else Right.ACCESS,
        (*counts, 0, 0, 0)[:3],  # type: ignore[arg-type]  # three of them
    )


def _page(challenge: Challenge, asked: Asked, found: list[Held]) -> Form:
    """The next items: those that were left on earlier pages still mention the name, and come first."""
    rest = _open_to_decision(found)[asked.counts[0] :]
    carried = {
        "challenge": challenge.id, "name": asked.name, "also": asked.also, "right": asked.right,
        "counts": " ".join(map(str, asked.counts)),
    }  # fmt: skip
    return cards.erase_form(rest[:AT_ONCE], asked.wanted, carried=carried, left=len(rest))


def _open_to_decision(found: list[Held]) -> list[Held]:
    return [held for held in found if held.kind.decisions]


async def _answer(turn: Turn, challenge: Challenge, found: list[Held], *, done: str = "") -> None:
    params = {"found": " ".join(held.key for held in found), "done": done}
    await turn.answer_in_private(challenge, Intent(cards.FOUND, turn.in_private, record=challenge.id, params=params))


async def _seat(turn: Turn, challenge_id: str) -> Seat:
    return await access_challenge(turn, ChallengeId(challenge_id), even_over=True)


async def _check_not_held(turn: Turn, challenge: Challenge) -> None:
    if await turn.uow.keeping.hold_on(challenge.id):
        raise HeldBack
