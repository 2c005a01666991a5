"""Showing a day, drafting the client's page before the catch-up, wording it and approving it.

A version is never changed: each saving makes another, and an approval is of the version that was looked at. Of two
people at once, one wins and the other is asked to look again.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from handlers.access import Seat, access_challenge, access_meant_seat, access_seat, is_on_site
from handlers.chat import Form, FormErrors, Outcome, PlaceKind, Submitted
from handlers.desk import Desk, Turn
from handlers.errors import RecordGone, Refusal
from handlers.pages import page_carried
from handlers.summary import cards
from handlers.summary.rules import (
    BEFORE_CATCH_UP,
    LineKey,
    counts_differ,
    day_asked,
    draft_moments,
    drafted,
    in_words,
    key_of,
    reworded,
    same_words,
)
from storage.errors import AlreadyStored, NotStored
from storage.records import (
    Address,
    Challenge,
    ChallengeId,
    Intent,
    MemberId,
    Run,
    Summary,
    SummaryId,
    SummaryState,
    new_id,
)

NOWHERE = Address("", "")  # the desk fills in to whom


class SummaryMovedOn(Refusal):
    """The draft has changed since this was shown: look at it again before you approve it."""


class WordedMeanwhile(Refusal):
    """Somebody else has changed this page since you opened it. Copy what you typed, close this and press Edit again."""


class NothingHeard(Refusal):
    """Nothing was heard on that day yet, so there is nothing to put into words."""


# ---------------------------------------------------------------- any peer: what a day has brought


async def show_day(turn: Turn, args: str) -> None:
    seat = await access_seat(turn)
    day = _day(turn, seat, args)
    may_edit = seat.is_manager and turn.place.kind is PlaceKind.DM
    params = {"day": day.isoformat(), "edit": "yes" if may_edit else ""}
    await turn.answer("summary.day", challenge=seat.challenge, record=seat.challenge.id, params=params)


def _day(turn: Turn, seat: Seat, args: str) -> date:
    return day_asked(args, turn.local(seat.challenge).replace(tzinfo=None), seat.challenge)


# ---------------------------------------------------------------- by the clock: the draft before the catch-up


async def plan_drafts(desk: Desk, challenge: Challenge) -> None:
    """Have a draft sent an hour before each catch-up to come; when the catch-up moves, the draft moves too."""
    feedback = desk.house.framework_of(challenge).final_feedback_time
    wall_clock = desk.local(challenge).replace(tzinfo=None)
    wanted = {
        moment.date().isoformat(): moment
        for moment in draft_moments(challenge, feedback)
        if moment + BEFORE_CATCH_UP > wall_clock
    }
    planned = {
        run.subject: run.local for run in await desk.uow.runs.of_challenge(challenge.id) if run.kind == "summary.draft"
    }
    for subject in planned.keys() - wanted.keys():
        await desk.uow.runs.cancel(challenge.id, "summary.draft", subject)
    for subject, moment in wanted.items():
        if subject not in planned:
            await desk.schedule(challenge, "summary.draft", subject, moment)
        elif planned[subject] != moment:
            await desk.reschedule(challenge, "summary.draft", subject, moment)


async def send_draft(desk: Desk, run: Run) -> None:
    """The manager gets the draft, in time to word it; not when the page is approved and nothing has changed."""
    challenge = await desk.uow.challenges.get(run.challenge_id)
    day = date.fromisoformat(run.subject)
    if challenge.ended_at is not None:
        return
    latest = await desk.uow.summaries.latest(challenge.id, day)
    fresh = await _with_fresh_counts(desk, challenge, day, latest)
    if latest and latest.state is SummaryState.APPROVED:
        if fresh is latest:
            return
    elif fresh is not latest and (latest or fresh.lines):
        await desk.uow.summaries.add(fresh)
    not_after = run.due_at + BEFORE_CATCH_UP
    await _show_draft(desk, challenge, day, anew=True, not_after=not_after, unprompted=True)


async def say_draft_is_late(desk: Desk, run: Run) -> None:
    """Baseroom was not running in time: the catch-up is about to begin or has begun."""
    challenge = await desk.uow.challenges.get(run.challenge_id)
    day = date.fromisoformat(run.subject)
    sentence = (
        f"The draft for the catch-up on {in_words(day)} could not be sent in time. "
        f"To word it now, type: summary edit {day.day} {day:%b}"
    )
    if challenge.ended_at is None:
        await desk.tell_managers(challenge, Intent(kind="notice", to=NOWHERE, params={"text": sentence}))


async def follow_the_wall(desk: Desk, challenge: Challenge) -> None:
    """Once today's draft is out, its card says when the wall has changed since."""
    local = desk.local(challenge)
    today = local.date()
    drafted_at = datetime.combine(today, challenge.catch_up_time) - BEFORE_CATCH_UP
    if not is_on_site(challenge, today) or local.replace(tzinfo=None) < drafted_at:
        return
    if await desk.uow.summaries.latest(challenge.id, today):
        await _show_draft(desk, challenge, today)


