"""Setting a challenge up: one line or a form says whose it is and when, what was understood is shown back, and can be
corrected before anything counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from handlers.access import Seat, check_appointed, seats_of
from handlers.chat import Form, FormErrors, Outcome, Submitted
from handlers.desk import Turn
from handlers.errors import Refusal
from handlers.frameworks import Framework
from handlers.team import forms
from handlers.team.actions import answer_with_status
from handlers.team.dates import (
    DayTimes,
    FormReading,
    Unclear,
    day_in_words,
    days_in_full,
    days_said,
    doubts_about,
    read_days,
    read_host,
    read_set_up,
    read_zone,
    times_that_come_twice,
)
from handlers.team.opening import Opening, add_member, open_challenge
from handlers.team.rules import role_outline
from handlers.team.turns import name_of
from handlers.when import DayRange
from storage.errors import AlreadyStored, NotStored
from storage.records import Address, ChallengeId, Role, new_id


class SetUpAlready(Refusal):
    """That challenge is set up already. Type “challenge” to see how it stands."""


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
    understood = await _understood(turn, forms.NewTyped.of(submitted.values))
    if not isinstance(understood, SetUp):
        return FormErrors(understood)
    return _new_check(turn, understood, submitted.carried.get("key", new_id()))


async def take_new_check(turn: Turn, submitted: Submitted) -> Outcome:
    """The second page: the challenge is opened, with the manager on it; or the first page comes back."""
    check_appointed(turn)
    typed = forms.NewTyped.of(submitted.carried)
    if forms.says_no(submitted):
        return _new_form(turn, typed, key=submitted.carried.get("key", ""))
    understood = await _understood(turn, typed)
    if not isinstance(understood, SetUp):
        raise forms.TryTheFormAgain(" ".join(understood.values()))
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
    await answer_with_status(turn, Seat(challenge, member), to=to)


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


def _new_form(turn: Turn, typed: forms.NewTyped, *, key: str = "", unclear: tuple[str, ...] = ()) -> Form:
    return forms.new_form(typed, turn.house.frameworks.values(), key=key or new_id(), unclear=unclear)


def _new_check(turn: Turn, set_up: SetUp, key: str) -> Form:
    framework, days = set_up.framework, set_up.days
    times = DayTimes(framework.session_times, framework.sessions_on_last_day, framework.catch_up_time)
    zone = ZoneInfo(set_up.zone)
    typed = {"host": set_up.host, "framework": framework.key, "days": days_in_full(days), "zone": set_up.zone}
    return forms.check_form(
        forms.NEW_CHECK,
        "Set up a challenge",
        understood=(
            f"{set_up.host}, {framework.title}.",
            f"{days_said(days)} on site, {set_up.zone}.",
            day_in_words(times),
            "You can change the times afterwards with “challenge times”.",
        ),
        doubts=(
            *doubts_about(days, framework, turn.now.astimezone(zone).date()),
            *times_that_come_twice(times.all, days, zone),
        ),
        carried={"key": key, **typed},
        yes="Yes, set it up",
    )
