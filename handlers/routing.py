"""Which handler an incoming thing goes to, in the order that a peer would expect.

A message is, in this order: a reply in the thread of a question of ours, which answers it; entirely a command, a
greeting or nearly a command; and otherwise something heard. What was taken for a command is kept for a day, and its
answer offers to log it as a finding after all.
"""

from collections.abc import Sequence
from typing import assert_never

from handlers.access import ANYONE, TEAM, is_appointed, seats_of
from handlers.chat import (
    AnyIncoming,
    Commanded,
    Deleted,
    Edited,
    Form,
    HomeOpened,
    Joined,
    Left,
    Met,
    Outcome,
    PlaceKind,
    PointedAt,
    Pressed,
    Reacted,
    Said,
    Submitted,
)
from handlers.commands import Asked, Greeted, NearlyAsked, find_command, understand
from handlers.desk import Turn
from handlers.errors import RecordGone, WhichChallenge
from handlers.registry import Command
from handlers.text import clean
from storage.errors import NotStored
from storage.records import Aside, AsideId, Challenge, ChallengeId, Intent, new_id

HOME_TAB = "home.tab"
OPEN_FORM = "form.open"
CHOOSE_CHALLENGE = "challenge.choose"


async def take(turn: Turn) -> Outcome:
    """Hand the incoming thing to what handles it; what it gives back is for the platform to show at once."""
    match turn.incoming:
        case Said() as said:
            return await take_message(turn, said)
        case Commanded() as commanded:
            return await take_command(turn, commanded)
        case Pressed() as pressed:
            return await take_press(turn, pressed)
        case Submitted() as submitted:
            return await take_form(turn, submitted)
        case PointedAt() as pointed:
            return await take_shortcut(turn, pointed)
        case Reacted() as reacted:
            return await take_reaction(turn, reacted)
        case HomeOpened():
            return await show_home_tab(turn)
        case Edited() | Deleted() | Joined() | Met() | Left() as news:
            return await _take_news(turn, news)
        case unknown:
            assert_never(unknown)


async def _take_news(turn: Turn, news: Edited | Deleted | Joined | Met | Left) -> Outcome:
    """What happened to a message, a channel or Baseroom itself, for the capability that follows it."""
    registry = turn.house.registry
    if isinstance(news, Edited | Deleted) and await _changes_a_reply(turn, news):
        return None
    match news:
        case Edited() if registry.edited:
            await registry.edited(turn, news)
        case Deleted() if registry.deleted:
            await registry.deleted(turn, news)
        case Joined() if registry.joined:
            await registry.joined(turn, news)
        case Met() if registry.met:
            await registry.met(turn, news)
        case Left() if registry.left:
            await registry.left(turn, news)
        case _:
            pass
    return None


async def take_message(turn: Turn, said: Said) -> Outcome:
    """A message typed to Baseroom. A form that it asks for is offered as a button: messages cannot open forms."""
    if said.place.thread and await _answers_a_post(turn, said):
        return None
    meaning = understand(turn.house.registry, said.text)
    if not said.addressed and not isinstance(meaning, Asked):
        return None
    if meaning is not None:
        turn.aside = await keep_aside(turn, said.text, said.message)
    match meaning:
        case Asked(command, args):
            outcome = await run_command(turn, command, args)
            if isinstance(outcome, Form):
                await offer_form(turn, outcome)
        case NearlyAsked(command, args):
            await turn.answer("help.near_miss", params={"words": command.words, "args": args})
        case Greeted():
            await turn.answer("help.greeting", params={"appointed": "yes" if is_appointed(turn) else ""})
        case None:
            if turn.house.registry.said:
                await turn.house.registry.said(turn, said)
    return None


async def take_command(turn: Turn, commanded: Commanded) -> Outcome:
    """A slash command. One that is not known is answered with the nearest, and its words are not lost.

    One that is known is no finding: its words are kept for what it opens, and not offered for the wall.
    """
    asked = find_command(turn.house.registry, commanded.text)
    if asked is None and not commanded.text.strip():
        return await run_command(turn, turn.house.registry.commands["help"], "")
    turn.aside = await keep_aside(turn, commanded.text, "")
    if asked is not None:
        turn.offers_aside = False
        return await run_command(turn, asked.command, asked.args)
    nearly = understand(turn.house.registry, commanded.text)
    if isinstance(nearly, NearlyAsked):
        await turn.answer("help.near_miss", params={"words": nearly.command.words, "args": nearly.args})
    else:
        await turn.answer("help.unknown")
    return None