# ---------------------------------------------------------------- the manager: wording it


async def word_day(turn: Turn, args: str) -> Form:
    seat = await access_meant_seat(turn)
    return await _open_wording(turn, seat, _day(turn, seat, args), anew=True)


async def open_wording(turn: Turn, value: str) -> Form:
    """`value`: the challenge and the day."""
    challenge_id, _, day = value.partition(" ")
    seat = await access_challenge(turn, ChallengeId(challenge_id))
    return await _open_wording(turn, seat, _day(turn, seat, day))


async def _open_wording(turn: Turn, seat: Seat, day: date, *, anew: bool = False) -> Form:
    """The form over the newest version, its counts as the wall now has them. Raises `NothingHeard`."""
    latest = await turn.uow.summaries.latest(seat.challenge.id, day)
    current = await _with_fresh_counts(turn, seat.challenge, day, latest, seat.member.id)
    if not current.lines:
        raise NothingHeard
    if current is not latest:
        await _add(turn, current)
        if not anew:  # typed: the card comes when the words are saved
            await _show_draft(turn, seat.challenge, day)
    return cards.wording_form(current, seat.challenge.host, turn.house.framework_of(seat.challenge).words, anew=anew)


async def save_wording(turn: Turn, sent: Submitted) -> Outcome:
    """Keep a page of the form as a new version; the next page, or the card with what is to be approved."""
    shown, seat = await _access_summary(turn, sent.carried.get("summary", ""))
    page = page_carried(sent.carried.get("page", "0"), of=cards.pages_of(shown))
    anew = bool(sent.carried.get("anew"))
    latest = await turn.uow.summaries.latest(shown.challenge_id, shown.day) or shown
    typed = {
        key_of(line): str(sent.values.get(f"line{number}", "")).strip()
        for number, line in enumerate(cards.lines_on(shown, page))
    }
    is_last = page + 1 == cards.pages_of(shown)
    note = str(sent.values.get("note", "")).strip() if is_last else latest.note
    saved = await _save(turn, seat, shown, latest, typed, note)
    if saved is None:
        return FormErrors({"": str(WordedMeanwhile())})
    if not is_last:
        words = turn.house.framework_of(seat.challenge).words
        return cards.wording_form(saved, seat.challenge.host, words, page=page + 1, anew=anew)
    await _show_draft(turn, seat.challenge, shown.day, anew=anew)
    return None


async def _save(
    turn: Turn, seat: Seat, shown: Summary, latest: Summary, typed: Mapping[LineKey, str], note: str
) -> Summary | None:
    """The version that now holds what was typed; None when somebody else has changed the words meanwhile.

    Counts may have been refreshed since the form was opened, and the same form may come twice: neither is a clash.
    """
    wanted = replace(
        latest,
        id=SummaryId(new_id()),
        version=latest.version + 1,
        state=SummaryState.DRAFT,
        lines=reworded(latest.lines, typed),
        note=note,
        made_at=turn.now,
        made_by=seat.member.id,
    )
    if same_words(wanted, latest):
        return latest
    if not same_words(shown, latest):
        return None
    await _add(turn, wanted)
    return wanted


# ---------------------------------------------------------------- the manager: approving it


async def approve_day(turn: Turn, args: str) -> None:
    seat = await access_meant_seat(turn)
    day = _day(turn, seat, args)
    latest = await turn.uow.summaries.latest(seat.challenge.id, day)
    if latest is None:
        raise Refusal(f"There is no draft for {in_words(day)} yet. Type: summary edit {day.day} {day:%b}")
    await _approve(turn, seat, latest)


