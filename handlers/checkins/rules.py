"""What a check-in asks, who has answered, whom to remind and when, and which times for a call have been offered. Pure.

"The challenge manager will call each peer before the visit" for first impressions, concerns and the timetable
(local-system guidance); the check-in asks the same in writing, and agrees a time for the call.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.errors import Refusal
from handlers.frameworks import Framework
from handlers.text import clean
from handlers.when import Day, Moment, Reason, Unread, read_time, read_when, say
from storage.records import Challenge, CheckIn, CheckInReply, Member, MemberId, Question, Role

LONGEST_QUESTION = 300  # characters
LONGEST_TITLE = 100
LONGEST_OFFER = 300  # more than that is no time for a call
MOST_QUESTIONS = 30
LONGEST_FIELD = 3_000  # what a form can show again; plain words may be longer
FIELDS_ON_A_PAGE = 10
END_OF_THE_DAY = time(17, 0)  # what "by Friday" means
SATURDAY = 5
REMIND_AT = time(10, 0)
DAYS_BEFORE = (2, 1, 0)  # a reminder on each of these days before the date by which to answer
OWN_WORDS = "own_words"  # the answer of somebody whose check-in has no question to put plain words under
CALL_TIME = "call_time"
OWN_WORDS_ASKED = Question(OWN_WORDS, "In their own words")

_BULLET = re.compile(r"^\s{0,9}(?:[-*•]|\d{1,2}[.)])\s{1,9}")
_OR = re.compile(r"[;\n]|\bor\b", re.IGNORECASE)
_SUITS_BETTER = re.compile(
    r"^(?:how about|what about|can we do|could we do)\s|\s(?:would be|is|suits me|would suit me) ?(?:better|best)?$",
    re.IGNORECASE,
)


class Unclear(Refusal):
    """That could not be read. Nothing was changed: please look at it again."""


class CheckInClosed(Refusal):
    """This check-in is closed, so its answers cannot be changed. Tell the challenge manager directly."""


class CheckInIsOut(Refusal):
    """A check-in is out already. Close it before you send another: type “checkin” to see it."""


class NoCheckIn(Refusal):
    """No check-in has been sent. The challenge manager sends one with “checkin send”."""


class NothingAsked(Refusal):
    """There is no check-in to answer now. When your challenge manager sends one, it comes to you here."""


class ClosesTooSoon(Refusal):
    """The visit begins tomorrow and the check-in closes tonight, so please answer today."""


class TimeHasChanged(Refusal):
    """The time for this call has changed since that card was drawn. Nothing was agreed: look at the newest one."""


# ---------------------------------------------------------------- what the manager sends


@dataclass(frozen=True, slots=True)
class Draft:
    """A check-in as the manager typed it, understood."""

    title: str
    questions: tuple[Question, ...]
    by: datetime


def default_by(challenge: Challenge, framework: Framework, now: datetime) -> datetime | None:
    """The last working day that is the framework's days before the visit or earlier, at five o'clock; if that is over,
    the next working day; None when there is none left before the visit."""
    usual = challenge.first_day - timedelta(days=framework.checkin_close_days_before)
    tomorrow = now.astimezone(challenge.tz).date() + timedelta(days=1)
    day = max(usual, tomorrow)
    while day.weekday() >= SATURDAY and day > tomorrow:
        day -= timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return _at(day, END_OF_THE_DAY, challenge.tz) if day < challenge.first_day else None


def read_title(typed: str) -> str:
    return " ".join(clean(typed).split())[:LONGEST_TITLE] or "Check-in before the visit"


def read_questions(typed: str, framework: Framework) -> tuple[Question, ...]:
    """One question a line. One of the framework's keeps its kind and choices; any other is answered in words.

    Raises `Unclear`.
    """
    known = {_plain(question.text): question for question in framework.checkin}
    lines = dict.fromkeys(filter(None, (" ".join(_BULLET.sub("", line).split()) for line in clean(typed).split("\n"))))
    if not lines:
        raise Unclear("Ask at least one question, one on each line.")
    if len(lines) > MOST_QUESTIONS:
        raise Unclear(f"{len(lines)} questions are more than a tired peer answers: {MOST_QUESTIONS} fit.")
    questions = []
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_QUESTION:
            raise Unclear(f"Question {number} has {len(line)} characters; {LONGEST_QUESTION} fit.")
        outline = known.get(_plain(line))
        questions.append(
            Question(outline.key, outline.text, outline.kind, outline.options, outline.hint, outline.required)
            if outline
            else Question(f"own_{number}", line)
        )
    return tuple(questions)


def read_by(typed: str, *, challenge: Challenge, now: datetime) -> datetime:
    """The moment by which to answer: "Friday" is Friday at five o'clock. Raises `Unclear`."""
    zone = challenge.tz
    match read_when(typed, now=now, zone=zone):
        case Day(day):
            by = _at(day, END_OF_THE_DAY, zone)
        case Moment(at):
            by = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        case Unread() as unread:
            raise Unclear(say(unread))
        case other:
            raise Unclear(f"I read that as {say(other)}. Give one day, with a time if you like, as “Fri 20 Nov 5pm”.")
    if by <= now:
        raise Unclear("That has passed. Give a day to come.")
    if by.astimezone(zone).date() >= challenge.first_day > now.astimezone(zone).date():
        raise Unclear(f"The visit begins on {challenge.first_day.day} {challenge.first_day:%B}. Give an earlier day.")
    return by


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


