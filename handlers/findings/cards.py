"""What people see when they look findings up (one, whole, or a list), and the question that is asked before the visit.

A notification says numbers and themes, never a finding or a name.
"""

from collections.abc import Sequence
from datetime import date

from handlers.access import seats_of_person
from handlers.chat import Button, Buttons, ButtonStyle, Card, Fields, Text, bold, note, quote, text
from handlers.desk import Desk
from handlers.findings.asking import PAGE, Asked, Asker, answers, read_question, title_of
from handlers.findings.recording import clear_button
from handlers.findings.rules import NotOnTheWall, check_seen, describe, may_change
from handlers.text import shorten
from storage.records import AsideId, Finding, FindingId, Intent, Member, MemberId, Role

FIRST_WORDS = 120  # characters of a finding that a list shows


async def build_before_visit(desk: Desk, intent: Intent) -> Card:
    """Asked once; then it says how it ended. Other capabilities may offer what else the words can be."""
    ends = {
        "logged": "Logged as pre-reading. From now on I log what you type before the visit.",
        "answered": "Taken as your answer to the check-in.",
        "left": "Not logged.",
    }
    outcome = intent.params.get("outcome", "")
    if outcome:
        return Card(ends[outcome], (text(ends[outcome]),))
    question = "The visit has not begun. Is that a finding from the pre-reading?"
    buttons = (
        Button("Pre-reading, document", "findings.pre_reading", intent.record, ButtonStyle.PRIMARY),
        *await _other_offers(desk, AsideId(intent.record)),
        Button("Not a finding", "findings.leave_aside", intent.record),
    )
    return Card(question, (text(question), Buttons(buttons)))


async def _other_offers(desk: Desk, aside_id: AsideId) -> list[Button]:
    aside = await desk.uow.asides.get(aside_id)
    account = await desk.uow.accounts.get(aside.account_id)
    seats = await seats_of_person(desk, account.person_id) if account else []
    return [
        button for find in desk.house.registry.offers for seat in seats for button in await find(desk, seat, aside_id)
    ]


async def build_not_saved(_desk: Desk, intent: Intent) -> Card:
    """Why a line was not saved, and the line, so that nothing typed is lost."""
    why = intent.params["why"]
    return Card(why, (text(why), note("You typed:"), quote(intent.params["words"])))


async def build_one(desk: Desk, intent: Intent) -> Card | None:
    """One finding, whole, with what is known of it; no word of it to somebody who may not see it (any more)."""
    finding = await desk.uow.findings.get(FindingId(intent.record), sensitive_too=True)
    viewer = await desk.uow.members.get(MemberId(intent.params["viewer"]))
    try:
        check_seen(viewer, finding)
    except NotOnTheWall as refusal:
        return Card(str(refusal), (text(str(refusal)),))
    if finding.withdrawn_at:
        line = f"#{finding.number} is withdrawn."
        return Card(line, (text(line),))
    challenge = await desk.uow.challenges.get(finding.challenge_id)
    themes = await desk.uow.themes.of_challenge(challenge.id)
    described = " · ".join(describe(finding, themes, desk.house.framework_of(challenge).words))
    facts = _facts(finding, await _initials(desk, finding))
    edit = Button("Edit", "findings.more", finding.id, opens="findings.edit")
    undo = Button("Withdraw", "findings.withdraw", finding.id)
    clear = (clear_button(finding),) if finding.sensitive and viewer.role is Role.CHALLENGE_MANAGER else ()
    buttons = [Buttons((*clear, edit, undo))] if may_change(viewer, finding) else []
    title = text(bold(f"#{finding.number}"), f" · {described}")
    return Card(f"#{finding.number} · {described}", (title, _whole(finding), facts, *buttons))


async def _initials(desk: Desk, finding: Finding) -> str:
    author = (await desk.uow.members.get(finding.author_id)).initials
    if finding.logged_by == finding.author_id:
        return author
    return f"{author}, logged by {(await desk.uow.members.get(finding.logged_by)).initials}"


