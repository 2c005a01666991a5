"""What people see of a day: the team its counts, the manager the draft and what to look at twice, and everyone the page
that was approved for the client.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Divider,
    Element,
    Form,
    FormPart,
    Text,
    TextField,
    bold,
    heading,
    note,
    text,
)
from handlers.dates import has_catch_up
from handlers.desk import Desk
from handlers.frameworks import Words
from handlers.summary.flags import Flag, flags_of
from handlers.summary.rules import STATEMENT, counts_differ, drafted, in_words
from storage.findings import Tally
from storage.records import (
    Challenge,
    ChallengeId,
    Intent,
    Kind,
    Summary,
    SummaryId,
    SummaryLine,
    SummaryState,
    Theme,
    ThemeId,
)

LINES_ON_A_PAGE = 10  # of the form
LONGEST_WORDING = 600  # characters
LONGEST_NOTE = 1500
NOTHING_BEHIND = "no findings any more"

# ---------------------------------------------------------------- the client's page


async def build_client_page(desk: Desk, intent: Intent) -> Card | None:
    """The page exactly as it was approved; a version that was not approved goes to nobody."""
    summary = await desk.uow.summaries.get(SummaryId(intent.record))
    if summary.state is not SummaryState.APPROVED:
        return None
    challenge = await desk.uow.challenges.get(summary.challenge_id)
    return Card(
        notification=f"For the client: {in_words(summary.day)}, approved",
        elements=_approved_page(summary, challenge, desk.house.framework_of(challenge).words),
    )


def _approved_page(summary: Summary, challenge: Challenge, words: Words) -> tuple[Element, ...]:
    return (
        heading(f"For the client · {in_words(summary.day)}"),
        note(f"{challenge.host} · approved {_moment(summary, challenge)}"),
        *_page(summary, words),
    )


def _page(summary: Summary, words: Words) -> tuple[Element, ...]:
    """The statement, the note, and theme by theme what was heard, in the manager's words."""
    elements: list[Element] = [text(STATEMENT)]
    if summary.note:
        elements.append(text(summary.note))
    for (_, emoji, theme), lines in groupby(summary.lines, key=lambda line: (line.theme_id, line.emoji, line.theme)):
        elements.append(text(bold(f"{emoji} {theme}".strip())))
        elements.append(Bullets(tuple(_page_line(line, words) for line in lines)))
    return tuple(elements)


def _page_line(line: SummaryLine, words: Words) -> Text:
    facts = " · ".join(part for part in (counted(line, words), line.sources) if part)
    return text(facts, f"\n{line.wording}" if line.wording else "")


def counted(line: SummaryLine, words: Words) -> str:
    """ "3 strengths", "1 area to explore", "2 observations"."""
    if not line.count:
        return NOTHING_BEHIND
    one, several = _kind_words(line.kind, words)
    return f"{line.count} {one if line.count == 1 else several}"


def _kind_words(kind: Kind | None, words: Words) -> tuple[str, str]:
    match kind:
        case Kind.STRENGTH:
            return words.strength, words.strength_plural
        case Kind.IMPROVEMENT:
            return words.improvement, words.improvement_plural
        case None:
            return "observation", "observations"


def _moment(summary: Summary, challenge: Challenge) -> str:
    """ "16:40", with its day when that is another than the summary's."""
    local = summary.made_at.astimezone(challenge.tz)
    return f"{local:%H:%M}" if local.date() == summary.day else f"{local:%H:%M} on {in_words(local.date())}"


# ---------------------------------------------------------------- for the manager


