"""Everything that a challenge holds in words, with where it stands: what a person's request is searched in.

One challenge is opened, in memory, for as long as the search lasts. A record that cannot be read is not in it.
"""

from collections.abc import Mapping, Sequence

from handlers.checkins.rules import questions_answered
from handlers.dates import day_in_words
from handlers.desk import Desk
from handlers.requests.rules import Held, Kind
from storage.records import Challenge, CheckIn, CheckInReply, Finding, Member, MemberId, Summary


async def everything_held(desk: Desk, challenge: Challenge) -> list[Held]:
    """Findings (practice, withdrawn and sensitive too), check-in answers, summaries, flip charts, the team."""
    uow = desk.uow
    team = await uow.members.of_challenge(challenge.id, with_removed=True)
    initials = {member.id: member.initials for member in team}
    check_ins = await uow.checkins.of_challenge(challenge.id)
    return [
        *(_finding(one, initials) for one in await uow.findings.every_one_of(challenge.id)),
        *[held for one in check_ins for held in _answers(one, await uow.checkins.replies(one.id), initials)],
        *(_summary(one) for one in await uow.summaries.of_challenge(challenge.id)),
        *(
            Held(Kind.THEME, theme.id, f"A flip chart, number {theme.position + 1}", (theme.title, theme.short))
            for theme in await uow.themes.of_challenge(challenge.id)
        ),
        *_team(team),
    ]


def _finding(finding: Finding, initials: Mapping[MemberId, str]) -> Held:
    name = f"Practice {finding.number}" if finding.practice else f"#{finding.number}"
    marks = [
        *(["sensitive"] if finding.sensitive else []),
        *(["withdrawn"] if finding.withdrawn_at is not None else []),
    ]
    place = ", ".join([name, *marks, f"heard {day_in_words(finding.day)}", f"by {initials[finding.author_id]}"])
    return Held(Kind.FINDING, finding.id, place, (finding.text, finding.source))


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


def _summary(summary: Summary) -> Held:
    place = f"Summary of {day_in_words(summary.day)}, version {summary.version}, {summary.state}"
    return Held(Kind.SUMMARY, summary.id, place, (summary.note, *(line.wording for line in summary.lines)))


def _team(team: Sequence[Member]) -> Sequence[Held]:
    return [Held(Kind.MEMBER, member.id, f"On the team, as {member.initials}", (member.name,)) for member in team]
