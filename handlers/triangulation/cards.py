"""What people see of the sessions: numbers and themes for everybody, the findings' words for the one who asks.

A session's card is read standing at the wall, on a phone: a line for each theme, and nothing that is not news.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Choice,
    ChoiceField,
    Confirm,
    Element,
    Form,
    FormPart,
    Text,
    TextField,
    bold,
    heading,
    note,
    quote,
    text,
)
from handlers.desk import Desk
from handlers.frameworks import Words
from handlers.text import shorten
from handlers.triangulation.leads import leads_at
from handlers.triangulation.rules import Comparison, Side, Standing, compare
from handlers.wording import counted, counted_kind, listed, name_day
from storage.records import (
    Address,
    Challenge,
    Finding,
    Intent,
    Kind,
    MemberId,
    Session,
    SessionId,
    SessionState,
    Theme,
    ThemeId,
    Voice,
)

MOST_NUMBERS = 8  # in one line
MOST_FINDINGS = 15  # on one card
SHORTENED = 280  # characters of a finding on a list

# ---------------------------------------------------------------- the session itself


async def build_session(desk: Desk, intent: Intent) -> Card:
    """What was new at the session, what is unsorted, what rests on one voice, where there are both sides.

    It shows the findings that stood on the wall when the session was held, as they are now.
    """
    session = await desk.uow.sessions.get(SessionId(intent.record))
    challenge = await desk.uow.challenges.get(session.challenge_id)
    voices = await desk.uow.voices.on_the_wall(challenge.id, up_to_number=session.up_to_number)
    themes = await desk.uow.themes.of_challenge(challenge.id)
    earlier = _held_before(session, await desk.uow.sessions.of_challenge(challenge.id))
    words = desk.house.framework_of(challenge).words
    wall = compare(voices, themes, after_number=session.after_number)
    return Card(
        notification=_notification(session, wall),
        elements=(
            heading(f"{session.time:%H:%M} session · {name_day(challenge, session.day)}"),
            *_new_part(wall, words, earlier, session),
            *_unsorted_part(wall),
            *_part("Rests on one voice", [_voice_line(each) for each in wall.where(_is_single)]),
            *_part(
                f"Both {words.strength_plural} and {words.improvement_plural}",
                [_sides_line(each, words) for each in wall.where(_is_mixed)],
            ),
            *_quiet_part(wall),
            *_session_buttons(session, wall),
            *await _changes_of_the_next(desk, challenge, session, intent.to),
        ),
    )


async def _changes_of_the_next(desk: Desk, challenge: Challenge, held: Session, to: Address) -> tuple[Element, ...]:
    """Under a session's card, for those who lead: the buttons that move or skip the next one of that day."""
    today = await desk.uow.sessions.of_challenge(challenge.id, held.day)
    coming = [other for other in today if other.state is SessionState.PLANNED and other.time > held.time]
    leads = await leads_at(desk, challenge, to) if coming else ()
    return _changes(min(coming, key=lambda other: other.time), leads) if leads else ()


def _is_single(standing: Standing) -> bool:
    return standing.rests_on_one_voice


def _is_mixed(standing: Standing) -> bool:
    return standing.is_mixed


def _held_before(session: Session, sessions: Sequence[Session]) -> Session | None:
    """The session after which this one's findings are new."""
    held = [
        other
        for other in sessions
        if other.state is SessionState.POSTED and other.id != session.id and other.up_to_number <= session.after_number
    ]
    return max(held, key=lambda other: (other.up_to_number, other.day, other.time), default=None)


def _notification(session: Session, wall: Comparison) -> str:
    return f"{session.time:%H:%M} session: {len(wall.fresh)} new, {len(wall.unsorted)} unsorted"