def _facts(finding: Finding, by: str) -> Fields:
    source = (("Source", finding.source),) if finding.source else ()
    return Fields((("Heard", _day(finding.day)), ("By", by), *source))


def _whole(finding: Finding) -> Text:
    return quote(finding.text if finding.readable else "This finding cannot be read: its record is damaged.")


async def build_list(desk: Desk, intent: Intent) -> Card:
    """A page of the findings that were asked for, newest first, each in a line or two."""
    viewer = await desk.uow.members.get(MemberId(intent.record))
    challenge = await desk.uow.challenges.get(viewer.challenge_id)
    team = await desk.uow.members.of_challenge(challenge.id, with_removed=True)
    themes = await desk.uow.themes.of_challenge(challenge.id)
    initials = {member.initials: member.id for member in team}
    asker = Asker(viewer.id, desk.local(challenge).date(), themes, initials)
    asked = read_question(intent.params.get("args", ""), asker)
    found = answers(await _within_reach(desk, viewer, asked), asked)
    title = title_of(asked, asker)
    if len(await seats_of_person(desk, viewer.person_id)) > 1:
        title = f"{challenge.host} · {title}"
    looked_for = f" with “{shorten(asked.words, 60)}”" if asked.words else ""
    if not found:
        return Card(f"{title}: none", (text(bold(title), f"{looked_for}: none yet."),))
    offset = int(intent.params.get("offset", "0"))
    page = found[offset : offset + PAGE]
    words = desk.house.framework_of(challenge).words
    by = {member.id: member.initials for member in team}
    lines = [_listed(one, " · ".join([*describe(one, themes, words), by[one.author_id]])) for one in page]
    count = f"{offset + 1} to {offset + len(page)} of {len(found)}" if len(found) > PAGE else f"{len(found)}"
    more = note("Type “finding” and a number to read one whole.")
    buttons = _list_buttons(intent, page, viewer, offset=offset, total=len(found))
    rows = [Buttons(buttons)] if buttons else []
    return Card(f"{title}: {len(found)}", (text(bold(title), f"{looked_for}: {count}"), *lines, more, *rows))


async def _within_reach(desk: Desk, viewer: Member, asked: Asked) -> list[Finding]:
    """The wall; with one's own, and where "sensitive" is asked for, what one may see of that too."""
    if not asked.sensitive and asked.author_id != viewer.id:
        return await desk.uow.findings.on_the_wall(viewer.challenge_id)
    whose = None if asked.sensitive and viewer.role is Role.CHALLENGE_MANAGER else viewer.id
    kept_back = await desk.uow.findings.sensitive_of(viewer.challenge_id, whose)
    return kept_back if asked.sensitive else [*await desk.uow.findings.on_the_wall(viewer.challenge_id), *kept_back]


def _listed(finding: Finding, described: str) -> Text:
    words = shorten(finding.text, FIRST_WORDS) if finding.readable else "(cannot be read)"
    return text(bold(f"#{finding.number}"), f" · {described}\n{words}")


def _list_buttons(
    intent: Intent, page: Sequence[Finding], viewer: Member, *, offset: int, total: int
) -> tuple[Button, ...]:
    again = f"{viewer.challenge_id} {intent.params.get('again') or intent.params.get('aside', '')}".strip()
    buttons = []
    if offset:
        buttons.append(Button("Newer", "findings.list", f"{max(offset - PAGE, 0)} {again}"))
    if offset + PAGE < total:
        buttons.append(Button("Older", "findings.list", f"{offset + PAGE} {again}"))
    own = [finding.id for finding in page if may_change(viewer, finding)]
    if own:
        opens = "findings.edit" if len(own) == 1 else "findings.which"
        buttons.append(Button("Edit one", "findings.more", " ".join(own), opens=opens))
    return tuple(buttons)


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
