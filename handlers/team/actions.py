"""Setting a challenge up and looking at how it stands: new, its days, its times, its status, and the list of one's own.

Who is on the team is in `seating`, where it meets in `channel`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from handlers.access import Seat, access_challenge, access_meant_seat, check_appointed, is_appointed, seats_of
from handlers.chat import Form, FormErrors, Outcome, Submitted
from handlers.desk import Turn
from handlers.errors import NotOnAChallenge, Refusal
from handlers.frameworks import Framework
from handlers.team import forms
from handlers.team.dates import (
    LEAST_SESSIONS,
    DayTimes,
    FormReading,
    Unclear,
    check_clock_has,
    days_said,
    doubts_about,
    read_catch_up,
    read_days,
    read_host,
    read_last_day_times,
    read_session_times,
    read_set_up,
    read_zone,
    times_said,
    times_that_come_twice,
)
from handlers.team.opening import Opening, add_member, lay_schedule, open_challenge
from handlers.team.rules import role_outline
from handlers.team.turns import name_of, privately
from handlers.when import DayRange
from storage.errors import AlreadyStored, NotStored
from storage.records import Address, Challenge, ChallengeId, Intent, Role, new_id


class SetUpAlready(Refusal):
    """That challenge is set up already. Type "challenge" to see how it stands."""


class TryTheFormAgain(Refusal):
    """That form is from an earlier time. Nothing was changed: please open it again."""


# ---------------------------------------------------------------- how it stands


async def show_status(turn: Turn, _args: str) -> None:
    """One card: stage, what is missing, what is next. Somebody who may set up a first challenge is invited to."""
    seat = await _seat_looked_at(turn)
    if seat is None:
        await turn.answer("team.invitation", to=privately(turn))
    else:
        await _answer_with_status(turn, seat)


async def show_status_of(turn: Turn, challenge_id: str) -> None:
    """The button in the list of challenges."""
    await _answer_with_status(turn, await access_challenge(turn, ChallengeId(challenge_id), even_over=True))


async def show_list(turn: Turn, _args: str) -> None:
    """Every challenge that the person is or was on."""
    if not await seats_of(turn, even_over=True):
        if not is_appointed(turn):
            raise NotOnAChallenge
        await turn.answer("team.invitation", to=privately(turn))
        return
    await turn.answer("team.list", record=turn.account.person_id, to=privately(turn))


async def _seat_looked_at(turn: Turn) -> Seat | None:
    """The seat whose challenge is shown: the channel's, the likeliest live one, or the newest that is over."""
    channel = await turn.uow.channels.find(turn.place.platform, turn.place.workspace, turn.place.id)
    if channel is not None:
        return await access_challenge(turn, channel.challenge_id, even_over=True)
    seats = await seats_of(turn, even_over=True)
    seats.sort(key=lambda seat: seat.challenge.ended_at is not None)
    if seats:
        return seats[0]
    if is_appointed(turn):
        return None
    raise NotOnAChallenge


async def _answer_with_status(turn: Turn, seat: Seat, *, to: Address | None = None) -> None:
    await turn.answer(
        "team.status", challenge=seat.challenge, record=seat.challenge.id, params={"member": seat.member.id},
        to=to or privately(turn),
    )  # fmt: skip


# ---------------------------------------------------------------- a new challenge


@dataclass(frozen=True, slots=True)
class SetUp:
    """A new challenge, understood."""

    host: str
    framework: Framework
    days: DayRange
    zone: str


async def start_new(turn: Turn, args: str) -> Outcome:
    """The form, with what one line said of the challenge in it; or at once what was understood, if that is all."""
    check_appointed(turn)
    line = read_set_up(args, turn.house.frameworks, now=turn.now, zone=turn.zone)
    zone = line.zone or turn.house.zone
    typed = forms.NewTyped(line.host, line.framework, line.days, zone)
    if not args.strip():
        return _new_form(turn, typed)
    understood = await _understood(turn, typed)
    if isinstance(understood, SetUp):
        return _new_check(turn, understood, new_id())
    return _new_form(turn, typed, unclear=tuple(understood.values()))


async def press_new(turn: Turn, _value: str) -> Outcome:
    return await start_new(turn, "")


