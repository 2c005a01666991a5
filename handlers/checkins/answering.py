"""How a peer answers a check-in: in the form, page by page, in a reply in their own words, or tomorrow."""

from dataclasses import replace
from datetime import UTC

from handlers.access import TEAM, Seat, access_challenge, seats_of
from handlers.chat import Button, Deleted, Edited, Form, FormErrors, Outcome, PlaceKind, Said, Submitted
from handlers.checkins import forms, posts
from handlers.checkins.overview import standing_now
from handlers.checkins.rules import (
    CheckInClosed,
    NothingAsked,
    Unclear,
    fits_a_field,
    has_answered,
    is_asked,
    pages_of,
    read_answer,
    tomorrow_at_ten,
    with_answers,
    with_changed_words,
    with_plain_words,
)
from handlers.checkins.schedule import NUDGE, lay_call
from handlers.desk import Desk, Turn
from handlers.errors import NotAllowed, RecordGone
from handlers.pages import page_carried
from storage.errors import NotStored
from storage.records import AsideId, Challenge, CheckIn, CheckInReply, Intent, Member, Post

ANSWER_WITH = "checkins.answer_with"
TOMORROW = ("remind me tomorrow", "tomorrow")


class NotYours(NotAllowed):
    """That check-in was sent to somebody else. Type “checkin” to see your own."""


async def access_share(turn: Turn, record: str) -> tuple[Challenge, CheckIn, Member]:
    """The person's own share of a check-in, as a button or form names it.

    Raises `RecordGone`, `NotYours`, and whatever `access_challenge` raises.
    """
    check_in_id, member_id = posts.ids_in(record)
    try:
        check_in = await turn.uow.checkins.get(check_in_id)
    except NotStored as exc:
        raise RecordGone from exc
    seat = await access_challenge(turn, check_in.challenge_id)
    if seat.member.id != member_id:
        raise NotYours
    return seat.challenge, check_in, seat.member


async def _access_open(turn: Turn, record: str) -> tuple[Challenge, CheckIn, Member]:
    """The same, to be changed. Raises `CheckInClosed` too."""
    challenge, check_in, member = await access_share(turn, record)
    if check_in.closed_at is not None:
        raise CheckInClosed
    return challenge, check_in, member


# ---------------------------------------------------------------- in the form


async def open_form(turn: Turn, record: str) -> Form:
    _, check_in, member = await _access_open(turn, record)
    return forms.answer_form(check_in, await turn.uow.checkins.reply_of(check_in, member.id), record)


async def take_page(turn: Turn, submitted: Submitted) -> Outcome:
    """One page: what it says is kept at once, so that nothing is lost between two pages; the last one answers."""
    record, carried = submitted.carried.get("record", ""), submitted.carried.get("page", "0")
    challenge, check_in, member = await _access_open(turn, record)
    page = page_carried(carried, of=len(pages_of(check_in)))
    reply = await turn.uow.checkins.reply_of(check_in, member.id)
    read = _read_page(turn, challenge, check_in, reply, submitted, page)
    if isinstance(read, FormErrors):
        return read
    is_last = page + 1 >= len(pages_of(check_in))
    answered = turn.now if is_last else reply.answered_at
    changed = replace(with_answers(reply, check_in, read, turn.now), answered_at=answered)
    await _keep(turn, challenge, check_in, member, changed)
    return None if is_last else forms.answer_form(check_in, changed, record, page=page + 1)


def _read_page(
    turn: Turn, challenge: Challenge, check_in: CheckIn, reply: CheckInReply, submitted: Submitted, page: int
) -> dict[str, str] | FormErrors:
    answers, wrong = dict[str, str](), dict[str, str]()
    for question in pages_of(check_in)[page]:
        if not fits_a_field(reply, question):
            continue
        value = submitted.values.get(question.key, "")
        typed = value if isinstance(value, str) else "".join(value[:1])
        try:
            answers[question.key] = read_answer(question, typed, now=turn.now, zone=challenge.tz)
        except Unclear as unclear:
            wrong[question.key] = str(unclear)
    return FormErrors(wrong) if wrong else answers