# ---------------------------------------------------------------- who has answered, and whom to remind


@dataclass(frozen=True, slots=True)
class Standing:
    """How a check-in stands: whom it was sent to, and who of them has not answered."""

    asked: tuple[Member, ...]
    missing: tuple[Member, ...]

    @property
    def answered(self) -> int:
        return len(self.asked) - len(self.missing)

    @property
    def in_numbers(self) -> str:
        return f"{self.answered} of {len(self.asked)} answered"


def is_asked(member: Member) -> bool:
    """Every peer, the lead peer too; the manager asks."""
    return member.removed_at is None and member.role is not Role.CHALLENGE_MANAGER


def standing_of(team: Iterable[Member], replies: Mapping[MemberId, CheckInReply]) -> Standing:
    asked = tuple(sorted(filter(is_asked, team), key=lambda member: member.name.casefold()))
    return Standing(asked, tuple(member for member in asked if not has_answered(replies.get(member.id))))


def has_answered(reply: CheckInReply | None) -> bool:
    return reply is not None and reply.answered_at is not None


def may_be_reminded(reply: CheckInReply, now: datetime, zone: ZoneInfo) -> bool:
    """Not once they have answered, not twice in a day, not before the day for which they asked."""
    today = now.astimezone(zone).date()
    was_today = reply.reminded_at is not None and reply.reminded_at.astimezone(zone).date() == today
    asked_for_later = reply.remind_at is not None and reply.remind_at.astimezone(zone).date() > today
    return not (has_answered(reply) or was_today or asked_for_later)


def reminder_times(check_in: CheckIn, zone: ZoneInfo) -> dict[str, datetime]:
    """The wall times of the reminders by what each is called: none on the day of sending, none after the date."""
    by, sent = check_in.by.astimezone(zone), check_in.sent_at.astimezone(zone)
    times = {days: datetime.combine(by.date() - timedelta(days=days), REMIND_AT) for days in DAYS_BEFORE}
    return {
        f"{check_in.id}:{days}": at
        for days, at in times.items()
        if at.date() > sent.date() and at < by.replace(tzinfo=None)
    }


def tomorrow_at_ten(now: datetime, challenge: Challenge) -> datetime:
    """When "remind me tomorrow" means, as a wall time. Raises `ClosesTooSoon`."""
    today = now.astimezone(challenge.tz).date()
    tomorrow = today + timedelta(days=1)
    if tomorrow == challenge.first_day:
        raise ClosesTooSoon
    return datetime.combine(tomorrow, REMIND_AT)


# ---------------------------------------------------------------- what a peer answers


def pages_of(check_in: CheckIn) -> list[tuple[Question, ...]]:
    """The questions, page by page of the form."""
    questions = check_in.questions
    return [questions[at : at + FIELDS_ON_A_PAGE] for at in range(0, len(questions), FIELDS_ON_A_PAGE)]


