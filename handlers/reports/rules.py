"""The sheets of the workbook, worked out from the records: what a manager hands to whoever drafts the report.

A finding has one row, under its first theme, with the others beside it; practice and withdrawn findings are not there.
Of the summaries only what was approved is: a draft was never said to anybody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from handlers.checkins.rules import questions_answered
from handlers.frameworks import Framework
from handlers.reports.sheets import Cell, Column, Sheet
from handlers.reports.trail import Trail, trail_sheet
from handlers.wording import counted
from storage.records import (
    Challenge,
    CheckIn,
    CheckInReply,
    Finding,
    Kind,
    Member,
    MemberId,
    NoteDestruction,
    Role,
    Session,
    SessionState,
    Summary,
    SummaryState,
    Theme,
    ThemeId,
)

Days = tuple[str, frozenset[date]]
"""A column of the matrix: what stands over it, and the days that it counts."""

UNSORTED = "Unsorted"
CANNOT_BE_READ = "(This finding cannot be read: its record is damaged.)"
STATES = {
    SessionState.PLANNED: "planned",
    SessionState.SKIPPED: "skipped",
    SessionState.POSTED: "held",
    SessionState.MISSED: "not posted in time",
}


@dataclass(frozen=True, slots=True)
class Binder:
    """Everything that goes into a workbook, as it was read at `made_at`. `team` are those who left, too."""

    challenge: Challenge
    framework: Framework
    made_at: datetime
    team: Sequence[Member]
    themes: Sequence[Theme]
    findings: Sequence[Finding]
    sessions: Sequence[Session]
    summaries: Sequence[Summary]
    check_ins: Sequence[tuple[CheckIn, Mapping[MemberId, CheckInReply]]]
    destroyed: Sequence[NoteDestruction]
    trail: Trail = field(default_factory=Trail)
    sensitive: Sequence[Finding] = ()

    @property
    def initials(self) -> dict[MemberId, str]:
        return {member.id: member.initials for member in self.team}


def sheets_of(binder: Binder) -> list[Sheet]:
    """Every sheet, in the order of its tab."""
    return [
        about_sheet(binder),
        findings_sheet(binder),
        *([sensitive_sheet(binder)] if binder.sensitive else []),
        matrix_sheet(binder),
        sessions_sheet(binder),
        summaries_sheet(binder),
        check_ins_sheet(binder),
        register_sheet(binder),
        trail_sheet(binder.trail, binder.initials),
    ]


# ---------------------------------------------------------------- about


def about_sheet(binder: Binder) -> Sheet:
    """What it is, what is in it, and what is to become of it."""
    challenge, words = binder.challenge, binder.framework.words
    approved = sum(summary.state is SummaryState.APPROVED for summary in binder.summaries)
    left = sum(member.removed_at is not None for member in binder.team)
    holds = (
        f"Findings as peers typed them, with sources and initials. None of it is for the {words.host}: only approved "
        f"summaries are. Practice and withdrawn findings are left out; sensitive ones {_where_sensitive(binder)}."
    )
    ends = (
        f"Confidential. {binder.framework.report_due} Destroy every copy of this workbook when the report is signed "
        "off, with your other notes."
    )
    rows: list[tuple[Cell, Cell]] = [
        (words.host.capitalize(), challenge.host),
        ("Framework", binder.framework.title),
        ("First day on site", challenge.first_day),
        ("Last day on site", challenge.last_day),
        ("Times are in", challenge.zone),
        ("Made", binder.made_at),
        ("Team", _with_left(len(binder.team) - left, left)),
        ("Findings", f"{len(binder.findings)}, {_kinds_counted(binder)}"),
        ("Summaries approved", str(approved)),
        ("What it holds", holds),
        ("What is attributable", "Nothing that was heard may be attributed to a person."),
        ("What becomes of it", ends),
    ]
    title = f"{challenge.host}: {words.challenge}"
    return Sheet("About", title, (Column("", 22), Column("", 90)), rows, plain=True)


def _where_sensitive(binder: Binder) -> str:
    return "have a sheet of their own, for the challenge manager alone" if binder.sensitive else "too"


def _with_left(here: int, left: int) -> str:
    people = counted(here, "person", "people")
    return f"{people}, and {left} who left" if left else people


def _kinds_counted(binder: Binder) -> str:
    words, kinds = binder.framework.words, [finding.kind for finding in binder.findings]
    strengths, improvements = kinds.count(Kind.STRENGTH), kinds.count(Kind.IMPROVEMENT)
    return ", ".join(
        (
            counted(strengths, words.strength, words.strength_plural),
            counted(improvements, words.improvement, words.improvement_plural),
            f"{kinds.count(None)} unmarked",
        )
    )


# ---------------------------------------------------------------- findings


def findings_sheet(binder: Binder) -> Sheet:
    """One row for each finding on the wall, by theme and then by number."""
    note = "By theme. Initials only; nothing here may be attributed to anybody who was interviewed."
    return _sheet_of(binder.findings, binder, name="Findings", note=note)


def sensitive_sheet(binder: Binder) -> Sheet:
    """What is on no wall, when the challenge manager asked for it."""
    note = "For the challenge manager alone. Take this sheet out before the workbook is given to anybody."
    return _sheet_of(binder.sensitive, binder, name="Sensitive", note=note)


def _sheet_of(findings: Sequence[Finding], binder: Binder, *, name: str, note: str) -> Sheet:
    columns = (
        Column("No.", 6), Column("Theme", 17), Column("Also under", 15), Column("Kind", 14), Column("Finding", 64),
        Column("Kind of source", 12), Column("Source", 18), Column("Heard by", 8), Column("Logged by", 8),
        Column("Day", 15), Column("Time", 7), Column("Changed", 20), Column("Pre-reading", 9),
    )  # fmt: skip
    places = {theme.id: position for position, theme in enumerate(_in_order(binder.themes))}
    in_order = sorted(findings, key=lambda one: (_place(one, places), one.number))
    return Sheet(name, name, columns, [_finding_row(one, binder) for one in in_order], note=note)


def _in_order(themes: Sequence[Theme]) -> list[Theme]:
    return sorted(themes, key=lambda theme: theme.position)


def _place(finding: Finding, places: Mapping[ThemeId, int]) -> int:
    """Where its first theme stands on the wall; what is unsorted comes last."""
    return min((places[theme_id] for theme_id in finding.theme_ids if theme_id in places), default=len(places))


def _finding_row(finding: Finding, binder: Binder) -> tuple[Cell, ...]:
    titles = [theme.short for theme in _in_order(binder.themes) if theme.id in finding.theme_ids]
    zone, initials = binder.challenge.tz, binder.initials
    return (
        finding.number,
        titles[0] if titles else UNSORTED,
        "\n".join(titles[1:]),
        _kind_in_words(finding.kind, binder.framework),
        finding.text if finding.readable else CANNOT_BE_READ,
        finding.source_type.value if finding.source_type else "",
        finding.source,
        initials[finding.author_id],
        initials[finding.logged_by] if finding.logged_by != finding.author_id else "",
        finding.day,
        finding.heard_at.astimezone(zone).time().replace(second=0, microsecond=0),
        finding.changed_at,
        "yes" if finding.day < binder.challenge.first_day else "",
    )


def _kind_in_words(kind: Kind | None, framework: Framework) -> str:
    words = {Kind.STRENGTH: framework.words.strength, Kind.IMPROVEMENT: framework.words.improvement}
    return words[kind] if kind else ""


# ---------------------------------------------------------------- theme by day


def matrix_sheet(binder: Binder) -> Sheet:
    """How much there is on each theme, by day and kind. What was heard off site stands together, before the visit."""
    kinds = [Kind.STRENGTH, Kind.IMPROVEMENT, *([None] if any(one.kind is None for one in binder.findings) else [])]
    days = _days_of(binder)
    rows: list[list[Cell]] = []
    for theme in _in_order(binder.themes):
        tagged = [one for one in binder.findings if theme.id in one.theme_ids]
        if tagged or theme.is_open:
            rows.append([_title(theme), *_counts(tagged, days, kinds)])
    unsorted = [one for one in binder.findings if not one.theme_ids]
    rows.append([UNSORTED, *_counts(unsorted, days, kinds)])
    return Sheet(
        name="Theme by day",
        title="Findings by theme and day",
        columns=_matrix_columns(days, kinds, binder.framework),
        rows=rows,
        note="A finding with two themes counts under both. The last row counts each finding once.",
        totals=["All findings", *_counts(binder.findings, days, kinds)],
    )


def _title(theme: Theme) -> str:
    """ "Vision: How well is the vision articulated?": the short name is what peers type, the title what it asks."""
    return theme.title if theme.short == theme.title else f"{theme.short}: {theme.title}"


def _matrix_columns(days: Sequence[Days], kinds: Sequence[Kind | None], framework: Framework) -> tuple[Column, ...]:
    labels = [*(label for label, _ in days), "All days"]
    counted_by = [Column(f"{label}: {_plural(kind, framework)}", 10) for label in labels for kind in kinds]
    return (Column("Theme", 44), *counted_by, Column("All", 8))


def _counts(findings: Sequence[Finding], days: Sequence[Days], kinds: Sequence[Kind | None]) -> list[int]:
    """How many for each day and kind, then for each kind on all days, then in all."""
    by_day = [[one for one in findings if one.day in on] for _, on in days]
    return [*(sum(one.kind is kind for one in some) for some in (*by_day, findings) for kind in kinds), len(findings)]


def _days_of(binder: Binder) -> list[Days]:
    """The columns of the matrix: each day on site, and where there is anything, what was heard before and after."""
    challenge = binder.challenge
    many = (challenge.last_day - challenge.first_day).days + 1
    on_site = [challenge.first_day + timedelta(days=passed) for passed in range(many)]
    days = [(f"{day:%a} {day.day} {day:%b}", frozenset({day})) for day in on_site]
    before = frozenset(one.day for one in binder.findings if one.day < challenge.first_day)
    after = frozenset(one.day for one in binder.findings if one.day > challenge.last_day)
    return [*([("Before", before)] if before else []), *days, *([("After", after)] if after else [])]


def _plural(kind: Kind | None, framework: Framework) -> str:
    words = {Kind.STRENGTH: framework.words.strength_plural, Kind.IMPROVEMENT: framework.words.improvement_plural}
    return words[kind] if kind else "unmarked"


# ---------------------------------------------------------------- sessions and summaries


def sessions_sheet(binder: Binder) -> Sheet:
    columns = (
        Column("Day", 16), Column("Planned", 9), Column("Time", 9), Column("What became of it", 20),
        Column("Posted", 22), Column("Findings new at it", 12), Column("After no.", 9), Column("Up to no.", 9),
    )  # fmt: skip
    rows = [_session_row(session, binder.findings) for session in binder.sessions]
    return Sheet("Sessions", "Peer team sessions", columns, rows)


def _session_row(session: Session, findings: Sequence[Finding]) -> tuple[Cell, ...]:
    when = (session.day, session.planned, session.time, STATES[session.state])
    if session.state is not SessionState.POSTED:
        return (*when, None, None, None, None)
    new = sum(session.after_number < one.number <= session.up_to_number for one in findings)
    return (*when, session.posted_at, new, session.after_number, session.up_to_number)


def summaries_sheet(binder: Binder) -> Sheet:
    """The lines of every version that was approved, in the manager's wording, exactly as approved."""
    columns = (
        Column("Day", 16), Column("Version", 8), Column("Approved", 22), Column("By", 8), Column("Theme", 28),
        Column("Kind", 16), Column("Findings", 9), Column("Kinds of source", 26), Column("Wording", 70),
    )  # fmt: skip
    approved = [summary for summary in binder.summaries if summary.state is SummaryState.APPROVED]
    rows = [row for summary in approved for row in _summary_rows(summary, binder)]
    note = "Approved versions only. Observations are emerging, informal and not all triangulated."
    return Sheet("Summaries", "Summaries for the catch-up", columns, rows, note=note)