async def approve(turn: Turn, summary_id: str) -> None:
    await _approve_shown(turn, summary_id)


async def approve_flagged(turn: Turn, summary_id: str) -> None:
    """The second time of asking, when what is flagged has been read."""
    await _approve_shown(turn, summary_id, flags_read=True)


async def _approve_shown(turn: Turn, summary_id: str, *, flags_read: bool = False) -> None:
    """Approve the version that was on the card, if it is the newest still."""
    shown, seat = await _access_summary(turn, summary_id)
    latest = await turn.uow.summaries.latest(shown.challenge_id, shown.day)
    if latest != shown:
        await turn.say(str(SummaryMovedOn()), challenge=seat.challenge)
        await _show_draft(turn, seat.challenge, shown.day, anew=True)
        return
    await _approve(turn, seat, shown, flags_read=flags_read)


async def _approve(turn: Turn, seat: Seat, draft: Summary, *, flags_read: bool = False) -> None:
    """1 look for what could point at somebody; 2 keep the version as approved; 3 hand the page out."""
    if draft.state is SummaryState.APPROVED:
        raise Refusal(f"The page for {in_words(draft.day)} is approved already. To change it, press Edit.")
    if not draft.lines:
        raise NothingHeard
    if not flags_read and await cards.flags_on(turn, draft):
        flagged = Intent(kind="summary.flags", to=NOWHERE, record=draft.id, version=draft.version)
        await turn.send_to(seat.challenge, seat.member, flagged)
        return
    approved = replace(
        draft,
        id=SummaryId(new_id()),
        version=draft.version + 1,
        state=SummaryState.APPROVED,
        made_at=turn.now,
        made_by=seat.member.id,
    )
    await _add(turn, approved)
    page = Intent(kind="summary.client_page", to=NOWHERE, record=approved.id, version=approved.version)
    await turn.tell_managers(seat.challenge, page)
    await turn.post_to_channels(seat.challenge, page)
    await _show_draft(turn, seat.challenge, approved.day)


# ---------------------------------------------------------------- versions


async def _access_summary(turn: Turn, summary_id: str) -> tuple[Summary, Seat]:
    """Raises `RecordGone`, and whatever `access_challenge` raises."""
    try:
        summary = await turn.uow.summaries.get(SummaryId(summary_id))
    except NotStored as exc:
        raise RecordGone from exc
    return summary, await access_challenge(turn, summary.challenge_id)


async def _with_fresh_counts(
    desk: Desk, challenge: Challenge, day: date, latest: Summary | None, made_by: MemberId | None = None
) -> Summary:
    """The newest version when it still says what the wall says, else the next one (not yet stored), a draft."""
    tallies = await desk.uow.summaries.tally(challenge.id, day)
    themes = await desk.uow.themes.of_challenge(challenge.id)
    lines = drafted(tallies, themes, latest.lines if latest else ())
    if latest and not counts_differ(latest.lines, lines):
        return latest
    return Summary(
        id=SummaryId(new_id()),
        challenge_id=challenge.id,
        day=day,
        version=latest.version + 1 if latest else 1,
        state=SummaryState.DRAFT,
        lines=lines,
        note=latest.note if latest else "",
        made_at=desk.now,
        made_by=made_by,
    )


async def _add(turn: Turn, summary: Summary) -> None:
    """Raises `SummaryMovedOn` when somebody else has just made that version."""
    try:
        await turn.uow.summaries.add(summary)
    except AlreadyStored as exc:
        raise SummaryMovedOn from exc
    done = "approved" if summary.state is SummaryState.APPROVED else "worded"
    turn.audit(summary.challenge_id, f"summary.{done}", summary.id, version=summary.version)


async def _show_draft(
    desk: Desk,
    challenge: Challenge,
    day: date,
    *,
    anew: bool = False,
    not_after: datetime | None = None,
    unprompted: bool = False,
) -> None:
    """The manager's card of a day: edited in place, or posted afresh at the end of the conversation."""
    card = Intent(
        kind="summary.draft",
        to=NOWHERE,
        record=challenge.id,
        params={"day": day.isoformat()},
        slot=f"summary:{challenge.id}:{day.isoformat()}",
        not_after=not_after,
        unprompted=unprompted,
        anew=anew,
    )
    await desk.tell_managers(challenge, card)
