"""A peer links two accounts of theirs: "link" where they are known gives a code, "link BCDF-GHJK" elsewhere uses it."""

import secrets

from handlers.access import seats_of
from handlers.desk import Turn
from handlers.errors import RecordGone, Refusal
from handlers.linking.joining import NOWHERE, all_seats, check_joinable, join_people, tell_account
from handlers.linking.rules import (
    CODE_LENGTH,
    LETTERS,
    LIFE,
    MOST_WRONG_TRIES,
    TRIES_COUNT_FOR,
    NotACode,
    NothingToLink,
    OwnCode,
    TooManyTries,
    gives_away,
    read_code,
)
from handlers.team.turns import privately
from storage.records import Intent, LinkCode

USED = "That code is used, or older than ten minutes. Nothing was linked: ask for a new one."


async def ask_or_use(turn: Turn, args: str) -> None:
    """Nothing after the word asks for a code, a code uses it."""
    if not args.strip():
        await _give_code(turn)
        return
    code = read_code(args)
    if code is None:
        raise NotACode
    await _forget_words(turn)
    try:
        await _use(turn, code)
    except Refusal as refusal:  # said here: refused by dispatch, the code would be kept and offered for the wall
        await turn.say(str(refusal))


async def _forget_words(turn: Turn) -> None:
    """A code is no finding: it is neither kept nor offered for the wall."""
    if turn.aside:
        await turn.uow.asides.settle(turn.aside, turn.now)
        turn.aside = None


async def _give_code(turn: Turn) -> None:
    """A new code, in the person's own direct messages. Only who is on a team has something to link."""
    seats = await seats_of(turn)
    if not seats:
        raise NothingToLink
    await turn.uow.links.forget_before(codes=turn.now - LIFE, tries=turn.now - TRIES_COUNT_FOR)
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    await turn.uow.links.make(turn.account.person_id, code, turn.now)
    turn.audit(seats[0].challenge.id, "link_code.given", about=seats[0].member.id)
    turn.aside = None
    await turn.answer_in_private(seats[0].challenge, Intent("linking.code", NOWHERE, params={"code": code}))


async def _use(turn: Turn, code: str) -> None:
    """1 not after five wrong ones; 2 find whose it is; 3 ask first if it opens this person's own rooms; 4 link."""
    person_id, since = turn.account.person_id, turn.now - TRIES_COUNT_FOR
    if await turn.uow.links.wrong_tries(person_id, since) >= MOST_WRONG_TRIES:
        raise TooManyTries
    found = await turn.uow.links.find(code, turn.now - LIFE)
    if found is None:
        await turn.uow.links.note_wrong_try(person_id, turn.now)  # kept: a refusal would roll it back
        await turn.say("That code is wrong, or older than ten minutes, or used. Type “link” where you are known again.")
        return
    if found.person_id == person_id:
        raise OwnCode
    await check_joinable(turn, found.person_id, person_id)
    if gives_away(await all_seats(turn, person_id), await all_seats(turn, found.person_id)):
        await turn.answer("linking.sure", record=found.id, to=privately(turn))
        return
    await _link(turn, found)


async def press_yes(turn: Turn, code_id: str) -> None:
    """ "Yes, both are mine", by whoever typed the code."""
    found = await turn.uow.links.get(code_id, turn.now - LIFE)
    if found is None or found.person_id == turn.account.person_id:
        raise RecordGone(USED)
    await _link(turn, found)


async def _link(turn: Turn, code: LinkCode) -> None:
    if not await turn.uow.links.use(code.id):
        raise RecordGone(USED)
    await join_people(turn, code.person_id, turn.account.person_id)
    await turn.answer("linking.linked", to=privately(turn))
    for account in await turn.uow.accounts.of_person(code.person_id):
        if account.id != turn.account.id:
            await tell_account(turn, account, Intent("linking.linked", NOWHERE))