async def run_command(turn: Turn, command: Command, args: str) -> Outcome:
    """Do it; where somebody is on several challenges and it is not known which they mean, ask them."""
    turn.allowed = command.allowed
    try:
        return await command.handler(turn, args)
    except WhichChallenge as which:
        await _ask_which(turn, which.challenges, f"{command.words} {args}")
        return None


async def _ask_which(turn: Turn, challenges: Sequence[Challenge], line: str) -> None:
    """A button for each, which does what was typed for that one. In a channel nobody else reads of them."""
    kept = await _keep(turn, line, turn.said_message)
    params = {"challenges": " ".join(challenge.id for challenge in challenges), "line": kept}
    await turn.answer("help.which", params=params, to=turn.in_private if turn.said_message else turn.here)


async def choose_challenge(turn: Turn, value: str) -> Outcome:
    """One of those buttons: `value` is the challenge, and where the line is kept."""
    challenge_id, _, aside_id = value.partition(" ")
    asked = await _asked_in(turn, aside_id)
    turn.chosen, turn.aside, turn.offers_aside = ChallengeId(challenge_id), AsideId(aside_id), False
    return await run_command(turn, asked.command, asked.args)


async def take_press(turn: Turn, pressed: Pressed) -> Outcome:
    """A button. One that is no longer offered is from an old card."""
    entry = turn.house.registry.buttons.get(pressed.action)
    if entry is None:
        raise RecordGone
    turn.allowed = entry.allowed
    return await entry.handler(turn, pressed.value)


async def take_form(turn: Turn, submitted: Submitted) -> Outcome:
    entry = turn.house.registry.forms.get(submitted.form)
    if entry is None:
        raise RecordGone
    turn.allowed = entry.allowed
    return await entry.handler(turn, submitted)


async def take_shortcut(turn: Turn, pointed: PointedAt) -> Outcome:
    entry = turn.house.registry.shortcuts.get(pointed.shortcut)
    if entry is None:
        raise RecordGone
    turn.allowed = entry.allowed
    return await entry.handler(turn, pointed.quoted)


async def take_reaction(turn: Turn, reacted: Reacted) -> Outcome:
    """Most reactions mean nothing to Baseroom and are passed over."""
    entry = turn.house.registry.reactions.get(reacted.emoji)
    if entry is None:
        return None
    turn.allowed = entry.allowed
    return await entry.handler(turn, reacted.quoted)


async def show_home_tab(turn: Turn) -> Outcome:
    """`appointed` is known only now: an e-mail address is not kept."""
    params = {"appointed": "yes"} if is_appointed(turn) else {}
    await turn.post(Intent(kind=HOME_TAB, to=turn.in_private, slot="home", params=params))
    return None


async def keep_aside(turn: Turn, words: str, message: str) -> AsideId | None:
    """Keep words that were not taken as a finding, if their author is on a challenge; returns where."""
    if not words.strip() or not await seats_of(turn):
        return None
    return await _keep(turn, words, message)


async def _keep(turn: Turn, words: str, message: str) -> AsideId:
    aside = Aside(
        AsideId(new_id()), turn.account.id, turn.place.platform, turn.place.workspace, turn.place.id, message,
        clean(words), turn.now,
    )  # fmt: skip
    await turn.uow.asides.add(aside)
    return aside.id


async def offer_form(turn: Turn, form: Form) -> None:
    """Say that a form is needed, with a button that opens it (the button repeats what was typed).

    The words are kept even of somebody on no challenge: a manager's first line sets one up.
    """
    kept, turn.aside = turn.aside or await _keep(turn, _typed(turn), turn.said_message), None
    params = {"title": form.title, "opens": form.name, "aside_form": kept}
    await turn.answer("help.form_offer", params=params)


async def open_form(turn: Turn, aside_id: str) -> Outcome:
    """The button of `offer_form`: do again what was typed, now that a form can open."""
    asked = await _asked_in(turn, aside_id)
    return await run_command(turn, asked.command, asked.args)