async def build_draft(desk: Desk, intent: Intent) -> Card:
    """The page of a day as it now stands, what to look at twice, and whether the wall has changed since."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    day = date.fromisoformat(intent.params["day"])
    latest = await desk.uow.summaries.latest(challenge.id, day)
    if latest is None or not latest.lines:
        return _nothing_heard(day, _what_for(desk, challenge, day))
    approved = await desk.uow.summaries.latest(challenge.id, day, SummaryState.APPROVED)
    state = latest.state.value
    return Card(
        notification=f"The client’s page for {in_words(day)}: {state}",
        elements=(
            heading(f"{state.capitalize()} · for the client · {in_words(day)}"),
            note(f"{challenge.host} · {_standing(latest, approved, challenge, _what_for(desk, challenge, day))}"),
            *_page(latest, desk.house.framework_of(challenge).words),
            Divider(),
            *_look_twice(await flags_on(desk, latest)),
            *await _news_of_the_wall(desk, latest),
            _draft_buttons(latest),
        ),
    )


def _nothing_heard(day: date, what_for: str) -> Card:
    return Card(
        notification=f"No draft for {in_words(day)}",
        elements=(
            text(f"Nothing was heard on {in_words(day)} yet, so there is no draft{what_for}."),
            note("When there is, type: summary edit"),
        ),
    )


def _what_for(desk: Desk, challenge: Challenge, day: date) -> str:
    """Which catch-up the page is for; that there is none on the day of the final feedback."""
    feedback = desk.house.framework_of(challenge).final_feedback_time
    if has_catch_up(challenge, day, feedback):
        return f" for the {challenge.catch_up_time:%H:%M} catch-up"
    return f", though this day has no catch-up: the final feedback is at {feedback:%H:%M}"


def _standing(latest: Summary, approved: Summary | None, challenge: Challenge, what_for: str) -> str:
    """Where the page stands, in a few words."""
    if latest == approved:
        return f"approved {_moment(latest, challenge)}"
    drawn_up = f"drafted {_moment(latest, challenge)}{what_for}"
    if approved is None:
        return drawn_up
    return f"{drawn_up}; what was approved at {_moment(approved, challenge)} stands until you approve this"


async def flags_on(desk: Desk, summary: Summary) -> tuple[Flag, ...]:
    """What to look at twice; nobody's findings are opened for a page without a word of the manager's on it."""
    roster = await desk.uow.members.of_challenge(summary.challenge_id, with_removed=True)
    worded = summary.note or any(line.wording for line in summary.lines)
    if not worded:
        return flags_of(summary, roster, [])
    wall = await desk.uow.findings.on_the_wall(summary.challenge_id)
    kept_back = await desk.uow.findings.sensitive_of(summary.challenge_id)  # what least of all may be repeated
    return flags_of(summary, roster, [finding.text for finding in (*wall, *kept_back)])


def _look_twice(flags: Sequence[Flag]) -> tuple[Element, ...]:
    if not flags:
        return ()
    lines = Bullets(tuple(text(bold(f"“{flag.found}”"), f": {flag.why}") for flag in flags))
    return (text(bold("Look at this twice before you approve")), lines)


async def _news_of_the_wall(desk: Desk, summary: Summary) -> tuple[Element, ...]:
    tallies = await desk.uow.summaries.tally(summary.challenge_id, summary.day)
    fresh = drafted(tallies, await desk.uow.themes.of_challenge(summary.challenge_id))
    if not counts_differ(summary.lines, fresh):
        return ()
    return (text(bold("The wall has changed since."), " Press Edit to take in the new counts."),)


def _draft_buttons(latest: Summary) -> Buttons:
    edit = edit_button(latest.challenge_id, latest.day)
    if latest.state is SummaryState.APPROVED:
        return Buttons((edit,))
    approve = Button("Approve", action="summary.approve", value=latest.id, style=ButtonStyle.PRIMARY)
    return Buttons((edit, approve))


def edit_button(challenge_id: ChallengeId, day: date, label: str = "Edit") -> Button:
    return Button(label, action="summary.edit", value=f"{challenge_id} {day.isoformat()}", opens="summary.edit")


async def build_flags(desk: Desk, intent: Intent) -> Card:
    """Asked a second time: what is flagged, by name, and whether it may go to the client all the same."""
    summary = await desk.uow.summaries.get(SummaryId(intent.record))
    approve = Button(
        "Approve all the same", action="summary.approve_flagged", value=summary.id, style=ButtonStyle.DANGER
    )
    return Card(
        notification=f"Not yet approved: look twice at {in_words(summary.day)}",
        elements=(
            text(f"{in_words(summary.day)} is not approved yet. Some of it may show who said something:"),
            *_look_twice(await flags_on(desk, summary)),
            Buttons((edit_button(summary.challenge_id, summary.day), approve)),
        ),
    )


# ---------------------------------------------------------------- for the team


async def build_day(desk: Desk, intent: Intent) -> Card:
    """What a day has brought, by theme and kind; the client's page once it is approved, and never before."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    day = date.fromisoformat(intent.params["day"])
    words = desk.house.framework_of(challenge).words
    many = await desk.uow.findings.count(challenge.id, day)
    tallies = await desk.uow.findings.tally(challenge.id, day)
    lines = _team_lines(tallies, await desk.uow.themes.of_challenge(challenge.id), words)
    latest = await desk.uow.summaries.latest(challenge.id, day)
    approved = await desk.uow.summaries.latest(challenge.id, day, SummaryState.APPROVED)
    return Card(
        notification=f"{in_words(day)}: {_findings(many)}",
        elements=(
            heading(f"{in_words(day)} · {_findings(many)}"),
            Bullets(lines) if lines else text("Nothing has been heard on this day yet."),
            text(_state_of_page(latest, approved, challenge)),
            *((Divider(), *_approved_page(approved, challenge, words)) if approved else ()),
            *((Buttons((edit_button(challenge.id, day, "Edit the client’s page"),)),) if intent.params["edit"] else ()),
        ),
    )