async def take_new(turn: Turn, submitted: Submitted) -> Outcome:
    """The first page: what is wrong is said beside its field, else the second page shows what was understood."""
    check_appointed(turn)
    understood = await _understood(turn, _new_typed(submitted.values))
    if not isinstance(understood, SetUp):
        return FormErrors(understood)
    return _new_check(turn, understood, submitted.carried.get("key", new_id()))


async def take_new_check(turn: Turn, submitted: Submitted) -> Outcome:
    """The second page: the challenge is opened, with the manager on it; or the first page comes back."""
    check_appointed(turn)
    typed = _new_typed(submitted.carried)
    if _says_no(submitted):
        return _new_form(turn, typed, key=submitted.carried.get("key", ""))
    understood = await _understood(turn, typed)
    if not isinstance(understood, SetUp):
        raise TryTheFormAgain(" ".join(understood.values()))
    challenge_id = ChallengeId(submitted.carried["key"])
    await _check_not_there(turn, challenge_id)
    try:
        await _open(turn, understood, challenge_id)
    except AlreadyStored as exc:  # the same form, sent twice in one moment
        raise SetUpAlready from exc
    return None


async def _check_not_there(turn: Turn, challenge_id: ChallengeId) -> None:
    try:
        await turn.uow.challenges.get(challenge_id)
    except NotStored:
        return
    raise SetUpAlready


async def _open(turn: Turn, set_up: SetUp, challenge_id: ChallengeId) -> None:
    opening = Opening(set_up.host, set_up.framework, set_up.days.start, set_up.days.end, set_up.zone)
    person_id = turn.account.person_id
    challenge = await open_challenge(turn, opening, opened_by=person_id, challenge_id=challenge_id)
    outline = role_outline(set_up.framework, "", Role.CHALLENGE_MANAGER)
    name = name_of(turn.incoming.person)
    member = await add_member(turn, challenge, person_id, name=name, role=Role.CHALLENGE_MANAGER, kind=outline.key)
    to = Address(turn.place.platform, turn.place.workspace, account=turn.account.id)
    await _answer_with_status(turn, Seat(challenge, member), to=to)


async def _understood(turn: Turn, typed: forms.NewTyped) -> SetUp | Mapping[str, str]:
    """What was typed, understood; or a sentence for each field that was not."""
    form = FormReading()
    host = form.read("host", lambda: read_host(typed.host))
    framework = form.read("framework", lambda: _framework_chosen(turn, typed.framework))
    zone = form.read("zone", lambda: read_zone(typed.zone)) or turn.house.zone
    days = form.read("days", lambda: read_days(typed.days, now=turn.now, zone=ZoneInfo(zone)))
    if host and days and await _has_set_up(turn, host, days.start):
        form.wrong["host"] = f"{host} is set up for those days already. Type “challenge list” to see it."
    if form.wrong or host is None or framework is None or days is None:
        return form.wrong
    return SetUp(host, framework, days, zone)


def _framework_chosen(turn: Turn, key: str) -> Framework:
    """Raises `Unclear`."""
    if key not in turn.house.frameworks:
        raise Unclear("Choose the framework.")
    return turn.house.frameworks[key]


async def _has_set_up(turn: Turn, host: str, first_day: date) -> bool:
    mine = [seat.challenge for seat in await seats_of(turn) if seat.is_manager]
    return any(one.first_day == first_day and one.host.casefold() == host.casefold() for one in mine)


def _new_typed(values: Mapping[str, str | tuple[str, ...]]) -> forms.NewTyped:
    return forms.NewTyped(*(_one(values, name) for name in ("host", "framework", "days", "zone")))


def _new_form(turn: Turn, typed: forms.NewTyped, *, key: str = "", unclear: tuple[str, ...] = ()) -> Form:
    return forms.new_form(typed, turn.house.frameworks.values(), key=key or new_id(), unclear=unclear)


def _new_check(turn: Turn, set_up: SetUp, key: str) -> Form:
    framework, days = set_up.framework, set_up.days
    times = DayTimes(framework.session_times, framework.sessions_on_last_day, framework.catch_up_time)
    zone = ZoneInfo(set_up.zone)
    typed = {"host": set_up.host, "framework": framework.key, "days": _iso(days), "zone": set_up.zone}
    return forms.check_form(
        forms.NEW_CHECK,
        "Set up a challenge",
        understood=(
            f"{set_up.host}, {framework.title}.",
            f"{days_said(days)} on site, {set_up.zone}.",
            _times_in_words(times),
            "You can change the times afterwards with “challenge times”.",
        ),
        doubts=(
            *doubts_about(days, framework, turn.now.astimezone(zone).date()),
            *times_that_come_twice(times.all, days, zone),
        ),
        carried={"key": key, **typed},
        yes="Yes, set it up",
    )