async def _asked_in(turn: Turn, aside_id: str) -> Asked:
    """The command in a line of the person's own that was kept. Raises `RecordGone`."""
    try:
        aside = await turn.uow.asides.get(AsideId(aside_id))
    except NotStored as exc:
        raise RecordGone from exc
    asked = find_command(turn.house.registry, aside.text.strip().lstrip("/"))
    if asked is None or aside.account_id != turn.account.id:
        raise RecordGone
    return asked


async def offer_again(turn: Turn) -> None:
    """The platform would not open the form any more (its trigger had expired): offer a button that opens it."""
    match turn.incoming:
        case Commanded(text=words):
            kept = await _keep(turn, words, "")
            await turn.answer("help.form_offer", params={"title": "Open the form", "opens": "", "aside_form": kept})
        case Pressed(action=action, value=value):
            await turn.answer("help.button_again", params={"action": action, "value": value})
        case _:
            await turn.say("That form could not be opened. Please try again.")


async def refuse(turn: Turn, sentence: str) -> None:
    """Answer with a refusal; what was typed is given back with an offer to log it."""
    words = _typed(turn)
    if words and turn.aside is None:
        turn.aside = await keep_aside(turn, words, turn.said_message)
    turn.allowed = TEAM
    await turn.say(sentence)


async def admit_fault(turn: Turn, reference: str) -> None:
    """Something failed in Baseroom: say so, and that nothing typed is lost. News that nobody sent needs no answer."""
    turn.allowed = ANYONE
    if not turn.incoming.person.id or isinstance(turn.incoming, Joined):
        return
    kept = _kept(turn.incoming)
    if kept:
        await turn.say(f"Something went wrong here (reference {reference}). {kept}, and I will keep trying.")
    else:
        turn.aside = await keep_aside(turn, _typed(turn), "")
        await turn.say(f"Something went wrong here (reference {reference}), and nothing was changed. Please try again.")


def _kept(incoming: AnyIncoming) -> str:
    """What is kept and tried again after a fault; empty for what its author must do again."""
    match incoming:
        case Said():
            return "Your message is kept"
        case Edited():
            return "Your edit is kept"
        case Deleted():
            return "That you deleted your message is kept"
        case Reacted():
            return "Your reaction is kept"
        case _:
            return ""


def fault_in_a_form(reference: str) -> str:
    return f"Something went wrong here (reference {reference}). Nothing was saved: what you typed is still in the form."


def _typed(turn: Turn) -> str:
    return turn.incoming.text if isinstance(turn.incoming, Said | Commanded) else ""


async def _answers_a_post(turn: Turn, said: Said) -> bool:
    """Whether the message stands under one of our questions; if so its handler has taken it."""
    place = said.place
    post = await turn.uow.posts.find(place.platform, place.workspace, place.id, place.thread)
    handler = turn.house.registry.replies.get(post.kind) if post else None
    if post is None or handler is None:
        return False
    await handler(turn, post, said)
    return True


async def _changes_a_reply(turn: Turn, news: Edited | Deleted) -> bool:
    """Whether the changed message had answered one of our questions; if so its handler has taken the news."""
    place = news.place
    if not news.person.id:
        return False
    if not place.thread:
        return place.kind is PlaceKind.DM and await _changes_a_reply_unquoted(turn, news)
    post = await turn.uow.posts.find(place.platform, place.workspace, place.id, place.thread)
    handler = turn.house.registry.replies_changed.get(post.kind) if post else None
    if post is None or handler is None or await _is_a_finding(turn, news):
        return False
    await handler(turn, post)
    return True


async def _changes_a_reply_unquoted(turn: Turn, news: Edited | Deleted) -> bool:
    """The same in a chat without threads: a deletion there does not say what the message had quoted."""
    if await _is_a_finding(turn, news):
        return False
    for takes in turn.house.registry.unquoted:
        if await takes(turn, news):
            return True
    return False


async def _is_a_finding(turn: Turn, news: Edited | Deleted) -> bool:
    place = news.place
    return await turn.uow.messages.find(place.platform, place.workspace, place.id, news.message) is not None