def fits_a_field(reply: CheckInReply, question: Question) -> bool:
    return len(reply.answers.get(question.key, "")) <= LONGEST_FIELD


def read_answer(question: Question, typed: str, *, now: datetime, zone: ZoneInfo) -> str:
    """The answer as it is kept. A time is kept with its date, so that "Thursday" stays that Thursday.

    Raises `Unclear`.
    """
    words = clean(typed).strip()
    if not words and question.required:
        raise Unclear("Please answer this one." if question.kind == "text" else "Please say, even roughly.")
    if words and question.kind in ("choice", "yes_no") and words not in choices_of(question):
        raise Unclear("Choose one of the answers.")
    return _read_times(words, now, zone) if question.kind == "time" else words


def choices_of(question: Question) -> tuple[str, ...]:
    return ("Yes", "No") if question.kind == "yes_no" else question.options


def with_answers(reply: CheckInReply, check_in: CheckIn, answers: Mapping[str, str], at: datetime) -> CheckInReply:
    """The reply with these answers in it. Other times for the call undo what was agreed from the earlier ones."""
    key = call_key(check_in)
    changed = replace(reply, answers={**reply.answers, **answers}, version=reply.version + 1, answered_at=at)
    before = reply.answers.get(key, "")
    if changed.answers.get(key, "") != before and (before or reply.call_agreed_at is None):
        changed = replace(changed, call_at=None, call_agreed_at=None)
    return changed


def with_plain_words(
    reply: CheckInReply, check_in: CheckIn, words: str, at: datetime, *, message: str = ""
) -> CheckInReply:
    """The reply with words that were typed and not filled in: they stand under the first question that takes words,
    after what stood there before. `message` is the one that holds them, where it can be edited."""
    key, plain = words_key(check_in), clean(words).strip()
    before = reply.answers.get(key, "")
    said = {**reply.said, message: plain} if message else reply.said
    return replace(with_answers(reply, check_in, {key: f"{before}\n{plain}" if before else plain}, at), said=said)


def with_changed_words(
    reply: CheckInReply, check_in: CheckIn, message: str, words: str, at: datetime
) -> CheckInReply | None:
    """The reply after that message was edited, or taken back (`words` is empty); a reply without any answer left counts
    as missing again. None when what it said stands in the answer no more: it was changed in the form since."""
    key, old, new = words_key(check_in), reply.said.get(message, ""), clean(words).strip()
    lines = f"\n{reply.answers.get(key, '')}\n"
    if not old or f"\n{old}\n" not in lines:
        return None
    together = lines.replace(f"\n{old}\n", f"\n{new}\n" if new else "\n", 1).strip("\n")
    said = {one: text for one, text in {**reply.said, message: new}.items() if text}
    changed = replace(with_answers(reply, check_in, {key: together}, at), said=said)
    return changed if any(changed.answers.values()) else replace(changed, answers={}, answered_at=None)


def joined_reply(check_in: CheckIn, mine: CheckInReply, theirs: CheckInReply) -> CheckInReply:
    """One reply of two that turn out to be one person's, in `mine`'s place: the later answer to a question stands, in
    plain words after the earlier one, so that nothing that was said is lost."""
    earlier, later = sorted((mine, theirs), key=lambda reply: (reply.answered_at is not None, reply.answered_at))
    in_words = {OWN_WORDS, *(question.key for question in check_in.questions if question.kind == "text")}
    answers = dict(earlier.answers)
    for key, said in later.answers.items():
        before = answers.get(key, "")
        answers[key] = (
            f"{before}\n{said}" if key in in_words and before and said not in ("", before) else said or before
        )
    call = later if later.call_at else earlier
    reminded = [reply.reminded_at for reply in (mine, theirs) if reply.reminded_at]
    return replace(
        mine,
        answers=answers,
        version=max(mine.version, theirs.version) + 1,
        answered_at=later.answered_at,
        remind_at=later.remind_at or earlier.remind_at,
        call_at=call.call_at,
        call_agreed_at=call.call_agreed_at,
        reminded_at=max(reminded, default=None),
        said={**earlier.said, **later.said},
    )


