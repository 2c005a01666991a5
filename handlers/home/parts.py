"""The parts of a home page that belong to no capability alone: each is drawn for one person on one challenge.

A part that has nothing to say is not there.
"""

from collections.abc import Sequence

from handlers.access import Seat, seats_of_person
from handlers.chat import Bullets, Button, Buttons, ButtonStyle, Element, Text, bold, text
from handlers.dates import day_in_words, has_catch_up
from handlers.desk import Desk
from handlers.findings.reading import Reader
from handlers.findings.rules import describe
from handlers.standing import what_comes_next, what_is_missing
from handlers.text import shorten
from storage.records import Finding

NEWEST = 5
FIRST_WORDS = 60  # characters of a finding
NEW_FINDING = "findings.new"  # the buttons and forms of other capabilities
AGREE, EXPORT, STATUS, TEAM_LIST = "team.agree", "reports.export", "team.status", "team.show"


async def build_asked(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    """What is asked of the person: to agree to the ground rules, and whatever other capabilities ask."""
    asked = list(_ground_rules(desk, seat))
    for build in desk.house.registry.asked:
        asked += await build(desk, seat)
    return (text(bold("Asked of you")), *asked) if asked else ()


def _ground_rules(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    if seat.is_manager or seat.member.agreed_at is not None:
        return ()
    rules = desk.house.framework_of(seat.challenge).ground_rules
    agree = Button("I agree", AGREE, seat.member.id, ButtonStyle.PRIMARY)
    return (text("Read the ground rules and say that you agree:"), Bullets(tuple(map(text, rules))), Buttons((agree,)))


async def build_missing(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    """What the challenge lacks, for its manager, who can also read that it lacks nothing."""
    return _under("Missing", await what_is_missing(desk, seat) or ("Nothing.",))


async def build_next(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    """The next things by the clock: the visit itself, today's catch-up, sessions."""
    challenge, now = seat.challenge, desk.local(seat.challenge)
    coming = list(await what_comes_next(desk, challenge))
    if now.date() < challenge.first_day:
        coming.insert(0, f"On site from {day_in_words(challenge.first_day)}")
    feedback = desk.house.framework_of(challenge).final_feedback_time
    if has_catch_up(challenge, now.date(), feedback) and now.time() < challenge.catch_up_time:
        coming.append(f"Catch-up: today at {challenge.catch_up_time:%H:%M}")
    if now.date() == challenge.last_day and now.time() < feedback:
        coming.append(f"Final feedback: today at {feedback:%H:%M}")
    return _under("Next", tuple(coming)) if coming else ()


async def build_findings(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    """How many the person has and their newest, so that they can see at a glance that nothing was lost."""
    challenge, me, today = seat.challenge, seat.member.id, desk.local(seat.challenge).date()
    count = desk.uow.findings.count
    mine = f"{await count(challenge.id, today, author_id=me)} today, {await count(challenge.id, author_id=me)} in all"
    team = f"{await count(challenge.id, today)} today, {await count(challenge.id)} in all"
    newest = await desk.uow.findings.latest_of(challenge.id, me, NEWEST)
    themes, words = await desk.uow.themes.of_challenge(challenge.id), desk.house.framework_of(challenge).words
    lines = [_line(one, " · ".join(describe(one, themes, words)), Reader(themes, words)) for one in newest]
    return (
        text(bold("Your findings"), f": {mine}\nThe whole team’s: {team}"),
        *([Bullets(tuple(lines))] if lines else []),
        *_kept_back(await desk.uow.findings.sensitive_of(challenge.id, None if seat.is_manager else me)),
        _finding_buttons(seat, any_yet=bool(newest)),
    )


def _line(finding: Finding, described: str, reader: Reader) -> Text:
    words = shorten(reader.without_marks(finding.text), FIRST_WORDS) if finding.readable else "(cannot be read)"
    return text(bold(f"#{finding.number}"), f" · {described}: {words}")


def _kept_back(findings: Sequence[Finding]) -> tuple[Element, ...]:
    """The numbers of sensitive findings, for those who may see them; their words are a press away."""
    if not findings:
        return ()
    numbers = ", ".join(f"#{one.number}" for one in findings)
    return (text(f"Sensitive, not on the wall: {numbers}. Type ", bold("findings sensitive"), " to read."),)


def _finding_buttons(seat: Seat, *, any_yet: bool) -> Buttons:
    new = Button("Log a finding", NEW_FINDING, opens=NEW_FINDING)
    every = Button("All my findings", "home.findings", seat.challenge.id)
    return Buttons((new, every) if any_yet else (new,))


async def build_acts(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    """What people do most, one press away. The summary is of the challenge that they are likeliest to mean."""
    challenge = seat.challenge.id
    acts = [Button("Status", STATUS, challenge), Button("Team", TEAM_LIST, challenge)]
    if seat == (await seats_of_person(desk, seat.member.person_id))[0]:
        acts.append(Button("Today’s summary", "home.summary", challenge))
    if seat.is_manager:
        acts.append(Button("Export the workbook", EXPORT, challenge))
    return (Buttons(tuple(acts)),)


def _under(title: str, sentences: tuple[str, ...]) -> tuple[Element, ...]:
    return (text(bold(title)), Bullets(tuple(map(text, sentences))))
