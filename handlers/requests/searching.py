"""Everything that a challenge holds in words, with where it stands: what a person's request is searched in.

One challenge is opened, in memory, for as long as the search lasts. A record that cannot be read is not in it.
"""

from collections.abc import Mapping, Sequence

from handlers.checkins.rules import questions_answered
from handlers.dates import day_in_words
from handlers.desk import Desk
from handlers.requests.rules import Held, Kind
from storage.errors import NotStored
from storage.records import (
    Challenge,
    CheckIn,
    CheckInReply,
    Extension,
    Finding,
    FindingId,
    Hold,
    Member,
    MemberId,
    ReplacedWords,
    Summary,
)


async def everything_held(desk: Desk, challenge: Challenge) -> list[Held]:
    """Findings (practice, withdrawn and sensitive too), check-ins and their answers, summaries, flip charts, the team,
    why it is on hold, kept for longer or to be destroyed, words that were not logged, and what findings and answers
    said before an edit under a hold."""
    uow = desk.uow
    team = await uow.members.of_challenge(challenge.id, with_removed=True)
    initials = {member.id: member.initials for member in team}
    check_ins = await uow.checkins.of_challenge(challenge.id)
    findings = await uow.findings.every_one_of(challenge.id)
    current = [
        *(_finding(one, initials) for one in findings),
        *(_questions(one) for one in check_ins),
        *[held for one in check_ins for held in _answers(one, await uow.checkins.replies(one.id), initials)],
        *(_summary(one) for one in await uow.summaries.of_challenge(challenge.id)),
        *(
            Held(Kind.THEME, theme.id, f"A flip chart, number {theme.position + 1}", (theme.title, theme.short))
            for theme in await uow.themes.of_challenge(challenge.id)
        ),
        *_team(team),
        *(_hold(one) for one in await uow.keeping.holds_of(challenge.id)),
        *(_extension(one) for one in await uow.keeping.extensions_of(challenge.id)),
        *await _destruction(desk, challenge),
        *await _asides(desk, challenge, team),
    ]
    return [*current, *_replaced(await uow.replaced.of_challenge(challenge.id), findings, current)]


def _finding(finding: Finding, initials: Mapping[MemberId, str]) -> Held:
    name = _name(finding)
    marks = [
        *(["sensitive"] if finding.sensitive else []),
        *(["withdrawn"] if finding.withdrawn_at is not None else []),
    ]
    place = ", ".join([name, *marks, f"heard {day_in_words(finding.day)}", f"by {initials[finding.author_id]}"])
    return Held(Kind.FINDING, finding.id, place, (finding.text, finding.source))


def _name(finding: Finding) -> str:
    return f"Practice {finding.number}" if finding.practice else f"#{finding.number}"


def _replaced(kept: Sequence[ReplacedWords], findings: Sequence[Finding], current: Sequence[Held]) -> Sequence[Held]:
    """What an edit under a hold has replaced, each wording once: from one version to the next it may be the
    theme alone that changed."""
    names = {finding.id: _name(finding) for finding in findings}
    seen = {words for one in current for words in one.texts}
    found = []
    for one in kept:
        new = tuple(words for words in one.texts if words not in seen)
        seen |= set(new)
        if new:
            what = names.get(FindingId(one.row), "A finding") if one.table == "findings" else "A check-in’s answer"
            place = f"{what}, as it was before an edit"
            found.append(Held(Kind.REPLACED, f"{one.row}/{one.version}/{one.column}", place, new))
    return found


def _answers(
    check_in: CheckIn, replies: Mapping[MemberId, CheckInReply], initials: Mapping[MemberId, str]
) -> Sequence[Held]:
    sent = day_in_words(check_in.sent_at.date())
    return [
        Held(
            Kind.ANSWER,
            f"{check_in.id}:{member_id}",
            f"Check-in of {sent}, {len(questions_answered(check_in, reply))} answers by {initials[member_id]}",
            (*reply.answers.values(), *reply.said.values()),
        )
        for member_id, reply in replies.items()
    ]


def _questions(check_in: CheckIn) -> Held:
    place = f"Check-in of {day_in_words(check_in.sent_at.date())}, its title and questions"
    texts = (part for one in check_in.questions for part in (one.text, one.hint, *one.options))
    return Held(Kind.QUESTIONS, check_in.id, place, (check_in.title, *texts))


def _summary(summary: Summary) -> Held:
    place = f"Summary of {day_in_words(summary.day)}, version {summary.version}, {summary.state}"
    return Held(Kind.SUMMARY, summary.id, place, (summary.note, *(line.wording for line in summary.lines)))


def _team(team: Sequence[Member]) -> Sequence[Held]:
    return [Held(Kind.MEMBER, member.id, f"On the team, as {member.initials}", (member.name,)) for member in team]


def _hold(hold: Hold) -> Held:
    place = f"Hold of {day_in_words(hold.placed_at.date())}, its reason"
    return Held(Kind.HOLD, hold.id, place, (hold.reason, hold.lifted_why))


def _extension(extension: Extension) -> Held:
    place = f"Kept for longer, until {day_in_words(extension.until)}, its reason"
    return Held(Kind.EXTENSION, extension.id, place, (extension.reason,))


async def _destruction(desk: Desk, challenge: Challenge) -> Sequence[Held]:
    try:
        asked = await desk.uow.disposals.get(challenge.id)
    except NotStored:
        return ()
    place = f"Destruction asked for on {day_in_words(asked.asked_at.date())}, its reason"
    return (Held(Kind.DESTRUCTION, challenge.id, place, (asked.reason,)),)


async def _asides(desk: Desk, challenge: Challenge, team: Sequence[Member]) -> Sequence[Held]:
    """What those on this team typed that was not logged. It belongs to no challenge: of somebody who is on several,
    only what was said in this one's channel counts as its."""
    channels = await desk.uow.channels.of_challenge(challenge.id)
    ours = {(channel.platform, channel.workspace, channel.conversation) for channel in channels}
    found = []
    for member in team:
        accounts = [account.id for account in await desk.uow.accounts.of_person(member.person_id)]
        is_elsewhere = len(await desk.uow.members.of_person(member.person_id)) > 1
        for aside in await desk.uow.asides.of_accounts(accounts):
            if not is_elsewhere or (aside.platform, aside.workspace, aside.conversation) in ours:
                day = day_in_words(aside.said_at.astimezone(challenge.tz).date())
                place = f"Typed by {member.initials} on {day} and not logged"
                found.append(Held(Kind.ASIDE, aside.id, place, (aside.text,)))
    return found