async def _keep(turn: Turn, challenge: Challenge, check_in: CheckIn, member: Member, reply: CheckInReply) -> None:
    """1 keep the answer; 2 forget a call whose times changed; 3 show the peer; 4 the manager's cards follow."""
    before = await turn.uow.checkins.reply_of(check_in, member.id)
    await turn.uow.checkins.save(reply)
    if before.call_at is not None and reply.call_at is None:
        await lay_call(turn, challenge, member.id, None)
        await posts.tell_managers_politely(turn, challenge, call_news(check_in, member))
        await turn.redraw(challenge, member.person_id, posts.call(check_in, member.id))
    await turn.answer_in_private(challenge, posts.prompt(check_in, member.id))
    was_last = not has_answered(before) and not (await standing_now(turn, check_in)).missing
    if was_last:
        await posts.tell_managers_politely(turn, challenge, replace(posts.status(check_in), anew=True))
    await posts.redraw_for_managers(turn, challenge, posts.status(check_in), posts.calls(check_in))


def call_news(check_in: CheckIn, member: Member) -> Intent:
    record = posts.record_of(check_in, member.id)
    return Intent(posts.CALL_NEWS, posts.TO_BE_FOUND, record, slot=f"call_news:{record}", anew=True)


# ---------------------------------------------------------------- in plain words


async def take_reply(turn: Turn, post: Post, said: Said) -> None:
    """A reply in the thread of the prompt: an answer in plain words, or "remind me tomorrow"."""
    turn.allowed = TEAM
    if " ".join(said.text.casefold().strip(" .!").split()) in TOMORROW:
        await _remind_tomorrow_and_say_so(turn, post.record)
        return
    challenge, check_in, member = await _access_open(turn, post.record)
    await _keep_words(turn, challenge, check_in, member, said.text, message=said.message)


async def follow_change(turn: Turn, post: Post) -> None:
    """A reply that was taken as an answer is edited or deleted: the answer follows, unless it was changed since. One
    that is back after its deletion answers again."""
    news = turn.incoming
    assert isinstance(news, Edited | Deleted)
    await _follow(turn, post.record, news)


async def follow_unquoted(turn: Turn, news: Edited | Deleted) -> bool:
    """The same by the message alone; False when it is in none of the person's answers."""
    for seat in await seats_of(turn):
        for check_in in await turn.uow.checkins.of_challenge(seat.challenge.id):
            if news.message in (await turn.uow.checkins.reply_of(check_in, seat.member.id)).said:
                await _follow(turn, posts.record_of(check_in, seat.member.id), news)
                return True
    return False


async def _follow(turn: Turn, record: str, news: Edited | Deleted) -> None:
    turn.allowed = TEAM
    challenge, check_in, member = await _access_open(turn, record)
    words = news.text if isinstance(news, Edited) else ""
    reply = await turn.uow.checkins.reply_of(check_in, member.id)
    if isinstance(news, Edited) and news.restored and news.message not in reply.said:
        await _keep_words(turn, challenge, check_in, member, words, message=news.message)
        return
    changed = with_changed_words(reply, check_in, news.message, words, turn.now)
    if changed is not None:
        await _keep(turn, challenge, check_in, member, changed)
    outcome = "unchanged" if changed is None else "edited" if words.strip() else "taken back"
    await turn.answer(posts.KEPT, challenge=challenge, record=record, params={"outcome": outcome})


