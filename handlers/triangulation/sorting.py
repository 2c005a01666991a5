"""Putting unsorted findings on their flip charts, ten at a time, as a team does standing at the wall.

Anyone on the team may sort a finding that has no theme yet, whoever heard it; one that has a theme is left to its
author and the manager.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.access import access_challenge, access_meant_seat
from handlers.chat import Form, Outcome, Submitted
from handlers.desk import Turn
from handlers.errors import RecordGone
from handlers.findings.recording import record
from handlers.triangulation import cards
from handlers.triangulation.schedule import redraw
from handlers.wording import counted
from storage.errors import NotStored
from storage.records import Challenge, ChallengeId, Finding, FindingId, SessionId, SessionState, Theme, ThemeId

AT_ONCE: Final = 10


async def open_sorting(turn: Turn, session_id: str) -> Outcome:
    """The button of a session's card: the form for what is unsorted now."""
    try:
        session = await turn.uow.sessions.get(SessionId(session_id))
    except NotStored as exc:
        raise RecordGone from exc
    return await _first_form(turn, (await access_challenge(turn, session.challenge_id)).challenge, session_id)


async def start_sorting(turn: Turn, _args: str) -> Outcome:
    """The same, at any time, by command."""
    return await _first_form(turn, (await access_meant_seat(turn)).challenge, "")


async def _first_form(turn: Turn, challenge: Challenge, session_id: str) -> Outcome:
    form = await _next_form(turn, challenge, session_id=session_id, after=0)
    if form is None:
        await turn.say("Nothing is unsorted: every finding has its theme.", challenge=challenge)
    return form


async def _next_form(turn: Turn, challenge: Challenge, *, session_id: str, after: int) -> Form | None:
    """The unsorted findings numbered above `after`, at most ten; None when there are none."""
    voices = await turn.uow.voices.on_the_wall(challenge.id, sources=False)
    unsorted = [voice.number for voice in voices if not voice.theme_ids and voice.number > after]
    found = [await turn.uow.findings.by_number(challenge.id, number) for number in unsorted[:AT_ONCE]]
    findings = [finding for finding in found if finding is not None]
    if not findings:
        return None
    carried = {"challenge": challenge.id, "session": session_id, "after": str(findings[-1].number)}
    return cards.sort_form(findings, await _open_themes(turn, challenge), left=len(unsorted), carried=carried)


async def sort_findings(turn: Turn, form: Submitted) -> Outcome:
    """Put each finding on the theme chosen for it; the next ten follow, if there are more.

    A finding that somebody else has sorted meanwhile stays where they put it.
    """
    challenge = (await access_challenge(turn, ChallengeId(form.carried.get("challenge", "")))).challenge
    themes = {theme.id for theme in await _open_themes(turn, challenge)}
    chosen = {FindingId(name): ThemeId(value) for name, value in form.values.items() if value in themes}
    findings = await _still_unsorted(turn, challenge, list(chosen))
    for finding in findings:
        await record(turn, finding, _sorted_by_hand(finding, chosen[finding.id], turn), "sorted")
    if findings:
        await _show_sorted(turn, challenge, form.carried.get("session", ""))
    return await _go_on(turn, challenge, form, len(findings))


async def _go_on(turn: Turn, challenge: Challenge, form: Submitted, count: int) -> Form | None:
    after = form.carried.get("after", "")
    session_id = form.carried.get("session", "")
    more = await _next_form(turn, challenge, session_id=session_id, after=int(after) if after.isdecimal() else 0)
    if more is None:
        sentence = f"Sorted {counted(count, 'finding', 'findings')}." if count else "Nothing was sorted."
        await turn.say(sentence, challenge=challenge)
    return more


async def _still_unsorted(turn: Turn, challenge: Challenge, ids: Sequence[FindingId]) -> list[Finding]:
    found = []
    for finding_id in ids[:AT_ONCE]:
        try:
            finding = await turn.uow.findings.get(finding_id)
        except NotStored:
            continue
        if finding.challenge_id == challenge.id and finding.on_the_wall and not finding.theme_ids:
            found.append(finding)
    return found


def _sorted_by_hand(finding: Finding, theme_id: ThemeId, turn: Turn) -> Finding:
    return replace(
        finding,
        theme_ids=(theme_id,),
        set_by_hand=finding.set_by_hand | {"themes"},
        version=finding.version + 1,
        changed_at=turn.now,
    )


async def _show_sorted(turn: Turn, challenge: Challenge, session_id: str) -> None:
    """The wall has changed: whoever watches it hears of it, and the session's card is put right in its place."""
    await turn.tell_wall_watchers(challenge)
    sessions = await turn.uow.sessions.of_challenge(challenge.id)
    held = [session for session in sessions if session.state is SessionState.POSTED]
    asked = [session for session in held if session.id == session_id] or held[-1:]
    for session in asked:
        await redraw(turn, challenge, session)


async def _open_themes(turn: Turn, challenge: Challenge) -> list[Theme]:
    return [theme for theme in await turn.uow.themes.of_challenge(challenge.id) if theme.is_open]