def _findings(many: int) -> str:
    return "1 finding" if many == 1 else f"{many} findings"


def _team_lines(tallies: Sequence[Tally], themes: Sequence[Theme], words: Words) -> tuple[Text, ...]:
    """One line for each flip chart that has something, what is unsorted last."""
    charts: list[tuple[ThemeId | None, str]] = [(theme.id, f"{theme.emoji} {theme.short}") for theme in themes]
    lines = []
    for theme_id, name in [*charts, (None, "Unsorted")]:
        counts = {tally.kind: tally.count for tally in tallies if tally.theme_id == theme_id}
        said = [
            f"{counts[kind]} {one if counts[kind] == 1 else several}"
            for kind in (Kind.STRENGTH, Kind.IMPROVEMENT, None)
            if kind in counts
            for one, several in [_kind_words(kind, words)]
        ]
        if said:
            lines.append(text(bold(name), f": {', '.join(said)}"))
    return tuple(lines)


def _state_of_page(latest: Summary | None, approved: Summary | None, challenge: Challenge) -> str:
    if approved is None:
        return "The client’s page is not drafted yet." if latest is None else "The client’s page is a draft."
    newer = "" if latest == approved else " A newer draft waits for approval."
    return f"The client’s page was approved at {_moment(approved, challenge)}.{newer}"


# ---------------------------------------------------------------- the form


def pages_of(summary: Summary) -> int:
    """How many pages the form has: ten lines on each."""
    return max(1, -(-len(summary.lines) // LINES_ON_A_PAGE))


def lines_on(summary: Summary, page: int) -> tuple[SummaryLine, ...]:
    return summary.lines[page * LINES_ON_A_PAGE : (page + 1) * LINES_ON_A_PAGE]


def wording_form(summary: Summary, host: str, words: Words, *, page: int = 0, anew: bool = False) -> Form:
    """One field for each line of a page of the form, and on the last page the note above them all."""
    parts: list[FormPart] = [
        note(host),
        note("The client reads these words. Name nobody, and no post that one person holds."),
    ]
    parts += [
        TextField(
            name=f"line{number}",
            label=f"{line.emoji} {line.theme}: {counted(line, words)}".strip(),
            value=line.wording,
            lines=True,
            max_length=LONGEST_WORDING,
        )
        for number, line in enumerate(lines_on(summary, page))
    ]
    is_last = page == pages_of(summary) - 1
    if is_last:
        parts.append(
            TextField(
                name="note",
                label="Anything to say above them all",
                value=summary.note,
                lines=True,
                max_length=LONGEST_NOTE,
            )
        )
    return Form(
        name="summary.edit",
        title="The client’s page",
        parts=tuple(parts),
        submit="Save" if is_last else "Save and go on",
        carried={"summary": summary.id, "page": str(page), "anew": "yes" if anew else ""},
    )