def _new_part(wall: Comparison, words: Words, earlier: Session | None, session: Session) -> tuple[Element, ...]:
    since = _since(earlier, session)
    if not wall.fresh:
        return (text(f"Nothing new{since}."),)
    peers = len({voice.author_id for voice in wall.fresh})
    lines = tuple(_news_line(standing, words) for standing in wall.standings if standing.fresh)
    return (
        text(
            f"{counted(len(wall.fresh), 'new finding', 'new findings')} from {counted(peers, 'peer', 'peers')}{since}."
        ),
        *((Bullets(lines),) if lines else ()),
    )


def _since(earlier: Session | None, session: Session) -> str:
    if earlier is None:
        return " so far"
    day = "" if earlier.day == session.day else f"{earlier.day:%A} "
    return f" since {day}{earlier.time:%H:%M}"


def _news_line(standing: Standing, words: Words) -> Text:
    fresh = {kind: sum(voice.kind is kind for voice in standing.fresh) for kind in (*Kind, None)}
    counts = ", ".join(counted_kind(kind, count, words) for kind, count in fresh.items() if count)
    return text(
        f"{standing.theme.emoji} ",
        bold(standing.theme.short),
        f": {counts} · {_numbers(standing.fresh)} · {standing.status}",
    )


def _unsorted_part(wall: Comparison) -> tuple[Element, ...]:
    if not wall.unsorted:
        return ()
    return (text(bold(f"Unsorted: {len(wall.unsorted)}"), f" · {_numbers(wall.unsorted)}"),)


def _part(title: str, lines: Sequence[Text]) -> tuple[Element, ...]:
    return (text(bold(title)), Bullets(tuple(lines))) if lines else ()


def _voice_line(standing: Standing) -> Text:
    count = counted(len(standing.voices), "finding", "findings")
    return text(f"{standing.theme.emoji} {standing.theme.short}: {standing.status} ({count})")


def _sides_line(standing: Standing, words: Words) -> Text:
    sides = ", ".join(_side(side, words) for side in standing.sides if side.kind)
    return text(f"{standing.theme.emoji} {standing.theme.short}: {sides}")


def _side(side: Side, words: Words) -> str:
    return counted_kind(side.kind, side.count, words) + (" (triangulated)" if side.triangulated else "")


def _quiet_part(wall: Comparison) -> tuple[Element, ...]:
    """What is settled, and what nobody has spoken of, each in one line of small print."""
    settled = ", ".join(each.theme.short for each in wall.standings if each.is_triangulated)
    silent = ", ".join(theme.short for theme in wall.silent)
    lines = [f"Triangulated: {settled}." if settled else "", f"Nothing yet on: {silent}." if silent else ""]
    return tuple(note(line) for line in lines if line)


def _session_buttons(session: Session, wall: Comparison) -> tuple[Element, ...]:
    show = Button("Show the findings", action="triangulation.show", value=session.id)
    sort = Button("Sort them", action="triangulation.sort", value=session.id, opens="triangulation.sort")
    offered = [*([show] if wall.fresh else []), *([sort] if wall.unsorted else [])]
    return (Buttons(tuple(offered)),) if offered else ()


def _numbers(voices: Sequence[Voice]) -> str:
    """ "#41 #42", the first few of many."""
    shown = " ".join(f"#{voice.number}" for voice in voices[:MOST_NUMBERS])
    left = len(voices) - MOST_NUMBERS
    return f"{shown} and {left} more" if left > 0 else shown


# ---------------------------------------------------------------- too late to post


async def build_missed(desk: Desk, intent: Intent) -> Card | None:
    """What was not posted that day, for the manager, with the latest still to be had while the day lasts."""
    assert intent.challenge_id
    challenge = await desk.uow.challenges.get(intent.challenge_id)
    day = date.fromisoformat(intent.record)
    sessions = await desk.uow.sessions.of_challenge(challenge.id, day)
    missed = [session for session in sessions if session.state is SessionState.MISSED]
    if not missed:
        return None
    times = listed([f"{session.time:%H:%M}" for session in missed])
    was = "session was" if len(missed) == 1 else "sessions were"
    why = "Baseroom was not running, or could not reach the channel, until too late"
    sentence = f"The {times} {was} not posted: {why}."
    button = Button("Post it now", action="triangulation.post_late", value=missed[-1].id, style=ButtonStyle.PRIMARY)
    is_today = day == desk.local(challenge).date()
    return Card(
        notification=f"The {times} {was} not posted",
        elements=(
            heading(name_day(challenge, day)),
            text(sentence),
            *((Buttons((button,)),) if is_today else ()),
        ),
    )