def _summary_rows(summary: Summary, binder: Binder) -> Iterator[tuple[Cell, ...]]:
    by = binder.initials.get(summary.made_by, "") if summary.made_by else ""
    head: tuple[Cell, ...] = (summary.day, summary.version, summary.made_at, by)
    if summary.note or not summary.lines:
        yield (*head, "Note", "", None, "", summary.note or "(no lines)")
    for line in summary.lines:
        kind = _kind_in_words(line.kind, binder.framework)
        yield (*head, line.theme or UNSORTED, kind, line.count, line.sources, line.wording)


# ---------------------------------------------------------------- check-ins and note destruction


def check_ins_sheet(binder: Binder) -> Sheet:
    """One row for each answer, and one for each person on the team who has given none."""
    columns = (
        Column("Check-in", 24), Column("Sent", 22), Column("Answer by", 22), Column("Name", 22), Column("Initials", 8),
        Column("Answered", 22), Column("Question", 44), Column("Answer", 50), Column("Call", 22),
        Column("Call agreed", 9),
    )  # fmt: skip
    rows = [
        row
        for check_in, replies in binder.check_ins
        for member in binder.team
        for row in _check_in_rows(check_in, member, replies.get(member.id))
    ]
    return Sheet("Check-ins", "Check-ins before the visit", columns, rows)


