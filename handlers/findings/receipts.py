"""The receipt: one line for each finding that was saved, and the buttons that put it right with one tap.

It stands in direct messages and under messages in the team channel, and is drawn afresh whenever a finding changes.
It never repeats a finding, so that it can stand on a lock screen.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.chat import Button, Buttons, Card, Element, note, quote, text
from handlers.desk import Desk
from handlers.findings.division import LONG, can_be_split
from handlers.findings.reading import nearest_themes, speaks_of_safeguarding, unknown_tags
from handlers.findings.recording import FLAG, PROCEDURE
from handlers.findings.rules import current_of, describe, taken_back_last
from handlers.findings.suggesting import likeliest, offer
from handlers.frameworks.rules import Words
from storage.records import (
    Challenge,
    Finding,
    Intent,
    MemberId,
    Receipt,
    ReceiptId,
    SourceMessage,
    Theme,
)

REMEMBERED = 12  # a peer's latest findings, whose themes break ties among the suggestions


@dataclass(frozen=True, slots=True)
class _Told:
    """What a receipt tells of, read afresh."""

    receipt: Receipt
    challenge: Challenge
    words: Words
    findings: Sequence[Finding]
    messages: Sequence[SourceMessage]
    themes: Sequence[Theme]
    initials: Mapping[MemberId, str]

    @property
    def standing(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.withdrawn_at is None]


async def build_receipt(desk: Desk, intent: Intent) -> Card:
    """ "#41 saved · Vision · strength", a line for each finding, and its buttons."""
    told = await _told(desk, await desk.uow.receipts.get(ReceiptId(intent.record)))
    if not told.findings:
        return _practice_invitation()
    lines = [_line(told, finding) for finding in told.findings]
    several = await _has_several_walls(desk, told.receipt)
    wall = (note(f"On the wall of {told.challenge.host}."),) if several and not told.receipt.practice else ()
    seldom = tuple(_seldom(told, movable=several))
    elements: tuple[Element, ...] = (
        text("\n".join(lines)),
        *wall,
        *_remarks(told),
        *await _buttons(desk, told),
        *([Buttons(seldom)] if seldom else []),
    )
    return Card("; ".join(lines), elements)


async def _told(desk: Desk, receipt: Receipt) -> _Told:
    challenge = await desk.uow.challenges.get(receipt.challenge_id)
    return _Told(
        receipt,
        challenge,
        desk.house.framework_of(challenge).words,
        await desk.uow.findings.of_receipt(receipt.id, sensitive_too=True),
        await desk.uow.messages.of_receipt(receipt.id),
        await desk.uow.themes.of_challenge(challenge.id),
        await desk.uow.members.initials_of(challenge.id),
    )


def _practice_invitation() -> Card:
    return Card(
        "Ready for a practice finding",
        (
            text("Ready. Type anything as if you had just heard it, for example:"),
            quote("Frontline staff describe the vision in their own words #vision (focus group, frontline staff)"),
            note(
                "Your next message here, within ten minutes, is practice: nobody sees it and it is never on the wall."
            ),
        ),
    )


def _line(told: _Told, finding: Finding) -> str:
    """One finding in one line, without a word of it."""
    if finding.withdrawn_at:
        return f"{_name(finding)} withdrawn"
    other = f" for {told.initials[finding.author_id]}" if finding.author_id != finding.logged_by else ""
    return " · ".join([f"{_name(finding)} saved{other}", *describe(finding, told.themes, told.words)])


def _name(finding: Finding) -> str:
    return f"Practice {finding.number}" if finding.practice else f"#{finding.number}"


def _remarks(told: _Told) -> Iterator[Element]:
    """What else a peer should know: a tag that is no theme, a very long text, a day after the visit, practice."""
    for tag in dict.fromkeys(tag for finding in told.standing for tag in unknown_tags(finding.text, told.themes)):
        yield note(f"There is no theme called #{tag}. Choose one below, or type “themes” to see them all.")
    for finding in told.standing:
        if len(finding.text) > LONG:
            yield note(f"#{finding.number} is long: {len(finding.text):,} characters, all of them kept.")
    if any(finding.day > told.challenge.last_day for finding in told.standing):
        yield note("Heard after the visit: it is on the wall under its own day.")
    yield from _sensitive_remarks(told)
    if told.receipt.practice and told.standing:
        yield note("This was practice: nobody sees it, and it never reaches the wall.")


def _sensitive_remarks(told: _Told) -> Iterator[Element]:
    """What becomes of a sensitive finding, and that nobody is protected by having typed it here."""
    kept_back = [_name(finding) for finding in told.standing if finding.sensitive]
    if not kept_back:
        return
    if told.receipt.practice:
        yield note("In earnest the challenge manager would be told now. This was practice, so nobody was.")
        return
    is_alone = len(kept_back) == 1
    yield text(
        f"{' and '.join(kept_back)} {'is' if is_alone else 'are'} with the challenge manager, and with nobody else: on "
        "no wall and in no count."
    )
    if told.receipt.conversation:
        yield note("Everybody here can read your message. Delete it: the challenge manager keeps what it said.")
    yield note(PROCEDURE)


async def _buttons(desk: Desk, told: _Told) -> list[Element]:
    """Themes, More and Undo: with several findings for the first that has no theme yet, and the row says which."""
    current = current_of(told.findings)
    if not told.standing:
        back = " ".join(finding.id for finding in taken_back_last(told.findings))
        return [Buttons((Button("Put back", "findings.put_back", back),))] if back else []
    several = len(told.standing) > 1
    ids = " ".join(finding.id for finding in told.standing)
    more = Button("More", "findings.more", ids, opens="findings.which" if several else "findings.edit")
    themes = await _theme_buttons(desk, told, current) if current else []
    row = Buttons((*themes, more, _undo(told.standing)))
    return [note(f"Theme for {_name(current)}:"), row] if several and current else [row]


async def _theme_buttons(desk: Desk, told: _Told, finding: Finding) -> list[Button]:
    """Up to three themes: the likeliest, and those it has (pressing takes them off). A guess is offered, never set."""
    framework = desk.house.framework_of(told.challenge)
    prompts = {outline.key: " ".join(outline.prompts) for outline in framework.themes}
    used = Counter(await desk.uow.findings.themes_lately(finding, REMEMBERED))
    guessed = likeliest(finding.text, told.themes, prompts, used)
    meant = [near for tag in unknown_tags(finding.text, told.themes) for near in nearest_themes(tag, told.themes)]
    ranked = list(dict.fromkeys([*meant, *guessed]))
    chosen = [theme.id for theme in told.themes if theme.id in finding.theme_ids]
    shorts = {theme.id: theme.short for theme in told.themes}
    buttons = []
    for theme_id in offer(ranked, chosen):
        has = theme_id in chosen
        value = f"{finding.id} {theme_id} {'off' if has else 'on'}"
        buttons.append(Button(f"✓ {shorts[theme_id]}" if has else shorts[theme_id], "findings.theme", value))
    return buttons


def _undo(standing: Sequence[Finding]) -> Button:
    """Undo takes back what the newest message said, all of it."""
    newest = [finding for finding in standing if finding.message_id == standing[-1].message_id]
    label = "Undo"
    if len(newest) < len(standing):
        last = f" to {newest[-1].number}" if len(newest) > 1 else ""
        label = f"Undo {_name(newest[0])}{last}"
    return Button(label, "findings.withdraw", " ".join(finding.id for finding in newest))


def _seldom(told: _Told, *, movable: bool) -> Iterator[Button]:
    """What is wanted now and then: together, apart, on the other wall, on the wall at all."""
    newest = told.messages[-1] if told.messages else None
    parts = [finding for finding in told.standing if newest and finding.message_id == newest.id]
    if newest and len(parts) > 1:
        yield Button("Keep as one", "findings.keep_as_one", newest.id)
    longest = max((finding.text for finding in parts), key=len, default="")  # the one that Split divides
    if newest and can_be_split(longest, kept_as_one=newest.kept_as_one):
        yield Button("Split", "findings.split", newest.id)
    for finding in told.standing:
        if not finding.sensitive and not finding.practice and speaks_of_safeguarding(finding.text):
            yield Button(f"Mark {_name(finding)} sensitive", FLAG, finding.id)
    if told.standing and told.receipt.practice:
        yield Button("Put it on the wall", "findings.for_real", told.receipt.id)
    elif told.standing and movable:
        yield Button("Move", "findings.move", told.receipt.id, opens="findings.move")


async def _has_several_walls(desk: Desk, receipt: Receipt) -> bool:
    member = await desk.uow.members.get(receipt.member_id)
    seats = await desk.uow.members.of_person(member.person_id)
    live = [seat for seat in seats if (await desk.uow.challenges.get(seat.challenge_id)).ended_at is None]
    return len(live) > 1