# ---------------------------------------------------------------- the day's sessions


async def build_day(desk: Desk, intent: Intent) -> Card:
    """Today's sessions and where each stands; on another day, when the next one is."""
    assert intent.challenge_id
    challenge = await desk.uow.challenges.get(intent.challenge_id)
    day = date.fromisoformat(intent.record)
    sessions = await desk.uow.sessions.of_challenge(challenge.id, day)
    if not sessions:
        return await _no_sessions(desk, challenge)
    lines = tuple(text(bold(f"{session.time:%H:%M}"), f" · {state_of(session)}") for session in sessions)
    in_public = bool(intent.to.conversation) and intent.to.account is None
    only_for = await leads_at(desk, challenge, intent.to) if in_public else ()
    may_change = bool(only_for) if in_public else bool(intent.params.get("leads"))
    buttons = tuple(row for session in sessions for row in _changes(session, only_for)) if may_change else ()
    return Card(
        notification=f"{counted(len(sessions), 'peer team session', 'peer team sessions')} today",
        elements=(heading(f"Sessions · {name_day(challenge, day)}"), Bullets(lines), *buttons),
    )


async def _no_sessions(desk: Desk, challenge: Challenge) -> Card:
    local = desk.local(challenge)
    following = await desk.uow.sessions.next_after(challenge.id, local.date(), local.time())
    then = f" The next is {name_day(challenge, following.day)}, at {following.time:%H:%M}." if following else ""
    sentence = f"There are no peer team sessions today.{then}"
    return Card(notification="No peer team sessions today", elements=(text(sentence),))


def state_of(session: Session) -> str:
    """Where a session stands, in a few words."""
    match session.state:
        case SessionState.POSTED:
            return "held"
        case SessionState.MISSED:
            return "not posted"
        case SessionState.SKIPPED:
            return "skipped today"
        case SessionState.PLANNED:
            return "to come" if session.time == session.planned else f"to come (moved from {session.planned:%H:%M})"


def _changes(session: Session, only_for: tuple[str, ...] = ()) -> tuple[Element, ...]:
    """The buttons that change a session; in a channel only for those who may."""
    at = f"{session.time:%H:%M}"
    if session.state is SessionState.SKIPPED:
        return (Buttons((Button(f"Hold {at} after all", action="triangulation.unskip", value=session.id),), only_for),)
    if session.state is not SessionState.PLANNED:
        return ()
    sure = Confirm(f"Skip {at}?", "The team channel will be told. It is for today only.", "Skip it")
    move = Button(f"Move {at}", action="triangulation.move", value=session.id, opens="triangulation.move")
    skip = Button(f"Skip {at}", action="triangulation.skip", value=session.id, confirm=sure)
    return (Buttons((move, skip), only_for),)


def move_form(sessions: Sequence[Session]) -> Form:
    """Which session, and its time today. It carries when each is now, to tell whether that was changed meanwhile."""
    choices = tuple(Choice(f"{session.time:%H:%M}", session.id) for session in sessions)
    chosen = (choices[0].value,) if len(choices) == 1 else ()
    which = ChoiceField(name="session", label="Session", choices=choices, chosen=chosen, required=True)
    to = TextField(name="to", label="New time today", placeholder="13:30", required=True, max_length=60)
    about = text("For today only. The team channel will be told.")
    times: dict[str, str] = {session.id: f"{session.time:%H:%M}" for session in sessions}
    return Form("triangulation.move", "Move a session", (about, which, to), submit="Move", carried=times)