def words_key(check_in: CheckIn) -> str:
    return next((question.key for question in check_in.questions if question.kind == "text"), OWN_WORDS)


def questions_answered(check_in: CheckIn, reply: CheckInReply) -> tuple[Question, ...]:
    """The questions that the reply answers, in order; plain words last where they stand under none."""
    own = () if any(question.key == OWN_WORDS for question in check_in.questions) else (OWN_WORDS_ASKED,)
    return tuple(question for question in (*check_in.questions, *own) if reply.answers.get(question.key))


def still_needed(check_in: CheckIn, reply: CheckInReply) -> tuple[Question, ...]:
    return tuple(one for one in check_in.questions if one.required and not reply.answers.get(one.key))


# ---------------------------------------------------------------- the call


def call_key(check_in: CheckIn) -> str:
    """Where the times stand that a peer offers for the call."""
    return next((question.key for question in check_in.questions if question.kind == "time"), CALL_TIME)


def times_offered(check_in: CheckIn, reply: CheckInReply, *, now: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The exact times among those that the peer offered, those that have passed left out."""
    words = reply.answers.get(call_key(check_in), "")
    read = [read_when(part, now=now, zone=zone) for part in _alternatives(words)]
    exact = [one.at.replace(tzinfo=zone).astimezone(UTC) for one in read if isinstance(one, Moment)]
    return tuple(moment for moment in exact if moment > now)


def read_call_time(typed: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """One day and time to come. Raises `Unclear`."""
    reading = read_when(typed, now=now, zone=zone)
    if isinstance(reading, Unread):
        raise Unclear(say(reading))
    if not isinstance(reading, Moment):
        raise Unclear(f"I read that as {say(reading)}. Give a day and a time, as “Thursday 4 pm”.")
    at = (reading.at if reading.at.tzinfo else reading.at.replace(tzinfo=zone)).astimezone(UTC)
    if at <= now:
        raise Unclear("That has passed. Give a time to come.")
    return at


def read_offered_times(typed: str, *, now: datetime, zone: ZoneInfo) -> str:
    """What a peer suggests for the call instead. Raises `Unclear`."""
    return read_answer(Question(CALL_TIME, "", "time", required=True), typed, now=now, zone=zone)


def find_offered_times(typed: str, *, now: datetime, zone: ZoneInfo, day: date | None = None) -> str:
    """The times in what a peer wrote back, said with their dates; empty when it does not read as times to come.

    `day` is the day of the time that they answer to: "4 would be better" is four o'clock on that day.
    """
    words = _SUITS_BETTER.sub("", typed.strip(" .!?")[:LONGEST_OFFER])
    try:
        moments = [_read_offer(part, now, zone, day).astimezone(zone) for part in _alternatives(words)]
    except Unclear:
        return ""
    return " or ".join(say(Moment(at.replace(tzinfo=None))) for at in moments)


def _read_offer(typed: str, now: datetime, zone: ZoneInfo, day: date | None) -> datetime:
    """Raises `Unclear`."""
    at = read_time(typed) if day else None
    if day is None or not isinstance(at, time):
        return read_call_time(typed, now=now, zone=zone)
    moment = _at(day, at, zone)
    if moment <= now:
        raise Unclear("That has passed. Give a time to come.")
    return moment


def _read_times(words: str, now: datetime, zone: ZoneInfo) -> str:
    return " or ".join(_read_time(part, now, zone) for part in _alternatives(words))


def _read_time(words: str, now: datetime, zone: ZoneInfo) -> str:
    """The time said back with its date. What is no date at all ("whenever suits you") is kept as it was typed."""
    reading = read_when(words, now=now, zone=zone)
    if not isinstance(reading, Unread):
        return say(reading)
    if reading.reason is Reason.NOT_A_DATE:
        return words
    raise Unclear(say(reading))


def _alternatives(words: str) -> Sequence[str]:
    """ "Thursday 4 pm or Friday 9 am" offers two times."""
    return [part.strip(" ,") for part in _OR.split(words) if part.strip(" ,")]