def _times_in_words(times: DayTimes) -> str:
    return (
        f"Sessions at {times_said(times.sessions)}; on the last day {times_said(times.on_last_day)}. "
        f"Catch-up with the client at {times.catch_up:%H:%M}."
    )


# ---------------------------------------------------------------- its days


async def start_dates(turn: Turn, args: str) -> Outcome:
    seat = await access_meant_seat(turn)
    return await _dates_for(turn, seat.challenge, args)


async def press_dates(turn: Turn, challenge_id: str) -> Outcome:
    seat = await access_challenge(turn, ChallengeId(challenge_id))
    return await _dates_for(turn, seat.challenge, "")


async def _dates_for(turn: Turn, challenge: Challenge, typed: str) -> Outcome:
    if not typed.strip():
        return forms.dates_form(challenge, _iso(DayRange(challenge.first_day, challenge.last_day)))
    try:
        return _dates_check(turn, challenge, _read_days_of(turn, challenge, typed))
    except Unclear as unclear:
        return forms.dates_form(challenge, typed, unclear=(str(unclear),))


async def take_dates(turn: Turn, submitted: Submitted) -> Outcome:
    seat = await access_challenge(turn, _challenge_of(submitted))
    try:
        days = _read_days_of(turn, seat.challenge, _one(submitted.values, "days"))
    except Unclear as unclear:
        return FormErrors({"days": str(unclear)})
    return _dates_check(turn, seat.challenge, days)


async def take_dates_check(turn: Turn, submitted: Submitted) -> Outcome:
    challenge = (await access_challenge(turn, _challenge_of(submitted))).challenge
    typed = _one(submitted.carried, "days")
    if _says_no(submitted):
        return forms.dates_form(challenge, typed)
    try:
        days = _read_days_of(turn, challenge, typed)
    except Unclear as unclear:  # it was clear a page ago: the clock or the times have changed since
        raise TryTheFormAgain(str(unclear)) from unclear
    await _change(turn, replace(challenge, first_day=days.start, last_day=days.end))
    return None


def _read_days_of(turn: Turn, challenge: Challenge, typed: str) -> DayRange:
    """Raises `Unclear`."""
    days = read_days(typed, now=turn.now, zone=challenge.tz)
    check_clock_has(_times_of(challenge).all, days, challenge.tz)
    return days


def _dates_check(turn: Turn, challenge: Challenge, days: DayRange) -> Form:
    framework = turn.house.framework_of(challenge)
    return forms.check_form(
        forms.DATES_CHECK,
        "Days on site",
        understood=(f"{challenge.host}: {days_said(days)} on site, {challenge.zone}.",),
        doubts=(
            *doubts_about(days, framework, turn.local(challenge).date()),
            *times_that_come_twice(_times_of(challenge).all, days, challenge.tz),
        ),
        carried={"challenge": challenge.id, "days": _iso(days)},
        yes="Yes, change the days",
    )


# ---------------------------------------------------------------- its times


async def start_times(turn: Turn, args: str) -> Outcome:
    """The form; times in the line are those of the sessions."""
    seat = await access_meant_seat(turn)
    return _times_for(seat.challenge, args)


async def press_times(turn: Turn, challenge_id: str) -> Outcome:
    return _times_for((await access_challenge(turn, ChallengeId(challenge_id))).challenge, "")


def _times_for(challenge: Challenge, sessions: str) -> Form:
    typed = _typed_of(_times_of(challenge), challenge.zone)
    return forms.times_form(challenge, replace(typed, sessions=sessions.strip() or typed.sessions))


async def take_times(turn: Turn, submitted: Submitted) -> Outcome:
    challenge = (await access_challenge(turn, _challenge_of(submitted))).challenge
    understood = _read_times(turn, challenge, _times_typed(submitted.values))
    return understood if isinstance(understood, FormErrors) else _times_check(turn, understood)