def _check_in_rows(check_in: CheckIn, member: Member, reply: CheckInReply | None) -> Iterator[tuple[Cell, ...]]:
    head: tuple[Cell, ...] = (check_in.title, check_in.sent_at, check_in.by, member.name, member.initials)
    if reply is None or reply.answered_at is None:
        if member.role is not Role.CHALLENGE_MANAGER and member.removed_at is None:
            yield (*head, None, "", "(not answered)", reply.call_at if reply else None, "")
        return
    call: tuple[Cell, ...] = (reply.call_at, "yes" if reply.call_agreed_at else "")
    for question in dict.fromkeys((*check_in.questions, *questions_answered(check_in, reply))):
        yield (*head, reply.answered_at, question.text, reply.answers.get(question.key, ""), *call)


def register_sheet(binder: Binder) -> Sheet:
    """Who has destroyed what, item by item; empty until the report is signed off."""
    columns = (
        Column("Name", 24), Column("Initials", 8), Column("Item", 50), Column("Asked", 22), Column("Confirmed", 22),
        Column("What they said", 18),
    )  # fmt: skip
    items = {item.key: item.text for item in binder.framework.destruction}
    members = {member.id: member for member in binder.team}
    rows = [
        (members[one.member_id].name, members[one.member_id].initials, items.get(one.item, one.item), one.asked_at,
         one.confirmed_at, _said(one))
        for one in sorted(binder.destroyed, key=lambda one: (members[one.member_id].name, list(items).index(one.item)))
    ]  # fmt: skip
    note = "" if rows else "The report is not signed off yet, so nobody has been asked."
    return Sheet("Notes destroyed", "Register of note destruction", columns, rows, note=note)


def _said(item: NoteDestruction) -> str:
    if item.confirmed_at is None:
        return "not yet confirmed"
    return "held none" if item.none_held else "destroyed"