# ---------------------------------------------------------------- the words behind the numbers


async def build_findings(desk: Desk, intent: Intent) -> Card:
    """What was new at a session, theme by theme, in the peers' own words; some at a time."""
    session = await desk.uow.sessions.get(SessionId(intent.record))
    themes = await desk.uow.themes.of_challenge(session.challenge_id)
    on_the_wall = await desk.uow.findings.on_the_wall(session.challenge_id)
    fresh = [each for each in on_the_wall if session.after_number < each.number <= session.up_to_number]
    team = await desk.uow.members.of_challenge(session.challenge_id, with_removed=True)
    initials = {member.id: member.initials for member in team}
    shown = int(intent.params["shown"])
    page = _by_theme(fresh, themes)[shown : shown + MOST_FINDINGS]
    return Card(
        notification=f"{counted(len(page), 'finding', 'findings')} of the {session.time:%H:%M} session",
        elements=(
            heading(f"New at the {session.time:%H:%M} session"),
            *(element for theme, group in groupby(page, _theme) for element in _chart(theme, group, initials)),
            *_more(session, shown + len(page), len(fresh)),
            note("Shown to you alone." if page else "Nothing was new, or it has been withdrawn."),
        ),
    )


def _theme(placed: tuple[Theme | None, Finding]) -> Theme | None:
    return placed[0]


def _chart(
    theme: Theme | None, group: Iterable[tuple[Theme | None, Finding]], initials: Mapping[MemberId, str]
) -> tuple[Text, ...]:
    """A flip chart: its theme, then its post-its."""
    title = f"{theme.emoji} {theme.short}" if theme else "Unsorted"
    return (text(bold(title)), *(_post_it(finding, initials[finding.author_id]) for _, finding in group))


def _more(session: Session, shown: int, count: int) -> tuple[Element, ...]:
    if shown >= count:
        return ()
    more = Button(f"Show {count - shown} more", action="triangulation.show", value=f"{session.id}:{shown}")
    return (Buttons((more,)),)


def _by_theme(findings: Sequence[Finding], themes: Sequence[Theme]) -> list[tuple[Theme | None, Finding]]:
    """Each finding once, under its first theme in wall order; the unsorted last."""
    positions: dict[ThemeId, int] = {theme.id: position for position, theme in enumerate(themes)}
    placed = []
    for finding in findings:
        first = min((positions[theme_id] for theme_id in finding.theme_ids), default=len(themes))
        placed.append((first, finding.number, finding))
    return [
        (themes[position] if position < len(themes) else None, finding)
        for position, _, finding in sorted(placed, key=lambda each: each[:2])
    ]


def _post_it(finding: Finding, initials: str) -> Text:
    kind = {Kind.STRENGTH: " · +", Kind.IMPROVEMENT: " · –", None: ""}[finding.kind]
    words = shorten(finding.text, SHORTENED) if finding.readable else "(cannot be read)"
    return quote(f"#{finding.number} · {initials}{kind} · {words}")


# ---------------------------------------------------------------- sorting


def sort_form(findings: Sequence[Finding], themes: Sequence[Theme], *, left: int, carried: Mapping[str, str]) -> Form:
    """A choice of theme under the words of each finding. What is left open stays unsorted."""
    choices = tuple(Choice(f"{theme.emoji} {theme.short}", theme.id) for theme in themes)
    parts: list[FormPart] = [text(f"{left} unsorted. Choose a theme for each; leave open what you are not sure of.")]
    for finding in findings:
        parts.append(quote(f"#{finding.number} · {shorten(finding.text, SHORTENED)}"))
        parts.append(ChoiceField(name=finding.id, label=f"Theme of #{finding.number}", choices=choices))
    return Form("triangulation.sort", "Sort findings", tuple(parts), submit="Save", carried=carried)