async def take_times_check(turn: Turn, submitted: Submitted) -> Outcome:
    challenge = (await access_challenge(turn, _challenge_of(submitted))).challenge
    typed = _times_typed(submitted.carried)
    if _says_no(submitted):
        return forms.times_form(challenge, typed)
    understood = _read_times(turn, challenge, typed)
    if isinstance(understood, FormErrors):
        raise TryTheFormAgain(" ".join(understood.errors.values()))
    await _change(turn, understood)
    return None


def _read_times(turn: Turn, challenge: Challenge, typed: forms.TimesTyped) -> Challenge | FormErrors:
    """The challenge with the times that were typed, or what is wrong with them."""
    form, framework = FormReading(), turn.house.framework_of(challenge)
    zone = form.read("zone", lambda: read_zone(typed.zone)) or challenge.zone
    sessions = form.read("sessions", lambda: read_session_times(typed.sessions, least=LEAST_SESSIONS))
    on_last_day = form.read("last_day", lambda: read_last_day_times(typed.last_day, framework))
    catch_up = form.read("catch_up", lambda: read_catch_up(typed.catch_up))
    if sessions is None or on_last_day is None or catch_up is None or form.wrong:
        return FormErrors(form.wrong)
    days = DayRange(challenge.first_day, challenge.last_day)
    for name, times in (("sessions", sessions), ("last_day", on_last_day), ("catch_up", (catch_up,))):
        form.read(name, partial(check_clock_has, times, days, ZoneInfo(zone)))
    changed = replace(
        challenge, zone=zone, session_times=sessions, last_day_session_times=on_last_day, catch_up_time=catch_up
    )
    return FormErrors(form.wrong) if form.wrong else changed


def _times_check(turn: Turn, changed: Challenge) -> Form:
    times, days = _times_of(changed), DayRange(changed.first_day, changed.last_day)
    typed = _typed_of(times, changed.zone)
    return forms.check_form(
        forms.TIMES_CHECK,
        "Times of the day",
        understood=(f"{changed.host}, {changed.zone}.", _times_in_words(times)),
        doubts=times_that_come_twice(times.all, days, changed.tz),
        carried={
            "challenge": changed.id,
            "sessions": typed.sessions,
            "last_day": typed.last_day,
            "catch_up": typed.catch_up,
            "zone": typed.zone,
        },
        yes="Yes, change the times",
    )


def _times_of(challenge: Challenge) -> DayTimes:
    return DayTimes(challenge.session_times, challenge.last_day_session_times, challenge.catch_up_time)


def _typed_of(times: DayTimes, zone: str) -> forms.TimesTyped:
    sessions, last_day = times_said(times.sessions), times_said(times.on_last_day)
    return forms.TimesTyped(sessions, last_day, f"{times.catch_up:%H:%M}", zone)


def _times_typed(values: Mapping[str, str | tuple[str, ...]]) -> forms.TimesTyped:
    return forms.TimesTyped(*(_one(values, name) for name in ("sessions", "last_day", "catch_up", "zone")))


# ---------------------------------------------------------------- both


async def _change(turn: Turn, changed: Challenge) -> None:
    """Keep the new days or times, lay the schedule again, and tell the team and whoever asked."""
    await turn.uow.challenges.change(
        changed.id,
        first_day=changed.first_day,
        last_day=changed.last_day,
        zone=changed.zone,
        session_times=changed.session_times,
        last_day_session_times=changed.last_day_session_times,
        catch_up_time=changed.catch_up_time,
    )
    turn.audit(changed.id, "challenge.days_and_times")
    await lay_schedule(turn, changed)
    to = Address(turn.place.platform, turn.place.workspace, account=turn.account.id)
    intent = Intent(kind="team.days_and_times", to=to, record=changed.id, challenge_id=changed.id)
    await turn.post(intent)
    await turn.post_to_channels(changed, intent)


def _iso(days: DayRange) -> str:
    """Written so that it can be read back without a doubt."""
    return f"{days.start.day} {days.start:%B %Y} to {days.end.day} {days.end:%B %Y}"


def _says_no(submitted: Submitted) -> bool:
    return _one(submitted.values, forms.RIGHT) == forms.NO


def _challenge_of(submitted: Submitted) -> ChallengeId:
    return ChallengeId(submitted.carried.get("challenge", ""))


def _one(values: Mapping[str, str | tuple[str, ...]], name: str) -> str:
    """One value of a form, whether it came as a text or as a choice."""
    value = values.get(name, "")
    return value if isinstance(value, str) else "".join(value[:1])