async def answer_with(turn: Turn, aside_id: str) -> None:
    """The button under words that were typed before the visit: they answer the check-in."""
    try:
        aside = await turn.uow.asides.get(AsideId(aside_id))
    except NotStored as exc:
        raise RecordGone("Those words are no longer kept here. Nothing was changed.") from exc
    if aside.account_id != turn.account.id:
        raise RecordGone
    challenge, check_in, member = await _own_open(turn)
    await turn.uow.asides.settle(aside.id, turn.now)
    outcome = {"outcome": "answered"}
    await turn.answer("findings.before_visit", record=aside.id, params=outcome, slot=f"before:{aside.id}")
    await _keep_words(turn, challenge, check_in, member, aside.text)


async def _keep_words(
    turn: Turn, challenge: Challenge, check_in: CheckIn, member: Member, words: str, *, message: str = ""
) -> None:
    if not words.strip():
        raise Unclear("There were no words in that, so nothing was kept.")
    reply = await turn.uow.checkins.reply_of(check_in, member.id)
    changed = with_plain_words(reply, check_in, words, turn.now, message=message)
    await _keep(turn, challenge, check_in, member, changed)
    await turn.answer(posts.KEPT, challenge=challenge, record=posts.record_of(check_in, member.id))


async def offer_to_answer(desk: Desk, seat: Seat, aside_id: AsideId) -> tuple[Button, ...]:
    """Under words typed before the visit: "Answer the check-in with this", while it waits for an answer."""
    check_in = await desk.uow.checkins.newest(seat.challenge.id)
    if check_in is None or check_in.closed_at is not None or not is_asked(seat.member):
        return ()
    if has_answered(await desk.uow.checkins.reply_of(check_in, seat.member.id)):
        return ()
    return (Button("Answer the check-in with this", ANSWER_WITH, aside_id),)


async def _own_open(turn: Turn) -> tuple[Challenge, CheckIn, Member]:
    """The open check-in that the person has been sent, one they have not answered first. Raises `NothingAsked`."""
    found = []
    for seat in await seats_of(turn):
        check_in = await turn.uow.checkins.newest(seat.challenge.id)
        if check_in is not None and check_in.closed_at is None and is_asked(seat.member):
            reply = await turn.uow.checkins.reply_of(check_in, seat.member.id)
            found.append((has_answered(reply), (seat.challenge, check_in, seat.member)))
    if not found:
        raise NothingAsked
    return min(found, key=lambda one: one[0])[1]


# ---------------------------------------------------------------- tomorrow


async def remind_tomorrow(turn: Turn, record: str) -> None:
    """Nothing more today; tomorrow at ten, unless it has been answered by then."""
    challenge, check_in, member = await _access_open(turn, record)
    reply = await turn.uow.checkins.reply_of(check_in, member.id)
    if not has_answered(reply):
        at = tomorrow_at_ten(turn.now, challenge)
        await turn.uow.checkins.save(replace(reply, remind_at=at.replace(tzinfo=challenge.tz).astimezone(UTC)))
        await turn.reschedule(challenge, NUDGE, member.id, at)
    await turn.answer_in_private(challenge, posts.prompt(check_in, member.id))


async def remind_tomorrow_typed(turn: Turn, _args: str) -> None:
    """ "remind me tomorrow", of whatever check-in is open."""
    _, check_in, member = await _own_open(turn)
    await _remind_tomorrow_and_say_so(turn, posts.record_of(check_in, member.id))


async def _remind_tomorrow_and_say_so(turn: Turn, record: str) -> None:
    """The prompt changes where it stands, perhaps far above: what was typed is answered where it was typed.

    In a channel it has been said already that the answer is in their direct messages.
    """
    challenge, check_in, member = await _access_open(turn, record)
    answered = has_answered(await turn.uow.checkins.reply_of(check_in, member.id))
    await remind_tomorrow(turn, record)
    if turn.place.kind is PlaceKind.DM:
        at = tomorrow_at_ten(turn.now, challenge) if not answered else None
        said = f"I will ask again tomorrow at {at:%H:%M}." if at else "You have answered already."
        await turn.say(said, challenge=challenge)
