"""A challenge's days on site and the times of its sessions and catch-up, when they change.

What is typed is shown back as it was understood; the schedule is laid again only when the manager has said yes.
"""

from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from handlers.access import access_challenge, access_meant_seat
from handlers.chat import Form, FormErrors, Outcome, Submitted
from handlers.desk import Turn
from handlers.team import forms
from handlers.team.dates import (
    LEAST_SESSIONS,
    DayTimes,
    FormReading,
    Unclear,
    check_clock_has,
    day_in_words,
    days_in_full,
    days_said,
    doubts_about,
    read_catch_up,
    read_days,
    read_last_day_times,
    read_session_times,
    read_zone,
    times_said,
    times_that_come_twice,
)
from handlers.team.opening import lay_schedule
from handlers.when import DayRange
from storage.records import Address, Challenge, ChallengeId, Intent

# ---------------------------------------------------------------- days


async def start_dates(turn: Turn, args: str) -> Outcome:
    seat = await access_meant_seat(turn)
    return await _dates_for(turn, seat.challenge, args)


async def press_dates(turn: Turn, challenge_id: str) -> Outcome:
    seat = await access_challenge(turn, ChallengeId(challenge_id))
    return await _dates_for(turn, seat.challenge, "")


async def _dates_for(turn: Turn, challenge: Challenge, typed: str) -> Outcome:
    if not typed.strip():
        return forms.dates_form(challenge, days_in_full(DayRange(challenge.first_day, challenge.last_day)))
    try:
        return _dates_check(turn, challenge, _read_days_of(turn, challenge, typed))
    except Unclear as unclear:
        return forms.dates_form(challenge, typed, unclear=(str(unclear),))


async def take_dates(turn: Turn, submitted: Submitted) -> Outcome:
    seat = await access_challenge(turn, forms.challenge_of(submitted))
    try:
        days = _read_days_of(turn, seat.challenge, forms.one_value(submitted.values, "days"))
    except Unclear as unclear:
        return FormErrors({"days": str(unclear)})
    return _dates_check(turn, seat.challenge, days)


async def take_dates_check(turn: Turn, submitted: Submitted) -> Outcome:
    challenge = (await access_challenge(turn, forms.challenge_of(submitted))).challenge
    typed = forms.one_value(submitted.carried, "days")
    if forms.says_no(submitted):
        return forms.dates_form(challenge, typed)
    try:
        days = _read_days_of(turn, challenge, typed)
    except Unclear as unclear:  # it was clear a page ago: the clock or the times have changed since
        raise forms.TryTheFormAgain(str(unclear)) from unclear
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
        carried={"challenge": challenge.id, "days": days_in_full(days)},
        yes="Yes, change the days",
    )


# ---------------------------------------------------------------- times


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
    challenge = (await access_challenge(turn, forms.challenge_of(submitted))).challenge
    understood = _read_times(turn, challenge, forms.TimesTyped.of(submitted.values))
    return understood if isinstance(understood, FormErrors) else _times_check(turn, understood)


async def take_times_check(turn: Turn, submitted: Submitted) -> Outcome:
    challenge = (await access_challenge(turn, forms.challenge_of(submitted))).challenge
    typed = forms.TimesTyped.of(submitted.carried)
    if forms.says_no(submitted):
        return forms.times_form(challenge, typed)
    understood = _read_times(turn, challenge, typed)
    if isinstance(understood, FormErrors):
        raise forms.TryTheFormAgain(" ".join(understood.errors.values()))
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
        understood=(f"{changed.host}, {changed.zone}.", day_in_words(times)),
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
